package mahalla

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// dispute is a category that a commission may hear.
func dispute() Category {
	c := fiveDays()
	c.Code, c.Reconcile, c.Secrecy = "neighbour_dispute", true, Confidential
	return c
}

// proposed is a case before a commission, with all gates closed.
func proposed(t *testing.T, g Ground) (*Case, *Item) {
	t.Helper()
	c, _ := underWay(t, dispute(), g, inspector)
	i, _, err := c.Propose(Proposal{Item: 7, Commission: theSector, Category: dispute(), First: Party{Person: reporter}, By: inspector}, monday("11:00"))
	if err != nil {
		t.Fatal(err)
	}
	return c, i
}

// questioned is one whose sides are asked.
func questioned(t *testing.T, g Ground) (*Case, *Item) {
	t.Helper()
	c, i := proposed(t, g)
	for _, gate := range []Gate{GateViolence, GateCrime} {
		if _, err := i.Answer(c, gate, ReplyNo, inspector, g, monday("11:05")); err != nil {
			t.Fatal(err)
		}
	}
	return c, i
}

// ready is one whose gates are open since noon.
func ready(t *testing.T, g Ground) (*Case, *Item) {
	t.Helper()
	c, i := questioned(t, g)
	for side := 1; side <= 2; side++ {
		if _, err := i.Agree(c, side, inspector, g, monday("12:00")); err != nil {
			t.Fatal(err)
		}
	}
	return c, i
}

func TestWhatComesBeforeACommission(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change   func(*Case)
		category func(*Category)
		last     *Item
		want     string
	}{
		"a dispute":                 {want: "yes"},
		"while the reporter speaks": {change: func(c *Case) { c.Status = Waiting }, want: "yes"},
		"never heard by one":        {category: func(c *Category) { c.Reconcile = false }, want: "forbidden: agenda_category"},
		"secret":                    {change: func(c *Case) { c.Secrecy = Secret }, want: "forbidden: agenda_category"},
		"an emergency":              {change: func(c *Case) { c.Urgency = Emergency }, want: "forbidden: agenda_danger"},
		"without a name":            {change: func(c *Case) { c.Alias = "7F3" }, want: "forbidden: agenda_anonymous"},
		"nobody has taken it":       {change: func(c *Case) { c.Status = New }, want: "conflict: not_accepted_yet"},
		"closed":                    {change: func(c *Case) { c.Status = Closed }, want: "conflict: already_closed"},
		"withdrawn":                 {change: func(c *Case) { c.Status = Withdrawn }, want: "conflict: already_withdrawn"},
		"on an agenda already":      {last: &Item{State: ItemReady}, want: "conflict: agenda_already"},
		"violence was found":        {last: &Item{State: ItemDropped, Cause: CauseViolence}, want: "forbidden: agenda_violence"},
		"a crime was found":         {last: &Item{State: ItemDropped, Cause: CauseCrime}, want: "forbidden: agenda_crime"},
		"danger was heard of":       {last: &Item{State: ItemDropped, Cause: CauseDanger}, want: "forbidden: agenda_danger"},
		"heard twice":               {last: &Item{State: ItemSettled, Sittings: 2}, want: "forbidden: agenda_twice"},
		"heard once":                {last: &Item{State: ItemSettled, Sittings: 1}, want: "yes"},
		"taken back by the officer": {last: &Item{State: ItemDropped, Cause: CauseOfficer, EndedAt: monday("10:30")}, want: "yes"},
		"a side said no today":      {last: &Item{State: ItemDropped, Cause: CauseRefused, EndedAt: monday("10:30")}, want: "too_many: agenda_refused"},
		"a side changed its mind":   {last: &Item{State: ItemDropped, Cause: CauseTakenBack, EndedAt: monday("10:30")}, want: "too_many: agenda_refused"},
		"a side said no long ago":   {last: &Item{State: ItemDropped, Cause: CauseRefused, EndedAt: monday("11:00").Add(-AskAgainAfter)}, want: "yes"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := ground(staff())
			category := dispute()
			c, _ := underWay(t, category, g, inspector)
			if test.change != nil {
				test.change(c)
			}
			if test.category != nil {
				test.category(&category)
			}
			i, o, err := c.Propose(Proposal{Item: 7, Commission: theSector, Category: category, Last: test.last, First: Party{Person: reporter}, By: inspector}, monday("11:00"))
			same(t, "propose", answer(err), test.want)
			if err != nil {
				same(t, "item of the case", c.Resolution.Item, 0)
				return
			}
			sameList(t, "events", events(o), []string{"proposed"})
			same(t, "gate", i.Gate(), GateViolence)
			same(t, "reporter's card", len(told(o, CardReporter)), 0)
			if test.last != nil {
				same(t, "sittings", i.Sittings, test.last.Sittings)
			}
		})
	}
}

func TestWhoBringsACaseBeforeACommission(t *testing.T) {
	t.Parallel()
	g := ground(append(staff(), stands(colleague, PreventionInspector, thePlace), stands(21, CommissionSecretary, theSector)))
	for who, want := range map[PersonID]string{
		inspector: "yes", senior: "yes", sectorHead: "yes", districtHead: "yes",
		colleague: "forbidden: not_owner", 21: "forbidden: not_owner", admin: "forbidden: not_owner", neighbour: "forbidden: not_owner", reporter: "forbidden: no_role",
	} {
		c, _ := underWay(t, dispute(), g, inspector)
		same(t, fmt.Sprint(who), answer(c.MayBring(somebody(who, g.People), g, monday("11:00"))), want)
	}
}

func TestTheCommissionOfAPlaceIsTheNearestThatCanBeConvened(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		people Responsibilities
		want   TerritoryID
	}{
		"nobody":                     {nil, 0},
		"only members":               {Responsibilities{stands(21, CommissionMember, thePlace)}, 0},
		"a secretary of the sector":  {Responsibilities{stands(21, CommissionMember, thePlace), stands(22, CommissionSecretary, theSector)}, theSector},
		"a chair nearer":             {Responsibilities{stands(21, CommissionChair, thePlace), stands(22, CommissionSecretary, theSector)}, thePlace},
		"a secretary out of reach":   {silenced(Responsibilities{stands(21, CommissionSecretary, thePlace), stands(22, CommissionSecretary, theDistrict)}, 21), theDistrict},
		"a secretary somewhere else": {Responsibilities{stands(21, CommissionSecretary, elsewhere)}, 0},
	} {
		got, ok := CommissionFor(thePath(), test.people)
		same(t, name, got, test.want)
		same(t, name, ok, test.want != 0)
	}
}

func TestTheGates(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	t.Run("are asked one after the other, and no side before they are open", func(t *testing.T) {
		t.Parallel()
		c, i := proposed(t, g)
		_, err := i.Answer(c, GateCrime, ReplyNo, inspector, g, monday("11:05"))
		same(t, "the second first", answer(err), "conflict: agenda_stale")
		_, err = i.Agree(c, 1, reporter, g, monday("11:05"))
		same(t, "consent first", answer(err), "conflict: agenda_gates")
		o, err := i.Answer(c, GateViolence, ReplyNo, inspector, g, monday("11:05"))
		same(t, "violence", answer(err), "yes")
		sameList(t, "sides told", told(o, CardParty), nil)
		_, err = i.Answer(c, GateViolence, ReplyNo, inspector, g, monday("11:05"))
		same(t, "again", answer(err), "conflict: agenda_stale")
		o, err = i.Answer(c, GateCrime, ReplyNo, inspector, g, monday("11:06"))
		same(t, "crime", answer(err), "yes")
		sameList(t, "sides asked", rung(o), []string{"card.party 101"})
		same(t, "gate", i.Gate(), GateConsent)
		same(t, "asked by", i.AskedBy, inspector)
	})
	for _, gate := range []Gate{GateViolence, GateCrime} {
		t.Run(string(gate)+" drops it for good and wakes nobody", func(t *testing.T) {
			t.Parallel()
			c, i := proposed(t, g)
			if gate == GateCrime {
				_, _ = i.Answer(c, GateViolence, ReplyNo, inspector, g, monday("11:05"))
			}
			o, err := i.Answer(c, gate, ReplyYes, inspector, g, monday("11:06"))
			same(t, "answer", answer(err), "yes")
			same(t, "state", i.State, ItemDropped)
			same(t, "cause", i.Cause, string(gate))
			sameList(t, "rings", rung(o), nil)
			sameList(t, "events", events(o), []string{"gate", "dropped"})
			same(t, "item of the case", c.Resolution.Item, 0)
			_, _, err = c.Propose(Proposal{Item: 8, Commission: theSector, Category: dispute(), Last: i, By: inspector}, monday("11:10").AddDate(1, 0, 0))
			same(t, "a year later", answer(err), "forbidden: agenda_"+string(gate))
		})
	}
}

func TestConsentMakesAnItemReady(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	c, i := questioned(t, g)
	o, err := i.Agree(c, 1, reporter, g, monday("11:10"))
	same(t, "the first", answer(err), "yes")
	same(t, "state", i.State, ItemProposed)
	sameList(t, "rings", rung(o), nil)
	o, err = i.Record(c, 2, "Karim", "+998901234567", Reachable, inspector, g, monday("12:00"))
	same(t, "the second", answer(err), "yes")
	same(t, "state", i.State, ItemReady)
	sameTime(t, "first sitting by", i.FirstBy(), monday("12:00").AddDate(0, 0, 10))
	sameList(t, "events", events(o), []string{"gate", "agenda_ready"})
	same(t, "name", i.Party(2).Name, "Karim")
	sameList(t, "reporter's card", told(o, CardReporter), []PersonID{reporter})
	o, err = i.Agree(c, 2, inspector, g, monday("12:01"))
	same(t, "once more", answer(err), "yes")
	same(t, "happens nothing", len(o.Events)+len(o.Notices), 0)
}

func TestASideMayChangeItsMindUntilTheSittingBegins(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	begins := monday("12:00").AddDate(0, 0, 5)
	for name, test := range map[string]struct {
		state ItemState
		when  time.Time
		want  string
	}{
		"when it is ready":          {ItemReady, monday("13:00"), "yes"},
		"before the sitting":        {ItemScheduled, begins.Add(-time.Second), "yes"},
		"when the sitting begins":   {ItemScheduled, begins, "conflict: agenda_begun"},
		"when it was settled":       {ItemSettled, begins.Add(time.Hour), "conflict: agenda_stale"},
		"when it was dropped again": {ItemDropped, monday("13:00"), "conflict: agenda_stale"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, i := ready(t, g)
			i.State = test.state
			i.Parties[1].Person = neighbour
			o, err := i.Decline(c, 1, reporter, begins, g, test.when)
			same(t, "decline", answer(err), test.want)
			if err == nil {
				same(t, "cause", i.Cause, CauseTakenBack)
				sameList(t, "rings", rung(o), []string{"card.party 102"})
				same(t, "stands", c.AtCommission(test.when), false)
			}
		})
	}
	c, i := questioned(t, g)
	o, err := i.Decline(c, 2, inspector, time.Time{}, g, monday("13:00"))
	same(t, "before it agreed", answer(err), "yes")
	same(t, "cause", i.Cause, CauseRefused)
	sameList(t, "rings", rung(o), nil)
}

func TestTheLinkOfASideWorksOnceAndForTheOtherSide(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	noon := monday("12:00")
	for name, test := range map[string]struct {
		who    PersonID
		after  time.Duration
		before func(*Case, *Item)
		want   string
	}{
		"the other side":    {neighbour, time.Hour, nil, "yes"},
		"the reporter":      {reporter, time.Hour, nil, "forbidden: party_link_own"},
		"the officer":       {inspector, time.Hour, nil, "forbidden: party_link_own"},
		"on the third day":  {neighbour, PartyLinkLife - time.Second, nil, "yes"},
		"later":             {neighbour, PartyLinkLife, nil, "not_found: party_link_gone"},
		"closed":            {neighbour, time.Hour, func(_ *Case, i *Item) { _, _ = i.Unlink(2, inspector, noon) }, "not_found: party_link_gone"},
		"used":              {neighbour, time.Hour, func(c *Case, i *Item) { _, _ = i.Arrive(c, 2, 103, noon) }, "not_found: party_link_gone"},
		"it agreed by word": {neighbour, time.Hour, func(c *Case, i *Item) { _, _ = i.Agree(c, 2, inspector, ground(nil), noon) }, "not_found: party_link_gone"},
		"the proposal is withdrawn": {neighbour, time.Hour, func(c *Case, i *Item) { _, _ = i.Drop(c, CauseOfficer, inspector, ground(nil), noon) },
			"not_found: party_link_gone"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, i := questioned(t, g)
			if _, err := i.Link(2, []byte{1}, inspector, noon); err != nil {
				t.Fatal(err)
			}
			if test.before != nil {
				test.before(c, i)
			}
			o, err := i.Arrive(c, 2, test.who, noon.Add(test.after))
			same(t, "arrive", answer(err), test.want)
			if err == nil {
				sameList(t, "asked", rung(o), []string{fmt.Sprint("card.party ", test.who)})
				same(t, "hash", len(i.Party(2).TokenHash), 0)
			} else if test.want == "forbidden: party_link_own" {
				same(t, "the link still works", len(i.Party(2).TokenHash), 1)
			}
		})
	}
	c, i := questioned(t, g)
	_, _ = i.Link(2, []byte{1}, inspector, noon)
	_, _ = i.Arrive(c, 2, 103, noon)
	_, err := i.Record(c, 2, "Karim", "", Reachable, inspector, g, noon)
	same(t, "who is in the chat speaks there", answer(err), "invalid: party_in_chat")
	_, err = i.Link(2, []byte{2}, inspector, noon)
	same(t, "a new link", answer(err), "yes")
	same(t, "lets the wrong person go", i.Party(2).Person, 0)
	_, err = i.Link(1, []byte{3}, inspector, noon)
	same(t, "the reporter needs none", answer(err), "invalid: party_in_chat")
	i.Party(1).Phone = "+998901234567"
	_, err = i.Record(c, 2, "Karim", "+998901234567", Reachable, inspector, g, noon)
	same(t, "the same telephone", answer(err), "invalid: party_same")
	_, err = i.Record(c, 1, "", "", Blocked, inspector, g, noon)
	same(t, "who has stopped the bot is asked by the officer", answer(err), "yes")
}

func TestWhatTakesAnItemOffItsAgenda(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*Case, *Category){
		"":            func(*Case, *Category) {},
		CauseDanger:   func(c *Case, _ *Category) { c.Urgency = Emergency },
		CauseEnded:    func(c *Case, _ *Category) { c.Status = Closed },
		CauseCategory: func(_ *Case, category *Category) { category.Reconcile = false },
	} {
		c, i := ready(t, ground(staff()))
		category := dispute()
		change(c, &category)
		same(t, want, i.Unfit(c, category), want)
		_, err := i.Schedule(c, category, time.Time{}, monday("13:00"))
		same(t, want+": may be scheduled", err == nil, want == "")
	}
}

func TestTheClockTowardsTheResultStandsForASitting(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	noon := monday("12:00")
	t.Run("from the moment the item is ready until the first sitting should be", func(t *testing.T) {
		t.Parallel()
		c, i := ready(t, g)
		same(t, "due", c.ResolveBy().IsZero(), true)
		same(t, "overdue a week later", c.Unresolved(noon.AddDate(0, 0, 7)), false)
		sameList(t, "beats that fall", events(c.CheckResolution(g, noon.AddDate(0, 0, 7))), nil)
		o := c.SittingOver(g, i.FirstBy())
		same(t, "timer", slices.ContainsFunc(o.Timers, func(x Timer) bool { return x.Kind == TimerResolution }), true)
		sameTime(t, "goes on with what was left", c.ResolveBy(), at("2026-12-08 10:15")) // 4 d 22 h 15 min behind 3 December 12:00
	})
	t.Run("until the day after a sitting that was called", func(t *testing.T) {
		t.Parallel()
		c, i := ready(t, g)
		ends := noon.AddDate(0, 0, 30)
		_, err := i.Schedule(c, dispute(), ends, noon)
		same(t, "schedule", answer(err), "yes")
		same(t, "overdue before", c.Unresolved(ends), false)
		sameList(t, "the old moment passes", events(c.SittingOver(g, i.FirstBy())), nil)
		same(t, "stands", c.AtCommission(ends), true)
		c.SittingOver(g, ends.Add(SittingStretch))
		same(t, "stands later", c.ResolveBy().IsZero(), false)
	})
	t.Run("and for the second sitting as for the first", func(t *testing.T) {
		t.Parallel()
		for _, with := range []HearingOutcome{OutcomeNotAgreed, OutcomeOneAbsent} {
			c, i := ready(t, g)
			ends := noon.AddDate(0, 0, 5)
			_, err := i.Schedule(c, dispute(), ends, noon)
			same(t, "schedule", answer(err), "yes")
			same(t, "settled", i.Heard(with, ends), false)
			o := c.Hear(i, with, chair, g, ends)
			again := ends.Add(FirstSittingWithin)
			same(t, "the owner reads of it", o.Notices[slices.IndexFunc(o.Notices, func(n Notice) bool { return n.Kind == NoticeHeard })].Args["again"], "yes")
			sameTime(t, "no first sitting is due", i.FirstBy(), time.Time{})
			sameTime(t, "stands until", c.Resolution.Until, again)
			same(t, "overdue", c.Unresolved(again.Add(-time.Minute)), false)
			sameList(t, "beats that fall", events(c.CheckResolution(g, again.Add(-time.Minute))), nil)

			late := ends.AddDate(0, 0, 20)
			_, err = i.Schedule(c, dispute(), late, ends.AddDate(0, 0, 1))
			same(t, "schedule again", answer(err), "yes")
			sameTime(t, "stands for the meeting", c.Resolution.Until, late.Add(SittingStretch))
			_, err = i.Unschedule(c, "cancelled", g, ends.AddDate(0, 0, 2))
			same(t, "unschedule", answer(err), "yes")
			sameTime(t, "stands as before", c.Resolution.Until, again)
			c.SittingOver(g, again)
			same(t, "goes on when none comes", c.ResolveBy().IsZero(), false)

			_, err = i.Schedule(c, dispute(), again.AddDate(0, 0, 1), again)
			same(t, "schedule the last", answer(err), "yes")
			same(t, "settled by the second", i.Heard(with, again.AddDate(0, 0, 1)), true)
			c.Hear(i, with, chair, g, again.AddDate(0, 0, 1))
			same(t, "stands for nothing more", c.AtCommission(again.AddDate(0, 0, 1)), false)
		}
	})
	t.Run("and goes on when it is dropped, settled, or a late meeting cancelled", func(t *testing.T) {
		t.Parallel()
		for name, do := range map[string]func(*Case, *Item, time.Time) error{
			"dropped": func(c *Case, i *Item, now time.Time) error {
				_, err := i.Drop(c, CauseOfficer, inspector, g, now)
				return err
			},
			"settled": func(c *Case, i *Item, now time.Time) error {
				_, err := i.Settle(c, "agreed", inspector, g, now)
				return err
			},
			"late": func(c *Case, i *Item, now time.Time) error {
				_, err := i.Unschedule(c, "cancelled", g, now)
				return err
			},
		} {
			c, i := ready(t, g)
			if _, err := i.Schedule(c, dispute(), noon.AddDate(0, 0, 12), noon); err != nil {
				t.Fatal(err)
			}
			later := noon.AddDate(0, 0, 11)
			same(t, name, answer(do(c, i, later)), "yes")
			same(t, name+": runs", c.ResolveBy().After(later), true)
		}
	})
	t.Run("also while the reporter is asked, and after a new acceptance", func(t *testing.T) {
		t.Parallel()
		c, _ := ready(t, g)
		_, err := c.Ask(somebody(inspector, g.People), noon)
		same(t, "ask", answer(err), "yes")
		_, err = c.Answer(reporter, false, DefaultPolicies(), g, noon.Add(time.Hour))
		same(t, "answer", answer(err), "yes")
		same(t, "still stands", c.ResolveBy().IsZero(), true)
		c.Release(DefaultPolicies(), g, noon.Add(2*time.Hour))
		_, err = c.Accept(somebody(senior, g.People), g, noon.Add(3*time.Hour))
		same(t, "accept", answer(err), "yes")
		same(t, "stands for the next owner", c.ResolveBy().IsZero(), true)
	})
}

func TestAnItemIsHeardTwiceAtMost(t *testing.T) {
	t.Parallel()
	c, i := ready(t, ground(staff()))
	i.Sittings = MostSittings
	_, err := i.Schedule(c, dispute(), time.Time{}, monday("13:00"))
	same(t, "schedule", answer(err), "forbidden: agenda_twice")
}

// Whatever happens in whatever order, an item is ready or scheduled only with both
// answers no and both sides agreed, and its case knows of it only while it is open.
func TestNoOrderOfEventsOpensAGate(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	rapid.Check(t, func(r *rapid.T) {
		c, i := proposed(t, g)
		now := monday("12:00")
		for range rapid.IntRange(1, 25).Draw(r, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(1, 2000).Draw(r, "minutes")) * time.Minute)
			side := rapid.IntRange(0, 3).Draw(r, "side")
			switch rapid.IntRange(0, 11).Draw(r, "what") {
			case 0, 1:
				gate := rapid.SampledFrom([]Gate{GateViolence, GateCrime, GateConsent}).Draw(r, "gate")
				_, _ = i.Answer(c, gate, ReplyNo, inspector, g, now)
			case 2:
				if rapid.IntRange(0, 9).Draw(r, "grave") == 0 {
					_, _ = i.Answer(c, i.Gate(), ReplyYes, inspector, g, now)
				}
			case 3, 4:
				_, _ = i.Agree(c, side, inspector, g, now)
			case 5:
				if rapid.IntRange(0, 5).Draw(r, "declines") == 0 {
					_, _ = i.Decline(c, side, reporter, time.Time{}, g, now)
				}
			case 6:
				_, _ = i.Link(side, []byte{byte(side)}, inspector, now)
			case 7:
				_, _ = i.Arrive(c, side, neighbour, now)
			case 8:
				_, _ = i.Schedule(c, dispute(), now.AddDate(0, 0, 3), now)
			case 9:
				_, _ = i.Unschedule(c, "moved", g, now)
			case 10:
				_, _ = i.Mediate(side == 1, inspector, now)
			case 11:
				c.SittingOver(g, now)
			}
			open := i.Violence == ReplyNo && i.Crime == ReplyNo && i.Parties[0].Consent == ConsentGiven && i.Parties[1].Consent == ConsentGiven
			if (i.State == ItemReady || i.State == ItemScheduled) != (open && i.State != ItemDropped) {
				r.Fatalf("%s with violence %q, crime %q, sides %v", i.State, i.Violence, i.Crime, i.Parties)
			}
			if i.State.Open() != (c.Resolution.Item == i.ID) || i.State.Open() != i.EndedAt.IsZero() {
				r.Fatalf("%s, and the case has %d", i.State, c.Resolution.Item)
			}
			if c.AtCommission(now) && !i.State.Open() {
				r.Fatal("the clock stands for nothing")
			}
		}
	})
}

func TestTheThirdCaseOfTheSamePeopleOrPlaceIsSuggested(t *testing.T) {
	t.Parallel()
	now := monday("12:00")
	before := func(n int, change func(*Past)) Past {
		p := Past{Case: CaseID(100 + n), Reporter: reporter, Place: thePlace, Category: "neighbour_dispute", Secrecy: Confidential, Urgency: Normal,
			Status: Closed, Closing: Solved, FiledAt: monday("10:00").AddDate(0, 0, -n), Reconcile: true}
		if change != nil {
			change(&p)
		}
		return p
	}
	other := func(p *Past) { p.Reporter, p.Likeness, p.Shared = neighbour, AlikeEnough, LeastShared }
	two := func(change func(*Past)) []Past { return []Past{before(1, change), before(2, change)} }
	for name, test := range map[string]struct {
		past   []Past
		danger bool
		change func(*Case)
		want   Repetition
		n      int
	}{
		"the third of a reporter":             {past: two(nil), want: RepeatedPeople, n: 3},
		"the fourth":                          {past: append(two(nil), before(3, nil)), want: RepeatedPeople, n: 4},
		"the second":                          {past: []Past{before(1, nil)}},
		"of another topic, elsewhere":         {past: two(func(p *Past) { p.Category, p.Place = "family_conflict", elsewhere }), want: RepeatedPeople, n: 3},
		"of a topic that is never heard":      {past: two(func(p *Past) { p.Category, p.Reconcile = "traffic", false })},
		"the third of a matter":               {past: two(other), want: RepeatedPlace, n: 3},
		"of both":                             {past: []Past{before(1, nil), before(2, other)}, want: RepeatedPlace, n: 3},
		"not like enough":                     {past: two(func(p *Past) { other(p); p.Likeness = AlikeEnough - 0.01 })},
		"in another mahalla":                  {past: two(func(p *Past) { other(p); p.Place = elsewhere })},
		"sixty days ago":                      {past: []Past{before(1, nil), before(60, nil)}, want: RepeatedPeople, n: 3},
		"longer ago":                          {past: []Past{before(1, nil), before(61, nil)}},
		"withdrawn":                           {past: two(func(p *Past) { p.Status = Withdrawn })},
		"false":                               {past: two(func(p *Past) { p.Closing = False })},
		"others without a name":               {past: two(func(p *Past) { other(p); p.Anonymous = true })},
		"with danger in its words":            {past: two(nil), danger: true},
		"an emergency":                        {past: two(nil), change: func(c *Case) { c.Urgency = Emergency }},
		"without a name":                      {past: two(nil), change: func(c *Case) { c.Alias = "7F3" }},
		"secret":                              {past: two(nil), change: func(c *Case) { c.Secrecy = Secret }},
		"after a secret case of the reporter": {past: append(two(nil), before(3, func(p *Past) { p.Secrecy, p.Reconcile = Secret, false }))},
		"after an emergency of the reporter":  {past: append(two(nil), before(3, func(p *Past) { p.Urgency = Emergency }))},
		"after an emergency of somebody else": {past: append(two(nil), before(3, func(p *Past) { other(p); p.Urgency = Emergency })), want: RepeatedPeople, n: 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, _ := underWay(t, dispute(), ground(staff()), inspector)
			if test.change != nil {
				test.change(c)
			}
			got, n := RepeatOf(c, dispute(), test.danger, test.past, now)
			same(t, "what", got, test.want)
			same(t, "how many", n, test.n)
		})
	}
}

func TestAMahallaWithoutACommissionIsAGapWhereThereAreCommissions(t *testing.T) {
	t.Parallel()
	places := []*Territory{{ID: thePlace, Path: thePath()}, {ID: elsewhere, Path: []TerritoryID{elsewhere, theRegion, theRepublic}}}
	anywhere := func(TerritoryID) bool { return true }
	for name, test := range map[string]struct {
		extra Responsibilities
		want  []TerritoryID
	}{
		"nobody has one":           {nil, nil},
		"members alone are none":   {Responsibilities{stands(21, CommissionMember, thePlace)}, nil},
		"one of the sector":        {Responsibilities{stands(21, CommissionSecretary, theSector)}, []TerritoryID{elsewhere}},
		"one of all":               {Responsibilities{stands(21, CommissionChair, theRegion)}, nil},
		"one that cannot be told":  {silenced(Responsibilities{stands(21, CommissionChair, theRegion)}, 21), []TerritoryID{thePlace, elsewhere}},
		"one of two that can":      {append(silenced(Responsibilities{stands(21, CommissionChair, theRegion)}, 21), stands(22, CommissionSecretary, theRegion)), nil},
		"one of two that can, too": {append(Responsibilities{stands(22, CommissionSecretary, theRegion)}, silenced(Responsibilities{stands(21, CommissionChair, theRegion)}, 21)...), nil},
	} {
		sameList(t, name, GapsOf(places, anywhere, append(staff(), test.extra...)).NoCommission, test.want)
	}
}
