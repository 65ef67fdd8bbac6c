package mahalla

import (
	"slices"
	"time"
)

// Series is a rule by which a commission meets again and again. Its next meeting
// is drafted some days ahead; nobody but the secretary calls it.
type Series struct {
	ID         int64
	Commission TerritoryID
	Rule       Recurrence
	Minutes    int
	MadeBy     PersonID
	MadeAt     time.Time
	EndedAt    time.Time
	LookAt     time.Time // when the next draft is to be made
}

// Bounds of a series.
const (
	DefaultLead  = 10 // days before the meeting
	MostLead     = 60
	MostSeries   = 3  // of a commission
	MostExcepted = 20 // days still to come
)

// UsualSeries are the choices that need no words: the first is what a commission
// does that has decided nothing else.
func UsualSeries(today Date) []Recurrence {
	const ten = 10 * time.Hour
	list := []Recurrence{
		EveryOther(time.Saturday, ten, today),
		NthOfMonth(2, time.Saturday, ten),
		EveryOther(time.Thursday, ten, today),
		Weekly(time.Monday, ten),
		LastWorkingDayOf(ten),
	}
	for i := range list[:4] {
		list[i].Holidays = HolidayAfter
	}
	return list
}

// Leave excepts a day on which the series would come. Days that are over are
// forgotten.
func (s *Series) Leave(day, today Date) error {
	if !s.EndedAt.IsZero() {
		return Refuse(Conflict, "series_gone")
	}
	s.Rule.Except = slices.DeleteFunc(s.Rule.Except, func(d Date) bool { return d.Before(today) })
	if slices.Contains(s.Rule.Except, day) {
		return Refuse(Conflict, "series_left")
	}
	if len(s.Rule.Except) >= MostExcepted {
		return Refuse(TooMany, "except_many")
	}
	s.Rule.Except = append(s.Rule.Except, day)
	return nil
}

// Before tells whether a day comes before another one.
func (d Date) Before(other Date) bool {
	if d.Year != other.Year {
		return d.Year < other.Year
	}
	if d.Month != other.Month {
		return d.Month < other.Month
	}
	return d.Day < other.Day
}
