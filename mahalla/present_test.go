package mahalla

import (
	"testing"
	"time"
)

// TestWhoSaidToComeIsThereUntilSomebodySaysOtherwise: it counts at once, and for good
// once anything is written of the sitting; by itself it writes nothing.
func TestWhoSaidToComeIsThereUntilSomebodySaysOtherwise(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name         string
		write        func(*Meeting) error
		came, marked int
	}{
		{"nothing is written", func(*Meeting) error { return nil }, 2, 0},
		{"one is not there", func(m *Meeting) error { return m.Mark(1, false, sitting) }, 1, 1},
		{"one more is", func(m *Meeting) error { return m.Mark(3, true, sitting) }, 3, 3},
		{"a side is", func(m *Meeting) error { return m.MarkSide(m.Agenda[0].Item, 1, true, sitting) }, 2, 2},
		{"those who are there are listed", func(m *Meeting) error { return m.MarkOnly([]PersonID{3}, sitting) }, 1, 1},
		{"and one more", func(m *Meeting) error {
			if err := m.MarkOnly([]PersonID{3}, sitting); err != nil {
				return err
			}
			return m.MarkOnly([]PersonID{1}, sitting)
		}, 2, 2},
		{"somebody who is no sitter", func(m *Meeting) error {
			if err := m.MarkOnly([]PersonID{99}, sitting); err == nil {
				t.Error("somebody came who was not asked")
			}
			return nil
		}, 0, 0},
	} {
		m := sat(sitting)
		m.Participant(1).RSVP, m.Participant(2).RSVP, m.Participant(3).RSVP = RSVPYes, RSVPYes, RSVPNo
		if err := c.write(m); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if came, marked := m.Attended(0).Come, m.Marked(0).Come; came != c.came || marked != c.marked {
			t.Errorf("%s: got %d there and %d marked, want %d and %d", c.name, came, marked, c.came, c.marked)
		}
	}
}

// TestASittingThatNobodyWroteLapsesThoughAllSaidToCome: that they said so is no sitting.
func TestASittingThatNobodyWroteLapsesThoughAllSaidToCome(t *testing.T) {
	t.Parallel()
	m := sat(sitting)
	for i := range m.Participants {
		m.Participants[i].RSVP = RSVPYes
	}
	if err := m.MayDeny(false); err != nil {
		t.Error(err)
	}
	if got := m.Lapse(false, sitting.Add(SittingLate)); got != SittingLapsed || m.Status != MeetingCancelled {
		t.Errorf("got %s, %s", got, m.Status)
	}
	m = sat(sitting)
	for i := range m.Participants {
		m.Participants[i].RSVP = RSVPYes
	}
	if err := m.Finish(sitting); err != nil || m.Participant(1).Presence != Present {
		t.Errorf("got %+v, %v", m.Participant(1), err)
	}
}

// TestWhoSaysNoAfterTheFirstTickIsNotThere: once an item is decided, what is written stays.
func TestWhoSaysNoAfterTheFirstTickIsNotThere(t *testing.T) {
	t.Parallel()
	for outcome, want := range map[HearingOutcome]Presence{"": "", OutcomeAgreed: Present} {
		now := time.Date(2026, 11, 25, 10, 5, 0, 0, time.UTC)
		m := &Meeting{Status: MeetingCalled, At: now.Add(-5 * time.Minute), Minutes: 60, Agenda: []Hearing{{Item: 21, Outcome: outcome}},
			Participants: []Participant{{Person: 1, Seat: SeatMember, RSVP: RSVPYes}, {Person: 2, Seat: SeatParty, Item: 21, RSVP: RSVPYes, Presence: Present}}}
		m.Write()
		for _, p := range []PersonID{1, 2} {
			if err := m.Reply(p, RSVPNo, time.Time{}, Anytime, now); err != nil {
				t.Fatal(err)
			}
		}
		if got := m.Participant(1).Presence; got != want {
			t.Errorf("%q: the member is %q, want %q", outcome, got, want)
		}
		if got := m.Participant(2).Presence; got != Present {
			t.Errorf("%q: somebody has seen the side, and it is %q", outcome, got)
		}
	}
}
