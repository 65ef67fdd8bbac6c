package mahalla

import (
	"cmp"
	"slices"
)

// Gaps are the holes in the coverage of some mahallas.
type Gaps struct {
	Nobody       []TerritoryID    // nobody within reach answers, here or above
	NoInspector  []TerritoryID    // somebody above answers, but no inspector or substitute
	NoCommission []TerritoryID    // nobody within reach convenes one, though there are commissions
	NotStarted   []Responsibility // who has not pressed START or the test card
	Blocked      []Responsibility // who has stopped the bot
}

// Nothing tells whether there is no gap.
func (g Gaps) Nothing() bool {
	return len(g.Nobody)+len(g.NoInspector)+len(g.NoCommission)+len(g.NotStarted)+len(g.Blocked) == 0
}

// GapsOf looks for mahallas without an answer. The people are those who stand
// anywhere; a gap of reach counts for those who stand at the mahallas or at one
// of the nodes below the place that is looked at.
func GapsOf(mahallas []*Territory, below func(TerritoryID) bool, people Responsibilities) Gaps {
	var g Gaps
	answers, inspects, convenes := map[TerritoryID]bool{}, map[TerritoryID]bool{}, map[TerritoryID]bool{}
	commissions := false // where nobody has one, none is missed
	for _, r := range people {
		if r.Role.Has(MayConvene) {
			commissions = true
			convenes[r.Territory] = convenes[r.Territory] || r.Reach == Reachable
		}
		if r.Reach == Reachable && r.Role.Has(MayAnswer) {
			answers[r.Territory] = true
			if r.Role == PreventionInspector || r.Role == Substitute {
				inspects[r.Territory] = true
			}
		}
	}
	for _, t := range mahallas {
		switch {
		case !stoodOn(answers, t.Path):
			g.Nobody = append(g.Nobody, t.ID)
		case !stoodOn(inspects, t.Path):
			g.NoInspector = append(g.NoInspector, t.ID)
		}
		if commissions && !stoodOn(convenes, t.Path) {
			g.NoCommission = append(g.NoCommission, t.ID)
		}
	}
	for _, r := range people.outOfReach() {
		switch {
		case !below(r.Territory):
		case r.Reach == NotStarted:
			g.NotStarted = append(g.NotStarted, r)
		default:
			g.Blocked = append(g.Blocked, r)
		}
	}
	return g
}

func stoodOn(nodes map[TerritoryID]bool, path []TerritoryID) bool {
	return slices.ContainsFunc(path, func(node TerritoryID) bool { return nodes[node] })
}

// outOfReach lists who has a duty and cannot be told anything, each once, in
// the most senior of the roles.
func (rs Responsibilities) outOfReach() []Responsibility {
	best := map[PersonID]Responsibility{}
	for _, r := range rs {
		if r.Reach == Reachable || !r.Role.Has(MayAnswer) && !r.Role.Has(MaySupervise) {
			continue
		}
		if have, ok := best[r.Person]; !ok || r.Role.Seniority() > have.Role.Seniority() {
			best[r.Person] = r
		}
	}
	list := make([]Responsibility, 0, len(best))
	for _, r := range best {
		list = append(list, r)
	}
	slices.SortFunc(list, func(a, b Responsibility) int {
		return cmp.Or(cmp.Compare(b.Role.Seniority(), a.Role.Seniority()), cmp.Compare(a.Person, b.Person))
	})
	return list
}

// OutOfReach counts who has a duty and cannot be told anything.
func (rs Responsibilities) OutOfReach() int { return len(rs.outOfReach()) }
