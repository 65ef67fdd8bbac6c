package casework

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
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

// Unreachable records that Telegram refused a person's messages for good, sends
// on every case that only this person knew of, and marks the cases that the
// person reported: their news is kept for the return.
func (d *Desk) Unreachable(tx *storage.Tx, p mahalla.PersonID, now time.Time) error {
	first, err := tx.Lose(p, now)
	if err != nil {
		return err
	}
	if err := d.reachedParty(tx, p, now); err != nil {
		return err
	}
	ids, err := tx.HeldBy(p)
	if err != nil {
		return err
	}
	if first {
		reported, err := tx.ReportedBy(p, now)
		if err != nil {
			return err
		}
		ids = append(ids, reported...)
	}
	slices.Sort(ids) // the oldest is told of first
	held, err := hold(tx, ids...)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if c := held[id]; c.NamedReporter() == p {
			err = d.apply(tx, c, c.ReporterLost(now), now)
		} else {
			err = d.undeliverable(tx, c, p, now)
		}
		if err != nil {
			return err
		}
	}
	return d.lostToMeetings(tx, p, now)
}

// Refused hears of a message that Telegram takes in no way, or of the parts of an
// album that it does not take. A case whose card cannot be shown goes on to the
// next, a result is told again in plain words, and whoever misses a picture is
// told of it.
func (d *Desk) Refused(tx *storage.Tx, m storage.Message, parts []int, now time.Time) error {
	switch m.Kind {
	case mahalla.CardOfficer, mahalla.CardHead:
		c, err := tx.LockCase(m.Case)
		if err != nil || !m.Ring || c.Status != mahalla.New {
			return err
		}
		return d.undeliverable(tx, c, m.Person, now)
	case mahalla.CardResult:
		return d.refusedResult(tx, m, now)
	case mahalla.NoticeMedia, mahalla.NoticeEvidence:
		c, err := tx.Case(m.Case)
		if err != nil {
			return err
		}
		args := map[string]string{"key": "media.lost", "number": c.Number.String()}
		if len(parts) > 0 {
			args["key"], args["parts"] = "media.lost_parts", listed(parts)
		}
		to := storage.Recipient{Person: m.Person, Chat: m.Chat}
		return tx.Send(to, mahalla.Notice{Kind: NoticeSay, To: m.Person, Lane: m.Lane, Args: args}, m.Case, now, time.Time{})
	}
	return nil
}

// refusedResult keeps in the history that the reporter has not been shown the
// result, and shows it once more without what the officer wrote: everything else
// on the card is ours.
func (d *Desk) refusedResult(tx *storage.Tx, m storage.Message, now time.Time) error {
	c, err := tx.LockCase(m.Case)
	if err != nil || !m.Ring || !asks(m.Kind, c) {
		return err
	}
	err = tx.AddEvent(c.ID, mahalla.Event{Kind: mahalla.EventUnreachable, At: now, About: m.Person, Note: "refused"})
	if err != nil || m.Args[argPlain] != "" {
		return err
	}
	n := mahalla.Notice{Kind: m.Kind, To: m.Person, Round: c.Round, Lane: m.Lane, Ring: true, Args: map[string]string{argPlain: "yes", mahalla.ArgOpen: m.Args[mahalla.ArgOpen]}}
	return tx.Send(storage.Recipient{Person: m.Person, Chat: m.Chat}, n, c.ID, now, time.Time{})
}

// argPlain says on a result that it was refused as it was.
const argPlain = "plain"

// markup is what makes HTML of a text.
var markup = regexp.MustCompile("<[^>]*>")

// drawPlainResult is a result without markup and without the officer's words.
func (d *Desk) drawPlainResult(w *words, v storage.View) mahalla.Screen {
	v.Reports = nil
	s := d.drawResult(w, v)
	s.Text = markup.ReplaceAllString(s.Text, "")
	return s
}

// listed writes numbers as "3, 10".
func listed(numbers []int) string {
	var list []string
	for _, n := range numbers {
		list = append(list, strconv.Itoa(n))
	}
	return strings.Join(list, ", ")
}

// undeliverable sends on a case that its holder cannot be told of.
func (d *Desk) undeliverable(tx *storage.Tx, c *mahalla.Case, p mahalla.PersonID, now time.Time) error {
	ground, err := d.ground(tx, c.Place, now)
	if err != nil {
		return err
	}
	o := c.Undeliverable(p, ground, now)
	if c.Owner == p {
		o = o.And(c.Release(d.policies, ground, now))
	}
	if c.AskedToConfirm(p) {
		lost, err := d.toNextConfirmer(tx, c, func(g mahalla.Ground) mahalla.Outcome { return c.ConfirmerLost(g, now) }, now)
		if err != nil {
			return err
		}
		return d.apply(tx, c, o.And(lost), now)
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

// restore lets a person be told things from now on: the cases and results missed
// meanwhile come as new cards, the others are brought up to date.
func (d *Desk) restore(tx *storage.Tx, who *storage.Contact, now time.Time) error {
	since, err := tx.Regain(who.ID)
	if err != nil {
		return err
	}
	who.Reach = mahalla.Reachable
	if err := d.reachedParty(tx, who.ID, now); err != nil {
		return err
	}
	ids, err := tx.MissedBy(who.ID)
	if err != nil {
		return err
	}
	if !since.IsZero() {
		reported, err := tx.ReportedBy(who.ID, since)
		if err != nil {
			return err
		}
		ids = append(ids, reported...)
	}
	slices.Sort(ids) // the oldest is told of first
	held, err := hold(tx, ids...)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := d.catchUp(tx, held[id], who.ID, since, now); err != nil {
			return err
		}
	}
	shared, err := d.bringShared(tx, who, since, now)
	if err != nil {
		return err
	}
	ids = append(ids, shared...)
	if err := d.backAtMeetings(tx, who.ID, now); err != nil {
		return err
	}
	return d.redraw(tx, who, since, ids, now)
}

// catchUp tells somebody who is back what there is to know of one case.
func (d *Desk) catchUp(tx *storage.Tx, c *mahalla.Case, who mahalla.PersonID, since, now time.Time) error {
	o := c.Restore(who) // as an officer, which a reporter who is not named may be too
	if err := d.mediaOf(tx, c, &o); err != nil {
		return err
	}
	if c.Reporter != who {
		return d.apply(tx, c, o, now)
	}
	back := c.ReporterBack(since, now)
	reports, err := tx.Reports(c.ID)
	if err != nil {
		return err
	}
	back.Notices = evidenceFirst(back.Notices, evidence(reports))
	return d.apply(tx, c, o.And(back), now)
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
	o, err := d.due(tx, c, t.Kind, mahalla.Late(t.Due, now), now)
	if err != nil {
		return err
	}
	return d.apply(tx, c, o, now)
}
