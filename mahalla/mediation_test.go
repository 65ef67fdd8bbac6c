package mahalla

import (
	"fmt"
	"testing"
	"time"
)

func TestWhatAMediatorHearsIsHeardAlone(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status    MeetingStatus
		mediation bool
		agenda    []ItemID
		mediator  bool // of item 21
		want      string
	}{
		"an item of the commission to others":        {MeetingDraft, false, []ItemID{22}, false, ""},
		"of a mediator to nothing":                   {MeetingDraft, false, nil, true, ""},
		"of a mediator, on its own agenda":           {MeetingDraft, true, []ItemID{21}, true, ""},
		"of a mediator to others":                    {MeetingDraft, false, []ItemID{22}, true, "mediation_alone"},
		"of the commission to one of a mediator":     {MeetingDraft, true, []ItemID{22}, false, "mediation_full"},
		"of a mediator to another one of a mediator": {MeetingDraft, true, []ItemID{22}, true, "mediation_full"},
		"of a mediator to a called meeting":          {MeetingCalled, false, nil, true, "mediation_alone"},
		"of the commission to a called mediator":     {MeetingCalled, true, nil, false, "mediation_full"},
		"of a mediator to a called mediator":         {MeetingCalled, true, nil, true, ""},
		"of the commission to a called meeting":      {MeetingCalled, false, []ItemID{22}, false, ""},
	} {
		m := &Meeting{Status: test.status, Mediation: test.mediation}
		for _, i := range test.agenda {
			m.Agenda = append(m.Agenda, Hearing{Item: i})
		}
		if got := reasonOf(MayHearTogether(m, &Item{ID: 21, Mediator: test.mediator})); got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}

func TestWhoMayMediate(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		bears []PersonID
		sit   []Seated
		want  string
	}{
		"everybody but the secretary":   {nil, theSeated(), "[1 3 4 5]"},
		"who has a share may not":       {[]PersonID{1, 4}, theSeated(), "[3 5]"},
		"the secretary if nobody else":  {[]PersonID{1, 3, 4, 5}, theSeated(), "[2]"},
		"nobody":                        {[]PersonID{1, 2, 3, 4, 5}, theSeated(), "[]"},
		"a secretary alone":             {nil, []Seated{{Person: 2, Role: CommissionSecretary}}, "[2]"},
		"a secretary alone with a case": {[]PersonID{2}, []Seated{{Person: 2, Role: CommissionSecretary}}, "[]"},
	} {
		got := []PersonID{}
		for _, s := range Mediators(test.sit, func(p PersonID) bool {
			for _, b := range test.bears {
				if b == p {
					return true
				}
			}
			return false
		}) {
			got = append(got, s.Person)
		}
		if fmt.Sprint(got) != test.want {
			t.Errorf("%s: got %v, want %s", name, got, test.want)
		}
	}
}

func noShare(PersonID) bool { return false }

// theMediated is a draft of the secretary's with one item that a mediator hears, whose
// sides are 11 and 12.
func theMediated() (*Meeting, *Item) {
	custom := Custom{Quorum: QuorumHalf, Minutes: 60, Language: UzLatn}
	item := &Item{ID: 21, Commission: 100, State: ItemReady, Mediator: true, Parties: []Party{{Side: 1, Person: 11}, {Side: 2, Person: 12}}}
	m := NewMeeting(7, 100, 2, custom, theSeated(), meetNow)
	m.Agenda = []Hearing{{Item: item.ID}}
	m.At, m.Place, m.Step = meetNow.AddDate(0, 0, 7), "x", StepReady
	m.Convoke(true, theSeated(), custom, noShare)
	return m, item
}

// calledMediation is that meeting, called with the member 3 as its mediator.
func calledMediation(t *testing.T) (*Meeting, *Item) {
	t.Helper()
	m, item := theMediated()
	if _, err := m.Appoint(2, Seated{Person: 3, Role: CommissionMember}, theSeated(), nil, noShare, meetNow); err != nil {
		t.Fatal(err)
	}
	if err := m.Call(2, []*Item{item}, meetCalendar(), meetNow); err != nil {
		t.Fatal(err)
	}
	item.State = ItemScheduled
	return m, item
}

func TestToAMediatorsMeetingNobodyElseIsAsked(t *testing.T) {
	t.Parallel()
	custom := Custom{Quorum: QuorumHalf}
	m, item := theMediated()
	if got := seatsOf(m); got != "2 secretary" || m.Quorum != 1 {
		t.Errorf("a new one: got %s, quorum %d", got, m.Quorum)
	}
	if got := reasonOf(m.Call(2, []*Item{item}, meetCalendar(), meetNow)); got != "mediator_nobody" {
		t.Errorf("without a mediator: got %q", got)
	}
	if _, err := m.Appoint(2, Seated{Person: 3}, theSeated(), nil, noShare, meetNow); err != nil || seatsOf(m) != "3 mediator, 2 secretary" {
		t.Errorf("chosen: got %s, %v", seatsOf(m), err)
	}
	if _, err := m.Appoint(2, Seated{Person: 1}, theSeated(), nil, noShare, meetNow); err != nil || seatsOf(m) != "1 mediator, 2 secretary" {
		t.Errorf("another one: got %s, %v", seatsOf(m), err)
	}
	m.Convoke(true, theSeated()[1:], custom, noShare)
	if got := seatsOf(m); got != "2 secretary" {
		t.Errorf("the mediator does not sit any more: got %s", got)
	}
	m.Convoke(false, theSeated(), custom, noShare)
	if got := seatsOf(m); got != "1 chair, 2 secretary, 3 member, 4 member, 5 member" || m.Quorum != 3 {
		t.Errorf("the whole commission again: got %s, quorum %d", got, m.Quorum)
	}
	if got := reasonOf(m.Call(2, []*Item{item}, meetCalendar(), meetNow)); got != "mediation_changed" {
		t.Errorf("of a mediator after all: got %q", got)
	}
	alone := []Seated{{Person: 2, Role: CommissionSecretary}}
	m, item = theMediated()
	if _, err := m.Appoint(2, alone[0], alone, nil, noShare, meetNow); err != nil || seatsOf(m) != "2 mediator" {
		t.Errorf("the secretary alone: got %s, %v", seatsOf(m), err)
	}
	if err := m.Call(2, []*Item{item}, meetCalendar(), meetNow); err != nil || !m.Expected(0).Met() {
		t.Errorf("called by the mediator: got %v, %+v", err, m.Expected(0))
	}
	by := NewMeeting(8, 100, 1, custom, theSeated(), meetNow)
	by.Convoke(true, theSeated(), custom, noShare)
	if got := seatsOf(by); got != "2 secretary" {
		t.Errorf("called by the chair: got %s", got)
	}
}

func TestTheMediatorAloneIsTheQuorum(t *testing.T) {
	t.Parallel()
	m, item := calledMediation(t)
	if got := m.Expected(0); got != (Tally{Come: 0, Need: 1, Sit: 1}) {
		t.Errorf("the secretary counts: got %+v", got)
	}
	if got := fmt.Sprint(m.Unsure(), m.Answers("")); got != "[3] 1" {
		t.Errorf("who is unsure: got %s", got)
	}
	m.Participant(3).RSVP = RSVPYes
	if !m.Expected(0).Met() || !m.Expected(item.ID).Met() {
		t.Errorf("the mediator comes: got %+v", m.Expected(0))
	}
	m.Participant(3).Conflicts = []ItemID{item.ID}
	if m.Expected(0).Met() {
		t.Error("a mediator with a share is a quorum")
	}
	m.Participant(3).Conflicts = nil
	at := m.At
	for _, side := range []int{1, 2} {
		if err := m.MarkSide(item.ID, side, true, at); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Mark(2, true, at); err != nil {
		t.Fatal(err)
	}
	if err := m.Mark(3, false, at); err != nil { // who said yes counts as there until marked otherwise
		t.Fatal(err)
	}
	for _, with := range HearingOutcomes() {
		if with == OutcomeOneAbsent {
			continue
		}
		if got := reasonOf(m.MayEnd(item.ID, with)); got != "outcome_mediator" {
			t.Errorf("%s without the mediator: got %q", with, got)
		}
	}
	if err := m.Mark(3, true, at); err != nil {
		t.Fatal(err)
	}
	if err := m.EndItem(item.ID, OutcomeAgreed, at); err != nil {
		t.Errorf("with the mediator: got %v", err)
	}
	if err := m.Finish(at); err != nil || m.Status != MeetingHeld {
		t.Errorf("finished: got %v", err)
	}
}

func TestAnotherMediatorComesInThePlaceOfOneWhoDoesNot(t *testing.T) {
	t.Parallel()
	four := Seated{Person: 4, Role: CommissionMember}
	for name, test := range map[string]struct {
		before func(*Meeting)
		to     Seated
		at     time.Time
		want   string
		seats  string
	}{
		"has refused": {func(m *Meeting) { m.Participant(3).RSVP = RSVPNo }, four, meetNow, "", "4 mediator, 2 secretary yes, 11 side 1 of 21, 12 side 2 of 21"},
		"is silent":   {func(*Meeting) {}, four, meetNow, "", "4 mediator, 2 secretary yes, 11 side 1 of 21, 12 side 2 of 21"},
		"comes":       {func(m *Meeting) { m.Participant(3).RSVP = RSVPYes }, four, meetNow, "mediator_comes", ""},
		"comes and has a share": {func(m *Meeting) { m.Participant(3).RSVP, m.Participant(3).Conflicts = RSVPYes, []ItemID{21} }, four, meetNow, "",
			"4 mediator, 2 secretary yes, 11 side 1 of 21, 12 side 2 of 21"},
		"the same":            {func(*Meeting) {}, Seated{Person: 3}, meetNow, "mediator_same", ""},
		"when it is over":     {func(*Meeting) {}, four, meetNow.AddDate(0, 0, 8), "meeting_over", ""},
		"the secretary does":  {func(*Meeting) {}, Seated{Person: 2, Role: CommissionSecretary}, meetNow, "", "2 mediator yes, 11 side 1 of 21, 12 side 2 of 21"},
		"of the whole one":    {func(m *Meeting) { m.Mediation = false }, four, meetNow, "mediation_none", ""},
		"whose role is ended": {func(m *Meeting) { m.SeatAnew(Composition{Sit: theSeated()[:2]}, meetNow) }, four, meetNow, "", "4 mediator, 2 secretary yes, 11 side 1 of 21, 12 side 2 of 21"},
	} {
		m, _ := calledMediation(t)
		test.before(m)
		if _, err := m.Appoint(2, test.to, theSeated(), nil, noShare, test.at); reasonOf(err) != test.want || err == nil && seatsOf(m) != test.seats {
			t.Errorf("%s: got %s, %v, want %s, %s", name, seatsOf(m), err, test.seats, test.want)
		}
	}
}

func TestToAMediatorsMeetingOnlyASecretaryIsAskedLater(t *testing.T) {
	t.Parallel()
	later := meetNow.Add(time.Hour)
	for name, test := range map[string]struct {
		sit    []Seated
		want   string
		change string
	}{
		"nothing":             {theSeated(), "3 mediator, 2 secretary yes, 11 side 1 of 21, 12 side 2 of 21", "[] [] []"},
		"a member joins":      {append(theSeated(), Seated{Person: 6, Role: CommissionMember, Since: later}), "3 mediator, 2 secretary yes, 11 side 1 of 21, 12 side 2 of 21", "[] [] []"},
		"the mediator leaves": {theSeated()[:2], "2 secretary yes, 11 side 1 of 21, 12 side 2 of 21", "[3] [] []"},
		"another secretary": {[]Seated{{Person: 3, Role: CommissionMember}, {Person: 6, Role: CommissionSecretary, Since: later}},
			"3 mediator, 11 side 1 of 21, 12 side 2 of 21, 6 secretary", "[2] [] [6]"},
	} {
		m, item := calledMediation(t)
		r := m.SeatAnew(Composition{Sit: test.sit, Items: []*Item{item}, Quorum: QuorumHalf}, later)
		if got := fmt.Sprint(r.Left, r.Sides, r.Joined); seatsOf(m) != test.want || got != test.change || m.Quorum != 1 {
			t.Errorf("%s: got %s, %s, quorum %d, want %s, %s", name, seatsOf(m), got, m.Quorum, test.want, test.change)
		}
	}
}

func TestWhoHearsAnItemIsSettledOnceItsMeetingIsCalled(t *testing.T) {
	t.Parallel()
	_, item := calledMediation(t)
	item.Violence, item.Crime = ReplyNo, ReplyNo
	if _, err := item.Mediate(false, 2, meetNow); reasonOf(err) != "mediation_called" {
		t.Errorf("got %v", err)
	}
	if o, err := item.Mediate(true, 2, meetNow); err != nil || len(o.Events) != 0 {
		t.Errorf("the same again: got %+v, %v", o, err)
	}
	item.State = ItemReady
	if _, err := item.Mediate(false, 2, meetNow); err != nil || item.Mediator {
		t.Errorf("after it was taken off: got %v", err)
	}
}

func TestASideNeitherMediatesNorWritesDownTheOwnMatter(t *testing.T) {
	t.Parallel()
	own := &Item{ID: 22, Commission: 100, State: ItemReady, Mediator: true, Parties: []Party{{Side: 1, Person: 3}, {Side: 2, Person: 12}}}
	bears := func(p PersonID) bool { return own.PartyOf(p) != nil }
	m, item := calledMediation(t)
	m.Participant(3).RSVP = RSVPYes
	m.Leave(item.ID)
	asked, err := m.Add(own, meetNow)
	if got := fmt.Sprint(asked, seatsOf(m)); err != nil || got != "[3 12]2 secretary yes, 3 side 1 of 22, 12 side 2 of 22" {
		t.Errorf("the mediator is a side: got %s, %v", got, err)
	}
	if m.Expected(0).Met() {
		t.Error("a side is the quorum")
	}
	if gone, err := m.Appoint(2, Seated{Person: 4, Role: CommissionMember}, theSeated(), own, bears, meetNow); err != nil || gone != 0 ||
		seatsOf(m) != "4 mediator, 2 secretary yes, 3 side 1 of 22, 12 side 2 of 22" {
		t.Errorf("another one: got %s, gone %d, %v", seatsOf(m), gone, err)
	}

	m, _ = calledMediation(t) // of an older release: seated in the own matter
	m.Agenda, m.Participants = []Hearing{{Item: own.ID}}, m.Participants[:2]
	m.Participant(3).Conflicts = []ItemID{own.ID}
	if gone, err := m.Appoint(2, Seated{Person: 4, Role: CommissionMember}, theSeated(), own, bears, meetNow); err != nil || gone != 0 ||
		seatsOf(m) != "4 mediator, 2 secretary yes, 3 side 1 of 22, 12 side 2 of 22" {
		t.Errorf("instead of a side: got %s, gone %d, %v", seatsOf(m), gone, err)
	}

	m, item = theMediated()
	item.Parties[1].Person = 2
	writes := func(p PersonID) bool { return item.PartyOf(p) != nil }
	six := append(theSeated(), Seated{Person: 6, Role: CommissionSecretary})
	for _, test := range []struct {
		sit  []Seated
		want string
	}{{six, "3 mediator, 6 secretary, 11 side 1 of 21, 2 side 2 of 21 yes"}, {theSeated(), "3 mediator, 11 side 1 of 21, 2 side 2 of 21 yes"}} {
		x := *m
		x.Participants = nil
		x.Convoke(true, test.sit, Custom{}, writes)
		if _, err := x.Appoint(2, test.sit[2], test.sit, item, writes, meetNow); err != nil {
			t.Fatal(err)
		}
		if err := x.Call(2, []*Item{item}, meetCalendar(), meetNow); err != nil || seatsOf(&x) != test.want {
			t.Errorf("the secretary is a side: got %s, %v, want %s", seatsOf(&x), err, test.want)
		}
	}
}

func TestWhoRefusedToSitForAMemberIsAskedAsASide(t *testing.T) {
	t.Parallel()
	m := &Meeting{Participants: []Participant{{Person: 1, Seat: SeatChair}, {Person: 11, Seat: SeatSubstitute, InFor: 1, RSVP: RSVPNo}}}
	i := &Item{ID: 21, Parties: []Party{{Side: 1, Person: 11}, {Side: 2, Person: 1}}}
	if got := fmt.Sprint(m.ask(i), seatsOf(m)); got != "[11]1 chair, 11 side 1 of 21" {
		t.Errorf("got %s", got)
	}
}
