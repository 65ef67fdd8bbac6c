package casework

import (
	"cmp"
	"slices"
	"time"

	"koprik/mahalla"
)

// DigestTime is when a digest comes at a place, and below it where nothing
// else is set.
type DigestTime struct {
	Territory mahalla.TerritoryID
	Clock     time.Duration // since midnight
}

// DigestTimes tells when a digest comes at a place, and after that which places
// below it keep another time, in the order of their codes.
func (d *Desk) DigestTimes(p mahalla.DigestPlan, place mahalla.TerritoryID) []DigestTime {
	r := d.Reference()
	clocks := digestClocks(r.Settings)
	var below []DigestTime
	for id, clock := range clocks[p.Digest] {
		if id != place && r.Territories[id] != nil && slices.Contains(r.Path(id), place) {
			below = append(below, DigestTime{id, clock})
		}
	}
	slices.SortFunc(below, func(a, b DigestTime) int {
		return cmp.Compare(r.Territories[a.Territory].Code, r.Territories[b.Territory].Code)
	})
	return append([]DigestTime{{place, clocks.At(p, r.Path(place))}}, below...)
}
