package mahalla

import (
	"slices"
	"time"
)

// Responsibility is a person who holds a role at a node, at one moment.
type Responsibility struct {
	Person    PersonID
	Role      Role
	Territory TerritoryID
	Reach     Reach
	StandsIn  bool // for an officer who is away
	Away      bool // is on leave; told only where those on leave are looked for too
}

// Responsibilities are the people who stand on the path of a place, as storage
// found them, in no particular order.
type Responsibilities []Responsibility

// Route is the answer to "who would be told first".
type Route struct {
	Level     Level
	Role      Role
	Territory TerritoryID // where they were found; the root when nobody was
	People    []Responsibility
}

// RouteReport finds who answers for a place: the most specific node that has
// somebody in the first role that anybody holds. The path leads from the place
// to the root, which is the catch-all: when nobody stands anywhere, the route
// names the administrators there, and if there are none it is empty but valid,
// so that routing cannot fail.
func RouteReport(path []TerritoryID, category Category, people Responsibilities) Route {
	people = people.fairFor(path, category.Code, 0)
	for _, role := range category.RolesInTurn() {
		if r, ok := people.nearest(path, role); ok {
			return r
		}
	}
	if r, ok := people.nearest(path, Administrator); ok {
		return r
	}
	return Route{Level: LevelAdministrator, Role: Administrator, Territory: RootTerritory}
}

// next finds who is told next at a level of the ladder: of its roles, behind
// the last that was told before, the first that anybody holds.
func (rs Responsibilities) next(path []TerritoryID, level Level, told []Role) Route {
	roles := rolesAt[level]
	for i := len(roles) - 1; i >= 0; i-- {
		if slices.Contains(told, roles[i]) {
			roles = roles[i+1:]
			break
		}
	}
	for _, role := range roles {
		if r, ok := rs.nearest(path, role); ok {
			r.Level = level
			return r
		}
	}
	return Route{Level: level}
}

// reachable are those who can be told anything.
func (rs Responsibilities) reachable() Responsibilities {
	var within Responsibilities
	for _, r := range rs {
		if r.Reach == Reachable {
			within = append(within, r)
		}
	}
	return within
}

// fairFor leaves out those who must not be told of a case: its reporter, and of
// a complaint about an officer everybody who inspects the place, whatever other
// roles they have, and whoever does not supervise. Who only stands in is not whom
// it is about.
func (rs Responsibilities) fairFor(path []TerritoryID, category CategoryCode, reporter PersonID) Responsibilities {
	barred := []PersonID{reporter}
	complaint := category == OfficerComplaint
	for _, r := range rs {
		if complaint && r.Role == PreventionInspector && !r.StandsIn && slices.Contains(path, r.Territory) {
			barred = append(barred, r.Person)
		}
	}
	var fair Responsibilities
	for _, r := range rs {
		if !slices.Contains(barred, r.Person) && (!complaint || r.Role.Has(MaySupervise)) {
			fair = append(fair, r)
		}
	}
	return fair
}

// BarredFrom tells whether a person must not hear of a case as an officer: it is
// the person's own report, or complains of the officer that the person is.
func (p Person) BarredFrom(path []TerritoryID, category CategoryCode, reporter PersonID, now time.Time) bool {
	inspects := func(m Membership) bool {
		return m.Role == PreventionInspector && !m.StandsIn && m.At(now) && slices.Contains(path, m.Territory)
	}
	return p.ID == reporter || category == OfficerComplaint && slices.ContainsFunc(p.Memberships, inspects)
}

// nearest finds the holders of a role at the most specific node of the path.
func (rs Responsibilities) nearest(path []TerritoryID, role Role) (Route, bool) {
	for _, node := range path {
		var found []Responsibility
		for _, r := range rs {
			if r.Role == role && r.Territory == node {
				found = append(found, r)
			}
		}
		if len(found) > 0 {
			return Route{Level: levelOf(role), Role: role, Territory: node, People: found}, true
		}
	}
	return Route{}, false
}

// levelOf is the level of the ladder on which a role stands.
func levelOf(role Role) Level {
	if role == PreventionInspector {
		return LevelOfficer // also told at the level above, where somebody else came first
	}
	for level, list := range rolesAt {
		if slices.Contains(list, role) {
			return level
		}
	}
	return LevelOfficer
}

// Plan is what would happen to a report: for the command line and the tests.
type Plan struct {
	First  Route
	Ladder Ladder
	Levels map[Level]Route // who is told at the step to a level
}

// PlanReport foretells the road of a report without filing it.
func PlanReport(path []TerritoryID, category Category, people Responsibilities, policy Policy, cal *Calendar, now time.Time) Plan {
	people = people.fairFor(path, category.Code, 0)
	first := RouteReport(path, category, people)
	plan := Plan{First: first, Ladder: policy.Freeze(cal, now, first.Level), Levels: map[Level]Route{}}
	told := []Role{first.Role}
	for level := first.Level; level <= LevelAdministrator; level++ {
		if level == first.Level && level != LevelHead {
			continue // there is no step to where it begins, but from head to head
		}
		route := people.next(path, level, told)
		plan.Levels[level] = route
		told = append(told, route.Role)
	}
	return plan
}
