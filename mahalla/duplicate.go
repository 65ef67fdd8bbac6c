package mahalla

import (
	"slices"
	"time"
)

// Duplicate is a case that an officer has given up for another one. Its reporter
// keeps the own card, which shows where the other one stands: the two never learn
// of each other, and no row of one names the other.
type Duplicate struct {
	Case     CaseID
	Reporter PersonID // 0 where officers do not know who it is
}

// Crowd is how many others have the same matter, each once. Whoever is not named
// counts like a stranger: else the number would tell that two are one.
func (c *Case) Crowd() int {
	named, nameless := map[PersonID]bool{}, 0
	for _, j := range c.Joined {
		named[j.Person] = true
	}
	for _, d := range c.Duplicates {
		switch d.Reporter {
		case 0:
			nameless++
		case c.NamedReporter():
		default:
			named[d.Reporter] = true
		}
	}
	return len(named) + nameless
}

// MayDuplicate tells whether an officer may say that the case is the same matter
// as another one: its owner, and while it has none whoever was told of it. A case
// that was sent back wants an answer of its own, and what is confidential is told
// to nobody, so that it cannot be the matter of somebody else.
func (c *Case) MayDuplicate(by Person, g Ground, now time.Time) error {
	if by.ID == c.Reporter {
		return Refuse(Forbidden, "no_role")
	}
	if err := c.allow(VerbDuplicate, now); err != nil {
		return err
	}
	f := c.OpenOffer()
	switch {
	case c.Owner != 0 && c.Owner != by.ID:
		return Refuse(Forbidden, "not_owner", "by", id(c.Owner))
	case c.MayTake(by, g, now) != nil:
		return c.MayTake(by, g, now)
	case c.Owner == 0 && !c.holdsToAnswer(by.ID):
		return Refuse(NotFound, "case_not_found")
	case c.GivenAway(by.ID) != 0:
		return Refuse(Conflict, "given_away", "by", id(c.GivenAway(by.ID)))
	case f != nil:
		return Refuse(Conflict, "offer_open", "by", id(f.To))
	case c.Claimed():
		return Refuse(Conflict, "claim_waits", "at", moment(c.Claim.At))
	case !Joinable(c.Category, c.Secrecy), c.Reopened > 0:
		return Refuse(Invalid, "duplicate_unfit", "number", c.Number.String())
	case c.Crowd() > 0:
		return Refuse(Invalid, "duplicate_crowd", "number", c.Number.String())
	}
	return nil
}

// mayStandFor checks that the case can stand for another one, which an officer
// gives up for it.
func (c *Case) mayStandFor(own *Case, by Person, g Ground, now time.Time) error {
	switch {
	case c.ID == own.ID:
		return Refuse(Invalid, "duplicate_itself")
	case c.MayTake(by, g, now) != nil:
		return Refuse(NotFound, "case_not_found")
	case c.Place != own.Place:
		return Refuse(Invalid, "duplicate_elsewhere")
	case !c.Open():
		return Refuse(Invalid, "duplicate_closed", "number", c.Number.String())
	case c.Secrecy != own.Secrecy, !Joinable(c.Category, c.Secrecy), c.Claimed():
		return Refuse(Invalid, "duplicate_unfit", "number", c.Number.String())
	case own.Urgency.above(c.Urgency), c.Status == New && own.Status == New && c.Ladder.Due.After(own.Ladder.Due):
		return Refuse(Invalid, "duplicate_turned", "number", c.Number.String(), "other", own.Number.String())
	}
	return nil
}

// MayBeDuplicate tells whether an officer may give the case up for another one.
func (c *Case) MayBeDuplicate(into *Case, by Person, g Ground, now time.Time) error {
	if err := c.MayDuplicate(by, g, now); err != nil {
		return err
	}
	return into.mayStandFor(c, by, g, now)
}

// DuplicateOf gives the case up for another one, which is the same matter as an
// officer says. Nobody is answered later than before: the other one is at least as
// urgent. It tells what is to be done about both.
func (c *Case) DuplicateOf(into *Case, by Person, of Urgency, policies map[Class]Policy, g Ground, now time.Time) (own, other Outcome, err error) {
	if err := c.MayBeDuplicate(into, by, g, now); err != nil {
		return own, other, err
	}
	c.stopWaiting(&own)
	c.restPromise(&own)
	c.stopResolution(&own)
	c.Status, c.WithdrawnAt, c.MergedInto, c.MergedBy, c.Offered = Withdrawn, now, into.ID, by.ID, nil
	own.event(Event{Kind: EventMerged, At: now, By: by.ID})
	own.notice(Notice{Kind: CardReporter, To: c.Reporter, Lane: LaneAnswer, Ring: true})
	own.refreshOfficers(c)

	into.Duplicates = append(slices.Clone(into.Duplicates), Duplicate{Case: c.ID, Reporter: c.NamedReporter()})
	other.event(Event{Kind: EventDuplicate, At: now, By: by.ID})
	other.refreshOfficers(into)
	for _, a := range into.handlers() {
		if a.Person != by.ID {
			other.notice(Notice{Kind: NoticeAddition, To: a.Person, Round: into.Round, Lane: LaneUrgent})
		}
	}
	into.raiseForCrowd(of, policies, g, now, &other)
	return own, other, nil
}

// MayPart tells whether a person may say that a case which an officer gave up is
// another matter after all: its reporter, and that officer, within a day.
func (c *Case) MayPart(from *Case, by Person, g Ground, now time.Time) error {
	officer := c.MergedBy == by.ID && by.ID != c.Reporter && c.MayTake(by, g, now) == nil
	switch {
	case c.MergedBy == 0 || by.ID != c.Reporter && !officer:
		return Refuse(NotFound, "case_not_found")
	case now.Sub(c.WithdrawnAt) > UndoJoinWithin || !from.Open():
		return Refuse(TooMany, "part_late")
	}
	return nil
}

// Lose forgets a case that was given up for this one and lives again.
func (c *Case) Lose(own *Case, by PersonID, now time.Time) Outcome {
	var o Outcome
	c.Duplicates = slices.DeleteFunc(slices.Clone(c.Duplicates), func(d Duplicate) bool { return d.Case == own.ID })
	if own.Reporter == by {
		by = 0 // whose case it is not
	}
	o.event(Event{Kind: EventUnjoined, At: now, By: by})
	o.refreshOfficers(c)
	return o
}

// HearOf takes what the reporter of a case that was given up for this one says
// there. Of danger this one becomes an emergency.
func (c *Case) HearOf(danger bool, policies map[Class]Policy, g Ground, now time.Time) (Outcome, error) {
	if err := c.MayReport(c.Reporter, VerbAdd, now); err != nil {
		return Outcome{}, err
	}
	var o Outcome
	raised := danger && c.raise(0, policies, g, now, &o)
	o.refreshOfficers(c)
	for _, a := range c.handlers() {
		if raised {
			o.notice(Notice{Kind: cardFor(c, a), To: a.Person, Lane: LaneUrgent, Ring: true})
		}
		o.notice(Notice{Kind: NoticeAddition, To: a.Person, Round: c.Round, Lane: LaneUrgent, Ring: danger && !raised})
	}
	return o, nil
}

// HearMore takes the later parts of an album of such a reporter.
func (c *Case) HearMore() Outcome {
	var o Outcome
	if !c.Open() {
		return o
	}
	o.refreshOfficers(c)
	for _, a := range c.handlers() {
		o.notice(Notice{Kind: NoticeMedia, To: a.Person, Lane: LaneUrgent})
	}
	return o
}

// Takes tells whether the case takes more words of its reporter: it is open, or
// what is said goes to the one for which an officer gave it up.
func (c *Case) Takes() bool { return c.Open() || c.MergedBy != 0 }
