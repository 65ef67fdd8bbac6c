package mahalla

import "time"

// Ground is what the ladder stands on at one moment: the place's path, the
// people who stand on it, and the calendar of working time.
type Ground struct {
	Path     []TerritoryID
	People   Responsibilities
	Calendar *Calendar
}

// Filing is everything needed to file a report.
type Filing struct {
	ID       CaseID
	Number   Number
	Reporter PersonID
	Alias    string // of a reporter who is not named
	Place    TerritoryID
	Category Category
	Danger   bool // the words spoke of danger
	Policies map[Class]Policy
	Ground   Ground
	Now      time.Time
}

// File makes a case of a report: routed, with its clock set, and everybody who
// answers for the place told. Where nobody can be told the case climbs at once.
func File(f Filing) (*Case, Outcome) {
	c := &Case{
		ID: f.ID, Number: f.Number, Reporter: f.Reporter, Alias: f.Alias, Place: f.Place,
		Category: f.Category.Code, Urgency: f.Category.Urgency, Secrecy: f.Category.Secrecy,
		Status: New, FiledAt: f.Now, Resolution: Resolution{Span: f.Category.Resolve},
	}
	if f.Danger {
		c.Urgency = Emergency
	}
	var o Outcome
	o.event(Event{Kind: EventFiled, At: f.Now, By: f.Reporter, Note: string(c.Category)})
	g := c.fair(f.Ground)
	route := RouteReport(g.Path, f.Category, g.People)
	c.begin(route, f.Policies, g, f.Now, &o)
	o.notice(Notice{Kind: CardReporter, To: c.Reporter, Lane: LaneAnswer})
	return c, o
}

// fair is the ground without those who must not be told of the case as officers:
// its reporter if officers know who that is, and the officer of the place where the
// case complains of one.
func (c *Case) fair(g Ground) Ground {
	g.People = g.People.fairFor(g.Path, c.Category, c.NamedReporter())
	return g
}

// begin starts a round: a frozen ladder, and the people of the route told.
func (c *Case) begin(route Route, policies map[Class]Policy, g Ground, now time.Time, o *Outcome) {
	c.Round++
	c.Level = route.Level
	c.Assignments = nil
	c.Ladder = policies[c.class()].Freeze(g.Calendar, now, route.Level)
	if route.Level == LevelAdministrator {
		c.Level = LevelHead // as far as there was nobody
		c.climb(LevelAdministrator, g, now, false, o)
		c.alarm(now, o)
		return
	}
	for _, r := range route.People {
		if !c.assign(r, route.Level, now) {
			continue
		}
		a := c.Assignments[len(c.Assignments)-1]
		o.event(Event{Kind: EventAssigned, At: now, About: r.Person, Level: a.Level})
		if a.Unreachable {
			c.report(r.Person, g, o, now)
			continue
		}
		o.tell(c, a, c.lane())
	}
	if c.OutOfReach() {
		c.hurry(g, now, o)
		c.alarm(now, o)
	}
}

// lane is the priority of the case's first cards.
func (c *Case) lane() Lane { return LaneUrgent }
