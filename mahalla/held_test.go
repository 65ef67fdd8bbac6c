package mahalla

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

// sat is a meeting that is called, with three who count, a side and two items.
func sat(at time.Time) *Meeting {
	return &Meeting{ID: 1, Commission: 9, Status: MeetingCalled, At: at, Minutes: 60, Quorum: 2, MadeBy: 2, CalledAt: at.AddDate(0, 0, -5),
		Participants: []Participant{{Person: 1, Seat: SeatChair}, {Person: 2, Seat: SeatSecretary}, {Person: 3, Seat: SeatMember, Conflicts: []ItemID{12}},
			{Person: 4, Seat: SeatSubstitute, InFor: 3}, {Person: 5, Seat: SeatParty, Item: 11, Side: 2}},
		Agenda: []Hearing{{Item: 11}, {Item: 12}}}
}

var sitting = time.Date(2026, 11, 25, 15, 0, 0, 0, time.UTC)

func reason(err error) string {
	var r *Error
	if errors.As(err, &r) {
		return r.Reason
	}
	return fmt.Sprint(err)
}

func TestASittingIsWrittenDownFromHalfAnHourBeforeUntilAWeekAfter(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		status MeetingStatus
		at     time.Duration
		want   string
	}{
		{MeetingCalled, -31 * time.Minute, "sitting_early"},
		{MeetingCalled, -30 * time.Minute, "<nil>"},
		{MeetingCalled, 7*24*time.Hour - time.Second, "<nil>"},
		{MeetingCalled, 7 * 24 * time.Hour, "sitting_late"},
		{MeetingDraft, 0, "sitting_draft"},
		{MeetingCancelled, 0, "sitting_cancelled"},
		{MeetingHeld, 0, "sitting_over"},
		{MeetingLocked, 0, "sitting_over"},
	} {
		m := sat(sitting)
		m.Status = test.status
		if got := reason(m.MayHold(sitting.Add(test.at))); got != test.want {
			t.Errorf("%s, %s: got %s, want %s", test.status, test.at, got, test.want)
		}
	}
}

func TestWhoCameDecidesWhatCanComeOfAnItem(t *testing.T) {
	t.Parallel()
	all := HearingOutcomes()
	for _, test := range []struct {
		name  string
		came  []PersonID
		sides []int
		item  ItemID
		want  []HearingOutcome
	}{
		{"nobody", nil, nil, 11, []HearingOutcome{OutcomeOneAbsent}},
		{"too few, both sides", []PersonID{1}, []int{1, 2}, 11, nil},
		{"too few, one side", []PersonID{1}, []int{2}, 11, []HearingOutcome{OutcomeOneAbsent}},
		{"enough, both sides", []PersonID{1, 2}, []int{1, 2}, 11, []HearingOutcome{OutcomeAgreed, OutcomeNotAgreed, OutcomeWithdrawn, OutcomeReferred}},
		{"enough, one side", []PersonID{1, 2}, []int{1}, 11, []HearingOutcome{OutcomeOneAbsent, OutcomeWithdrawn, OutcomeReferred}},
		{"a member and the substitute count once", []PersonID{3, 4}, []int{1, 2}, 11, nil},
		{"one with a conflict of interest does not count", []PersonID{1, 3}, []int{1, 2}, 12, nil},
		{"the substitute counts in the place of that one", []PersonID{1, 3, 4}, []int{1, 2}, 12, []HearingOutcome{OutcomeAgreed, OutcomeNotAgreed, OutcomeWithdrawn, OutcomeReferred}},
	} {
		m := sat(sitting)
		for _, p := range test.came {
			if err := m.Mark(p, true, sitting); err != nil {
				t.Fatal(err)
			}
		}
		for _, side := range test.sides {
			if err := m.MarkSide(test.item, side, true, sitting); err != nil {
				t.Fatal(err)
			}
		}
		var got []HearingOutcome
		for _, with := range all {
			if m.MayEnd(test.item, with) == nil {
				got = append(got, with)
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(test.want) {
			t.Errorf("%s: got %v, want %v", test.name, got, test.want)
		}
	}
}

func TestASittingEndsOnlyWithWhatFits(t *testing.T) {
	t.Parallel()
	steps := func(do ...func(*Meeting) error) (*Meeting, error) {
		m := sat(sitting)
		for _, f := range do {
			if err := f(m); err != nil {
				return m, err
			}
		}
		return m, m.Finish(sitting)
	}
	mark := func(came bool, people ...PersonID) func(*Meeting) error {
		return func(m *Meeting) (err error) {
			for _, p := range people {
				err = errors.Join(err, m.Mark(p, came, sitting))
			}
			return err
		}
	}
	side := func(n int) func(*Meeting) error {
		return func(m *Meeting) error { return m.MarkSide(11, n, true, sitting) }
	}
	end := func(with HearingOutcome) func(*Meeting) error {
		return func(m *Meeting) error { return m.EndItem(11, with, sitting) }
	}
	for _, test := range []struct {
		name string
		do   []func(*Meeting) error
		want string
	}{
		{"nobody was marked", nil, "sitting_nobody"},
		{"below the quorum, nothing written", []func(*Meeting) error{mark(true, 1)}, "sitting_quorum"},
		{"below the quorum, a side was not there", []func(*Meeting) error{mark(true, 1), side(1), end(OutcomeOneAbsent)}, "<nil>"},
		{"nothing heard", []func(*Meeting) error{mark(true, 1, 2)}, "<nil>"},
		{"agreed", []func(*Meeting) error{mark(true, 1, 2), side(1), side(2), end(OutcomeAgreed)}, "<nil>"},
		{"taken back", []func(*Meeting) error{mark(true, 1, 2), side(1), side(2), end(OutcomeAgreed), end(OutcomeAgreed)}, "<nil>"},
		{"somebody was not there after all", []func(*Meeting) error{mark(true, 1, 2), side(1), side(2), end(OutcomeAgreed), mark(false, 2)}, "sitting_unfit"},
		{"a side is no member", []func(*Meeting) error{mark(true, 5)}, "sitting_who"},
	} {
		m, err := steps(test.do...)
		got := reason(err)
		if joined := interface{ Unwrap() []error }(nil); errors.As(err, &joined) && len(joined.Unwrap()) == 1 {
			got = reason(joined.Unwrap()[0])
		}
		if got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
		if err == nil && (m.Status != MeetingHeld || m.Participant(3).Presence != Absent || m.EndItem(11, OutcomeReferred, sitting) == nil || m.Mark(3, true, sitting) == nil) {
			t.Errorf("%s: it goes on: %+v", test.name, m)
		}
	}
}

func TestAnItemOfASittingIsHeardTwiceAtMost(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		outcomes []HearingOutcome
		state    ItemState
		sittings int
	}{
		{[]HearingOutcome{""}, ItemReady, 0},
		{[]HearingOutcome{OutcomeAgreed}, ItemSettled, 1},
		{[]HearingOutcome{OutcomeWithdrawn}, ItemSettled, 1},
		{[]HearingOutcome{OutcomeReferred}, ItemSettled, 1},
		{[]HearingOutcome{OutcomeNotAgreed}, ItemReady, 1},
		{[]HearingOutcome{OutcomeOneAbsent}, ItemReady, 1},
		{[]HearingOutcome{OutcomeOneAbsent, ""}, ItemReady, 1},
		{[]HearingOutcome{OutcomeOneAbsent, OutcomeOneAbsent}, ItemSettled, 2},
		{[]HearingOutcome{OutcomeNotAgreed, OutcomeAgreed}, ItemSettled, 2},
		{[]HearingOutcome{OutcomeOneAbsent, OutcomeNotAgreed}, ItemSettled, 2},
	} {
		i := &Item{State: ItemScheduled}
		for _, with := range test.outcomes {
			i.State = ItemScheduled
			if settled := i.Heard(with, sitting); settled != (i.State == ItemSettled) {
				t.Errorf("%v: it is settled: %v", test.outcomes, settled)
			}
		}
		if i.State != test.state || i.Sittings != test.sittings || (i.State == ItemSettled) != i.EndedAt.Equal(sitting) {
			t.Errorf("%v: got %+v", test.outcomes, i)
		}
	}
	gone := &Item{State: ItemDropped}
	if gone.Heard(OutcomeAgreed, sitting) || gone.State != ItemDropped {
		t.Errorf("a dropped item was heard: %+v", gone)
	}
}

func TestDecisionsSayWhatWhoAndWhen(t *testing.T) {
	t.Parallel()
	due := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	secretary := Person{ID: 2, Memberships: []Membership{{Role: CommissionSecretary, Territory: 9}}}
	for name, test := range map[string]struct {
		d    Decision
		want string
	}{
		"whole":     {Decision{Words: "Ariqni tozalash", Person: 5, Due: due}, "<nil>"},
		"today":     {Decision{Words: "Ariqni tozalash", Name: "Salim", Due: due.AddDate(0, 0, -6)}, "<nil>"},
		"wordless":  {Decision{Words: "ok", Person: 5, Due: due}, "decision_short"},
		"nobody's":  {Decision{Words: "Ariqni tozalash", Due: due}, "decision_nobody"},
		"yesterday": {Decision{Words: "Ariqni tozalash", Person: 5, Due: due.AddDate(0, 0, -7)}, "decision_past"},
		"far":       {Decision{Words: "Ariqni tozalash", Person: 5, Due: due.AddDate(2, 0, 0)}, "decision_far"},
	} {
		if got := reason(test.d.Check(sitting)); got != test.want {
			t.Errorf("%s: got %s, want %s", name, got, test.want)
		}
	}
	d := &Decision{Words: "Ariqni tozalash", Commission: 9, Person: 5, Due: due}
	if d.Overdue(due.Add(24*time.Hour-time.Second)) || !d.Overdue(due.AddDate(0, 0, 1)) {
		t.Error("a decision is overdue when its last day is over")
	}
	if _, err := d.AskDay(Person{ID: 7}, due.AddDate(0, 0, 2), sitting); reason(err) != "decision_not_found" {
		t.Errorf("somebody else asked for a day: %v", err)
	}
	if _, err := d.AskDay(Person{ID: 5}, due, sitting); reason(err) != "decision_earlier" {
		t.Errorf("got %v", err)
	}
	if set, err := d.AskDay(Person{ID: 5}, due.AddDate(0, 0, 2), sitting); set || err != nil || d.Asked.IsZero() || !d.Due.Equal(due) {
		t.Errorf("got %+v, %v", d, err)
	}
	if err := d.Grant(Person{ID: 5}, true, sitting); reason(err) != "decision_not_found" {
		t.Errorf("who is responsible granted it: %v", err)
	}
	if err := d.Grant(secretary, true, sitting); err != nil || !d.Due.Equal(due.AddDate(0, 0, 2)) || !d.Asked.IsZero() {
		t.Errorf("got %+v, %v", d, err)
	}
	if set, err := d.AskDay(secretary, due.AddDate(0, 0, 3), sitting); !set || err != nil {
		t.Errorf("got %v, %v", set, err)
	}
	if err := d.Finish(Person{ID: 5}, sitting); err != nil || d.Open() || d.Overdue(due.AddDate(1, 0, 0)) {
		t.Errorf("got %+v, %v", d, err)
	}
	if err := d.Finish(secretary, sitting); reason(err) != "decision_done" {
		t.Errorf("got %v", err)
	}
}

func TestSilenceAboutMinutesIsRemindedOf(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("", 5*60*60)
	cal := DefaultCalendar(zone, nil)
	at := func(day, hour int) time.Time { return time.Date(2026, 11, day, hour, 0, 0, 0, zone) }
	m := sat(at(2, 15))
	s := OpenSitting(m, cal)
	for _, want := range []struct {
		at   time.Time
		news SittingNews
	}{{at(3, 10), SittingUnwritten}, {at(5, 10), SittingUnwritten}, {at(8, 10), SittingUnwritten}, {at(9, 15), SittingLapsed}} {
		if got := s.Tick(m, cal, want.at.Add(-time.Second)); got != "" {
			t.Errorf("%s: too early: %s", want.at, got)
		}
		if got := s.Tick(m, cal, want.at); got != want.news {
			t.Errorf("%s: got %q, want %q", want.at, got, want.news)
		}
	}
	if s.Stage != SittingOver || !s.WakeAt.IsZero() {
		t.Errorf("got %+v", s)
	}
	late := OpenSitting(m, cal)
	if got := late.Tick(m, cal, at(6, 12)); got != SittingUnwritten || !late.WakeAt.Equal(at(8, 10)) {
		t.Errorf("after an outage: got %q and %s, want one reminder", got, late.WakeAt)
	}
	m.Status, m.HeldAt = MeetingHeld, at(2, 16)
	s = OpenSitting(m, cal)
	chair := Person{ID: 1, Memberships: []Membership{{Role: CommissionChair, Territory: 9}}}
	secretary := Person{ID: 2, Memberships: []Membership{{Role: CommissionSecretary, Territory: 9}}}
	if got := reason(s.MayConfirm(chair, m, cal, at(2, 17))); got != "minutes_send" {
		t.Errorf("got %s", got)
	}
	s.Send(chair.ID, cal, at(2, 17))
	if got := reason(s.MayConfirm(secretary, m, cal, at(2, 17))); got != "minutes_other" {
		t.Errorf("got %s", got)
	}
	for _, want := range []struct {
		at   time.Time
		news SittingNews
	}{{at(3, 10), SittingUnsigned}, {at(5, 10), SittingUnsigned}, {at(9, 10), SittingAlone}} {
		if got := s.Tick(m, cal, want.at); got != want.news {
			t.Errorf("%s: got %q, want %q", want.at, got, want.news)
		}
	}
	for who, want := range map[*Person]string{&chair: "<nil>", &secretary: "<nil>", {ID: 3}: "sitting_none"} {
		if got := reason(s.MayConfirm(*who, m, cal, at(9, 10))); got != want {
			t.Errorf("%d: got %s, want %s", who.ID, got, want)
		}
	}
	s.Return("x", cal, at(9, 11))
	if got := reason(s.MayConfirm(chair, m, cal, at(9, 12))); got != "minutes_returned" {
		t.Errorf("got %s", got)
	}
}
