package mahalla

import (
	"slices"
	"time"
)

// LeastNotice is how long before a called meeting an item may still be put onto its
// agenda: its sides are asked by a neutral invitation only then, and need a day to
// arrange themselves, and the evening before to be reminded.
const LeastNotice = 24 * time.Hour

// MayAmend tells whether the agenda of a called meeting may still change: until it
// begins.
func (m *Meeting) MayAmend(now time.Time) error {
	if err := m.goesOn(now); err != nil {
		return err
	}
	if !now.Before(m.At) {
		return Refuse(Conflict, "meeting_begun")
	}
	return nil
}

// Room tells whether one more item may be put onto the agenda of a called meeting.
func (m *Meeting) Room(now time.Time) error {
	if err := m.MayAmend(now); err != nil {
		return err
	}
	switch {
	case m.At.Sub(now) < LeastNotice:
		return Refuse(Conflict, "meeting_add_late")
	case len(m.Agenda) >= MostAgenda:
		return Refuse(TooMany, "meeting_agenda_full")
	}
	return nil
}

// Add puts an item that is ready onto the agenda of a called meeting and asks its
// sides, which the caller schedules. It tells who is asked to the meeting only now.
// Nobody's answer changes: the time is the same. Who was to mediate in the own matter, or
// to write it down, comes as its side: another one is to be chosen.
func (m *Meeting) Add(i *Item, now time.Time) ([]PersonID, error) {
	if m.Hearing(i.ID) != nil {
		return nil, Refuse(Conflict, "meeting_item_on")
	}
	if err := m.Room(now); err != nil {
		return nil, err
	}
	if err := MayHearTogether(m, i); err != nil {
		return nil, err
	}
	if i.Commission != m.Commission || i.State != ItemReady {
		return nil, Refuse(Conflict, "meeting_item_gone")
	}
	m.Agenda, m.Emptied = append(slices.Clone(m.Agenda), Hearing{Item: i.ID}), false
	return m.ask(i), nil
}

// MayTakeOff tells whether an item may leave the agenda of a called meeting for
// another one. One of which something is written down already stays.
func (m *Meeting) MayTakeOff(item ItemID, now time.Time) error {
	if err := m.MayAmend(now); err != nil {
		return err
	}
	switch h := m.Hearing(item); {
	case h == nil:
		return Refuse(Conflict, "meeting_item_gone")
	case h.Outcome != "" || h.Note != "" || len(h.Came) > 0:
		return Refuse(Conflict, "meeting_item_noted")
	}
	return nil
}

// LateFor tells whether a moment is on a later day than one until which something should
// be; never where that is zero.
func LateFor(by, at time.Time, cal *Calendar) bool {
	return !by.IsZero() && cal.midnight(at, 0).After(cal.midnight(by, 0))
}
