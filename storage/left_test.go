package storage_test

import (
	"slices"
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// TestWhoseRoleHasEndedByItsDateIsListedOnce, and not who has left in another way or
// still serves.
func TestWhoseRoleHasEndedByItsDateIsListedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.filed(1)
	monday := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	people := map[string]mahalla.PersonID{}
	w.tx(func(tx *storage.Tx) error {
		for i, name := range []string{"ends", "stays", "revoked"} {
			who, err := tx.AddPerson(int64(901+i), name, mahalla.UzLatn, monday)
			if err != nil {
				return err
			}
			people[name] = who.ID
			token, err := tx.Invite(mahalla.CommissionMember, c.Place, monday, monday.Add(time.Hour))
			if err != nil {
				return err
			}
			i, err := tx.Invitation(token, monday)
			if err != nil {
				return err
			}
			tx.TakeInvitation(i, who.ID, monday)
		}
		tx.EndRoles(people["revoked"], monday.Add(time.Hour))
		tx.MarkLeft(people["revoked"], monday.Add(time.Hour))
		return nil
	})
	w.exec("UPDATE memberships SET valid_until = $2 WHERE person_id = $1", people["ends"], monday.AddDate(0, 0, 2))
	for _, step := range []struct {
		after time.Duration
		want  []mahalla.PersonID
	}{
		{24 * time.Hour, nil},
		{48 * time.Hour, []mahalla.PersonID{people["ends"]}},
		{72 * time.Hour, nil},
	} {
		now := monday.Add(step.after)
		w.tx(func(tx *storage.Tx) error {
			got, err := tx.Left(now, 10)
			if !slices.Equal(got, step.want) {
				t.Errorf("after %s: got %v, want %v", step.after, got, step.want)
			}
			for _, p := range got {
				tx.MarkLeft(p, now)
			}
			return err
		})
	}
}
