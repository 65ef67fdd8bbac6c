package mahalla

import (
	"testing"
	"time"
)

const (
	olim  PersonID = 31
	karim PersonID = 32
)

// another is the ground of another mahalla, with its inspector.
func another(place TerritoryID, p PersonID) Ground {
	g := ground(append(Responsibilities{stands(p, PreventionInspector, place)}, staff()...))
	g.Path = []TerritoryID{place, theDistrict, theRegion, theRepublic}
	return g
}

func officer(p PersonID) Person {
	return Person{ID: p, Reach: Reachable, Memberships: []Membership{{Role: PreventionInspector, Territory: elsewhere}}}
}

// offered lets the inspector offer a case that he has accepted to Olim.
func offered(t *testing.T) (*Case, Ground, Outcome) {
	t.Helper()
	g := ground(staff())
	c := accepted(t, g, monday("10:00"), inspector)
	o, err := c.OfferElsewhere(somebody(inspector, g.People), elsewhere, noise(), g, another(elsewhere, olim), monday("10:30"))
	if err != nil {
		t.Fatal(err)
	}
	return c, g, o
}

func TestAnOfferLeavesTheCaseWhereItIs(t *testing.T) {
	t.Parallel()
	c, _, o := offered(t)
	same(t, "owner", c.Owner, inspector)
	same(t, "round", c.Round, 1)
	sameList(t, "rung", rung(o), []string{"card.offer 31"})
	sameTime(t, "timer", o.Timers[0].Due, monday("11:30"))
}

func TestAnUrgentOfferIsAnsweredRoundTheClock(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	c, _ := filed(danger(), g, monday("22:00"))
	o, err := c.OfferElsewhere(somebody(inspector, g.People), elsewhere, danger(), g, another(elsewhere, olim), monday("22:02"))
	same(t, "answer", answer(err), "yes")
	sameTime(t, "timer", o.Timers[0].Due, monday("22:17"))
	same(t, "the ladder goes on", c.NextBeat().Equal(monday("22:05")), true)
}

func TestTheNewOfficerHasTheCaseAtTheNewPlace(t *testing.T) {
	t.Parallel()
	c, g, _ := offered(t)
	_, err := c.PromiseBy(somebody(inspector, g.People), monday("13:00"), monday("10:35"))
	same(t, "promise", answer(err), "yes")
	o, err := c.TakeOffer(officer(olim), g, another(elsewhere, olim), monday("10:40"))
	same(t, "answer", answer(err), "yes")
	same(t, "owner", c.Owner, olim)
	same(t, "place", c.Place, elsewhere)
	same(t, "moved", c.Moved(), elsewhere)
	same(t, "status", c.Status, Accepted)
	same(t, "round", c.Round, 2)
	same(t, "the promise of the other is no promise", c.Promised.IsZero(), true)
	sameList(t, "rung", rung(o), []string{"offer 11"})
	_, err = c.TakeOffer(officer(olim), g, another(elsewhere, olim), monday("10:41"))
	same(t, "again", answer(err), "conflict: offer_gone")
	_, err = c.Close(somebody(inspector, g.People), Solved, "", monday("10:42"))
	same(t, "the sender closes", answer(err), "forbidden: not_owner")
}

func TestWhatIsWaitedForGoesToTheNewOwner(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	c := inStatus(t, g, Waiting)
	if _, err := c.OfferElsewhere(somebody(inspector, g.People), elsewhere, noise(), g, another(elsewhere, olim), monday("10:30")); err != nil {
		t.Fatal(err)
	}
	_, err := c.TakeOffer(officer(olim), g, another(elsewhere, olim), monday("10:40"))
	same(t, "answer", answer(err), "yes")
	same(t, "status", c.Status, Waiting)
	o, err := c.Answer(reporter, false, DefaultPolicies(), another(elsewhere, olim), monday("11:00"))
	same(t, "the reporter's answer", answer(err), "yes")
	sameList(t, "told", told(o, NoticeAnswer), []PersonID{olim})
}

func TestAfterTwoRefusalsASupervisorDecides(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name        string
		silent      bool
		to          PersonID
		owner       PersonID
		status      Status
		round       int
		place       TerritoryID
		news        string
		offersAgain string
	}{
		{name: "kept", to: inspector, owner: inspector, status: Accepted, round: 1, place: thePlace, news: "kept", offersAgain: "conflict: offer_settled"},
		{name: "one who refused", to: olim, status: New, round: 2, place: elsewhere, news: "given", offersAgain: "conflict: case_gone"},
		{name: "one who was silent", silent: true, to: karim, status: New, round: 2, place: 7, news: "given", offersAgain: "conflict: case_gone"},
		{name: "somebody else", to: 33, status: New, round: 2, place: thePlace, news: "given", offersAgain: "conflict: case_gone"},
		{name: "taken", to: senior, owner: senior, status: Accepted, round: 2, place: thePlace, news: "over", offersAgain: "forbidden: not_owner"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c, g, _ := offered(t)
			o, err := c.RefuseOffer(officer(olim), g, monday("10:40"))
			same(t, "refuse", answer(err), "yes")
			sameList(t, "after one", rung(o), []string{"offer 11"})
			me := somebody(inspector, g.People)
			_, err = c.OfferElsewhere(me, elsewhere, noise(), g, another(elsewhere, olim), monday("10:41"))
			same(t, "the same again", answer(err), "invalid: offer_refused_before")
			_, err = c.OfferElsewhere(me, 7, noise(), g, another(7, karim), monday("10:45"))
			same(t, "another", answer(err), "yes")
			now := monday("10:50")
			if test.silent {
				sameList(t, "too early", events(c.OfferTimeout(g, false, monday("11:44"))), nil)
				now = monday("11:45")
				o = c.OfferTimeout(g, false, now)
			} else {
				o, err = c.RefuseOffer(officer(karim), g, now)
				same(t, "refuse", answer(err), "yes")
			}
			sameList(t, "after two", rung(o), []string{"card.offer 14", "offer 11"})
			same(t, "still the owner's", c.Owner, inspector)
			o, err = c.Decide(somebody(senior, g.People), decided(test.to, g), DefaultPolicies(), g, now.Add(5*time.Minute))
			same(t, "decide", answer(err), "yes")
			same(t, "owner", c.Owner, test.owner)
			same(t, "status", c.Status, test.status)
			same(t, "round", c.Round, test.round)
			same(t, "place", c.Place, test.place)
			news := o.Notices[len(o.Notices)-1]
			same(t, "news", news.Args["answer"], test.news)
			same(t, "to", news.To, inspector)
			_, err = c.Decline(me, g, now.Add(10*time.Minute))
			same(t, "offered again", answer(err), test.offersAgain)
			if test.status == New {
				same(t, "the clock runs", c.NextBeat().After(now), true)
				_, err = c.Accept(officer(test.to), g, now.Add(10*time.Minute))
				same(t, "accepted", answer(err), "yes")
			}
		})
	}
}

func decided(p PersonID, g Ground) Person {
	if who := somebody(p, g.People); len(who.Memberships) > 0 {
		return who
	}
	return officer(p)
}

func TestADisputeGoesUpUntilNobodyIsLeft(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	c := accepted(t, g, monday("10:00"), inspector)
	_, err := c.Decline(somebody(inspector, g.People), g, monday("10:30"))
	same(t, "decline", answer(err), "yes")
	for _, step := range []struct {
		at   string
		rung []string
		news string
	}{
		{"11:30", []string{"card.offer 15", "offer 11"}, "arbiter"},
		{"12:30", []string{"card.offer 16", "offer 11"}, "arbiter"},
		{"14:30", []string{"offer 11"}, "kept_alone"}, // lunch lies between
	} {
		o := c.OfferTimeout(g, false, monday(step.at))
		sameList(t, step.at, rung(o), step.rung)
		if list := told(o, NoticeOffer); len(list) != 1 {
			t.Fatalf("%s: told %v", step.at, list)
		}
		for _, n := range o.Notices {
			if n.Kind == NoticeOffer {
				same(t, step.at, n.Args["answer"], step.news)
			}
		}
	}
	same(t, "owner", c.Owner, inspector)
	_, err = c.Decline(somebody(inspector, g.People), g, monday("15:00"))
	same(t, "again", answer(err), "conflict: offer_settled")
}

func TestNobodyToDecideIsSaidAtOnce(t *testing.T) {
	t.Parallel()
	g := ground(without(staff(), senior, sectorHead, districtHead))
	c := accepted(t, g, monday("10:00"), inspector)
	_, err := c.Decline(somebody(inspector, g.People), g, monday("10:30"))
	same(t, "decline", answer(err), "conflict: no_arbiter")
	same(t, "offers", len(c.Offers), 0)
}

func TestAnOfferEndsWhenTheCaseGoesOnWithoutIt(t *testing.T) {
	t.Parallel()
	for name, do := range map[string]func(*Case, Ground){
		"withdrawn": func(c *Case, _ Ground) { _, _ = c.Withdraw(reporter, monday("10:40")) },
		"closed": func(c *Case, g Ground) {
			_, _ = c.Close(somebody(inspector, g.People), Solved, "Gaplashildi.", monday("10:40"))
		},
		"released": func(c *Case, g Ground) {
			g.People = silenced(g.People, inspector)
			_ = c.Release(DefaultPolicies(), g, monday("10:40"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, g, _ := offered(t)
			sameList(t, "before", events(c.SettleOffer(monday("10:39"))), nil)
			do(c, g)
			sameList(t, "after", events(c.SettleOffer(monday("10:40"))), []string{"offer_ended"})
			_, err := c.TakeOffer(officer(olim), g, g, monday("10:41"))
			same(t, "taken", answer(err), "conflict: offer_gone")
		})
	}
}

func TestWhatCannotBeOffered(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	me := somebody(inspector, g.People)
	nobody := another(elsewhere, olim)
	nobody.People = nil
	for _, test := range []struct {
		name  string
		by    Person
		place TerritoryID
		there Ground
		want  string
	}{
		{"to where it is", me, thePlace, g, "invalid: offer_same_place"},
		{"to where nobody is", me, elsewhere, nobody, "invalid: offer_nobody"},
		{"to oneself", me, elsewhere, another(elsewhere, inspector), "invalid: offer_yourself"},
		{"somebody else's", somebody(senior, g.People), elsewhere, another(elsewhere, olim), "forbidden: not_owner"},
		{"by its reporter", somebody(reporter, g.People), elsewhere, another(elsewhere, olim), "forbidden: no_role"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := accepted(t, g, monday("10:00"), inspector)
			_, err := c.OfferElsewhere(test.by, test.place, noise(), g, test.there, monday("10:30"))
			same(t, "answer", answer(err), test.want)
			same(t, "offers", len(c.Offers), 0)
		})
	}
}

func TestAGivenCaseKeepsItsClock(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	c, _ := filed(noise(), g, monday("10:00"))
	_ = c.Escalate(g, monday("11:00"))
	_ = c.Escalate(g, monday("12:00"))
	before := c.NextBeat()
	o, err := c.Give(somebody(senior, g.People), officer(olim), g, monday("12:05"))
	same(t, "give", answer(err), "yes")
	sameList(t, "rung", rung(o), []string{"card.officer 31"})
	sameTime(t, "next beat", c.NextBeat(), before)
	_, err = c.Give(somebody(senior, g.People), officer(olim), g, monday("12:06"))
	same(t, "again", answer(err), "yes")
	same(t, "told", len(c.Assignments), 4)
	_, err = c.Accept(officer(olim), g, monday("12:10"))
	same(t, "accept", answer(err), "yes")
	_, err = c.Accept(somebody(inspector, g.People), g, monday("12:10"))
	same(t, "the second", answer(err), "conflict: already_accepted")
}

func TestAComplaintIsNotGivenToAnOfficer(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	c, _ := filed(complaint(), g, monday("10:00"))
	_, err := c.Give(somebody(districtHead, g.People), officer(olim), g, monday("10:05"))
	same(t, "to another inspector", answer(err), "invalid: give_unfit")
	_, err = c.Give(somebody(districtHead, g.People), somebody(inspector, g.People), g, monday("10:05"))
	same(t, "to the one complained of", answer(err), "invalid: give_unfit")
}

func TestAComplaintNeverReachesTheOfficerByAnOffer(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	accused, boss := somebody(inspector, g.People), somebody(senior, g.People)
	c, _ := filed(complaint(), g, monday("10:00"))
	if _, err := c.Accept(boss, g, monday("10:05")); err != nil {
		t.Fatal(err)
	}
	for _, to := range []PersonID{inspector, substitute, sectorHead} {
		_, err := c.OfferStandIn(boss, somebody(to, g.People), g, monday("10:10"))
		same(t, "to a substitute", answer(err), "invalid: hand_unfit")
	}
	both := somebody(sectorHead, g.People)
	both.Memberships = append(both.Memberships, Membership{Role: PreventionInspector, Territory: elsewhere})
	for _, test := range []struct {
		name        string
		who         Person
		here, there Ground
		want        string
	}{
		{"the one complained of", accused, g, g, "forbidden: no_role"},
		{"another inspector", officer(olim), g, g, "forbidden: no_role"},
		{"who inspects the new place", both, g, another(elsewhere, olim), "forbidden: no_role"},
		{"who inspects the old place", both, another(elsewhere, olim), g, "forbidden: no_role"},
		{"a head", somebody(sectorHead, g.People), g, g, "yes"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := *c
			c.Offers = []Offer{{Kind: OfferElsewhere, By: senior, To: test.who.ID, Round: c.Round, Owner: c.Owner}}
			same(t, "hears", c.MayHearOffer(test.who, test.here, test.there, monday("10:15")), test.want == "yes")
			_, err := c.TakeOffer(test.who, test.here, test.there, monday("10:15"))
			same(t, "takes", answer(err), test.want)
		})
	}
}

func TestOnlyWhoAnswersIsHandedACase(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	me := somebody(inspector, g.People)
	away := somebody(substitute, g.People)
	away.Reach = Blocked
	for _, test := range []struct {
		name string
		to   Person
		want string
	}{
		{"a substitute", somebody(substitute, g.People), "yes"},
		{"who is blocked", away, "invalid: hand_unfit"},
		{"a neighbour", somebody(neighbour, g.People), "invalid: hand_unfit"},
		{"the reporter", Person{ID: reporter, Reach: Reachable, Memberships: officer(olim).Memberships}, "invalid: hand_unfit"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := accepted(t, g, monday("10:00"), inspector)
			_, err := c.OfferStandIn(me, test.to, g, monday("10:10"))
			same(t, "answer", answer(err), test.want)
		})
	}
}

func TestADisputeKeepsTheLadderOfAnAnonymousCase(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	c := accepted(t, g, monday("10:00"), inspector)
	c.Alias = "7F3"
	me := somebody(inspector, g.People)
	if _, err := c.Decline(me, g, monday("10:10")); err != nil {
		t.Fatal(err)
	}
	_, err := c.Decide(somebody(senior, g.People), officer(33), DefaultPolicies(), g, monday("10:15"))
	same(t, "answer", answer(err), "yes")
	same(t, "ladder", c.Ladder.Class, Anonymous)
}

func TestWhoWasAskedToDecideMustStillSupervise(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	for _, test := range []struct {
		name string
		role Role
		want string
	}{
		{"the senior inspector", SeniorInspector, "yes"},
		{"an inspector by now", PreventionInspector, "forbidden: no_role"},
		{"a resident by now", Resident, "forbidden: no_role"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := accepted(t, g, monday("10:00"), inspector)
			me := somebody(inspector, g.People)
			if _, err := c.Decline(me, g, monday("10:10")); err != nil {
				t.Fatal(err)
			}
			by := Person{ID: senior, Reach: Reachable, Memberships: []Membership{{Role: test.role, Territory: theDistrict}}}
			same(t, "reads", c.MayHearOffer(by, g, g, monday("10:15")), test.want == "yes")
			_, err := c.Decide(by, me, DefaultPolicies(), g, monday("10:15"))
			same(t, "decides", answer(err), test.want)
		})
	}
}

func TestTheOpenOfferCountsBeforeALaterOne(t *testing.T) {
	t.Parallel()
	c, _ := filed(noise(), ground(staff()), monday("10:00"))
	c.Offers = []Offer{{Kind: OfferElsewhere, By: inspector, To: olim}, {Kind: OfferAbsence, By: inspector, To: olim, Answer: OfferOver}}
	same(t, "open", c.OfferedTo(olim).Kind, OfferElsewhere)
	c.Offers[0].Answer = OfferRefused
	same(t, "the latest", c.OfferedTo(olim).Kind, OfferAbsence)
}

func TestWhoWasToldBeforeHasAGivenCaseNoMore(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	c, _ := filed(noise(), g, monday("10:00"))
	boss, me := somebody(senior, g.People), somebody(inspector, g.People)
	if _, err := c.Give(boss, officer(olim), g, monday("10:10")); err != nil {
		t.Fatal(err)
	}
	same(t, "to whom", c.GivenAway(inspector), olim)
	same(t, "not from the receiver", c.GivenAway(olim), PersonID(0))
	same(t, "nor from above", c.GivenAway(senior), PersonID(0))
	_, err := copied(c).Accept(me, g, monday("10:11"))
	same(t, "accepts", answer(err), "conflict: given_away")
	same(t, "declines", answer(c.MayDecline(me, g, monday("10:11"))), "conflict: given_away")
	sameList(t, "choices", c.Choices(me, g, monday("10:11")), nil)
	sameList(t, "nudged", told(copied(c).Escalate(g, monday("10:35")), NoticeNudge), []PersonID{olim})
	_, err = copied(c).Accept(boss, g, monday("10:11"))
	same(t, "who gave it takes it", answer(err), "yes")
	if _, err := c.Give(boss, me, g, monday("10:20")); err != nil {
		t.Fatal(err)
	}
	same(t, "given back", c.GivenAway(inspector), PersonID(0))
	same(t, "from the other", c.GivenAway(olim), inspector)
}

func TestWhoHasRefusedDecidesOnlyWhereNobodyElseIs(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		people Responsibilities
		want   PersonID
	}{
		{"somebody above", staff(), sectorHead},
		{"nobody else", without(staff(), sectorHead, districtHead), senior},
	} {
		g := ground(test.people)
		c := accepted(t, g, monday("10:00"), inspector)
		c.Offers = []Offer{{Kind: OfferElsewhere, By: inspector, To: senior, Place: elsewhere, Round: 1, Answer: OfferRefused}}
		if _, err := c.Decline(somebody(inspector, g.People), g, monday("10:30")); err != nil {
			t.Fatal(err)
		}
		same(t, test.name, c.OpenOffer().To, test.want)
	}
}
