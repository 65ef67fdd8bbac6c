package mahalla

import (
	"maps"
	"slices"
	"time"
)

// Schedule tells the moments of a cron expression, in Tashkent. Parsing one needs
// a library, which is not ours to use here.
type Schedule interface{ Next(time.Time) time.Time }

// HolidayRule is what becomes of a recurrence on a day on which nobody works.
type HolidayRule string

// The rules for holidays.
const (
	HolidayStays  HolidayRule = ""       // it is held all the same
	HolidayBefore HolidayRule = "before" // moved to the working day before
	HolidayAfter  HolidayRule = "after"  // moved to the next working day
	HolidaySkip   HolidayRule = "skip"   // left out
)

// HolidayRules lists the rules for holidays.
func HolidayRules() []HolidayRule {
	return []HolidayRule{HolidayStays, HolidayBefore, HolidayAfter, HolidaySkip}
}

// Only says which of the moments of a cron expression count, where cron itself
// cannot say so.
type Only string

// The filters.
const (
	OnlyAll     Only = ""
	OnlyNth     Only = "nth"      // of the weekday in its month; see Recurrence.Nth
	OnlyOther   Only = "other"    // of the weeks every other one, counted from Since
	OnlyLastDay Only = "last_day" // the last working day of its month
)

// Recurrence is a moment that comes again and again, as it is stored: a cron
// expression of five fields and what cron cannot say, or one moment only.
type Recurrence struct {
	Cron     string      `json:"cron,omitempty"`
	Only     Only        `json:"only,omitempty"`
	Nth      int         `json:"nth,omitempty"`      // 1 to 5; -1 is the last
	Since    Date        `json:"since,omitzero"`     // a day of a week that counts
	Shift    int         `json:"shift,omitempty"`    // days added to each moment
	Holidays HolidayRule `json:"holidays,omitempty"` // for holidays
	DaysOff  bool        `json:"days_off,omitempty"` // and for every other day on which nobody works
	Except   []Date      `json:"except,omitempty"`   // single days on which it does not come
	Once     time.Time   `json:"once,omitzero"`      // instead of all the above
	Plain    Plain       `json:"plain,omitempty"`    // how it was chosen, to say it in words
}

// farthest is how many days a moment may be moved to find a working day.
const farthest = 14

// tries bounds the search for the next moment: a filter may leave out much, and
// 29 February comes only every fourth year.
const tries = 4000

// Occurrence is one of the times that a recurrence comes. Day names it, whatever
// holidays are entered later: it is the day before any was looked at, and of the last
// working days of months the last day of the month. At is when it comes.
type Occurrence struct {
	Day Date
	At  time.Time
}

// Next is the first moment after another one, zero when there is none.
func (r Recurrence) Next(s Schedule, cal *Calendar, after time.Time) time.Time {
	return r.next(s, cal, after).At
}

// next is the first occurrence after a moment. Moved moments may change places, so
// that those moved back past it are looked at too.
func (r Recurrence) next(s Schedule, cal *Calendar, after time.Time) (best Occurrence) {
	if !r.Once.IsZero() {
		if r.Once.After(after) {
			return Occurrence{DateOf(r.Once.In(cal.Zone)), r.Once}
		}
		return best
	}
	if s == nil {
		return best
	}
	at := after.In(cal.Zone).AddDate(0, 0, -farthest-1-r.Shift)
	for range tries {
		if at = s.Next(at); at.IsZero() {
			break
		}
		base := at.In(cal.Zone).AddDate(0, 0, r.Shift)
		if !best.At.IsZero() && base.After(best.At.AddDate(0, 0, farthest+1)) {
			break
		}
		moved, ok := r.moved(cal, at.In(cal.Zone))
		if ok && moved.After(after) && (best.At.IsZero() || moved.Before(best.At)) {
			best = Occurrence{r.dayOf(at.In(cal.Zone)), moved}
		}
	}
	return best
}

// dayOf names the occurrence of a moment of the cron expression.
func (r Recurrence) dayOf(at time.Time) Date {
	if r.Only == OnlyLastDay {
		return DateOf(time.Date(at.Year(), at.Month()+1, 0, 0, 0, 0, 0, at.Location()))
	}
	return DateOf(at.AddDate(0, 0, r.Shift))
}

// NextFew lists the next moments.
func (r Recurrence) NextFew(s Schedule, cal *Calendar, after time.Time, n int) []time.Time {
	var list []time.Time
	for _, o := range r.Occurrences(s, cal, after, n) {
		list = append(list, o.At)
	}
	return list
}

// Occurrences lists the next occurrences, by their moments.
func (r Recurrence) Occurrences(s Schedule, cal *Calendar, after time.Time, n int) []Occurrence {
	var list []Occurrence
	for range n {
		o := r.next(s, cal, after)
		if o.At.IsZero() {
			break
		}
		list, after = append(list, o), o.At
	}
	return list
}

// PutBy tells whether a recurrence has put the occurrence of a day at a moment, if
// that was no holiday then.
func (r Recurrence) PutBy(s Schedule, cal *Calendar, day Date, at time.Time) bool {
	before := *cal
	before.Holidays = maps.Clone(cal.Holidays)
	delete(before.Holidays, DateOf(at.In(cal.Zone)))
	o := r.next(s, &before, at.Add(-1))
	return o.Day == day && o.At.Equal(at)
}

// moved is where a moment of the cron expression comes to lie, and whether it
// comes at all.
func (r Recurrence) moved(cal *Calendar, at time.Time) (time.Time, bool) {
	if !r.counts(cal, at) {
		return at, false
	}
	at = at.AddDate(0, 0, r.Shift)
	if slices.Contains(r.Except, DateOf(at)) {
		return at, false
	}
	if r.off(cal, at) {
		switch r.Holidays {
		case HolidaySkip:
			return at, false
		case HolidayBefore:
			at = cal.nearest(at, -1)
		case HolidayAfter:
			at = cal.nearest(at, 1)
		case HolidayStays:
		}
	}
	return at, !slices.Contains(r.Except, DateOf(at))
}

// off tells whether the rule for holidays counts on a day. A weekday that was
// chosen on purpose is no reason to move, even if nobody works on it.
func (r Recurrence) off(cal *Calendar, at time.Time) bool {
	return cal.Holidays[DateOf(at)] || r.DaysOff && !cal.WorkingDay(at)
}

// counts tells whether a moment of the cron expression is one that is meant.
func (r Recurrence) counts(cal *Calendar, at time.Time) bool {
	switch r.Only {
	case OnlyNth:
		if r.Nth < 0 {
			return at.AddDate(0, 0, 7).Month() != at.Month()
		}
		return (at.Day()-1)/7+1 == r.Nth
	case OnlyOther:
		since := time.Date(r.Since.Year, r.Since.Month, r.Since.Day, 0, 0, 0, 0, cal.Zone)
		days := int(cal.Week(at).Sub(cal.Week(since)).Hours() / 24)
		return days%14 == 0
	case OnlyLastDay:
		return cal.lastWorking(at)
	case OnlyAll:
	}
	return true
}

// lastWorking tells whether a day is the last one of its month on which people
// work.
func (c *Calendar) lastWorking(t time.Time) bool {
	if !c.WorkingDay(t) {
		return false
	}
	for day := 1; ; day++ {
		next := c.midnight(t, day)
		if next.Month() != t.In(c.Zone).Month() {
			return true
		}
		if c.WorkingDay(next) {
			return false
		}
	}
}

// nearest is the same time on the nearest working day in a direction; t itself
// where there is none near.
func (c *Calendar) nearest(t time.Time, step int) time.Time {
	for day := 1; day <= farthest; day++ {
		if moved := t.AddDate(0, 0, day*step); c.WorkingDay(moved) {
			return moved
		}
	}
	return t
}
