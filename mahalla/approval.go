package mahalla

import (
	"slices"
	"time"
)

// Times of an approval.
const (
	ApprovalPatience = 24 * time.Hour // then it is asked again, and of the next above
	ApprovalPause    = time.Hour      // between two reminders by who waits for it
	ApprovalReturn   = time.Hour      // then it is looked again whether somebody above can be told
	MostApprovalAsks = 2              // by itself; then only who waits reminds of it
)

// Approved tells whether the role counts only after a second person has approved
// who takes it: whoever holds it is shown what residents report.
func (r Role) Approved() bool { return r.Has(MayAnswer) || r.Has(MaySupervise) }

// approves tells whether the role lets its holder approve somebody in another one,
// at a place that lies under it.
func (r Role) approves(other Role) bool {
	return r == Administrator || r.Has(MaySupervise) && r.Seniority() > other.Seniority()
}

// standsAbove tells whether somebody who is responsible on the path of a place holds
// a role that approves another one there. Who stands in for somebody approves nobody.
func (r Responsibility) standsAbove(role Role, invited PersonID) bool {
	return r.Person != invited && !r.StandsIn && r.Role.approves(role)
}

// NobodyAbove tells whether nobody holds a role that approves another one: then it
// counts at once, or an installation could never begin. Who is on leave or out of
// reach holds theirs.
func NobodyAbove(role Role, invited PersonID, above Responsibilities) bool {
	return !slices.ContainsFunc(above, func(r Responsibility) bool { return r.standsAbove(role, invited) })
}

// Approvers lists who is asked whether somebody may take a role, of those who are
// responsible on the path of its place and can be told: heads, then senior
// inspectors, then administrators, without those of whom there is nobody. Who is on
// leave is asked only when everybody is.
func Approvers(role Role, invited PersonID, above Responsibilities) [][]PersonID {
	for _, away := range []bool{false, true} {
		tiers := make([][]PersonID, 3)
		for _, r := range above {
			if r.Away != away || r.Reach != Reachable || !r.standsAbove(role, invited) {
				continue
			}
			tier := 0
			switch r.Role {
			case SeniorInspector:
				tier = 1
			case Administrator:
				tier = 2
			}
			if !slices.ContainsFunc(tiers, func(t []PersonID) bool { return slices.Contains(t, r.Person) }) {
				tiers[tier] = append(tiers[tier], r.Person)
			}
		}
		if tiers = slices.DeleteFunc(tiers, func(t []PersonID) bool { return len(t) == 0 }); len(tiers) > 0 {
			return tiers
		}
	}
	return nil
}

// MayApprove tells whether the person may approve that another one takes a role at
// the end of a path.
func (p Person) MayApprove(role Role, invited PersonID, path []TerritoryID, now time.Time) bool {
	return p.ID != invited && slices.ContainsFunc(p.Memberships, func(m Membership) bool {
		return m.At(now) && !m.StandsIn && slices.Contains(path, m.Territory) && m.Role.approves(role)
	})
}
