package casework

import (
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// otherOwner is who is told of a reminder that did not come to its own owner: the next of
// those who convene the meeting or supervise the case, and else the administrator or head
// above; 0 where that is nobody else.
func (d *Desk) otherOwner(tx *storage.Tx, r mahalla.Reminder, now time.Time) (mahalla.PersonID, error) {
	var people []mahalla.PersonID
	plan, _ := mahalla.ReminderPlanOf(r.Kind)
	switch plan.Owner {
	case mahalla.OwnerSecretary:
		id := mahalla.MeetingID(r.About)
		if r.FollowUp() {
			one, err := tx.Decision(mahalla.DecisionID(r.About))
			if err != nil || one == nil {
				return 0, err
			}
			id = one.Meeting
		}
		m, err := tx.Meeting(id)
		if err != nil || m == nil {
			return 0, err
		}
		if people, err = d.convenors(tx, m, now); err != nil {
			return 0, err
		}
	case mahalla.OwnerSenior:
		c, err := tx.Case(mahalla.CaseID(r.About))
		if err != nil || c == nil {
			return 0, err
		}
		g, err := d.ground(tx, c.Place, now)
		if err != nil {
			return 0, err
		}
		people = c.Supervisors(g)
	case mahalla.OwnerAuthor, mahalla.OwnerAdministrator:
		above, err := d.administratorOver(tx, r.To, now)
		if err != nil {
			return 0, err
		}
		people = append(people, above)
	}
	for _, p := range people {
		if p != r.To {
			return p, nil
		}
	}
	return 0, nil
}
