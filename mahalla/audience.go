package mahalla

import (
	"slices"
	"strings"
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

// audienceRow is an audience and the roles in it.
type audienceRow struct {
	to    Audience
	roles []Role
}

// audiences is the table of audiences, in the order of their buttons.
var audiences = []audienceRow{
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

// Each lists the audiences that one is made of, in the order of their buttons.
func (a Audience) Each() []Audience {
	named := strings.Split(string(a), "+")
	var list []Audience
	for _, row := range audiences {
		if slices.Contains(named, string(row.to)) {
			list = append(list, row.to)
		}
	}
	return list
}

// And is an audience with another one beside it. All officers are more than any of
// theirs.
func (a Audience) And(other Audience) Audience {
	both := Audience(string(a) + "+" + string(other)).Each()
	if slices.Contains(both, ToOfficers) {
		both = slices.DeleteFunc(both, func(x Audience) bool { return x != ToOfficers && x != ToActivists })
	}
	names := make([]string, len(both))
	for i, x := range both {
		names[i] = string(x)
	}
	return Audience(strings.Join(names, "+"))
}

// Roles are those of an audience; none of one that there is not.
func (a Audience) Roles() []Role {
	var roles []Role
	for _, row := range audiences {
		if slices.Contains(a.Each(), row.to) {
			roles = append(roles, row.roles...)
		}
	}
	return roles
}

// AudienceOf finds the audience with some roles: one, or several beside each other.
func AudienceOf(roles []Role) (Audience, bool) {
	var all Audience
	for rest := roles; len(rest) > 0; {
		i := slices.IndexFunc(audiences, func(row audienceRow) bool {
			return len(row.roles) <= len(rest) && slices.Equal(row.roles, rest[:len(row.roles)])
		})
		for j := range audiences { // the longest that fits: all officers begin as inspectors do
			if r := audiences[j].roles; i >= 0 && len(r) > len(audiences[i].roles) && len(r) <= len(rest) && slices.Equal(r, rest[:len(r)]) {
				i = j
			}
		}
		if i < 0 {
			return "", false
		}
		if all == "" {
			all = audiences[i].to
		} else {
			all = all.And(audiences[i].to)
		}
		rest = rest[len(audiences[i].roles):]
	}
	return all, all != ""
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
