package casework

import (
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// oldestTick is how far back the moments of what recurs are recorded as missed;
// what is older is passed over.
const oldestTick = 14 * 24 * time.Hour

// Recur goes on with whatever recurs and is due: it makes the reminders of up to
// so many people. It tells whether there may be more to do. Each moment makes one
// row a person, however many replicas there are.
func (d *Desk) Recur(tx *storage.Tx, most int, now time.Time) (more bool, err error) {
	r, err := tx.HoldRecurring(now)
	if err != nil || r == nil {
		return false, err
	}
	if r.Next.IsZero() {
		d.advance(r, now)
		tx.MoveRecurring(r)
		return true, nil
	}
	if r.Author != 0 {
		author, err := tx.Contact(r.Author)
		if err != nil {
			return false, err
		}
		if author == nil || !author.Over(d.Reference().Path(r.Place), mahalla.MaySupervise, now) {
			r.State = storage.RecurringStopped // whoever wrote it has no say there any more
			tx.MoveRecurring(r)
			return true, nil
		}
	}
	if now.Sub(r.Next) > oldestTick {
		d.advance(r, now.Add(-oldestTick))
		tx.MoveRecurring(r)
		return true, nil
	}
	if at := d.nextDate(r.Rule, r.Next.Add(-time.Second)); r.Reached == 0 && !at.Equal(r.Next) {
		d.advance(r, r.Next.Add(-time.Second)) // the day is a holiday meanwhile
		tx.MoveRecurring(r)
		return true, nil
	}
	people, err := tx.Audience(r.Place, r.Roles, r.Reached, now, most)
	if err != nil {
		return false, err
	}
	if len(people) > 0 {
		if err := d.planRecurring(tx, r, people); err != nil {
			return false, err
		}
		r.Reached = people[len(people)-1]
	}
	if len(people) < most {
		d.advance(r, r.Next)
	}
	tx.MoveRecurring(r)
	return true, nil
}

// advance goes on to the first moment after another one. What has none is at its
// end.
func (d *Desk) advance(r *storage.Recurring, after time.Time) {
	r.Next, r.Reached = d.nextDate(r.Rule, after), 0
	if r.Next.IsZero() {
		r.State = storage.RecurringStopped
	}
}

// planRecurring makes the rows of the present moment for people who want them.
func (d *Desk) planRecurring(tx *storage.Tx, r *storage.Recurring, people []mahalla.PersonID) error {
	plan, _ := mahalla.ReminderPlanOf(r.Kind)
	stops, err := tx.Stops(people)
	if err != nil {
		return err
	}
	var list []mahalla.Reminder
	for _, p := range people {
		if !stopped(stops, p, r.Kind, r.ID) {
			list = append(list, mahalla.Reminder{Kind: r.Kind, About: r.ID, To: p, Due: r.Next, Until: r.Next.Add(plan.Window)})
		}
	}
	return tx.PlanReminders(list)
}
