package casework

import (
	"slices"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// successor is to whom a reminder of a decision goes in the place of somebody who
// convened the commission when it was planned: whoever writes its minutes now. 0 when
// it goes to whom it was planned for: who is responsible, or still convenes.
func (d *Desk) successor(tx *storage.Tx, r mahalla.Reminder, now time.Time) (mahalla.PersonID, error) {
	if !r.FollowUp() {
		return 0, nil
	}
	one, err := tx.Decision(mahalla.DecisionID(r.About))
	if err != nil || one == nil || !one.Open() || one.Person == r.To {
		return 0, err
	}
	who, err := tx.Contact(r.To)
	if err != nil || who != nil && who.Reach == mahalla.Reachable && mayConvene(who, one.Commission, now) == nil {
		return 0, err
	}
	clerk, err := d.clerkOfDecision(tx, r, now)
	if err != nil || clerk == r.To {
		return 0, err
	}
	return clerk, nil
}

// readdress gives what was planned for a secretary who has been replaced to the one
// who is it now.
func (b *batch) readdress(tx *storage.Tx) error {
	moved := false
	for i, r := range b.due {
		to, err := b.desk.successor(tx, r.Reminder, b.now)
		if err != nil {
			return err
		}
		if to != 0 {
			tx.ReaddressReminder(r.ID, to)
			b.due[i].To, moved = to, true
		}
	}
	if moved { // what is for one person is one message
		slices.SortStableFunc(b.due, func(x, y storage.ReminderRow) int { return int(min(1, max(-1, x.To-y.To))) })
	}
	return nil
}

// ownedNow lets what is to be reported to whoever convenes go to who does so now.
func (d *Desk) ownedNow(tx *storage.Tx, owners map[mahalla.PersonID][]int64, now time.Time) (map[mahalla.PersonID][]int64, error) {
	list := map[mahalla.PersonID][]int64{}
	found := map[ownerKey][]mahalla.PersonID{}
	for owner, ids := range owners {
		rows, err := tx.Reminders(ids)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			to := owner
			if plan, _ := mahalla.ReminderPlanOf(r.Kind); plan.Owner == mahalla.OwnerSecretary {
				present, err := d.ownerOf(tx, r.Reminder, found, now)
				if err != nil {
					return nil, err
				}
				if present != 0 && present != owner {
					tx.OwnReminders([]int64{r.ID}, present)
					to = present
				}
			}
			list[to] = append(list[to], r.ID)
		}
	}
	return list, nil
}
