package mahalla

import (
	"cmp"
	"slices"
	"time"
)

// Work is what an officer's morning needs to know of a case.
type Work struct {
	Case     CaseID
	Number   Number
	Status   Status
	Due      time.Time // accept by
	Promised time.Time
	Resolve  time.Time // the result is due, of what was accepted
}

// standing is where a case belongs in a morning, the most pressing first.
type standing int

const (
	standsAside standing = iota
	standsOverdue
	standsToday
	standsNew
)

// stands tells where a case belongs in the morning of now. One that waits for
// its reporter, or was accepted and promised for another day, does not.
func (w Work) stands(cal *Calendar, now time.Time) standing {
	moment := w.moment()
	switch {
	case w.Status == New && now.Before(w.Due):
		return standsNew
	case w.Status == New, w.Status == Accepted && !moment.IsZero() && moment.Before(now):
		return standsOverdue
	case w.Status == Accepted && !moment.IsZero() && moment.Before(cal.midnight(now, 1)):
		return standsToday
	}
	return standsAside
}

// moment is when a case wants the officer.
func (w Work) moment() time.Time {
	if w.Status == New {
		return w.Due
	}
	if w.Promised.IsZero() || !w.Resolve.IsZero() && w.Resolve.Before(w.Promised) {
		return w.Resolve
	}
	return w.Promised
}

// Late tells whether a case wanted the officer before now.
func (w Work) Late(now time.Time) bool {
	moment := w.moment()
	return (w.Status == New || w.Status == Accepted) && !moment.IsZero() && !now.Before(moment)
}

// Morning is an officer's day as it begins.
type Morning struct {
	New     int // not accepted yet, and in time
	Today   int // promised or due today
	Overdue int // not accepted in time, or promised or due at a time that has passed
	List    []Work
}

// MorningOf sorts what an officer has to do. Every case counts once; the list
// begins with the most pressing.
func MorningOf(list []Work, cal *Calendar, now time.Time) Morning {
	var m Morning
	for _, w := range list {
		switch w.stands(cal, now) {
		case standsNew:
			m.New++
		case standsToday:
			m.Today++
		case standsOverdue:
			m.Overdue++
		default:
			continue
		}
		m.List = append(m.List, w)
	}
	slices.SortStableFunc(m.List, func(a, b Work) int {
		return cmp.Or(cmp.Compare(a.stands(cal, now), b.stands(cal, now)), a.moment().Compare(b.moment()), cmp.Compare(a.Case, b.Case))
	})
	return m
}

// PlaceStanding is how many cases of a place want somebody now.
type PlaceStanding struct {
	Place   TerritoryID
	Secret  bool // of secret categories, which are never told by place
	Waiting int
	Overdue int // a part of those that wait, and broken promises
}

// Daily is what a supervisor reads in the morning.
type Daily struct {
	Waiting, Overdue int
	Accepted, Closed int // since the last working day
	OutOfReach       int // people who answer or supervise
	Places           []PlaceStanding
}

// Nothing tells whether there is nothing to say.
func (d Daily) Nothing() bool {
	return d.Waiting+d.Overdue+d.Accepted+d.Closed+d.OutOfReach == 0
}

// Stand adds up what stands at places, and keeps those with the most that is
// overdue, then with the most that waits.
func (d *Daily) Stand(list []PlaceStanding, most int) {
	at := map[TerritoryID]PlaceStanding{}
	for _, s := range list {
		d.Waiting += s.Waiting
		d.Overdue += s.Overdue
		if sum := at[s.Place]; !s.Secret && s.Waiting+s.Overdue > 0 {
			at[s.Place] = PlaceStanding{Place: s.Place, Waiting: sum.Waiting + s.Waiting, Overdue: sum.Overdue + s.Overdue}
		}
	}
	for _, s := range at {
		d.Places = append(d.Places, s)
	}
	slices.SortFunc(d.Places, func(a, b PlaceStanding) int {
		return cmp.Or(cmp.Compare(b.Overdue, a.Overdue), cmp.Compare(b.Waiting, a.Waiting), cmp.Compare(a.Place, b.Place))
	})
	d.Places = d.Places[:min(most, len(d.Places))]
}

// WeeksShown is how many weeks the weekly picture shows.
const WeeksShown = 8

// WeekFigures are the figures of one week.
type WeekFigures struct {
	Begins   time.Time
	Filed    int
	Closed   int
	Accepted int           // of those filed, in their first round
	Median   time.Duration // from the start of the clock to the acceptance
}

// NoWeeks tells whether nothing has happened in any of the weeks.
func NoWeeks(list []WeekFigures) bool {
	return !slices.ContainsFunc(list, func(w WeekFigures) bool { return w.Filed+w.Closed > 0 })
}
