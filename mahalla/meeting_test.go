package mahalla

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"
)

var (
	// a Monday
	meetNow = time.Date(2026, 11, 23, 10, 0, 0, 0, tashkent)
)

func meetCalendar() *Calendar {
	return DefaultCalendar(tashkent, []Date{{2026, 12, 8}})
}

// sat is who sits in the commission of the tests: 1 is the chair, 2 the secretary.
func theSeated() []Seated {
	return []Seated{{Person: 1, Role: CommissionChair}, {Person: 2, Role: CommissionSecretary}, {Person: 3, Role: CommissionMember},
		{Person: 4, Role: CommissionMember}, {Person: 5, Role: CommissionMember}}
}

// calledMeeting is one of the secretary's, a week ahead, with two items whose sides
// are 11 and 12, and 13 and the member 5.
func calledMeeting(t *testing.T) *Meeting {
	t.Helper()
	m := NewMeeting(7, 100, 2, Custom{Quorum: QuorumHalf, Minutes: 60, Language: UzLatn}, theSeated(), meetNow)
	items := []*Item{
		{ID: 21, Commission: 100, State: ItemReady, Parties: []Party{{Side: 1, Person: 11}, {Side: 2, Person: 12}}},
		{ID: 22, Commission: 100, State: ItemReady, Parties: []Party{{Side: 1, Person: 13}, {Side: 2, Person: 5}}},
	}
	for _, i := range items {
		if err := m.Toggle(i); err != nil {
			t.Fatal(err)
		}
	}
	m.At, m.Place, m.Step = meetNow.AddDate(0, 0, 7), "x", StepReady
	if err := m.Call(2, items, meetCalendar(), meetNow); err != nil {
		t.Fatal(err)
	}
	return m
}

func reasonOf(err error) string {
	var refusal *Error
	if errors.As(err, &refusal) {
		return refusal.Reason
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

func TestHowManyMustCome(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule string
		sit  int
		want int
	}{
		{"half", 0, 1}, {"half", 1, 1}, {"half", 2, 2}, {"half", 3, 2}, {"half", 4, 3}, {"half", 5, 3}, {"half", 10, 6}, {"half", 11, 6},
		{"two_thirds", 0, 1}, {"two_thirds", 1, 1}, {"two_thirds", 3, 2}, {"two_thirds", 4, 3}, {"two_thirds", 5, 4}, {"two_thirds", 6, 4},
		{"4", 9, 4}, {"4", 3, 4},
	} {
		q, ok := ParseQuorum(c.rule)
		if got := q.Of(c.sit); !ok || got != c.want {
			t.Errorf("%s of %d: got %d, %v, want %d", c.rule, c.sit, got, ok, c.want)
		}
	}
	for _, bad := range []string{"", "0", "-1", "most", "1.5"} {
		if _, ok := ParseQuorum(bad); ok {
			t.Errorf("%q is a rule", bad)
		}
	}
}

func TestWhoCountsForTheQuorum(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(*Meeting)
		come   int            // for the meeting
		items  map[ItemID]int // for an item
		short  []ItemID
	}{
		{"whoever calls", func(*Meeting) {}, 1, map[ItemID]int{21: 1, 22: 1}, nil},
		{"sides do not", func(m *Meeting) { m.Participant(11).RSVP = RSVPYes }, 1, nil, nil},
		{"another time is no yes", func(m *Meeting) { m.Participant(3).RSVP = RSVPOther }, 1, nil, nil},
		{"three come", func(m *Meeting) { m.Participant(1).RSVP, m.Participant(3).RSVP = RSVPYes, RSVPYes }, 3, map[ItemID]int{21: 3}, nil},
		{"one of three is in conflict", func(m *Meeting) {
			m.Participant(1).RSVP, m.Participant(3).RSVP = RSVPYes, RSVPYes
			m.Participant(3).Conflicts = []ItemID{21}
		}, 3, map[ItemID]int{21: 2, 22: 3}, []ItemID{21}},
		{"a substitute who was only asked", func(m *Meeting) {
			m.Participants = append(m.Participants, Participant{Person: 6, Seat: SeatSubstitute, InFor: 3})
		}, 1, nil, nil},
		{"a substitute who comes", func(m *Meeting) {
			m.Participants = append(m.Participants, Participant{Person: 6, Seat: SeatSubstitute, InFor: 3, RSVP: RSVPYes})
		}, 2, nil, nil},
		{"not beside the member", func(m *Meeting) {
			m.Participant(3).RSVP = RSVPYes
			m.Participants = append(m.Participants, Participant{Person: 6, Seat: SeatSubstitute, InFor: 3, RSVP: RSVPYes})
		}, 2, nil, nil},
		{"but for the item in which the member is in conflict", func(m *Meeting) {
			m.Participant(3).RSVP, m.Participant(3).Conflicts = RSVPYes, []ItemID{21}
			m.Participants = append(m.Participants, Participant{Person: 6, Seat: SeatSubstitute, InFor: 3, RSVP: RSVPYes})
		}, 2, map[ItemID]int{21: 2}, nil},
	} {
		m := calledMeeting(t)
		c.change(m)
		got := m.Expected(0)
		if got.Come != c.come || got.Need != 3 || got.Sit != 5 || got.Met() != (c.come >= 3) {
			t.Errorf("%s: got %+v, want %d of 5, 3 needed", c.name, got, c.come)
		}
		for item, want := range c.items {
			if got := m.Expected(item).Come; got != want {
				t.Errorf("%s: item %d: got %d, want %d", c.name, item, got, want)
			}
		}
		if !slices.Equal(m.Short(), c.short) {
			t.Errorf("%s: short of %v, want %v", c.name, m.Short(), c.short)
		}
	}
}

// Presence is counted by the same rule.
func TestWhoIsThereCounts(t *testing.T) {
	t.Parallel()
	m := calledMeeting(t)
	for _, p := range []PersonID{1, 3, 4} {
		m.Participant(p).Presence = Present
	}
	m.Participant(2).Presence = Absent
	m.Participant(4).Conflicts = []ItemID{22}
	if got := m.Attended(0); got.Come != 3 || !got.Met() {
		t.Errorf("got %+v", got)
	}
	if got := m.Attended(22); got.Come != 2 || got.Met() {
		t.Errorf("for the item: got %+v", got)
	}
}

func TestWhoHasAShareInAnItem(t *testing.T) {
	t.Parallel()
	i := &Item{Parties: []Party{{Side: 1, Person: 11}, {Side: 2}}}
	c := &Case{Reporter: 21, Owner: 22}
	for p, want := range map[PersonID]bool{11: true, 21: true, 22: true, 3: false} {
		if got := i.Bears(c, p); got != want {
			t.Errorf("%d: got %v, want %v", p, got, want)
		}
	}
}

func TestTheTimeOfAMeetingIsWeighed(t *testing.T) {
	t.Parallel()
	at := func(month time.Month, day, hour, minute int) time.Time {
		return time.Date(2026, month, day, hour, minute, 0, 0, tashkent)
	}
	for _, c := range []struct {
		at      time.Time
		minutes int
		want    string // the refusal, or the doubts
	}{
		{at(11, 30, 10, 0), 60, "[]"},
		{at(11, 23, 9, 59), 60, "meeting_past"},
		{meetNow, 60, "meeting_past"},
		{at(11, 23, 10, 29), 60, "meeting_soon"},
		{at(11, 23, 10, 30), 60, "[soon]"},
		{at(11, 24, 10, 0), 60, "[]"},
		{at(11, 24, 9, 0), 60, "[soon]"},
		{at(11, 30, 22, 0), 60, "meeting_night"},
		{at(11, 30, 6, 59), 60, "meeting_night"},
		{at(11, 30, 21, 30), 60, "meeting_night"}, // its end is
		{at(11, 30, 20, 0), 60, "[hours]"},
		{at(11, 30, 12, 30), 60, "[hours]"}, // into the lunch break
		{at(11, 30, 17, 0), 60, "[]"},
		{at(11, 30, 17, 1), 60, "[hours]"},
		{at(11, 29, 10, 0), 60, "[holiday]"}, // a Sunday
		{at(12, 8, 10, 0), 60, "[holiday]"},
		{meetNow.AddDate(1, 0, 2), 60, "meeting_far"},
	} {
		doubts, err := WeighTime(c.at, c.minutes, meetCalendar(), meetNow)
		got := reasonOf(err)
		if err == nil {
			got = fmt.Sprint(doubts)
		}
		if got != c.want {
			t.Errorf("%s: got %s, want %s", c.at.Format("02.01 15:04"), got, c.want)
		}
	}
}

func TestTheUsualDays(t *testing.T) {
	t.Parallel()
	parse := func(day string) (at time.Time) {
		if day != "" {
			at, _ = time.ParseInLocation("2006-01-02", day, tashkent)
			at = at.Add(11 * time.Hour)
		}
		return at
	}
	for _, c := range []struct{ last, by, want string }{
		{"", "", "[26.11 27.11 28.11]"},
		{"2026-11-03", "", "[01.12 15.12 22.12]"}, // Tuesdays, but for the holiday
		{"2026-12-01", "", "[15.12 22.12 29.12]"}, // not the day on which it meets already
		{"2026-11-22", "", "[26.11 27.11 28.11]"}, // a Sunday: nobody works then
		// an item should be heard by a day
		{"", "2026-12-03", "[26.11 27.11 28.11]"},
		{"2026-11-03", "2026-12-03", "[26.11 27.11 01.12]"}, // one Tuesday is in time
		{"2026-12-01", "2026-12-03", "[26.11 27.11 28.11]"}, // none is
		{"2026-11-03", "2026-11-26", "[26.11 01.12 15.12]"}, // one day is left, and the usual ones
		{"2026-11-03", "2026-11-25", "[24.11 25.11 01.12]"}, // there is no other way than soon
		{"2026-11-03", "2026-11-23", "[01.12 15.12 22.12]"}, // today is too soon
		{"2026-11-03", "2026-11-20", "[01.12 15.12 22.12]"}, // it is over
	} {
		got := []string{}
		for _, d := range UsualDays(parse(c.last), parse(c.by), meetCalendar(), meetNow) {
			got = append(got, d.Format("02.01"))
		}
		if fmt.Sprint(got) != c.want {
			t.Errorf("after %q, by %q: got %v, want %s", c.last, c.by, got, c.want)
		}
	}
}

func TestWhatADraftNeedsBeforeItIsCalled(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*Meeting, []*Item){
		"":                  func(*Meeting, []*Item) {},
		"meeting_unready":   func(m *Meeting, _ []*Item) { m.Place = "" },
		"meeting_past":      func(m *Meeting, _ []*Item) { m.At = meetNow.Add(-time.Hour) },
		"meeting_night":     func(m *Meeting, _ []*Item) { m.At = time.Date(2026, 11, 30, 23, 0, 0, 0, tashkent) },
		"meeting_alone":     func(m *Meeting, _ []*Item) { m.Participants = m.Participants[1:2] },
		"meeting_item_gone": func(_ *Meeting, items []*Item) { items[0].State = ItemDropped },
		"meeting_called":    func(m *Meeting, _ []*Item) { m.Status = MeetingCalled },
		"meeting_dropped":   func(m *Meeting, _ []*Item) { m.Status = MeetingCancelled },
	} {
		m := NewMeeting(7, 100, 2, Custom{Quorum: QuorumHalf, Minutes: 60}, theSeated(), meetNow)
		items := []*Item{{ID: 21, Commission: 100, State: ItemReady}}
		m.At, m.Place, m.Step = meetNow.AddDate(0, 0, 7), "x", StepReady
		change(m, items)
		if got := reasonOf(m.Call(2, items, meetCalendar(), meetNow)); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	m := NewMeeting(7, 100, 2, Custom{Quorum: QuorumHalf, Minutes: 60}, theSeated(), meetNow)
	m.At, m.Step, m.Place = meetNow.AddDate(0, 0, 7), StepClock, "x" // only the day is known
	if got := reasonOf(m.Call(2, nil, meetCalendar(), meetNow)); got != "meeting_unready" {
		t.Errorf("without a time of day: got %q", got)
	}
}

func TestWhoIsAskedToAMeeting(t *testing.T) {
	t.Parallel()
	m := calledMeeting(t)
	var got []string
	for _, p := range m.Participants {
		got = append(got, fmt.Sprint(p.Person, p.Seat, p.Item, p.Side, p.RSVP))
	}
	// 5 sits and is a side of the second item: it is asked to sit.
	want := []string{"1 chair 0 0 ", "2 secretary 0 0 yes", "3 member 0 0 ", "4 member 0 0 ", "5 member 0 0 ",
		"11 party 21 1 ", "12 party 21 2 ", "13 party 22 1 "}
	for i := range want {
		want[i] = fmt.Sprint(want[i])
	}
	if len(got) != len(want) {
		t.Fatalf("got %q, want %q", got, want)
	}
	if !m.WakeAt.Equal(time.Date(2026, 11, 29, 18, 0, 0, 0, tashkent)) || m.Status != MeetingCalled || m.Step != "" {
		t.Errorf("got %v, %s, %q", m.WakeAt, m.Status, m.Step)
	}
}

func TestAnAnswerToAnInvitation(t *testing.T) {
	t.Parallel()
	later := meetNow.AddDate(0, 0, 8)
	for _, c := range []struct {
		name     string
		change   func(*Meeting)
		by       PersonID
		answer   RSVP
		other    time.Time
		sequence int
		now      time.Time
		want     string
	}{
		{"yes", nil, 3, RSVPYes, time.Time{}, 0, meetNow, ""},
		{"a side", nil, 11, RSVPNo, time.Time{}, 0, meetNow, ""},
		{"typed", nil, 3, RSVPYes, time.Time{}, Anytime, meetNow, ""},
		{"another time", nil, 3, RSVPOther, later, 0, meetNow, ""},
		{"a stranger", nil, 99, RSVPYes, time.Time{}, 0, meetNow, "meeting_not_asked"},
		{"a past time", nil, 3, RSVPOther, meetNow, 0, meetNow, "meeting_past"},
		{"the same time", nil, 3, RSVPOther, meetNow.AddDate(0, 0, 7), 0, meetNow, "meeting_same_time"},
		{"to an old invitation", func(m *Meeting) { m.Sequence = 1 }, 3, RSVPYes, time.Time{}, 0, meetNow, "meeting_moved"},
		{"cancelled", func(m *Meeting) { m.Status = MeetingCancelled }, 3, RSVPYes, time.Time{}, 0, meetNow, "meeting_cancelled"},
		{"held", func(m *Meeting) { m.Status = MeetingHeld }, 3, RSVPYes, time.Time{}, 0, meetNow, "meeting_over"},
		{"during it", nil, 3, RSVPYes, time.Time{}, 0, meetNow.AddDate(0, 0, 7).Add(59 * time.Minute), ""},
		{"after it", nil, 3, RSVPYes, time.Time{}, 0, meetNow.AddDate(0, 0, 7).Add(time.Hour), "meeting_over"},
		{"a substitute", func(m *Meeting) {
			m.Participants = append(m.Participants, Participant{Person: 6, Seat: SeatSubstitute, InFor: 3})
		}, 6, RSVPOther, later, 0, meetNow, "substitute_time"},
	} {
		m := calledMeeting(t)
		if c.change != nil {
			c.change(m)
		}
		err := m.Reply(c.by, c.answer, c.other, c.sequence, c.now)
		if got := reasonOf(err); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
		if p := m.Participant(c.by); err == nil && (p.RSVP != c.answer || !p.AnsweredAt.Equal(c.now) || p.Sequence != m.Sequence || !p.Proposed.Equal(c.other)) {
			t.Errorf("%s: got %+v", c.name, p)
		}
	}
}

func TestWhoMayComeInThePlaceOfAMember(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(*Meeting)
		member PersonID
		to     Person
		want   string
	}{
		{"of one who is silent", nil, 3, Person{ID: 6}, ""},
		{"of one who cannot", func(m *Meeting) { m.Participant(3).RSVP = RSVPNo }, 3, Person{ID: 6}, ""},
		{"of one who comes", func(m *Meeting) { m.Participant(3).RSVP = RSVPYes }, 3, Person{ID: 6}, "substitute_needless"},
		{"of a side", nil, 11, Person{ID: 6}, "meeting_not_asked"},
		{"of nobody", nil, 98, Person{ID: 6}, "meeting_not_asked"},
		{"who sits already", nil, 3, Person{ID: 4}, "substitute_sits"},
		{"who is a side", nil, 3, Person{ID: 11}, "substitute_sits"},
		{"who is out of reach", nil, 3, Person{ID: 6, Reach: Blocked}, "substitute_away"},
		{"when another is asked", func(m *Meeting) {
			m.Participants = append(m.Participants, Participant{Person: 8, Seat: SeatSubstitute, InFor: 3})
		}, 3, Person{ID: 6}, "substitute_asked"},
		{"when another has refused", func(m *Meeting) {
			m.Participants = append(m.Participants, Participant{Person: 8, Seat: SeatSubstitute, InFor: 3, RSVP: RSVPNo})
		}, 3, Person{ID: 6}, ""},
		{"who has refused", func(m *Meeting) {
			m.Participants = append(m.Participants, Participant{Person: 6, Seat: SeatSubstitute, InFor: 3, RSVP: RSVPNo})
		}, 4, Person{ID: 6}, "substitute_refused"},
		{"for a substitute", func(m *Meeting) {
			m.Participants = append(m.Participants, Participant{Person: 8, Seat: SeatSubstitute, InFor: 3})
		}, 8, Person{ID: 6}, "meeting_not_asked"},
	} {
		m := calledMeeting(t)
		if c.change != nil {
			c.change(m)
		}
		if got := reasonOf(m.AskSubstitute(c.member, c.to, meetNow)); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
		if s := m.SubstituteOf(c.member); c.want == "" && (s == nil || s.Person != c.to.ID || slices.Contains(m.Unsure(), c.member)) {
			t.Errorf("%s: got %+v", c.name, s)
		}
	}
}

func TestMovingAsksEverybodyAgain(t *testing.T) {
	t.Parallel()
	m := calledMeeting(t)
	old := m.At
	for _, p := range []PersonID{1, 3, 11} {
		m.Participant(p).RSVP = RSVPYes
	}
	m.Participants = append(m.Participants, Participant{Person: 6, Seat: SeatSubstitute, InFor: 3, RSVP: RSVPNo, AnsweredAt: meetNow},
		Participant{Person: 8, Seat: SeatSubstitute, InFor: 4, RSVP: RSVPYes, AnsweredAt: meetNow})
	to := old.AddDate(0, 0, 1)
	if err := m.Move(2, to, meetCalendar(), meetNow); err != nil {
		t.Fatal(err)
	}
	if m.Sequence != 1 || !m.At.Equal(to) || !m.MovedFrom.Equal(old) || !m.WakeAt.Equal(time.Date(2026, 11, 30, 18, 0, 0, 0, tashkent)) {
		t.Errorf("got %d, %v from %v, wakes at %v", m.Sequence, m.At, m.MovedFrom, m.WakeAt)
	}
	for _, p := range m.Participants {
		if (p.Person == 2) != (p.RSVP == RSVPYes) || p.Person == 6 {
			t.Errorf("got %+v", p)
		}
	}
	for want, at := range map[string]time.Time{"meeting_same_time": to, "meeting_past": meetNow.Add(-time.Hour), "meeting_far": meetNow.AddDate(2, 0, 0)} {
		if got := reasonOf(m.Move(2, at, meetCalendar(), meetNow)); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got := reasonOf(m.Move(2, to.AddDate(0, 0, 1), meetCalendar(), m.End())); got != "meeting_over" {
		t.Errorf("after its end: got %q", got)
	}
}

func TestCancellingNeedsACause(t *testing.T) {
	t.Parallel()
	m := calledMeeting(t)
	if got := reasonOf(m.Cancel("!", meetNow)); got != "meeting_cause" {
		t.Errorf("got %q", got)
	}
	if err := m.Cancel("Zal taʼmirda", meetNow); err != nil || m.Status != MeetingCancelled || m.Sequence != 1 || !m.WakeAt.IsZero() {
		t.Errorf("got %v, %+v", err, m)
	}
	if got := reasonOf(m.Cancel("Zal taʼmirda", meetNow)); got != "meeting_cancelled" {
		t.Errorf("twice: got %q", got)
	}
}

func TestAnItemLeavesWithItsSides(t *testing.T) {
	t.Parallel()
	m := calledMeeting(t)
	m.Participant(3).Conflicts = []ItemID{21, 22}
	if gone := m.Leave(21); !slices.Equal(gone, []PersonID{11, 12}) || m.Hearing(21) != nil || m.Participant(11) != nil || m.Participant(13) == nil {
		t.Errorf("got %v, %+v", gone, m.Participants)
	}
	if !slices.Equal(m.Participant(3).Conflicts, []ItemID{21, 22}) { // it may come back
		t.Errorf("got %v", m.Participant(3).Conflicts)
	}
}

func TestWhatAMeetingIsWokenFor(t *testing.T) {
	t.Parallel()
	eve, begins, ends := time.Date(2026, 11, 29, 18, 0, 0, 0, tashkent), meetNow.AddDate(0, 0, 7), meetNow.AddDate(0, 0, 7).Add(time.Hour)
	for _, c := range []struct {
		name   string
		at     time.Time // when it is woken
		due    time.Time
		change func(*Meeting)
		want   MeetingNews
		next   time.Time
	}{
		{"not yet", eve.Add(-time.Second), eve, nil, MeetingQuiet, eve},
		{"too few the evening before", eve, eve, nil, MeetingShort, begins},
		{"enough", eve, eve, func(m *Meeting) { m.Participant(1).RSVP, m.Participant(3).RSVP = RSVPYes, RSVPYes }, MeetingQuiet, begins},
		{"late in the night", eve.Add(9 * time.Hour), eve, nil, MeetingShort, begins},
		{"too late to find anybody", begins.Add(-time.Hour), eve, nil, MeetingQuiet, begins},
		{"it begins", begins, begins, nil, MeetingBegins, ends},
		{"it has begun when the bot is back", begins.Add(time.Minute), eve, nil, MeetingBegins, ends},
		{"its end", ends, ends, nil, MeetingEnds, time.Time{}},
		{"long after its end", ends.AddDate(0, 0, 3), ends, nil, MeetingEnds, time.Time{}},
		{"over when the bot is back", ends, eve, nil, MeetingMissed, time.Time{}},
		{"over before it was said to begin", ends, begins, nil, MeetingMissed, time.Time{}},
		{"held", begins, begins, func(m *Meeting) { m.Status = MeetingHeld }, MeetingQuiet, time.Time{}},
		{"a draft left lying", eve, eve, func(m *Meeting) { m.Status = MeetingDraft }, MeetingForgot, time.Time{}},
	} {
		m := calledMeeting(t)
		m.WakeAt = c.due
		if c.change != nil {
			c.change(m)
		}
		got := m.Tick(meetCalendar(), c.at)
		if got != c.want || !m.WakeAt.Equal(c.next) || (c.want == MeetingMissed) != !m.MissedAt.IsZero() {
			t.Errorf("%s: got %q, next %v, missed %v, want %q, next %v", c.name, got, m.WakeAt, m.MissedAt, c.want, c.next)
		}
	}
}

func TestWhenTwoMeetingsClash(t *testing.T) {
	t.Parallel()
	m := &Meeting{ID: 1, At: meetNow, Minutes: 60}
	for minutes, want := range map[int]bool{0: true, 59: true, 60: true, 89: true, 90: false, -60: true, -89: true, -90: false} {
		other := &Meeting{ID: 2, At: meetNow.Add(time.Duration(minutes) * time.Minute), Minutes: 60}
		if m.Clashes(other) != want || other.Clashes(m) != want {
			t.Errorf("%d minutes: got %v and %v, want %v", minutes, m.Clashes(other), other.Clashes(m), want)
		}
	}
	if m.Clashes(m) {
		t.Error("a meeting clashes with itself")
	}
}

func TestThoseWhoAreSilentAreAskedAgain(t *testing.T) {
	t.Parallel()
	m := calledMeeting(t)
	m.Participant(1).Unreachable = true
	list, err := m.Nudge(meetNow)
	if err != nil || !slices.Equal(list, []PersonID{3, 4, 5, 11, 12, 13}) {
		t.Errorf("got %v, %v", list, err)
	}
	if _, err := m.Nudge(meetNow.Add(29 * time.Minute)); reasonOf(err) != "meeting_nudged" {
		t.Errorf("too soon: got %v", err)
	}
	if _, err := m.Nudge(meetNow.Add(30 * time.Minute)); err != nil {
		t.Errorf("later: got %v", err)
	}
	for i := range m.Participants {
		m.Participants[i].RSVP = RSVPNo
	}
	if _, err := m.Nudge(meetNow.Add(time.Hour)); reasonOf(err) != "meeting_all_answered" {
		t.Errorf("nobody is silent: got %v", err)
	}
}

func TestDeclaringAConflict(t *testing.T) {
	t.Parallel()
	m := calledMeeting(t)
	for _, c := range []struct {
		person PersonID
		item   ItemID
		want   string
	}{{3, 21, ""}, {3, 21, "conflict_known"}, {3, 99, "meeting_item_gone"}, {11, 21, "meeting_not_asked"}, {98, 21, "meeting_not_asked"}} {
		if got := reasonOf(m.Declare(c.person, c.item)); got != c.want {
			t.Errorf("%d, %d: got %q, want %q", c.person, c.item, got, c.want)
		}
	}
}

func TestTogglingWhatADraftHas(t *testing.T) {
	t.Parallel()
	m := NewMeeting(7, 100, 2, Custom{Quorum: QuorumHalf, Minutes: 60}, theSeated(), meetNow)
	if got := reasonOf(m.Toggle(&Item{ID: 1, Commission: 200, State: ItemReady})); got != "meeting_item_gone" {
		t.Errorf("of another commission: got %q", got)
	}
	if got := reasonOf(m.Toggle(&Item{ID: 1, Commission: 100, State: ItemProposed})); got != "meeting_item_gone" {
		t.Errorf("whose gates are closed: got %q", got)
	}
	for i := range MostAgenda {
		if err := m.Toggle(&Item{ID: ItemID(i + 1), Commission: 100, State: ItemReady}); err != nil {
			t.Fatal(err)
		}
	}
	if got := reasonOf(m.Toggle(&Item{ID: 99, Commission: 100, State: ItemReady})); got != "meeting_agenda_full" {
		t.Errorf("too many: got %q", got)
	}
	if err := m.Toggle(&Item{ID: 3, Commission: 100, State: ItemDropped}); err != nil || m.Hearing(3) != nil {
		t.Errorf("off the agenda: got %v", err)
	}
	if got := reasonOf(m.ToggleMember(Seated{Person: 2})); got != "meeting_yourself" {
		t.Errorf("oneself: got %q", got)
	}
	if err := m.ToggleMember(Seated{Person: 3}); err != nil || m.Participant(3) != nil {
		t.Errorf("a member: got %v", err)
	}
	m.Reseat(theSeated()[:2], Custom{Quorum: QuorumHalf})
	if len(m.Participants) != 2 || m.Quorum != 2 {
		t.Errorf("who sits no more: got %+v, quorum %d", m.Participants, m.Quorum)
	}
}
