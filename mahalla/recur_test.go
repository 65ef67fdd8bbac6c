package mahalla

import (
	"strings"
	"testing"
	"time"
)

// ticking stands in for a cron expression: every day of the year that fits, at ten.
type ticking func(time.Time) bool

func (f ticking) Next(after time.Time) time.Time {
	after = after.In(tashkent)
	at := time.Date(after.Year(), after.Month(), after.Day(), 10, 0, 0, 0, tashkent)
	for range 3000 {
		if at.After(after) && f(at) {
			return at
		}
		at = at.AddDate(0, 0, 1)
	}
	return time.Time{}
}

func on(weekday time.Weekday) ticking {
	return func(t time.Time) bool { return t.Weekday() == weekday }
}

func onDay(day int) ticking { return func(t time.Time) bool { return t.Day() == day } }

func daily(time.Time) bool { return true }

func dateList(list []time.Time) string {
	var out []string
	for _, t := range list {
		out = append(out, t.In(tashkent).Format("02.01"))
	}
	return strings.Join(out, " ")
}

// In February 2028 the 28th, a Monday, and the 29th are holidays.
func leapCalendar() *Calendar {
	return DefaultCalendar(tashkent, []Date{{2028, time.February, 28}, {2028, time.February, 29}, {2028, time.March, 8}})
}

func TestARecurrenceIsMovedAroundHolidays(t *testing.T) {
	t.Parallel()
	cal := leapCalendar()
	for _, test := range []struct {
		name     string
		rule     Recurrence
		schedule Schedule
		after    string
		want     string
	}{
		{"stays", Recurrence{}, on(time.Monday), "2028-02-20 12:00", "21.02 28.02 06.03"},
		{"before, over the Sunday", Recurrence{Holidays: HolidayBefore}, on(time.Monday), "2028-02-20 12:00", "21.02 26.02 06.03"},
		{"after, over the other holiday", Recurrence{Holidays: HolidayAfter}, on(time.Monday), "2028-02-20 12:00", "21.02 01.03 06.03"},
		{"skipped", Recurrence{Holidays: HolidaySkip}, on(time.Monday), "2028-02-20 12:00", "21.02 06.03 13.03"},
		{"moved back before now is over", Recurrence{Holidays: HolidayBefore}, on(time.Monday), "2028-02-26 10:00", "06.03 13.03 20.03"},
		{"moved forward from before now", Recurrence{Holidays: HolidayAfter}, on(time.Monday), "2028-02-29 10:00", "01.03 06.03 13.03"},
		{"two that meet are one", Recurrence{Holidays: HolidayAfter}, ticking(func(t time.Time) bool { return t.Weekday() == time.Monday || t.Weekday() == time.Tuesday }),
			"2028-02-22 12:00", "01.03 06.03 07.03"},
		{"29 February is a holiday", Recurrence{Holidays: HolidayAfter}, onDay(29), "2028-02-01 12:00", "01.03 29.03 29.04"},
		{"Sundays are not holidays", Recurrence{Holidays: HolidayAfter}, on(time.Sunday), "2028-02-20 12:00", "27.02 05.03 12.03"},
		{"but days off", Recurrence{Holidays: HolidayAfter, DaysOff: true}, on(time.Sunday), "2028-02-20 12:00", "21.02 01.03 06.03"},
		{"second Saturday", Recurrence{Only: OnlyNth, Nth: 2}, on(time.Saturday), "2028-02-12 12:00", "11.03 08.04 13.05"},
		{"last Tuesday", Recurrence{Only: OnlyNth, Nth: LastOfMonth}, on(time.Tuesday), "2028-02-01 12:00", "29.02 28.03 25.04"},
		{"fifth Tuesday", Recurrence{Only: OnlyNth, Nth: 5}, on(time.Tuesday), "2028-02-01 12:00", "29.02 30.05 29.08"},
		{"every other Saturday", Recurrence{Only: OnlyOther, Since: Date{2028, time.February, 9}}, on(time.Saturday), "2028-02-01 12:00", "12.02 26.02 11.03"},
		{"of the other weeks", Recurrence{Only: OnlyOther, Since: Date{2028, time.February, 14}}, on(time.Saturday), "2028-02-01 12:00", "05.02 19.02 04.03"},
		{"last working day", Recurrence{Only: OnlyLastDay}, ticking(daily), "2028-02-01 12:00", "26.02 31.03 29.04"},
		{"ten days before", Recurrence{Shift: -10}, onDay(10), "2028-02-01 12:00", "29.02 31.03 30.04"},
		{"ten days before, not on a day off", Recurrence{Shift: -10, Holidays: HolidayBefore, DaysOff: true}, onDay(10), "2028-02-01 12:00", "26.02 31.03 29.04"},
		{"but one", Recurrence{Except: []Date{{2028, time.February, 28}}}, on(time.Monday), "2028-02-20 12:00", "21.02 06.03 13.03"},
		{"but one, as it was before it was moved", Recurrence{Holidays: HolidayBefore, Except: []Date{{2028, time.February, 28}}}, on(time.Monday), "2028-02-20 12:00", "21.02 06.03 13.03"},
		{"but one, as it is after", Recurrence{Holidays: HolidayBefore, Except: []Date{{2028, time.February, 26}}}, on(time.Monday), "2028-02-20 12:00", "21.02 06.03 13.03"},
		{"never", Recurrence{}, ticking(func(time.Time) bool { return false }), "2028-02-20 12:00", ""},
		{"once", At(time.Date(2028, 2, 29, 9, 0, 0, 0, tashkent)), nil, "2028-02-20 12:00", "29.02"},
		{"once, and it is over", At(time.Date(2028, 2, 29, 9, 0, 0, 0, tashkent)), nil, "2028-02-29 09:00", ""},
		{"an expression that nobody could read", Recurrence{Cron: "x"}, nil, "2028-02-20 12:00", ""},
	} {
		after, err := time.ParseInLocation("2006-01-02 15:04", test.after, tashkent)
		if err != nil {
			t.Fatal(err)
		}
		if got := dateList(test.rule.NextFew(test.schedule, cal, after, 3)); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}

func TestARecurrenceKnowsWhatWasChosen(t *testing.T) {
	t.Parallel()
	r := NthOfMonth(2, time.Saturday, 10*time.Hour+30*time.Minute)
	if r.Cron != "30 10 * * 6" || r.Clock() != 10*time.Hour+30*time.Minute || r.Weekday() != time.Saturday {
		t.Errorf("got %q, %v, %v", r.Cron, r.Clock(), r.Weekday())
	}
	if r := Monthly(10, 9*time.Hour); r.MonthDay() != 10 || r.Cron != "0 9 10 * *" {
		t.Errorf("got %q, %d", r.Cron, r.MonthDay())
	}
	if r := (Recurrence{}); r.Clock() != 0 || r.MonthDay() != 0 || r.Weekday() != time.Sunday {
		t.Error("an empty one knows something")
	}
	noon := time.Date(2028, 2, 20, 12, 0, 0, 0, tashkent)
	if !TooOften([]time.Time{noon, noon.Add(11 * time.Hour)}) || TooOften([]time.Time{noon, noon.Add(12 * time.Hour), noon.Add(24 * time.Hour)}) {
		t.Error("twice a day is not too often, more is")
	}
	r, err := Weekly(time.Monday, 0).Leave(Date{2028, time.March, 6})
	if err != nil || len(r.Except) != 1 {
		t.Errorf("got %v, %v", r.Except, err)
	}
	if r, err = r.Leave(Date{2028, time.March, 6}); err != nil || len(r.Except) != 0 {
		t.Errorf("a second time takes it back: got %v, %v", r.Except, err)
	}
	for day := range mostExceptDates {
		if r, err = r.Leave(Date{2028, time.March, day + 1}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err = r.Leave(Date{2028, time.April, 30}); err == nil {
		t.Error("there is no end of exceptions")
	}
}

func TestTheReportOfAQuarterIsDueOnTheTenth(t *testing.T) {
	t.Parallel()
	cal := leapCalendar()
	for from, want := range map[string]string{
		"2028-01-01 09:00": "2028-01-10 of 4 2027", "2028-01-10 09:00": "2028-01-10 of 4 2027", "2028-01-11 09:00": "2028-04-10 of 1 2028",
		"2028-03-31 09:00": "2028-04-10 of 1 2028", "2028-06-30 09:00": "2028-07-10 of 2 2028", "2027-12-31 09:00": "2028-01-10 of 4 2027",
		"2028-09-30 09:00": "2028-10-10 of 3 2028",
	} {
		at, err := time.ParseInLocation("2006-01-02 15:04", from, tashkent)
		if err != nil {
			t.Fatal(err)
		}
		due, year, quarter := cal.QuarterDue(at)
		if got := due.Format("2006-01-02") + " of " + string(rune('0'+quarter)) + " " + time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC).Format("2006"); got != want {
			t.Errorf("%s: got %s, want %s", from, got, want)
		}
	}
}

func TestAnOccurrenceKeepsItsDayWhateverHolidaysAreEntered(t *testing.T) {
	t.Parallel()
	day := func(month time.Month, d int) Date { return Date{2026, month, d} }
	at := func(month time.Month, d int) time.Time { return time.Date(2026, month, d, 10, 0, 0, 0, tashkent) }
	for name, c := range map[string]struct {
		rule  Recurrence
		free  []Date
		want  Occurrence
		where time.Time // before the last holiday was entered
	}{
		"no holiday":                 {Recurrence{Holidays: HolidayAfter}, nil, Occurrence{day(12, 26), at(12, 26)}, time.Time{}},
		"on the day":                 {Recurrence{Holidays: HolidayAfter}, []Date{day(12, 26)}, Occurrence{day(12, 26), at(12, 28)}, at(12, 26)},
		"on the day it was moved to": {Recurrence{Holidays: HolidayAfter}, []Date{day(12, 26), day(12, 28)}, Occurrence{day(12, 26), at(12, 29)}, at(12, 28)},
		"the last working day":       {Recurrence{Only: OnlyLastDay}, nil, Occurrence{day(12, 31), at(12, 31)}, time.Time{}},
		"that one is a holiday":      {Recurrence{Only: OnlyLastDay}, []Date{day(12, 31)}, Occurrence{day(12, 31), at(12, 30)}, at(12, 31)},
	} {
		cal, s := DefaultCalendar(tashkent, c.free), on(time.Saturday)
		if c.rule.Only == OnlyLastDay {
			s = daily
		}
		list := c.rule.Occurrences(s, cal, at(12, 24), 1)
		if len(list) != 1 || list[0].Day != c.want.Day || !list[0].At.Equal(c.want.At) {
			t.Errorf("%s: got %v, want %v", name, list, c.want)
		}
		if !c.where.IsZero() && !c.rule.PutBy(s, cal, c.want.Day, c.where) {
			t.Errorf("%s: it was put on %s", name, c.where)
		}
		if c.rule.PutBy(s, cal, c.want.Day, at(12, 24)) || c.rule.PutBy(s, cal, c.want.Day, at(12, 26).Add(time.Hour)) {
			t.Errorf("%s: somebody else put it there", name)
		}
	}
}
