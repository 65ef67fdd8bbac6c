package mahalla

import (
	"slices"
	"time"
)

// Move gives a called meeting another time. Everybody is asked again, but for who
// moves it; who had refused to come for a member is not. Who had come already to a
// sitting that has not enough was of the one that is not going to be; notes stay. One
// that sits, or has come to something, is finished and not moved.
func (m *Meeting) Move(by PersonID, at time.Time, cal *Calendar, now time.Time) error {
	if err := m.goesOn(now); err != nil {
		return err
	}
	if err := m.sits(now); err != nil {
		return err
	}
	if at.Equal(m.At) {
		return Refuse(Invalid, "meeting_same_time")
	}
	if _, err := WeighTime(at, m.Minutes, cal, now); err != nil {
		return err
	}
	m.MovedFrom, m.At = m.At, at
	m.NudgedAt = time.Time{}
	m.Sequence++
	m.Participants = slices.DeleteFunc(m.Participants, func(p Participant) bool { return p.Seat == SeatSubstitute && p.RSVP == RSVPNo })
	for i := range m.Participants {
		p := &m.Participants[i]
		p.RSVP, p.Proposed, p.AnsweredAt, p.Presence = "", time.Time{}, time.Time{}, ""
	}
	m.Agenda = slices.Clone(m.Agenda)
	for i := range m.Agenda {
		m.Agenda[i].Outcome, m.Agenda[i].Came = "", nil
	}
	m.comes(by, now)
	m.WakeAt = m.NextWake(cal, now)
	return nil
}

// Cancel calls a meeting off, for a cause that those who sit are told.
func (m *Meeting) Cancel(cause string, now time.Time) error {
	if err := m.goesOn(now); err != nil {
		return err
	}
	if err := m.PutOff(false); err != nil {
		return err
	}
	if !Tells(cause) {
		return Refuse(Invalid, "meeting_cause")
	}
	m.Status, m.CancelledAt, m.Cause, m.WakeAt = MeetingCancelled, now, cause, time.Time{}
	m.Sequence++
	return nil
}

// Drop throws a draft away.
func (m *Meeting) Drop(now time.Time) error {
	if err := m.Editing(); err != nil {
		return err
	}
	m.end(now)
	return nil
}

// MovedFor tells whether somebody has been asked to a meeting at another time before. A
// side that is asked since it was moved has heard of this one only.
func (m *Meeting) MovedFor(p *Participant) bool {
	return !m.MovedFrom.IsZero() && (p.Seat != SeatParty || p.RSVP != "" || p.Sequence < m.Sequence)
}

func (m *Meeting) end(now time.Time) {
	m.Status, m.Step, m.CancelledAt, m.WakeAt = MeetingCancelled, "", now, time.Time{}
}

// Past tells whether a meeting is the draft of a series whose time has come without
// anybody being called: the next date of the series has a draft of its own.
func (m *Meeting) Past(now time.Time) bool {
	return m.Status == MeetingDraft && m.Series != 0 && !m.At.IsZero() && !now.Before(m.At)
}

// Lapsed tells whether a draft ended by itself, since its time had come.
func (m *Meeting) Lapsed() bool {
	return m.Status == MeetingCancelled && m.CalledAt.IsZero() && m.Series != 0 && !m.At.IsZero() && !m.CancelledAt.Before(m.At)
}

// Leave takes an item off the agenda of a called meeting, and its sides with it,
// and tells who those were. Who is a side of one of the others, too, stays for that. An
// interest somebody has in it is remembered, in case it comes back.
func (m *Meeting) Leave(item ItemID, others ...*Item) []PersonID {
	m.Agenda = slices.DeleteFunc(m.Agenda, func(h Hearing) bool { return h.Item == item })
	m.Emptied = len(m.Agenda) == 0
	m.StayFor(item, others...)
	var gone []PersonID
	m.Participants = slices.DeleteFunc(m.Participants, func(p Participant) bool {
		if p.Item == item {
			gone = append(gone, p.Person)
		}
		return p.Item == item
	})
	return gone
}

// StayFor lets the sides of an item that is not to be heard come for one of the others
// of which they are a side, too.
func (m *Meeting) StayFor(item ItemID, others ...*Item) {
	for i := range m.Participants {
		if p := &m.Participants[i]; p.Seat == SeatParty && p.Item == item {
			p.stayFor(others)
		}
	}
}

// stayFor lets a side come for one of some items.
func (p *Participant) stayFor(items []*Item) {
	for _, i := range items {
		if side := i.PartyOf(p.Person); side != nil {
			p.Item, p.Side = i.ID, side.Side
			return
		}
	}
}

// eve is when it is looked whether enough will come: in the evening before.
const eve = 18 * time.Hour

// NextWake is when a called meeting wants attention after a moment: the evening
// before it, its beginning, its end; zero is never.
func (m *Meeting) NextWake(cal *Calendar, after time.Time) time.Time {
	if m.Status != MeetingCalled {
		return time.Time{}
	}
	for _, at := range []time.Time{cal.midnight(m.At, -1).Add(eve), m.At, m.End()} {
		if at.After(after) {
			return at
		}
	}
	return time.Time{}
}

// MeetingNews is what has come to pass for a meeting by itself.
type MeetingNews string

// The news of meetings.
const (
	MeetingQuiet    MeetingNews = ""          // nothing that anybody is told
	MeetingShort    MeetingNews = "short"     // the evening before, too few have said that they come
	MeetingBegins   MeetingNews = "begins"    // it is time
	MeetingEnds     MeetingNews = "ends"      // its time is over
	MeetingMissed   MeetingNews = "missed"    // it was over before the bot, which was away, could say anything
	MeetingForgot   MeetingNews = "forgotten" // a draft was left lying
	MeetingLapsed   MeetingNews = "lapsed"    // a draft of a series was never called, and its time has come
	forgottenAfter              = OfferAfter
	latestShortNews             = 2 * time.Hour // before the meeting: then nobody is found any more
)

// Tick lets happen what is due.
func (m *Meeting) Tick(cal *Calendar, now time.Time) MeetingNews {
	due := m.WakeAt
	if due.IsZero() || now.Before(due) {
		return MeetingQuiet
	}
	if m.Past(now) {
		m.end(now)
		return MeetingLapsed
	}
	if m.Status == MeetingDraft {
		m.WakeAt = time.Time{}
		if m.Series != 0 {
			m.WakeAt = m.At
		}
		return MeetingForgot
	}
	m.WakeAt = m.NextWake(cal, now)
	switch {
	case m.Status != MeetingCalled:
		return MeetingQuiet
	case !now.Before(m.End()) && due.Before(m.End()):
		m.MissedAt = now
		return MeetingMissed
	case !now.Before(m.End()):
		return MeetingEnds
	case !now.Before(m.At):
		return MeetingBegins
	case !m.Expected(0).Met() && now.Before(m.At.Add(-latestShortNews)):
		return MeetingShort
	}
	return MeetingQuiet
}

// Touch notes that somebody has worked on a draft, which is offered again when it
// is left lying.
func (m *Meeting) Touch(now time.Time) {
	if m.Status == MeetingDraft {
		m.WakeAt = now.Add(forgottenAfter)
	}
}
