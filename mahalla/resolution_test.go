package mahalla

import (
	"slices"
	"testing"
	"time"
)

// fiveDays is a category whose result is due in five days.
func fiveDays() Category {
	c := noise()
	c.Resolve = Span{Days: 5}
	return c
}

// underWay lets a person take a case of a category at a quarter past ten.
func underWay(t *testing.T, category Category, g Ground, by PersonID) (*Case, Outcome) {
	t.Helper()
	c, _ := filed(category, g, monday("10:00"))
	o, err := c.Accept(somebody(by, g.People), g, monday("10:15"))
	if err != nil {
		t.Fatal(err)
	}
	return c, o
}

func TestTheMomentsOfTheClockTowardsTheResult(t *testing.T) {
	t.Parallel()
	for span, want := range map[string][]string{
		"24h": {"Mon 22:15", "Tue 05:27", "Tue 10:15", "Wed 10:15"},
		"5d":  {"Wed 22:15", "Fri 10:15", "Sat 10:15", "Mon 10:15"},
		"6d":  {"Thu 22:15", "Sun 00:39", "Mon 10:15", "Tue 10:15"}, // a Sunday is a day off
		"4wh": {"Mon 12:15", "Mon 14:27", "Mon 15:15", "Tue 15:15"},
		"2wd": {"Tue 10:15", "Tue 16:03", "Wed 10:15", "Thu 10:15"},
	} {
		t.Run(span, func(t *testing.T) {
			t.Parallel()
			g := ground(staff())
			category := noise()
			category.Resolve, _ = ParseSpan(span)
			c, o := underWay(t, category, g, inspector)
			var got []string
			for _, b := range c.Resolution.Beats {
				got = append(got, b.In(tashkent).Format("Mon 15:04"))
			}
			sameList(t, "beats", got, want)
			same(t, "timer", o.Timers[0].Kind, TimerResolution)
			sameTime(t, "first", o.Timers[0].Due, c.Resolution.Beats[beatHalf])
			sameTime(t, "due", c.ResolveBy(), c.Resolution.Beats[beatDue])
		})
	}
}

func TestWhoHearsOfAMissingResult(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		owner PersonID
		gone  []PersonID
		due   []string
		head  []string
		told  []Role
	}{
		{"an inspector's", inspector, nil, []string{"card.officer 14"}, []string{"card.head 15"}, []Role{SeniorInspector, SectorHead}},
		{"a senior inspector's", senior, nil, []string{"card.head 15"}, []string{"card.head 16"}, []Role{SectorHead, DistrictHead}},
		{"a sector head's", sectorHead, nil, []string{"card.head 16"}, nil, []Role{DistrictHead, DistrictHead}},
		{"without a senior", inspector, []PersonID{senior}, []string{"card.head 15"}, []string{"card.head 16"}, []Role{SectorHead, DistrictHead}},
		{"with nobody above", inspector, []PersonID{senior, sectorHead, districtHead}, nil, nil, []Role{"", ""}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			g := ground(staff())
			c, _ := underWay(t, fiveDays(), g, test.owner)
			g.People = without(g.People, test.gone...)
			for i, beat := range slices.Clone(c.Resolution.Beats) {
				same(t, "too early", len(c.CheckResolution(g, beat.Add(-time.Minute)).Events), 0)
				o := c.CheckResolution(g, beat)
				want := [][]string{nil, nil, test.due, test.head}[i]
				sameList(t, "rings", rung(o), want)
				if i < beatHead {
					sameList(t, "the owner is told quietly", told(o, NoticeResolution), []PersonID{test.owner})
				}
				if i >= beatDue {
					same(t, "told", c.Resolution.Told, test.told[i-beatDue])
					same(t, "unresolved", c.Unresolved(beat), true)
				}
				same(t, "again", len(c.CheckResolution(g, beat).Events), 0)
			}
			same(t, "timers at the end", len(c.CheckResolution(g, at("2027-01-01 10:00")).Timers), 0)
		})
	}
}

func TestWhatWasMissedOfTheClockIsDoneOnce(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	for until, want := range map[int][]string{
		beatMost: {"nudged 11 late"},
		beatDue:  {"overdue 11 late", "escalated 14 at 2 late"},
		beatHead: {"overdue 11 late", "escalated 14 at 2 late", "escalated 15 at 3 late"},
	} {
		c, _ := underWay(t, fiveDays(), g, inspector)
		sameList(t, "events", events(c.CheckResolution(g, c.Resolution.Beats[until].Add(time.Hour))), want)
	}
}

func TestWhoHoldsTheCaseIsWokenByItsMissingResult(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	c, _ := filed(fiveDays(), g, monday("10:00"))
	c.Escalate(g, monday("12:00"))
	if _, err := c.Accept(somebody(inspector, g.People), g, monday("12:30")); err != nil {
		t.Fatal(err)
	}
	sameList(t, "rings", rung(c.CheckResolution(g, c.ResolveBy())), []string{"unresolved 14"})
}

func TestTheClockStandsWhileTheReporterIsAsked(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	owner := somebody(inspector, g.People)
	for _, test := range []struct {
		span, asked, answered, due string
	}{
		{"5d", "2026-11-23 11:15", "2026-11-24 11:15", "Mon 2026-11-30 10:15:00"},
		{"24h", "2026-11-23 12:15", "2026-11-23 12:45", "Tue 2026-11-24 10:45:00"},
		{"4wh", "2026-11-23 11:15", "2026-11-24 09:30", "Tue 2026-11-24 12:30:00"},
		{"2wd", "2026-11-23 17:00", "2026-11-24 21:00", "Thu 2026-11-26 11:15:00"},
		{"4wh", "2026-11-23 16:00", "2026-11-24 09:30", "Mon 2026-11-23 15:15:00"}, // it had passed before
	} {
		t.Run(test.span+" "+test.asked, func(t *testing.T) {
			t.Parallel()
			category := noise()
			category.Resolve, _ = ParseSpan(test.span)
			c, _ := underWay(t, category, g, inspector)
			due := c.ResolveBy()
			o, err := c.Ask(owner, at(test.asked))
			same(t, "question", answer(err), "yes")
			same(t, "cancelled", slices.Contains(o.Cancel, TimerResolution), true)
			sameTime(t, "due meanwhile", c.ResolveBy(), time.Time{})
			same(t, "overdue meanwhile", c.Unresolved(at("2027-01-01 10:00")), !at(test.asked).Before(due))
			same(t, "beats meanwhile", len(c.CheckResolution(g, at("2027-01-01 10:00")).Events), 0)
			_, _ = c.Ask(owner, at(test.asked).Add(time.Minute)) // a further question changes nothing
			o, err = c.Answer(reporter, false, DefaultPolicies(), g, at(test.answered))
			same(t, "answer", answer(err), "yes")
			same(t, "due", clock(c.ResolveBy()), test.due)
			same(t, "waits for the next beat", slices.ContainsFunc(o.Timers, func(t Timer) bool { return t.Kind == TimerResolution }), true)
		})
	}
}

func TestAnUnansweredQuestionAndAClosingTakenBackLetTheClockGoOn(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	owner := somebody(inspector, g.People)
	c, _ := underWay(t, fiveDays(), g, inspector)
	due := c.ResolveBy()
	if _, err := c.Ask(owner, monday("11:00")); err != nil {
		t.Fatal(err)
	}
	c.Unanswered(g, false, monday("11:00").Add(AnswerWithin))
	sameTime(t, "after three days", c.ResolveBy(), due.Add(AnswerWithin))
	if _, err := c.Close(owner, Solved, "", at("2026-11-27 10:00")); err != nil {
		t.Fatal(err)
	}
	same(t, "beats of what is closed", len(c.CheckResolution(g, at("2027-01-01 10:00")).Events), 0)
	if _, err := c.Undo(owner, g, at("2026-11-27 10:04")); err != nil {
		t.Fatal(err)
	}
	sameTime(t, "after the closing was taken back", c.ResolveBy(), due.Add(AnswerWithin+4*time.Minute))
}

func TestTheClockBeginsAnewWithANewAcceptance(t *testing.T) {
	t.Parallel()
	for name, lose := range map[string]func(*Case, Ground) Outcome{
		"released": func(c *Case, g Ground) Outcome { return c.Release(DefaultPolicies(), g, monday("12:00")) },
		"reopened": func(c *Case, g Ground) Outcome {
			_, _ = c.Close(somebody(inspector, g.People), Solved, "", monday("11:00"))
			o, _ := c.Reopen(reporter, VerdictUnsolved, "", false, DefaultPolicies(), g, monday("12:00"))
			return o
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := ground(staff())
			c, _ := underWay(t, fiveDays(), g, inspector)
			lose(c, g)
			same(t, "status", c.Status, New)
			same(t, "beats", len(c.Resolution.Beats), 0)
			by := c.Assignments[0].Person
			if _, err := c.Accept(somebody(by, g.People), g, at("2026-11-24 10:00")); err != nil {
				t.Fatal(err)
			}
			same(t, "due", clock(c.ResolveBy()), "Mon 2026-11-30 10:00:00")
		})
	}
}
