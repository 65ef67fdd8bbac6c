package casework

import (
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// Beat lets the ladder of a case fall as far as it is due. A case that nobody
// waits for any more is only taken off the clock.
func (d *Desk) Beat(tx *storage.Tx, id mahalla.CaseID, now time.Time) error {
	c, err := tx.LockCase(id)
	if err != nil {
		return err
	}
	if next := c.NextBeat(); next.IsZero() || next.After(now) {
		d.tellClock(tx, c)
		return nil
	}
	ground, err := d.ground(tx, c.Place, now)
	if err != nil {
		return err
	}
	o := c.Escalate(ground, now)
	if err := d.mediaOf(tx, c, &o); err != nil {
		return err
	}
	return d.apply(tx, c, o, now)
}

// Unreachable records that Telegram refused a person's messages for good, and
// sends on every case that only this person knew of.
func (d *Desk) Unreachable(tx *storage.Tx, p mahalla.PersonID, now time.Time) error {
	tx.SetReach(p, mahalla.Blocked)
	ids, err := tx.HeldBy(p)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := d.undeliverable(tx, id, p, now); err != nil {
			return err
		}
	}
	return nil
}

func (d *Desk) undeliverable(tx *storage.Tx, id mahalla.CaseID, p mahalla.PersonID, now time.Time) error {
	c, err := tx.LockCase(id)
	if err != nil {
		return err
	}
	ground, err := d.ground(tx, c.Place, now)
	if err != nil {
		return err
	}
	o := c.Undeliverable(p, ground, now)
	if c.Owner == p {
		o = o.And(c.Release(d.policies, ground, now))
	}
	if err := d.mediaOf(tx, c, &o); err != nil {
		return err
	}
	return d.apply(tx, c, o, now)
}

// mediaOf names the groups of a case's media in the notices that show them.
func (d *Desk) mediaOf(tx *storage.Tx, c *mahalla.Case, o *mahalla.Outcome) error {
	for _, n := range o.Notices {
		if n.Kind == mahalla.NoticeMedia {
			reports, err := tx.Reports(c.ID)
			if err != nil {
				return err
			}
			o.Notices = withMedia(o.Notices, attachedGroups(reports))
			return nil
		}
	}
	return nil
}

// Back records that a person who had blocked the bot can be told things again,
// and brings the cards of their open cases up to date.
func (d *Desk) Back(tx *storage.Tx, who *storage.Contact, now time.Time) error {
	if who.Reach != mahalla.Blocked {
		return nil
	}
	return d.restore(tx, who, now)
}

// restore lets a person be told things from now on: the cases missed meanwhile
// come as new cards, the others are brought up to date.
func (d *Desk) restore(tx *storage.Tx, who *storage.Contact, now time.Time) error {
	tx.SetReach(who.ID, mahalla.Reachable)
	who.Reach = mahalla.Reachable
	missed, err := tx.MissedBy(who.ID)
	if err != nil {
		return err
	}
	for _, id := range missed {
		c, err := tx.LockCase(id)
		if err != nil {
			return err
		}
		o := c.Restore(who.ID)
		if err := d.mediaOf(tx, c, &o); err != nil {
			return err
		}
		if err := d.apply(tx, c, o, now); err != nil {
			return err
		}
	}
	return d.redraw(tx, who, now)
}

// Timer does what a case wanted to be woken for.
func (d *Desk) Timer(tx *storage.Tx, t storage.DueTimer, now time.Time) error {
	c, err := tx.LockCase(t.Case)
	if err != nil {
		return err
	}
	taken, err := tx.TakeTimer(t, now)
	if err != nil || !taken {
		return err
	}
	var o mahalla.Outcome
	if t.Kind == mahalla.TimerVerdict {
		o = c.Silence(now)
	}
	return d.apply(tx, c, o, now)
}
