package casework

import (
	"strings"
	"time"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// Verbs of the buttons with which minutes are confirmed. Their subject is the
// meeting.
const (
	PressSend    = "msend"   // to whoever confirms
	PressSign    = "msign"   // confirms
	PressRemark  = "mremark" // asks what is to be changed
	PressCorrect = "mfix"    // asks what was wrong in confirmed minutes
	PressPaper   = "mpaper"  // sends the document
)

// Questions about minutes.
const (
	FlowRemark  = "mremark"
	FlowCorrect = "mfix"
)

// NoticePaper is the document of the minutes.
const NoticePaper mahalla.NoticeKind = "minutes"

// mostRemark bounds a remark and a correction, in UTF-16 units.
const mostRemark = 1000

// held reads a meeting that the person convenes, with what is written down of it,
// and holds both.
func (d *Desk) held(tx *storage.Tx, who *storage.Contact, id mahalla.MeetingID, now time.Time) (*mahalla.Meeting, *mahalla.Sitting, error) {
	m, err := d.lockConvened(tx, who, id, now)
	if err != nil {
		return nil, nil, err
	}
	s, err := tx.LockSitting(id)
	if err == nil && s == nil {
		err = mahalla.Refuse(mahalla.Conflict, "minutes_unsent")
	}
	return m, s, err
}

// SendMinutes brings the minutes to the chair, or where there is none to who sends
// them.
func (d *Desk) SendMinutes(tx *storage.Tx, who *storage.Contact, id mahalla.MeetingID, now time.Time) error {
	m, s, err := d.held(tx, who, id, now)
	if err != nil {
		return err
	}
	switch {
	case m.Status == mahalla.MeetingLocked:
		return mahalla.Refuse(mahalla.Conflict, "minutes_locked")
	case m.Status != mahalla.MeetingHeld:
		return mahalla.Refuse(mahalla.Conflict, "minutes_unsent")
	case s.Stage == mahalla.SittingSent:
		return mahalla.Refuse(mahalla.Conflict, "minutes_sent")
	}
	to, err := d.signer(tx, who, m, now)
	if err != nil {
		return err
	}
	s.Send(to, d.Calendar(), now)
	if err := tx.SaveSitting(s); err != nil {
		return err
	}
	if to != who.ID {
		err := d.about(tx, int64(m.ID), now, mahalla.Notice{Kind: NoticePaper, To: to, Lane: mahalla.LaneReminder},
			mahalla.Notice{Kind: CardHeld, To: to, Lane: mahalla.LaneReminder, Ring: true})
		if err != nil {
			return err
		}
	}
	return d.ShowHeld(tx, who, m, "", false, now)
}

// signer is who confirms the minutes: the chair within reach, one who was at the
// meeting before another; without one, who sends them.
func (d *Desk) signer(tx *storage.Tx, who *storage.Contact, m *mahalla.Meeting, now time.Time) (mahalla.PersonID, error) {
	office, err := d.office(tx, m.Commission, now)
	if err != nil {
		return 0, err
	}
	found, was := mahalla.PersonID(0), false
	for _, r := range office {
		if r.Role != mahalla.CommissionChair || r.Reach != mahalla.Reachable {
			continue
		}
		p := m.Participant(r.Person)
		if there := p != nil && p.Presence == mahalla.Present; found == 0 || there && !was {
			found, was = r.Person, there
		}
	}
	if found == 0 {
		found = who.ID
	}
	return found, nil
}

// SignMinutes confirms the minutes: they get their number, and nothing of them
// changes any more.
func (d *Desk) SignMinutes(tx *storage.Tx, who *storage.Contact, id mahalla.MeetingID, now time.Time) error {
	m, s, err := d.held(tx, who, id, now)
	if err != nil {
		return err
	}
	if err := s.MayConfirm(who.Person, m, d.Calendar(), now); err != nil {
		return err
	}
	s.End()
	if err := tx.SaveSitting(s); err != nil {
		return err
	}
	if err := tx.LockMinutes(m, who.ID, now); err != nil {
		return err
	}
	return d.tellPaper(tx, who, m, s, false, now)
}

// tellPaper brings the document to who confirmed the minutes and who wrote them, and
// their cards up to date. Who sat there is told that it may be had, and the sides what
// came of their items.
func (d *Desk) tellPaper(tx *storage.Tx, who *storage.Contact, m *mahalla.Meeting, s *mahalla.Sitting, corrected bool, now time.Time) error {
	clerk, err := d.clerk(tx, m, now)
	if err != nil {
		return err
	}
	told := map[mahalla.PersonID]bool{0: true}
	for _, to := range []mahalla.PersonID{who.ID, clerk, s.SentTo} {
		if told[to] {
			continue
		}
		told[to] = true
		err := d.about(tx, int64(m.ID), now, mahalla.Notice{Kind: CardHeld, To: to, Lane: mahalla.LaneAnswer},
			mahalla.Notice{Kind: NoticePaper, To: to, Lane: mahalla.LaneReminder, Ring: to != who.ID})
		if err != nil {
			return err
		}
	}
	return d.tellWritten(tx, m, told, corrected, now)
}

// ReturnMinutes gives the minutes back to the secretary with a remark.
func (d *Desk) ReturnMinutes(tx *storage.Tx, who *storage.Contact, id mahalla.MeetingID, words string, now time.Time) error {
	m, s, err := d.held(tx, who, id, now)
	if err != nil {
		return err
	}
	if err := s.MayConfirm(who.Person, m, d.Calendar(), now); err != nil {
		return err
	}
	if strings.TrimSpace(words) == "" {
		return mahalla.Refuse(mahalla.Invalid, "odd")
	}
	s.Return(locales.Cut(words, mostRemark), d.Calendar(), now)
	if err := tx.SaveSitting(s); err != nil {
		return err
	}
	clerk, err := d.clerk(tx, m, now)
	if err != nil {
		return err
	}
	if err := d.about(tx, int64(m.ID), now, mahalla.Notice{Kind: CardHeld, To: clerk, Lane: mahalla.LaneReminder, Ring: clerk != who.ID}); err != nil || clerk == who.ID {
		return err
	}
	return d.ShowHeld(tx, who, m, "", false, now)
}

// CorrectMinutes adds to confirmed minutes what was wrong in them.
func (d *Desk) CorrectMinutes(tx *storage.Tx, who *storage.Contact, id mahalla.MeetingID, words string, now time.Time) error {
	m, s, err := d.held(tx, who, id, now)
	if err != nil {
		return err
	}
	others, err := tx.Corrections(id)
	switch {
	case err != nil:
		return err
	case m.Status != mahalla.MeetingLocked:
		return mahalla.Refuse(mahalla.Conflict, "minutes_open")
	case len(others) >= mahalla.MostCorrections:
		return mahalla.Refuse(mahalla.TooMany, "minutes_corrections")
	case !mahalla.Tells(words):
		return mahalla.Refuse(mahalla.Invalid, "decision_short")
	}
	if err := tx.AddCorrection(id, mahalla.Correction{By: who.ID, At: now, Words: locales.Cut(words, mostRemark)}); err != nil {
		return err
	}
	return d.tellPaper(tx, who, m, s, true, now)
}

// SendPaper sends the person the document as it stands; who only sat there gets it once
// it is confirmed.
func (d *Desk) SendPaper(tx *storage.Tx, who *storage.Contact, id mahalla.MeetingID, now time.Time) error {
	m, err := tx.Meeting(id)
	if err != nil {
		return err
	}
	reads, err := d.readsMinutes(tx, who, m, now)
	if err != nil {
		return err
	}
	if !reads {
		if m, err = d.lockConvened(tx, who, id, now); err != nil {
			return err
		}
	}
	if m.Status != mahalla.MeetingHeld && m.Status != mahalla.MeetingLocked {
		return mahalla.Refuse(mahalla.Conflict, "minutes_unsent")
	}
	return d.Show(tx, who, mahalla.Notice{Kind: NoticePaper, Lane: mahalla.LaneAnswer}, mahalla.CaseID(m.ID), now)
}

// MayWrite reads a meeting of a commission that the person convenes.
func (d *Desk) MayWrite(tx *storage.Tx, who *storage.Contact, id mahalla.MeetingID, now time.Time) (*mahalla.Meeting, error) {
	return d.lockConvened(tx, who, id, now)
}

// MayRemark reads a meeting whose minutes the person may give back.
func (d *Desk) MayRemark(tx *storage.Tx, who *storage.Contact, id mahalla.MeetingID, now time.Time) (*mahalla.Meeting, error) {
	m, s, err := d.held(tx, who, id, now)
	if err != nil {
		return nil, err
	}
	return m, s.MayConfirm(who.Person, m, d.Calendar(), now)
}

// MinutesAct is what a typed word does with minutes.
type MinutesAct string

// The acts.
const (
	ActList    MinutesAct = "list" // of the decisions
	ActPaper   MinutesAct = "paper"
	ActSend    MinutesAct = "send"
	ActSign    MinutesAct = "sign"
	ActReturn  MinutesAct = "return"
	ActCorrect MinutesAct = "correct"
)

// MinutesWord finds what a word does with minutes, in any language.
func (d *Desk) MinutesWord(word string) (MinutesAct, bool) {
	for _, act := range []MinutesAct{ActList, ActPaper, ActSend, ActSign, ActReturn, ActCorrect} {
		if d.isWord("word.minutes."+string(act), word) {
			return act, true
		}
	}
	return "", false
}
