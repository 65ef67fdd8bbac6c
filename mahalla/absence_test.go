package mahalla

import (
	"testing"
	"time"
)

func planned(t *testing.T, by PersonID, from, until string, others ...Absence) *Absence {
	t.Helper()
	a, err := PlanAbsence(1, somebody(by, staff()), at(from), at(until), others, monday("10:00"))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestWhichAbsenceCanBePlanned(t *testing.T) {
	t.Parallel()
	stands := Absence{ID: 2, Person: colleague, From: at("2026-11-25 00:00"), Until: at("2026-11-27 00:00"), State: AbsencePlanned,
		Substitute: inspector, Answer: StandInAgreed}
	asked := stands
	asked.Answer = StandInAsked
	over := stands
	over.State = AbsenceOver
	own := Absence{ID: 3, Person: inspector, State: AbsencePlanned}
	for _, test := range []struct {
		name        string
		by          PersonID
		from, until string
		others      []Absence
		want        string
	}{
		{"tomorrow", inspector, "2026-11-24 00:00", "2026-11-25 00:00", nil, "yes"},
		{"from now on", inspector, "2026-11-23 10:00", "2026-11-24 00:00", nil, "yes"},
		{"over already", inspector, "2026-11-22 00:00", "2026-11-23 00:00", nil, "invalid: absence_past"},
		{"backwards", inspector, "2026-11-26 00:00", "2026-11-25 00:00", nil, "invalid: absence_past"},
		{"half a year", inspector, "2026-11-24 00:00", "2027-05-24 00:00", nil, "invalid: absence_far"},
		{"of no officer", neighbour, "2026-11-24 00:00", "2026-11-25 00:00", nil, "forbidden: not_officer"},
		{"a second one", inspector, "2026-12-24 00:00", "2026-12-25 00:00", []Absence{own}, "conflict: absence_have"},
		{"while standing in", inspector, "2026-11-26 00:00", "2026-11-28 00:00", []Absence{stands}, "conflict: absence_needed"},
		{"after standing in", inspector, "2026-11-27 00:00", "2026-11-28 00:00", []Absence{stands}, "yes"},
		{"while only asked", inspector, "2026-11-26 00:00", "2026-11-28 00:00", []Absence{asked}, "yes"},
		{"when that is over", inspector, "2026-11-26 00:00", "2026-11-28 00:00", []Absence{over}, "yes"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := PlanAbsence(1, somebody(test.by, staff()), at(test.from), at(test.until), test.others, monday("10:00"))
			same(t, "answer", answer(err), test.want)
		})
	}
}

func TestWhoMayStandIn(t *testing.T) {
	t.Parallel()
	cal := ground(nil).Calendar
	away := Absence{ID: 2, Person: substitute, From: at("2026-11-25 00:00"), Until: at("2026-11-27 00:00"), State: AbsencePlanned}
	for _, test := range []struct {
		name   string
		to     PersonID
		others []Absence
		want   string
	}{
		{"a colleague", substitute, nil, "yes"},
		{"the senior inspector", senior, nil, "yes"},
		{"oneself", inspector, nil, "invalid: stand_in_unfit"},
		{"a neighbour", neighbour, nil, "invalid: stand_in_unfit"},
		{"who is away", substitute, []Absence{away}, "invalid: stand_in_absent"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := planned(t, inspector, "2026-11-24 00:00", "2026-11-26 00:00")
			err := a.Ask(inspector, somebody(test.to, staff()), test.others, cal, monday("10:00"))
			same(t, "answer", answer(err), test.want)
		})
	}
}

func TestTheAnswerOfASubstitute(t *testing.T) {
	t.Parallel()
	cal := ground(nil).Calendar
	ask := func() *Absence {
		a := planned(t, inspector, "2026-11-24 00:00", "2026-11-26 00:00")
		if err := a.Ask(inspector, somebody(substitute, staff()), nil, cal, monday("10:00")); err != nil {
			t.Fatal(err)
		}
		return a
	}
	a := ask()
	sameTime(t, "wakes", a.Wake(), monday("11:00"))
	same(t, "somebody else", answer(a.Reply(senior, true, nil, monday("10:30"))), "conflict: stand_in_gone")
	same(t, "another is asked meanwhile", answer(a.Ask(inspector, somebody(senior, staff()), nil, cal, monday("10:30"))), "conflict: absence_asked")
	same(t, "agrees", answer(a.Reply(substitute, true, nil, monday("10:30"))), "yes")
	same(t, "again", answer(a.Reply(substitute, true, nil, monday("10:31"))), "conflict: stand_in_gone")

	a = ask()
	same(t, "refuses", answer(a.Reply(substitute, false, nil, monday("10:30"))), "yes")
	same(t, "is not asked again", answer(a.Ask(inspector, somebody(substitute, staff()), nil, cal, monday("10:40"))), "invalid: stand_in_refused")
	same(t, "another", answer(a.Ask(inspector, somebody(senior, staff()), nil, cal, monday("10:40"))), "yes")

	a = ask()
	same(t, "too early", a.Tick(monday("10:59")), AbsenceNews{})
	same(t, "silent", a.Tick(monday("11:00")), AbsenceNews{Silent: true})
	same(t, "agrees late", answer(a.Reply(substitute, true, nil, monday("11:01"))), "conflict: stand_in_gone")

	a = ask()
	away := Absence{Person: substitute, From: at("2026-11-25 00:00"), Until: at("2026-11-27 00:00"), State: AbsencePlanned}
	same(t, "who is away by now", answer(a.Reply(substitute, true, []Absence{away}, monday("10:30"))), "invalid: stand_in_both")
}

func TestAnAbsenceBeginsAndEndsByItself(t *testing.T) {
	t.Parallel()
	a := planned(t, inspector, "2026-11-24 00:00", "2026-11-26 00:00")
	sameTime(t, "wakes", a.Wake(), at("2026-11-24 00:00"))
	same(t, "begins", a.Tick(at("2026-11-24 00:00")), AbsenceNews{Began: true})
	same(t, "once", a.Tick(at("2026-11-24 00:01")), AbsenceNews{})
	sameTime(t, "wakes again", a.Wake(), at("2026-11-26 00:00"))
	same(t, "ends", a.Tick(at("2026-11-26 00:00")), AbsenceNews{Ended: true})
	same(t, "never again", a.Wake().IsZero(), true)

	a = planned(t, inspector, "2026-11-24 00:00", "2026-11-26 00:00")
	same(t, "after a long outage", a.Tick(at("2026-12-01 00:00")), AbsenceNews{Began: true, Ended: true})
	same(t, "cancelled too late", answer(a.Cancel(inspector)), "conflict: absence_gone")
}

func TestASubstituteTakesOverWhatAnswersAndNotWhatSupervises(t *testing.T) {
	t.Parallel()
	who := Person{ID: inspector, Memberships: []Membership{
		{Role: PreventionInspector, Territory: thePlace},
		{Role: SeniorInspector, Territory: theDistrict},
		{Role: PreventionInspector, Territory: elsewhere, Until: monday("12:00")}, // is a substitute there
		{Role: Activist, Territory: thePlace},
	}}
	list := StandsInAt(who, monday("10:00"))
	same(t, "places", len(list), 1)
	same(t, "place", list[0].Territory, thePlace)
}

func TestACaseIsPassedOnWithItsClock(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	c, _ := filed(noise(), g, monday("10:00"))
	next := c.NextBeat()
	o := c.PassOn(inspector, colleague, PreventionInspector, monday("10:10"))
	sameList(t, "rung", rung(o), []string{"card.officer 12"})
	sameTime(t, "next beat", c.NextBeat(), next)
	sameList(t, "once", events(c.PassOn(inspector, colleague, PreventionInspector, monday("10:11"))), nil)
	secret, _ := filed(complaint(), g, monday("10:00"))
	sameList(t, "a complaint stays", events(secret.PassOn(senior, colleague, PreventionInspector, monday("10:10").Add(time.Minute))), nil)
}
