package scheduler

import (
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
	"koprik/storage/storagetest"
)

// TestAllCasesAreHeldBeforeAnybodyIsWoken: whoever is lost lets several cases climb
// at once, each of which wakes the same senior inspector; meanwhile one of them
// climbs by itself.
func TestAllCasesAreHeldBeforeAnybodyIsWoken(t *testing.T) {
	t.Parallel()
	s := newStage(t, storagetest.Redis(t))
	r := s.replica()
	ids := s.file(r, 2)
	s.now = morning.Add(90 * time.Minute) // both are overdue
	locked, go2 := make(chan struct{}), make(chan struct{})
	done := make(chan error, 1)
	go func() {
		done <- s.db.InTx(s.ctx, func(tx *storage.Tx) error {
			if _, err := tx.LockCase(ids[1]); err != nil {
				return err
			}
			close(locked)
			<-go2
			_, err := tx.Wake([]mahalla.PersonID{s.senior.ID}, ids[1], s.now, s.now)
			return err
		})
	}()
	<-locked
	tries := 0
	lost := make(chan error, 1)
	go func() {
		lost <- s.db.InTx(s.ctx, func(tx *storage.Tx) error {
			tries++
			return r.Desk.Unreachable(tx, s.inspector.ID, s.now)
		})
	}()
	eventually(t, "one waits for the other", func() bool {
		return s.number("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") > 0
	})
	close(go2)
	s.must(<-done)
	s.must(<-lost)
	if tries != 1 {
		t.Errorf("tries: got %d, want 1: the two waited for each other", tries)
	}
	if n := s.number("SELECT count(*) FROM assignments WHERE person_id = $1", s.senior.ID); n != 2 {
		t.Errorf("cases of the senior inspector: got %d, want 2", n)
	}
}
