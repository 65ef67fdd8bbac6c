package mahalla

import (
	"time"
)

// Add appends words or media of the reporter to an open case. Whoever handles
// it reads them, silently unless they speak of danger; the clock is not touched.
func (c *Case) Add(by PersonID, words string, danger bool, now time.Time) (Outcome, error) {
	if err := c.MayReport(by, VerbAdd, now); err != nil {
		return Outcome{}, err
	}
	c.Additions++
	var o Outcome
	o.event(Event{Kind: EventAdded, At: now, By: by, Text: words})
	o.refresh(c)
	for _, a := range c.Assignments {
		wanted := c.Owner == a.Person ||
			c.Owner == 0 && a.Level < LevelAdministrator && cardFor(c, a) == CardOfficer
		if wanted && !a.Unreachable {
			o.notice(Notice{Kind: NoticeAddition, To: a.Person, Round: c.Round, Lane: LaneUrgent, Ring: danger})
		}
	}
	return o, nil
}

// Withdraw takes the report back. Everybody who holds the card sees it.
func (c *Case) Withdraw(by PersonID, now time.Time) (Outcome, error) {
	if err := c.MayReport(by, VerbWithdraw, now); err != nil {
		return Outcome{}, err
	}
	c.Status, c.WithdrawnAt = Withdrawn, now
	var o Outcome
	o.event(Event{Kind: EventWithdrawn, At: now, By: by})
	o.refresh(c)
	return o, nil
}

// Judge records that the reporter is content. Any other verdict is given by
// Reopen, because it wants a sentence.
func (c *Case) Judge(by PersonID, now time.Time) (Outcome, error) {
	if err := c.MayReport(by, VerbJudge, now); err != nil {
		return Outcome{}, err
	}
	if c.Verdict != NoVerdict && c.Verdict != VerdictSilent {
		return Outcome{}, Refuse(Conflict, "already_judged")
	}
	return c.judged(VerdictSolved, by, now), nil
}

// Rate gives one to five stars to a case that the reporter called solved. It
// may be changed while the result is on the screen.
func (c *Case) Rate(by PersonID, stars int, now time.Time) (Outcome, error) {
	if err := c.MayReport(by, VerbRate, now); err != nil {
		return Outcome{}, err
	}
	if c.Verdict != VerdictSolved {
		return Outcome{}, Refuse(Conflict, "not_judged_yet")
	}
	if stars < 1 || stars > 5 {
		return Outcome{}, Refuse(Invalid, "rating_range")
	}
	c.Rating = stars
	var o Outcome
	o.event(Event{Kind: EventRated, At: now, By: by})
	o.notice(Notice{Kind: CardResult, To: c.Reporter, Lane: LaneAnswer})
	return o, nil
}

// Silence ends the wait for a judgement that never came.
func (c *Case) Silence(now time.Time) Outcome {
	if c.Status != Closed || c.Verdict != NoVerdict || now.Before(c.ClosedAt.Add(VerdictWithin)) {
		return Outcome{}
	}
	return c.judged(VerdictSilent, 0, now)
}

func (c *Case) judged(v Verdict, by PersonID, now time.Time) Outcome {
	c.Verdict, c.JudgedAt = v, now
	o := Outcome{Cancel: []TimerKind{TimerVerdict}}
	o.event(Event{Kind: EventJudged, At: now, By: by, Note: string(v)})
	o.refresh(c)
	o.notice(Notice{Kind: CardResult, To: c.Reporter, Lane: LaneAnswer})
	return o
}

// Reopen sends a closed case back because the reporter is not content: the
// first time to the same officer, the second time one level above. It is
// allowed twice, within fourteen days of closing.
func (c *Case) Reopen(by PersonID, verdict Verdict, words string, policies map[Class]Policy, g Ground, now time.Time) (Outcome, error) {
	if err := c.MayReopen(by, now); err != nil {
		return Outcome{}, err
	}
	if verdict != VerdictPartly && verdict != VerdictUnsolved {
		return Outcome{}, Refuse(Invalid, "verdict_unknown")
	}
	g = c.fair(g)
	o := Outcome{Cancel: []TimerKind{TimerVerdict}}
	o.event(Event{Kind: EventJudged, At: now, By: by, Note: string(verdict)})
	o.event(Event{Kind: EventReopened, At: now, By: by, Text: words})
	route := c.reopenRoute(g)
	c.Reopened++
	c.Status, c.Owner, c.AcceptedAt, c.Promised = New, 0, time.Time{}, time.Time{}
	c.Closing, c.ClosedAt, c.Verdict, c.JudgedAt, c.Rating = "", time.Time{}, NoVerdict, time.Time{}, 0
	c.begin(route, policies, g, now, &o)
	for _, a := range c.Assignments {
		if !a.Unreachable && cardFor(c, a) == CardOfficer && a.Level < LevelAdministrator {
			o.notice(Notice{Kind: NoticeReopened, To: a.Person, Round: c.Round, Lane: LaneUrgent})
		}
	}
	o.notice(Notice{Kind: CardResult, To: c.Reporter, Lane: LaneAnswer})
	o.notice(Notice{Kind: CardReporter, To: c.Reporter, Lane: LaneAnswer, Ring: true})
	return o, nil
}

// reopenRoute is the same officer the first time, if the bot can still tell
// that person anything, and the next level that has anybody from then on. Where
// nobody stands above, the same officer is better than none.
func (c *Case) reopenRoute(g Ground) Route {
	same, ok := c.sameOfficer(g)
	if ok && c.Reopened == 0 {
		return same
	}
	for level := max(c.OwnLevel+1, LevelSenior); level < LevelAdministrator; level++ {
		if people := g.People.reachableAt(g.Path, level); len(people) > 0 {
			return Route{Level: level, Role: people[0].Role, Territory: people[0].Territory, People: people}
		}
	}
	if ok {
		return same
	}
	return Route{Level: LevelAdministrator, Role: Administrator, Territory: RootTerritory}
}

// sameOfficer is the route to the owner, who must still answer and be in reach.
func (c *Case) sameOfficer(g Ground) (Route, bool) {
	for _, r := range g.People {
		if r.Person == c.Owner && r.Reach == Reachable && c.answeredBy(r.Role) {
			return Route{Level: c.OwnLevel, Role: r.Role, Territory: r.Territory, People: []Responsibility{r}}, true
		}
	}
	return Route{}, false
}

// MayReopen tells whether the person may send the case back now, before being
// asked why.
func (c *Case) MayReopen(by PersonID, now time.Time) error {
	if err := c.MayReport(by, VerbReopen, now); err != nil {
		return err
	}
	return c.mayReopen(now)
}

// mayReopen checks the limits of reopening.
func (c *Case) mayReopen(now time.Time) error {
	switch {
	case c.Verdict == VerdictSolved:
		return Refuse(Conflict, "already_judged")
	case c.Reopened >= MostReopenings:
		return Refuse(TooMany, "reopened_twice")
	case now.Sub(c.ClosedAt) > ReopenWithin:
		return Refuse(TooMany, "reopen_late")
	}
	return nil
}

// MayReport checks that the person reported the case and that its status allows the
// verb. Somebody else's case is the same as none.
func (c *Case) MayReport(by PersonID, verb Verb, now time.Time) error {
	if c.Reporter != by {
		return Refuse(NotFound, "case_not_found")
	}
	return c.allow(verb, now)
}
