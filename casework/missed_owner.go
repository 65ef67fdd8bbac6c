package casework

import (
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// ownerKey is what the owners of a reminder depend on.
type ownerKey struct {
	owner mahalla.ReminderOwner
	id    int64
}

// ownerOf finds who is told that a reminder did not come; 0 is nobody. Nobody is told to
// telephone themselves: then it is the next of those who answer for it. Found ones are
// remembered.
func (d *Desk) ownerOf(tx *storage.Tx, r mahalla.Reminder, found map[ownerKey][]mahalla.PersonID, now time.Time) (mahalla.PersonID, error) {
	plan, _ := mahalla.ReminderPlanOf(r.Kind)
	key := ownerKey{plan.Owner, r.About}
	if plan.Owner == mahalla.OwnerAdministrator {
		key.id = int64(r.To)
	}
	people, known := found[key]
	if !known {
		var err error
		if people, err = d.owners(tx, plan.Owner, r, now); err != nil {
			return 0, err
		}
		found[key] = people
	}
	for _, p := range people {
		if p != r.To {
			return p, nil
		}
	}
	return 0, nil
}

// owners lists those who answer for a reminder, the first first: whoever the plan of
// reminders names, and behind them who could be told instead.
func (d *Desk) owners(tx *storage.Tx, kind mahalla.ReminderOwner, r mahalla.Reminder, now time.Time) ([]mahalla.PersonID, error) {
	switch kind {
	case mahalla.OwnerSecretary:
		return d.secretaries(tx, r, now)
	case mahalla.OwnerAuthor:
		rule, err := tx.Recurring(r.About)
		if err != nil || rule == nil {
			return nil, err
		}
		above, err := d.administratorOver(tx, rule.Author, now)
		return people(rule.Author, above), err
	case mahalla.OwnerSenior:
		c, err := tx.Case(mahalla.CaseID(r.About))
		if err != nil || c == nil {
			return nil, err
		}
		g, err := d.ground(tx, c.Place, now)
		if err != nil {
			return nil, err
		}
		return c.Supervisors(g), nil
	case mahalla.OwnerAdministrator:
		above, err := d.administratorOver(tx, r.To, now)
		return people(above), err
	}
	return nil, nil
}

// secretaries lists who convenes for the meeting or the decision of a reminder now: of a
// decision whoever writes the minutes first.
func (d *Desk) secretaries(tx *storage.Tx, r mahalla.Reminder, now time.Time) ([]mahalla.PersonID, error) {
	id := mahalla.MeetingID(r.About)
	if r.FollowUp() {
		one, err := tx.Decision(mahalla.DecisionID(r.About))
		if err != nil || one == nil {
			return nil, err
		}
		id = one.Meeting
	}
	m, err := tx.Meeting(id)
	if err != nil || m == nil {
		return nil, err
	}
	list, err := d.convenors(tx, m, now)
	if err != nil || !r.FollowUp() {
		return list, err
	}
	clerk, err := d.clerk(tx, m, now)
	if err != nil || clerk == 0 { // nobody can be told
		return nil, err
	}
	return append(people(clerk), list...), nil
}

// people are those of some who are somebody.
func people(some ...mahalla.PersonID) (list []mahalla.PersonID) {
	for _, p := range some {
		if p != 0 {
			list = append(list, p)
		}
	}
	return list
}

// administratorOver is the administrator, or else the head, nearest above a
// person's place; 0 when there is none.
func (d *Desk) administratorOver(tx *storage.Tx, p mahalla.PersonID, now time.Time) (mahalla.PersonID, error) {
	who, err := tx.Contact(p)
	if err != nil || who == nil {
		return 0, err
	}
	for _, m := range who.Memberships {
		if !m.At(now) {
			continue
		}
		path := d.Reference().Path(m.Territory)
		responsible, err := tx.Responsibilities(path, now)
		if err != nil {
			return 0, err
		}
		if holder := responsible.Holder(path, mahalla.Administrator, mahalla.DistrictHead); holder != 0 {
			return holder, nil
		}
	}
	return 0, nil
}
