package mahalla

import "slices"

// Role is what a membership entitles a person to, at its territory and below.
type Role string

// The roles. Everybody is a resident; the others come by invitation.
const (
	Resident            Role = "resident"
	Activist            Role = "activist"
	PreventionInspector Role = "prevention_inspector"
	Substitute          Role = "substitute"
	SeniorInspector     Role = "senior_inspector"
	SectorHead          Role = "sector_head"
	DistrictHead        Role = "district_head"
	MahallaChair        Role = "mahalla_chair"
	SocialWorker        Role = "social_worker"
	DutyUnit            Role = "duty_unit"
	Administrator       Role = "administrator"
	CommissionMember    Role = "commission_member"
	CommissionSecretary Role = "commission_secretary"
	CommissionChair     Role = "commission_chair"
)

// Right is one thing that a role may do at its territory.
type Right string

// The rights that roles carry.
const (
	MayAnswer     Right = "answer"    // hold a case card: accept, promise, close
	MaySupervise  Right = "supervise" // see who is waiting, and for how long
	MayAdminister Right = "administer"
	MaySpeak      Right = "speak"   // report for a neighbour, and see what is open in the mahalla
	MaySit        Right = "sit"     // in the commission of the place
	MayConvene    Right = "convene" // call its meetings, and write its minutes
)

// permission is one row of the permissions table.
type permission struct {
	role    Role
	rights  []Right
	seats   []TerritoryKind // where the role is usually held; anybody may hold it anywhere
	aliases []string        // short forms understood on the command line
}

// roles is the permissions table; its order is the order of seniority.
var roles = []permission{
	{Resident, nil, nil, nil},
	{Activist, []Right{MaySpeak}, []TerritoryKind{Mahalla}, []string{"mahalla_activist"}},
	{CommissionMember, []Right{MaySit}, []TerritoryKind{Mahalla, Sector, District}, []string{"member"}},
	{CommissionSecretary, []Right{MaySit, MayConvene}, []TerritoryKind{Mahalla, Sector, District}, []string{"secretary"}},
	{CommissionChair, []Right{MaySit, MayConvene}, []TerritoryKind{Mahalla, Sector, District}, nil},
	{MahallaChair, []Right{MayAnswer, MaySpeak}, []TerritoryKind{Mahalla}, []string{"chair"}},
	{SocialWorker, []Right{MayAnswer}, []TerritoryKind{Mahalla, Sector}, nil},
	{PreventionInspector, []Right{MayAnswer}, []TerritoryKind{Mahalla, Sector}, []string{"inspector"}},
	{Substitute, []Right{MayAnswer}, []TerritoryKind{Mahalla, Sector}, []string{"substitute_inspector"}},
	{DutyUnit, []Right{MayAnswer}, []TerritoryKind{District, Region}, nil},
	{SeniorInspector, []Right{MayAnswer, MaySupervise}, []TerritoryKind{Sector, District}, []string{"senior"}},
	{SectorHead, []Right{MayAnswer, MaySupervise}, []TerritoryKind{Sector}, []string{"head"}},
	{DistrictHead, []Right{MayAnswer, MaySupervise}, []TerritoryKind{District}, nil},
	{Administrator, []Right{MaySupervise, MayAdminister}, []TerritoryKind{District, Region, Republic}, []string{"admin"}},
}

// Roles lists every role, the least senior first.
func Roles() []Role {
	list := make([]Role, len(roles))
	for i, r := range roles {
		list[i] = r.role
	}
	return list
}

// InvitableRoles lists the roles that come by invitation.
func InvitableRoles() []Role { return Roles()[1:] }

// ParseRole finds a role by its name or by a common short form ("inspector").
func ParseRole(name string) (Role, bool) {
	for _, r := range roles {
		if string(r.role) == name || slices.Contains(r.aliases, name) {
			return r.role, true
		}
	}
	return "", false
}

// Has tells whether the role carries the right.
func (r Role) Has(right Right) bool {
	for _, row := range roles {
		if row.role == r {
			return slices.Contains(row.rights, right)
		}
	}
	return false
}

// Serves tells whether whoever holds the role has to be reached: such a person
// gives the own number and presses the test card when joining.
func (r Role) Serves() bool { return r.Has(MayAnswer) || r.Has(MaySupervise) || r.Has(MaySit) }

// Seats are the kinds of territory at which the role is usually held. Elsewhere
// it counts as well, for the place and everything below it: that is more often a
// slip than meant.
func (r Role) Seats() []TerritoryKind {
	for _, row := range roles {
		if row.role == r {
			return slices.Clone(row.seats)
		}
	}
	return nil
}

// Seniority orders roles: a larger number is more senior, -1 is no role.
func (r Role) Seniority() int {
	return slices.IndexFunc(roles, func(p permission) bool { return p.role == r })
}
