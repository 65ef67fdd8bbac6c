package mahalla

import (
	"slices"
	"time"
)

// callArbiter asks the nearest supervisor within reach, from the senior inspector
// upwards, who has not been asked yet; whoever has refused the case only where
// there is nobody else. It tells whether there was any.
func (c *Case) callArbiter(first PersonID, g Ground, now time.Time, o *Outcome) bool {
	to := c.arbiter(first, c.fair(g), func(p PersonID) bool { return !c.hasRefused(p) })
	if to == 0 {
		to = c.arbiter(first, c.fair(g), func(PersonID) bool { return true })
	}
	if to == 0 {
		return false
	}
	c.offer(Offer{Kind: OfferArbiter, By: first, To: to}, g, now, o)
	return true
}

// arbiter is the nearest supervisor within reach who fits; 0 when there is none.
func (c *Case) arbiter(first PersonID, g Ground, fits func(PersonID) bool) PersonID {
	for level := LevelSenior; level <= LevelHead; level++ {
		for _, role := range rolesAt[level] {
			route, _ := g.People.reachable().nearest(g.Path, role)
			for _, r := range route.People {
				if r.Person != first && !c.wasArbiter(r.Person) && fits(r.Person) {
					return r.Person
				}
			}
		}
	}
	return 0
}

func (c *Case) wasArbiter(p PersonID) bool {
	return slices.ContainsFunc(c.Offers, func(f Offer) bool { return f.Kind == OfferArbiter && f.To == p && f.Round == c.Round })
}
