package casework

import (
	"slices"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// MoveMeeting gives a called meeting another time: everybody is asked again, and
// reminded at other moments.
func (d *Desk) MoveMeeting(tx *storage.Tx, who *storage.Contact, id mahalla.MeetingID, at time.Time, sequence int, now time.Time) error {
	m, held, err := d.holdMeeting(tx, id)
	if err != nil {
		return err
	}
	if err := mayConvene(who, m.Commission, now); err != nil {
		return err
	}
	if sequence != mahalla.Anytime && sequence != m.Sequence {
		return mahalla.Refuse(mahalla.Conflict, "meeting_moved", "at", unix(m.At))
	}
	before := participants(m)
	if err := mayPutOff(tx, m); err != nil {
		return err
	}
	if err := d.mayMoveEmptied(tx, m, now); err != nil {
		return err
	}
	held = onlyOpen(m, held)
	if err := m.Move(who.ID, at, d.Calendar(), now); err != nil {
		return err
	}
	d.answered(who, FlowMeetingMove, id)
	if err := tx.SaveMeeting(m); err != nil {
		return err
	}
	if err := d.scheduleAll(tx, held, now); err != nil {
		return err
	}
	tx.CancelReminders(int64(m.ID), "moved")
	if err := d.regive(tx, int64(m.ID), true, now); err != nil {
		return err
	}
	if err := d.remindOf(tx, m, participants(m), now); err != nil {
		return err
	}
	if err := d.invite(tx, m, who.ID, now); err != nil {
		return err
	}
	if err := d.letGo(tx, m, before, now); err != nil { // a substitute who does not come
		return err
	}
	return d.sendCalendars(tx, m, now)
}

// MayMove tells whether a person may move a meeting now, and weighs the time.
func (d *Desk) MayMove(tx *storage.Tx, who *storage.Contact, m *mahalla.Meeting, at, now time.Time) error {
	if err := mayConvene(who, m.Commission, now); err != nil {
		return err
	}
	if err := d.mayMoveEmptied(tx, m, now); err != nil {
		return err
	}
	trial := *m
	trial.Participants = slices.Clone(m.Participants)
	return trial.Move(who.ID, at, d.Calendar(), now)
}

// CancelMeeting calls a meeting off. Those who sit are told why, the sides only
// that it is off; its items wait for another meeting.
func (d *Desk) CancelMeeting(tx *storage.Tx, who *storage.Contact, id mahalla.MeetingID, cause string, now time.Time) error {
	m, held, err := d.holdMeeting(tx, id)
	if err != nil {
		return err
	}
	if err := mayConvene(who, m.Commission, now); err != nil {
		return err
	}
	if d.frauds.Asks(cause) {
		return mahalla.Refuse(mahalla.Invalid, "meeting_words")
	}
	if err := mayPutOff(tx, m); err != nil {
		return err
	}
	if err := m.Cancel(cause, now); err != nil {
		return err
	}
	d.answered(who, FlowMeetingCancel, id)
	if err := tx.SaveMeeting(m); err != nil {
		return err
	}
	if err := d.unscheduleAll(tx, held, now); err != nil {
		return err
	}
	tx.CancelReminders(int64(m.ID), "cancelled")
	if err := d.regive(tx, int64(m.ID), true, now); err != nil {
		return err
	}
	notices, err := d.toManage(tx, m, false, mahalla.LaneAnswer, now)
	if err != nil {
		return err
	}
	for _, p := range m.Participants {
		off, err := partyOff(tx, m, &p)
		if err != nil {
			return err
		}
		if p.Person != who.ID && !off {
			notices = append(notices, mahalla.Notice{Kind: CardMeeting, To: p.Person, Lane: mahalla.LaneUrgent, Ring: true})
		}
	}
	if err := d.tellMeeting(tx, m.ID, now, notices...); err != nil {
		return err
	}
	return d.sendCalendars(tx, m, now)
}

// MayCancel tells whether a person may cancel a meeting now.
func (d *Desk) MayCancel(who *storage.Contact, m *mahalla.Meeting, now time.Time) error {
	if err := mayConvene(who, m.Commission, now); err != nil {
		return err
	}
	if !m.Open(now) {
		return mahalla.Refuse(mahalla.Conflict, "meeting_over")
	}
	return m.PutOff(false)
}
