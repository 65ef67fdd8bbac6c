package mahalla

import (
	"reflect"
	"testing"
	"time"
)

func TestWhoApproves(t *testing.T) {
	const invited = 9
	at := func(p PersonID, r Role) Responsibility {
		return Responsibility{Person: p, Role: r, Territory: 1, Reach: Reachable}
	}
	head, district, senior, admin := at(1, SectorHead), at(2, DistrictHead), at(3, SeniorInspector), at(4, Administrator)
	away, standsIn := at(5, SectorHead), at(6, SectorHead)
	away.Reach, standsIn.StandsIn = Blocked, true
	for _, row := range []struct {
		name  string
		role  Role
		above Responsibilities
		want  [][]PersonID
	}{
		{"nobody", PreventionInspector, nil, nil},
		{"all", PreventionInspector, Responsibilities{admin, senior, head, district}, [][]PersonID{{1, 2}, {3}, {4}}},
		{"no head", Substitute, Responsibilities{admin, senior}, [][]PersonID{{3}, {4}}},
		{"an administrator alone", DistrictHead, Responsibilities{admin}, [][]PersonID{{4}}},
		{"none of one's own rank", SeniorInspector, Responsibilities{senior, admin}, [][]PersonID{{4}}},
		{"a sector's head of a district's", DistrictHead, Responsibilities{head, senior}, nil},
		{"a district's head of a sector's", SectorHead, Responsibilities{district, head}, [][]PersonID{{2}}},
		{"an administrator of another one", Administrator, Responsibilities{admin, district}, [][]PersonID{{4}}},
		{"oneself", PreventionInspector, Responsibilities{at(invited, SectorHead)}, nil},
		{"who cannot be told, who stands in", PreventionInspector, Responsibilities{away, standsIn, senior}, [][]PersonID{{3}}},
		{"colleagues", PreventionInspector, Responsibilities{at(7, PreventionInspector), at(8, MahallaChair)}, nil},
		{"two roles of one", PreventionInspector, Responsibilities{head, at(1, Administrator)}, [][]PersonID{{1}}},
	} {
		got := Approvers(row.role, invited, row.above)
		if len(got)+len(row.want) > 0 && !reflect.DeepEqual(got, row.want) {
			t.Errorf("%s: got %v, want %v", row.name, got, row.want)
		}
	}
}

func TestARoleThatReadsWhatIsReportedIsApproved(t *testing.T) {
	for _, role := range InvitableRoles() {
		want := role != Activist && role != CommissionMember && role != CommissionSecretary && role != CommissionChair
		if got := role.Approved(); got != want {
			t.Errorf("%s: got %v, want %v", role, got, want)
		}
	}
}

func TestNobodyApprovesOutsideTheOwnTerritoryOrAfterTheEnd(t *testing.T) {
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	head := Membership{Role: SectorHead, Territory: 5, From: now.Add(-time.Hour)}
	over, standsIn := head, head
	over.Until, standsIn.StandsIn = now, true
	for _, row := range []struct {
		name string
		p    Person
		path []TerritoryID
		want bool
	}{
		{"above", Person{ID: 1, Memberships: []Membership{head}}, []TerritoryID{7, 5, 1}, true},
		{"elsewhere", Person{ID: 1, Memberships: []Membership{head}}, []TerritoryID{7, 6, 1}, false},
		{"no more", Person{ID: 1, Memberships: []Membership{over}}, []TerritoryID{7, 5, 1}, false},
		{"standing in", Person{ID: 1, Memberships: []Membership{standsIn}}, []TerritoryID{7, 5, 1}, false},
		{"of oneself", Person{ID: 9, Memberships: []Membership{head}}, []TerritoryID{7, 5, 1}, false},
	} {
		if got := row.p.MayApprove(PreventionInspector, 9, row.path, now); got != row.want {
			t.Errorf("%s: got %v, want %v", row.name, got, row.want)
		}
	}
}
