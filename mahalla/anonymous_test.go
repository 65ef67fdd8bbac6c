package mahalla

import (
	"fmt"
	"regexp"
	"testing"
	"time"
)

// unnamed is a filed case whose reporter is not named.
func unnamed(category Category, danger bool, g Ground, now time.Time) (*Case, Outcome) {
	return File(Filing{ID: 7, Number: NumberFrom(7), Reporter: reporter, Alias: "7F3", Place: thePlace,
		Category: category, Danger: danger, Policies: DefaultPolicies(), Ground: g, Now: now})
}

func TestTheClockOfAReportWithoutAName(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	c, _ := unnamed(noise(), false, g, monday("10:00"))
	same(t, "class", c.Ladder.Class, Anonymous)
	sameTime(t, "due", c.Ladder.Due, monday("12:00"))
	sameList(t, "beats: 60, 100; 120, 240; heads read their digest", beats(runOut(c.Ladder, g.Calendar, 9)),
		[]string{"11:00 nudge", "11:40 nudge", "12:00 step 1", "15:00 step 2"})
	urgent, _ := unnamed(noise(), true, g, monday("10:00"))
	same(t, "danger", urgent.Ladder.Class, Urgent)
	same(t, "reopened", func() Class {
		c := closed(t, g, monday("10:00"), inspector)
		c.Alias = "7F3"
		if _, err := c.Reopen(reporter, VerdictPartly, "", false, DefaultPolicies(), g, monday("11:00")); err != nil {
			t.Fatal(err)
		}
		return c.Ladder.Class
	}(), Anonymous)
}

func TestAnAliasSaysNothingAndLooksLikeNothingElse(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`^[2-9][A-Z][2-9]$`)
	seen := map[string]bool{}
	for i := range uint64(1000) {
		alias := NewAlias(i * 0x9E3779B97F4A7C15)
		if !form.MatchString(alias) {
			t.Fatalf("got %q", alias)
		}
		seen[alias] = true
	}
	if len(seen) < 500 {
		t.Errorf("got %d aliases of 1000 random numbers, want many", len(seen))
	}
}

func TestOnlyTheReporterRevealsAndOnlyOnce(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	c, _ := unnamed(noise(), false, g, monday("10:00"))
	for _, p := range []PersonID{inspector, senior, admin, neighbour, 0} {
		_, err := c.Reveal(p, g, monday("10:05"))
		same(t, "somebody else", answer(err), "not_found: case_not_found")
	}
	o, err := c.Reveal(reporter, g, monday("10:05"))
	same(t, "the reporter", answer(err), "yes")
	same(t, "alias", c.Alias, "")
	same(t, "event", o.Events[0].Kind, EventRevealed)
	_, err = c.Reveal(reporter, g, monday("10:06"))
	same(t, "again", answer(err), "conflict: already_named")
}

func TestWhatMayTellIsAskedOf(t *testing.T) {
	t.Parallel()
	photo, voice, video := Media{Kind: Photo, File: "p"}, Media{Kind: Voice, File: "v"}, Media{Kind: Video, File: "m"}
	d := &Draft{Parts: []Part{{Words: "a", Media: &photo}, {Media: &voice}, {Words: "b", Media: &video}}}
	same(t, "with a name", len(d.Telling()), 0)
	d.Veil = VeilAsked
	same(t, "not chosen yet", len(d.Telling()), 0)
	d.Veil = VeilWorn
	same(t, "without a name", len(d.Telling()), 2)
	d.LetTell()
	same(t, "they may", len(d.Telling()), 0)
	d.Parts = append(d.Parts, Part{Media: &voice})
	same(t, "another one", len(d.Telling()), 1)
	d.DropTelling()
	same(t, "taken out", len(d.Parts), 3)
	d.Told = 0
	d.DropTelling()
	same(t, "words stay", d.Words(), "a\nb")
	same(t, "pictures stay", len(d.Media()), 1)
	same(t, "nothing left", len(d.Telling()), 0)

	c := &Case{Alias: "7F3", Reporter: reporter}
	same(t, "later", answer(c.Guard(reporter, []Media{photo, voice})), "invalid: anonymous_media")
	same(t, "a picture later", answer(c.Guard(reporter, []Media{photo})), "yes")
	same(t, "the officer's", answer(c.Guard(inspector, []Media{voice})), "yes")
	c.Alias = ""
	same(t, "with a name", answer(c.Guard(reporter, []Media{voice})), "yes")
}

func TestTheLinkIsDroppedSomeTimeAfterTheEnd(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	end := monday("11:00")
	ended := func() *Case {
		c, _ := unnamed(noise(), false, g, monday("10:00"))
		c.Status, c.WithdrawnAt = Withdrawn, end
		return c
	}
	for _, test := range []struct {
		name   string
		change func(*Case)
		now    time.Time
		want   int
	}{
		{"too early", func(*Case) {}, end.Add(LinkKept - time.Second), 0},
		{"in time", func(*Case) {}, end.Add(LinkKept), 1},
		{"closed", func(c *Case) { c.Status, c.ClosedAt, c.WithdrawnAt = Closed, end, time.Time{} }, end.Add(LinkKept), 1},
		{"open again", func(c *Case) { c.Status, c.WithdrawnAt = New, time.Time{} }, end.Add(LinkKept), 0},
		{"named", func(c *Case) { c.Alias = "" }, end.Add(LinkKept), 0},
		{"dropped before", func(c *Case) { c.Reporter = 0 }, end.Add(LinkKept), 0},
	} {
		c := ended()
		test.change(c)
		o := c.Unlink(nil, LinkKept, test.now)
		same(t, test.name, len(o.Events), test.want)
		if test.want == 1 {
			same(t, test.name+": reporter", c.Reporter, PersonID(0))
		}
	}
	if LeastLinkKept <= ReopenWithin {
		t.Error("a case could not be reopened as long as it may be")
	}
}

func TestNobodyJoinsAReportWithoutAName(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	c, _ := unnamed(noise(), false, g, monday("10:00"))
	_, err := c.Join(neighbour, Normal, DefaultPolicies(), g, monday("10:05"))
	same(t, "join", answer(err), "conflict: same_gone")
	_, err = c.ShowPhone(reporter, monday("10:05"))
	same(t, "phone", answer(err), "invalid: phone_anonymous")
}

func TestWhenAReporterWithoutANameIsLostIsNotWrittenDown(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	c, _ := unnamed(noise(), false, g, monday("10:00"))
	o := c.ReporterLost(monday("10:05"))
	same(t, "events", len(o.Events), 0)
	same(t, "notices", len(o.Notices), 0)
}

func TestWhenAReporterWithoutANameIsBackIsNotWrittenDown(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	back := at("2026-11-25 09:00")
	for _, test := range []struct {
		name    string
		make    func(t *testing.T) *Case
		secrecy Secrecy
		rings   []string
		due     string
	}{
		{"new", func(t *testing.T) *Case { return inStatus(t, g, New) }, Public, nil, ""},
		{"accepted", func(t *testing.T) *Case { return inStatus(t, g, Accepted) }, Public, nil, ""},
		{"asked", func(t *testing.T) *Case { return inStatus(t, g, Waiting) }, Public, []string{"card.question 101"}, ""},
		{"asked in secret", func(t *testing.T) *Case { return inStatus(t, g, Waiting) }, Secret, []string{"card.knock 101"}, ""},
		{"closed", func(t *testing.T) *Case { return closed(t, g, monday("10:00"), inspector) }, Public, []string{"card.result 101"}, "2026-12-07 10:30"},
		{"closed in secret", func(t *testing.T) *Case { return closed(t, g, monday("10:00"), inspector) }, Secret, []string{"card.knock 101"}, "2026-12-07 10:30"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := test.make(t)
			c.Alias, c.Secrecy = "7F3", test.secrecy
			before := Knock{Since: monday("11:00")}
			k, o := c.Hush(before, c.ReporterBack(monday("10:20"), back), back)
			same(t, "events", len(o.Events), 0)
			same(t, "the knock", k, before)
			sameList(t, "rings", rung(o), test.rings)
			for _, n := range o.Notices {
				same(t, "only the reporter is told", n.To, c.Reporter)
			}
			var want []Timer
			if test.due != "" {
				want = []Timer{{TimerVerdict, at(test.due)}}
			}
			same(t, "timers", fmt.Sprint(o.Timers), fmt.Sprint(want))
		})
	}
}

func TestAColleagueWhoReportsWithoutANameIsNotToldApart(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	anonymous := func(by PersonID) *Case {
		c := accepted(t, g, monday("10:00"), inspector)
		c.Alias, c.Reporter = "7F3", by
		return c
	}
	me, boss, colleagueTo := somebody(inspector, g.People), somebody(senior, g.People), officer(olim)

	c := anonymous(olim)
	o, err := c.OfferElsewhere(me, elsewhere, noise(), g, another(elsewhere, olim), monday("10:10"))
	same(t, "offered", answer(err), "yes")
	sameList(t, "asked", rung(o), []string{"card.offer 31"})
	_, err = c.TakeOffer(colleagueTo, g, another(elsewhere, olim), monday("10:11"))
	same(t, "takes", answer(err), "forbidden: no_role")
	_, err = c.RefuseOffer(colleagueTo, g, monday("10:12"))
	same(t, "refuses", answer(err), "yes")

	c = anonymous(olim)
	_, err = c.OfferStandIn(me, colleagueTo, g, monday("10:10"))
	same(t, "handed on", answer(err), "yes")

	c = anonymous(senior)
	_, err = c.Decline(me, g, monday("10:10"))
	same(t, "declined", answer(err), "yes")
	same(t, "the arbiter", c.OpenOffer().To, senior)
	_, err = c.Decide(boss, me, DefaultPolicies(), g, monday("10:11"))
	same(t, "decides", answer(err), "forbidden: no_role")
	_ = c.OfferTimeout(g, false, monday("11:10"))
	same(t, "the next arbiter", c.OpenOffer().To, sectorHead)

	c, _ = filed(noise(), g, monday("10:00"))
	c.Alias, c.Reporter = "7F3", olim
	o, err = c.Give(boss, colleagueTo, g, monday("10:10"))
	same(t, "given", answer(err), "yes")
	sameList(t, "told", rung(o), []string{"card.officer 31"})
	same(t, "accepts", answer(c.MayTake(colleagueTo, g, monday("10:11"))), "conflict: case_gone")
	c.Alias = ""
	_, err = c.Give(boss, colleagueTo, g, monday("10:12"))
	same(t, "who is named", answer(err), "invalid: give_unfit")

	c, _ = filed(noise(), g, monday("10:00"))
	c.Alias, c.Reporter = "7F3", olim
	sameList(t, "passed on", rung(c.PassOn(inspector, olim, PreventionInspector, monday("10:10"))), []string{"card.officer 31"})
	same(t, "held", c.Holds(olim), true)

	o = Outcome{}
	c, o = File(Filing{ID: 7, Number: 7, Reporter: inspector, Alias: "7F3", Place: thePlace, Category: noise(), Policies: DefaultPolicies(), Ground: g, Now: monday("10:00")})
	sameList(t, "told first", rung(o), []string{"card.officer 11"})
	same(t, "takes the own", answer(c.MayTake(me, g, monday("10:01"))), "not_found: case_not_found")
	o = c.Escalate(g, monday("12:00"))
	sameList(t, "the next, when that one is silent", rung(o), []string{"card.officer 13"})
	c.Reporter = senior
	sameList(t, "told above", rung(c.Escalate(g, monday("15:00"))), []string{"card.officer 14"})
	for _, kind := range []EventKind{EventAssigned, EventEscalated, EventConfirmer, EventUnreachable} {
		same(t, string(kind), Event{Kind: kind}.OfOfficers(), true)
	}
	same(t, "a refused result", Event{Kind: EventUnreachable, Note: "refused"}.OfOfficers(), false)
}
