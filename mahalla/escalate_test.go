package mahalla

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// fall is a moment at which the ladder is looked at, and what it should do.
type fall struct {
	at     time.Time
	events []string
	rings  []string
	next   time.Time
}

func falls(t *testing.T, c *Case, g Ground, list []fall) {
	t.Helper()
	for _, f := range list {
		o := c.Escalate(g, f.at)
		sameList(t, clock(f.at)+" events", events(o), f.events)
		sameList(t, clock(f.at)+" rings", rung(o), f.rings)
		sameTime(t, clock(f.at)+" next", c.Ladder.Next(), f.next)
		if again := c.Escalate(g, f.at); len(again.Events)+len(again.Notices) > 0 {
			t.Errorf("%s, looked at twice: %v", clock(f.at), events(again))
		}
	}
}

func TestASilentInspectorOrdinary(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	c, o := filed(noise(), g, monday("10:00"))
	sameList(t, "filing", events(o), []string{"filed", "assigned 11"})
	sameList(t, "filing rings", rung(o), []string{"card.officer 11"})
	same(t, "overdue before it", c.Overdue(monday("10:59")), false)
	same(t, "overdue at the minute", c.Overdue(monday("11:00")), true)
	falls(t, c, g, []fall{
		{monday("10:29"), nil, nil, monday("10:30")},
		{monday("10:30"), []string{"nudged 11"}, []string{"nudge 11"}, monday("10:50")},
		{monday("10:50"), []string{"nudged 11"}, []string{"nudge 11"}, monday("11:00")},
		{monday("11:00"), []string{"escalated 13 at 1"}, []string{"card.officer 13"}, monday("12:00")},
		{monday("12:00"), []string{"escalated 14 at 2"}, []string{"card.officer 14"}, monday("15:00")},
		{monday("15:00"), []string{"escalated 15 at 3"}, []string{"card.head 15"}, at("2026-11-24 15:00")},
		{at("2026-11-24 15:00"), []string{"escalated 16 at 3", "reminded 15 at 3"}, []string{"card.head 16", "reminder 15"}, at("2026-11-25 15:00")},
		{at("2026-11-25 15:00"), []string{"reminded 15 at 3", "reminded 16 at 3"}, []string{"reminder 15", "reminder 16"}, at("2026-11-26 15:00")},
	})
	same(t, "last climb", c.LastClimb().Person, districtHead)
	same(t, "level", c.Level, LevelHead)
	same(t, "owner", c.Owner, 0)
}

func TestASilentInspectorUrgent(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	night := func(clock string) time.Time { return at("2026-11-29 " + clock) }
	c, _ := filed(danger(), g, night("02:00"))
	falls(t, c, g, []fall{
		{night("02:05"), []string{"nudged 11"}, []string{"nudge 11"}, night("02:10")},
		{night("02:10"), []string{"nudged 11"}, []string{"nudge 11"}, night("02:15")},
		{night("02:15"), []string{"escalated 13 at 1"}, []string{"card.officer 13"}, night("02:25")},
		{night("02:25"), []string{"escalated 14 at 2"}, []string{"card.officer 14"}, night("02:40")},
		{night("02:40"), []string{"escalated 15 at 3"}, []string{"card.head 15"}, night("03:10")},
		{night("03:10"), []string{"escalated 16 at 3", "reminded 15 at 3"}, []string{"card.head 16", "reminder 15"}, night("03:40")},
		{night("03:40"), []string{"reminded 15 at 3", "reminded 16 at 3"}, []string{"reminder 15", "reminder 16"}, night("04:10")},
		{night("04:10"), []string{"reminded 15 at 3", "reminded 16 at 3"}, []string{"reminder 15", "reminder 16"}, night("04:40")},
		{night("04:40"), []string{"reminded 15 at 3", "reminded 16 at 3"}, []string{"reminder 15", "reminder 16"}, time.Time{}},
		{night("23:00"), nil, nil, time.Time{}},
	})
}

func TestWordsOfDangerHurryTheClock(t *testing.T) {
	t.Parallel()
	c, _ := File(Filing{Reporter: reporter, Place: thePlace, Category: noise(), Danger: true,
		Policies: DefaultPolicies(), Ground: ground(staff()), Now: at("2026-11-29 02:00")})
	same(t, "urgency", c.Urgency, Emergency)
	sameTime(t, "due", c.Ladder.Due, at("2026-11-29 02:15"))
}

func TestEverybodyWhoHoldsTheCardIsNudged(t *testing.T) {
	t.Parallel()
	g := ground(append(silenced(staff(), inspector), stands(colleague, PreventionInspector, thePlace), stands(20, PreventionInspector, thePlace)))
	c, o := filed(noise(), g, monday("10:00"))
	sameList(t, "filing", events(o), []string{"filed", "assigned 11", "unreachable 11", "assigned 12", "assigned 20"})
	sameList(t, "filing rings", rung(o), []string{"card.officer 12", "card.officer 20"})
	sameList(t, "nudges", rung(c.Escalate(g, monday("10:30"))), []string{"nudge 12", "nudge 20"})
}

func TestALevelWithNobodyIsSkippedInTheSameMoment(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		people Responsibilities
		at     []string
		want   []string
		rings  []string
	}{
		{"without a substitute the senior is told in time", without(staff(), substitute), []string{"11:00"},
			[]string{"skipped at 1", "escalated 14 at 2"}, []string{"card.officer 14"}},
		{"a substitute out of reach is as good as none", silenced(staff(), substitute), []string{"11:00"},
			[]string{"skipped at 1", "escalated 14 at 2"}, []string{"card.officer 14"}},
		{"who was told early is not told again", without(staff(), substitute), []string{"11:00", "12:00"}, nil, nil},
		{"two levels may be missing", without(staff(), substitute, senior), []string{"11:00"},
			[]string{"skipped at 1", "skipped at 2", "escalated 15 at 3"}, []string{"card.head 15"}},
		{"without a sector's head the district's is told", without(staff(), sectorHead), []string{"11:00", "12:00", "15:00"},
			[]string{"escalated 16 at 3"}, []string{"card.head 16"}},
		{"a sector's head out of reach gives way to the district's", silenced(staff(), sectorHead), []string{"11:00", "12:00", "15:00"},
			[]string{"escalated 16 at 3"}, []string{"card.head 16"}},
		{"without anybody above the administrator is told, and the reporter is not alarmed",
			without(staff(), substitute, senior, sectorHead, districtHead), []string{"11:00"},
			[]string{"skipped at 1", "skipped at 2", "skipped at 3", "escalated 17 at 4"}, []string{"nobody 17"}},
		{"a skipped level is reported once",
			without(staff(), substitute, senior, sectorHead, districtHead), []string{"11:00", "12:00", "15:00"}, nil, nil},
		{"without even an administrator all levels are skipped",
			Responsibilities{stands(inspector, PreventionInspector, thePlace)}, []string{"11:00"},
			[]string{"skipped at 1", "skipped at 2", "skipped at 3", "skipped at 4"}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			g := ground(test.people)
			c, _ := filed(noise(), g, monday("10:00"))
			c.Escalate(g, monday("10:50"))
			var o Outcome
			for _, when := range test.at {
				o = c.Escalate(g, monday(when))
			}
			sameList(t, "events", events(o), test.want)
			sameList(t, "rings", rung(o), test.rings)
		})
	}
}

func TestTheInspectorOfThePlaceIsToldAtTheFirstStepWhereSomebodyElseCameFirst(t *testing.T) {
	t.Parallel()
	other := Category{Code: "other", Urgency: Normal, Primary: MahallaChair, Secrecy: Internal}
	withChair := append(staff(), stands(chair, MahallaChair, thePlace))
	for _, test := range []struct {
		name     string
		category Category
		people   Responsibilities
		first    []string // rings when it is filed
		steps    []string // rings at 11:00, 12:00 and 15:00
		next     []string // and on the next day
	}{
		{"the chair, the inspector, the senior, the heads", other, withChair,
			[]string{"card.officer 18"}, []string{"card.officer 11", "card.officer 14", "card.head 15"}, []string{"card.head 16", "reminder 15"}},
		{"without an inspector the substitute", other, without(withChair, inspector),
			[]string{"card.officer 18"}, []string{"card.officer 13", "card.officer 14", "card.head 15"}, []string{"card.head 16", "reminder 15"}},
		{"an inspector out of reach gives way to the substitute", other, silenced(withChair, inspector),
			[]string{"card.officer 18"}, []string{"card.officer 13", "card.officer 14", "card.head 15"}, []string{"card.head 16", "reminder 15"}},
		{"of a chair out of reach the inspector is told at once, the senior after a quarter of an hour", other, silenced(withChair, chair),
			[]string{"card.officer 11"}, []string{"card.officer 13", "card.head 15"}, []string{"card.head 16", "reminder 15"}},
		{"a chair who inspects too is passed over", other, append(without(staff(), inspector), stands(chair, MahallaChair, thePlace), stands(chair, PreventionInspector, thePlace)),
			[]string{"card.officer 18"}, []string{"card.officer 13", "card.officer 14", "card.head 15"}, []string{"card.head 16", "reminder 15"}},
		{"an inspector told first is not told again", noise(), withChair,
			[]string{"card.officer 11"}, []string{"card.officer 13", "card.officer 14", "card.head 15"}, []string{"card.head 16", "reminder 15"}},
		{"a social worker's case too", Category{Code: "help", Urgency: Low, Primary: SocialWorker}, append(staff(), stands(chair, SocialWorker, theDistrict)),
			[]string{"card.officer 18"}, []string{"card.officer 11", "card.officer 14", "card.head 15"}, []string{"card.head 16", "reminder 15"}},
		{"the sector head's case goes on to the district's at the heads' step", noise(), without(staff(), inspector, substitute, senior),
			[]string{"card.officer 15"}, []string{"card.head 16"}, []string{"reminder 15", "reminder 16"}},
		{"a sector head out of reach gives way to the district's at once, who is reminded at the step", noise(), silenced(without(staff(), inspector, substitute, senior), sectorHead),
			[]string{"card.head 16"}, []string{"reminder 16"}, []string{"reminder 16"}},
		{"a sector head told early gives way at the heads' step", noise(), without(staff(), substitute, senior),
			[]string{"card.officer 11"}, []string{"card.head 15", "card.head 16"}, []string{"reminder 15", "reminder 16"}},
		{"a complaint climbs from head to head", complaint(), without(staff(), senior),
			[]string{"card.officer 15"}, []string{"card.head 16"}, []string{"reminder 15", "reminder 16"}},
		{"the district head's case is the district head's to the end", noise(), without(staff(), inspector, substitute, senior, sectorHead),
			[]string{"card.officer 16"}, []string{"reminder 16"}, []string{"reminder 16"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			g := ground(test.people)
			c, o := filed(test.category, g, monday("10:00"))
			sameList(t, "filed", rung(o), test.first)
			c.Escalate(g, monday("10:50"))
			var rings []string
			for _, when := range []string{"11:00", "12:00", "15:00"} {
				rings = append(rings, rung(c.Escalate(g, monday(when)))...)
			}
			sameList(t, "steps", rings, test.steps)
			sameList(t, "the next day", rung(c.Escalate(g, at("2026-11-24 15:00"))), test.next)
		})
	}
}

func TestAHeadWhoIsLostGivesWayToTheNext(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	c, _ := filed(noise(), g, monday("10:00"))
	c.Escalate(g, monday("15:00"))
	sameList(t, "others are in reach", rung(c.Undeliverable(inspector, g, monday("15:01"))), nil)
	g = ground(silenced(staff(), inspector, sectorHead))
	sameList(t, "the sector's head is lost", rung(c.Undeliverable(sectorHead, g, monday("15:02"))), []string{"card.head 16"})

	c = accepted(t, ground(staff()), monday("10:00"), sectorHead)
	o := c.Release(DefaultPolicies(), ground(silenced(staff(), sectorHead, inspector)), monday("10:30"))
	sameList(t, "with the case", rung(o), []string{"card.officer 16"})
	c = accepted(t, ground(append(staff(), stands(chair, MahallaChair, thePlace))), monday("10:00"), chair)
	o = c.Release(DefaultPolicies(), ground(silenced(staff(), inspector)), monday("10:30"))
	sameList(t, "a chair is lost with the case", rung(o), []string{"card.officer 13"})
}

func TestWhoWasToldMayTakeTheCase(t *testing.T) {
	t.Parallel()
	family := Category{Code: "family_conflict", Urgency: Normal, Primary: MahallaChair, Secrecy: Confidential}
	g := ground(append(staff(), stands(chair, MahallaChair, thePlace), stands(20, MahallaChair, theDistrict)))
	for who, want := range map[PersonID]string{chair: "yes", 20: "not_found: case_not_found", inspector: "yes", admin: "not_found: case_not_found"} {
		c, _ := filed(family, g, monday("10:00"))
		_, err := c.Accept(somebody(who, g.People), g, monday("10:05"))
		same(t, fmt.Sprint(who), answer(err), want)
	}
}

func TestALevelThatComesBackIsTold(t *testing.T) {
	t.Parallel()
	g := ground(silenced(staff(), substitute, senior))
	c, _ := filed(noise(), g, monday("10:00"))
	c.Escalate(g, monday("11:00"))
	same(t, "level", c.Level, LevelHead)
	o := c.Escalate(ground(staff()), monday("12:00"))
	sameList(t, "events", events(o), []string{"escalated 14 at 2"})
	same(t, "level stays", c.Level, LevelHead)
}

func TestNobodyReachable(t *testing.T) {
	t.Parallel()
	officers := []PersonID{inspector, substitute, senior, sectorHead, districtHead}
	for _, test := range []struct {
		name   string
		people Responsibilities
		events []string
		rings  []string
	}{
		{
			"all officers out of reach: the administrator and the reporter are told", silenced(staff(), officers...),
			[]string{"filed", "assigned 11", "unreachable 11", "skipped at 1", "skipped at 2", "skipped at 3", "escalated 17 at 4", "nobody"},
			[]string{"nobody 17", "on_your_own 101"},
		},
		{
			"no officers: the administrator and the reporter are told", without(staff(), officers...),
			[]string{"filed", "escalated 17 at 4", "nobody"},
			[]string{"nobody 17", "on_your_own 101"},
		},
		{
			"nobody at all: the reporter is told", nil,
			[]string{"filed", "skipped at 4", "nobody"},
			[]string{"on_your_own 101"},
		},
		{
			"everybody out of reach: the reporter is told", silenced(staff(), append(officers, admin)...),
			[]string{"filed", "assigned 11", "unreachable 11", "skipped at 1", "skipped at 2", "skipped at 3", "skipped at 4", "nobody"},
			[]string{"on_your_own 101"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			g := ground(test.people)
			c, o := filed(noise(), g, monday("10:00"))
			sameList(t, "events", events(o), test.events)
			sameList(t, "rings", rung(o), test.rings)
			same(t, "out of reach", c.OutOfReach(), true)
			same(t, "status", c.Status, New)
			same(t, "level", c.Level, LevelAdministrator)

			var later []string
			for _, when := range []string{"10:15", "10:30", "10:50", "11:00", "12:00", "15:00"} {
				o := c.Escalate(g, monday(when))
				later = append(later, rung(o)...)
			}
			sameList(t, "rings on the same day, for nothing is new", later, nil)
		})
	}
	t.Run("the administrator is reminded every day", func(t *testing.T) {
		t.Parallel()
		g := ground(without(staff(), officers...))
		c, _ := filed(noise(), g, monday("10:00"))
		c.Escalate(g, monday("17:00"))
		sameList(t, "rings", rung(c.Escalate(g, at("2026-11-24 17:00"))), []string{"reminder 17"})
	})
	t.Run("an officer appointed later is told at the next beat of the day, and may take the case", func(t *testing.T) {
		t.Parallel()
		c, _ := filed(noise(), ground(nil), monday("10:00"))
		g := ground(staff())
		sameList(t, "rings", rung(c.Escalate(g, at("2026-11-24 17:00"))), []string{"card.officer 11"})
		_, err := c.Accept(somebody(inspector, g.People), g, at("2026-11-24 17:00"))
		same(t, "accept", answer(err), "yes")
	})
}

func TestAnOfficerOutOfReachWhenTheReportComes(t *testing.T) {
	t.Parallel()
	g := ground(silenced(staff(), inspector))
	c, o := filed(danger(), g, monday("02:00"))
	sameList(t, "events", events(o), []string{"filed", "assigned 11", "unreachable 11", "escalated 13 at 1"})
	sameList(t, "rings", rung(o), []string{"card.officer 13"})
	sameList(t, "told of the officer", told(o, NoticeUnreachable), []PersonID{senior, admin})
	falls(t, c, g, []fall{
		{monday("02:05"), []string{"nudged 13"}, []string{"nudge 13"}, monday("02:10")},
		{monday("02:10"), []string{"nudged 13"}, []string{"nudge 13"}, monday("02:15")},
		{monday("02:15"), []string{"escalated 14 at 2"}, []string{"card.officer 14"}, monday("02:40")},
	})
}

func TestACardThatCannotBeDelivered(t *testing.T) {
	t.Parallel()
	t.Run("goes to the next level at once and to the senior within a quarter of an hour", func(t *testing.T) {
		t.Parallel()
		g := ground(staff())
		c, _ := filed(danger(), g, monday("02:00"))
		o := c.Undeliverable(inspector, g, monday("02:01"))
		sameList(t, "events", events(o), []string{"unreachable 11", "escalated 13 at 1"})
		sameList(t, "rings", rung(o), []string{"card.officer 13"})
		sameList(t, "told of the officer", told(o, NoticeUnreachable), []PersonID{senior, admin})
		sameList(t, "later", beats(c.Ladder), []string{"02:05 nudge", "02:10 nudge", "02:15 step 1", "02:16 step 2", "02:40 step 3"})
		sameList(t, "told twice", events(c.Undeliverable(inspector, g, monday("02:02"))), nil)
	})
	t.Run("waits while another holder is within reach", func(t *testing.T) {
		t.Parallel()
		g := ground(append(staff(), stands(colleague, PreventionInspector, thePlace)))
		c, _ := filed(noise(), g, monday("10:00"))
		sameList(t, "the first", events(c.Undeliverable(inspector, g, monday("10:01"))), []string{"unreachable 11"})
		sameList(t, "the second", events(c.Undeliverable(colleague, g, monday("10:02"))), []string{"unreachable 12", "escalated 13 at 1"})
	})
	t.Run("climbs from the substitute too, though the inspector is only silent", func(t *testing.T) {
		t.Parallel()
		g := ground(staff())
		c, _ := filed(noise(), g, monday("10:00"))
		c.Escalate(g, monday("11:00"))
		o := c.Undeliverable(substitute, g, monday("11:01"))
		sameList(t, "events", events(o), []string{"unreachable 13", "escalated 14 at 2"})
	})
	t.Run("does not climb when somebody higher holds the case already", func(t *testing.T) {
		t.Parallel()
		g := ground(staff())
		c, _ := filed(noise(), g, monday("10:00"))
		c.Escalate(g, monday("11:00"))
		sameList(t, "events", events(c.Undeliverable(inspector, g, monday("11:01"))), []string{"unreachable 11"})
	})
	t.Run("alarms the reporter once, when the last officer is lost", func(t *testing.T) {
		t.Parallel()
		g := ground(without(staff(), sectorHead, districtHead))
		c, _ := filed(noise(), g, monday("10:00"))
		var alarms []PersonID
		for i, p := range []PersonID{inspector, substitute, senior, admin} {
			o := c.Undeliverable(p, g, monday("10:01").Add(time.Duration(i)*time.Minute))
			alarms = append(alarms, told(o, NoticeOnYourOwn)...)
			if p == senior {
				sameList(t, "the last officer", rung(o), []string{"nobody 17", "on_your_own 101"})
			}
		}
		alarms = append(alarms, told(c.Escalate(g, at("2026-11-24 17:00")), NoticeOnYourOwn)...)
		sameList(t, "alarms", alarms, []PersonID{reporter})
	})
	t.Run("alarms the reporter when the administrator was told before", func(t *testing.T) {
		t.Parallel()
		g := ground(without(staff(), substitute, senior, sectorHead, districtHead))
		c, _ := filed(noise(), g, monday("10:00"))
		sameList(t, "silent", rung(c.Escalate(g, monday("11:00"))), []string{"nobody 17"})
		sameList(t, "lost", rung(c.Undeliverable(inspector, g, monday("11:05"))), []string{"on_your_own 101"})
	})
	t.Run("changes nothing for somebody who was never told", func(t *testing.T) {
		t.Parallel()
		g := ground(staff())
		c, _ := filed(noise(), g, monday("10:00"))
		o := c.Undeliverable(senior, g, monday("10:01"))
		same(t, "events and notices", len(o.Events)+len(o.Notices), 0)
	})
	t.Run("is only reported once somebody has accepted", func(t *testing.T) {
		t.Parallel()
		g := ground(staff())
		c := accepted(t, g, monday("10:00"), inspector)
		sameList(t, "events", events(c.Undeliverable(inspector, g, monday("10:20"))), []string{"unreachable 11"})
		same(t, "owner", c.Owner, inspector)
	})
	t.Run("tells a senior who administers too only once", func(t *testing.T) {
		t.Parallel()
		g := ground(append(without(staff(), admin), stands(senior, Administrator, theRepublic)))
		c, _ := filed(noise(), g, monday("10:00"))
		sameList(t, "told", told(c.Undeliverable(inspector, g, monday("10:01")), NoticeUnreachable), []PersonID{senior})
	})
	t.Run("is forgotten when the person is heard from", func(t *testing.T) {
		t.Parallel()
		g := ground(staff())
		c, _ := filed(noise(), g, monday("10:00"))
		c.Undeliverable(inspector, g, monday("10:01"))
		o, err := c.Accept(somebody(inspector, g.People), g, monday("10:02"))
		same(t, "accept", answer(err), "yes")
		sameList(t, "cards", told(o, CardOfficer), []PersonID{inspector, substitute})
	})
	t.Run("is not tried again with every change", func(t *testing.T) {
		t.Parallel()
		g := ground(staff())
		c, _ := filed(noise(), g, monday("10:00"))
		c.Undeliverable(inspector, g, monday("10:01"))
		o, err := c.Withdraw(reporter, monday("10:02"))
		same(t, "withdraw", answer(err), "yes")
		sameList(t, "cards", told(o, CardOfficer), []PersonID{substitute})
	})
}

func TestBeatsMissedInAnOutage(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		back   time.Time
		events []string
		rings  []string
		next   time.Time
	}{
		{
			"a minute late is on time", monday("10:31"),
			[]string{"nudged 11"}, []string{"nudge 11"}, monday("10:50"),
		},
		{
			"two minutes late are late", monday("10:32"),
			[]string{"nudged 11 late"}, []string{"nudge 11"}, monday("10:50"),
		},
		{
			"of two nudges missed one is sent", monday("10:55"),
			[]string{"nudged 11 late"}, []string{"nudge 11"}, monday("11:00"),
		},
		{
			"a nudge gives way to the step after it", monday("11:30"),
			[]string{"escalated 13 at 1 late"}, []string{"card.officer 13"}, monday("12:00"),
		},
		{
			"steps missed fire once, the oldest first", monday("16:00"),
			[]string{"escalated 13 at 1 late", "escalated 14 at 2 late", "escalated 15 at 3 late"},
			[]string{"card.officer 13", "card.officer 14", "card.head 15"}, at("2026-11-24 15:00"),
		},
		{
			"who is told this very moment is not reminded too", at("2026-12-23 16:00"),
			[]string{"escalated 13 at 1 late", "escalated 14 at 2 late", "escalated 15 at 3 late"},
			[]string{"card.officer 13", "card.officer 14", "card.head 15"}, at("2026-12-24 15:00"),
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			g := ground(staff())
			c, _ := filed(noise(), g, monday("10:00"))
			falls(t, c, g, []fall{{test.back, test.events, test.rings, test.next}})
		})
	}
	t.Run("of a month of daily reminders missed one is sent", func(t *testing.T) {
		t.Parallel()
		g := ground(staff())
		c, _ := filed(noise(), g, monday("10:00"))
		c.Escalate(g, monday("15:00"))
		falls(t, c, g, []fall{
			{at("2026-12-23 16:00"), []string{"escalated 16 at 3 late", "reminded 15 at 3 late"}, []string{"card.head 16", "reminder 15"}, at("2026-12-24 15:00")},
			{at("2026-12-24 15:00"), []string{"reminded 15 at 3", "reminded 16 at 3"}, []string{"reminder 15", "reminder 16"}, at("2026-12-25 15:00")},
		})
	})
}

func TestAcceptanceStopsEverything(t *testing.T) {
	t.Parallel()
	for _, by := range []PersonID{inspector, substitute, senior, sectorHead} {
		g := ground(staff())
		c, _ := filed(noise(), g, monday("10:00"))
		c.Escalate(g, monday("15:00"))
		if _, err := c.Accept(somebody(by, g.People), g, monday("15:10")); err != nil {
			t.Fatalf("%d: %v", by, err)
		}
		sameTime(t, "next beat", c.NextBeat(), time.Time{})
		same(t, "overdue", c.Overdue(at("2027-01-01 00:00")), false)
		o := c.Escalate(g, at("2027-01-01 00:00"))
		same(t, "events and notices", len(o.Events)+len(o.Notices), 0)
	}
}

func TestAReportersOwnRolesDoNotAnswer(t *testing.T) {
	t.Parallel()
	own := func(r Responsibilities, role Role, node TerritoryID) Responsibilities {
		return append(slices.Clone(r), stands(reporter, role, node))
	}
	t.Run("an inspector's own report goes to the next", func(t *testing.T) {
		t.Parallel()
		c, o := filed(noise(), ground(own(without(staff(), inspector), PreventionInspector, thePlace)), monday("10:00"))
		sameList(t, "rings", rung(o), []string{"card.officer 13"})
		same(t, "holds", c.Holds(reporter), false)
	})
	t.Run("a senior's own report passes the senior", func(t *testing.T) {
		t.Parallel()
		g := ground(own(without(staff(), senior), SeniorInspector, theDistrict))
		c, _ := filed(noise(), g, monday("10:00"))
		o := c.Escalate(g, monday("15:00"))
		sameList(t, "events", events(o), []string{"escalated 13 at 1 late", "skipped at 2 late", "escalated 15 at 3 late"})
		_, err := c.Accept(somebody(reporter, g.People), g, monday("15:00"))
		same(t, "accept", answer(err), "not_found: case_not_found")
	})
	t.Run("an administrator's own report with nobody there is told the truth once", func(t *testing.T) {
		t.Parallel()
		_, o := filed(noise(), ground(own(nil, Administrator, theRepublic)), monday("10:00"))
		sameList(t, "rings", rung(o), []string{"on_your_own 101"})
	})
}

func TestACaseThatNobodyTookStaysOnTheClock(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	c, _ := filed(danger(), g, monday("10:00"))
	c.Escalate(g, at("2026-12-31 00:00"))
	sameTime(t, "no beat is left", c.Ladder.Next(), time.Time{})
	same(t, "it still waits", c.NextBeat().After(at("2100-01-01 00:00")), true)
}
