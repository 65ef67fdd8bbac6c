package storage_test

import (
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// Who sits is who holds a role of the commission there, now, each once and in the
// most senior one.
func TestSeatsAreThoseWhoHoldARoleOfTheCommission(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.filed(1)
	monday := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	people := map[string]mahalla.PersonID{}
	seat := func(telegram int64, name string, roles ...mahalla.Role) {
		w.tx(func(tx *storage.Tx) error {
			who, err := tx.AddPerson(telegram, name, mahalla.UzLatn, monday)
			if err != nil {
				return err
			}
			people[name] = who.ID
			for _, role := range roles {
				token, err := tx.Invite(role, c.Place, monday, monday.Add(time.Hour))
				if err != nil {
					return err
				}
				i, err := tx.Invitation(token, monday)
				if err != nil {
					return err
				}
				tx.TakeInvitation(i, who.ID, monday)
			}
			return nil
		})
	}
	seat(901, "Vali", mahalla.CommissionMember)
	seat(902, "Anvar", mahalla.CommissionMember)
	seat(903, "Kotiba", mahalla.CommissionMember, mahalla.CommissionSecretary)
	seat(904, "Rais", mahalla.CommissionChair)
	seat(905, "Inspektor", mahalla.PreventionInspector)
	w.tx(func(tx *storage.Tx) error {
		seats, err := tx.Seats(c.Place, monday)
		if err != nil {
			return err
		}
		var got []string
		for _, s := range seats {
			got = append(got, s.Name)
			if s.Person != people[s.Name] || s.Reach != mahalla.Reachable {
				t.Errorf("got %+v", s)
			}
		}
		want := []string{"Rais", "Kotiba", "Anvar", "Vali"}
		if len(got) != len(want) || seats[1].Role != mahalla.CommissionSecretary {
			t.Fatalf("got %q, want %q", got, want)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("got %q, want %q", got, want)
			}
		}
		before, err := tx.Seats(c.Place, monday.Add(-time.Hour))
		if err != nil || len(before) != 0 {
			t.Errorf("before anybody sat: got %v, %v", before, err)
		}
		return nil
	})
}
