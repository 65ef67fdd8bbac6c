package mahalla

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// offering is a case of the reporter's whose receipt asks about cases 7 and 8.
func offering(g Ground) *Case {
	c, _ := filed(noise(), g, monday("10:00"))
	c.Offered = []CaseID{7, 8}
	return c
}

func TestWhenTheReceiptAsksAndWhatTheAnswerDoes(t *testing.T) {
	t.Parallel()
	const gone, hidden = "conflict: same_gone", "not_found: case_not_found"
	for _, test := range []struct {
		name   string
		change func(*Case)
		by     PersonID
		after  time.Duration
		want   string // of an answer
	}{
		{"at once", func(*Case) {}, reporter, 0, "yes"},
		{"a day later", func(*Case) {}, reporter, OfferWithin, "yes"},
		{"after the day", func(*Case) {}, reporter, OfferWithin + time.Second, gone},
		{"when it has climbed", func(c *Case) { c.Level = LevelSenior }, reporter, time.Hour, "yes"},
		{"by an officer", func(*Case) {}, inspector, 0, hidden},
		{"by a neighbour", func(*Case) {}, neighbour, 0, hidden},
		{"when nothing was found", func(c *Case) { c.Offered = nil }, reporter, 0, gone},
		{"when it was accepted", func(c *Case) { c.Status, c.Owner = Accepted, inspector }, reporter, 0, "conflict: same_late"},
		{"while it waits for an answer", func(c *Case) { c.Status = Waiting }, reporter, 0, "conflict: same_late"},
		{"when it was closed", func(c *Case) { c.Status = Closed }, reporter, 0, gone},
		{"when it was withdrawn", func(c *Case) { c.Status = Withdrawn }, reporter, 0, gone},
		{"when it was merged", func(c *Case) { c.Status, c.MergedInto = Withdrawn, 7 }, reporter, 0, gone},
		{"in a later round", func(c *Case) { c.Round = 2 }, reporter, 0, gone},
		{"in an emergency", func(c *Case) { c.Urgency = Emergency }, reporter, 0, gone},
		{"when a neighbour has joined it", func(c *Case) { c.Joined = []Joining{{Person: neighbour}} }, reporter, 0, gone},
	} {
		g := ground(staff())
		now := monday("10:00").Add(test.after)
		c := offering(g)
		test.change(c)
		asks := len(c.Alike(now)) > 0
		same(t, test.name+": it asks", asks, test.want == "yes" || test.want == hidden)
		before := fmt.Sprintf("%+v", *c)
		_, err := copied(c).Merge(8, test.by, now)
		same(t, test.name+": merge", answer(err), test.want)
		_, err = copied(c).SetApart(test.by, now)
		same(t, test.name+": decline", answer(err), test.want)
		same(t, test.name+": nothing else was changed", fmt.Sprintf("%+v", *c), before)
	}
}

func TestACaseThatIsGivenUpForAnotherOne(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	c := offering(g)
	if _, err := c.Merge(9, reporter, monday("10:01")); answer(err) != "conflict: same_gone" {
		t.Errorf("one that was not offered: %v", err)
	}
	o, err := c.Merge(8, reporter, monday("10:01"))
	if err != nil {
		t.Fatal(err)
	}
	sameList(t, "events", events(o), []string{"merged"})
	sameList(t, "officers", told(o, CardOfficer), []PersonID{inspector})
	same(t, "it rings", len(rung(o)), 0)
	same(t, "its reporter is told", len(told(o, CardReporter)), 0)
	same(t, "into", c.MergedInto, 8)
	same(t, "offered", len(c.Offered), 0)
	sameTime(t, "the clock", c.NextBeat(), time.Time{})
	for verb := range transitions {
		want := "conflict: already_merged"
		if _, err := do(copied(c), verb, somebody(inspector, g.People), g, monday("10:02")); verb == VerbAccept && answer(err) != want {
			t.Errorf("%s: got %s, want %s", verb, answer(err), want)
		}
		if err := c.MayReport(reporter, verb, monday("10:02")); answer(err) != want {
			t.Errorf("%s: got %s, want %s", verb, answer(err), want)
		}
	}

	now := monday("11:30")
	later := ground(append(without(staff(), inspector), stands(colleague, PreventionInspector, thePlace)))
	o, err = c.Unmerge(reporter, noise(), DefaultPolicies(), later, now)
	if err != nil {
		t.Fatal(err)
	}
	sameList(t, "events of the return", events(o), []string{"unmerged", "assigned 12"})
	sameList(t, "rung by the return", rung(o), []string{"card.officer 12"})
	sameList(t, "its reporter again", told(o, CardReporter), []PersonID{reporter})
	same(t, "status", c.Status, New)
	same(t, "round", c.Round, 2)
	sameTime(t, "due", c.Ladder.Due, monday("12:30"))
	sameTime(t, "withdrawn", c.WithdrawnAt, time.Time{})
	same(t, "it asks again", len(c.Alike(now)), 0)
	if _, err := c.Unmerge(reporter, noise(), DefaultPolicies(), later, now); answer(err) != "not_found: case_not_found" {
		t.Errorf("twice: %v", err)
	}
}

func TestWhoseOwnCaseReturnsUnaskedHearsIt(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	c := offering(g)
	if _, err := c.Merge(7, reporter, monday("10:01")); err != nil {
		t.Fatal(err)
	}
	o, err := c.Unmerge(neighbour, noise(), DefaultPolicies(), g, monday("10:05"))
	if err != nil {
		t.Fatal(err)
	}
	sameList(t, "rung", rung(o), []string{"card.officer 11", "card.reporter 101"})
}

// Whatever people do, everybody counts once: with a case of the own, or with
// those of whom it is the same matter.
func TestEverybodyCountsOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := ground(staff())
		now := monday("10:00")
		into, _ := filed(noise(), g, now)
		into.ID = 7
		people := []PersonID{201, 202, 203, 204}
		own := map[PersonID]*Case{}
		for _, p := range people {
			c := offering(g)
			c.Reporter = p
			own[p] = c
		}
		who := func(t *rapid.T) *Case { return own[rapid.SampledFrom(people).Draw(t, "who")] }
		t.Repeat(map[string]func(*rapid.T){
			"": func(t *rapid.T) {
				for p, c := range own {
					if c.Open() == into.HasJoined(p) || (c.MergedInto != 0) != into.HasJoined(p) {
						t.Fatalf("%d: open %v, merged into %d, joined %v", p, c.Open(), c.MergedInto, into.HasJoined(p))
					}
				}
				for i, j := range into.Joined {
					if into.joining(j.Person) != i {
						t.Fatalf("%d counts twice", j.Person)
					}
				}
			},
			"me too": func(t *rapid.T) {
				c := who(t)
				if _, err := c.Merge(into.ID, c.Reporter, now); err != nil {
					return
				}
				if _, err := into.Join(c.Reporter, Normal, DefaultPolicies(), g, now); err != nil {
					t.Fatal(err)
				}
			},
			"something else": func(t *rapid.T) {
				c := who(t)
				_, err := c.SetApart(c.Reporter, now)
				if again := slices.Contains(c.Alike(now), into.ID); err == nil && again {
					t.Fatal("it asks again")
				}
			},
			"a mistake": func(t *rapid.T) {
				c := who(t)
				if _, err := into.Unjoin(c.Reporter, now); err != nil {
					return
				}
				if _, err := c.Unmerge(c.Reporter, noise(), DefaultPolicies(), g, now); err != nil {
					t.Fatal(err)
				}
			},
		})
	})
}

func TestWhoWithdrawsHasNobodyJoinedAnyMore(t *testing.T) {
	t.Parallel()
	c, _ := filed(noise(), ground(staff()), monday("10:00"))
	c.Joined = []Joining{{Person: neighbour, At: monday("10:01")}}
	o, err := c.Withdraw(reporter, monday("10:05"))
	if err != nil || len(c.Joined) != 0 || len(c.ToJoined(o.Notices)) != len(o.Notices) {
		t.Errorf("got %v, %v", err, c.Joined)
	}
}
