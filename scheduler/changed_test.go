package scheduler

import (
	"slices"
	"testing"

	"koprik/mahalla"
)

// As when a replica is killed after the COMMIT and before it tells Redis.
func TestWhatAKilledReplicaDidNotTellRedisIsToldItByTheNextLook(t *testing.T) {
	t.Parallel()
	s := newStage(t, ownRedis(t, t.TempDir()).URL())
	r := s.replica()
	ids := s.file(r, 3)
	s.must(r.compareChanged(s.ctx))
	list, err := s.db.AwaitedAmong(s.ctx, ids[:1])
	s.must(err)
	s.accept(r, ids[0])
	s.must(s.acks.Await(s.ctx, list[0])) // Redis still waits for it
	later := s.file(r, 1)
	_, err = s.acks.Settle(s.ctx, later[0]) // and knows nothing of this one
	s.must(err)

	for _, watching := range []*Scheduler{r, s.replica()} { // the other one, and a new one in its place
		s.must(watching.compareChanged(s.ctx))
		if got, want := s.onTheClock(), []mahalla.CaseID{ids[1], ids[2], later[0]}; !slices.Equal(got, want) {
			t.Fatalf("on the clock: got %v, want %v", got, want)
		}
		s.must(s.acks.Await(s.ctx, list[0]))
	}
	// A transaction may commit late: what was looked at once is looked at once more.
	s.must(r.compareChanged(s.ctx))
	if got, want := s.onTheClock(), []mahalla.CaseID{ids[1], ids[2], later[0]}; !slices.Equal(got, want) {
		t.Errorf("on the clock: got %v, want %v", got, want)
	}
}

func TestWhatChangedWhileRedisWasAwayIsComparedWhenItIsBack(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	child := ownRedis(t, dir)
	s := newStage(t, child.URL())
	r := s.replica()
	child.Kill()
	ids := s.file(r, 2)
	for range 3 {
		s.must(r.compareChanged(s.ctx))
	}
	ownRedis(t, dir)
	s.must(r.compareChanged(s.ctx))
	if got := s.onTheClock(); !slices.Equal(got, ids) {
		t.Errorf("on the clock: got %v, want %v", got, ids)
	}
}
