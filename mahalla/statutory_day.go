package mahalla

import "time"

// Heard is what has told somebody of the time of one case since a day began.
type Heard struct {
	Clock bool // the clock towards the result
	Days  bool // another reminder of the days of an appeal
}

// The causes for which a reminder of the days of an appeal does not come.
const (
	DayOver  = "over"       // the days do not count any more
	DayNewer = "newer"      // that of a later day comes on this one
	DayTold  = "told"       // another has come today
	DayClock = "resolution" // the clock towards the result has spoken today
)

// clockFalls is how long the clock may take to tell those above of a beat.
const clockFalls = 5 * time.Minute

// DayFate is what becomes of a reminder of the days of an appeal whose moment has
// come: it ends for a cause, or waits until a moment; else it comes.
type DayFate struct {
	Cause string
	Wait  time.Time
}

// Comes tells whether it comes now.
func (f DayFate) Comes() bool { return f.Cause == "" && f.Wait.IsZero() }

// FateOfDay tells what becomes of a reminder of the days of an appeal. Of one case one
// person hears of the time once a day: of its days, the newest; or from the clock
// towards the result, whichever speaks first. Those above hear of the clock what
// somebody has to act on, so on its day the reminder waits for it. It is not given up
// for what the clock will say: the clock may stand still before.
func (c *Case) FateOfDay(cal *Calendar, r Reminder, heard Heard, now time.Time) DayFate {
	owner := r.To == c.Owner
	switch {
	case !c.Statutory():
		return DayFate{Cause: DayOver}
	case r.Due.Before(c.newestDay(cal, owner, now)):
		return DayFate{Cause: DayNewer}
	case heard.Days:
		return DayFate{Cause: DayTold}
	case heard.Clock:
		return DayFate{Cause: DayClock}
	}
	if at := c.clockAbove(cal, now); !owner && !at.IsZero() {
		return DayFate{Wait: later(at, now).Add(clockFalls)}
	}
	return DayFate{}
}

// newestDay is the moment of the last of these reminders that has come by the end of a
// day, or comes on it: to the owner, or to those above.
func (c *Case) newestDay(cal *Calendar, owner bool, now time.Time) (newest time.Time) {
	tomorrow := cal.midnight(now, 1)
	for _, r := range c.statutoryDays(cal) {
		if r.Due.Before(tomorrow) && (owner || r.Kind.TellsAbove()) {
			newest = r.Due
		}
	}
	return newest
}

// clockAbove is when the clock towards the result tells those above something on the
// day of a moment; zero where it does not.
func (c *Case) clockAbove(cal *Calendar, now time.Time) time.Time {
	if r := c.Resolution; c.Status == Accepted && r.Paused.IsZero() {
		for beat := max(r.Done, beatDue); beat < len(r.Beats); beat++ {
			if r.Beats[beat].Before(cal.midnight(now, 1)) {
				return r.Beats[beat]
			}
		}
	}
	return time.Time{}
}

// DaysHeardBy tells whether the message of the clock towards the result is not worth
// sending to somebody who has heard of the days today: that the result is overdue is
// more than a reminder to those above, and comes.
func (k NoticeKind) DaysHeardBy(heard Heard) bool { return k == NoticeResolution && heard.Days }

// lawful is the latest moment for the result of a report with a name: the end of the
// working time of the last day of an appeal. Zero where no such day counts, or it is
// over.
func (c *Case) lawful(cal *Calendar, now time.Time) time.Time {
	if c.Alias != "" || c.Reporter <= 0 {
		return time.Time{}
	}
	end := c.StatutoryEnd(cal)
	limit := cal.midnight(end, 1)
	if periods := cal.workPeriods(end); len(periods) > 0 {
		limit = periods[len(periods)-1][1]
	}
	if !limit.After(now) {
		return time.Time{}
	}
	return limit
}

// within is a clock whose result is due at a limit at the latest; a zero one limits
// nothing. What comes before moves nearer with it.
func (r Resolution) within(cal *Calendar, limit, now time.Time) Resolution {
	due := r.Due()
	if limit.IsZero() || r.Done > beatDue || !due.After(limit) {
		return r
	}
	beats := make([]time.Time, len(r.Beats))
	copy(beats, r.Beats)
	for beat := r.Done; beat < beatDue; beat++ {
		if left := beats[beat].Sub(now) / time.Second; left > 0 {
			beats[beat] = now.Add(left * (limit.Sub(now) / time.Second) / (due.Sub(now) / time.Second) * time.Second)
		}
	}
	beats[beatDue], beats[beatHead] = limit, cal.Add(limit, afterDue())
	r.Beats = beats
	return r
}
