package mahalla

import "time"

// handOver makes a person the owner in a new round, at a place if it is another.
// An answer of the reporter that is waited for goes to the new owner, and the
// clock towards the result goes on if it runs.
func (c *Case) handOver(to PersonID, role Role, place TerritoryID, g Ground, now time.Time, o *Outcome) {
	former := c.formerCards(to)
	c.dropPromise(o)
	c.dropClaim(o)
	if c.Status == New {
		c.Status = Accepted
	}
	level := levelOf(role)
	c.Owner, c.AcceptedAt, c.OwnLevel = to, now, level
	c.newRound(Responsibility{Person: to, Role: role, Reach: Reachable}, level, place, now)
	o.event(Event{Kind: EventAccepted, At: now, By: to, Level: level})
	if len(c.Resolution.Beats) == 0 {
		c.startResolution(g, now, o)
	}
	o.refresh(c)
	o.Notices = append(o.Notices, former...)
}

// reassign gives the case to a person who has not taken it yet, in a new round.
// A clock that runs goes on; one that was stopped by an acceptance begins.
func (c *Case) reassign(by PersonID, to Responsibility, place TerritoryID, policies map[Class]Policy, g Ground, now time.Time, o *Outcome) {
	former := c.formerCards(to.Person)
	level := levelOf(to.Role)
	c.stopWaiting(o)
	c.dropPromise(o)
	c.dropClaim(o)
	c.stopResolution(o)
	if c.Status != New || c.Ladder.Next().IsZero() {
		c.Ladder = policies[c.class()].Freeze(g.Calendar, now, level)
	}
	c.Status, c.Owner, c.AcceptedAt = New, 0, time.Time{}
	c.newRound(to, level, place, now)
	o.event(Event{Kind: EventGiven, At: now, By: by, About: to.Person, Level: level})
	o.tell(c, c.Assignments[0], LaneUrgent)
	o.notice(Notice{Kind: CardReporter, To: c.Reporter, Lane: LaneAnswer})
	o.Notices = append(o.Notices, former...)
}

func (c *Case) newRound(to Responsibility, level Level, place TerritoryID, now time.Time) {
	if place != 0 {
		c.Place = place
	}
	c.Round++
	c.Level, c.Assignments = level, nil
	c.assign(to, level, now)
}

// formerCards brings the cards of those who lose the case up to date.
func (c *Case) formerCards(except PersonID) []Notice {
	var list []Notice
	for _, a := range c.Assignments {
		if a.Person != except && !a.Unreachable && a.Level < LevelAdministrator {
			list = append(list, Notice{Kind: cardFor(c, a), To: a.Person, Lane: LaneAnswer})
		}
	}
	return list
}

// answers is the most senior role in which a person answers anywhere.
func (p Person) answers(now time.Time) Role {
	best := Resident
	for _, m := range p.Memberships {
		if m.At(now) && m.Role.Has(MayAnswer) && m.Role.Seniority() > best.Seniority() {
			best = m.Role
		}
	}
	return best
}
