package casework

import (
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// Plan is what would happen to a report that is filed now.
type Plan = mahalla.Plan

// Plan foretells the road of a report from a place without filing it.
func (d *Desk) Plan(tx *storage.Tx, place mahalla.TerritoryID, code mahalla.CategoryCode, now time.Time) (Plan, error) {
	category, ok := d.Reference().Categories[code]
	if !ok {
		return Plan{}, mahalla.Refuse(mahalla.NotFound, "category_unknown")
	}
	ground, err := d.ground(tx, place, now)
	if err != nil {
		return Plan{}, err
	}
	policy := d.policies[mahalla.ClassOf(category.Urgency)]
	return mahalla.PlanReport(ground.Path, category, ground.People, policy, ground.Calendar, now), nil
}
