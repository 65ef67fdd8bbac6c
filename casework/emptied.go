package casework

import (
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// emptied tells whether a meeting that was called has nothing left to hear: no item, and
// no decision to look at. It is to be called off, or to get another item.
func (d *Desk) emptied(tx *storage.Tx, m *mahalla.Meeting, now time.Time) (bool, error) {
	if !m.Emptied || !m.Open(now) || !now.Before(m.At) {
		return false, nil
	}
	overdue, err := d.toReview(tx, m, now)
	return overdue == 0, err
}

// mayMoveEmptied refuses to move a meeting that has nothing left to hear: nobody is asked
// anew to come for nothing.
func (d *Desk) mayMoveEmptied(tx *storage.Tx, m *mahalla.Meeting, now time.Time) error {
	emptied, err := d.emptied(tx, m, now)
	if err == nil && emptied {
		err = mahalla.Refuse(mahalla.Conflict, "meeting_empty")
	}
	return err
}

// MayAskMove tells whether a person may be asked to when a meeting is moved.
func (d *Desk) MayAskMove(tx *storage.Tx, who *storage.Contact, m *mahalla.Meeting, now time.Time) error {
	if err := d.MayCancel(who, m, now); err != nil {
		return err
	}
	return d.mayMoveEmptied(tx, m, now)
}

// askEmptied asks whoever manages such a meeting what becomes of it.
func (w *words) askEmptied(m *mahalla.Meeting, s *mahalla.Screen) {
	s.Text = lines(s.Text, w.say("convene.emptied"))
	off := meetingPress(m, PressMeetCancel, "", w.say("convene.cancel"), mahalla.Danger)
	if m.Room(w.now) != nil { // nothing can be put on any more
		s.Rows = [][]mahalla.Button{{off}}
		return
	}
	s.Rows = [][]mahalla.Button{{meetingPress(m, PressMeetAgenda, "", w.say("convene.put_on"), mahalla.Primary)}, {off}}
}
