package mahalla

import "testing"

func TestAGiftLapsesWhenItsOfficerCannotBeTold(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		climbed string // the last beat before the gift; empty for none
		people  Responsibilities
		by      PersonID
		rung    []string
		next    string
	}{
		{"before the ladder has climbed the substitute is told, and the senior soon", "", staff(), senior,
			[]string{"card.officer 11", "unreachable 14", "card.officer 13"}, "23 10:20 step 2"},
		{"without a substitute the senior is told", "", without(staff(), substitute), senior,
			[]string{"card.officer 11", "unreachable 14", "card.officer 14"}, "23 10:20 step 2"},
		{"a head who gave it hears of it too", "", staff(), districtHead,
			[]string{"card.officer 11", "unreachable 16", "card.officer 13"}, "23 10:20 step 2"},
		{"whoever the ladder has reached by then holds it", "12:00", staff(), senior,
			[]string{"card.officer 11", "card.officer 13", "unreachable 14"}, "23 15:00 step 3"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			g := ground(test.people)
			c, _ := filed(noise(), g, monday("10:00"))
			now := monday("10:05")
			if test.climbed != "" {
				_ = c.Escalate(g, monday("11:00"))
				now = monday(test.climbed)
				_ = c.Escalate(g, now)
			}
			if _, err := c.Give(somebody(test.by, g.People), officer(olim), g, now); err != nil {
				t.Fatal(err)
			}
			before := copied(c)
			o := c.Undeliverable(olim, g, now)
			sameList(t, "rung", rung(o), test.rung)
			sameList(t, "next", beats(Ladder{Beats: c.Ladder.Beats[c.Ladder.Done : c.Ladder.Done+1]}), []string{test.next})
			same(t, "given to nobody", c.LastGiven() == nil && c.GivenAway(inspector) == 0, true)
			same(t, "lost", c.LostGift().To, olim)
			same(t, "the one who stepped back is asked again", c.GivenBack(inspector), true)
			same(t, "nobody else is", c.GivenBack(senior) || c.GivenBack(olim), false)
			same(t, "another copy", before.LastGiven().To, olim)
			sameList(t, "once", events(c.Undeliverable(olim, g, now)), nil)
			_, err := copied(c).Accept(somebody(inspector, g.People), g, now)
			same(t, "accepts", answer(err), "yes")
			_ = c.Restore(olim)
			_, err = copied(c).Accept(officer(olim), g, now)
			same(t, "who is back may still take it", answer(err), "yes")
			_, err = c.Give(somebody(test.by, g.People), officer(karim), g, now)
			same(t, "is given again", answer(err), "yes")
			same(t, "to another", c.GivenAway(inspector), karim)
			same(t, "and from who is back", c.GivenAway(olim), karim)
		})
	}
}

func TestAGiftThatEndedADisputeLapsesToo(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	c := accepted(t, g, monday("10:00"), inspector)
	if _, err := c.Decline(somebody(inspector, g.People), g, monday("10:30")); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Decide(somebody(senior, g.People), officer(olim), DefaultPolicies(), g, monday("10:40")); err != nil {
		t.Fatal(err)
	}
	o := c.Undeliverable(olim, g, monday("10:41"))
	sameList(t, "rung", rung(o), []string{"unreachable 14", "card.officer 13"})
	same(t, "lost", c.LostGift().To, olim)
}
