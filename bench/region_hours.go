package main

import (
	"sort"
	"time"
)

// What the region's clocks must do, written down anew and from the rules rather
// than from the code: working time is Monday to Saturday, 9 to 13 and 14 to 18 in
// Tashkent, and the day of the region lies in a week without a holiday.

// tashkent has no summer time.
var tashkent = time.FixedZone("UTC+5", 5*3600)

func tashkentMidnight(t time.Time) time.Time {
	t = t.In(tashkent)
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, tashkent)
}

// shiftsOf are the working hours of a day.
var shiftsOf = [][2]time.Duration{{9 * time.Hour, 13 * time.Hour}, {14 * time.Hour, 18 * time.Hour}}

// afterWork is when so much working time has passed since a moment; with none, when
// work goes on.
func afterWork(from time.Time, span time.Duration) time.Time {
	for day := tashkentMidnight(from); ; day = day.AddDate(0, 0, 1) {
		if day.Weekday() == time.Sunday {
			continue
		}
		for _, s := range shiftsOf {
			start, end := day.Add(s[0]), day.Add(s[1])
			if start.Before(from) {
				start = from
			}
			if !start.Before(end) {
				continue
			}
			if room := end.Sub(start); span > room {
				span -= room
				continue
			}
			return start.Add(span)
		}
	}
}

// rung is one moment of the ladder: who hears what, so many minutes after filing.
type rung struct {
	minutes int
	kind    string
	level   int
	to      tier
}

// tier is one level of the region's officers.
type tier int

const (
	toInspector tier = iota
	toSubstitute
	toSenior
	toSectorHead
	toDistrictHead
)

// calmRungs run in working minutes. The repeats come a working day after the last
// rung, and so not within the day.
var calmRungs = []rung{
	{30, "nudged", 0, toInspector}, {50, "nudged", 0, toInspector},
	{60, "escalated", 1, toSubstitute}, {120, "escalated", 2, toSenior}, {240, "escalated", 3, toSectorHead},
}

// urgentRungs run round the clock. Half an hour after the head of the sector, the
// head of the district is told as well; four repeats are all.
var urgentRungs = []rung{
	{5, "nudged", 0, toInspector}, {10, "nudged", 0, toInspector},
	{15, "escalated", 1, toSubstitute}, {25, "escalated", 2, toSenior}, {40, "escalated", 3, toSectorHead},
	{70, "escalated", 3, toDistrictHead}, {70, "reminded", 3, toSectorHead},
	{100, "reminded", 3, toSectorHead}, {100, "reminded", 3, toDistrictHead},
	{130, "reminded", 3, toSectorHead}, {130, "reminded", 3, toDistrictHead},
	{160, "reminded", 3, toSectorHead}, {160, "reminded", 3, toDistrictHead},
}

// resultPercents are the parts of the time for a result after which its owner is
// reminded of it, round the clock. Only what has a day for it comes to that here.
var resultPercents = []time.Duration{50, 80}

const day = 24 * time.Hour

// fallsAt is when a rung of a report falls.
func (g rung) fallsAt(filed time.Time, urgent bool) time.Time {
	span := time.Duration(g.minutes) * time.Minute
	if urgent {
		return filed.Add(span)
	}
	return afterWork(filed, span)
}

// interval is which push of the clock a moment lies behind.
func (r *dayOf) interval(t time.Time) int {
	return sort.Search(len(r.moments), func(i int) bool { return r.moments[i].before.After(t) }) - 1
}

// settling is how long before a push something may have fallen due and not be done
// yet: the program looks once a second.
const settling = 3 * time.Second

// delay is how late something was.
type delay struct {
	late  time.Duration // on the program's clock, which comes to a moment in steps
	shown time.Duration // after that clock first showed the moment, or a later one
}

// inTime tells whether what was due at a moment happened in the same step, at once
// after the push that made it due, and how late it was.
func (r *dayOf) inTime(due, done time.Time) (d delay, ok bool) {
	late := done.Sub(due)
	i, j := r.interval(due), r.interval(done)
	if late < 0 || i < 0 {
		return delay{late: late}, false
	}
	d = delay{late, late}
	if after := r.moments[i].after; after.After(due) {
		d.shown = done.Sub(after)
	}
	slow := r.lasted(i) // real time runs on while a step is served
	if j == i+1 && due.After(r.moments[j].before.Add(-settling)) {
		d.shown -= r.moments[j].after.Sub(r.moments[j].before) // the push itself is no waiting
		i, slow = j, slow+r.lasted(j)
	}
	return d, i == j && late <= r.size.most()+slow+settling
}

// lasted is how long the clock ran by itself after a push.
func (r *dayOf) lasted(i int) time.Duration {
	if i+1 < len(r.moments) {
		return r.moments[i+1].before.Sub(r.moments[i].after)
	}
	return time.Minute
}

// longest is how long the clock ran by itself in the slowest step.
func (r *dayOf) longest() time.Duration {
	slowest := settling
	for i := range len(r.moments) - 1 {
		slowest = max(slowest, r.lasted(i))
	}
	return slowest
}
