package mahalla

import (
	"slices"
	"time"
)

// Supervises tells whether a person stands above the officers of the case, and
// may read it.
func (c *Case) Supervises(by Person, g Ground, now time.Time) bool {
	above := func(r Role) bool { return r.Has(MaySupervise) && r.Has(MayAnswer) }
	return slices.ContainsFunc(by.rolesOver(g.Path, now), above) && c.MayTake(by, g, now) == nil
}

// TakesOver tells whether a person who accepts the case now takes it from
// somebody who was told before.
func (c *Case) TakesOver(by Person, g Ground, now time.Time) bool {
	if len(c.Assignments) == 0 || !c.Supervises(by, g, now) {
		return false
	}
	first := c.Assignments[0]
	return !slices.ContainsFunc(c.Assignments, func(a Assignment) bool {
		return a.Person == by.ID && a.Level == first.Level && a.Role == first.Role
	})
}

// mayGive checks that somebody may be given the case: an officer within reach,
// whom it does not concern.
func (c *Case) mayGive(to Person, g Ground, now time.Time) (Responsibility, error) {
	role := to.answers(now)
	r := Responsibility{Person: to.ID, Role: role, Reach: to.Reach}
	switch {
	case role == Resident || to.BarredFrom(g.Path, c.Category, c.NamedReporter(), now),
		c.Category == OfficerComplaint && !role.Has(MaySupervise):
		return r, Refuse(Invalid, "give_unfit")
	case to.Reach != Reachable:
		return r, Refuse(Invalid, "give_away")
	}
	return r, nil
}

// MayGive tells whether a person stands above the officers of a case that waits, or
// has taken it as such and asks nobody else by now.
func (c *Case) MayGive(by Person, g Ground, now time.Time) error {
	if !c.Supervises(by, g, now) {
		return Refuse(Forbidden, "no_role")
	}
	if err := c.allow(VerbGive, now); err != nil {
		return err
	}
	switch f := c.OpenOffer(); {
	case c.Owner == 0:
		return nil
	case c.Owner != by.ID:
		return Refuse(Conflict, "already_accepted", "by", id(c.Owner), "at", moment(c.AcceptedAt))
	case f != nil:
		return Refuse(Conflict, "offer_open", "by", id(f.To))
	}
	return nil
}

// Give lets a supervisor tell one more officer of a case that waits. The clock
// goes on, and whoever accepts first has it. A case that the supervisor has taken
// is offered.
func (c *Case) Give(by, to Person, g Ground, now time.Time) (Outcome, error) {
	if err := c.MayGive(by, g, now); err != nil {
		return Outcome{}, err
	}
	if to.ID == by.ID {
		return Outcome{}, Refuse(Invalid, "give_yourself")
	}
	r, err := c.mayGive(to, g, now)
	if err != nil {
		return Outcome{}, err
	}
	if c.Owner == by.ID {
		return c.offerBelow(by.ID, to.ID, g, now)
	}
	var o Outcome
	c.given(by.ID, to.ID, 0, now)
	o.event(Event{Kind: EventGiven, At: now, By: by.ID, About: to.ID, Level: levelOf(r.Role)})
	if c.assign(r, levelOf(r.Role), now) {
		o.tell(c, c.Assignments[len(c.Assignments)-1], LaneUrgent)
	} else {
		c.heardFrom(to.ID)
		o.notice(Notice{Kind: c.officerCard(to.ID), To: to.ID, Lane: LaneUrgent, Ring: true})
	}
	o.refresh(c)
	return o, nil
}

// OfferedLastAs tells whether the last offer of the case was of a kind.
func (c *Case) OfferedLastAs(kind OfferKind) bool {
	return len(c.Offers) > 0 && c.Offers[len(c.Offers)-1].Kind == kind
}

// Decide ends a dispute: the supervisor who was asked leaves the case where it
// is, gives it to somebody else, or takes it.
func (c *Case) Decide(by, to Person, policies map[Class]Policy, g Ground, now time.Time) (Outcome, error) {
	if err := c.MayArbitrate(by, g, now); err != nil {
		return Outcome{}, err
	}
	f := c.OpenOffer()
	first := f.By
	var r Responsibility
	var err error
	if to.ID != by.ID && to.ID != first {
		if r, err = c.mayGive(to, g, now); err != nil {
			return Outcome{}, err
		}
	}
	var o Outcome
	c.endOffer(f, OfferDecided, now, &o)
	answer := "given"
	switch to.ID {
	case by.ID:
		answer = "over"
		c.handOver(by.ID, c.roleFor(by, g, now), 0, g, now, &o)
	case first:
		answer = "kept"
		o.refresh(c)
		if c.heldWithinReach(first) {
			o.notice(Notice{Kind: c.officerCard(first), To: first, Lane: LaneUrgent, Ring: true})
		}
	default:
		place := c.claimedFor(to.ID)
		c.reassign(by.ID, r, place, policies, g, now, &o)
		c.given(by.ID, to.ID, place, now)
	}
	o.notice(Notice{Kind: NoticeOffer, To: first, Lane: LaneUrgent, Ring: true, Args: offerArgs(answer, to.ID)})
	return o, nil
}

// claimedFor is the place for which the case was offered to an officer who
// refused it; 0 for anybody else.
func (c *Case) claimedFor(p PersonID) TerritoryID {
	for _, f := range c.Refusers() {
		if f.To == p {
			return f.Place
		}
	}
	return 0
}

// NudgeBy lets a supervisor remind those who hold the case.
func (c *Case) NudgeBy(by Person, g Ground, now time.Time) (Outcome, error) {
	if !c.Supervises(by, g, now) {
		return Outcome{}, Refuse(Forbidden, "no_role")
	}
	if err := c.allow(VerbNudge, now); err != nil {
		return Outcome{}, err
	}
	var o Outcome
	for _, a := range c.Assignments {
		if a.Person != by.ID && c.answersTo(a) {
			o.event(Event{Kind: EventNudged, At: now, By: by.ID, About: a.Person})
			o.notice(Notice{Kind: NoticeNudge, To: a.Person, Round: c.Round, Lane: LaneEscalation, Ring: true})
		}
	}
	if len(o.Events) == 0 {
		return o, Refuse(Conflict, "nudge_nobody")
	}
	return o, nil
}

// heldWithinReach tells whether a person within reach holds the case.
func (c *Case) heldWithinReach(p PersonID) bool {
	return slices.ContainsFunc(c.Assignments, func(a Assignment) bool { return a.Person == p && !a.Unreachable })
}

// heldByOthers tells whether anybody else holds the case whom a supervisor can
// remind of it.
func (c *Case) heldByOthers(p PersonID) bool {
	return slices.ContainsFunc(c.Assignments, func(a Assignment) bool { return a.Person != p && c.answersTo(a) })
}

// answersTo tells whether an officer is within reach and may still take the case:
// whoever was told before it was given to somebody else may not.
func (c *Case) answersTo(a Assignment) bool {
	return !a.Unreachable && a.Level < LevelAdministrator && c.GivenAway(a.Person) == 0
}
