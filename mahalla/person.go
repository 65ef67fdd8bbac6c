package mahalla

import (
	"slices"
	"time"
)

// PersonID identifies a person inside the bot; it is not a Telegram id.
type PersonID int64

// Reach says whether a person can be told anything.
type Reach string

// The reaches of a person.
const (
	NotStarted Reach = "not_started" // has never pressed START, or not yet the test card
	Reachable  Reach = "reachable"
	Blocked    Reach = "blocked" // Telegram refused for good: blocked, deactivated
)

// Membership is a role at a territory, for a time.
type Membership struct {
	Role      Role
	Territory TerritoryID
	From      time.Time
	Until     time.Time // zero: open end
	StandsIn  bool      // for an officer who is away
}

// At tells whether the membership holds at that moment.
func (m Membership) At(now time.Time) bool {
	return !now.Before(m.From) && (m.Until.IsZero() || now.Before(m.Until))
}

// Person is somebody who talks with the bot.
type Person struct {
	ID          PersonID
	Language    Language
	Consented   bool
	Reach       Reach
	Home        TerritoryID // the mahalla last reported from, 0 if none
	Memberships []Membership
}

// Role is the most senior role the person holds at that moment.
func (p Person) Role(now time.Time) Role {
	best := Resident
	for _, m := range p.Memberships {
		if m.At(now) && m.Role.Seniority() > best.Seniority() {
			best = m.Role
		}
	}
	return best
}

// Has tells whether any role of the person carries the right at that moment.
func (p Person) Has(right Right, now time.Time) bool {
	for _, m := range p.Memberships {
		if m.At(now) && m.Role.Has(right) {
			return true
		}
	}
	return false
}

// Serves tells whether any role of the person at that moment is one of those that
// have to be reached.
func (p Person) Serves(now time.Time) bool {
	for _, m := range p.Memberships {
		if m.At(now) && m.Role.Serves() {
			return true
		}
	}
	return false
}

// Answering lists where, and as what, the person answers at that moment.
func (p Person) Answering(now time.Time) Responsibilities {
	var list Responsibilities
	for _, m := range p.Memberships {
		if m.At(now) && m.Role.Has(MayAnswer) {
			list = append(list, Responsibility{Person: p.ID, Role: m.Role, Territory: m.Territory, Reach: p.Reach, StandsIn: m.StandsIn})
		}
	}
	return list
}

// Over tells whether the person holds the right at a node of the path, that is
// at the place itself or above it.
func (p Person) Over(path []TerritoryID, right Right, now time.Time) bool {
	for _, role := range p.rolesOver(path, now) {
		if role.Has(right) {
			return true
		}
	}
	return false
}

// rolesOver lists the roles that the person holds at nodes of the path.
func (p Person) rolesOver(path []TerritoryID, now time.Time) []Role {
	var list []Role
	for _, m := range p.Memberships {
		if m.At(now) && slices.Contains(path, m.Territory) {
			list = append(list, m.Role)
		}
	}
	return list
}
