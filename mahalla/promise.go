package mahalla

import "time"

// MostPostponed is how often a promise may be moved.
const MostPostponed = 2

// promiseSilence is how long the owner may be silent when asked about a promise,
// on every class of case in working time.
func promiseSilence() Span { return WorkingMinutes(60) }

// PromiseBy tells the reporter when the owner means to have dealt with it. At
// that time the owner is asked. A promise may be moved twice.
func (c *Case) PromiseBy(by Person, at, now time.Time) (Outcome, error) {
	if err := c.MayHandle(by, VerbPromise, now); err != nil {
		return Outcome{}, err
	}
	if c.Claimed() {
		return Outcome{}, Refuse(Conflict, "claim_waits", "at", moment(c.Claim.At))
	}
	if !at.After(now) {
		return Outcome{}, Refuse(Invalid, "promise_past")
	}
	if at.Sub(now) > MostPromiseAhead {
		return Outcome{}, Refuse(Invalid, "promise_far")
	}
	if !c.mayPromise() {
		return Outcome{}, Refuse(TooMany, "postponed_twice", "number", c.Number.String())
	}
	if !c.Promised.IsZero() {
		c.Postponed++
	}
	var o Outcome
	c.checked(&o)
	c.Promised = at
	if c.Status == Accepted {
		o.Timers = append(o.Timers, Timer{Kind: TimerPromise, Due: at})
	}
	o.event(Event{Kind: EventPromised, At: now, By: by.ID, Note: at.UTC().Format(time.RFC3339)})
	o.refresh(c)
	return o, nil
}

func (c *Case) mayPromise() bool { return c.Promised.IsZero() || c.Postponed < MostPostponed }

// CheckPromise asks the owner about a promise whose time has come. While an
// answer of the reporter is waited for, or somebody above has to decide, nobody
// is asked.
func (c *Case) CheckPromise(g Ground, late bool, now time.Time) Outcome {
	var o Outcome
	if c.Status != Accepted || c.Claimed() || c.Promised.IsZero() || now.Before(c.Promised) {
		return o
	}
	c.CheckedAt = now
	o.event(Event{Kind: EventChecked, At: now, About: c.Owner, Late: late})
	o.notice(Notice{Kind: CardCheck, To: c.Owner, Round: c.Round, Lane: LaneReminder, Ring: true})
	o.Timers = append(o.Timers, Timer{Kind: TimerSilence, Due: g.Calendar.Add(now, promiseSilence())})
	return o
}

// Kept records that the owner says the promise was kept. The result follows.
func (c *Case) Kept(by Person, now time.Time) (Outcome, error) {
	if err := c.MayHandle(by, VerbClose, now); err != nil {
		return Outcome{}, err
	}
	var o Outcome
	if c.CheckedAt.IsZero() {
		return o, nil
	}
	c.checked(&o)
	o.event(Event{Kind: EventKept, At: now, By: by.ID})
	return o, nil
}

// TakeBack takes the acceptance back from an owner who is silent about a promise,
// and begins a new round: with the same officer, who may take it again, and one
// level above at once.
func (c *Case) TakeBack(policies map[Class]Policy, g Ground, late bool, now time.Time) Outcome {
	var o Outcome
	if c.Status != Accepted || c.CheckedAt.IsZero() || now.Before(g.Calendar.Add(c.CheckedAt, promiseSilence())) {
		return o
	}
	g = c.fair(g)
	same, ok := c.sameOfficer(g)
	asked, up := c.CheckedAt, min(max(c.OwnLevel+1, LevelSenior), LevelHead)
	o.event(Event{Kind: EventTakenBack, At: now, About: c.Owner, Late: late})
	c.dropPromise(&o)
	c.stopResolution(&o)
	c.Status, c.Owner, c.AcceptedAt = New, 0, time.Time{}
	c.Round++
	c.Level, c.Assignments = c.OwnLevel, nil
	c.Ladder = policies[Promise].Freeze(g.Calendar, asked, up)
	if ok {
		c.assign(same.People[0], same.Level, now)
		o.event(Event{Kind: EventAssigned, At: now, About: same.People[0].Person, Level: same.Level})
		o.notice(Notice{Kind: cardFor(c, c.Assignments[0]), To: same.People[0].Person, Lane: LaneEscalation, Ring: true})
	}
	c.climb(up, g, now, late, &o)
	c.alarm(now, &o)
	o.notice(Notice{Kind: CardReporter, To: c.Reporter, Lane: LaneAnswer})
	return o
}

// checked ends the question about a promise, whatever the answer was.
func (c *Case) checked(o *Outcome) {
	if c.CheckedAt.IsZero() {
		return
	}
	c.CheckedAt = time.Time{}
	o.Cancel = append(o.Cancel, TimerSilence)
	o.notice(Notice{Kind: CardCheck, To: c.Owner, Lane: LaneAnswer})
}

// restPromise lets nobody ask about the promise for now, or any more.
func (c *Case) restPromise(o *Outcome) {
	c.checked(o)
	if !c.Promised.IsZero() {
		o.Cancel = append(o.Cancel, TimerPromise)
	}
}

// dropPromise forgets the promise of an owner who has lost the case.
func (c *Case) dropPromise(o *Outcome) {
	c.restPromise(o)
	c.Promised, c.Postponed = time.Time{}, 0
}

// resumePromise lets the owner be asked again after the clocks stood still: at
// the time promised, or an hour of work from now where that has passed.
func (c *Case) resumePromise(g Ground, now time.Time, o *Outcome) {
	if !c.Promised.IsZero() {
		o.Timers = append(o.Timers, Timer{Kind: TimerPromise, Due: later(c.Promised, g.Calendar.Add(now, promiseSilence()))})
	}
}
