package mahalla

import "time"

// MayArbitrate checks that a person decides in a dispute about the case. Whose own
// report it is, without a name, was asked like anybody else.
func (c *Case) MayArbitrate(by Person, g Ground, now time.Time) error {
	f, err := c.asked(by.ID)
	switch {
	case err != nil:
		return err
	case f.Kind != OfferArbiter:
		return Refuse(Conflict, "offer_gone")
	case by.ID == c.Reporter || !c.MayHearOffer(by, g, g, now):
		return Refuse(Forbidden, "no_role")
	}
	return nil
}

// MayHearOffer tells whether the person for whom the open offer waits may be
// shown the case, where it is and where it would be.
func (c *Case) MayHearOffer(by Person, here, there Ground, now time.Time) bool {
	right := MayAnswer
	if f := c.OpenOffer(); f != nil && f.Kind == OfferArbiter {
		right = MaySupervise
	}
	return c.AskedTo(by.ID) && by.Has(right, now) && !c.accuses(by, here, now) && !c.accuses(by, there, now)
}

// accuses tells whether the case is a complaint that a person must not hear of.
func (c *Case) accuses(p Person, g Ground, now time.Time) bool {
	return c.Category == OfficerComplaint && (!p.Has(MaySupervise, now) || p.BarredFrom(g.Path, c.Category, 0, now))
}
