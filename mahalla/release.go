package mahalla

import "time"

// Release takes an accepted case from an owner whom the bot cannot tell
// anything any more, and begins a new round: with a colleague who was told of
// it before, else with the next level that has anybody within reach.
func (c *Case) Release(policies map[Class]Policy, g Ground, now time.Time) Outcome {
	var o Outcome
	if c.Status != Accepted && c.Status != Waiting {
		return o
	}
	g = c.fair(g)
	o.event(Event{Kind: EventReleased, At: now, About: c.Owner})
	route := c.releaseRoute(g)
	c.Status, c.Owner, c.AcceptedAt, c.Promised = New, 0, time.Time{}, time.Time{}
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
	for level := c.OwnLevel + 1; level < LevelAdministrator; level++ {
		if people := g.People.reachableAt(g.Path, level); len(people) > 0 {
			return Route{Level: level, Role: people[0].Role, Territory: people[0].Territory, People: people}
		}
	}
	return Route{Level: LevelAdministrator, Role: Administrator, Territory: RootTerritory}
}
