package mahalla

import (
	"slices"
	"time"
)

// confirmWithin is how long somebody above has to confirm that a report is
// false before the next is asked.
func confirmWithin() Span { return WorkingMinutes(240) }

// Claim is the owner's word that a report is false. One person alone closes
// nothing so: somebody above confirms it. The reporter hears nothing of it
// before. The zero Claim is none.
type Claim struct {
	At    time.Time  `json:"at"`    // when the owner said so
	Since time.Time  `json:"since"` // since when those who were asked last are waited for
	Asked []PersonID `json:"asked"` // who may decide
}

// Claimed tells whether it waits to be confirmed that the report is false.
func (c *Case) Claimed() bool { return !c.Claim.At.IsZero() }

// AskedToConfirm tells whether a person was asked to confirm that the report is
// false.
func (c *Case) AskedToConfirm(p PersonID) bool { return slices.Contains(c.Claim.Asked, p) }

// ClaimFalse says that the report is false, and asks the next above the owner to
// confirm it. Where nobody stands above, nobody may close so.
func (c *Case) ClaimFalse(by Person, g Ground, now time.Time) (Outcome, error) {
	if err := c.MayHandle(by, VerbClose, now); err != nil {
		return Outcome{}, err
	}
	if c.Claimed() {
		return Outcome{}, Refuse(Conflict, "claim_waits", "at", moment(c.Claim.At))
	}
	route := c.confirmers(c.fair(g))
	if len(route.People) == 0 {
		return Outcome{}, Refuse(Invalid, "claim_nobody")
	}
	var o Outcome
	c.restPromise(&o)
	if c.Status == Waiting {
		c.stopWaiting(&o)
		c.Status = Accepted
		c.resumeResolution(g, now, &o)
		o.notice(Notice{Kind: CardReporter, To: c.Reporter, Lane: LaneAnswer})
	}
	c.Claim.At = now
	o.event(Event{Kind: EventClaimed, At: now, By: by.ID})
	c.askToConfirm(route, g, false, now, &o)
	return o, nil
}

// confirmers are the next above the owner who were not asked yet and can be told.
func (c *Case) confirmers(g Ground) Route {
	left := slices.DeleteFunc(g.People.reachable(), func(r Responsibility) bool {
		return r.Person == c.Owner || c.AskedToConfirm(r.Person)
	})
	for level := max(c.OwnLevel, LevelSenior); level < LevelAdministrator; level++ {
		if r := left.next(g.Path, level, []Role{c.roleOf(c.Owner)}); len(r.People) > 0 {
			return r
		}
	}
	return Route{}
}

// askToConfirm shows people the whole case with the owner's word.
func (c *Case) askToConfirm(route Route, g Ground, late bool, now time.Time, o *Outcome) {
	c.Claim.Since, c.Claim.Asked = now, slices.Clone(c.Claim.Asked)
	for _, r := range once(route.People) {
		c.Claim.Asked = append(c.Claim.Asked, r.Person)
		fresh := c.assign(r, route.Level, now)
		c.heardFrom(r.Person)
		o.event(Event{Kind: EventConfirmer, At: now, About: r.Person, Level: route.Level, Late: late})
		if fresh {
			o.notice(Notice{Kind: NoticeMedia, To: r.Person, Lane: LaneEscalation})
		}
		o.notice(Notice{Kind: c.officerCard(r.Person), To: r.Person, Lane: LaneEscalation, Ring: true})
	}
	o.refreshOfficers(c)
	o.Timers = append(o.Timers, Timer{Kind: TimerClaim, Due: g.Calendar.Add(now, confirmWithin())})
}

// once leaves each person in a list one time.
func once(people []Responsibility) []Responsibility {
	var list []Responsibility
	for _, r := range people {
		if !slices.ContainsFunc(list, func(o Responsibility) bool { return o.Person == r.Person }) {
			list = append(list, r)
		}
	}
	return list
}

// MayDecide checks that a person was asked whether the report is false, and that
// it is still open. A reporter learns nothing of it.
func (c *Case) MayDecide(by Person, g Ground, now time.Time) error {
	switch {
	case by.ID == c.Reporter:
		return Refuse(Forbidden, "no_role")
	case !c.Holds(by.ID):
		return Refuse(NotFound, "case_not_found")
	case !c.Open():
		return c.allow(VerbClose, now)
	case !c.Claimed():
		return Refuse(Conflict, "claim_gone")
	case !c.AskedToConfirm(by.ID):
		return Refuse(Forbidden, "claim_other")
	case !by.Has(MaySupervise, now), c.accuses(by, g, now):
		return Refuse(Forbidden, "no_role")
	}
	return nil
}

// Confirm closes the case as a false report. The reporter may judge that like
// any other result.
func (c *Case) Confirm(by Person, g Ground, now time.Time) (Outcome, error) {
	if err := c.MayDecide(by, g, now); err != nil {
		return Outcome{}, err
	}
	var o Outcome
	o.event(Event{Kind: EventConfirmed, At: now, By: by.ID})
	c.end(False, c.Owner, "", now, &o)
	c.ConfirmedBy = by.ID
	o.notice(Notice{Kind: NoticeConfirmed, To: c.Owner, Round: c.Round, Lane: LaneUrgent})
	return o, nil
}

// tellConfirmer lets whoever confirmed that the report is false know that its
// reporter is not content, unless that comes with the case itself.
func (c *Case) tellConfirmer(kind NoticeKind, o *Outcome) {
	if c.ConfirmedBy != 0 && !c.Holds(c.ConfirmedBy) {
		o.notice(Notice{Kind: kind, To: c.ConfirmedBy, Round: c.Round, Lane: LaneUrgent, Ring: true})
	}
}

// Reject gives the case back to its owner, who ends it in another way.
func (c *Case) Reject(by Person, g Ground, now time.Time) (Outcome, error) {
	if err := c.MayDecide(by, g, now); err != nil {
		return Outcome{}, err
	}
	var o Outcome
	o.event(Event{Kind: EventRejected, At: now, By: by.ID})
	c.giveBack(NoticeRejected, g, now, &o)
	return o, nil
}

// PassClaim asks the next above when those who were asked are silent. When nobody
// is left the case goes back to its owner: what nobody confirms is not so.
func (c *Case) PassClaim(g Ground, late bool, now time.Time) Outcome {
	var o Outcome
	if !c.Claimed() || now.Before(g.Calendar.Add(c.Claim.Since, confirmWithin())) {
		return o
	}
	c.passClaim(c.fair(g), late, now, &o)
	return o
}

// ConfirmerLost asks the next above at once when nobody who was asked is within
// reach any more.
func (c *Case) ConfirmerLost(g Ground, now time.Time) Outcome {
	var o Outcome
	waits := func(a Assignment) bool { return !a.Unreachable && c.AskedToConfirm(a.Person) }
	if c.Claimed() && !slices.ContainsFunc(c.Assignments, waits) {
		c.passClaim(c.fair(g), false, now, &o)
	}
	return o
}

func (c *Case) passClaim(g Ground, late bool, now time.Time, o *Outcome) {
	if next := c.confirmers(g); len(next.People) > 0 {
		c.askToConfirm(next, g, late, now, o)
		return
	}
	o.event(Event{Kind: EventLapsed, At: now, About: c.Owner, Late: late})
	c.giveBack(NoticeLapsed, g, now, o)
}

// giveBack lets the owner go on as before the claim.
func (c *Case) giveBack(why NoticeKind, g Ground, now time.Time, o *Outcome) {
	c.dropClaim(o)
	c.resumePromise(g, now, o)
	o.refreshOfficers(c)
	o.notice(Notice{Kind: why, To: c.Owner, Round: c.Round, Lane: LaneUrgent, Ring: true})
}

// dropClaim forgets the claim, whatever the case does next.
func (c *Case) dropClaim(o *Outcome) {
	if c.Claimed() {
		c.Claim = Claim{}
		o.Cancel = append(o.Cancel, TimerClaim)
	}
}
