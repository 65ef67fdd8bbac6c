package mahalla

import (
	"slices"
	"testing"
	"time"
)

// calledFalse is a case that its owner calls false.
func calledFalse(t *testing.T, g Ground, by PersonID) (*Case, Outcome) {
	t.Helper()
	c := promised(t, g, by)
	o, err := c.ClaimFalse(somebody(by, g.People), g, monday("11:00"))
	if err != nil {
		t.Fatal(err)
	}
	return c, o
}

func TestNobodyAloneCallsAReportFalse(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	c := accepted(t, g, monday("10:00"), inspector)
	_, err := c.Close(somebody(inspector, g.People), False, "", monday("11:00"))
	same(t, "alone", answer(err), "invalid: closing_unknown")
	for _, test := range []struct {
		name  string
		owner PersonID
		gone  []PersonID
		want  []string // who is asked, one after the other, and what becomes of it
	}{
		{"an inspector", inspector, nil, []string{"card.officer 14", "card.head 15", "card.head 16", "lapsed 11"}},
		{"a senior inspector", senior, nil, []string{"card.head 15", "card.head 16", "lapsed 14"}},
		{"a sector head", sectorHead, nil, []string{"card.head 16", "lapsed 15"}},
		{"without a senior", inspector, []PersonID{senior}, []string{"card.head 15", "card.head 16", "lapsed 11"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			g := ground(without(staff(), test.gone...))
			c, o := calledFalse(t, g, test.owner)
			for i, want := range test.want {
				sameList(t, "rings", rung(o), []string{want})
				same(t, "status", c.Status, Accepted)
				same(t, "waits", c.Claimed(), i < len(test.want)-1)
				sameList(t, "the reporter hears", told(o, CardReporter), nil)
				due := g.Calendar.Add(c.Claim.Since, confirmWithin())
				same(t, "too early", len(c.PassClaim(g, false, due.Add(-time.Second)).Events), 0)
				o = c.PassClaim(g, false, due)
			}
		})
	}
	t.Run("with nobody above", func(t *testing.T) {
		t.Parallel()
		g := ground(without(staff(), senior, sectorHead, districtHead))
		c := accepted(t, g, monday("10:00"), inspector)
		_, err := c.ClaimFalse(somebody(inspector, g.People), g, monday("11:00"))
		same(t, "answer", answer(err), "invalid: claim_nobody")
		same(t, "claimed", c.Claimed(), false)
	})
}

func TestWhoDecidesWhetherAReportIsFalse(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	for who, want := range map[PersonID]string{
		inspector: "forbidden: claim_other", senior: "yes", sectorHead: "not_found: case_not_found",
		admin: "not_found: case_not_found", reporter: "forbidden: no_role", neighbour: "not_found: case_not_found",
	} {
		c, _ := calledFalse(t, g, inspector)
		_, err := c.Confirm(somebody(who, g.People), g, monday("11:30"))
		same(t, "confirm", answer(err), want)
		c, _ = calledFalse(t, g, inspector)
		_, err = c.Reject(somebody(who, g.People), g, monday("11:30"))
		same(t, "reject", answer(err), want)
	}
	c, _ := calledFalse(t, g, inspector)
	_, err := c.Confirm(Person{ID: senior}, g, monday("11:30"))
	same(t, "without a role any more", answer(err), "forbidden: no_role")
	_, err = c.ClaimFalse(somebody(inspector, g.People), g, monday("11:30"))
	same(t, "twice", answer(err), "conflict: claim_waits")
}

func TestAConfirmedClaimIsAResultAndARejectedOneNone(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	owner := somebody(inspector, g.People)
	c, _ := calledFalse(t, g, inspector)
	same(t, "the promise rests", len(c.CheckPromise(g, false, monday("15:00")).Events), 0)
	o, err := c.Confirm(somebody(senior, g.People), g, monday("11:30"))
	same(t, "confirm", answer(err), "yes")
	sameList(t, "rings", rung(o), []string{"card.result 101"})
	sameList(t, "timers", timers(o), []string{"verdict 26 11:30"})
	same(t, "closing", c.Closing, False)
	same(t, "owner", c.Owner, inspector)
	_, err = c.Undo(owner, g, monday("11:31"))
	same(t, "taken back", answer(err), "conflict: undo_confirmed")
	_, err = c.Reject(somebody(senior, g.People), g, monday("11:31"))
	same(t, "afterwards", answer(err), "conflict: already_closed")
	_, err = c.Reopen(reporter, VerdictUnsolved, "", false, DefaultPolicies(), g, monday("12:00"))
	same(t, "the reporter sends it back", answer(err), "yes")

	c, _ = calledFalse(t, g, inspector)
	o, err = c.Reject(somebody(senior, g.People), g, monday("11:30"))
	same(t, "reject", answer(err), "yes")
	sameList(t, "rings", rung(o), []string{"rejected 11"})
	sameList(t, "timers", timers(o), []string{"promise 23 15:00"})
	same(t, "status", c.Status, Accepted)
	_, err = c.Confirm(somebody(senior, g.People), g, monday("11:31"))
	same(t, "afterwards", answer(err), "conflict: claim_gone")
}

func TestWhatTheOwnerDoesElseTakesTheClaimBack(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	owner := somebody(inspector, g.People)
	for name, do := range map[string]func(*Case) (Outcome, error){
		"closes":    func(c *Case) (Outcome, error) { return c.Close(owner, Unconfirmed, "", monday("11:10")) },
		"asks":      func(c *Case) (Outcome, error) { return c.Ask(owner, monday("11:10")) },
		"withdrawn": func(c *Case) (Outcome, error) { return c.Withdraw(reporter, monday("11:10")) },
		"released":  func(c *Case) (Outcome, error) { return c.Release(DefaultPolicies(), g, monday("11:10")), nil },
	} {
		c, _ := calledFalse(t, g, inspector)
		o, err := do(c)
		same(t, name, answer(err), "yes")
		same(t, name+": claimed", c.Claimed(), false)
		same(t, name+": cancelled", slices.Contains(o.Cancel, TimerClaim), true)
		same(t, name+": passed on", len(c.PassClaim(g, false, at("2026-12-01 10:00")).Events), 0)
	}
}

func TestAClaimGoesOnWhenWhoWasAskedIsOutOfReach(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	c, _ := calledFalse(t, g, inspector)
	same(t, "while in reach", len(c.ConfirmerLost(g, monday("11:10")).Events), 0)
	g.People = silenced(g.People, senior)
	c.Undeliverable(senior, g, monday("11:10"))
	sameList(t, "rings", rung(c.ConfirmerLost(g, monday("11:10"))), []string{"card.head 15"})
}

func TestTheClockTowardsTheResultRunsDuringAClaim(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	c, _ := underWay(t, fiveDays(), g, inspector)
	due := c.ResolveBy()
	owner := somebody(inspector, g.People)
	_, _ = c.Ask(owner, monday("11:00"))
	if _, err := c.ClaimFalse(owner, g, monday("12:00")); err != nil {
		t.Fatal(err)
	}
	sameTime(t, "due", c.ResolveBy(), due.Add(time.Hour))
	same(t, "status", c.Status, Accepted)
}

func TestAnObjectionReachesWhoConfirmed(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	confirmed := func() *Case {
		c, _ := calledFalse(t, g, inspector)
		if _, err := c.Confirm(somebody(senior, g.People), g, monday("11:30")); err != nil {
			t.Fatal(err)
		}
		return c
	}
	c := confirmed()
	same(t, "who", c.ConfirmedBy, senior)
	o, err := c.Reopen(reporter, VerdictUnsolved, "", false, DefaultPolicies(), g, monday("12:00"))
	if err != nil {
		t.Fatal(err)
	}
	sameList(t, "told of the reopening", told(o, NoticeReopened), []PersonID{senior})
	same(t, "forgotten after that", c.ConfirmedBy, PersonID(0))

	c = confirmed()
	c.Reopened, c.OwnLevel = 1, LevelOfficer
	if o, err = c.Reopen(reporter, VerdictUnsolved, "", false, DefaultPolicies(), g, monday("12:00")); err != nil {
		t.Fatal(err)
	}
	sameList(t, "who gets the case hears it by its card", told(o, NoticeReopened), nil)

	c = confirmed()
	c.Reopened = MostReopenings
	if o, err = c.Object(reporter, VerdictUnsolved, monday("12:00")); err != nil {
		t.Fatal(err)
	}
	sameList(t, "told of the objection", told(o, NoticeObjected), []PersonID{senior})
	c = closedBy(t, g)
	c.Reopened = MostReopenings
	if o, err = c.Object(reporter, VerdictUnsolved, monday("12:00")); err != nil {
		t.Fatal(err)
	}
	same(t, "nobody has confirmed anything", len(told(o, NoticeObjected)), 0)
}

// closedBy is a case that its owner closed alone.
func closedBy(t *testing.T, g Ground) *Case {
	t.Helper()
	c := accepted(t, g, monday("10:00"), inspector)
	if _, err := c.Close(somebody(inspector, g.People), Solved, "", monday("11:00")); err != nil {
		t.Fatal(err)
	}
	return c
}
