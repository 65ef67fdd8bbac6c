package mahalla

import (
	"slices"
	"time"
)

// SittingStage is how far the minutes of a meeting have come.
type SittingStage string

// The stages.
const (
	SittingOpen     SittingStage = "open"     // the secretary writes down what happens
	SittingSent     SittingStage = "sent"     // whoever is to confirm the minutes has them
	SittingReturned SittingStage = "returned" // and wants something changed
	SittingOver     SittingStage = "over"     // confirmed, or the meeting was not held
)

// Sitting is what is written down of a meeting, from its beginning until its
// minutes are confirmed.
type Sitting struct {
	Meeting MeetingID
	At      time.Time // of the meeting: one that was moved begins anew
	Stage   SittingStage
	SentAt  time.Time
	SentTo  PersonID // who is to confirm
	Remark  string   // what is to be changed; sealed
	Nudges  int      // how often somebody silent was reminded
	WakeAt  time.Time
}

// When a silent secretary is reminded to write down what came of a meeting, and
// a silent chair to confirm the minutes: at this time of day, so many days after.
const nudgeClock = 10 * time.Hour

var (
	secretaryNudges = []int{1, 3, 6}
	chairNudges     = []int{1, 3}
)

// ChairSilent is after how many days without a word of the chair the secretary
// may confirm the minutes alone.
const ChairSilent = 7

// OpenSitting begins the sitting of a meeting.
func OpenSitting(m *Meeting, cal *Calendar) *Sitting {
	s := &Sitting{Meeting: m.ID, At: m.At, Stage: SittingOpen}
	s.sleep(secretaryNudges, m.At, m.At.Add(SittingLate), cal)
	return s
}

// sleep sets the next moment: the next reminder, or the end.
func (s *Sitting) sleep(days []int, from, end time.Time, cal *Calendar) {
	s.WakeAt = end
	if s.Nudges < len(days) {
		s.WakeAt = cal.midnight(from, days[s.Nudges]).Add(nudgeClock)
	}
}

// Write begins the wait for the secretary to send the minutes: the sitting is over.
func (s *Sitting) Write(cal *Calendar, now time.Time) {
	s.Nudges = 0
	s.sleep(secretaryNudges, now, time.Time{}, cal)
}

// Send brings the minutes to whoever is to confirm them.
func (s *Sitting) Send(to PersonID, cal *Calendar, now time.Time) {
	s.Stage, s.SentAt, s.SentTo, s.Remark, s.Nudges = SittingSent, now, to, "", 0
	s.sleep(chairNudges, now, cal.midnight(now, ChairSilent).Add(nudgeClock), cal)
}

// Return gives the minutes back to the secretary with a remark.
func (s *Sitting) Return(remark string, cal *Calendar, now time.Time) {
	s.Stage, s.Remark = SittingReturned, remark
	s.Write(cal, now)
}

// End is that nothing more is waited for.
func (s *Sitting) End() { s.Stage, s.WakeAt = SittingOver, time.Time{} }

// SittingNews is what falls due of a sitting.
type SittingNews string

// The news of a sitting; none is the zero value.
const (
	SittingUnwritten SittingNews = "unwritten" // the secretary is reminded
	SittingLapsed    SittingNews = "lapsed"    // nobody finished it: the meeting counts as not held
	SittingClosed    SittingNews = "closed"    // nobody finished it: it is finished as it stands
	SittingBroken    SittingNews = "broken"    // nobody finished it, and what is written is not enough
	SittingUnsigned  SittingNews = "unsigned"  // whoever is to confirm is reminded
	SittingAlone     SittingNews = "alone"     // the secretary may confirm alone
)

// Tick lets happen what is due of a sitting.
func (s *Sitting) Tick(m *Meeting, cal *Calendar, now time.Time) SittingNews {
	if s.WakeAt.IsZero() || now.Before(s.WakeAt) {
		return ""
	}
	s.Nudges++
	switch {
	case s.Stage == SittingOpen && m.Status == MeetingCalled:
		if !now.Before(m.At.Add(SittingLate)) {
			s.End()
			return SittingLapsed
		}
		s.sleepPast(secretaryNudges, m.At, m.At.Add(SittingLate), cal, now)
		return SittingUnwritten
	case s.Stage == SittingSent && m.Status == MeetingHeld:
		end := cal.midnight(s.SentAt, ChairSilent).Add(nudgeClock)
		if !now.Before(end) {
			s.WakeAt = time.Time{}
			return SittingAlone
		}
		s.sleepPast(chairNudges, s.SentAt, end, cal, now)
		return SittingUnsigned
	case (s.Stage == SittingReturned || s.Stage == SittingOpen) && m.Status == MeetingHeld:
		if s.sleepPast(secretaryNudges, s.since(m), time.Time{}, cal, now); s.Nudges >= len(secretaryNudges) {
			s.WakeAt = time.Time{}
		}
		return SittingUnwritten
	}
	s.WakeAt = time.Time{}
	return ""
}

// since is when the secretary's turn began.
func (s *Sitting) since(m *Meeting) time.Time {
	if s.Stage == SittingReturned {
		return s.SentAt
	}
	return m.HeldAt
}

// sleepPast is sleep without what an outage has made pass.
func (s *Sitting) sleepPast(days []int, from, end time.Time, cal *Calendar, now time.Time) {
	s.sleep(days, from, end, cal)
	for s.Nudges < len(days) && !s.WakeAt.After(now) {
		s.Nudges++
		s.sleep(days, from, end, cal)
	}
}

// Alone tells whether the chair has been silent for so long that the secretary
// may confirm alone.
func (s *Sitting) Alone(cal *Calendar, now time.Time) bool {
	return s.Stage == SittingSent && !now.Before(cal.midnight(s.SentAt, ChairSilent).Add(nudgeClock))
}

// MayConfirm tells whether a person may confirm the minutes: who was asked, and
// the secretary when that one is silent.
func (s *Sitting) MayConfirm(by Person, m *Meeting, cal *Calendar, now time.Time) error {
	switch {
	case !by.Over([]TerritoryID{m.Commission}, MayConvene, now):
		return Refuse(NotFound, "sitting_none")
	case m.Status == MeetingLocked:
		return Refuse(Conflict, "minutes_locked")
	case m.Status != MeetingHeld:
		return Refuse(Conflict, "minutes_unsent")
	case s.Stage == SittingOpen:
		return Refuse(Conflict, "minutes_send")
	case s.Stage == SittingReturned:
		return Refuse(Conflict, "minutes_returned")
	case by.ID != s.SentTo && !s.Alone(cal, now):
		return Refuse(Forbidden, "minutes_other", "by", id(s.SentTo))
	}
	return nil
}

// Correction is what was wrong in confirmed minutes.
type Correction struct {
	By    PersonID
	At    time.Time
	Words string // sealed
}

// MostCorrections bounds how many a meeting has.
const MostCorrections = 20

// Readers are those who are told of confirmed minutes and may have them: who sat there,
// and whoever leads or writes down, but nobody who is a side of one of its items, or who has
// another share, of which bears tells, in one that was heard.
func (m *Meeting) Readers(items []*Item, bears func(*Item, PersonID) bool) []PersonID {
	var list []PersonID
	for _, p := range m.Sitters() {
		shares := slices.ContainsFunc(items, func(i *Item) bool {
			h := m.Hearing(i.ID)
			return i.PartyOf(p.Person) != nil || h != nil && h.Outcome != "" && (p.InConflict(i.ID) || bears(i, p.Person))
		})
		if !shares && (p.Presence == Present || p.Seat == SeatChair || p.Seat == SeatSecretary) {
			list = append(list, p.Person)
		}
	}
	return list
}

// Does is who carries out a decision, as a side of the item that it is about may read it:
// never by name.
type Does string

// Who carries it out.
const (
	DoesReader Does = "you"
	DoesOther  Does = "other" // the other side
	DoesSeat   Does = "seat"  // somebody who sat there: by the seat
	DoesNamed  Does = "named" // anybody else: whom the minutes name
)

// DutyOf is who carries out the decision, for a side of its item.
func (d *Decision) DutyOf(reader PersonID, i *Item, m *Meeting) (Does, Seat) {
	if d.Person != 0 {
		if d.Person == reader {
			return DoesReader, ""
		}
		if i.PartyOf(d.Person) != nil {
			return DoesOther, ""
		}
		if p := m.Participant(d.Person); p != nil && p.Seat != SeatParty {
			return DoesSeat, p.Seat
		}
	}
	return DoesNamed, ""
}
