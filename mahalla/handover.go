package mahalla

import (
	"slices"
	"time"
)

// Limits of what is handed over from a group to the private chat.
const (
	HandoverLife  = 15 * time.Minute
	MostHandovers = 5 // of one person that wait to be fetched
)

// MayLink tells whether a person may make a group one of a mahalla, whose path
// leads to the root: who stands for it, and its administrators.
func (p Person) MayLink(path []TerritoryID, now time.Time) bool {
	return slices.ContainsFunc(p.rolesOver(path, now), func(r Role) bool { return r.Has(MaySpeak) || r.Has(MayAdminister) })
}
