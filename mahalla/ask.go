package mahalla

import "time"

// How long a reporter's answer is waited for.
const (
	AnswerReminder = 24 * time.Hour // then the question rings once more
	AnswerWithin   = 72 * time.Hour // then the owner goes on without it
)

// Ask puts a question of the owner to the reporter. The owner's clocks stand
// until the answer comes; a further question does not make them stand longer.
func (c *Case) Ask(by Person, now time.Time) (Outcome, error) {
	if err := c.MayHandle(by, VerbAsk, now); err != nil {
		return Outcome{}, err
	}
	var o Outcome
	c.dropClaim(&o)
	if c.Status != Waiting {
		c.restPromise(&o)
		c.pauseResolution(now, &o)
		c.Status, c.AskedAt = Waiting, now
		o.Timers = append(o.Timers,
			Timer{Kind: TimerReminder, Due: now.Add(AnswerReminder)}, Timer{Kind: TimerAnswer, Due: now.Add(AnswerWithin)})
	}
	o.event(Event{Kind: EventAsked, At: now, By: by.ID})
	o.refresh(c)
	o.notice(Notice{Kind: CardQuestion, To: c.Reporter, Round: c.Round, Lane: LaneUrgent, Ring: true})
	return o, nil
}

// Answer gives the case back to its owner with what the reporter said. An answer
// that speaks of danger makes it an emergency.
func (c *Case) Answer(by PersonID, danger bool, policies map[Class]Policy, g Ground, now time.Time) (Outcome, error) {
	if err := c.MayReport(by, VerbAnswer, now); err != nil {
		return Outcome{}, err
	}
	var o Outcome
	o.event(Event{Kind: EventAnswered, At: now, By: by})
	if danger {
		c.raise(by, policies, g, now, &o)
	}
	c.stopWaiting(&o)
	c.Status = Accepted
	c.resumePromise(g, now, &o)
	c.resumeResolution(g, now, &o)
	o.refresh(c)
	for _, a := range c.handlers() {
		o.notice(Notice{Kind: NoticeAnswer, To: a.Person, Round: c.Round, Lane: LaneUrgent, Ring: true})
	}
	return o, nil
}

// RemindToAnswer lets the question ring once more at a reporter who is silent.
// When the time for the answer is over as well it is not worth it.
func (c *Case) RemindToAnswer(late bool, now time.Time) Outcome {
	var o Outcome
	if c.Status != Waiting || !now.Before(c.AskedAt.Add(AnswerWithin)) {
		return o
	}
	o.event(Event{Kind: EventReminded, At: now, About: c.Reporter, Late: late})
	o.notice(Notice{Kind: CardQuestion, To: c.Reporter, Round: c.Round, Lane: LaneReminder, Ring: true,
		Args: map[string]string{"again": "yes"}})
	return o
}

// Unanswered ends the wait for an answer that never came: the owner is told, and
// goes on without it.
func (c *Case) Unanswered(g Ground, late bool, now time.Time) Outcome {
	var o Outcome
	if c.Status != Waiting || now.Before(c.AskedAt.Add(AnswerWithin)) {
		return o
	}
	o.event(Event{Kind: EventUnanswered, At: now, About: c.Reporter, Late: late})
	c.stopWaiting(&o)
	c.Status = Accepted
	c.resumePromise(g, now, &o)
	c.resumeResolution(g, now, &o)
	o.refresh(c)
	for _, a := range c.handlers() {
		o.notice(Notice{Kind: NoticeUnanswered, To: a.Person, Round: c.Round, Lane: LaneReminder, Ring: true})
	}
	return o
}

// stopWaiting takes the question back, whatever the case does next.
func (c *Case) stopWaiting(o *Outcome) {
	if c.Status != Waiting {
		return
	}
	c.AskedAt = time.Time{}
	o.Cancel = append(o.Cancel, TimerReminder, TimerAnswer)
	o.notice(Notice{Kind: CardQuestion, To: c.Reporter, Lane: LaneAnswer})
}

// Late tells whether something that was due happens too late to count as on
// time.
func Late(due, now time.Time) bool { return now.Sub(due) > lateAfter }
