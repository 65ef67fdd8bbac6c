package mahalla

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// seatsOf writes who is asked to a meeting: "1 chair, 4 substitute for 3, 11 side 1 of 21".
func seatsOf(m *Meeting) string {
	var list []string
	for _, p := range m.Participants {
		one := fmt.Sprint(p.Person, " ", p.Seat)
		switch {
		case p.Seat == SeatSubstitute:
			one += fmt.Sprint(" for ", p.InFor)
		case p.Seat == SeatParty:
			one = fmt.Sprint(p.Person, " side ", p.Side, " of ", p.Item)
		}
		if len(p.Conflicts) > 0 {
			one += fmt.Sprint(" without ", p.Conflicts)
		}
		if p.RSVP != "" {
			one += fmt.Sprint(" ", p.RSVP)
		}
		list = append(list, one)
	}
	return strings.Join(list, ", ")
}

// TestWhoIsAskedFollowsWhoSits: the seats of the test meeting are 1 to 5, of whom 5 is
// a side of item 22, too.
func TestWhoIsAskedFollowsWhoSits(t *testing.T) {
	t.Parallel()
	const sides = ", 11 side 1 of 21, 12 side 2 of 21, 13 side 1 of 22"
	later := meetNow.Add(time.Hour)
	items := []*Item{
		{ID: 21, Parties: []Party{{Side: 1, Person: 11}, {Side: 2, Person: 12}}},
		{ID: 22, Parties: []Party{{Side: 1, Person: 13}, {Side: 2, Person: 5}}},
	}
	without := func(gone ...PersonID) []Seated {
		var list []Seated
		for _, s := range theSeated() {
			if !strings.Contains(fmt.Sprint(gone), fmt.Sprint(s.Person)) {
				list = append(list, s)
			}
		}
		return list
	}
	joined := func(p PersonID, r Role) Seated { return Seated{Person: p, Role: r, Since: later} }
	for _, c := range []struct {
		name   string
		before func(*Meeting)
		sit    []Seated
		above  []PersonID
		at     time.Time // zero: later
		want   string
		change string
		quorum int
	}{
		{name: "nothing", sit: theSeated(), want: "1 chair, 2 secretary yes, 3 member, 4 member, 5 member" + sides, change: "[] [] []", quorum: 3},
		{name: "one leaves", sit: without(3), want: "1 chair, 2 secretary yes, 4 member, 5 member" + sides, change: "[3] [] []", quorum: 3},
		{name: "two leave", sit: without(3, 4), want: "1 chair, 2 secretary yes, 5 member" + sides, change: "[3 4] [] []", quorum: 2},
		{name: "who leaves is a side", before: func(m *Meeting) {
			m.Participant(5).Conflicts = []ItemID{22}
			m.Participant(5).RSVP = RSVPYes
		}, sit: without(5), want: "1 chair, 2 secretary yes, 3 member, 4 member, 5 side 2 of 22" + sides, change: "[] [5] []", quorum: 3},
		{name: "the side's item is off the agenda", before: func(m *Meeting) { m.Leave(22) }, sit: without(5),
			want: "1 chair, 2 secretary yes, 3 member, 4 member, 11 side 1 of 21, 12 side 2 of 21", change: "[5] [] []", quorum: 3},
		{name: "who stands in goes, too", before: func(m *Meeting) {
			m.Participants = append(m.Participants, Participant{Person: 8, Seat: SeatSubstitute, InFor: 3, RSVP: RSVPYes})
		}, sit: without(3), above: []PersonID{8}, want: "1 chair, 2 secretary yes, 4 member, 5 member" + sides, change: "[3 8] [] []", quorum: 3},
		{name: "who stands in has lost the role above", before: func(m *Meeting) {
			m.Participants = append(m.Participants, Participant{Person: 8, Seat: SeatSubstitute, InFor: 3, RSVP: RSVPYes})
		}, sit: theSeated(), want: "1 chair, 2 secretary yes, 3 member, 4 member, 5 member" + sides, change: "[8] [] []", quorum: 3},
		{name: "who stands in sits", before: func(m *Meeting) {
			m.Participants = append(m.Participants, Participant{Person: 8, Seat: SeatSubstitute, InFor: 3, RSVP: RSVPYes})
		}, sit: append(without(3), Seated{Person: 8, Role: CommissionMember}),
			want: "1 chair, 2 secretary yes, 4 member, 5 member" + sides + ", 8 member yes", change: "[3] [] []", quorum: 3},
		{name: "one joins", sit: append(theSeated(), joined(6, CommissionMember)),
			want: "1 chair, 2 secretary yes, 3 member, 4 member, 5 member" + sides + ", 6 member", change: "[] [] [6]", quorum: 4},
		{name: "one who was left out stays out", sit: append(theSeated(), Seated{Person: 6, Role: CommissionMember, Since: meetNow.Add(-time.Hour)}),
			want: "1 chair, 2 secretary yes, 3 member, 4 member, 5 member" + sides, change: "[] [] []", quorum: 3},
		{name: "a side joins", sit: append(theSeated(), joined(12, CommissionMember)),
			want:   "1 chair, 2 secretary yes, 3 member, 4 member, 5 member, 11 side 1 of 21, 12 member without [21], 13 side 1 of 22",
			change: "[] [] [12]", quorum: 4},
		{name: "another secretary", sit: append(without(2), joined(6, CommissionSecretary)),
			want: "1 chair, 3 member, 4 member, 5 member" + sides + ", 6 secretary", change: "[2] [] [6]", quorum: 3},
		{name: "the chair is a member now", sit: append(without(1), Seated{Person: 1, Role: CommissionMember}),
			want: "1 member, 2 secretary yes, 3 member, 4 member, 5 member" + sides, change: "[] [] []", quorum: 3},
		{name: "nobody joins what has begun", sit: append(theSeated(), joined(6, CommissionMember)), at: meetNow.AddDate(0, 0, 7),
			want: "1 chair, 2 secretary yes, 3 member, 4 member, 5 member" + sides, change: "[] [] []", quorum: 3},
		{name: "nobody sits any more", want: "5 side 2 of 22" + sides, change: "[1 2 3 4] [5] []", quorum: 1},
	} {
		m := calledMeeting(t)
		if c.before != nil {
			c.before(m)
		}
		if c.at.IsZero() {
			c.at = later.Add(time.Hour)
		}
		with := Composition{Sit: c.sit, Above: c.above, Items: items, Quorum: QuorumHalf}
		r := m.SeatAnew(with, c.at)
		if got := fmt.Sprint(r.Left, r.Sides, r.Joined); seatsOf(m) != c.want || got != c.change || m.Quorum != c.quorum {
			t.Errorf("%s:\n got %s, %s, quorum %d\nwant %s, %s, quorum %d", c.name, seatsOf(m), got, m.Quorum, c.want, c.change, c.quorum)
		}
		if again := m.SeatAnew(with, c.at); !again.None() {
			t.Errorf("%s: once more changes %+v", c.name, again)
		}
	}
}

// TestTheCompositionOfASittingIsThatOfItsBeginning: whoever leaves later was there.
func TestTheCompositionOfASittingIsThatOfItsBeginning(t *testing.T) {
	t.Parallel()
	m := calledMeeting(t)
	for now, want := range map[time.Time]time.Time{meetNow: meetNow, m.At.Add(-time.Second): m.At.Add(-time.Second), m.At: m.At, m.At.AddDate(0, 0, 3): m.At} {
		if got := m.Composed(now); !got.Equal(want) {
			t.Errorf("%v: got %v", now, got)
		}
	}
	if got := (&Meeting{Status: MeetingDraft}).Composed(meetNow); !got.Equal(meetNow) {
		t.Errorf("a draft without a time: got %v", got)
	}
	for _, status := range []MeetingStatus{MeetingDraft, MeetingHeld, MeetingLocked, MeetingCancelled} {
		if m.Status = status; !m.SeatAnew(Composition{Quorum: QuorumHalf}, meetNow).None() {
			t.Errorf("who is asked to one that is %s changes", status)
		}
	}
}
