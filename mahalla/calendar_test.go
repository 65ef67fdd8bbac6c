package mahalla

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// workday is the calendar of the tables: the default one with New Year and an
// invented holiday on Wednesday 25 November 2026.
func workday() *Calendar {
	return DefaultCalendar(tashkent, []Date{{2026, time.November, 25}, {2027, time.January, 1}})
}

func TestAddingTime(t *testing.T) {
	t.Parallel()
	wm := WorkingMinutes
	wd := func(n int) Span { return Span{Days: n, Working: true} }
	for _, test := range []struct {
		name string
		from string
		span Span
		want string
	}{
		{"within the morning the clock just runs", "2026-11-23 10:00", wm(60), "2026-11-23 11:00"},
		{"lunch does not count", "2026-11-23 12:30", wm(60), "2026-11-23 14:30"},
		{"a span may end with the morning", "2026-11-23 12:00", wm(60), "2026-11-23 13:00"},
		{"who starts at lunch starts at two", "2026-11-23 13:20", wm(10), "2026-11-23 14:10"},
		{"who starts at night starts at nine", "2026-11-23 03:00", wm(30), "2026-11-23 09:30"},
		{"the evening goes on in the morning", "2026-11-23 17:30", wm(60), "2026-11-24 09:30"},
		{"after closing time it is tomorrow", "2026-11-23 22:00", wm(30), "2026-11-24 09:30"},
		{"closing time itself is tomorrow", "2026-11-23 18:00", wm(30), "2026-11-24 09:30"},
		{"a whole day ends at closing time", "2026-11-23 09:00", wm(480), "2026-11-23 18:00"},
		{"one minute more ends tomorrow", "2026-11-23 09:00", wm(481), "2026-11-24 09:01"},
		{"Saturday is a working day", "2026-11-28 10:00", wm(60), "2026-11-28 11:00"},
		{"Saturday evening goes on on Monday", "2026-11-28 17:30", wm(60), "2026-11-30 09:30"},
		{"Sunday starts on Monday", "2026-11-29 11:00", wm(60), "2026-11-30 10:00"},
		{"a holiday is stepped over", "2026-11-24 17:30", wm(60), "2026-11-26 09:30"},
		{"a holiday starts the day after", "2026-11-25 11:00", wm(60), "2026-11-26 10:00"},
		{"the year may end in between", "2026-12-31 17:30", wm(60), "2027-01-02 09:30"},
		{"a leap day is a day", "2028-02-28 17:30", wm(60), "2028-02-29 09:30"},
		{"the leap day ends in March", "2028-02-29 17:30", wm(60), "2028-03-01 09:30"},
		{"other years have no leap day", "2027-02-27 17:30", wm(60), "2027-03-01 09:30"},
		{"weeks of work count only work", "2026-11-30 09:00", wm(12 * 480), "2026-12-12 18:00"},
		{"nothing added changes nothing, even on a Sunday", "2026-11-29 11:00", wm(0), "2026-11-29 11:00"},

		{"one working day is the same time tomorrow", "2026-11-23 10:20", wd(1), "2026-11-24 10:20"},
		{"one working day from Saturday is Monday", "2026-11-28 10:20", wd(1), "2026-11-30 10:20"},
		{"one working day steps over a holiday", "2026-11-24 10:20", wd(1), "2026-11-26 10:20"},
		{"a day off begins with the next working day", "2026-11-29 12:00", wd(1), "2026-12-01 09:00"},
		{"a night begins with the next working day", "2026-11-23 23:00", wd(1), "2026-11-26 09:00"},
		{"lunch begins at two", "2026-11-26 13:20", wd(1), "2026-11-27 14:00"},
		{"days and minutes are added both", "2026-11-23 17:30", Span{Days: 1, Length: time.Hour, Working: true}, "2026-11-26 09:30"},
		{"no working days change nothing", "2026-11-29 12:00", wd(0), "2026-11-29 12:00"},

		{"round the clock knows no night", "2026-11-28 23:50", Minutes(15), "2026-11-29 00:05"},
		{"calendar days know no holiday", "2026-12-24 11:00", Span{Days: 10}, "2027-01-03 11:00"},
		{"calendar days pass the leap day", "2028-02-20 11:00", Span{Days: 10}, "2028-03-01 11:00"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			sameTime(t, "from "+test.from, workday().Add(at(test.from), test.span), at(test.want))
			sameTime(t, "the same in UTC", workday().Add(at(test.from).UTC(), test.span), at(test.want))
		})
	}
}

func TestWorkingTime(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		at      string
		working bool
		next    string
	}{
		{"2026-11-23 08:59", false, "2026-11-23 09:00"},
		{"2026-11-23 09:00", true, "2026-11-23 09:00"},
		{"2026-11-23 12:59", true, "2026-11-23 12:59"},
		{"2026-11-23 13:00", false, "2026-11-23 14:00"},
		{"2026-11-23 14:00", true, "2026-11-23 14:00"},
		{"2026-11-23 17:59", true, "2026-11-23 17:59"},
		{"2026-11-23 18:00", false, "2026-11-24 09:00"},
		{"2026-11-24 18:00", false, "2026-11-26 09:00"},
		{"2026-11-25 10:00", false, "2026-11-26 09:00"},
		{"2026-11-28 17:00", true, "2026-11-28 17:00"},
		{"2026-11-29 10:00", false, "2026-11-30 09:00"},
		{"2026-12-31 18:00", false, "2027-01-02 09:00"},
		{"2028-02-28 20:00", false, "2028-02-29 09:00"},
	} {
		t.Run(test.at+" is known", func(t *testing.T) {
			t.Parallel()
			same(t, "working", workday().Working(at(test.at)), test.working)
			same(t, "working, asked in UTC", workday().Working(at(test.at).UTC()), test.working)
			sameTime(t, "next", workday().Next(at(test.at)), at(test.next))
		})
	}
}

func TestMeasuringWorkingTime(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, from, to string
		want           time.Duration
	}{
		{"a morning is four hours", "2026-11-23 00:00", "2026-11-23 13:00", 4 * time.Hour},
		{"lunch is nothing", "2026-11-23 13:00", "2026-11-23 14:00", 0},
		{"a night is nothing", "2026-11-23 18:00", "2026-11-24 09:00", 0},
		{"a Sunday is nothing", "2026-11-29 00:00", "2026-11-30 00:00", 0},
		{"a week with a holiday has five days", "2026-11-23 00:00", "2026-11-30 00:00", 40 * time.Hour},
		{"backwards is nothing", "2026-11-23 12:00", "2026-11-23 10:00", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			same(t, "worked", workday().WorkingBetween(at(test.from), at(test.to)), test.want)
		})
	}
}

func TestQuietHours(t *testing.T) {
	t.Parallel()
	night := Period{22 * time.Hour, 7 * time.Hour}
	noon := Period{13 * time.Hour, 14 * time.Hour}
	for _, test := range []struct {
		name  string
		quiet Period
		at    string
		want  bool
	}{
		{"a minute before ten rings", night, "2026-11-23 21:59", false},
		{"ten is quiet", night, "2026-11-23 22:00", true},
		{"midnight is quiet", night, "2026-11-24 00:00", true},
		{"a minute before seven is quiet", night, "2026-11-24 06:59", true},
		{"seven rings", night, "2026-11-24 07:00", false},
		{"noon rings", night, "2026-11-23 12:00", false},
		{"a quiet noon is quiet", noon, "2026-11-23 13:30", true},
		{"a quiet noon ends", noon, "2026-11-23 14:00", false},
		{"a quiet noon leaves midnight alone", noon, "2026-11-23 00:00", false},
		{"no quiet hours never keep quiet", Period{}, "2026-11-23 00:00", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := workday()
			c.Quiet = test.quiet
			same(t, test.at, c.IsQuiet(at(test.at)), test.want)
			same(t, test.at+" in UTC", c.IsQuiet(at(test.at).UTC()), test.want)
		})
	}
}

func TestACalendarWithoutWorkingTimeCountsRoundTheClock(t *testing.T) {
	t.Parallel()
	endless := make([]Date, 0, 1000)
	for day := range 1000 {
		endless = append(endless, DateOf(monday("00:00").AddDate(0, 0, day)))
	}
	for name, change := range map[string]func(*Calendar){
		"no weekdays": func(c *Calendar) { c.Weekdays = [7]bool{} },
		"no periods":  func(c *Calendar) { c.Periods = nil },
		"empty periods": func(c *Calendar) {
			c.Periods = []Period{{9 * time.Hour, 9 * time.Hour}, {13 * time.Hour, 10 * time.Hour}}
		},
		"only holidays": func(c *Calendar) { *c = *DefaultCalendar(tashkent, endless) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := workday()
			change(c)
			now := monday("20:00")
			sameTime(t, "minutes", c.Add(now, WorkingMinutes(30)), monday("20:30"))
			sameTime(t, "days", c.Add(now, Span{Days: 1, Working: true}), at("2026-11-24 20:00"))
			sameTime(t, "next", c.Next(now), now)
			same(t, "working", c.Working(monday("10:00")), false)
		})
	}
	t.Run("nor does the last working day before the end of time loop", func(t *testing.T) {
		t.Parallel()
		c := DefaultCalendar(tashkent, endless[1:])
		sameTime(t, "after closing time", c.Add(monday("20:00"), WorkingMinutes(30)), monday("20:30"))
	})
}

// anyCalendar draws a calendar that has some working time every week or two.
func anyCalendar(t *rapid.T) *Calendar {
	c := &Calendar{Zone: tashkent, Holidays: map[Date]bool{}}
	for i := range c.Weekdays {
		c.Weekdays[i] = rapid.Bool().Draw(t, "weekday")
	}
	c.Weekdays[rapid.IntRange(0, 6).Draw(t, "certain weekday")] = true
	ends := rapid.SliceOfNDistinct(rapid.IntRange(0, 24*60), 2, 8, rapid.ID[int]).Draw(t, "ends")
	slices.Sort(ends)
	for i := 0; i+1 < len(ends); i += 2 {
		c.Periods = append(c.Periods, Period{time.Duration(ends[i]) * time.Minute, time.Duration(ends[i+1]) * time.Minute})
	}
	for _, day := range rapid.SliceOfN(rapid.IntRange(0, 60), 0, 15).Draw(t, "holidays") {
		c.Holidays[DateOf(monday("00:00").AddDate(0, 0, day))] = true
	}
	return c
}

func anyMoment(t *rapid.T, label string) time.Time {
	return monday("00:00").Add(time.Duration(rapid.Int64Range(0, int64(60*24*time.Hour)).Draw(t, label)))
}

func anySpan(t *rapid.T, label string) Span {
	return Span{
		Length:  time.Duration(rapid.Int64Range(0, int64(100*time.Hour)).Draw(t, label)),
		Days:    rapid.IntRange(0, 5).Draw(t, label+" days"),
		Working: rapid.Bool().Draw(t, label+" working"),
	}
}

func TestAddingAndMeasuringAgree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, from, span := anyCalendar(t), anyMoment(t, "from"), anySpan(t, "span")
		got := c.Add(from, span)
		if !span.Working {
			if want := span.Length + time.Duration(span.Days)*24*time.Hour; got.Sub(from) != want {
				t.Fatalf("round the clock: got %v, want %v", got.Sub(from), want)
			}
			return
		}
		var day time.Duration
		for _, p := range c.Periods {
			day += p.To - p.From
		}
		if worked, want := c.WorkingBetween(from, got), span.Length+time.Duration(span.Days)*day; worked != want {
			t.Fatalf("from %s to %s: measured %v, want %v", clock(from), clock(got), worked, want)
		}
	})
}

func TestAddingIsTheFirstSuchMoment(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, from := anyCalendar(t), anyMoment(t, "from")
		span := Span{Length: time.Duration(rapid.Int64Range(1, int64(100*time.Hour)).Draw(t, "span")), Working: true}
		got := c.Add(from, span)
		if worked := c.WorkingBetween(from, got.Add(-1)); worked != span.Length-1 {
			t.Fatalf("an instant before %s: measured %v of %v", clock(got), worked, span.Length)
		}
	})
}

func TestAddingNeverGoesBackwards(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, span := anyCalendar(t), anySpan(t, "span")
		a, b := anyMoment(t, "a"), anyMoment(t, "b")
		if b.Before(a) {
			a, b = b, a
		}
		if got := c.Add(a, span); got.Before(a) {
			t.Fatalf("%s and %v is %s", clock(a), span, clock(got))
		}
		if x, y := c.Add(a, span), c.Add(b, span); y.Before(x) {
			t.Fatalf("from %s: %s, but from %s: %s", clock(a), clock(x), clock(b), clock(y))
		}
		more := span
		more.Length += time.Duration(rapid.Int64Range(0, int64(100*time.Hour)).Draw(t, "more"))
		if x, y := c.Add(a, span), c.Add(a, more); y.Before(x) {
			t.Fatalf("%v: %s, but %v: %s", span, clock(x), more, clock(y))
		}
		more = span
		more.Days += rapid.IntRange(0, 5).Draw(t, "more days")
		if x, y := c.Add(a, span), c.Add(a, more); y.Before(x) {
			t.Fatalf("%v: %s, but %v: %s", span, clock(x), more, clock(y))
		}
	})
}

func TestTheNextWorkingMomentIsOne(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, from := anyCalendar(t), anyMoment(t, "from")
		next := c.Next(from)
		if next.Before(from) || !c.Working(next) || c.WorkingBetween(from, next) != 0 {
			t.Fatalf("from %s: next %s, working %t, %v of work before it",
				clock(from), clock(next), c.Working(next), c.WorkingBetween(from, next))
		}
	})
}

func TestSpansAreReadAsTheTaxonomyWritesThem(t *testing.T) {
	t.Parallel()
	const wrong = "refused"
	for written, want := range map[string]string{
		"15m": fmt.Sprint(Minutes(15)), "24h": fmt.Sprint(Minutes(1440)), "10d": fmt.Sprint(Span{Days: 10}),
		"30wm": fmt.Sprint(WorkingMinutes(30)), "4wh": fmt.Sprint(WorkingMinutes(240)),
		"1wd": fmt.Sprint(Span{Days: 1, Working: true}),
		"":    wrong, "m": wrong, "15": wrong, "0m": wrong, "-1m": wrong, "1.5h": wrong, "2w": wrong,
		"m15": wrong, "15 m": wrong, "99999999999999999999m": wrong,
	} {
		t.Run(fmt.Sprintf("%q", written), func(t *testing.T) {
			t.Parallel()
			span, err := ParseSpan(written)
			got := fmt.Sprint(span)
			if err != nil {
				got = wrong
			}
			same(t, "span", got, want)
		})
	}
}
