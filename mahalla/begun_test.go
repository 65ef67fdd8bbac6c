package mahalla

import (
	"fmt"
	"testing"
	"time"
)

// TestASittingOfWhichSomethingIsWrittenIsFinishedAndNotMoved; before that it may be,
// and once enough have come it is not moved in any case.
func TestASittingOfWhichSomethingIsWrittenIsFinishedAndNotMoved(t *testing.T) {
	t.Parallel()
	come := func(people ...PersonID) func(*Meeting) {
		return func(m *Meeting) {
			for _, p := range people {
				m.Participant(p).Presence = Present
			}
		}
	}
	written := func(h Hearing) func(*Meeting) {
		return func(m *Meeting) { h.Item = m.Agenda[0].Item; m.Agenda[0] = h }
	}
	both := func(list ...func(*Meeting)) func(*Meeting) {
		return func(m *Meeting) {
			for _, f := range list {
				f(m)
			}
		}
	}
	for _, c := range []struct {
		name         string
		state        func(*Meeting)
		at           time.Duration // from its beginning
		decided      bool
		move, cancel string
	}{
		{"nobody is there", func(*Meeting) {}, 10 * time.Minute, false, "", ""},
		{"too few are there", come(1, 2), 10 * time.Minute, false, "", ""},
		{"enough are there, too early", come(1, 2, 3), -10 * time.Minute, false, "", ""},
		{"enough are there", come(1, 2, 3), 0, false, "sitting_begun", ""},
		{"an outcome", both(come(1, 2, 3), written(Hearing{Outcome: OutcomeAgreed})), -10 * time.Minute, false, "sitting_written", "sitting_written"},
		{"a side was not there", both(come(1), written(Hearing{Outcome: OutcomeOneAbsent})), 10 * time.Minute, false, "sitting_written", "sitting_written"},
		{"a note before it begins", written(Hearing{Note: "x"}), -10 * time.Minute, false, "", ""},
		{"a note while too few are there", both(come(1), written(Hearing{Note: "x"})), 10 * time.Minute, false, "", ""},
		{"a note while enough are there", both(come(1, 2, 3), written(Hearing{Note: "x"})), 10 * time.Minute, false, "sitting_begun", ""},
		{"a decision", func(*Meeting) {}, 10 * time.Minute, true, "sitting_written", "sitting_written"},
		{"an item went off while too few were there", both(come(1), written(Hearing{Outcome: OutcomeWithdrawn})), 10 * time.Minute, false, "", ""},
		{"one was withdrawn", both(come(1, 2, 3), written(Hearing{Outcome: OutcomeWithdrawn})), -10 * time.Minute, false, "sitting_written", "sitting_written"},
		{"only the sides are there", written(Hearing{Came: []int{1, 2}}), 10 * time.Minute, false, "", ""},
	} {
		try := func(what func(*Meeting) error) string {
			m := calledMeeting(t)
			c.state(m)
			if err := m.PutOff(c.decided); err != nil {
				return reasonOf(err)
			}
			return reasonOf(what(m))
		}
		now := meetNow.AddDate(0, 0, 7).Add(c.at)
		if got := try(func(m *Meeting) error { return m.Move(2, m.At.AddDate(0, 0, 7), meetCalendar(), now) }); got != c.move {
			t.Errorf("%s: moved: got %q, want %q", c.name, got, c.move)
		}
		if got := try(func(m *Meeting) error { return m.Cancel("Xona yopiq, kalit topilmadi", now) }); got != c.cancel {
			t.Errorf("%s: cancelled: got %q, want %q", c.name, got, c.cancel)
		}
	}
}

// TestAnItemThatGoesOffWhileTheySitStaysInTheMinutes with what was written of it.
func TestAnItemThatGoesOffWhileTheySitStaysInTheMinutes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		h    Hearing
		at   time.Duration
		want string
	}{
		{"before", Hearing{}, -time.Minute, "false "},
		{"before, but a side is there", Hearing{Came: []int{1}}, -time.Minute, "true withdrawn"},
		{"before, but it is noted", Hearing{Note: "x"}, -time.Minute, "true withdrawn"},
		{"not heard yet", Hearing{}, 0, "true withdrawn"},
		{"heard", Hearing{Outcome: OutcomeAgreed, Came: []int{1, 2}}, time.Hour, "true agreed"},
		{"heard early", Hearing{Outcome: OutcomeNotAgreed}, -time.Minute, "true not_agreed"},
	} {
		m := calledMeeting(t)
		c.h.Item = 21
		m.Agenda[0] = c.h
		stays := m.Withdraw(21, m.At.Add(c.at))
		if got := fmt.Sprint(stays, " ", m.Hearing(21).Outcome); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
	if m := calledMeeting(t); m.Withdraw(99, m.At) {
		t.Error("an item of another meeting stays")
	}
}

// TestASittingIsFinishedWhateverWentOffItsAgenda: that counts as nothing that was heard.
func TestASittingIsFinishedWhateverWentOffItsAgenda(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		come []PersonID
		off  []ItemID
		want string
	}{
		{[]PersonID{1, 2}, []ItemID{11}, "<nil>"},
		{[]PersonID{1}, []ItemID{11}, "sitting_quorum"},
		{[]PersonID{1}, nil, "sitting_unfit"},
	} {
		m := sat(sitting)
		for _, p := range c.come {
			if err := m.Mark(p, true, sitting); err != nil {
				t.Fatal(err)
			}
		}
		m.Withdraw(11, sitting)
		if err := m.Finish(sitting, c.off...); reason(err) != c.want {
			t.Errorf("%+v: got %v", c, err)
		}
	}
}

func TestAMeetingDidNotTakePlaceWhenItsTimeHadCome(t *testing.T) {
	t.Parallel()
	unheld, cancelled := sat(sitting), sat(sitting)
	if err := unheld.NotHeld(false, sitting.Add(time.Hour)); err != nil || !unheld.Unheld() {
		t.Errorf("got %+v, %v", unheld, err)
	}
	if err := cancelled.Cancel("Xona yopiq, kalit topilmadi", sitting.Add(-time.Hour)); err != nil || cancelled.Unheld() {
		t.Errorf("got %+v, %v", cancelled, err)
	}
	if (&Meeting{Status: MeetingCancelled, CancelledAt: sitting}).Unheld() {
		t.Error("a draft that was thrown away was to take place")
	}
}

// TestWhatBecomesOfASittingThatIsNotFinished, by who came, what is written, and whether
// something was decided.
func TestWhatBecomesOfASittingThatIsNotFinished(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		come    []PersonID
		h       Hearing
		decided bool
		deny    string
		lapse   SittingNews
		outcome HearingOutcome // as it stands then
	}{
		{"nothing", nil, Hearing{}, false, "", SittingLapsed, ""},
		{"too few, nothing written", []PersonID{1}, Hearing{}, false, "", SittingLapsed, ""},
		{"a note of nobody", nil, Hearing{Note: "x"}, false, "", SittingLapsed, ""},
		{"too few, a note", []PersonID{1}, Hearing{Note: "x"}, false, "", SittingBroken, ""},
		{"too few, an outcome of a quorum that is none any more", []PersonID{1}, Hearing{Outcome: OutcomeReferred}, false, "sitting_written", SittingBroken, OutcomeReferred},
		{"too few, a decision", []PersonID{1}, Hearing{}, true, "", SittingBroken, ""},
		{"nobody is marked, an outcome", nil, Hearing{Outcome: OutcomeOneAbsent}, false, "", SittingBroken, OutcomeOneAbsent},
		{"too few, a side was not there", []PersonID{1}, Hearing{Outcome: OutcomeOneAbsent}, false, "sitting_written", SittingClosed, OutcomeOneAbsent},
		{"enough, nothing written", []PersonID{1, 2}, Hearing{}, false, "", SittingClosed, ""},
		{"enough, a decision", []PersonID{1, 2}, Hearing{}, true, "sitting_written", SittingClosed, ""},
		{"enough, an outcome", []PersonID{1, 2}, Hearing{Outcome: OutcomeAgreed, Came: []int{1, 2}}, false, "sitting_written", SittingClosed, OutcomeAgreed},
		{"enough, an outcome that does not fit", []PersonID{1, 2}, Hearing{Outcome: OutcomeAgreed, Came: []int{1}}, false, "sitting_written", SittingClosed, ""},
	} {
		state := func() *Meeting {
			m := sat(sitting)
			for _, p := range c.come {
				if err := m.Mark(p, true, sitting); err != nil {
					t.Fatal(err)
				}
			}
			c.h.Item = 11
			m.Agenda[0] = c.h
			return m
		}
		if got := reasonOf(state().NotHeld(c.decided, sitting)); got != c.deny {
			t.Errorf("%s: not held: got %q, want %q", c.name, got, c.deny)
		}
		m := state()
		want := MeetingCancelled
		if c.lapse == SittingClosed {
			want = MeetingHeld
		}
		if got := m.Lapse(c.decided, sitting.Add(SittingLate)); got != c.lapse || m.Status != want || m.Hearing(11).Outcome != c.outcome {
			t.Errorf("%s: got %s, %s, %q", c.name, got, m.Status, m.Hearing(11).Outcome)
		}
	}
}

// TestASideOfTwoItemsStaysWhileTheySit when one of them goes off the agenda of a sitting.
func TestASideOfTwoItemsStaysWhileTheySit(t *testing.T) {
	t.Parallel()
	m := &Meeting{Participants: []Participant{
		{Person: 1, Seat: SeatMember}, {Person: 7, Seat: SeatParty, Item: 11, Side: 2}, {Person: 8, Seat: SeatParty, Item: 11, Side: 1}}}
	m.StayFor(11, &Item{ID: 12, Parties: []Party{{Person: 7, Side: 1}, {Person: 1, Side: 2}}})
	for p, want := range map[PersonID]ItemID{1: 0, 7: 12, 8: 11} {
		if got := m.Participant(p).Item; got != want {
			t.Errorf("%d: comes for %d, want %d", p, got, want)
		}
	}
}
