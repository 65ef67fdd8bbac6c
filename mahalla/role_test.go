package mahalla

import "testing"

func TestEveryRoleIsFoundByItsNames(t *testing.T) {
	t.Parallel()
	taken := map[string]Role{}
	for _, row := range roles {
		for _, name := range append([]string{string(row.role)}, row.aliases...) {
			got, ok := ParseRole(name)
			if !ok || got != row.role {
				t.Errorf("%s: got %q, want %q", name, got, row.role)
			}
			if other, twice := taken[name]; twice {
				t.Errorf("%s names both %s and %s", name, other, row.role)
			}
			taken[name] = row.role
		}
	}
	if _, ok := ParseRole("nobody"); ok {
		t.Error("nobody is no role")
	}
}

func TestRolesCarryTheirRights(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		role                          Role
		answer, supervise, administer bool
	}{
		{Resident, false, false, false},
		{Activist, false, false, false},
		{CommissionMember, false, false, false},
		{CommissionSecretary, false, false, false},
		{CommissionChair, false, false, false},
		{MahallaChair, true, false, false},
		{SocialWorker, true, false, false},
		{PreventionInspector, true, false, false},
		{Substitute, true, false, false},
		{DutyUnit, true, false, false},
		{SeniorInspector, true, true, false},
		{SectorHead, true, true, false},
		{DistrictHead, true, true, false},
		{Administrator, false, true, true},
		{"nobody", false, false, false},
	} {
		same(t, string(test.role)+" answers", test.role.Has(MayAnswer), test.answer)
		same(t, string(test.role)+" supervises", test.role.Has(MaySupervise), test.supervise)
		same(t, string(test.role)+" administers", test.role.Has(MayAdminister), test.administer)
		same(t, string(test.role)+" speaks", test.role.Has(MaySpeak), test.role == Activist || test.role == MahallaChair)
		sits := test.role == CommissionMember || test.role == CommissionSecretary || test.role == CommissionChair
		same(t, string(test.role)+" sits", test.role.Has(MaySit), sits)
		same(t, string(test.role)+" convenes", test.role.Has(MayConvene), sits && test.role != CommissionMember)
	}
	same(t, "roles", len(Roles()), 14)
	same(t, "first invitable", InvitableRoles()[0], Activist)
}

func TestAMembershipHoldsForItsTime(t *testing.T) {
	t.Parallel()
	who := Person{ID: inspector, Memberships: []Membership{
		{Role: PreventionInspector, Territory: thePlace, From: monday("10:00"), Until: monday("12:00")},
		{Role: SeniorInspector, Territory: elsewhere, From: monday("11:00")},
	}}
	for _, test := range []struct {
		at    string
		role  Role
		has   bool
		place bool
	}{
		{"09:59", Resident, false, false},
		{"10:00", PreventionInspector, true, true},
		{"11:00", SeniorInspector, true, true},
		{"11:59", SeniorInspector, true, true},
		{"12:00", SeniorInspector, true, false},
	} {
		now := monday(test.at)
		same(t, test.at+" role", who.Role(now), test.role)
		same(t, test.at+" may answer somewhere", who.Has(MayAnswer, now), test.has)
		same(t, test.at+" may answer here", who.Over(thePath(), MayAnswer, now), test.place)
		same(t, test.at+" may supervise here", who.Over(thePath(), MaySupervise, now), false)
	}
}

func TestAMembershipReachesDownNotUp(t *testing.T) {
	t.Parallel()
	local := somebody(inspector, Responsibilities{stands(inspector, PreventionInspector, thePlace)})
	above := somebody(senior, Responsibilities{stands(senior, SeniorInspector, theDistrict)})
	same(t, "the inspector answers at the place", local.Over(thePath(), MayAnswer, monday("10:00")), true)
	same(t, "the inspector answers in the district", local.Over([]TerritoryID{theDistrict, theRegion, theRepublic}, MayAnswer, monday("10:00")), false)
	same(t, "the senior answers at the place", above.Over(thePath(), MayAnswer, monday("10:00")), true)
	same(t, "the senior answers in the other mahalla", above.Over([]TerritoryID{elsewhere, theDistrict, theRepublic}, MayAnswer, monday("10:00")), true)
	same(t, "the senior answers in another district", above.Over([]TerritoryID{98, 99, theRepublic}, MayAnswer, monday("10:00")), false)
}

func TestEveryRoleThatIsGivenHasASeat(t *testing.T) {
	t.Parallel()
	for _, role := range InvitableRoles() {
		if len(role.Seats()) == 0 {
			t.Errorf("%s has no place where it is usually held", role)
		}
	}
	if got := Resident.Seats(); got != nil {
		t.Errorf("a resident: got %v, want none", got)
	}
}
