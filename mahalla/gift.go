package mahalla

import (
	"slices"
	"time"
)

// A gift is a case that waits and that a supervisor has given to an officer. It
// holds until somebody accepts the case, it is given to another one, or the officer
// cannot be told of it.

// gift is the last gift of the present round, lapsed or not; nil when there was none.
func (c *Case) gift() *Offer {
	for i := len(c.Offers) - 1; i >= 0; i-- {
		if f := &c.Offers[i]; f.Kind == OfferGiven && f.Round == c.Round {
			return f
		}
	}
	return nil
}

// LastGiven is how a supervisor gave the case to somebody last in the present
// round; nil when none did, or when that has lapsed.
func (c *Case) LastGiven() *Offer {
	if f := c.gift(); f != nil && f.Answer != OfferOver {
		return f
	}
	return nil
}

// LostGift is the last gift of a case that waits, where it has lapsed because the
// officer could not be told; nil for any other.
func (c *Case) LostGift() *Offer {
	if f := c.gift(); c.Status == New && f != nil && f.Answer == OfferOver {
		return f
	}
	return nil
}

// GivenAway is the officer to whom a supervisor has given a case that waits, as far
// as that takes it from a person who was told before; 0 for anybody else. Those who
// stand above may still take it.
func (c *Case) GivenAway(p PersonID) PersonID {
	if f := c.LastGiven(); c.Status == New && f != nil && c.steppedBack(p, *f) {
		return f.To
	}
	return 0
}

// GivenBack tells whether a case that waits is a person's again, because the officer
// to whom it was given could not be told.
func (c *Case) GivenBack(p PersonID) bool {
	f := c.LostGift()
	return f != nil && c.steppedBack(p, *f)
}

// steppedBack tells whether a gift took the case from a person.
func (c *Case) steppedBack(p PersonID, f Offer) bool {
	told := func(a Assignment) bool { return a.Person == p && a.Level < LevelSenior && !a.Told.After(f.At) }
	return f.To != p && slices.ContainsFunc(c.Assignments, told)
}

// given writes down that a supervisor gave the case to somebody.
func (c *Case) given(by, to PersonID, place TerritoryID, now time.Time) {
	f := Offer{Kind: OfferGiven, By: by, To: to, Place: place, At: now, Due: now, Round: c.Round, Owner: c.Owner, Answer: OfferDecided, AnsweredAt: now}
	c.Offers = append(slices.Clone(c.Offers), f)
}

// giftLost lets the gift to a person lapse who cannot be told of it, and tells
// whether there was one. Who had stepped back is asked again, who gave it hears of
// it, and where nobody else was expected to answer the next is told at once.
func (c *Case) giftLost(p PersonID, g Ground, now time.Time, o *Outcome) bool {
	f := c.LastGiven()
	if f == nil || f.To != p {
		return false
	}
	alone := !slices.ContainsFunc(c.Assignments, c.answersTo)
	c.Offers = slices.Clone(c.Offers)
	f = c.gift()
	f.Answer, f.AnsweredAt = OfferOver, now
	o.event(Event{Kind: EventOfferEnded, At: now, About: p, Note: string(OfferOver)})
	for _, a := range c.Assignments {
		if !a.Unreachable && c.GivenBack(a.Person) {
			o.notice(Notice{Kind: cardFor(c, a), To: a.Person, Round: c.Round, Lane: LaneEscalation, Ring: true})
		}
	}
	o.ringTo(Notice{Kind: NoticeUnreachable, To: f.By, Lane: LaneEscalation, Args: map[string]string{"person": id(p)}})
	o.refresh(c)
	if alone {
		if !c.climb(c.Level, g, now, false, o) && c.inReachAt(c.Level) {
			c.climb(c.Level+1, g, now, false, o)
		}
		c.Ladder = c.Ladder.hurried(g.Calendar, now)
	}
	return true
}

// ringTo makes a notice ring, which may be there already.
func (o *Outcome) ringTo(n Notice) {
	o.Notices = slices.DeleteFunc(o.Notices, func(m Notice) bool { return m.Kind == n.Kind && m.To == n.To })
	n.Ring = true
	o.notice(n)
}
