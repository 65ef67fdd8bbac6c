package storage_test

import (
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

func TestOfCasesThatWakeSomebodyAtOnceOneIsTheFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, second, third := w.filed(1), w.filed(2), w.filed(3)
	people := []mahalla.PersonID{w.officer.ID}
	since := func(now time.Time) time.Time { return now.Add(-time.Minute) }
	wake := func(c *mahalla.Case, now time.Time, want storage.Awake) {
		t.Helper()
		w.tx(func(tx *storage.Tx) error {
			awake, err := tx.Wake(people, c.ID, since(now), now)
			if awake[w.officer.ID] != want {
				t.Errorf("woken a moment ago: got %v, want %v", awake[w.officer.ID], want)
			}
			return err
		})
	}
	wake(first, morning, storage.Asleep)
	wake(first, morning, storage.Asleep) // about the same
	wake(second, morning.Add(30*time.Second), storage.Rung)
	wake(third, morning.Add(40*time.Second), storage.Rung) // no list has come of it
	w.tx(func(tx *storage.Tx) error { tx.Gather(w.officer.ID, third.ID); return nil })
	wake(second, morning.Add(50*time.Second), storage.Listed)
	wake(first, morning.Add(61*time.Second), storage.Asleep) // a minute after the first, not after the last
	wake(first, morning.Add(3*time.Minute), storage.Asleep)

	done := make(chan bool, 2)
	for _, c := range []*mahalla.Case{first, second} {
		go func() {
			later := false
			w.tx(func(tx *storage.Tx) error {
				awake, err := tx.Wake([]mahalla.PersonID{w.stranger.ID}, c.ID, since(morning), morning)
				later = awake[w.stranger.ID] != storage.Asleep
				return err
			})
			done <- later
		}()
	}
	if a, b := <-done, <-done; a == b {
		t.Errorf("at once: both are told %v, want one to be the first", a)
	}
}

func TestACaseAmongOthersIsShownOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c, other := w.filed(1), w.filed(2)
	w.tx(func(tx *storage.Tx) error {
		tx.Gather(w.officer.ID, c.ID)
		tx.Gather(w.officer.ID, c.ID)
		return nil
	})
	w.tx(func(tx *storage.Tx) error {
		list, err := tx.Gathered(c.ID)
		same(t, "gathered", list, map[mahalla.PersonID]bool{w.officer.ID: true})
		was, err2 := tx.Scatter(w.officer.ID, other.ID)
		is, err3 := tx.Scatter(w.officer.ID, c.ID)
		again, err4 := tx.Scatter(w.officer.ID, c.ID)
		same(t, "no longer", []bool{was, is, again}, []bool{false, true, false})
		for _, e := range []error{err2, err3, err4} {
			if e != nil {
				err = e
			}
		}
		return err
	})
	due := c.Ladder.Due
	w.read(func(tx *storage.Tx) error {
		list, total, err := tx.OverdueOf(w.officer.ID, root, due.Add(-time.Second), 0, 5)
		same(t, "in time", []int{len(list), total}, []int{0, 0})
		if err != nil {
			return err
		}
		list, total, err = tx.OverdueOf(w.officer.ID, root, due.Add(time.Hour), 1, 5)
		same(t, "too late, from the second", []int{len(list), total}, []int{1, 2})
		return err
	})
}
