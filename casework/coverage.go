package casework

import (
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// Coverage counts the mahallas for which nobody who can be reached answers,
// and all mahallas.
func (d *Desk) Coverage(tx *storage.Tx, now time.Time) (bare, all int, err error) {
	people, err := tx.AllResponsibilities(now)
	if err != nil {
		return 0, 0, err
	}
	covered := map[mahalla.TerritoryID]bool{}
	for _, p := range people {
		if p.Role.Has(mahalla.MayAnswer) && p.Reach == mahalla.Reachable {
			covered[p.Territory] = true
		}
	}
	for _, t := range d.Reference().Territories {
		if t.Kind != mahalla.Mahalla || t.Retired {
			continue
		}
		all++
		if !anyOf(covered, t.Path) {
			bare++
		}
	}
	return bare, all, nil
}

func anyOf(covered map[mahalla.TerritoryID]bool, path []mahalla.TerritoryID) bool {
	for _, node := range path {
		if covered[node] {
			return true
		}
	}
	return false
}
