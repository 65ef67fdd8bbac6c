package mahalla

import (
	"slices"
	"strconv"
	"time"
)

// Gate is a question that must be answered before a case comes before a
// commission.
type Gate string

// The gates, in the order in which they are asked. No side hears of a commission
// before the first two are open.
const (
	GateViolence Gate = "violence" // is there violence, or fear of it?
	GateCrime    Gate = "crime"    // is it a criminal matter?
	GateConsent  Gate = "consent"  // of both sides
)

// Why an item was dropped.
const (
	CauseViolence  = "violence"
	CauseCrime     = "crime"
	CauseRefused   = "refused"    // a side does not want it
	CauseTakenBack = "taken_back" // a side has changed its mind
	CauseOfficer   = "officer"    // by who brought it
	CauseDanger    = "danger"     // was heard of later
	CauseEnded     = "ended"      // the case is over
	CauseCategory  = "category"   // is not one for a commission any more
)

// Causes lists them.
func Causes() []string {
	return []string{CauseViolence, CauseCrime, CauseRefused, CauseTakenBack, CauseOfficer, CauseDanger, CauseEnded, CauseCategory}
}

// Limits of the agenda.
const (
	AskAgainAfter  = 30 * 24 * time.Hour // a side that said no is left alone
	PartyLinkLife  = 72 * time.Hour
	SittingStretch = 24 * time.Hour // for writing down what came of a sitting
)

// Gate is the gate that is closed; empty when all are open.
func (i *Item) Gate() Gate {
	switch {
	case i.Violence != ReplyNo:
		return GateViolence
	case i.Crime != ReplyNo:
		return GateCrime
	case slices.ContainsFunc(i.Parties, func(p Party) bool { return p.Consent != ConsentGiven }) || len(i.Parties) < 2:
		return GateConsent
	}
	return ""
}

// Party is one side of the item; nil when there is no such side.
func (i *Item) Party(side int) *Party {
	n := slices.IndexFunc(i.Parties, func(p Party) bool { return p.Side == side })
	if n < 0 {
		return nil
	}
	return &i.Parties[n]
}

// PartyOf is the side that a person is; nil when none.
func (i *Item) PartyOf(p PersonID) *Party {
	n := slices.IndexFunc(i.Parties, func(x Party) bool { return x.Person == p })
	if n < 0 || p == 0 {
		return nil
	}
	return &i.Parties[n]
}

// FirstBy is until when the first sitting should be; zero while a gate is closed, and
// once it was held.
func (i *Item) FirstBy() time.Time {
	if i.ReadyAt.IsZero() || i.Sittings > 0 {
		return time.Time{}
	}
	return i.ReadyAt.Add(FirstSittingWithin)
}

// AwaitedUntil is until when the clock of the case stands for the next sitting without a
// meeting that was called: as long for the second as for the first. Zero while a gate is
// closed, and once there is no other sitting.
func (i *Item) AwaitedUntil() time.Time {
	if i.ReadyAt.IsZero() || i.Sittings >= MostSittings {
		return time.Time{}
	}
	return i.ReadyAt.Add(FirstSittingWithin)
}

// CommissionFor is the commission of a place: that of the nearest node of the
// path at which somebody within reach may convene it.
func CommissionFor(path []TerritoryID, people Responsibilities) (TerritoryID, bool) {
	for _, node := range path {
		if slices.ContainsFunc(people, func(r Responsibility) bool {
			return r.Territory == node && r.Reach == Reachable && r.Role.Has(MayConvene)
		}) {
			return node, true
		}
	}
	return 0, false
}

// MayBring checks that a person speaks for the case towards a commission: its
// owner, or who supervises the place.
func (c *Case) MayBring(by Person, g Ground, now time.Time) error {
	if c.Owner != 0 && c.Supervises(by, g, now) {
		return c.allow(VerbPropose, now)
	}
	return c.MayHandle(by, VerbPropose, now)
}

// Reconcilable says why the case is none for a commission; nil when it is one.
func (c *Case) Reconcilable(category Category, now time.Time) error {
	number := c.Number.String()
	switch {
	case c.Secrecy == Secret || !category.Reconcile:
		return Refuse(Forbidden, "agenda_category", "number", number)
	case c.Urgency == Emergency:
		return Refuse(Forbidden, "agenda_danger", "number", number)
	case c.Alias != "":
		return Refuse(Forbidden, "agenda_anonymous", "number", number)
	}
	return c.allow(VerbPropose, now)
}

// MayAgain says why the case cannot be proposed once more after its last item.
func (c *Case) MayAgain(last *Item, now time.Time) error {
	switch {
	case last == nil:
		return nil
	case last.State.Open():
		return Refuse(Conflict, "agenda_already", "number", c.Number.String())
	case last.Cause == CauseViolence:
		return Refuse(Forbidden, "agenda_violence", "number", c.Number.String())
	case last.Cause == CauseCrime:
		return Refuse(Forbidden, "agenda_crime", "number", c.Number.String())
	case last.Cause == CauseDanger:
		return Refuse(Forbidden, "agenda_danger", "number", c.Number.String())
	case last.Sittings >= MostSittings:
		return Refuse(Forbidden, "agenda_twice", "number", c.Number.String())
	}
	again := last.EndedAt.Add(AskAgainAfter)
	if (last.Cause == CauseRefused || last.Cause == CauseTakenBack) && now.Before(again) {
		return Refuse(TooMany, "agenda_refused", "at", moment(again))
	}
	return nil
}

// Proposal is what is known when a case is proposed to a commission.
type Proposal struct {
	Item       ItemID
	Commission TerritoryID
	Category   Category
	Last       *Item      // of the case, if it was proposed before
	First      Party      // the side that the report speaks for
	Repeated   Repetition // what was suggested, if anything was
	By         PersonID   // see MayBring
}

// Propose puts a case before a commission, with all gates closed. The caller has
// checked that the person may bring it.
func (c *Case) Propose(p Proposal, now time.Time) (*Item, Outcome, error) {
	if err := c.Reconcilable(p.Category, now); err != nil {
		return nil, Outcome{}, err
	}
	if err := c.MayAgain(p.Last, now); err != nil {
		return nil, Outcome{}, err
	}
	p.First.Side = 1
	i := &Item{ID: p.Item, Commission: p.Commission, Case: c.ID, ProposedBy: p.By, ProposedAt: now, State: ItemProposed,
		Parties: []Party{p.First, {Side: 2}}}
	if p.Last != nil {
		i.Sittings = p.Last.Sittings
	}
	c.Resolution.Item = i.ID
	var o Outcome
	o.event(Event{Kind: EventProposed, At: now, By: p.By, Note: string(p.Repeated)})
	o.refreshOfficers(c)
	return i, o, nil
}

// Answer opens a gate, or drops the item for good. Only the gate that is asked
// now is answered. Once both questions are answered no, the sides are asked.
func (i *Item) Answer(c *Case, gate Gate, r Reply, by PersonID, g Ground, now time.Time) (Outcome, error) {
	var o Outcome
	if !i.State.Open() || i.Gate() != gate || gate == GateConsent || r != ReplyYes && r != ReplyNo {
		return o, Refuse(Conflict, "agenda_stale")
	}
	i.AskedBy = by
	answer, cause := &i.Violence, CauseViolence
	if gate == GateCrime {
		answer, cause = &i.Crime, CauseCrime
	}
	*answer = r
	o.event(Event{Kind: EventGate, At: now, By: by, Note: string(gate) + "_" + string(r)})
	if r == ReplyYes {
		i.drop(c, cause, by, g, now, &o)
		return o, nil
	}
	if i.Gate() == GateConsent {
		for _, p := range i.Parties {
			o.party(p, true)
		}
	}
	o.refreshOfficers(c)
	return o, nil
}

// Mediate asks for one mediator and no public, or for the whole commission again.
func (i *Item) Mediate(on bool, by PersonID, now time.Time) (Outcome, error) {
	var o Outcome
	if !i.State.Open() || i.Gate() == GateViolence || i.Gate() == GateCrime {
		return o, Refuse(Conflict, "agenda_stale")
	}
	if i.Mediator != on && i.State == ItemScheduled { // others were asked to the meeting, or were not
		return o, Refuse(Conflict, "mediation_called")
	}
	if i.Mediator != on {
		i.Mediator = on
		note := "mediator"
		if !on {
			note = "commission"
		}
		o.event(Event{Kind: EventGate, At: now, By: by, Note: note})
	}
	return o, nil
}

// asked finds a side whose consent counts now.
func (i *Item) asked(side int) (*Party, error) {
	p := i.Party(side)
	switch {
	case p == nil || !i.State.Open():
		return nil, Refuse(Conflict, "agenda_stale")
	case i.Gate() == GateViolence || i.Gate() == GateCrime:
		return nil, Refuse(Conflict, "agenda_gates")
	}
	return p, nil
}

// Agree records that a side wants the sitting: by itself, or on the word of an
// officer. When that was the last gate the item is ready, and the case's clock
// stands until the first sitting should be.
func (i *Item) Agree(c *Case, side int, by PersonID, g Ground, now time.Time) (Outcome, error) {
	var o Outcome
	p, err := i.asked(side)
	if err != nil {
		return o, err
	}
	if p.Consent == ConsentGiven {
		return o, nil
	}
	p.Consent, p.ConsentAt, p.RecordedBy = ConsentGiven, now, by
	p.TokenHash, p.TokenUntil = nil, time.Time{}
	o.event(Event{Kind: EventGate, At: now, By: by, Note: consentNote(side, "given")})
	o.party(*p, false)
	if i.Gate() == "" {
		i.State, i.ReadyAt = ItemReady, now
		o.event(Event{Kind: EventAgendaReady, At: now})
		c.sit(i.FirstBy(), now, &o)
		o.refresh(c)
	} else {
		o.refreshOfficers(c)
	}
	return o, nil
}

// Decline records that a side does not want the sitting, or not any more: until
// the sitting begins. The item is dropped, and the other side does not learn why.
func (i *Item) Decline(c *Case, side int, by PersonID, begins time.Time, g Ground, now time.Time) (Outcome, error) {
	var o Outcome
	p, err := i.asked(side)
	if err != nil {
		return o, err
	}
	if i.State == ItemScheduled && !begins.IsZero() && !now.Before(begins) {
		return o, Refuse(Conflict, "agenda_begun")
	}
	cause := CauseRefused
	if p.Consent == ConsentGiven {
		cause = CauseTakenBack
	}
	p.Consent, p.ConsentAt, p.RecordedBy = ConsentRefused, now, by
	o.event(Event{Kind: EventGate, At: now, By: by, Note: consentNote(side, "refused")})
	i.drop(c, cause, by, g, now, &o)
	return o, nil
}

// Drop takes the item back.
func (i *Item) Drop(c *Case, cause string, by PersonID, g Ground, now time.Time) (Outcome, error) {
	var o Outcome
	if !i.State.Open() {
		return o, Refuse(Conflict, "agenda_stale")
	}
	i.drop(c, cause, by, g, now, &o)
	return o, nil
}

func (i *Item) drop(c *Case, cause string, by PersonID, g Ground, now time.Time, o *Outcome) {
	i.State, i.Cause, i.EndedAt = ItemDropped, cause, now
	o.event(Event{Kind: EventDropped, At: now, By: by, Note: cause})
	i.leave(c, g, now, o)
	for _, p := range i.Parties {
		o.party(p, p.Consent == ConsentGiven && p.Person != by)
	}
}

// leave ends what the item was to the case and to who may open its links.
func (i *Item) leave(c *Case, g Ground, now time.Time, o *Outcome) {
	for n := range i.Parties {
		i.Parties[n].TokenHash, i.Parties[n].TokenUntil = nil, time.Time{}
	}
	c.rise(g, now, o)
	o.refresh(c)
}

// Unfit says why an item cannot stay on an agenda; empty while it can. Danger
// that was heard of later closes the gate again.
func (i *Item) Unfit(c *Case, category Category) string {
	switch {
	case !i.State.Open():
		return ""
	case c.Urgency == Emergency:
		return CauseDanger
	case !c.Open():
		return CauseEnded
	case c.Secrecy == Secret || !category.Reconcile || c.Alias != "":
		return CauseCategory
	}
	return ""
}

// Schedule puts a ready item on the agenda of a meeting that was called, or moves
// it with that. The case's clock stands until the sitting is over.
func (i *Item) Schedule(c *Case, category Category, ends time.Time, now time.Time) (Outcome, error) {
	var o Outcome
	switch {
	case i.State != ItemReady && i.State != ItemScheduled, i.Gate() != "", i.Unfit(c, category) != "":
		return o, Refuse(Conflict, "agenda_stale")
	case i.Sittings >= MostSittings:
		return o, Refuse(Forbidden, "agenda_twice", "number", c.Number.String())
	}
	i.State = ItemScheduled
	o.event(Event{Kind: EventScheduled, At: now})
	until := i.AwaitedUntil()
	if !ends.IsZero() {
		until = ends.Add(SittingStretch)
	}
	c.sit(until, now, &o)
	o.refresh(c)
	return o, nil
}

// Unschedule takes the item off the agenda of a meeting; it is ready for another.
// The clock goes on unless the sitting may still be in time.
func (i *Item) Unschedule(c *Case, cause string, g Ground, now time.Time) (Outcome, error) {
	var o Outcome
	if i.State != ItemScheduled {
		return o, Refuse(Conflict, "agenda_stale")
	}
	i.State = ItemReady
	o.event(Event{Kind: EventUnscheduled, At: now, Note: cause})
	if until := i.AwaitedUntil(); now.Before(until) {
		c.sit(until, now, &o)
	} else {
		c.runAgain(g, now, &o)
	}
	o.refresh(c)
	return o, nil
}

// Settle ends the item with what came of it; the case's clock goes on.
func (i *Item) Settle(c *Case, cause string, by PersonID, g Ground, now time.Time) (Outcome, error) {
	var o Outcome
	if i.State != ItemReady && i.State != ItemScheduled {
		return o, Refuse(Conflict, "agenda_stale")
	}
	i.State, i.Cause, i.EndedAt = ItemSettled, cause, now
	o.event(Event{Kind: EventSettled, At: now, By: by, Note: cause})
	i.leave(c, g, now, &o)
	return o, nil
}

// party asks for the card of a side, if it has a chat.
func (o *Outcome) party(p Party, ring bool) {
	if p.Person != 0 {
		o.notice(Notice{Kind: CardParty, To: p.Person, Lane: LaneReminder, Ring: ring})
	}
}

func consentNote(side int, answer string) string {
	return "consent" + strconv.Itoa(side) + "_" + answer
}
