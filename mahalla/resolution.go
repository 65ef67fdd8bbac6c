package mahalla

import (
	"slices"
	"time"
)

// Resolution is the clock of a case from its acceptance to its result. Its
// length is frozen when the report is filed and its moments at the acceptance;
// they move by as long as the reporter's answer or a sitting is waited for, but the
// result of a report with a name is not due after the last day of an appeal.
type Resolution struct {
	Span   Span        `json:"span"`
	Beats  []time.Time `json:"beats,omitempty"` // see beatHalf; none while nobody has accepted
	Done   int         `json:"done,omitempty"`  // how many beats have fallen
	Paused time.Time   `json:"paused,omitzero"` // since when the clock stands
	Told   Role        `json:"told,omitempty"`  // who was told last that the result is overdue

	Item  ItemID    `json:"item,omitempty"` // of an agenda, that is open; see agenda_clock.go
	Until time.Time `json:"until,omitzero"` // the clock stands for a sitting, so long at most
}

// The beats of the clock in their order.
const (
	beatHalf = iota // the owner is reminded
	beatMost        // and once more
	beatDue         // the senior inspector is told
	beatHead        // so is the head
)

// Parts of the clock after which the owner is reminded, in percent.
const (
	partHalf = 50
	partMost = 80
)

// afterDue is how long after it was due the head hears of a missing result.
func afterDue() Span { return Span{Days: 1, Working: true} }

// Due is when the result is due; zero while no clock runs towards it.
func (r Resolution) Due() time.Time {
	if len(r.Beats) == 0 {
		return time.Time{}
	}
	return r.Beats[beatDue]
}

// started is the clock as it begins to run. Calendar days that end on a day off
// end on the next working day, and none ends after the limit, where there is one.
func (r Resolution) started(cal *Calendar, limit, now time.Time) Resolution {
	r = r.bare()
	if r.Span == (Span{}) {
		return r
	}
	starts := now
	if r.Span.Working {
		starts = cal.Next(now)
	}
	due := r.onWorkingDay(cal, cal.Add(starts, r.Span))
	all := cal.between(starts, due, r.Span.Working)
	part := func(percent time.Duration) time.Time {
		return cal.Add(starts, Span{Length: all.Length * percent / 100, Working: all.Working})
	}
	r.Beats = []time.Time{part(partHalf), part(partMost), due, cal.Add(due, afterDue())}
	return r.within(cal, limit, starts)
}

// onWorkingDay moves the end of calendar days off a day on which nobody works.
func (r Resolution) onWorkingDay(cal *Calendar, due time.Time) time.Time {
	for day := 0; r.Span.Days > 0 && !r.Span.Working && !cal.WorkingDay(due) && day < horizon; day++ {
		due = due.AddDate(0, 0, 1)
	}
	return due
}

// resumed is the clock as it goes on after it stood: what was left then is left
// now, as far as the limit lets it.
func (r Resolution) resumed(cal *Calendar, limit, now time.Time) Resolution {
	if r.Paused.IsZero() {
		return r
	}
	moved := slices.Clone(r.Beats)
	for i := r.Done; i < len(moved); i++ {
		switch {
		case !moved[i].After(r.Paused):
		case i == beatHead && !moved[beatDue].Equal(r.Beats[beatDue]):
			moved[i] = cal.Add(moved[beatDue], afterDue())
		default:
			moved[i] = cal.Add(now, cal.between(r.Paused, moved[i], r.Span.Working || i == beatHead))
		}
		if i == beatDue {
			moved[i] = r.onWorkingDay(cal, moved[i])
		}
	}
	r.Beats, r.Paused = moved, time.Time{}
	return r.within(cal, limit, now)
}

// between measures from a to b, in working time where there is any.
func (c *Calendar) between(a, b time.Time, working bool) Span {
	if working && c.hasWorkingTime(a) {
		return Span{Length: c.WorkingBetween(a, b), Working: true}
	}
	return Span{Length: b.Sub(a)}
}

// ResolveBy is when the result of a case is due; zero while nobody works on it
// or the clock stands.
func (c *Case) ResolveBy() time.Time {
	if c.Status != Accepted || !c.Resolution.Paused.IsZero() {
		return time.Time{}
	}
	return c.Resolution.Due()
}

// Unresolved tells whether the result of an accepted case is overdue.
func (c *Case) Unresolved(now time.Time) bool {
	due := c.Resolution.Due()
	if c.Status != Accepted && c.Status != Waiting || due.IsZero() {
		return false
	}
	if paused := c.Resolution.Paused; !paused.IsZero() {
		now = paused
	}
	return !now.Before(due)
}

// startResolution sets the clock towards the result.
func (c *Case) startResolution(g Ground, now time.Time, o *Outcome) {
	c.Resolution = c.Resolution.started(g.Calendar, c.lawful(g.Calendar, now), now)
	c.awaitResolution(now, o)
	if c.AtCommission(now) {
		c.pauseResolution(now, o)
	}
}

// pauseResolution lets the clock stand.
func (c *Case) pauseResolution(now time.Time, o *Outcome) {
	if len(c.Resolution.Beats) > 0 && c.Resolution.Paused.IsZero() {
		c.Resolution.Paused = now
		o.Cancel = append(o.Cancel, TimerResolution)
	}
}

// resumeResolution lets the clock go on.
func (c *Case) resumeResolution(g Ground, now time.Time, o *Outcome) {
	if c.AtCommission(now) {
		return // it stands for that
	}
	c.Resolution = c.Resolution.resumed(g.Calendar, c.lawful(g.Calendar, now), now)
	c.awaitResolution(now, o)
}

// stopResolution forgets the clock of an acceptance that is over.
func (c *Case) stopResolution(o *Outcome) {
	if len(c.Resolution.Beats) > 0 {
		c.Resolution = c.Resolution.bare()
		o.Cancel = append(o.Cancel, TimerResolution)
	}
}

// awaitResolution wakes the case at the next beat.
func (c *Case) awaitResolution(now time.Time, o *Outcome) {
	if r := c.Resolution; r.Done < len(r.Beats) {
		o.Timers = append(o.Timers, Timer{Kind: TimerResolution, Due: later(r.Beats[r.Done], now.Add(time.Second))})
	}
}

// CheckResolution lets every beat of the clock fall that is due, the oldest
// first. Of reminders missed at once only the last is worth sending, and none
// once the result is overdue.
func (c *Case) CheckResolution(g Ground, now time.Time) Outcome {
	var o Outcome
	g = c.fair(g)
	if c.Status != Accepted || !c.Resolution.Paused.IsZero() {
		return o
	}
	c.Resolution = c.Resolution.within(g.Calendar, c.lawful(g.Calendar, now), now) // a free day may have become a working day
	for r := &c.Resolution; r.Done < len(r.Beats) && !r.Beats[r.Done].After(now); {
		beat, late := r.Done, Late(r.Beats[r.Done], now)
		r.Done++
		switch {
		case beat == beatDue:
			o.event(Event{Kind: EventOverdue, At: now, About: c.Owner, Late: late})
			c.tellUnresolved(LevelSenior, g, late, now, &o)
			c.remindOwner(&o)
		case beat == beatHead:
			c.tellUnresolved(LevelHead, g, late, now, &o)
		case r.Beats[r.Done].After(now):
			o.event(Event{Kind: EventNudged, At: now, About: c.Owner, Late: late, Note: "resolution"})
			c.remindOwner(&o)
		}
	}
	c.awaitResolution(now, &o)
	return o
}

// remindOwner tells the owner, quietly, how the clock stands.
func (c *Case) remindOwner(o *Outcome) {
	o.notice(Notice{Kind: NoticeResolution, To: c.Owner, Round: c.Round, Lane: LaneReminder})
}

// tellUnresolved tells the next above the owner that the result is overdue.
// Whoever holds the card already is woken. A level with nobody is skipped in the
// same moment.
func (c *Case) tellUnresolved(from Level, g Ground, late bool, now time.Time, o *Outcome) {
	above := slices.DeleteFunc(g.People.reachable(), func(r Responsibility) bool { return r.Person == c.Owner })
	for level := max(from, c.OwnLevel); level < LevelAdministrator; level++ {
		route := above.next(g.Path, level, []Role{c.roleOf(c.Owner), c.Resolution.Told})
		if len(route.People) == 0 {
			o.event(Event{Kind: EventSkipped, At: now, Level: level, Late: late, Note: "resolution"})
			continue
		}
		c.Resolution.Told = route.Role
		o.refresh(c)
		for _, r := range once(route.People) {
			o.event(Event{Kind: EventEscalated, At: now, About: r.Person, Level: level, Late: late, Note: "resolution"})
			if c.assign(r, level, now) {
				o.tell(c, c.Assignments[len(c.Assignments)-1], LaneEscalation)
			} else {
				o.notice(Notice{Kind: NoticeUnresolved, To: r.Person, Round: c.Round, Lane: LaneEscalation, Ring: true})
			}
		}
		return
	}
	o.refresh(c)
}
