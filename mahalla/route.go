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

// At finds who stands at a level of the ladder for a place.
func (rs Responsibilities) At(path []TerritoryID, level Level) Route {
	for _, role := range rolesAt[level] {
		if r, ok := rs.nearest(path, role); ok {
			return r
		}
	}
	return Route{Level: level}
}

// fairFor leaves out those who must not be told of a case: its reporter, and of
// a complaint about an officer the officer of the place, whatever other roles
// they have.
func (rs Responsibilities) fairFor(path []TerritoryID, category CategoryCode, reporter PersonID) Responsibilities {
	barred := []PersonID{reporter}
	if category == OfficerComplaint {
		officer, _ := rs.nearest(path, PreventionInspector)
		for _, r := range officer.People {
			barred = append(barred, r.Person)
		}
	}
	var fair Responsibilities
	for _, r := range rs {
		if !slices.Contains(barred, r.Person) {
			fair = append(fair, r)
		}
	}
	return fair
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
	for level, list := range rolesAt {
		for _, r := range list {
			if r == role {
				return level
			}
		}
	}
	return LevelOfficer
}

// Plan is what would happen to a report: for the command line and the tests.
type Plan struct {
	First  Route
	Ladder Ladder
	Levels map[Level]Route
}

// PlanReport foretells the road of a report without filing it.
func PlanReport(path []TerritoryID, category Category, people Responsibilities, policy Policy, cal *Calendar, now time.Time) Plan {
	people = people.fairFor(path, category.Code, 0)
	first := RouteReport(path, category, people)
	plan := Plan{First: first, Ladder: policy.Freeze(cal, now, first.Level), Levels: map[Level]Route{}}
	for level := first.Level + 1; level <= LevelAdministrator; level++ {
		plan.Levels[level] = people.At(path, level)
	}
	return plan
}
