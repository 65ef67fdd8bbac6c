package mahalla

import (
	"slices"
	"strconv"
	"time"
	"unicode"
)

// MostPromiseAhead bounds how far away a promise may lie.
const MostPromiseAhead = 30 * 24 * time.Hour

// Accept gives the case to the officer who presses first. The second one is
// told who was faster (Conflict "already_accepted"), the same one again that
// the case is theirs (Conflict "already_yours").
func (c *Case) Accept(by Person, g Ground, now time.Time) (Outcome, error) {
	if err := c.MayTake(by, g, now); err != nil {
		return Outcome{}, err
	}
	if c.Open() && c.Owner == by.ID {
		return Outcome{}, Refuse(Conflict, "already_yours", "at", moment(c.AcceptedAt))
	}
	if err := c.allow(VerbAccept, now); err != nil {
		return Outcome{}, err
	}
	if to := c.GivenAway(by.ID); to != 0 {
		return Outcome{}, Refuse(Conflict, "given_away", "by", id(to))
	}
	c.Status, c.Owner, c.AcceptedAt = Accepted, by.ID, now
	c.OwnLevel = c.levelOfHolder(by, g, now)
	c.assign(Responsibility{Person: by.ID, Role: c.roleFor(by, g, now), Reach: Reachable}, c.OwnLevel, now)
	c.heardFrom(by.ID)
	var o Outcome
	c.startResolution(g, now, &o)
	o.event(Event{Kind: EventAccepted, At: now, By: by.ID, Level: c.OwnLevel})
	o.refresh(c)
	return o, nil
}

// Close ends the owner's work with an outcome and a sentence that the reporter
// reads. The reporter's judgement follows, or silence in time.
func (c *Case) Close(by Person, with Closing, sentence string, now time.Time) (Outcome, error) {
	if err := c.MayHandle(by, VerbClose, now); err != nil {
		return Outcome{}, err
	}
	if !known(with) || with == False { // which one person alone does not say
		return Outcome{}, Refuse(Invalid, "closing_unknown")
	}
	var o Outcome
	c.stopWaiting(&o)
	c.restPromise(&o)
	c.end(with, by.ID, sentence, now, &o)
	return o, nil
}

// end closes the case and brings the result to the reporter.
func (c *Case) end(with Closing, by PersonID, sentence string, now time.Time, o *Outcome) {
	c.dropClaim(o)
	c.pauseResolution(now, o)
	c.Status, c.Closing, c.ClosedAt = Closed, with, now
	c.Verdict, c.JudgedAt, c.Rating = NoVerdict, time.Time{}, 0
	o.event(Event{Kind: EventClosed, At: now, By: by, Note: string(with), Text: sentence})
	o.refresh(c)
	o.notice(Notice{Kind: CardResult, To: c.Reporter, Round: c.Round, Lane: LaneUrgent, Ring: true})
	o.Timers = append(o.Timers, Timer{Kind: TimerVerdict, Due: now.Add(VerdictWithin)})
	if with != False {
		o.Timers = append(o.Timers, Timer{Kind: TimerUndo, Due: c.UndoUntil()})
	}
}

// leastTold is how many letters a closing sentence has at least: the reporter
// reads it, and "ok" answers nobody.
const leastTold = 8

// Tells tells whether words say what was done.
func Tells(words string) bool {
	letters := 0
	for _, r := range words {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	return letters >= leastTold
}

func known(with Closing) bool {
	for _, c := range Closings() {
		if c == with {
			return true
		}
	}
	return false
}

// MayTake tells whether the person may read the case and take it: with a role
// that answers for such cases at the place or above it, or as an officer who was
// told. Nobody takes a complaint about the officer that he is, and nobody his
// own report.
func (c *Case) MayTake(by Person, g Ground, now time.Time) error {
	roles := by.rolesOver(g.Path, now)
	told := c.holdsToAnswer(by.ID) && (by.Over(g.Path, MayAnswer, now) || (c.GivenTo(by.ID) || c.Owner == by.ID) && by.Has(MayAnswer, now))
	if by.BarredFrom(g.Path, c.Category, c.Reporter, now) || !told && !slices.ContainsFunc(roles, c.answeredBy) {
		if c.Parted(by.ID) {
			return Refuse(Conflict, "case_gone")
		}
		return Refuse(NotFound, "case_not_found")
	}
	return nil
}

// holdsToAnswer tells whether the person was told in this round as somebody who
// may answer, and not as an administrator.
func (c *Case) holdsToAnswer(p PersonID) bool {
	return slices.ContainsFunc(c.Assignments, func(a Assignment) bool { return a.Person == p && a.Level < LevelAdministrator })
}

// answeredBy tells whether a role may take a case of this category.
// What is confidential stays with those whom the ladder knows, and with those
// who were told.
func (c *Case) answeredBy(r Role) bool {
	switch {
	case !r.Has(MayAnswer), c.Category == OfficerComplaint && !r.Has(MaySupervise):
		return false
	case c.Secrecy == Confidential || c.Secrecy == Secret:
		return slices.Contains(laddered, r)
	}
	return true
}

// laddered are the roles that stand on the ladder of every case.
var laddered = []Role{PreventionInspector, Substitute, SeniorInspector, SectorHead, DistrictHead}

// MayHandle checks that the person owns the case and that its status allows
// the verb. A reporter learns nothing of who that is.
func (c *Case) MayHandle(by Person, verb Verb, now time.Time) error {
	if by.ID == c.Reporter {
		return Refuse(Forbidden, "no_role")
	}
	if err := c.allow(verb, now); err != nil {
		return err
	}
	if c.Owner != by.ID {
		return Refuse(Forbidden, "not_owner", "by", id(c.Owner))
	}
	if !by.Has(MayAnswer, now) {
		return Refuse(Forbidden, "no_role")
	}
	return nil
}

// levelOfHolder is the level at which a person holds the case, or would. Being
// told as an administrator is no level to answer at.
func (c *Case) levelOfHolder(by Person, g Ground, now time.Time) Level {
	for _, a := range c.Assignments {
		if a.Person == by.ID && a.Level < LevelAdministrator {
			return a.Level
		}
	}
	top := LevelOfficer
	for _, role := range by.rolesOver(g.Path, now) {
		if c.answeredBy(role) {
			top = max(top, levelOf(role))
		}
	}
	return top
}

// roleFor is the most senior role in which a person answers for the place.
func (c *Case) roleFor(by Person, g Ground, now time.Time) Role {
	best := Resident
	for _, role := range by.rolesOver(g.Path, now) {
		if role.Has(MayAnswer) && role.Seniority() > best.Seniority() {
			best = role
		}
	}
	return best
}

// heardFrom records that a person whose card was refused is within reach again.
func (c *Case) heardFrom(p PersonID) {
	for i := range c.Assignments {
		if c.Assignments[i].Person == p {
			c.Assignments[i].Unreachable = false
		}
	}
}

func id(p PersonID) string { return strconv.FormatInt(int64(p), 10) }
