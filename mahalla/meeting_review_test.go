package mahalla

import (
	"fmt"
	"testing"
	"time"
)

// TestAMeetingThatIsMovedForgetsWhoHadComeToIt: too few came, so it is moved; who
// came then is not there the next time by that.
func TestAMeetingThatIsMovedForgetsWhoHadComeToIt(t *testing.T) {
	t.Parallel()
	m := calledMeeting(t)
	now := m.At.Add(10 * time.Minute)
	for _, err := range []error{m.Mark(1, true, now), m.Mark(2, true, now), m.MarkSide(21, 1, true, now), m.MarkSide(21, 2, true, now),
		m.Move(2, m.At.AddDate(0, 0, 7), meetCalendar(), now)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if n := m.Marked(0).Come; n != 0 {
		t.Errorf("%d have come to a meeting that is in a week", n)
	}
	if h := m.Hearing(21); len(h.Came) != 0 || h.Outcome != "" {
		t.Errorf("got %+v", h)
	}
	for _, p := range m.Participants {
		if p.Presence != "" {
			t.Errorf("%d is %s", p.Person, p.Presence)
		}
	}
}

// TestASideOfTwoItemsStaysForTheOther: a neighbour may have two matters on one day.
func TestASideOfTwoItemsStaysForTheOther(t *testing.T) {
	t.Parallel()
	m := calledMeeting(t)
	if err := m.Reply(11, RSVPYes, time.Time{}, Anytime, meetNow); err != nil {
		t.Fatal(err)
	}
	other := &Item{ID: 22, Parties: []Party{{Side: 1, Person: 13}, {Side: 2, Person: 11}}}
	if gone := m.Leave(21, other); fmt.Sprint(gone) != "[12]" {
		t.Errorf("%v are let go", gone)
	}
	if p := m.Participant(11); p == nil || p.Item != 22 || p.Side != 2 || !p.Comes() {
		t.Errorf("got %+v", p)
	}
}

func TestAMeetingIsNotSaidToHaveFailedBeforeItsTime(t *testing.T) {
	t.Parallel()
	m := sat(sitting)
	if err := m.NotHeld(false, sitting.Add(-time.Minute)); reason(err) != "sitting_early" || m.Status != MeetingCalled {
		t.Errorf("got %v, %s", err, m.Status)
	}
	if err := m.NotHeld(false, sitting); err != nil || m.Status != MeetingCancelled {
		t.Errorf("got %v, %s", err, m.Status)
	}
}

// TestADayThatHasPassedMeanwhileIsNotGranted: no reminder would come any more.
func TestADayThatHasPassedMeanwhileIsNotGranted(t *testing.T) {
	t.Parallel()
	due := time.Date(2026, 12, 1, 0, 0, 0, 0, tashkent)
	by := Person{ID: 2, Memberships: []Membership{{Role: CommissionSecretary, Territory: 9, From: due.AddDate(-1, 0, 0)}}}
	for _, c := range []struct {
		days int
		yes  bool
		want string
	}{{4, true, "<nil>"}, {5, true, "decision_past"}, {5, false, "<nil>"}} {
		d := &Decision{Commission: 9, Words: "x", Person: 5, Due: due, Asked: due.AddDate(0, 0, 4)}
		if err := d.Grant(by, c.yes, due.AddDate(0, 0, c.days).Add(10*time.Hour)); reason(err) != c.want {
			t.Errorf("%+v: got %v", c, err)
		}
	}
}
