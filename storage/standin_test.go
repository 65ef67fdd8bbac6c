package storage_test

import (
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

func TestWhoIsAskedToStandInHasAsMuchLongerAsTheBotWasAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	due := morning.Add(time.Hour)
	outage := storage.Outage{Since: morning.Add(30 * time.Minute), Until: morning.Add(50 * time.Minute)}
	for i, test := range []struct {
		name        string
		from, until time.Time
		due, want   time.Time
		wake        time.Time
	}{
		{"of a later absence", morning.Add(9 * time.Hour), morning.Add(20 * time.Hour), due, due.Add(20 * time.Minute), due.Add(20 * time.Minute)},
		{"that begins before", morning.Add(65 * time.Minute), morning.Add(20 * time.Hour), due, due.Add(20 * time.Minute), morning.Add(65 * time.Minute)},
		{"that ends before", morning, morning.Add(65 * time.Minute), due, morning.Add(65 * time.Minute), morning.Add(65 * time.Minute)},
		{"that was over", morning.Add(9 * time.Hour), morning.Add(20 * time.Hour), morning.Add(20 * time.Minute), morning.Add(20 * time.Minute), morning.Add(20 * time.Minute)},
	} {
		a := &mahalla.Absence{ID: mahalla.AbsenceID(i + 1), Person: w.officer.ID, From: test.from, Until: test.until, State: mahalla.AbsencePlanned,
			Substitute: w.stranger.ID, Answer: mahalla.StandInAsked, Due: test.due}
		if !test.from.After(morning) {
			a.State = mahalla.AbsenceRunning
		}
		w.tx(func(tx *storage.Tx) error {
			tx.SaveAbsence(a)
			tx.ExtendStandIns(w.stranger.ID-1, w.stranger.ID, outage)
			return nil
		})
		w.read(func(tx *storage.Tx) error {
			got, err := tx.LastStandIn(w.stranger.ID)
			w.must(err)
			same(t, test.name, got.Due.UTC(), test.want.UTC())
			return nil
		})
		same(t, test.name+": it wakes", w.number("SELECT extract(epoch FROM wake_at)::int FROM absences WHERE id = $1", a.ID), int(test.wake.Unix()))
		w.exec("UPDATE absences SET state = 'over', wake_at = NULL WHERE id = $1", a.ID)
	}
}

func TestWhoHasRefusedIsStillKnownWhenSomebodyElseIsAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.tx(func(tx *storage.Tx) error {
		tx.SaveAbsence(&mahalla.Absence{ID: 1, Person: w.officer.ID, From: morning, Until: morning.Add(time.Hour), State: mahalla.AbsenceRunning,
			Substitute: w.resident.ID, Answer: mahalla.StandInAsked, Due: morning.Add(time.Minute), Refused: []mahalla.PersonID{w.stranger.ID}})
		return nil
	})
	w.read(func(tx *storage.Tx) error {
		a, err := tx.LastStandIn(w.stranger.ID)
		w.must(err)
		if a == nil || a.Substitute != w.resident.ID {
			t.Errorf("got %+v", a)
		}
		return nil
	})
}
