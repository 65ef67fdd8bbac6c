package scheduler

import (
	"testing"
	"time"

	"koprik/storage"
	"koprik/storage/storagetest"
)

func TestTheAnchorsKeepUpOrNothingIsHeardOfThem(t *testing.T) {
	t.Parallel()
	s := newStage(t, storagetest.Redis(t))
	c := s.replica()
	heard := 0
	c.Bound = func() { heard++ }
	look := func(what string, want int) {
		t.Helper()
		heard = 0
		s.must(c.bound(s.ctx))
		if heard != want {
			t.Errorf("%s: heard %d times, want %d", what, heard, want)
		}
	}
	look("nothing has happened", 1)
	s.exec("INSERT INTO audit_log (at, person_id, act, cases) SELECT $1, min(id), 'look', 1 FROM people", s.now)
	look("something did just now", 1)
	s.now = s.now.Add(storage.BoundWithin - time.Second)
	look("it is not yet bound", 1)
	s.now = s.now.Add(time.Second)
	look("and never was", 0)
	s.must(s.db.Anchor(s.ctx))
	look("it is bound", 1)
}
