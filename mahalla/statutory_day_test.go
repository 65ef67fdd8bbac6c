package mahalla

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestOfOneCaseOneReminderADayTellsTheTime(t *testing.T) {
	t.Parallel()
	cal := DefaultCalendar(tashkent, nil)
	at := func(day, hour int) time.Time { return time.Date(2026, 11, day, hour, 0, 0, 0, tashkent) }
	const owner, above = PersonID(5), PersonID(6)
	days := map[int]ReminderKind{12: RemindStatutory10, 14: RemindStatutory13, 16: RemindStatutory14, 17: RemindStatutory15} // the 15th is a Sunday
	for _, test := range []struct {
		name  string
		day   int // of the reminder
		to    PersonID
		now   time.Time
		heard Heard
		beats []time.Time
		done  int
		stand bool
		want  string
	}{
		{"at its time", 12, owner, at(12, 9), Heard{}, nil, 0, false, "comes"},
		{"late on its day", 12, owner, at(12, 20), Heard{}, nil, 0, false, "comes"},
		{"late, on a day without another", 12, owner, at(13, 8), Heard{}, nil, 0, false, "comes"},
		{"late, on the day of the next", 14, owner, at(16, 8), Heard{}, nil, 0, false, "newer"},
		{"put off to the day of the next", 14, owner, at(16, 15), Heard{}, nil, 0, false, "newer"},
		{"the next itself", 16, owner, at(16, 9), Heard{}, nil, 0, false, "comes"},
		{"above, on the last day", 16, above, at(17, 8), Heard{}, nil, 0, false, "newer"},
		{"above, late on a day that only the owner hears of", 16, above, at(16, 12), Heard{}, nil, 0, false, "comes"},
		{"another has come today", 16, owner, at(16, 9), Heard{Days: true}, nil, 0, false, "told"},
		{"the clock has spoken today", 16, owner, at(16, 9), Heard{Clock: true}, nil, 0, false, "resolution"},
		{"the clock speaks later: the owner hears now", 16, owner, at(16, 9), Heard{}, []time.Time{at(14, 9), at(15, 9), at(16, 18), at(17, 18)}, 2, false, "comes"},
		{"the clock speaks later: those above wait for it", 16, above, at(16, 9), Heard{}, []time.Time{at(14, 9), at(15, 9), at(16, 18), at(17, 18)}, 2, false, "16 18:05"},
		{"and for what it is late with", 16, above, at(16, 9), Heard{}, []time.Time{at(14, 9), at(15, 9), at(15, 18), at(17, 18)}, 2, false, "16 09:05"},
		{"but not for what it has said before", 16, above, at(16, 9), Heard{}, []time.Time{at(14, 9), at(15, 9), at(15, 18), at(17, 18)}, 3, false, "comes"},
		{"not for what only the owner hears of", 16, above, at(16, 9), Heard{}, []time.Time{at(15, 9), at(16, 18), at(20, 18), at(21, 18)}, 1, false, "comes"},
		{"nor for a clock that stands", 16, above, at(16, 9), Heard{}, []time.Time{at(14, 9), at(15, 9), at(16, 18), at(17, 18)}, 2, true, "comes"},
	} {
		c := &Case{ID: 9, Reporter: 1, Owner: owner, Status: Accepted, FiledAt: at(2, 10), Resolution: Resolution{Beats: test.beats, Done: test.done}}
		if test.stand {
			c.Resolution.Paused = at(13, 9)
		}
		r := Reminder{Kind: days[test.day], About: 9, To: test.to, Due: at(test.day, 9)}
		f := c.FateOfDay(cal, r, test.heard, test.now)
		got := f.Cause
		switch {
		case f.Comes():
			got = "comes"
		case !f.Wait.IsZero():
			got = f.Wait.Format("02 15:04")
		}
		if got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
		c.Status = Closed
		if f := c.FateOfDay(cal, r, test.heard, test.now); f.Cause != DayOver {
			t.Errorf("%s, of a case that is over: got %+v", test.name, f)
		}
	}
}

func TestTheClockIsNotLaterThanTheLastDayOfAnAppeal(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, span, accepted, asked, answered string
		change                                func(*Case)
		want                                  string // due, then who hears of it next day
	}{
		{"well within", "5d", "2026-11-23 10:15", "", "", nil, "2026-11-28 10:15"},
		{"longer than the law gives", "20d", "2026-11-23 10:15", "", "", nil, "2026-12-08 18:00"},
		{"accepted days later", "15d", "2026-11-26 10:15", "", "", nil, "2026-12-08 18:00"},
		{"moved by what was waited for", "5d", "2026-11-23 10:15", "2026-11-24 10:15", "2026-12-07 10:15", nil, "2026-12-08 18:00"},
		{"working days too", "10wd", "2026-11-27 10:15", "", "", nil, "2026-12-08 18:00"},
		{"the law's day is over", "5d", "2026-11-23 10:15", "2026-11-24 10:15", "2026-12-09 10:15", nil, "2026-12-14 10:15"}, // the 13th is a Sunday
		{"without a name", "20d", "2026-11-23 10:15", "", "", func(c *Case) { c.Alias = "7F3" }, "2026-12-14 10:15"},
		{"by nobody who is known", "20d", "2026-11-23 10:15", "", "", func(c *Case) { c.Reporter = -1 }, "2026-12-14 10:15"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			g := ground(staff())
			category := noise()
			category.Resolve, _ = ParseSpan(test.span)
			c, _ := filed(category, g, monday("10:00"))
			if test.change != nil {
				test.change(c)
			}
			owner := somebody(inspector, g.People)
			if _, err := c.Accept(owner, g, at(test.accepted)); err != nil {
				t.Fatal(err)
			}
			if test.asked != "" {
				_, err := c.Ask(owner, at(test.asked))
				same(t, "asks", answer(err), "yes")
				_, err = c.Answer(reporter, false, DefaultPolicies(), g, at(test.answered))
				same(t, "answers", answer(err), "yes")
			}
			same(t, "due", c.ResolveBy().In(tashkent).Format("2006-01-02 15:04"), test.want)
			same(t, "beats in order", slices.IsSortedFunc(c.Resolution.Beats, time.Time.Compare), true)
			same(t, "the head hears a working day later", c.Resolution.Beats[beatHead].Equal(g.Calendar.Add(c.ResolveBy(), afterDue())), true)
		})
	}
}

func TestWhoIsNamedLaterHasTheDaysOfAnAppeal(t *testing.T) {
	t.Parallel()
	g := ground(staff())
	category := noise()
	category.Resolve = Span{Days: 30}
	c, _ := unnamed(category, false, g, monday("10:00"))
	if _, err := c.Accept(somebody(inspector, g.People), g, monday("10:15")); err != nil {
		t.Fatal(err)
	}
	o, err := c.Reveal(reporter, g, monday("10:30"))
	same(t, "reveals", answer(err), "yes")
	same(t, "due", clock(c.ResolveBy()), "Tue 2026-12-08 18:00:00")
	same(t, "the next beat is waited for", len(o.Timers) == 1 && o.Timers[0].Due.Equal(c.Resolution.Beats[0]), true)
}

// days is a case and those who are reminded of its days, as the scheduler and the
// sender of messages do it: with rows, and without anything that a restart would lose.
type days struct {
	c    *Case
	g    Ground
	now  time.Time
	rows []*dayRow
	told map[string][]string // by person and day: what has told of the time
	put  map[string]bool     // the person wanted to hear it again
}

type dayRow struct {
	Reminder
	fire    time.Time
	snoozed bool
	state   string // empty while it waits
}

func (d *days) key(p PersonID) string { return fmt.Sprint(p, d.now.In(tashkent).Format(" 2006-01-02")) }

func (d *days) plan(list []Reminder) {
	for _, r := range list {
		i := slices.IndexFunc(d.rows, func(o *dayRow) bool { return o.Kind == r.Kind && o.To == r.To && o.Due.Equal(r.Due) })
		if i < 0 {
			d.rows = append(d.rows, &dayRow{Reminder: r, fire: r.Due})
		} else if d.rows[i].state == "cancelled" {
			*d.rows[i] = dayRow{Reminder: r, fire: r.Due}
		}
	}
}

func (d *days) next(after time.Time) {
	list := d.c.StatutoryReminders(d.g.Calendar, after)
	d.plan(list[:min(1, len(list))])
}

// turn is what happens when somebody else has the case.
func (d *days) turn() {
	for _, r := range d.rows {
		if r.state == "" {
			r.state = "cancelled"
		}
	}
	d.next(d.now)
}

func (d *days) heard(r *dayRow) Heard {
	var h Heard
	for _, what := range d.told[d.key(r.To)] {
		h.Clock = h.Clock || what == "clock"
		h.Days = h.Days || what != "clock" && what != string(r.Kind)
	}
	return h
}

// remind deals with what is due until nothing is.
func (d *days) remind(t *rapid.T) {
	for again := true; again; {
		again = false
		var due []*dayRow
		for _, r := range d.rows {
			if r.state == "" && !r.fire.After(d.now) {
				due = append(due, r)
			}
		}
		for _, r := range due {
			again = true
			if r.To == d.c.Owner {
				d.next(r.Due)
			}
			if !r.Until.After(d.now) {
				r.state = "missed"
				continue
			}
			if d.g.Calendar.IsQuiet(d.now) {
				if r.fire = d.g.Calendar.QuietEnd(d.now); !r.Until.After(r.fire) {
					r.state = "missed"
				}
				continue
			}
			f := d.c.FateOfDay(d.g.Calendar, r.Reminder, d.heard(r), d.now)
			if r.Kind.TellsAbove() && r.To == d.c.Owner && !r.snoozed && f.Cause != DayOver && f.Cause != DayNewer {
				for _, p := range d.c.Supervisors(d.g) {
					d.plan([]Reminder{{Kind: r.Kind, About: r.About, To: p, Due: r.Due, Until: r.Until}})
				}
			}
			switch {
			case f.Cause != "":
				r.state = f.Cause
			case !f.Wait.IsZero():
				if r.fire = f.Wait; !r.fire.After(d.now) {
					t.Fatalf("%s of %d waits for what is past", r.Kind, r.To)
				}
			default:
				r.state = "sent"
				d.told[d.key(r.To)] = append(d.told[d.key(r.To)], string(r.Kind))
			}
		}
	}
}

// clock lets the clock towards the result fall, and sends what it says.
func (d *days) clock() {
	o := d.c.CheckResolution(d.g, d.now)
	for _, n := range o.Notices {
		r := &dayRow{Reminder: Reminder{To: n.To}}
		if n.Kind == NoticeResolution && n.Kind.DaysHeardBy(d.heard(r)) {
			continue
		}
		if n.Kind == NoticeResolution && !slices.Contains(d.told[d.key(n.To)], "clock") {
			d.told[d.key(n.To)] = append(d.told[d.key(n.To)], "clock")
		}
	}
	for _, e := range o.Events {
		if e.Kind == EventEscalated {
			d.told[d.key(e.About)] = append(d.told[d.key(e.About)], "clock")
		}
	}
}

func TestOfOneCaseNobodyHearsOfTheTimeTwiceADay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		g := ground(staff())
		category := noise()
		category.Resolve = Span{Days: rapid.IntRange(1, 20).Draw(r, "days")}
		c, _ := filed(category, g, monday("10:00"))
		d := &days{c: c, g: g, now: monday("10:00"), told: map[string][]string{}, put: map[string]bool{}}
		owners := []PersonID{inspector, substitute}
		for range rapid.IntRange(5, 60).Draw(r, "steps") {
			hours := rapid.SampledFrom([]int{0, 1, 1, 3, 10, 23, 24, 25, 49, 100}).Draw(r, "hours")
			d.now = d.now.Add(time.Duration(hours)*time.Hour + time.Duration(rapid.IntRange(0, 59).Draw(r, "minutes"))*time.Minute)
			if rapid.Bool().Draw(r, "the clock is first") {
				d.clock()
				d.remind(r)
			} else {
				d.remind(r)
				d.clock()
			}
			who := somebody(c.Owner, g.People)
			switch rapid.IntRange(0, 9).Draw(r, "act") {
			case 0, 1:
				if _, err := c.Accept(somebody(rapid.SampledFrom(owners).Draw(r, "owner"), g.People), g, d.now); err == nil {
					d.turn()
				}
			case 2:
				_, _ = c.Ask(who, d.now)
			case 3:
				_, _ = c.Answer(reporter, false, DefaultPolicies(), g, d.now)
			case 4: // a sitting
				var o Outcome
				if c.Resolution.Item = 77; c.Status == Accepted {
					c.sit(d.now.Add(50*time.Hour), d.now, &o)
				}
			case 5:
				var o Outcome
				c.rise(g, d.now, &o)
			case 6:
				if c.Owner != 0 {
					c.Release(DefaultPolicies(), g, d.now)
					d.turn()
				}
			case 7: // put off
				for _, row := range d.rows {
					if row.state == "sent" && d.now.Sub(row.fire) < 30*time.Hour {
						row.state, row.snoozed, row.fire = "", true, d.now.Add(time.Hour)
						row.Until = later(row.Until, row.fire.Add(day))
						d.put[d.key(row.To)], d.put[fmt.Sprint(row.To, row.fire.In(tashkent).Format(" 2006-01-02"))] = true, true
					}
				}
			}
			if end := c.lawful(g.Calendar, d.now); !end.IsZero() && c.ResolveBy().After(end) {
				r.Fatalf("at %s the result is due on %s, after the last day %s", clock(d.now), clock(c.ResolveBy()), clock(end))
			}
		}
		for who, told := range d.told {
			days := slices.DeleteFunc(slices.Clone(told), func(k string) bool { return k == "clock" })
			kinds := slices.Compact(slices.Sorted(slices.Values(days)))
			if len(kinds) > 1 || len(days) > 1 && !d.put[who] {
				r.Fatalf("person and day %s: %v", who, told)
			}
			if len(days) > 0 && told[0] == "clock" {
				r.Fatalf("person and day %s: the days after the clock: %v", who, told)
			}
		}
	})
}
