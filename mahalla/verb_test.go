package mahalla

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// allVerbs and allStatuses are the two sides of the table.
var (
	allVerbs    = []Verb{VerbAccept, VerbPromise, VerbClose, VerbAsk, VerbAnswer, VerbNote, VerbAdd, VerbWithdraw, VerbJudge, VerbRate, VerbReopen, VerbUndo, VerbDecline, VerbGive, VerbNudge, VerbReveal, VerbDuplicate, VerbPropose}
	allStatuses = []Status{New, Accepted, Waiting, Closed, Withdrawn}
)

// inStatus makes a case of the inspector's in a status.
func inStatus(t *testing.T, g Ground, status Status) *Case {
	t.Helper()
	switch status {
	case New:
		c, _ := filed(noise(), g, monday("10:00"))
		return c
	case Closed:
		return closed(t, g, monday("10:00"), inspector)
	case Withdrawn:
		c, _ := filed(noise(), g, monday("10:00"))
		if _, err := c.Withdraw(reporter, monday("10:05")); err != nil {
			t.Fatal(err)
		}
		return c
	}
	c := accepted(t, g, monday("10:00"), inspector)
	if status == Waiting {
		if _, err := c.Ask(somebody(inspector, g.People), monday("10:20")); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

// do tries a verb with arguments that nothing is wrong with.
func do(c *Case, verb Verb, by Person, g Ground, now time.Time) (Outcome, error) {
	switch verb {
	case VerbAccept:
		return c.Accept(by, g, now)
	case VerbPromise:
		return c.PromiseBy(by, now.Add(time.Hour), now)
	case VerbClose:
		return c.Close(by, Solved, "Gaplashildi.", now)
	case VerbAsk:
		return c.Ask(by, now)
	case VerbAnswer:
		return c.Answer(by.ID, false, DefaultPolicies(), g, now)
	case VerbNote:
		return c.Note(by, now)
	case VerbAdd:
		return c.Add(by.ID, "Yana", false, DefaultPolicies(), g, now)
	case VerbWithdraw:
		return c.Withdraw(by.ID, now)
	case VerbJudge:
		return c.Judge(by.ID, now)
	case VerbUndo:
		return c.Undo(by, g, now)
	case VerbRate:
		return c.Rate(by.ID, 4, now)
	case VerbReopen:
		return c.Reopen(by.ID, VerdictPartly, "Yana", false, DefaultPolicies(), g, now)
	case VerbReveal:
		return c.Reveal(by.ID, g, now)
	}
	switch verb {
	case VerbDecline:
		return c.Decline(by, g, now)
	case VerbGive:
		return c.Give(by, Person{ID: 31, Reach: Reachable, Memberships: []Membership{{Role: PreventionInspector, Territory: elsewhere}}}, g, now)
	case VerbNudge:
		return c.NudgeBy(by, g, now)
	case VerbDuplicate:
		into := copied(c)
		into.ID, into.Status = c.ID+1, New
		own, _, err := c.DuplicateOf(into, by, Normal, DefaultPolicies(), g, now)
		return own, err
	case VerbPropose:
		if err := c.MayBring(by, g, now); err != nil {
			return Outcome{}, err
		}
		category := noise()
		category.Reconcile = true
		_, o, err := c.Propose(Proposal{Item: 7, Commission: theSector, Category: category, By: by.ID}, now)
		return o, err
	}
	panic("unknown verb " + verb)
}

// copied is a case that may be tried on without harm.
func copied(c *Case) *Case {
	twin := *c
	twin.Assignments = slices.Clone(c.Assignments)
	twin.Offers = slices.Clone(c.Offers)
	twin.Ladder.Beats = slices.Clone(c.Ladder.Beats)
	return &twin
}

func TestEveryStatusAndVerb(t *testing.T) {
	t.Parallel()
	const (
		yes      = "yes"
		early    = "conflict: not_accepted_yet"
		open     = "conflict: not_closed_yet"
		yours    = "conflict: already_yours"
		done     = "conflict: already_closed"
		gone     = "conflict: already_withdrawn"
		unjudged = "conflict: not_judged_yet"
		unasked  = "conflict: not_asked"
		uncalled = "conflict: undo_open"
		taken    = "conflict: already_accepted"
		statuses = 5
	)
	table := map[Verb][statuses]string{ // New, Accepted, Waiting, Closed, Withdrawn
		VerbAccept:   {yes, yours, yours, done, gone},
		VerbPromise:  {early, yes, yes, done, gone},
		VerbClose:    {early, yes, yes, done, gone},
		VerbAsk:      {early, yes, yes, done, gone},
		VerbNote:     {early, yes, yes, done, gone},
		VerbAnswer:   {unasked, unasked, yes, done, gone},
		VerbAdd:      {yes, yes, yes, done, gone},
		VerbWithdraw: {yes, yes, yes, done, gone},
		VerbJudge:    {open, open, open, yes, gone},
		VerbRate:     {open, open, open, unjudged, gone},
		VerbReopen:   {open, open, open, yes, gone},
		VerbUndo:     {uncalled, uncalled, uncalled, yes, gone},
		VerbDecline:  {yes, yes, yes, done, gone},
		VerbGive:     {yes, yes, yes, done, gone}, // the case being the supervisor's: see TestASupervisorOffersATakenCaseToAnOfficerBelow
		VerbNudge:    {yes, taken, taken, done, gone},
		VerbReveal:   {yes, yes, yes, yes, gone},

		VerbDuplicate: {yes, yes, yes, done, gone},
		VerbPropose:   {early, yes, yes, done, gone},
	}
	officers := []Verb{VerbDuplicate, VerbAccept, VerbPromise, VerbClose, VerbAsk, VerbNote, VerbUndo, VerbDecline, VerbPropose}
	same(t, "verbs in the rules and in this table", len(transitions), len(table))
	for _, verb := range allVerbs {
		for i, status := range allStatuses {
			t.Run(fmt.Sprintf("%s when %s", verb, status), func(t *testing.T) {
				t.Parallel()
				g := ground(staff())
				by := somebody(reporter, g.People)
				if slices.Contains(officers, verb) {
					by = somebody(inspector, g.People)
				}
				if verb == VerbGive || verb == VerbNudge {
					by = somebody(senior, g.People)
				}
				c := inStatus(t, g, status)
				if verb == VerbReveal {
					c.Alias = "7F3"
				}
				if verb == VerbGive && c.Owner != 0 {
					c.Owner = senior
				}
				before := fmt.Sprintf("%+v", *c)
				o, err := do(c, verb, by, g, monday("10:34"))
				same(t, "answer", answer(err), table[verb][i])
				if err == nil {
					return
				}
				same(t, "the case", fmt.Sprintf("%+v", *c), before)
				same(t, "the outcome", fmt.Sprintf("%+v", o), fmt.Sprintf("%+v", Outcome{}))
				if allowed := slices.Contains(transitions[verb], status); allowed != (table[verb][i] == unjudged) {
					t.Errorf("transitions allow it: %t", allowed)
				}
			})
		}
	}
}

func TestWhoMayDoWhat(t *testing.T) {
	t.Parallel()
	const (
		yes     = "yes"
		hidden  = "not_found: case_not_found"
		notYour = "forbidden: not_owner"
	)
	people := append(staff(), stands(chair, MahallaChair, thePlace), stands(21, PreventionInspector, elsewhere))
	actors := []PersonID{inspector, substitute, senior, sectorHead, districtHead, admin, chair, 21, reporter, neighbour}
	may := map[Verb][]PersonID{
		VerbAccept:   {inspector, substitute, senior, sectorHead, districtHead, chair},
		VerbPromise:  {inspector},
		VerbClose:    {inspector},
		VerbAsk:      {inspector},
		VerbNote:     {inspector},
		VerbAnswer:   {reporter},
		VerbAdd:      {reporter},
		VerbWithdraw: {reporter},
		VerbJudge:    {reporter},
		VerbRate:     {reporter},
		VerbReopen:   {reporter},
		VerbUndo:     {inspector},
		VerbDecline:  {inspector},
		VerbGive:     {senior, sectorHead, districtHead},
		VerbNudge:    {senior, sectorHead, districtHead},
		VerbReveal:   {reporter},

		VerbDuplicate: {inspector},
		VerbPropose:   {inspector, senior, sectorHead, districtHead},
	}
	for _, verb := range allVerbs {
		for _, who := range actors {
			t.Run(fmt.Sprintf("%s by %d", verb, who), func(t *testing.T) {
				t.Parallel()
				want := yes
				switch {
				case slices.Contains(may[verb], who):
				case who == reporter && slices.Contains([]Verb{VerbPromise, VerbClose, VerbAsk, VerbNote, VerbUndo, VerbDecline, VerbDuplicate, VerbPropose}, verb):
					want = "forbidden: no_role"
				case verb == VerbGive || verb == VerbNudge:
					want = "forbidden: no_role"
				case verb == VerbDecline && slices.Contains([]PersonID{senior, sectorHead, districtHead}, who):
					want = hidden
				case verb == VerbPromise || verb == VerbClose || verb == VerbAsk || verb == VerbNote || verb == VerbUndo || verb == VerbPropose:
					want = notYour
				default:
					want = hidden
				}
				g := ground(people)
				c := inStatus(t, g, transitions[verb][0])
				if verb == VerbReveal {
					c.Alias = "7F3"
				}
				if verb == VerbRate {
					if _, err := c.Judge(reporter, monday("10:45")); err != nil {
						t.Fatal(err)
					}
				}
				now := monday("11:00")
				if verb == VerbUndo {
					now = monday("10:34")
				}
				_, err := do(c, verb, somebody(who, g.People), g, now)
				same(t, "answer", answer(err), want)
				if want == notYour {
					same(t, "by", err.(*Error).Args["by"], fmt.Sprint(inspector))
				}
			})
		}
	}
	t.Run("an owner without a role any more", func(t *testing.T) {
		t.Parallel()
		g := ground(people)
		for _, verb := range []Verb{VerbPromise, VerbClose, VerbAsk, VerbNote} {
			_, err := do(inStatus(t, g, Accepted), verb, Person{ID: inspector}, g, monday("11:00"))
			same(t, string(verb), answer(err), "forbidden: no_role")
		}
	})
}

func TestARefusalSaysWhatHappened(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	for status, want := range map[Status]map[string]string{
		New:       nil,
		Accepted:  {"by": "11", "at": fmt.Sprint(monday("10:15").Unix())},
		Closed:    {"by": "11", "at": fmt.Sprint(monday("10:30").Unix())},
		Withdrawn: {"at": fmt.Sprint(monday("10:05").Unix())},
	} {
		verb := VerbAccept
		if status == New {
			verb = VerbClose
		}
		_, err := do(inStatus(t, g, status), verb, somebody(senior, g.People), g, monday("11:00"))
		if err == nil {
			t.Errorf("%s: %s is allowed", status, verb)
			continue
		}
		same(t, string(status), fmt.Sprint(err.(*Error).Args), fmt.Sprint(want))
	}
}

func TestChoicesAreWhatWorks(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	judged := func(t *testing.T) *Case {
		c := inStatus(t, g, Closed)
		if _, err := c.Judge(reporter, monday("10:45")); err != nil {
			t.Fatal(err)
		}
		return c
	}
	in := func(status Status) func(*testing.T) *Case {
		return func(t *testing.T) *Case { return inStatus(t, g, status) }
	}
	for _, test := range []struct {
		name string
		make func(*testing.T) *Case
		who  PersonID
		now  time.Time
		want []Verb
	}{
		{"a reporter adds to and withdraws a fresh case", in(New), reporter, monday("11:00"), []Verb{VerbAdd, VerbWithdraw}},
		{"a reporter adds to and withdraws an accepted case", in(Accepted), reporter, monday("11:00"), []Verb{VerbAdd, VerbWithdraw}},
		{"a reporter adds to and withdraws a waiting case, and answers", in(Waiting), reporter, monday("11:00"), []Verb{VerbAnswer, VerbAdd, VerbWithdraw}},
		{"a reporter judges or reopens a closed case", in(Closed), reporter, monday("11:00"), []Verb{VerbJudge, VerbReopen}},
		{"a reporter may no longer reopen after fourteen days", in(Closed), reporter, at("2027-01-01 00:00"), []Verb{VerbJudge}},
		{"a reporter does nothing with a solved case", judged, reporter, monday("11:00"), nil},
		{"a reporter does nothing with a withdrawn case", in(Withdrawn), reporter, monday("11:00"), nil},
		{"an officer accepts a fresh case", in(New), inspector, monday("11:00"), []Verb{VerbAccept, VerbDecline, VerbDuplicate}},
		{"a senior accepts a fresh case, gives it or reminds", in(New), senior, monday("11:00"), []Verb{VerbAccept, VerbGive, VerbNudge}},
		{"an owner promises, closes and asks", in(Accepted), inspector, monday("11:00"), []Verb{VerbPromise, VerbClose, VerbAsk, VerbNote, VerbDecline, VerbDuplicate, VerbPropose}},
		{"an owner promises, closes and asks while waiting", in(Waiting), inspector, monday("11:00"), []Verb{VerbPromise, VerbClose, VerbAsk, VerbNote, VerbDecline, VerbDuplicate, VerbPropose}},
		{"an owner takes a closing back", in(Closed), inspector, monday("10:34"), []Verb{VerbUndo}},
		{"an owner does nothing with a closed case", in(Closed), inspector, monday("11:00"), nil},
		{"a supervisor brings an accepted case before a commission", in(Accepted), senior, monday("11:00"), []Verb{VerbPropose}},
		{"others do nothing with an accepted case", in(Accepted), substitute, monday("11:00"), nil},
		{"an administrator does nothing", in(New), admin, monday("11:00"), nil},
		{"a neighbour does nothing", in(New), neighbour, monday("11:00"), nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			sameList(t, "choices", test.make(t).Choices(somebody(test.who, g.People), g, test.now), test.want)
		})
	}
}
