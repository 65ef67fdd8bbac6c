package casework

import (
	"strconv"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// linkSetting is the key of the setting that says for how many days after the
// end of a case it is still known, sealed, who reported it without being named.
const linkSetting = "anonymous_days"

// SetLinkKept sets it at a place and below it. It is never shorter than the case
// may be reopened.
func (d *Desk) SetLinkKept(tx *storage.Tx, place mahalla.TerritoryID, days int) error {
	if time.Duration(days)*24*time.Hour < mahalla.LeastLinkKept {
		return mahalla.Refuse(mahalla.Invalid, "link_days")
	}
	tx.PutSetting(storage.Setting{Territory: place, Key: linkSetting, Value: strconv.Itoa(days)})
	return nil
}

// LinkKept is what is set for a place; the nearest setting counts, and one that
// cannot be read counts as none.
func (d *Desk) LinkKept(place mahalla.TerritoryID) time.Duration {
	return d.daysKept(place, linkSetting, mahalla.LeastLinkKept, mahalla.LinkKept)
}

// MayUnlink lists cases whose link may be due to be dropped, after one.
func (d *Desk) MayUnlink(tx *storage.Tx, after mahalla.CaseID, most int, now time.Time) ([]mahalla.CaseID, error) {
	return tx.LinkedBefore(now.Add(-mahalla.LeastLinkKept), after, most)
}

// Unlink forgets who reported a case without being named, if its time is over.
// While somebody hears what the person says it is left for the next time.
func (d *Desk) Unlink(tx *storage.Tx, id mahalla.CaseID, now time.Time) error {
	c, err := tx.LockCase(id)
	if err != nil {
		return err
	}
	worked, err := Worked(tx, c)
	if err != nil {
		return err
	}
	if worked == c {
		worked = nil
	}
	reporter := c.Reporter
	o := c.Unlink(worked, d.LinkKept(c.Place), now)
	if len(o.Events) == 0 {
		return nil
	}
	who, err := tx.Contact(reporter)
	if err != nil {
		return err
	}
	if who != nil {
		if held, err := tx.HoldChat(who.Telegram); err != nil || !held {
			return err
		}
		if who, err = tx.Contact(reporter); err != nil { // what was said before the chat was held
			return err
		}
		who.Dialogue.Forget(id)
		if err := tx.SaveDialogue(who, now); err != nil {
			return err
		}
	}
	if err := tx.Unlink(id); err != nil {
		return err
	}
	return d.apply(tx, c, o, now)
}
