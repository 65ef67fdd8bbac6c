package mahalla

import "time"

// A case before a commission waits for the sitting, as it waits for an answer of
// its reporter: while that is planned in time its result is not overdue. So the
// clock towards the result stands from the moment the item is ready until the day
// on which the first sitting should be, from then on only if the item is on the
// agenda of a meeting, and never beyond the day after that.

// AtCommission tells whether the clock stands because of a sitting.
func (c *Case) AtCommission(now time.Time) bool {
	return c.Resolution.Item != 0 && now.Before(c.Resolution.Until)
}

// sit lets the clock stand until a moment at most.
func (c *Case) sit(until, now time.Time, o *Outcome) {
	c.Resolution.Until = until
	if !now.Before(until) {
		return
	}
	if c.Status == Accepted {
		c.pauseResolution(now, o)
	}
	o.Timers = append(o.Timers, Timer{Kind: TimerSitting, Due: until})
}

// runAgain lets the clock go on, unless it stands for another reason.
func (c *Case) runAgain(g Ground, now time.Time, o *Outcome) {
	if c.Resolution.Until.IsZero() {
		return
	}
	c.Resolution.Until = time.Time{}
	o.Cancel = append(o.Cancel, TimerSitting)
	if c.Status == Accepted {
		c.resumeResolution(g, now, o)
	}
}

// rise ends what an item was to the case.
func (c *Case) rise(g Ground, now time.Time, o *Outcome) {
	c.Resolution.Item = 0
	c.runAgain(g, now, o)
}

// SittingOver lets the clock go on when no sitting came in time.
func (c *Case) SittingOver(g Ground, now time.Time) Outcome {
	var o Outcome
	if c.Resolution.Until.IsZero() || now.Before(c.Resolution.Until) {
		return o
	}
	c.runAgain(g, now, &o)
	o.refresh(c)
	return o
}

// bare is the clock before an acceptance: its length, and a sitting that is
// planned whoever accepts.
func (r Resolution) bare() Resolution { return Resolution{Span: r.Span, Item: r.Item, Until: r.Until} }
