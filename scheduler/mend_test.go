package scheduler

import (
	"slices"
	"testing"
	"time"

	"koprik/mahalla"
)

func TestWhatRedisMissedWhileItWasAwayIsToldItAsSoonAsItIsBack(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	child := ownRedis(t, dir)
	s := newStage(t, child.URL())
	r := s.replica()
	s.must(r.Reconcile(s.ctx))
	before := s.file(r, 2)
	child.Kill()
	later := s.file(r, 2)
	s.accept(r, later[0])
	s.accept(r, before[0])
	s.must(r.mend(s.ctx)) // it is still away
	ownRedis(t, dir)
	// As when it has kept its memory: it knows of the first two only.
	s.must(s.acks.MarkWhole(s.ctx))
	for _, id := range before {
		list, err := s.db.AwaitedAmong(s.ctx, []mahalla.CaseID{id, before[1]})
		s.must(err)
		w := list[0]
		w.Case = id
		s.must(s.acks.Await(s.ctx, w))
	}
	s.must(r.mend(s.ctx))
	if got, want := s.onTheClock(), []mahalla.CaseID{before[1], later[1]}; !slices.Equal(got, want) {
		t.Errorf("on the clock: got %v, want %v", got, want)
	}
	if ids, many := s.acks.Doubts(); len(ids) != 0 || many {
		t.Errorf("still in doubt: %v, %v", ids, many)
	}
	s.now = morning.Add(30 * time.Minute)
	s.tick(r)
	if n := s.events(mahalla.EventNudged); n != 2 {
		t.Errorf("got %d nudges, want 2", n)
	}
}

func TestDoubtsThatAreTooManyToRememberFillTheClockAnew(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	child := ownRedis(t, dir)
	s := newStage(t, child.URL())
	r := s.replica()
	child.Kill()
	ids := s.file(r, 3)
	s.acks.DoubtAll()
	s.must(r.mend(s.ctx)) // it is still away
	ownRedis(t, dir)
	s.must(s.acks.MarkWhole(s.ctx))
	s.must(r.mend(s.ctx))
	if got := s.onTheClock(); !slices.Equal(got, ids) {
		t.Errorf("on the clock: got %v, want %v", got, ids)
	}
}
