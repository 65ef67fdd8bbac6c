package mahalla

import (
	"fmt"
	"testing"
)

func TestWhoReadsConfirmedMinutes(t *testing.T) {
	t.Parallel()
	items := []*Item{{ID: 21, Parties: []Party{{Side: 1, Person: 11}, {Side: 2, Person: 5}}}}
	m := &Meeting{Participants: []Participant{
		{Person: 1, Seat: SeatChair, Presence: Absent}, {Person: 2, Seat: SeatSecretary, Presence: Present},
		{Person: 3, Seat: SeatMember, Presence: Present}, {Person: 4, Seat: SeatMember, Presence: Absent},
		{Person: 5, Seat: SeatMember, Presence: Present}, {Person: 8, Seat: SeatSubstitute, InFor: 4, Presence: Present},
		{Person: 9, Seat: SeatMediator, Presence: Present}, {Person: 11, Seat: SeatParty, Item: 21, Side: 1, Presence: Present}}}
	bears := func(i *Item, p PersonID) bool { return i.ID == 22 && p == 3 }
	if got := fmt.Sprint(m.Readers(items, bears)); got != "[1 2 3 8 9]" {
		t.Errorf("got %s: not the absent member, nor the sides", got)
	}
	items = append(items, &Item{ID: 22})
	m.Agenda, m.Participants[5].Conflicts = []Hearing{{Item: 21}, {Item: 22}}, []ItemID{22}
	if got := fmt.Sprint(m.Readers(items, bears)); got != "[1 2 3 8 9]" {
		t.Errorf("got %s: what was not heard keeps nobody from them", got)
	}
	m.Agenda[1].Outcome = OutcomeAgreed
	if got := fmt.Sprint(m.Readers(items, bears)); got != "[1 2 9]" {
		t.Errorf("got %s: not who has a share in what was heard", got)
	}
}

func TestWhoCarriesADecisionOutForASide(t *testing.T) {
	t.Parallel()
	i := &Item{ID: 21, Parties: []Party{{Side: 1, Person: 11}, {Side: 2, Person: 12}}}
	m := &Meeting{Participants: []Participant{{Person: 3, Seat: SeatMember}, {Person: 12, Seat: SeatParty, Item: 21}, {Person: 13, Seat: SeatParty, Item: 22}}}
	for person, want := range map[PersonID]string{11: "you ", 12: "other ", 3: "seat member", 13: "named ", 99: "named ", 0: "named "} {
		does, seat := (&Decision{Person: person}).DutyOf(11, i, m)
		if got := fmt.Sprint(does, " ", seat); got != want {
			t.Errorf("%d: got %q, want %q", person, got, want)
		}
	}
}
