package mahalla

import (
	"errors"
	"slices"
	"time"
)

// Add appends words or media of the reporter to an open case. Whoever handles
// it reads them, silently unless they speak of danger: then the case is urgent
// from now on.
func (c *Case) Add(by PersonID, words string, danger bool, policies map[Class]Policy, g Ground, now time.Time) (Outcome, error) {
	if err := c.MayReport(by, VerbAdd, now); err != nil {
		return Outcome{}, err
	}
	c.Additions++
	var o Outcome
	o.event(Event{Kind: EventAdded, At: now, By: by, Text: words})
	raised := danger && c.raise(by, policies, g, now, &o)
	o.refresh(c)
	for _, a := range c.handlers() {
		if raised {
			o.notice(Notice{Kind: cardFor(c, a), To: a.Person, Lane: LaneUrgent, Ring: true})
		}
		o.notice(Notice{Kind: NoticeAddition, To: a.Person, Round: c.Round, Lane: LaneUrgent, Ring: danger && !raised})
	}
	return o, nil
}

// Extend takes the later parts of an album that was added, or that gave the
// reason of a reopening. It is nothing done anew, so it is not refused: what
// comes after the case has ended is kept, and wakes nobody.
func (c *Case) Extend(words, danger bool, policies map[Class]Policy, g Ground, now time.Time) Outcome {
	var o Outcome
	if !c.Open() {
		return o
	}
	raised := danger && c.raise(c.Reporter, policies, g, now, &o)
	o.refresh(c)
	for _, a := range c.handlers() {
		if raised {
			o.notice(Notice{Kind: cardFor(c, a), To: a.Person, Lane: LaneUrgent, Ring: true})
		}
		if words {
			o.notice(Notice{Kind: NoticeAddition, To: a.Person, Round: c.Round, Lane: LaneUrgent, Ring: danger && !raised})
		}
		o.notice(Notice{Kind: NoticeMedia, To: a.Person, Lane: LaneUrgent})
	}
	return o
}

// handlers are those who read what the reporter says: the owner, or while there
// is none everybody within reach who holds the full card.
func (c *Case) handlers() []Assignment {
	var list []Assignment
	for _, a := range c.Assignments {
		wanted := c.Owner == a.Person ||
			c.Owner == 0 && a.Level < LevelAdministrator && cardFor(c, a) == CardOfficer && c.GivenAway(a.Person) == 0
		if wanted && !a.Unreachable {
			list = append(list, a)
		}
	}
	return list
}

// raise makes a case an emergency, and sets it on the urgent clock from now on.
// It tells whether it was calmer before.
func (c *Case) raise(by PersonID, policies map[Class]Policy, g Ground, now time.Time, o *Outcome) bool {
	if c.Urgency == Emergency {
		return false
	}
	c.Urgency = Emergency
	o.event(Event{Kind: EventRaised, At: now, By: by})
	if c.Status == New && c.Ladder.Class != Urgent {
		c.Ladder = policies[Urgent].Freeze(g.Calendar, now, c.Level).notAfter(c.Ladder)
	}
	return true
}

// Withdraw takes the report back. Everybody who holds the card sees it. Nobody
// has joined it any more: who gave an own case up for it has that again.
func (c *Case) Withdraw(by PersonID, now time.Time) (Outcome, error) {
	if err := c.MayReport(by, VerbWithdraw, now); err != nil {
		return Outcome{}, err
	}
	var o Outcome
	c.stopWaiting(&o)
	c.restPromise(&o)
	c.dropClaim(&o)
	c.stopResolution(&o)
	c.Status, c.WithdrawnAt, c.Joined, c.Duplicates = Withdrawn, now, nil, nil
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

// Object records that the reporter is not content with a case that has been
// sent back as often as it may be.
func (c *Case) Object(by PersonID, verdict Verdict, now time.Time) (Outcome, error) {
	if err := c.MayReport(by, VerbJudge, now); err != nil {
		return Outcome{}, err
	}
	switch {
	case c.Verdict != NoVerdict && c.Verdict != VerdictSilent:
		return Outcome{}, Refuse(Conflict, "already_judged")
	case c.Reopened < MostReopenings || verdict != VerdictPartly && verdict != VerdictUnsolved:
		return Outcome{}, Refuse(Invalid, "reopen_first")
	}
	o := c.judged(verdict, by, now)
	if c.ConfirmedBy != 0 {
		o.notice(Notice{Kind: NoticeObjected, To: c.ConfirmedBy, Round: c.Round, Lane: LaneUrgent, Ring: true})
	}
	return o, nil
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

// Silence ends the wait for a judgement that never came. A reporter who cannot
// be told anything is waited for as long as the case may be reopened.
func (c *Case) Silence(reporter Reach, now time.Time) Outcome {
	if c.Status != Closed || c.Verdict != NoVerdict || now.Before(c.ClosedAt.Add(VerdictWithin)) {
		return Outcome{}
	}
	if end := c.ClosedAt.Add(ReopenWithin); reporter == Blocked && now.Before(end) {
		return Outcome{Timers: []Timer{{Kind: TimerVerdict, Due: end}}}
	}
	return c.judged(VerdictSilent, 0, now)
}

// ReporterLost tells whoever handles the case that Telegram takes nothing for
// its reporter any more. The reporter's news is kept for the return.
func (c *Case) ReporterLost(now time.Time) Outcome {
	var o Outcome
	if c.Alias != "" {
		return o // when that was would tell who it is
	}
	o.event(Event{Kind: EventUnreachable, At: now, About: c.Reporter})
	o.refreshOfficers(c)
	return o
}

// ReporterBack brings a reporter who was out of reach since some moment up to
// date: a result that was not judged comes anew, and its clock begins anew, yet
// ends when the case can no longer be reopened.
func (c *Case) ReporterBack(since, now time.Time) Outcome {
	var o Outcome
	if c.Alias != "" {
		return c.unnamedBack(since, now)
	}
	o.event(Event{Kind: EventReturned, At: now, About: c.Reporter})
	o.refresh(c)
	o.Notices = append(o.Notices, c.missed(since)...)
	if due := earlier(now.Add(VerdictWithin), c.ClosedAt.Add(ReopenWithin)); c.Status == Closed && c.Verdict == NoVerdict && due.After(now) {
		o.Timers = append(o.Timers, Timer{Kind: TimerVerdict, Due: due})
	}
	return o
}

// unnamedBack is ReporterBack of a reporter who is not named. The moment of the
// return would tell who it is, for the rows of the person have it too: so it is
// no event, nobody else is told, and the clock of the verdict ends when the case
// can no longer be reopened. Of a quiet case only the knock is repeated.
func (c *Case) unnamedBack(since, now time.Time) Outcome {
	var o Outcome
	o.notice(Notice{Kind: CardReporter, To: c.Reporter, Lane: LaneAnswer})
	missed := c.missed(since)
	if c.Quiet() && len(missed) > 0 {
		missed = []Notice{{Kind: CardKnock, To: c.Reporter, Lane: LaneUrgent, Ring: true}}
	}
	o.Notices = append(o.Notices, missed...)
	if due := c.ClosedAt.Add(ReopenWithin); c.Status == Closed && c.Verdict == NoVerdict && due.After(now) {
		o.Timers = append(o.Timers, Timer{Kind: TimerVerdict, Due: due})
	}
	return o
}

// missed is what waits for an answer of the reporter, or was held to be judged by
// silence since a moment.
func (c *Case) missed(since time.Time) []Notice {
	switch {
	case c.Status == Waiting:
		return []Notice{{Kind: CardQuestion, To: c.Reporter, Round: c.Round, Lane: LaneUrgent, Ring: true}}
	case c.Status == Closed && (c.Verdict == NoVerdict || c.Verdict == VerdictSilent && !c.JudgedAt.Before(since)):
		return []Notice{{Kind: CardResult, To: c.Reporter, Round: c.Round, Lane: LaneUrgent, Ring: true}}
	}
	return nil
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
// allowed twice, within fourteen days of closing. A reason that speaks of danger
// makes it an emergency.
func (c *Case) Reopen(by PersonID, verdict Verdict, words string, danger bool, policies map[Class]Policy, g Ground, now time.Time) (Outcome, error) {
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
	if danger {
		c.raise(by, policies, g, now, &o)
	}
	route := c.reopenRoute(g)
	c.stopResolution(&o)
	c.Reopened++
	c.Status, c.Owner, c.AcceptedAt, c.Promised, c.Postponed = New, 0, time.Time{}, time.Time{}, 0
	c.Closing, c.ClosedAt, c.Verdict, c.JudgedAt, c.Rating = "", time.Time{}, NoVerdict, time.Time{}, 0
	c.begin(route, policies, g, now, &o)
	c.tellConfirmer(NoticeReopened, &o)
	c.ConfirmedBy = 0
	o.notice(Notice{Kind: CardResult, To: c.Reporter, Lane: LaneAnswer})
	o.notice(Notice{Kind: CardReporter, To: c.Reporter, Lane: LaneAnswer, Ring: true, Args: map[string]string{ArgSelf: "yes"}})
	return o, nil
}

// reopenRoute is the same officer the first time, if the bot can still tell
// that person anything, and the next level that has anybody from then on. Where
// nobody stands above, the same officer is better than none. Where that person
// was a substitute whose time is over, the inspector of the place is.
func (c *Case) reopenRoute(g Ground) Route {
	same, ok := c.sameOfficer(g)
	if !ok {
		same, ok = c.officerBack(g)
	}
	if ok && c.Reopened == 0 {
		return same
	}
	above := c.routeAbove(max(c.OwnLevel, LevelSenior), []Role{c.roleOf(c.Owner)}, g)
	if ok && above.Level == LevelAdministrator {
		return same
	}
	return above
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

// officerBack is the route to the inspector of the place where the owner answered
// in that person's stead, and has no role there any more.
func (c *Case) officerBack(g Ground) (Route, bool) {
	holds := func(r Responsibility) bool { return r.Person == c.Owner }
	if c.OwnLevel >= LevelSenior || slices.ContainsFunc(g.People, holds) {
		return Route{}, false
	}
	r, ok := g.People.reachable().nearest(g.Path, PreventionInspector)
	return r, ok && c.answeredBy(r.Role)
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
		return Refuse(Conflict, "reopened_twice")
	case now.Sub(c.ClosedAt) > ReopenWithin:
		return Refuse(Conflict, "reopen_late")
	}
	return nil
}

// MayReport checks that the person reported the case, or joined it and only adds
// something, and that its status allows the verb. Somebody else's case is the same as none. A reporter reads the role of
// the officer, not the name.
func (c *Case) MayReport(by PersonID, verb Verb, now time.Time) error {
	if c.Reporter != by && !(verb == VerbAdd && c.HasJoined(by)) {
		return Refuse(NotFound, "case_not_found")
	}
	err := c.allow(verb, now)
	var refusal *Error
	if errors.As(err, &refusal) && refusal.Args["by"] != "" {
		delete(refusal.Args, "by")
		refusal.Args["role"] = string(c.roleOf(c.Owner))
	}
	return err
}
