package casework

import (
	"slices"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// toReview counts the decisions that a meeting has to look at: until it begins those
// whose day is over, then those that were put on its agenda and are still open. One
// mediator's meeting looks at none.
func (d *Desk) toReview(tx *storage.Tx, m *mahalla.Meeting, now time.Time) (int, error) {
	if m.Mediation {
		return 0, nil
	}
	if m.At.IsZero() || now.Before(m.At) {
		list, err := tx.UnfulfilledDecisions(m.Commission, DayAfter(0, now), mostLeftOver)
		return len(list), err
	}
	list, err := tx.Reviewed(m.ID)
	return len(slices.DeleteFunc(list, func(one *mahalla.Decision) bool { return !one.Open() })), err
}

// review puts the decisions that were not carried out on the agenda of a meeting of the
// whole commission.
func (d *Desk) review(tx *storage.Tx, m *mahalla.Meeting, now time.Time) error {
	if m.Mediation {
		return nil
	}
	left, err := d.leftOver(tx, m.Commission, now)
	if err != nil {
		return err
	}
	ids := make([]mahalla.DecisionID, len(left.Decisions))
	for i, one := range left.Decisions {
		ids[i] = one.ID
	}
	tx.Review(m.ID, ids)
	return nil
}
