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
	blocked, standsIn, untested := at(5, SectorHead), at(6, SectorHead), at(5, DistrictHead)
	blocked.Reach, standsIn.StandsIn, untested.Reach = Blocked, true, NotStarted
	away, gone := head, at(5, SectorHead)
	away.Away, gone.Away, gone.Reach = true, true, Blocked
	for _, row := range []struct {
		name  string
		role  Role
		above Responsibilities
		want  [][]PersonID
		waits bool // though nobody can be asked
	}{
		{"nobody", PreventionInspector, nil, nil, false},
		{"all", PreventionInspector, Responsibilities{admin, senior, head, district}, [][]PersonID{{1, 2}, {3}, {4}}, true},
		{"no head", Substitute, Responsibilities{admin, senior}, [][]PersonID{{3}, {4}}, true},
		{"an administrator alone", DistrictHead, Responsibilities{admin}, [][]PersonID{{4}}, true},
		{"none of one's own rank", SeniorInspector, Responsibilities{senior, admin}, [][]PersonID{{4}}, true},
		{"a sector's head of a district's", DistrictHead, Responsibilities{head, senior}, nil, false},
		{"a district's head of a sector's", SectorHead, Responsibilities{district, head}, [][]PersonID{{2}}, true},
		{"an administrator of another one", Administrator, Responsibilities{admin, district}, [][]PersonID{{4}}, true},
		{"oneself", PreventionInspector, Responsibilities{at(invited, SectorHead)}, nil, false},
		{"who cannot be told, who stands in", PreventionInspector, Responsibilities{blocked, standsIn, senior}, [][]PersonID{{3}}, true},
		{"colleagues", PreventionInspector, Responsibilities{at(7, PreventionInspector), at(8, MahallaChair)}, nil, false},
		{"two roles of one", PreventionInspector, Responsibilities{head, at(1, Administrator)}, [][]PersonID{{1}}, true},
		{"only who has stopped the bot", PreventionInspector, Responsibilities{blocked}, nil, true},
		{"only who has not pressed the test card", SectorHead, Responsibilities{untested}, nil, true},
		{"only who stands in", PreventionInspector, Responsibilities{standsIn}, nil, false},
		{"a head on leave, and a senior inspector", PreventionInspector, Responsibilities{away, senior}, [][]PersonID{{3}}, true},
		{"all of them on leave", PreventionInspector, Responsibilities{away}, [][]PersonID{{1}}, true},
		{"on leave and out of reach", PreventionInspector, Responsibilities{gone}, nil, true},
	} {
		got := Approvers(row.role, invited, row.above)
		if len(got)+len(row.want) > 0 && !reflect.DeepEqual(got, row.want) {
			t.Errorf("%s: got %v, want %v", row.name, got, row.want)
		}
		if got := NobodyAbove(row.role, invited, row.above); got == row.waits {
			t.Errorf("%s: nobody above: got %v, want %v", row.name, got, !row.waits)
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
