package mahalla

import "time"

// UndoWithin is how long the owner may take a closing back.
const UndoWithin = 5 * time.Minute

// Undo takes a closing back: the owner has it again as it was accepted, with
// what was promised. The reporter has read the result already and is told that
// it is being corrected; once it was judged it stands.
func (c *Case) Undo(by Person, g Ground, now time.Time) (Outcome, error) {
	if err := c.MayHandle(by, VerbUndo, now); err != nil {
		return Outcome{}, err
	}
	if err := c.mayUndo(now); err != nil {
		return Outcome{}, err
	}
	o := Outcome{Cancel: []TimerKind{TimerVerdict, TimerUndo}}
	c.Status, c.Closing, c.ClosedAt = Accepted, "", time.Time{}
	o.event(Event{Kind: EventUndone, At: now, By: by.ID})
	if c.Promised.After(now) {
		o.Timers = append(o.Timers, Timer{Kind: TimerPromise, Due: c.Promised})
	} else {
		c.resumePromise(g, now, &o)
	}
	c.resumeResolution(g, now, &o)
	o.refresh(c)
	o.notice(Notice{Kind: CardResult, To: c.Reporter, Lane: LaneAnswer})
	return o, nil
}

// mayUndo checks the limits of taking a closing back.
func (c *Case) mayUndo(now time.Time) error {
	switch {
	case c.Closing == False:
		return Refuse(Conflict, "undo_confirmed")
	case c.Verdict != NoVerdict:
		return Refuse(Conflict, "undo_judged")
	case !now.Before(c.UndoUntil()):
		return Refuse(Conflict, "undo_late")
	}
	return nil
}

// UndoUntil is when the closing can no longer be taken back.
func (c *Case) UndoUntil() time.Time { return c.ClosedAt.Add(UndoWithin) }

// Settled takes from the cards what can no longer be pressed: the closing stands.
func (c *Case) Settled(now time.Time) Outcome {
	var o Outcome
	if c.Status == Closed && !now.Before(c.UndoUntil()) {
		o.refreshOwner(c)
	}
	return o
}

// refreshOwner brings the owner's card up to date.
func (o *Outcome) refreshOwner(c *Case) {
	for _, a := range c.Assignments {
		if a.Person == c.Owner && !a.Unreachable {
			o.notice(Notice{Kind: cardFor(c, a), To: a.Person, Lane: LaneReminder})
		}
	}
}
