package mahalla

import "time"

// Release takes an accepted case from an owner whom the bot cannot tell
// anything any more, and begins a new round: with a colleague who was told of
// it before, else with the next who is within reach above the owner.
func (c *Case) Release(policies map[Class]Policy, g Ground, now time.Time) Outcome {
	var o Outcome
	if c.Status != Accepted && c.Status != Waiting {
		return o
	}
	g = c.fair(g)
	o.event(Event{Kind: EventReleased, At: now, About: c.Owner})
	route := c.releaseRoute(g)
	c.stopWaiting(&o)
	c.dropPromise(&o)
	c.dropClaim(&o)
	c.stopResolution(&o)
	c.Status, c.Owner, c.AcceptedAt = New, 0, time.Time{}
	c.begin(route, policies, g, now, &o)
	o.notice(Notice{Kind: CardReporter, To: c.Reporter, Lane: LaneAnswer})
	return o
}

func (c *Case) releaseRoute(g Ground) Route {
	for _, a := range c.Assignments {
		if a.Person == c.Owner || a.Unreachable || a.Level >= LevelAdministrator {
			continue
		}
		for _, r := range g.People {
			if r.Person == a.Person && r.Reach == Reachable && c.answeredBy(r.Role) {
				return Route{Level: a.Level, Role: r.Role, Territory: r.Territory, People: []Responsibility{r}}
			}
		}
	}
	return c.routeAbove(c.OwnLevel, c.rolesTold(), g)
}

// routeAbove is the next role within reach, from a level upwards and behind
// those that were told; the administrator where there is none.
func (c *Case) routeAbove(from Level, told []Role, g Ground) Route {
	for level := from; level < LevelAdministrator; level++ {
		if r := g.People.reachable().next(g.Path, level, told); len(r.People) > 0 {
			return r
		}
	}
	return Route{Level: LevelAdministrator, Role: Administrator, Territory: RootTerritory}
}
