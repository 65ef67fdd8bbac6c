package mahalla

import "testing"

func TestASupervisorOffersATakenCaseToAnOfficerBelow(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	boss, me := somebody(senior, g.People), somebody(inspector, g.People)
	c := accepted(t, g, monday("10:00"), senior)
	clock := c.Resolution

	_, err := c.Give(somebody(districtHead, g.People), me, g, monday("10:25"))
	same(t, "another supervisor", answer(err), "conflict: already_accepted")
	_, err = c.Give(boss, boss, g, monday("10:25"))
	same(t, "to the own person", answer(err), "invalid: give_yourself")
	o, err := c.Give(boss, me, g, monday("10:30"))
	same(t, "offer", answer(err), "yes")
	sameList(t, "rung", rung(o), []string{"card.offer 11"})
	same(t, "stays responsible", c.Owner, senior)
	same(t, "asks below", c.OpenOffer().Below(), true)
	sameTime(t, "due", c.OpenOffer().Due, monday("11:30"))
	sameList(t, "offered meanwhile", choicesAmong(c.Choices(boss, g, monday("10:31")), VerbGive, VerbDecline), nil)
	_, err = c.Give(boss, officer(olim), g, monday("10:31"))
	same(t, "two at once", answer(err), "conflict: offer_open")

	taken := copied(c)
	o, err = taken.TakeOffer(me, g, g, monday("10:40"))
	same(t, "take", answer(err), "yes")
	sameList(t, "rung", rung(o), []string{"offer 14"})
	same(t, "owner", taken.Owner, inspector)
	same(t, "status", taken.Status, Accepted)
	same(t, "place", taken.Place, thePlace)
	same(t, "level", taken.OwnLevel, LevelOfficer)
	same(t, "not moved", taken.Moved(), TerritoryID(0))
	sameTime(t, "the clock goes on", taken.Resolution.Due(), clock.Due())
	same(t, "may decline it", answer(taken.MayDecline(me, g, monday("10:41"))), "yes")

	for range 2 {
		asked := c.OpenOffer().To
		o, err = c.RefuseOffer(officer(asked), g, monday("10:45"))
		same(t, "refuse", answer(err), "yes")
		sameList(t, "no arbiter is called", rung(o), []string{"offer 14"})
		_, err = c.Give(boss, officer(asked), g, monday("10:46"))
		same(t, "the same one again", answer(err), "invalid: give_refused")
		if asked == inspector {
			_, err = c.Give(boss, officer(olim), g, monday("10:46"))
			same(t, "another one", answer(err), "yes")
		}
	}
	same(t, "still there", c.Owner, senior)
	same(t, "nobody is a party to a dispute", len(c.Refusers()), 0)
}

func TestAnOfficerOfAnotherPlaceKeepsACaseTakenFromASupervisor(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	c := accepted(t, g, monday("10:00"), senior)
	if _, err := c.Give(somebody(senior, g.People), officer(olim), g, monday("10:30")); err != nil {
		t.Fatal(err)
	}
	same(t, "not yet", c.GivenTo(olim), false)
	if _, err := c.TakeOffer(officer(olim), g, g, monday("10:40")); err != nil {
		t.Fatal(err)
	}
	same(t, "given", c.GivenTo(olim), true)
	same(t, "may read it", answer(c.MayTake(officer(olim), g, monday("10:41"))), "yes")
	o := c.OfferTimeout(g, false, monday("12:00"))
	sameList(t, "nothing is open", rung(o), nil)
}

func TestASilentOfficerBelowLeavesTheCaseWithTheSupervisor(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	c := accepted(t, g, monday("10:00"), senior)
	if _, err := c.Give(somebody(senior, g.People), officer(olim), g, monday("10:30")); err != nil {
		t.Fatal(err)
	}
	o := c.OfferTimeout(g, false, monday("11:30"))
	sameList(t, "rung", rung(o), []string{"offer 14"})
	same(t, "owner", c.Owner, senior)
	same(t, "may give it", answer(c.MayGive(somebody(senior, g.People), g, monday("11:31"))), "yes")
}

// choicesAmong are those of some verbs that are offered.
func choicesAmong(offered []Verb, verbs ...Verb) []Verb {
	var list []Verb
	for _, v := range offered {
		for _, wanted := range verbs {
			if v == wanted {
				list = append(list, v)
			}
		}
	}
	return list
}
