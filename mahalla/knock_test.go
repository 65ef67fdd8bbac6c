package mahalla

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// quiet is a case that nobody else may see on the reporter's phone.
func quiet(t *testing.T, g Ground, status Status) *Case {
	t.Helper()
	c := inStatus(t, g, status)
	c.Secrecy = Secret
	return c
}

// reach lists what an outcome brings onto the reporter's phone that was not
// there: what rings, and what is no card.
func reach(c *Case, o Outcome) []string {
	var list []string
	for _, n := range o.Notices {
		if n.To == c.Reporter && (n.Ring || !strings.HasPrefix(string(n.Kind), "card.")) {
			list = append(list, string(n.Kind))
		}
	}
	return list
}

func TestWhatOthersDoReachesTheReporterOfAQuietCaseOnlyAsAKnock(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	now := monday("12:00")
	for name, do := range map[string]func() (*Case, Outcome){
		"a question": func() (*Case, Outcome) {
			c := quiet(t, g, Accepted)
			o, err := c.Ask(somebody(inspector, g.People), now)
			same(t, "asked", answer(err), "yes")
			return c, o
		},
		"a reminder": func() (*Case, Outcome) {
			c := quiet(t, g, Waiting)
			return c, c.RemindToAnswer(false, now)
		},
		"a result": func() (*Case, Outcome) {
			c := quiet(t, g, Accepted)
			o, err := c.Close(somebody(inspector, g.People), Warned, "", now)
			same(t, "closed", answer(err), "yes")
			o.notice(Notice{Kind: "evidence", To: c.Reporter})
			return c, o
		},
		"a return": func() (*Case, Outcome) {
			c := quiet(t, g, Closed)
			return c, c.ReporterBack(monday("11:00"), now)
		},
		"nobody within reach": func() (*Case, Outcome) {
			c := quiet(t, g, New)
			var o Outcome
			for _, a := range c.Assignments {
				o = o.And(c.Undeliverable(a.Person, ground(nil), now))
			}
			return c, o
		},
		"anything that is thought of later": func() (*Case, Outcome) {
			c := quiet(t, g, New)
			return c, Outcome{Notices: []Notice{{Kind: "new.notice", To: c.Reporter}, {Kind: CardReporter, To: c.Reporter, Ring: true}}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			c, o := do()
			if len(reach(c, o)) == 0 {
				t.Fatal("there is nothing to hold back")
			}
			k, o := c.Hush(Knock{}, o, now)
			sameList(t, "reaches the phone", reach(c, o), []string{"card.knock"})
			sameTime(t, "waits since", k.Since, now)
			k, again := c.Hush(k, Outcome{Notices: []Notice{{Kind: CardResult, To: c.Reporter, Ring: true}}}, now.Add(time.Hour))
			sameTime(t, "still since", k.Since, now)
			sameList(t, "more news", reach(c, again), []string{"card.knock"})
			k.Later = now.Add(3 * time.Hour)
			_, again = c.Hush(k, Outcome{Notices: []Notice{{Kind: CardResult, To: c.Reporter, Ring: true}}}, now.Add(time.Hour))
			sameList(t, "news while it was put off", reach(c, again), nil)
		})
	}
}

func TestOthersAndOpenCasesAreNotHushed(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	c := quiet(t, g, Accepted)
	o := Outcome{Notices: []Notice{{Kind: CardOfficer, To: inspector, Ring: true}}}
	k, kept := c.Hush(Knock{}, o, monday("12:00"))
	same(t, "knock", k, Knock{})
	sameList(t, "officer", rung(kept), []string{"card.officer 11"})
	c.Secrecy = Internal
	o, _ = c.Ask(somebody(inspector, g.People), monday("12:00"))
	_, kept = c.Hush(Knock{}, o, monday("12:00"))
	sameList(t, "no secret", rung(kept), []string{"card.question 101"})
}

func TestWhoWritesIsLooking(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	c := quiet(t, g, Waiting)
	k := Knock{Since: monday("11:00")}
	o, err := c.Add(reporter, "", false, DefaultPolicies(), g, monday("12:00"))
	same(t, "added", answer(err), "yes")
	k, _ = c.Hush(k, o, monday("12:00"))
	same(t, "the question still waits", k.Waits(), true)
	o, err = c.Answer(reporter, false, DefaultPolicies(), g, monday("12:05"))
	same(t, "answered", answer(err), "yes")
	k, o = c.Hush(k, o, monday("12:05"))
	same(t, "nothing waits", k, Knock{})
	if !slices.Contains(o.Cancel, TimerKnock) {
		t.Errorf("cancelled: got %q, want the knock too", o.Cancel)
	}
}

func TestReadingStartsTheClocks(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	c := quiet(t, g, Waiting)
	_, _, err := c.Read(Knock{Since: monday("10:20")}, neighbour, false, monday("20:00"))
	same(t, "somebody else", answer(err), "not_found: case_not_found")
	k, o, err := c.Read(Knock{Since: monday("10:20")}, reporter, false, monday("20:00"))
	same(t, "read", answer(err), "yes")
	same(t, "waits", k.Waits(), false)
	sameList(t, "timers", timers(o), []string{"reminder 24 20:00", "answer 26 20:00"})
	sameList(t, "shown", rung(o), []string{"card.question 101"})

	_, o, err = c.Read(k, reporter, false, monday("21:00"))
	same(t, "read again", answer(err), "yes")
	sameList(t, "timers of a second look", timers(o), nil)

	c = quiet(t, g, Closed)
	_, o, _ = c.Read(Knock{Since: c.ClosedAt}, reporter, false, c.ClosedAt.Add(13*24*time.Hour))
	sameTime(t, "the verdict, as long as it may be reopened", o.Timers[0].Due, c.ClosedAt.Add(ReopenWithin))
	_, _, err = quiet(t, g, Accepted).Read(Knock{}, reporter, false, monday("12:00"))
	same(t, "nothing new", answer(err), "conflict: nothing_new")
}

func TestSilenceAboutWhatWasNotReadIsNoVerdict(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	c := quiet(t, g, Closed)
	unread := Knock{Since: c.ClosedAt}
	o := c.Silence(unread.Reach(Reachable), c.ClosedAt.Add(VerdictWithin))
	same(t, "verdict after three days", c.Verdict, NoVerdict)
	sameTime(t, "waited for", o.Timers[0].Due, c.ClosedAt.Add(ReopenWithin))
	c.Silence(Knock{}.Reach(Reachable), c.ClosedAt.Add(VerdictWithin))
	same(t, "once it was read", c.Verdict, VerdictSilent)
}

func TestPuttingOff(t *testing.T) {
	t.Parallel()
	c := quiet(t, ground(staff()), Waiting)
	waits := Knock{Since: monday("10:20")}
	now := monday("12:00")
	for _, test := range []struct {
		name string
		k    Knock
		by   PersonID
		at   time.Time
		want string
	}{
		{"an hour", waits, reporter, now.Add(time.Hour), "yes"},
		{"three days", waits, reporter, now.Add(MostPutOff), "yes"},
		{"longer", waits, reporter, now.Add(MostPutOff + time.Minute), "invalid: later_far"},
		{"the past", waits, reporter, now, "invalid: promise_past"},
		{"nothing waits", Knock{}, reporter, now.Add(time.Hour), "conflict: nothing_new"},
		{"somebody else", waits, inspector, now.Add(time.Hour), "not_found: case_not_found"},
	} {
		k, o, err := c.PutOff(test.k, test.by, test.at, now)
		same(t, test.name, answer(err), test.want)
		if err != nil {
			continue
		}
		sameTime(t, test.name, o.Timers[0].Due, test.at)
		_, o = c.KnockOnce(k, test.at.Add(-time.Minute))
		same(t, test.name+", a minute early", len(o.Notices), 0)
		k, o = c.KnockOnce(k, test.at)
		sameList(t, test.name+", in time", rung(o), []string{"card.knock 101"})
		same(t, test.name+", then", k, waits)
	}
	_, o := c.KnockOnce(Knock{}, now)
	same(t, "read meanwhile", len(o.Notices), 0)
}

func TestTheEveningIsTheNextOne(t *testing.T) {
	t.Parallel()
	for clock, want := range map[string]string{"09:00": "2026-11-23 20:00", "19:29": "2026-11-23 20:00", "19:31": "2026-11-24 20:00", "23:00": "2026-11-24 20:00"} {
		sameTime(t, clock, Evening(monday(clock)), at(want))
	}
}

func TestOnlyTheReporterClearsTheScreenOfAQuietCase(t *testing.T) {
	t.Parallel()
	c := quiet(t, ground(staff()), Accepted)
	_, _, err := c.Wipe(Knock{}, inspector, monday("12:00"))
	same(t, "the officer", answer(err), "not_found: case_not_found")
	k, o, err := c.Wipe(Knock{Since: monday("11:00")}, reporter, monday("12:00"))
	same(t, "the reporter", answer(err), "yes")
	same(t, "still waits", k.Waits(), true)
	sameList(t, "notices", told(o, NoticeWipe), []PersonID{reporter})
	same(t, "status", c.Status, Accepted)
	c.Secrecy = Internal
	_, _, err = c.Wipe(Knock{}, reporter, monday("12:00"))
	same(t, "no secret", answer(err), "invalid: wipe_plain")
}

func TestWhatWasTakenBackBeforeItWasReadIsAskedAboutNoMore(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	now := monday("12:00")
	waits := Knock{Since: monday("11:00"), Later: monday("13:00"), Wiped: monday("10:59")}
	nobody := quiet(t, g, New)
	for _, a := range nobody.Assignments {
		nobody.Undeliverable(a.Person, ground(nil), now)
	}
	for _, test := range []struct {
		name string
		c    *Case
		over bool
	}{
		{"a result that was undone", quiet(t, g, Accepted), true},
		{"a question", quiet(t, g, Waiting), false},
		{"a result", quiet(t, g, Closed), false},
		{"nobody is within reach", nobody, false},
		{"a new case", quiet(t, g, New), true},
	} {
		k, o := test.c.Hush(waits, Outcome{Events: []Event{{Kind: EventNoted, At: now, By: inspector}}}, now)
		same(t, test.name+": waits", k.Waits(), !test.over)
		same(t, test.name+": wiped", k.Wiped, waits.Wiped)
		same(t, test.name+": its reminder is cancelled", slices.Contains(o.Cancel, TimerKnock), test.over)
		same(t, test.name+": the question is changed", len(told(o, CardKnock)) == 1, test.over)
		sameList(t, test.name+": rings", rung(o), nil)
		if test.over {
			same(t, test.name+": not put off", k.Later.IsZero(), true)
		}
		k, o = test.c.KnockOnce(Knock{Since: monday("11:00")}, now)
		same(t, test.name+": waits at the reminder", k.Waits(), !test.over)
		same(t, test.name+": rings at the reminder", len(rung(o)) > 0, !test.over)
	}
}

func TestAnOfficerIsToldThatAQuestionWasNeverRead(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	for _, test := range []struct {
		k    Knock
		want string
	}{{Knock{}, ""}, {Knock{Since: monday("11:00")}, "yes"}} {
		c := quiet(t, g, Waiting)
		now := c.AskedAt.Add(AnswerWithin)
		k, o := c.Hush(test.k, c.Unanswered(g, false, now), now)
		same(t, "knock", k, Knock{})
		i := slices.IndexFunc(o.Notices, func(n Notice) bool { return n.Kind == NoticeUnanswered })
		same(t, "unread", o.Notices[i].Args[ArgUnread], test.want)
	}
}

func TestAWarningIsNoKnockAndComesWithWhatIsOpenedNext(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	c := quiet(t, g, Accepted)
	now := monday("12:00")
	k, o := c.Hush(Knock{}, c.Stop(inspector, false, g, now), now)
	same(t, "knock", k, Knock{})
	sameList(t, "reaches the phone", reach(c, o), nil)

	c = quiet(t, g, Waiting)
	_, o, err := c.Read(Knock{Since: now}, reporter, true, now)
	same(t, "read", answer(err), "yes")
	sameList(t, "shown", rung(o), []string{"warned 101", "card.question 101"})
	_, o, err = quiet(t, g, Accepted).Read(Knock{}, reporter, true, now)
	same(t, "nothing but the warning", answer(err), "yes")
	sameList(t, "shown alone", told(o, NoticeWarned), []PersonID{reporter})
}
