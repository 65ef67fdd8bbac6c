package mahalla

import (
	"slices"
	"time"
)

// Audience names those whom a head may remind.
type Audience string

// The audiences.
const (
	ToInspectors Audience = "inspectors"
	ToChairs     Audience = "chairs"
	ToSocial     Audience = "social"
	ToActivists  Audience = "activists"
	ToSeniors    Audience = "seniors"
	ToOfficers   Audience = "officers"
)

// audiences is the table of audiences, in the order of their buttons.
var audiences = []struct {
	to    Audience
	roles []Role
}{
	{ToInspectors, []Role{PreventionInspector, Substitute}},
	{ToChairs, []Role{MahallaChair}},
	{ToSocial, []Role{SocialWorker}},
	{ToActivists, []Role{Activist}},
	{ToSeniors, []Role{SeniorInspector, SectorHead}},
	{ToOfficers, []Role{PreventionInspector, Substitute, MahallaChair, SocialWorker, DutyUnit, SeniorInspector, SectorHead}},
}

// Audiences lists the audiences.
func Audiences() []Audience {
	list := make([]Audience, len(audiences))
	for i, a := range audiences {
		list[i] = a.to
	}
	return list
}

// Roles are those of an audience; none of one that there is not.
func (a Audience) Roles() []Role {
	for _, row := range audiences {
		if row.to == a {
			return slices.Clone(row.roles)
		}
	}
	return nil
}

// AudienceOf finds the audience with some roles.
func AudienceOf(roles []Role) (Audience, bool) {
	for _, row := range audiences {
		if slices.Equal(row.roles, roles) {
			return row.to, true
		}
	}
	return "", false
}

// Limits of the reminders of one head.
const (
	MostCustom      = 10 // that come again
	MostCustomADay  = 5  // made
	MostCustomText  = 300
	DatesForeseen   = 10 // shown before saving
	mostExceptDates = 20
)

// MayLetRecur refuses a further reminder of a head who has so many, and has made
// so many since yesterday.
func MayLetRecur(have, made int) error {
	switch {
	case have >= MostCustom:
		return Refuse(TooMany, "custom_many")
	case made >= MostCustomADay:
		return Refuse(TooMany, "custom_day")
	}
	return nil
}

// Supervises tells whether a person supervises a place: holds that right at it or
// above it.
func (p Person) Supervises(path []TerritoryID, now time.Time) bool {
	return p.Over(path, MaySupervise, now)
}

// Leave excepts a day from a recurrence, or lets it come again on it.
func (r Recurrence) Leave(day Date) (Recurrence, error) {
	if i := slices.Index(r.Except, day); i >= 0 {
		r.Except = slices.Delete(slices.Clone(r.Except), i, i+1)
		return r, nil
	}
	if len(r.Except) >= mostExceptDates {
		return r, Refuse(TooMany, "except_many")
	}
	r.Except = append(slices.Clone(r.Except), day)
	return r, nil
}
