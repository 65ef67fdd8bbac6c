package mahalla

import "time"

// Minutes is a span that runs round the clock.
func Minutes(n int) Span { return Span{Length: time.Duration(n) * time.Minute} }

// WorkingMinutes is a span counted in working time only.
func WorkingMinutes(n int) Span {
	return Span{Length: time.Duration(n) * time.Minute, Working: true}
}

// Date is a day of the calendar, without a place on the clock.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf is the day on which t falls in its own location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// Period is a stretch of a day, both ends measured from midnight.
type Period struct{ From, To time.Duration }

// Calendar knows working time, holidays and quiet hours of one place. Its
// methods take and return any location and reckon in Zone. A working day may
// have any number of Periods, in order and apart from each other; a calendar
// without working days has no working time, and counts round the clock.
type Calendar struct {
	Zone     *time.Location
	Weekdays [7]bool // indexed by time.Weekday
	Periods  []Period
	Holidays map[Date]bool
	Quiet    Period // may run over midnight
}

// DefaultCalendar is Monday to Saturday, 09:00 to 18:00, lunch from 13:00 to
// 14:00, quiet from 22:00 to 07:00. These are our own defaults, nobody's rule.
func DefaultCalendar(zone *time.Location, holidays []Date) *Calendar {
	c := &Calendar{
		Zone:     zone,
		Weekdays: [7]bool{false, true, true, true, true, true, true},
		Periods:  []Period{{9 * time.Hour, 13 * time.Hour}, {14 * time.Hour, 18 * time.Hour}},
		Holidays: make(map[Date]bool, len(holidays)),
		Quiet:    Period{22 * time.Hour, 7 * time.Hour},
	}
	for _, d := range holidays {
		c.Holidays[d] = true
	}
	return c
}

// horizon bounds every search for working time, in days. A calendar that has
// none within it is taken to have none at all.
const horizon = 400

// WorkingDay tells whether people work on the day of t.
func (c *Calendar) WorkingDay(t time.Time) bool {
	t = t.In(c.Zone)
	return c.Weekdays[t.Weekday()] && !c.Holidays[DateOf(t)]
}

// Working tells whether t lies in working time.
func (c *Calendar) Working(t time.Time) bool {
	for _, p := range c.workPeriods(t) {
		if !t.Before(p[0]) && t.Before(p[1]) {
			return true
		}
	}
	return false
}

// IsQuiet tells whether only urgent matters may ring at t.
func (c *Calendar) IsQuiet(t time.Time) bool {
	at := t.Sub(c.midnight(t, 0))
	if c.Quiet.From <= c.Quiet.To {
		return at >= c.Quiet.From && at < c.Quiet.To
	}
	return at >= c.Quiet.From || at < c.Quiet.To
}

// Add moves t forward by the span: the first moment at which that much time of
// the span's clock has passed since t. Working days are counted whole: the end
// of "one working day" is the same moment on the next working day.
func (c *Calendar) Add(t time.Time, s Span) time.Time {
	if !s.Working || !c.hasWorkingTime(t) {
		return t.AddDate(0, 0, s.Days).Add(s.Length)
	}
	return c.addWorking(c.addWorkingDays(t, s.Days), s.Length)
}

// Next is the earliest working moment at or after t; t itself when the
// calendar has no working time.
func (c *Calendar) Next(t time.Time) time.Time {
	for day := range horizon {
		for _, p := range c.workPeriods(c.midnight(t, day)) {
			if t.Before(p[0]) {
				return p[0]
			}
			if t.Before(p[1]) {
				return t
			}
		}
	}
	return t
}

// WorkingBetween measures the working time from a to b, zero if b is earlier.
func (c *Calendar) WorkingBetween(a, b time.Time) time.Duration {
	var sum time.Duration
	for day := 0; ; day++ {
		midnight := c.midnight(a, day)
		if !midnight.Before(b) {
			return sum
		}
		for _, p := range c.workPeriods(midnight) {
			from, to := later(p[0], a), earlier(p[1], b)
			if from.Before(to) {
				sum += to.Sub(from)
			}
		}
	}
}

func (c *Calendar) addWorking(t time.Time, left time.Duration) time.Time {
	if left <= 0 {
		return t
	}
	for day := 0; ; day++ {
		for _, p := range c.workPeriods(c.midnight(t, day)) {
			from := later(p[0], t)
			if !from.Before(p[1]) {
				continue
			}
			if room := p[1].Sub(from); left > room {
				left -= room
				continue
			}
			return from.Add(left)
		}
	}
}

func (c *Calendar) addWorkingDays(t time.Time, days int) time.Time {
	if days <= 0 {
		return t
	}
	start := c.Next(t)
	at := start.Sub(c.midnight(start, 0))
	for day := 1; ; day++ {
		midnight := c.midnight(start, day)
		if !c.WorkingDay(midnight) {
			continue
		}
		if days--; days == 0 {
			return midnight.Add(at)
		}
	}
}

func (c *Calendar) hasWorkingTime(t time.Time) bool { return c.Working(c.Next(t)) }

// workPeriods are the working periods of the day of t as moments, without the
// empty ones.
func (c *Calendar) workPeriods(t time.Time) [][2]time.Time {
	if !c.WorkingDay(t) {
		return nil
	}
	midnight := c.midnight(t, 0)
	periods := make([][2]time.Time, 0, len(c.Periods))
	for _, p := range c.Periods {
		if p.From < p.To {
			periods = append(periods, [2]time.Time{midnight.Add(p.From), midnight.Add(p.To)})
		}
	}
	return periods
}

// midnight is the start of the day that lies so many days after the day of t.
func (c *Calendar) midnight(t time.Time, days int) time.Time {
	y, m, d := t.In(c.Zone).Date()
	return time.Date(y, m, d+days, 0, 0, 0, 0, c.Zone)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// Midnight is the beginning of the day of t.
func (c *Calendar) Midnight(t time.Time) time.Time { return c.midnight(t, 0) }
