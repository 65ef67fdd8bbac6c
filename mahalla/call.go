package mahalla

import (
	"slices"
	"time"
)

// MeetingStep is what is asked next of whoever puts a meeting together.
type MeetingStep string

// The steps of a draft, in order.
const (
	StepDay    MeetingStep = "day"
	StepClock  MeetingStep = "clock"
	StepPlace  MeetingStep = "place"
	StepAgenda MeetingStep = "agenda"
	StepPeople MeetingStep = "people"
	StepReady  MeetingStep = "ready" // nothing: it may be called
)

// MeetingSteps lists the steps in order.
func MeetingSteps() []MeetingStep {
	return []MeetingStep{StepDay, StepClock, StepPlace, StepAgenda, StepPeople, StepReady}
}

// Custom is what a commission does the same way each time.
type Custom struct {
	Quorum   Quorum
	Minutes  int // length of a meeting
	Place    string
	Language Language // of the minutes
}

// Bounds of a meeting.
const (
	DefaultMinutes = 60
	MostAhead      = 366 * 24 * time.Hour
	LeastAhead     = 30 * time.Minute
	MostAgenda     = 10             // items of one meeting
	MostPlace      = 120            // UTF-16 units of a place
	LongestMeeting = 11 * time.Hour // with the way to it
	travel         = 30 * time.Minute
	usualDays      = 3 // how many days are proposed, and how far off the first one is at least
)

// Seated is somebody who sits in a commission.
type Seated struct {
	Person PersonID
	Role   Role
	Reach  Reach
	Name   string
	Since  time.Time // when the latest of the person's roles there began
}

// SeatOf is as what a role sits.
func SeatOf(r Role) Seat {
	switch r {
	case CommissionChair:
		return SeatChair
	case CommissionSecretary:
		return SeatSecretary
	}
	return SeatMember
}

// NewMeeting begins a meeting of a commission in which some people sit.
func NewMeeting(number MeetingID, commission TerritoryID, by PersonID, custom Custom, sit []Seated, now time.Time) *Meeting {
	m := &Meeting{ID: number, Commission: commission, Status: MeetingDraft, Minutes: custom.Minutes, Language: custom.Language,
		Quorum: custom.Quorum.Of(len(sit)), MadeBy: by, MadeAt: now, Step: StepDay}
	for _, s := range sit {
		m.Participants = append(m.Participants, Participant{Person: s.Person, Seat: SeatOf(s.Role)})
	}
	return m
}

// Reseat brings who sits in a draft up to date: who does not sit any more goes.
func (m *Meeting) Reseat(sit []Seated, custom Custom) {
	if m.Quorum = 1; !m.Mediation {
		m.Quorum = custom.Quorum.Of(len(sit))
	}
	m.Participants = slices.DeleteFunc(m.Participants, func(p Participant) bool {
		return p.Seat.Counts() && !slices.ContainsFunc(sit, func(s Seated) bool { return s.Person == p.Person })
	})
}

// Editing refuses to change what is not a draft any more.
func (m *Meeting) Editing() error {
	switch m.Status {
	case MeetingDraft:
		return nil
	case MeetingCancelled:
		return Refuse(Conflict, "meeting_dropped")
	}
	return Refuse(Conflict, "meeting_called")
}

// Doubt is a reason to think again about the time of a meeting.
type Doubt string

// The doubts.
const (
	DoubtHoliday Doubt = "holiday" // nobody works on that day
	DoubtHours   Doubt = "hours"   // it is not within working time
	DoubtSoon    Doubt = "soon"    // less than a day is left
)

// WeighTime refuses a time at which no meeting can be, and lists what speaks
// against another one.
func WeighTime(at time.Time, minutes int, cal *Calendar, now time.Time) ([]Doubt, error) {
	end := at.Add(time.Duration(minutes) * time.Minute)
	switch {
	case !at.After(now):
		return nil, Refuse(Invalid, "meeting_past")
	case at.Before(now.Add(LeastAhead)):
		return nil, Refuse(Invalid, "meeting_soon")
	case at.Sub(now) > MostAhead:
		return nil, Refuse(Invalid, "meeting_far")
	case cal.IsQuiet(at) || cal.IsQuiet(end.Add(-time.Minute)):
		return nil, Refuse(Invalid, "meeting_night")
	}
	var list []Doubt
	switch {
	case !cal.WorkingDay(at):
		list = append(list, DoubtHoliday)
	case !cal.Working(at) || !cal.Working(end.Add(-time.Minute)):
		list = append(list, DoubtHours)
	}
	if at.Sub(now) < 24*time.Hour {
		list = append(list, DoubtSoon)
	}
	return list, nil
}

// UsualDays are the next days on which a commission would meet: those of the week
// on which it met last, or the working days that come, the first one some days off
// so that people can arrange themselves. Last is when it met or meets last, and zero
// when it has never met. Until by, where that is not zero, the first sitting of an item
// should be: those days come before others, wherever the calendar has any.
func UsualDays(last, by time.Time, cal *Calendar, now time.Time) []time.Time {
	usual := usualDaysAfter(last, cal, now)
	if by.IsZero() || len(usual) > 0 && !usual[len(usual)-1].After(by) {
		return usual
	}
	var list []time.Time
	for _, at := range usual {
		if !at.After(by) {
			list = append(list, at)
		}
	}
	for _, first := range []int{usualDays, 1} { // sooner only where there is no other way
		if first == 1 && len(list) > 0 {
			break
		}
		for day := first; len(list) < usualDays && !cal.midnight(now, day).After(by); day++ {
			at := cal.midnight(now, day)
			if cal.WorkingDay(at) && !slices.ContainsFunc(list, at.Equal) && (last.IsZero() || !at.Equal(cal.midnight(last, 0))) {
				list = append(list, at)
			}
		}
	}
	for _, at := range usual {
		if len(list) < usualDays && at.After(by) {
			list = append(list, at)
		}
	}
	slices.SortFunc(list, time.Time.Compare)
	return list
}

func usualDaysAfter(last time.Time, cal *Calendar, now time.Time) []time.Time {
	var list []time.Time
	for day := usualDays; len(list) < usualDays && day < horizon; day++ {
		at := cal.midnight(now, day)
		if !cal.WorkingDay(at) || !last.IsZero() && (at.Weekday() != last.In(cal.Zone).Weekday() || at.Equal(cal.midnight(last, 0))) {
			continue
		}
		list = append(list, at)
	}
	if len(list) == 0 && !last.IsZero() { // on that day of the week nobody works
		return usualDaysAfter(time.Time{}, cal, now)
	}
	return list
}

// SetDay gives a draft its day; a time that it has on another day stays.
func (m *Meeting) SetDay(day time.Time, cal *Calendar) {
	if m.At.IsZero() || m.Step == StepClock {
		m.At, m.Step = cal.midnight(day, 0), StepClock
		return
	}
	m.At = cal.midnight(day, 0).Add(m.At.Sub(cal.midnight(m.At, 0)))
}

// Toggle puts an item onto the agenda of a draft, or takes it off.
func (m *Meeting) Toggle(item *Item) error {
	if i := slices.IndexFunc(m.Agenda, func(h Hearing) bool { return h.Item == item.ID }); i >= 0 {
		m.Agenda = slices.Delete(m.Agenda, i, i+1)
		return nil
	}
	switch {
	case item.Commission != m.Commission || item.State != ItemReady:
		return Refuse(Conflict, "meeting_item_gone")
	case len(m.Agenda) >= MostAgenda:
		return Refuse(TooMany, "meeting_agenda_full")
	}
	if err := MayHearTogether(m, item); err != nil {
		return err
	}
	m.Agenda = append(m.Agenda, Hearing{Item: item.ID})
	return nil
}

// ToggleMember asks somebody who sits to a draft's meeting, or leaves that one
// out. Whoever puts it together comes.
func (m *Meeting) ToggleMember(s Seated) error {
	if s.Person == m.MadeBy {
		return Refuse(Invalid, "meeting_yourself")
	}
	if i := slices.IndexFunc(m.Participants, func(p Participant) bool { return p.Person == s.Person }); i >= 0 {
		m.Participants = slices.Delete(m.Participants, i, i+1)
		return nil
	}
	m.Participants = append(m.Participants, Participant{Person: s.Person, Seat: SeatOf(s.Role)})
	return nil
}

// Call sends the invitations of a draft. The sides of its items, which the caller
// schedules, are asked too. Who sits and is a side at once is asked to sit, and takes no part
// in that item. Whoever calls comes.
func (m *Meeting) Call(by PersonID, items []*Item, cal *Calendar, now time.Time) error {
	if err := m.Editing(); err != nil {
		return err
	}
	if m.At.IsZero() || m.Step == StepClock || m.Place == "" && m.Pin == "" {
		return Refuse(Invalid, "meeting_unready")
	}
	if _, err := WeighTime(m.At, m.Minutes, cal, now); err != nil {
		return err
	}
	if err := m.mayCall(items); err != nil {
		return err
	}
	if !m.Mediation && !slices.ContainsFunc(m.Participants, func(p Participant) bool { return p.Person != by && p.Seat.Counts() }) {
		return Refuse(Invalid, "meeting_alone")
	}
	for _, i := range items {
		if i.State != ItemReady {
			return Refuse(Conflict, "meeting_item_gone")
		}
		m.ask(i)
	}
	m.Status, m.Step, m.CalledAt = MeetingCalled, "", now
	m.comes(by, now)
	m.WakeAt = m.NextWake(cal, now)
	return nil
}

// ask asks the sides of an item, and tells who is asked only now. Who was to sit for a
// member and does not come, and who was to hear alone what is the own matter, comes as a
// side.
func (m *Meeting) ask(i *Item) []PersonID {
	var asked []PersonID
	for _, side := range i.Parties {
		p := m.Participant(side.Person)
		if side.Person == 0 || p != nil && !(p.Seat == SeatSubstitute && p.RSVP == RSVPNo || m.Mediation && p.Seat.Counts()) {
			continue
		}
		m.Participants = slices.DeleteFunc(m.Participants, func(p Participant) bool { return p.Person == side.Person })
		m.Participants = append(m.Participants, Participant{Person: side.Person, Seat: SeatParty, Item: i.ID, Side: side.Side, Sequence: m.Sequence})
		asked = append(asked, side.Person)
	}
	return asked
}

func (m *Meeting) comes(by PersonID, now time.Time) {
	if p := m.Participant(by); p != nil {
		p.RSVP, p.Sequence, p.AnsweredAt = RSVPYes, m.Sequence, now
	}
}

// Clashes tells whether nobody could come to both of two meetings: they overlap,
// or leave no time to go from one to the other.
func (m *Meeting) Clashes(other *Meeting) bool {
	return m.ID != other.ID && m.At.Before(other.End().Add(travel)) && other.At.Before(m.End().Add(travel))
}

// FitMinutes tells whether a meeting may be so long.
func FitMinutes(n int) bool { return n >= 15 && n <= 600 }
