package mahalla

import (
	"slices"
	"time"
)

// OfferKind says what a person is asked about a case.
type OfferKind string

// The kinds of offers.
const (
	OfferElsewhere OfferKind = "elsewhere" // it is of another place, whose officer is asked; or see Below
	OfferAbsence   OfferKind = "absence"   // its officer is away, whose substitute is asked
	OfferArbiter   OfferKind = "arbiter"   // a supervisor decides whose it is
	OfferGiven     OfferKind = "given"     // a supervisor has given it: nothing is asked
)

// OfferAnswer is what came of an offer.
type OfferAnswer string

// The answers.
const (
	OfferOpen    OfferAnswer = ""
	OfferTaken   OfferAnswer = "taken"
	OfferRefused OfferAnswer = "refused"
	OfferSilent  OfferAnswer = "silent"
	OfferDecided OfferAnswer = "decided" // by the supervisor who was asked, or who gave it
	OfferOver    OfferAnswer = "over"    // the case went on without it
)

// Offer is the question whose a case is, put to one person at a time. While it
// is open nothing stops: the one who offers stays responsible.
type Offer struct {
	Kind       OfferKind
	By         PersonID // who wants to part with the case, or gave it
	To         PersonID
	Place      TerritoryID // where the case would be; 0: where it is
	At         time.Time
	Due        time.Time
	Round      int      // of the case when it was made
	Owner      PersonID // of the case then
	Answer     OfferAnswer
	AnsweredAt time.Time
}

// mostRefusals is how often a case is offered to other places in vain before a
// supervisor decides.
const mostRefusals = 2

// answerOffer is how long an offer may wait: an hour of work, and for what is
// urgent as long as an acceptance may take.
func answerOffer(c *Case) Span {
	if ClassOf(c.Urgency) == Urgent {
		return Minutes(15)
	}
	return WorkingMinutes(60)
}

// OpenOffer is the offer that waits for an answer; nil when none does.
func (c *Case) OpenOffer() *Offer {
	for i := range c.Offers {
		if c.Offers[i].Answer == OfferOpen {
			return &c.Offers[i]
		}
	}
	return nil
}

// OfferedTo is the offer that waits for a person, else the latest to that person;
// nil when there was none.
func (c *Case) OfferedTo(p PersonID) *Offer {
	if c.AskedTo(p) {
		return c.OpenOffer()
	}
	for i := len(c.Offers) - 1; i >= 0; i-- {
		if c.Offers[i].To == p {
			return &c.Offers[i]
		}
	}
	return nil
}

// AskedTo tells whether the open offer waits for a person.
func (c *Case) AskedTo(p PersonID) bool {
	f := c.OpenOffer()
	return f != nil && f.To == p
}

// Moved is the place to which the case was brought last; 0 when it is where it
// was filed.
func (c *Case) Moved() TerritoryID {
	for i := len(c.Offers) - 1; i >= 0; i-- {
		f := c.Offers[i]
		if f.Place != 0 && f.Place == c.Place && (f.Answer == OfferTaken || f.Kind == OfferGiven) {
			return c.Place
		}
	}
	return 0
}

// Parted tells whether a person had to do with the case before it changed
// hands, and so may know that it is somebody else's now.
func (c *Case) Parted(p PersonID) bool {
	return slices.ContainsFunc(c.Offers, func(f Offer) bool { return f.By == p || f.To == p })
}

// MayDecline tells whether a person may say that the case is not theirs: its
// owner, and while it has none whoever was told of it. Supervisors give it to
// somebody instead; what one of them has decided stands.
func (c *Case) MayDecline(by Person, g Ground, now time.Time) error {
	if by.ID == c.Reporter {
		return Refuse(Forbidden, "no_role")
	}
	if err := c.allow(VerbDecline, now); err != nil {
		return err
	}
	f := c.OpenOffer()
	switch {
	case c.Owner != 0 && c.Owner != by.ID:
		return Refuse(Forbidden, "not_owner", "by", id(c.Owner))
	case c.Owner == 0 && !c.holdsToAnswer(by.ID) && c.Parted(by.ID):
		return Refuse(Conflict, "case_gone")
	case c.Owner == 0 && !c.holdsToAnswer(by.ID) || !by.Has(MayAnswer, now):
		return Refuse(NotFound, "case_not_found")
	case c.GivenAway(by.ID) != 0:
		return Refuse(Conflict, "given_away", "by", id(c.GivenAway(by.ID)))
	case c.Owner == 0 && c.Supervises(by, g, now):
		return Refuse(Conflict, "give_instead", "number", c.Number.String())
	case f != nil:
		return Refuse(Conflict, "offer_open", "by", id(f.To))
	case c.settledFor(by.ID):
		return Refuse(Conflict, "offer_settled")
	}
	return nil
}

// settledFor tells whether a supervisor has left the case with a person, or given
// it, or nobody was there to decide.
func (c *Case) settledFor(p PersonID) bool {
	return slices.ContainsFunc(c.Offers, func(f Offer) bool {
		return f.Kind == OfferArbiter && f.By == p && f.Answer != OfferOver && f.Answer != OfferTaken && f.Round == c.Round ||
			f.Kind == OfferGiven && f.To == p
	})
}

// OfferElsewhere offers the case to the officer of another place. The one who
// offers stays responsible and the clock goes on. An officer who has refused is
// not asked again.
func (c *Case) OfferElsewhere(by Person, place TerritoryID, category Category, here, there Ground, now time.Time) (Outcome, error) {
	if err := c.MayDecline(by, here, now); err != nil {
		return Outcome{}, err
	}
	if place == c.Place {
		return Outcome{}, Refuse(Invalid, "offer_same_place")
	}
	there = c.fair(there)
	route := RouteReport(there.Path, category, there.People.reachable())
	if route.Level >= LevelAdministrator {
		return Outcome{}, Refuse(Invalid, "offer_nobody")
	}
	var to PersonID
	for _, r := range route.People {
		if r.Person == by.ID {
			return Outcome{}, Refuse(Invalid, "offer_yourself")
		}
		if to == 0 && !c.hasRefused(r.Person) {
			to = r.Person
		}
	}
	if to == 0 {
		return Outcome{}, Refuse(Invalid, "offer_refused_before")
	}
	var o Outcome
	c.offer(Offer{Kind: OfferElsewhere, By: by.ID, To: to, Place: place}, here, now, &o)
	o.refreshOfficers(c)
	return o, nil
}

// MayHandOn tells whether a person may offer the case to a substitute. Of a
// complaint about an officer a supervisor decides whose it is.
func (c *Case) MayHandOn(by Person, here Ground, now time.Time) error {
	if err := c.MayDecline(by, here, now); err != nil {
		return err
	}
	if c.Category == OfficerComplaint {
		return Refuse(Invalid, "hand_unfit", "number", c.Number.String())
	}
	return nil
}

// OfferStandIn offers the case to the substitute of an officer who is away.
func (c *Case) OfferStandIn(by, to Person, here Ground, now time.Time) (Outcome, error) {
	if err := c.MayHandOn(by, here, now); err != nil {
		return Outcome{}, err
	}
	if c.hasRefused(to.ID) {
		return Outcome{}, Refuse(Invalid, "offer_refused_before")
	}
	if _, err := c.mayGive(to, here, now); err != nil {
		return Outcome{}, Refuse(Invalid, "hand_unfit", "number", c.Number.String())
	}
	var o Outcome
	c.offer(Offer{Kind: OfferAbsence, By: by.ID, To: to.ID}, here, now, &o)
	o.refreshOfficers(c)
	return o, nil
}

// Decline says that the case is not the officer's duty: a supervisor decides.
func (c *Case) Decline(by Person, here Ground, now time.Time) (Outcome, error) {
	if err := c.MayDecline(by, here, now); err != nil {
		return Outcome{}, err
	}
	var o Outcome
	if !c.callArbiter(by.ID, here, now, &o) {
		return Outcome{}, Refuse(Conflict, "no_arbiter")
	}
	o.refreshOfficers(c)
	return o, nil
}

// offer puts the question to one person, with everything that is known: it has
// to be judged.
func (c *Case) offer(f Offer, g Ground, now time.Time, o *Outcome) {
	if c.Holds(f.By) && f.Kind != OfferArbiter {
		c.heardFrom(f.By)
	}
	f.At, f.Round, f.Owner = now, c.Round, c.Owner
	f.Due = g.Calendar.Add(now, answerOffer(c))
	c.Offers = append(slices.Clone(c.Offers), f)
	o.event(Event{Kind: EventOffered, At: now, By: f.By, About: f.To, Note: string(f.Kind)})
	o.Timers = append(o.Timers, Timer{Kind: TimerOffer, Due: f.Due})
	o.notice(Notice{Kind: CardOffer, To: f.To, Round: c.Round, Lane: LaneUrgent, Ring: true})
}

// hasRefused tells whether an officer has refused the case, or was silent.
func (c *Case) hasRefused(p PersonID) bool {
	return slices.ContainsFunc(c.Offers, func(f Offer) bool {
		return f.To == p && f.Kind != OfferArbiter && (f.Answer == OfferRefused || f.Answer == OfferSilent)
	})
}

// Refusers lists those who refused the case when it was offered as one of their
// places, with that place, in the present round.
func (c *Case) Refusers() []Offer {
	var list []Offer
	for _, f := range c.Offers {
		if f.Kind == OfferElsewhere && !f.Below() && f.Round == c.Round && (f.Answer == OfferRefused || f.Answer == OfferSilent) {
			list = append(list, f)
		}
	}
	return list
}

// asked is the open offer if it waits for the person.
func (c *Case) asked(p PersonID) (*Offer, error) {
	if f := c.OpenOffer(); f != nil && f.To == p {
		return f, nil
	}
	if f := c.OfferedTo(p); f != nil && f.Kind != OfferGiven {
		return nil, Refuse(Conflict, "offer_gone")
	}
	return nil, Refuse(NotFound, "case_not_found")
}

// TakeOffer accepts an offer: the case is the person's, at the place for which it
// was offered, in a new round.
func (c *Case) TakeOffer(by Person, here, there Ground, now time.Time) (Outcome, error) {
	f, err := c.asked(by.ID)
	if err != nil {
		return Outcome{}, err
	}
	if f.Kind == OfferArbiter {
		return Outcome{}, Refuse(Invalid, "offer_decide")
	}
	if !c.MayHearOffer(by, here, there, now) || by.ID == c.Reporter {
		return Outcome{}, Refuse(Forbidden, "no_role")
	}
	var o Outcome
	c.endOffer(f, OfferTaken, now, &o)
	role := c.roleFor(by, there, now)
	if role == Resident {
		role = by.answers(now)
	}
	first := f.By
	c.handOver(by.ID, role, f.Place, there, now, &o)
	o.notice(Notice{Kind: NoticeOffer, To: first, Lane: LaneUrgent, Ring: true, Args: offerArgs(string(OfferTaken), by.ID)})
	return o, nil
}

// RefuseOffer declines an offer: the case stays with the one who offered, and the
// second time in a round a supervisor decides.
func (c *Case) RefuseOffer(by Person, here Ground, now time.Time) (Outcome, error) {
	f, err := c.asked(by.ID)
	if err != nil {
		return Outcome{}, err
	}
	if f.Kind == OfferArbiter {
		return Outcome{}, Refuse(Invalid, "offer_decide")
	}
	var o Outcome
	c.endOffer(f, OfferRefused, now, &o)
	c.afterRefusal(*f, here, now, &o)
	return o, nil
}

// OfferTimeout ends an offer that nobody has answered in time.
func (c *Case) OfferTimeout(here Ground, late bool, now time.Time) Outcome {
	var o Outcome
	f := c.OpenOffer()
	if f == nil || now.Before(f.Due) {
		return o
	}
	was := *f
	c.endOffer(f, OfferSilent, now, &o)
	o.Events[len(o.Events)-1].Late = late
	if was.Kind != OfferArbiter {
		c.afterRefusal(was, here, now, &o)
		return o
	}
	answer := "arbiter"
	if !c.callArbiter(was.By, here, now, &o) {
		answer = "kept_alone"
	}
	o.notice(Notice{Kind: NoticeOffer, To: was.By, Lane: LaneUrgent, Ring: true, Args: offerArgs(answer, was.To)})
	o.refreshOfficers(c)
	return o
}

// afterRefusal tells the one who offered, and calls the supervisor after the
// second refusal.
func (c *Case) afterRefusal(f Offer, here Ground, now time.Time, o *Outcome) {
	answer := string(f.Answer)
	if f.Answer == OfferOpen {
		answer = string(OfferSilent)
	}
	if f.Kind == OfferElsewhere && !f.Below() && len(c.Refusers()) >= mostRefusals {
		if c.callArbiter(f.By, here, now, o) {
			answer += "_arbiter"
		} else {
			answer += "_alone"
		}
	}
	o.notice(Notice{Kind: NoticeOffer, To: f.By, Lane: LaneUrgent, Ring: true, Args: offerArgs(answer, f.To)})
	o.refreshOfficers(c)
}

// offerArgs says what came of an offer, and of whom it is spoken.
func offerArgs(answer string, about PersonID) map[string]string {
	return map[string]string{"answer": answer, "person": id(about)}
}

// endOffer writes the answer down.
func (c *Case) endOffer(f *Offer, answer OfferAnswer, now time.Time, o *Outcome) {
	f.Answer, f.AnsweredAt = answer, now
	o.event(Event{Kind: EventOfferEnded, At: now, By: f.To, Note: string(answer)})
	o.Cancel = append(o.Cancel, TimerOffer)
	o.notice(Notice{Kind: CardOffer, To: f.To, Lane: LaneAnswer})
}

// SettleOffer ends an offer that has lost its point because the case went on
// without it: somebody took it, or it ended.
func (c *Case) SettleOffer(now time.Time) Outcome {
	var o Outcome
	f := c.OpenOffer()
	if f == nil || c.Open() && c.Round == f.Round && c.Owner == f.Owner {
		return o
	}
	c.endOffer(f, OfferOver, now, &o)
	o.Events[len(o.Events)-1].By = 0
	return o
}
