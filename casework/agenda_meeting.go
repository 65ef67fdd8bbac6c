package casework

import (
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// schedule puts a ready item on the agenda of the meeting that was called with it,
// or moves it with that meeting. The caller holds the item's case, the meeting and
// the item, in this order, and has written the meeting.
func (d *Desk) schedule(tx *storage.Tx, item *mahalla.Item, now time.Time) error {
	c, err := tx.LockCase(item.Case)
	if err != nil {
		return err
	}
	m, err := tx.MeetingOfItem(item.ID)
	if err != nil {
		return err
	}
	var ends time.Time
	if m != nil && !m.At.IsZero() {
		ends = m.End()
	}
	o, err := item.Schedule(c, d.Reference().Categories[c.Category], ends, now)
	if err != nil {
		return err
	}
	return d.applyItem(tx, heldItem{item: item, c: c}, o, itemNews{}, now)
}

// unschedule takes an item off the agenda of a meeting that is cancelled or goes
// on without it: it is ready for another one. What is held is the same.
func (d *Desk) unschedule(tx *storage.Tx, item *mahalla.Item, cause string, now time.Time) error {
	c, err := tx.LockCase(item.Case)
	if err != nil {
		return err
	}
	o, err := item.Unschedule(c, cause, d.path(c.Place), now)
	if err != nil {
		return err
	}
	return d.applyItem(tx, heldItem{item: item, c: c}, o, itemNews{}, now)
}
