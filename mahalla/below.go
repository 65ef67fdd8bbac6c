package mahalla

import (
	"slices"
	"time"
)

// A supervisor who has taken a case may have one of the officers below deal with it.
// That officer is asked, as with any case that somebody has accepted: the reporter
// was told who deals with it, and is told of another one when that one has agreed.

// Below tells whether an officer of the supervisor who has the case is asked to take
// it where it is.
func (f Offer) Below() bool { return f.Kind == OfferElsewhere && f.Place == 0 }

// offerBelow asks an officer to take a case from its supervisor. Who has refused it
// is not asked again.
func (c *Case) offerBelow(by, to PersonID, g Ground, now time.Time) (Outcome, error) {
	if c.hasRefused(to) {
		return Outcome{}, Refuse(Invalid, "give_refused")
	}
	var o Outcome
	c.offer(Offer{Kind: OfferElsewhere, By: by, To: to}, g, now, &o)
	o.refreshOfficers(c)
	return o, nil
}

// OfferedLastBelow tells whether the last offer of the case was one to an officer
// below.
func (c *Case) OfferedLastBelow() bool {
	return len(c.Offers) > 0 && c.Offers[len(c.Offers)-1].Below()
}

// GivenTo tells whether a person was given the case, as an officer of another place
// perhaps, or has taken it from a supervisor.
func (c *Case) GivenTo(p PersonID) bool {
	return slices.ContainsFunc(c.Offers, func(f Offer) bool { return f.gives(p) })
}

// gives tells whether it is by this that a person has the case.
func (f Offer) gives(p PersonID) bool {
	return f.To == p && (f.Kind == OfferGiven || f.Below() && f.Answer == OfferTaken)
}
