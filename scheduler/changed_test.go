package scheduler

import (
	"slices"
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
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

// As when a replica is killed after it gave a case another place or another beat.
func TestACaseThatStandsTooEarlyOrElsewhereIsPutRight(t *testing.T) {
	t.Parallel()
	s := newStage(t, ownRedis(t, t.TempDir()).URL())
	r := s.replica()
	ids := s.file(r, 3)
	list, err := s.db.AwaitedAmong(s.ctx, ids)
	s.must(err)
	early, elsewhere, leased := list[0], list[1], list[2]
	early.Next = s.now.Add(time.Minute)
	elsewhere.Path = []mahalla.TerritoryID{999}
	leased.Next = s.now.Add(lease / 2)
	for _, w := range []storage.Awaited{early, elsewhere, leased} {
		s.must(s.acks.Await(s.ctx, w))
	}
	s.must(r.compareChanged(s.ctx))
	for n, want := range []time.Time{list[0].Next, list[1].Next, leased.Next} {
		if got, err := s.acks.Next(s.ctx, list[n].Case); err != nil || !got.Equal(want) {
			t.Errorf("case %d of the three: got %s, %v, want %s", n+1, got, err, want)
		}
	}
	if _, n, err := s.acks.WaitingUnder(s.ctx, elsewhere.Path, nil, 0, 10); err != nil || n != 0 {
		t.Errorf("at the wrong place: got %d, %v, want none", n, err)
	}
	if _, n, err := s.acks.WaitingUnder(s.ctx, list[1].Path, nil, 0, 10); err != nil || n != 3 {
		t.Errorf("at the right place: got %d, %v, want all 3", n, err)
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
