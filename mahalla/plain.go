package mahalla

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Plain is a choice of a recurrence that needs no cron expression.
type Plain string

// The plain choices.
const (
	PlainCron    Plain = ""         // none: somebody has typed the expression
	PlainDaily   Plain = "daily"    // every working day
	PlainEvery   Plain = "every"    // every day
	PlainWeekly  Plain = "weekly"   // every Monday
	PlainOther   Plain = "other"    // every other Monday
	PlainNth     Plain = "nth"      // the second Saturday of each month
	PlainMonthly Plain = "monthly"  // on the 10th of each month
	PlainLastDay Plain = "last_day" // on the last working day of each month
)

// LastOfMonth stands for the last of its weekday in the month.
const LastOfMonth = -1

// cronAt begins a cron expression with a time of day.
func cronAt(clock time.Duration, rest string) string {
	return fmt.Sprintf("%d %d %s", int(clock.Minutes())%60, int(clock.Hours()), rest)
}

// EachWorkingDay is every day on which people work.
func EachWorkingDay(clock time.Duration) Recurrence {
	return Recurrence{Plain: PlainDaily, Cron: cronAt(clock, "* * *"), Holidays: HolidaySkip, DaysOff: true}
}

// EveryDay is every day.
func EveryDay(clock time.Duration) Recurrence {
	return Recurrence{Plain: PlainEvery, Cron: cronAt(clock, "* * *")}
}

// Weekly is every week on a weekday.
func Weekly(day time.Weekday, clock time.Duration) Recurrence {
	return Recurrence{Plain: PlainWeekly, Cron: cronAt(clock, "* * "+strconv.Itoa(int(day)))}
}

// EveryOther is every second week on a weekday, beginning with the week of since.
func EveryOther(day time.Weekday, clock time.Duration, since Date) Recurrence {
	return Recurrence{Plain: PlainOther, Cron: cronAt(clock, "* * "+strconv.Itoa(int(day))), Only: OnlyOther, Since: since}
}

// NthOfMonth is a month's so manieth of a weekday, from 1 to 4, or the last.
func NthOfMonth(n int, day time.Weekday, clock time.Duration) Recurrence {
	return Recurrence{Plain: PlainNth, Cron: cronAt(clock, "* * "+strconv.Itoa(int(day))), Only: OnlyNth, Nth: n}
}

// Monthly is a day of each month that has it.
func Monthly(day int, clock time.Duration) Recurrence {
	return Recurrence{Plain: PlainMonthly, Cron: cronAt(clock, strconv.Itoa(day)+" * *"), DaysOff: true}
}

// LastWorkingDayOf is the last working day of each month.
func LastWorkingDayOf(clock time.Duration) Recurrence {
	return Recurrence{Plain: PlainLastDay, Cron: cronAt(clock, "12-31 * *"), Only: OnlyLastDay}
}

// At is one moment only.
func At(t time.Time) Recurrence { return Recurrence{Once: t} }

// Clock is the time of day of a plain choice.
func (r Recurrence) Clock() time.Duration {
	fields := strings.Fields(r.Cron)
	if len(fields) < 2 {
		return 0
	}
	minute, _ := strconv.Atoi(fields[0]) // a plain choice has numbers there
	hour, _ := strconv.Atoi(fields[1])
	return time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute
}

// Weekday is that of a plain choice which has one.
func (r Recurrence) Weekday() time.Weekday {
	fields := strings.Fields(r.Cron)
	if len(fields) < 5 {
		return time.Sunday
	}
	day, _ := strconv.Atoi(fields[4])
	return time.Weekday(day % 7)
}

// MonthDay is that of a monthly choice.
func (r Recurrence) MonthDay() int {
	fields := strings.Fields(r.Cron)
	if len(fields) < 3 {
		return 0
	}
	day, _ := strconv.Atoi(fields[2])
	return day
}

// leastGap is how far apart the moments of a recurrence are at least: nothing
// that comes more often is a reminder, or a meeting.
const leastGap = 12 * time.Hour

// TooOften tells whether moments follow each other too closely.
func TooOften(list []time.Time) bool {
	for i := 1; i < len(list); i++ {
		if list[i].Sub(list[i-1]) < leastGap {
			return true
		}
	}
	return false
}
