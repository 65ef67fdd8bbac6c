package mahalla

import (
	"slices"
	"strconv"
	"time"
)

// Record keeps what an officer says a side has said: its name, and a telephone
// number if there is one. Who is in the chat speaks there, while that is possible.
// Of who is not, and has agreed, a wrong name or number is put right; the gate stays.
func (i *Item) Record(c *Case, side int, name, phone string, reach Reach, by PersonID, g Ground, now time.Time) (Outcome, error) {
	p, err := i.asked(side)
	if err != nil {
		return Outcome{}, err
	}
	switch {
	case p.Consent == ConsentGiven && (p.Person != 0 || name == ""):
		return Outcome{}, Refuse(Conflict, "party_given")
	case p.Person != 0 && reach == Reachable:
		return Outcome{}, Refuse(Invalid, "party_in_chat")
	case samePhone(phone, i.Parties, side):
		return Outcome{}, Refuse(Invalid, "party_same")
	}
	if name != "" {
		p.Name = name
	}
	if phone != "" {
		p.Phone = phone
	}
	if p.Consent == ConsentGiven {
		var o Outcome
		o.event(Event{Kind: EventGate, At: now, By: by, Note: "side" + strconv.Itoa(side) + "_corrected"})
		return o, nil
	}
	return i.Agree(c, side, by, g, now)
}

func samePhone(phone string, parties []Party, side int) bool {
	return phone != "" && slices.ContainsFunc(parties, func(p Party) bool { return p.Side != side && p.Phone == phone })
}

// Link gives a side a link by which it comes into the chat; one given before does
// not work any more. Whoever has opened that without an answer is let go: it may
// have been the wrong person.
func (i *Item) Link(side int, hash []byte, by PersonID, now time.Time) (Outcome, error) {
	p, err := i.asked(side)
	var o Outcome
	switch {
	case err != nil:
		return o, err
	case p.Consent == ConsentGiven:
		return o, Refuse(Conflict, "party_given")
	case side == 1 && p.Person != 0:
		return o, Refuse(Invalid, "party_in_chat")
	}
	if before := *p; before.Person != 0 {
		p.Person = 0
		o.party(before, false)
	}
	p.TokenHash, p.TokenUntil = hash, now.Add(PartyLinkLife)
	o.event(Event{Kind: EventGate, At: now, By: by, Note: "link"})
	return o, nil
}

// Unlink makes the link of a side worthless.
func (i *Item) Unlink(side int, by PersonID, now time.Time) (Outcome, error) {
	p, err := i.asked(side)
	var o Outcome
	if err != nil {
		return o, err
	}
	if p.TokenHash == nil {
		return o, Refuse(Conflict, "agenda_stale")
	}
	p.TokenHash, p.TokenUntil = nil, time.Time{}
	o.event(Event{Kind: EventGate, At: now, By: by, Note: "unlink"})
	return o, nil
}

// Arrive brings who opened a side's link into the chat, once. Who already has a
// part in the case cannot be its other side: the link still works for that.
func (i *Item) Arrive(c *Case, side int, who PersonID, now time.Time) (Outcome, error) {
	p, err := i.asked(side)
	var o Outcome
	switch {
	case err != nil || p.TokenHash == nil || !now.Before(p.TokenUntil):
		return o, Refuse(NotFound, "party_link_gone")
	case who == c.Reporter, who == c.Owner, who == i.ProposedBy, who == i.AskedBy, i.PartyOf(who) != nil:
		return o, Refuse(Forbidden, "party_link_own")
	}
	p.Person, p.TokenHash, p.TokenUntil = who, nil, time.Time{}
	o.event(Event{Kind: EventGate, At: now, Note: "came"})
	o.party(*p, true)
	return o, nil
}
