package mahalla

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

func TestTheFirstToAcceptWins(t *testing.T) {
	t.Parallel()
	g := ground(append(staff(), stands(colleague, PreventionInspector, thePlace)))
	c, _ := filed(noise(), g, monday("10:00"))
	o, err := c.Accept(somebody(colleague, g.People), g, monday("10:05"))
	same(t, "the first", answer(err), "yes")
	sameList(t, "events", events(o), []string{"accepted"})
	sameList(t, "rings", rung(o), nil)
	sameList(t, "reporter's card", told(o, CardReporter), []PersonID{reporter})
	sameList(t, "officers' cards", told(o, CardOfficer), []PersonID{inspector, colleague})

	_, err = c.Accept(somebody(colleague, g.People), g, monday("10:06"))
	same(t, "the same one again", answer(err), "conflict: already_yours")
	same(t, "at", err.(*Error).Args["at"], fmt.Sprint(monday("10:05").Unix()))
	for _, late := range []PersonID{inspector, senior} {
		_, err = c.Accept(somebody(late, g.People), g, monday("10:06"))
		same(t, "somebody later", answer(err), "conflict: already_accepted")
		refusal := err.(*Error)
		same(t, "by", refusal.Args["by"], fmt.Sprint(colleague))
		same(t, "at", refusal.Args["at"], fmt.Sprint(monday("10:05").Unix()))
	}
	same(t, "owner", c.Owner, colleague)
	sameTime(t, "accepted at", c.AcceptedAt, monday("10:05"))
}

func TestWhoMayAccept(t *testing.T) {
	t.Parallel()
	const hidden = "not_found: case_not_found"
	extra := Responsibilities{
		stands(chair, MahallaChair, thePlace),
		stands(21, PreventionInspector, elsewhere),
		stands(22, SeniorInspector, elsewhere),
		stands(23, Activist, thePlace),
		stands(24, Administrator, theRepublic), stands(24, PreventionInspector, elsewhere),
		stands(25, Administrator, theRepublic), stands(25, Substitute, thePlace),
	}
	for _, test := range []struct {
		name      string
		who       PersonID
		ordinary  string
		complaint string
	}{
		{"the officer of the place", inspector, "yes", hidden},
		{"the substitute", substitute, "yes", hidden},
		{"the senior inspector", senior, "yes", "yes"},
		{"the head of the sector", sectorHead, "yes", "yes"},
		{"the head of the district", districtHead, "yes", "yes"},
		{"the chair of the mahalla", chair, "yes", hidden},
		{"the administrator", admin, hidden, hidden},
		{"an inspector of another mahalla", 21, hidden, hidden},
		{"a senior inspector of another place", 22, hidden, hidden},
		{"an activist", 23, hidden, hidden},
		{"an administrator who inspects elsewhere", 24, hidden, hidden},
		{"an administrator who is the substitute", 25, "yes", hidden},
		{"the reporter", reporter, hidden, hidden},
		{"a neighbour", neighbour, hidden, hidden},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			g := ground(append(staff(), extra...))
			for category, want := range map[*Category]string{new(noise()): test.ordinary, new(complaint()): test.complaint} {
				c, _ := filed(*category, g, monday("10:00"))
				_, err := c.Accept(somebody(test.who, g.People), g, monday("10:05"))
				same(t, string(category.Code), answer(err), want)
			}
		})
	}
	t.Run("nobody whose membership has ended", func(t *testing.T) {
		t.Parallel()
		g := ground(staff())
		c, _ := filed(noise(), g, monday("10:00"))
		past := somebody(inspector, g.People)
		past.Memberships[0].Until = monday("10:05")
		_, err := c.Accept(past, g, monday("10:05"))
		same(t, "accept", answer(err), hidden)
	})
	t.Run("nobody who reports, whatever the role", func(t *testing.T) {
		t.Parallel()
		g := ground(append(staff(), stands(reporter, SeniorInspector, theDistrict), stands(reporter, PreventionInspector, thePlace)))
		c, _ := filed(noise(), g, monday("10:00"))
		_, err := c.Accept(somebody(reporter, g.People), g, monday("10:05"))
		same(t, "accept", answer(err), hidden)
	})
}

func TestAnOwnersLevelIsWhereTheyStandAboveThePlace(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		who   Person
		extra Responsibilities
		want  Level
	}{
		{"the officer at the bottom", somebody(inspector, staff()), nil, LevelOfficer},
		{"a senior not yet told at the senior's", somebody(senior, staff()), nil, LevelSenior},
		{"a head not yet told at the heads'", somebody(districtHead, staff()), nil, LevelHead},
		{"an inspector who is a head elsewhere at the bottom", somebody(colleague, Responsibilities{
			stands(colleague, PreventionInspector, thePlace), stands(colleague, DistrictHead, elsewhere)}), nil, LevelOfficer},
		{"an inspector who administers at the bottom", somebody(colleague, Responsibilities{
			stands(colleague, PreventionInspector, thePlace), stands(colleague, Administrator, theRepublic)}), nil, LevelOfficer},
		{"a senior who administers at the senior's", somebody(colleague, Responsibilities{
			stands(colleague, SeniorInspector, theDistrict), stands(colleague, Administrator, theRepublic)}), nil, LevelSenior},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			g := ground(staff())
			c, _ := filed(noise(), g, monday("10:00"))
			o, err := c.Accept(test.who, g, monday("10:05"))
			same(t, "accept", answer(err), "yes")
			same(t, "level", c.OwnLevel, test.want)
			cards := append(told(o, CardOfficer), told(o, CardHead)...)
			same(t, "sees a card", slices.Contains(cards, test.who.ID), true)
		})
	}
	t.Run("an administrator told of it who also answers gets the full card", func(t *testing.T) {
		t.Parallel()
		g := ground(Responsibilities{stands(admin, Administrator, theRepublic), stands(admin, MahallaChair, thePlace)})
		c, _ := filed(noise(), g, monday("10:00"))
		o, err := c.Accept(somebody(admin, g.People), g, monday("10:05"))
		same(t, "accept", answer(err), "yes")
		same(t, "level", c.OwnLevel, LevelOfficer)
		sameList(t, "full cards", told(o, CardOfficer), []PersonID{admin})
	})
}

func TestPromises(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	for _, test := range []struct {
		name    string
		promise time.Time
		want    string
	}{
		{"a minute from now is a promise", monday("10:31"), "yes"},
		{"thirty days from now are a promise", monday("10:30").Add(MostPromiseAhead), "yes"},
		{"now is too late to promise", monday("10:30"), "invalid: promise_past"},
		{"the past is too late to promise", monday("09:00"), "invalid: promise_past"},
		{"never is no promise", time.Time{}, "invalid: promise_past"},
		{"more than thirty days is too far", monday("10:30").Add(MostPromiseAhead + 1), "invalid: promise_far"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := accepted(t, g, monday("10:00"), inspector)
			o, err := c.PromiseBy(somebody(inspector, g.People), test.promise, monday("10:30"))
			same(t, "answer", answer(err), test.want)
			if err != nil {
				sameTime(t, "promised", c.Promised, time.Time{})
				return
			}
			sameTime(t, "promised", c.Promised, test.promise)
			same(t, "note", o.Events[0].Note, test.promise.UTC().Format(time.RFC3339))
			sameList(t, "rings", rung(o), nil)
			sameList(t, "the reporter sees it", told(o, CardReporter), []PersonID{reporter})
		})
	}
}

func TestClosing(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	for _, with := range Closings() {
		if with == False {
			continue // see TestNobodyAloneCallsAReportFalse
		}
		t.Run("with "+string(with)+" asks the reporter", func(t *testing.T) {
			t.Parallel()
			c := accepted(t, g, monday("10:00"), inspector)
			o, err := c.Close(somebody(inspector, g.People), with, "Gaplashildi.", monday("11:00"))
			same(t, "answer", answer(err), "yes")
			same(t, "status", c.Status, Closed)
			same(t, "closing", c.Closing, with)
			sameTime(t, "closed at", c.ClosedAt, monday("11:00"))
			sameList(t, "events", events(o), []string{"closed"})
			same(t, "sentence", o.Events[0].Text, "Gaplashildi.")
			sameList(t, "rings", rung(o), []string{"card.result 101"})
			same(t, "timers", fmt.Sprint(o.Timers), fmt.Sprint([]Timer{{TimerVerdict, monday("11:00").Add(72 * time.Hour)}, {TimerUndo, monday("11:05")}}))
		})
	}
	t.Run("with a word nobody knows is refused", func(t *testing.T) {
		t.Parallel()
		c := accepted(t, g, monday("10:00"), inspector)
		_, err := c.Close(somebody(inspector, g.People), "forgotten", "", monday("11:00"))
		same(t, "answer", answer(err), "invalid: closing_unknown")
		same(t, "status", c.Status, Accepted)
	})
}

func TestAdditionsReachWhoeverHandlesTheCase(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	c, _ := filed(noise(), g, monday("10:00"))
	c.Escalate(g, monday("15:00"))
	o, err := c.Add(reporter, "Yana boshlandi", false, DefaultPolicies(), g, monday("15:10"))
	same(t, "answer", answer(err), "yes")
	sameList(t, "before acceptance, without the heads", told(o, NoticeAddition), []PersonID{inspector, substitute, senior})
	sameList(t, "rings", rung(o), nil)
	same(t, "words", o.Events[0].Text, "Yana boshlandi")

	if _, err := c.Accept(somebody(sectorHead, g.People), g, monday("15:20")); err != nil {
		t.Fatal(err)
	}
	o, _ = c.Add(reporter, "Tinchidi", false, DefaultPolicies(), g, monday("15:30"))
	sameList(t, "after acceptance", told(o, NoticeAddition), []PersonID{sectorHead})
	same(t, "additions", c.Additions, 2)
}

func TestHowMuchOfACaseIsSeen(t *testing.T) {
	t.Parallel()
	cards := func(o Outcome) []string {
		var list []string
		for _, n := range o.Notices {
			if n.Kind == CardOfficer || n.Kind == CardHead || n.Kind == NoticeMedia {
				list = append(list, fmt.Sprintf("%s %d", n.Kind, n.To))
			}
		}
		return list
	}
	t.Run("media come before the officer's card", func(t *testing.T) {
		t.Parallel()
		_, o := filed(noise(), ground(staff()), monday("10:00"))
		sameList(t, "cards", cards(o), []string{"media 11", "card.officer 11"})
	})
	t.Run("heads keep a card of their own, without media, though they take the case", func(t *testing.T) {
		t.Parallel()
		g := ground(staff())
		c, _ := filed(noise(), g, monday("10:00"))
		c.Escalate(g, monday("12:00"))
		sameList(t, "at their step", cards(c.Escalate(g, monday("15:00"))),
			[]string{"card.head 15", "card.officer 11", "card.officer 13", "card.officer 14", "card.head 15"})
		o, _ := c.Accept(somebody(sectorHead, g.People), g, monday("15:10"))
		sameList(t, "once taken", cards(o), []string{"card.officer 11", "card.officer 13", "card.officer 14", "card.head 15"})
	})
	t.Run("a head who is the first to answer sees all", func(t *testing.T) {
		t.Parallel()
		_, o := filed(noise(), ground(without(staff(), inspector, substitute, senior)), monday("10:00"))
		sameList(t, "cards", cards(o), []string{"media 15", "card.officer 15"})
	})
	t.Run("an administrator gets no card", func(t *testing.T) {
		t.Parallel()
		_, o := filed(noise(), ground(Responsibilities{stands(admin, Administrator, theRepublic)}), monday("10:00"))
		sameList(t, "cards", cards(o), nil)
		sameList(t, "notice", told(o, NoticeNobody), []PersonID{admin})
	})
}

func TestJudging(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	t.Run("solved ends the case", func(t *testing.T) {
		t.Parallel()
		c := closed(t, g, monday("10:00"), inspector)
		o, err := c.Judge(reporter, monday("11:00"))
		same(t, "answer", answer(err), "yes")
		same(t, "verdict", c.Verdict, VerdictSolved)
		sameTime(t, "judged at", c.JudgedAt, monday("11:00"))
		sameList(t, "cancels", o.Cancel, []TimerKind{TimerVerdict})
		_, err = c.Judge(reporter, monday("11:01"))
		same(t, "twice", answer(err), "conflict: already_judged")
		_, err = c.Reopen(reporter, VerdictPartly, "", false, DefaultPolicies(), g, monday("11:01"))
		same(t, "reopening", answer(err), "conflict: already_judged")
		same(t, "silence after it", len(c.Silence(Reachable, at("2026-12-23 11:00")).Events), 0)
	})
	t.Run("silence of 72 hours closes as no answer", func(t *testing.T) {
		t.Parallel()
		c := closed(t, g, monday("10:00"), inspector) // at 10:30
		same(t, "a minute early", len(c.Silence(Reachable, at("2026-11-26 10:29")).Events), 0)
		same(t, "verdict", c.Verdict, NoVerdict)
		o := c.Silence(Reachable, at("2026-11-26 10:30"))
		sameList(t, "events", events(o), []string{"judged"})
		same(t, "note", o.Events[0].Note, "silent")
		same(t, "verdict", c.Verdict, VerdictSilent)
		same(t, "rings", len(rung(o)), 0)
		same(t, "twice", len(c.Silence(Reachable, at("2026-11-27 10:30")).Events), 0)
	})
	t.Run("silence may still be broken", func(t *testing.T) {
		t.Parallel()
		c := closed(t, g, monday("10:00"), inspector)
		c.Silence(Reachable, at("2026-11-26 10:30"))
		_, err := c.Judge(reporter, at("2026-11-27 10:00"))
		same(t, "judge", answer(err), "yes")
		c = closed(t, g, monday("10:00"), inspector)
		c.Silence(Reachable, at("2026-11-26 10:30"))
		_, err = c.Reopen(reporter, VerdictUnsolved, "", false, DefaultPolicies(), g, at("2026-11-27 10:00"))
		same(t, "reopen", answer(err), "yes")
	})
	t.Run("a reporter out of reach is waited for until the case can no longer be reopened", func(t *testing.T) {
		t.Parallel()
		c := closed(t, g, monday("10:00"), inspector) // at 10:30
		o := c.Silence(Blocked, at("2026-11-26 10:30"))
		same(t, "verdict", c.Verdict, NoVerdict)
		same(t, "timers", fmt.Sprint(o.Timers), fmt.Sprint([]Timer{{TimerVerdict, at("2026-12-07 10:30")}}))
		sameList(t, "at the end", events(c.Silence(Blocked, at("2026-12-07 10:30"))), []string{"judged"})
	})
	t.Run("an open case knows no silence", func(t *testing.T) {
		t.Parallel()
		c := accepted(t, g, monday("10:00"), inspector)
		same(t, "events", len(c.Silence(Reachable, at("2027-11-26 10:30")).Events), 0)
	})
}

func TestAReporterWhoWasOutOfReach(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	gone := monday("10:20")
	t.Run("is marked on the officers' cards", func(t *testing.T) {
		t.Parallel()
		c := accepted(t, g, monday("10:00"), inspector)
		o := c.ReporterLost(gone)
		sameList(t, "events", events(o), []string{"unreachable 101"})
		sameList(t, "cards", told(o, CardOfficer), []PersonID{inspector})
		sameList(t, "the reporter's", told(o, CardReporter), nil)
		sameList(t, "rings", rung(o), nil)
	})
	for _, test := range []struct {
		name  string
		back  string
		make  func(t *testing.T) *Case
		rings []string
		due   string
	}{
		{"gets the result and three days to judge it", "2026-11-24 09:00", func(t *testing.T) *Case { return closed(t, g, monday("10:00"), inspector) },
			[]string{"card.result 101"}, "2026-11-27 09:00"},
		{"has until the fourteenth day", "2026-12-06 09:00", func(t *testing.T) *Case { return closed(t, g, monday("10:00"), inspector) },
			[]string{"card.result 101"}, "2026-12-07 10:30"},
		{"gets the result though its time is over", "2026-12-20 09:00", func(t *testing.T) *Case {
			c := closed(t, g, monday("10:00"), inspector)
			c.Silence(Blocked, at("2026-12-07 10:30"))
			return c
		}, []string{"card.result 101"}, ""},
		{"is not asked again what was judged", "2026-11-24 09:00", func(t *testing.T) *Case {
			c := closed(t, g, monday("10:00"), inspector)
			c.Judge(reporter, monday("10:40"))
			return c
		}, nil, ""},
		{"hears nothing new of an open case", "2026-11-24 09:00", func(t *testing.T) *Case { return accepted(t, g, monday("10:00"), inspector) }, nil, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			o := test.make(t).ReporterBack(gone, at(test.back))
			sameList(t, "rings", rung(o), test.rings)
			sameList(t, "the card is brought up to date", told(o, CardReporter), []PersonID{reporter})
			var want []Timer
			if test.due != "" {
				want = []Timer{{TimerVerdict, at(test.due)}}
			}
			same(t, "timers", fmt.Sprint(o.Timers), fmt.Sprint(want))
		})
	}
}

func TestRating(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	solved := func(t *testing.T) *Case {
		c := closed(t, g, monday("10:00"), inspector)
		if _, err := c.Judge(reporter, monday("11:00")); err != nil {
			t.Fatal(err)
		}
		return c
	}
	for stars, want := range map[int]string{
		-1: "invalid: rating_range", 0: "invalid: rating_range", 1: "yes", 5: "yes", 6: "invalid: rating_range",
	} {
		t.Run(fmt.Sprintf("with %d stars", stars), func(t *testing.T) {
			t.Parallel()
			c := solved(t)
			o, err := c.Rate(reporter, stars, monday("11:01"))
			same(t, "answer", answer(err), want)
			if err != nil {
				same(t, "rating", c.Rating, 0)
				return
			}
			same(t, "rating", c.Rating, stars)
			sameList(t, "wakes", rung(o), nil)
			sameList(t, "the result shows it", told(o, CardResult), []PersonID{reporter})
		})
	}
	t.Run("may be changed", func(t *testing.T) {
		t.Parallel()
		c := solved(t)
		for _, stars := range []int{2, 4} {
			if _, err := c.Rate(reporter, stars, monday("11:01")); err != nil {
				t.Fatal(err)
			}
		}
		same(t, "rating", c.Rating, 4)
	})
	t.Run("waits for the judgement", func(t *testing.T) {
		t.Parallel()
		c := closed(t, g, monday("10:00"), inspector)
		_, err := c.Rate(reporter, 5, monday("11:01"))
		same(t, "unjudged", answer(err), "conflict: not_judged_yet")
		c.Silence(Reachable, at("2026-11-26 10:30"))
		_, err = c.Rate(reporter, 5, at("2026-11-26 11:00"))
		same(t, "silent", answer(err), "conflict: not_judged_yet")
	})
}

func TestReopening(t *testing.T) {
	t.Parallel()
	reopen := func(c *Case, g Ground, now time.Time) (Outcome, error) {
		return c.Reopen(reporter, VerdictPartly, "Yana shovqin", false, DefaultPolicies(), g, now)
	}
	again := func(t *testing.T, c *Case, g Ground, by PersonID, now time.Time) {
		t.Helper()
		if _, err := c.Accept(somebody(by, g.People), g, now); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Close(somebody(by, g.People), Warned, "", now.Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("goes to the same officer, then one level up, then nowhere", func(t *testing.T) {
		t.Parallel()
		g := ground(append(staff(), stands(colleague, PreventionInspector, thePlace)))
		c := closed(t, g, monday("10:00"), inspector)

		o, err := reopen(c, g, monday("11:00"))
		same(t, "first", answer(err), "yes")
		sameList(t, "first events", events(o), []string{"judged", "reopened", "assigned 11"})
		same(t, "verdict in the history", o.Events[0].Note, "partly")
		same(t, "words in the history", o.Events[1].Text, "Yana shovqin")
		sameList(t, "first rings", rung(o), []string{"card.officer 11", "card.reporter 101"})
		sameList(t, "cancels", o.Cancel, []TimerKind{TimerVerdict})
		same(t, "round", c.Round, 2)
		same(t, "level", c.Level, LevelOfficer)
		same(t, "owner", c.Owner, 0)
		same(t, "closing", c.Closing, "")
		sameTime(t, "due", c.Ladder.Due, monday("12:00"))

		again(t, c, g, inspector, monday("11:30"))
		o, err = reopen(c, g, monday("12:00"))
		same(t, "second", answer(err), "yes")
		sameList(t, "second events", events(o), []string{"judged", "reopened", "assigned 14 at 2"})
		sameList(t, "second rings", rung(o), []string{"card.officer 14", "card.reporter 101"})
		same(t, "level", c.Level, LevelSenior)
		same(t, "the officer holds it still", c.Holds(inspector), false)

		again(t, c, g, senior, monday("12:30"))
		_, err = reopen(c, g, monday("12:45"))
		same(t, "third", answer(err), "conflict: reopened_twice")
		same(t, "status", c.Status, Closed)
	})
	t.Run("goes to the inspector who is back when the substitute's time is over", func(t *testing.T) {
		t.Parallel()
		g := ground(append(without(staff(), inspector), stands(colleague, PreventionInspector, thePlace)))
		c := closed(t, g, monday("10:00"), colleague)
		o, err := reopen(c, ground(staff()), monday("11:00"))
		same(t, "reopened", answer(err), "yes")
		sameList(t, "events", events(o), []string{"judged", "reopened", "assigned 11"})
		same(t, "level", c.Level, LevelOfficer)
	})
	t.Run("goes back to the officer of another place who was given it", func(t *testing.T) {
		t.Parallel()
		g := ground(staff())
		c := closed(t, g, monday("10:00"), inspector)
		given := officer(olim)
		c.Owner, c.Assignments[0].Person = olim, olim
		c.Offers = []Offer{{Kind: OfferGiven, By: senior, To: olim, Answer: OfferDecided}}
		g.People = append(g.People, given.Answering(monday("11:00"))...)
		o, err := reopen(c, g, monday("11:00"))
		same(t, "reopened", answer(err), "yes")
		sameList(t, "events", events(o), []string{"judged", "reopened", "assigned 31"})
		_, err = c.Accept(given, g, monday("11:05"))
		same(t, "accepted", answer(err), "yes")
	})
	t.Run("is allowed for fourteen days", func(t *testing.T) {
		t.Parallel()
		g := ground(staff())
		end := monday("10:30").Add(14 * 24 * time.Hour)
		_, err := reopen(closed(t, g, monday("10:00"), inspector), g, end)
		same(t, "on the last day", answer(err), "yes")
		_, err = reopen(closed(t, g, monday("10:00"), inspector), g, end.Add(time.Second))
		same(t, "a second later", answer(err), "conflict: reopen_late")
	})
	t.Run("wants a verdict that is not solved", func(t *testing.T) {
		t.Parallel()
		g := ground(staff())
		for verdict, want := range map[Verdict]string{
			VerdictPartly: "yes", VerdictUnsolved: "yes", VerdictSolved: "invalid: verdict_unknown",
			VerdictSilent: "invalid: verdict_unknown", NoVerdict: "invalid: verdict_unknown", "hm": "invalid: verdict_unknown",
		} {
			c := closed(t, g, monday("10:00"), inspector)
			_, err := c.Reopen(reporter, verdict, "", false, DefaultPolicies(), g, monday("11:00"))
			same(t, string(verdict), answer(err), want)
		}
	})
	for _, test := range []struct {
		name          string
		by            PersonID
		then          Responsibilities
		first, second string
	}{
		{"the substitute's case goes back to the substitute, then to the senior", substitute, staff(),
			"assigned 13 at 1", "assigned 14 at 2"},
		{"the senior's case goes back to the senior, then to the heads", senior, staff(),
			"assigned 14 at 2", "assigned 15 at 3"},
		{"the sector head's case goes back to that head, then to the district's", sectorHead, staff(),
			"assigned 15 at 3", "assigned 16 at 3"},
		{"the district head's case stays there, for nobody stands above", districtHead, staff(),
			"assigned 16 at 3", "assigned 16 at 3"},
		{"an officer out of reach is passed over", inspector, silenced(staff(), inspector),
			"assigned 14 at 2", "assigned 14 at 2"},
		{"an officer who left is passed over", inspector, without(staff(), inspector),
			"assigned 14 at 2", "assigned 14 at 2"},
		{"a senior out of reach is passed over", inspector, silenced(staff(), senior),
			"assigned 11", "assigned 15 at 3"},
		{"with nobody above in reach the same officer is better than none", inspector, silenced(staff(), senior, sectorHead, districtHead),
			"assigned 11", "assigned 11"},
		{"with nobody at all the administrator is told", inspector, silenced(staff(), inspector, senior, sectorHead, districtHead),
			"escalated 17 at 4", "escalated 17 at 4"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			for reopened, want := range []string{test.first, test.second} {
				c := closed(t, ground(staff()), monday("10:00"), test.by)
				c.Reopened = reopened
				o, err := reopen(c, ground(test.then), monday("11:00"))
				same(t, "answer", answer(err), "yes")
				if got := events(o); len(got) < 3 || got[2] != want {
					t.Errorf("reopened %d times before: got %v, want %q third", reopened, got, want)
				}
			}
		})
	}
	t.Run("shows a head all who was above the officer the last time", func(t *testing.T) {
		t.Parallel()
		g := ground(staff())
		c := closed(t, g, monday("10:00"), senior)
		c.Reopened = 1
		o, _ := reopen(c, g, monday("11:00"))
		sameList(t, "full cards", told(o, CardOfficer), []PersonID{sectorHead})
		sameList(t, "short cards", told(o, CardHead), nil)
	})
	t.Run("climbs on from the level where it began", func(t *testing.T) {
		t.Parallel()
		g := ground(staff())
		c := closed(t, g, monday("10:00"), inspector)
		c.Reopened = 1
		if _, err := reopen(c, g, monday("11:00")); err != nil {
			t.Fatal(err)
		}
		sameList(t, "beats", beats(c.Ladder), []string{"11:30 nudge", "11:50 nudge", "12:00 step 3"})
		sameList(t, "nudge", rung(c.Escalate(g, monday("11:30"))), []string{"nudge 14"})
		sameList(t, "step", rung(c.Escalate(g, monday("12:00"))), []string{"card.head 15"})
	})
}

func TestWithdrawing(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	c := accepted(t, g, monday("10:00"), inspector)
	o, err := c.Withdraw(reporter, monday("10:20"))
	same(t, "answer", answer(err), "yes")
	same(t, "status", c.Status, Withdrawn)
	same(t, "open", c.Open(), false)
	sameTime(t, "withdrawn at", c.WithdrawnAt, monday("10:20"))
	sameList(t, "events", events(o), []string{"withdrawn"})
	sameList(t, "officers see it", told(o, CardOfficer), []PersonID{inspector})
	sameList(t, "rings", rung(o), nil)
}

func TestAClosingSentenceSaysWhatWasDone(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]bool{
		"": false, ".": false, "ok": false, "+++++++++++": false, "12345678": false, "hal": false,
		"bajarildi": true, "Бажарилди": true, "Ogohlantirildi": true, "Musiqa oʻchirildi, yigit ogohlantirildi": true,
	} {
		if got := Tells(words); got != want {
			t.Errorf("%q: got %v, want %v", words, got, want)
		}
	}
}
