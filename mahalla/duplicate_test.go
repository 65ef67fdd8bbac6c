package mahalla

import (
	"fmt"
	"testing"
	"time"
)

// twins are two cases of noise at one place, of the reporter and a neighbour.
func twins(g Ground) (own, into *Case) {
	into, _ = filed(noise(), g, monday("10:00"))
	into.ID, into.Number, into.Reporter = 7, 7, neighbour
	own, _ = filed(noise(), g, monday("10:05"))
	own.ID, own.Number = 8, 8
	return own, into
}

func TestWhoMaySayThatACaseIsADuplicate(t *testing.T) {
	t.Parallel()
	g := ground(append(staff(), stands(colleague, PreventionInspector, elsewhere)))
	const hidden, unfit = "not_found: case_not_found", "invalid: duplicate_unfit"
	for _, test := range []struct {
		name   string
		change func(own, into *Case)
		by     PersonID
		want   string
	}{
		{"who was told", func(_, _ *Case) {}, inspector, "yes"},
		{"its owner", func(own, _ *Case) { own.Status, own.Owner = Accepted, inspector }, inspector, "yes"},
		{"while an answer is waited for", func(own, _ *Case) { own.Status, own.Owner = Waiting, inspector }, inspector, "yes"},
		{"another's", func(own, _ *Case) { own.Status, own.Owner = Accepted, senior }, inspector, "forbidden: not_owner"},
		{"above, not told", func(_, _ *Case) {}, senior, hidden},
		{"above, told", func(own, _ *Case) {
			own.assign(stands(senior, SeniorInspector, theDistrict), LevelSenior, monday("10:05"))
		}, senior, "yes"},
		{"elsewhere", func(_, _ *Case) {}, colleague, hidden},
		{"an administrator", func(_, _ *Case) {}, admin, hidden},
		{"the reporter", func(_, _ *Case) {}, reporter, "forbidden: no_role"},
		{"the reporter, an officer", func(own, _ *Case) { own.Reporter = inspector }, inspector, "forbidden: no_role"},
		{"the reporter of the other", func(_, into *Case) { into.Reporter = inspector }, inspector, hidden},
		{"closed", func(own, _ *Case) { own.Status, own.ClosedAt = Closed, monday("10:10") }, inspector, "conflict: already_closed"},
		{"given up before", func(own, _ *Case) { own.Status, own.MergedInto = Withdrawn, 7 }, inspector, "conflict: already_merged"},
		{"sent back", func(own, _ *Case) { own.Reopened = 1 }, inspector, unfit},
		{"offered", func(own, _ *Case) { own.Offers = []Offer{{Kind: OfferElsewhere, By: inspector, To: colleague}} }, inspector, "conflict: offer_open"},
		{"claimed to be false", func(own, _ *Case) {
			own.Status, own.Owner, own.Claim = Accepted, inspector, Claim{At: monday("10:06")}
		}, inspector, "conflict: claim_waits"},
		{"joined", func(own, _ *Case) { own.Joined = []Joining{{Person: 103}} }, inspector, "invalid: duplicate_crowd"},
		{"with a duplicate", func(own, _ *Case) { own.Duplicates = []Duplicate{{Case: 9}} }, inspector, "invalid: duplicate_crowd"},
		{"confidential", func(own, into *Case) { own.Secrecy, into.Secrecy = Confidential, Confidential }, inspector, unfit},
		{"across secrecy", func(_, into *Case) { into.Secrecy = Internal }, inspector, unfit},
		{"both internal", func(own, into *Case) { own.Secrecy, into.Secrecy = Internal, Internal }, inspector, "yes"},
		{"into a secret one", func(_, into *Case) { into.Secrecy = Secret }, inspector, unfit},
		{"into a complaint about the officer", func(_, into *Case) { into.Category = OfficerComplaint }, inspector, hidden},
		{"of the same reporter", func(own, into *Case) { into.Reporter = own.Reporter }, inspector, "yes"},
		{"of nobody", func(own, into *Case) { own.Alias, into.Alias = "7F3", "2B4" }, inspector, "yes"},
		{"itself", func(own, into *Case) { into.ID = own.ID }, inspector, "invalid: duplicate_itself"},
		{"of another mahalla", func(_, into *Case) { into.Place = elsewhere }, inspector, "invalid: duplicate_elsewhere"},
		{"into a closed one", func(_, into *Case) { into.Status = Closed }, inspector, "invalid: duplicate_closed"},
		{"into one of somebody else", func(_, into *Case) { into.Status, into.Owner = Accepted, senior }, inspector, "yes"},
		{"into a later clock", func(_, into *Case) { into.Ladder.Due = monday("11:06") }, inspector, "invalid: duplicate_turned"},
		{"into a later clock that stands", func(_, into *Case) { into.Status, into.Ladder.Due = Accepted, monday("11:06") }, inspector, "yes"},
		{"into a calmer one", func(own, _ *Case) { own.Urgency = Emergency }, inspector, "invalid: duplicate_turned"},
		{"into a more urgent one", func(_, into *Case) { into.Urgency = Emergency }, inspector, "yes"},
	} {
		own, into := twins(g)
		test.change(own, into)
		before := fmt.Sprintf("%+v %+v", *own, *into)
		same(t, test.name, answer(own.MayBeDuplicate(into, somebody(test.by, g.People), g, monday("10:10"))), test.want)
		same(t, test.name+": nothing was changed", fmt.Sprintf("%+v %+v", *own, *into), before)
	}
}

func TestADuplicateIsGivenUpAndLivesAgain(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	own, into := twins(g)
	by := somebody(inspector, g.People)
	if _, err := own.Accept(by, g, monday("10:06")); err != nil {
		t.Fatal(err)
	}
	given, taken, err := own.DuplicateOf(into, by, Normal, DefaultPolicies(), g, monday("10:10"))
	if err != nil {
		t.Fatal(err)
	}
	sameList(t, "its events", events(given), []string{"merged"})
	sameList(t, "events of the other", events(taken), []string{"duplicate"})
	sameList(t, "rung", rung(given), []string{"card.reporter 101"})
	same(t, "the other reporter is told", len(told(taken, CardReporter)), 0)
	same(t, "nobody is told who knows", len(told(taken, NoticeAddition)), 0)
	same(t, "crowd", into.Crowd(), 1)
	same(t, "it takes words", own.Takes(), true)
	sameTime(t, "the clock", own.NextBeat(), time.Time{})

	later := monday("10:10").Add(UndoJoinWithin)
	for _, test := range []struct {
		name string
		by   PersonID
		now  time.Time
		want string
	}{
		{"the reporter", reporter, later, "yes"},
		{"the officer", inspector, later, "yes"},
		{"too late", reporter, later.Add(time.Second), "too_many: part_late"},
		{"another officer", senior, later, "not_found: case_not_found"},
		{"the other reporter", neighbour, later, "not_found: case_not_found"},
	} {
		same(t, test.name, answer(own.MayPart(into, somebody(test.by, g.People), g, test.now)), test.want)
	}
	away := somebody(inspector, nil)
	same(t, "who has the role no more", answer(own.MayPart(into, away, g, later)), "not_found: case_not_found")

	lost := into.Lose(own, reporter, monday("11:00"))
	same(t, "who asked for it is not named", lost.Events[0].By, PersonID(0))
	back, err := own.Unmerge(reporter, noise(), DefaultPolicies(), g, monday("11:00"))
	if err != nil {
		t.Fatal(err)
	}
	sameList(t, "events of the return", events(back), []string{"unmerged", "assigned 11"})
	same(t, "the reporter's word stands", back.Events[0].Note, "apart")
	same(t, "owner", own.Owner, PersonID(0))
	same(t, "crowd after", into.Crowd(), 0)
}

func TestAnOfficersMistakeWinsNoTime(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	own, into := twins(g)
	by := somebody(inspector, g.People)
	due := own.Ladder.Due
	if _, _, err := own.DuplicateOf(into, by, Normal, DefaultPolicies(), g, monday("10:40")); err != nil {
		t.Fatal(err)
	}
	if _, err := own.Unmerge(inspector, noise(), DefaultPolicies(), g, monday("10:55")); err != nil {
		t.Fatal(err)
	}
	sameTime(t, "due", own.Ladder.Due, due)
}

func TestWhoTookTheOtherOneBackIsNothingToADuplicate(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	own, into := twins(g)
	if _, _, err := own.DuplicateOf(into, somebody(inspector, g.People), Normal, DefaultPolicies(), g, monday("10:10")); err != nil {
		t.Fatal(err)
	}
	o, err := own.Unmerge(neighbour, noise(), DefaultPolicies(), g, monday("10:15"))
	if err != nil {
		t.Fatal(err)
	}
	same(t, "by", o.Events[0].By, PersonID(0))
	same(t, "note", o.Events[0].Note, "")
	sameList(t, "rung", rung(o), []string{"card.officer 11", "card.reporter 101"})
}

// An officer who sees the number must not learn from it that a report without a
// name and another one are of one person.
func TestACrowdCountsWhatOfficersKnow(t *testing.T) {
	t.Parallel()
	c := &Case{Reporter: reporter, Joined: []Joining{{Person: neighbour}}}
	for _, test := range []struct {
		name  string
		alias string
		given []Duplicate
		want  int
	}{
		{"nobody", "", nil, 1},
		{"a stranger", "", []Duplicate{{Reporter: 103}}, 2},
		{"who joined too", "", []Duplicate{{Reporter: neighbour}}, 1},
		{"twice the same", "", []Duplicate{{Reporter: 103}, {Reporter: 103}}, 2},
		{"its own reporter", "", []Duplicate{{Reporter: reporter}}, 1},
		{"its own reporter, whom nobody knows", "7F3", []Duplicate{{Reporter: reporter}}, 2},
		{"two without a name", "", []Duplicate{{}, {}}, 3},
	} {
		c.Alias, c.Duplicates = test.alias, test.given
		same(t, test.name, c.Crowd(), test.want)
	}
}

func TestDuplicatesAreToldWhatTheReporterIsTold(t *testing.T) {
	t.Parallel()
	c := &Case{Reporter: reporter, Status: Closed, Duplicates: []Duplicate{{Case: 8}}}
	happened := []Event{{Kind: EventClosed}}
	card, result := Notice{Kind: CardReporter, To: reporter}, Notice{Kind: CardResult, To: reporter, Ring: true}
	for _, test := range []struct {
		name       string
		o          Outcome
		told, ring bool
	}{
		{"where it stands", Outcome{Events: happened, Notices: []Notice{card}}, true, false},
		{"the result", Outcome{Events: happened, Notices: []Notice{result}}, true, true},
		{"what officers are told", Outcome{Events: happened, Notices: []Notice{{Kind: CardOfficer, To: inspector}}}, false, false},
		{"that the reporter is back", Outcome{Notices: []Notice{card, result}}, false, false},
	} {
		list := c.ToDuplicates(test.o)
		same(t, test.name, len(list) == 1, test.told)
		same(t, test.name+" rings", len(list) == 1 && list[0].Ring, test.ring)
	}
}

func TestTheLinkOfADuplicateIsKeptUntilTheOtherCaseHasEnded(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	for _, test := range []struct {
		name   string
		worked func(*Case)
		want   int
	}{
		{"open", func(*Case) {}, 0},
		{"closed lately", func(c *Case) { c.Status, c.ClosedAt = Closed, monday("10:05") }, 0},
		{"closed before", func(c *Case) { c.Status, c.ClosedAt = Closed, monday("09:00") }, 1},
	} {
		own, into := twins(g)
		own.Alias, own.Status, own.WithdrawnAt, own.MergedInto, own.MergedBy = "7F3", Withdrawn, monday("10:00"), into.ID, inspector
		test.worked(into)
		same(t, test.name, len(own.Unlink(into, LinkKept, monday("10:01").Add(LinkKept)).Events), test.want)
	}
}

func TestWhatIsSaidOfADuplicateRaisesTheOtherCase(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	_, into := twins(g)
	o, err := into.HearOf(true, DefaultPolicies(), g, monday("10:10"))
	if err != nil {
		t.Fatal(err)
	}
	same(t, "urgency", into.Urgency, Emergency)
	sameList(t, "rung", rung(o), []string{"card.officer 11"})
	sameList(t, "told", told(o, NoticeAddition), []PersonID{inspector})
	same(t, "nobody is named", o.Events[0].By, PersonID(0))
	into.Status, into.ClosedAt = Closed, monday("10:15")
	_, err = into.HearOf(false, DefaultPolicies(), g, monday("10:20"))
	same(t, "after the end", answer(err), "conflict: already_closed")
	same(t, "an album after the end", len(into.HearMore().Notices), 0)
}
