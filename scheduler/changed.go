package scheduler

import (
	"context"
	"slices"

	"koprik/mahalla"
)

// mostChanged is how many rows of the history are looked at each time: what a replica
// that was killed had not told Redis is among the newest of them.
const mostChanged = 10_000

// compareChanged makes Redis agree with PostgreSQL on the cases that have changed
// lately: a replica that was killed after its COMMIT did not tell Redis, and nobody
// else knows what it owed. Each change is looked at twice at least, two seconds apart,
// for a transaction may commit after others that have a later place in the history.
func (s *Scheduler) compareChanged(ctx context.Context) error {
	ids, last, err := s.DB.ChangedSince(ctx, s.changed[0], mostChanged)
	if err != nil {
		return err
	}
	for some := range slices.Chunk(ids, stretch) {
		if agreed, err := s.compare(ctx, some); err != nil || !agreed {
			return err
		}
	}
	s.changed = [2]int64{s.changed[1], last}
	return nil
}

// compare puts those of some cases that are waited for onto the clock in Redis where
// they do not stand as they should, and takes the others off. Redis is asked first: what
// is written there is then never older than what stood there. While it is away they do
// not agree.
func (s *Scheduler) compare(ctx context.Context, ids []mahalla.CaseID) (agreed bool, err error) {
	at, redis := s.Acks.Standings(ctx, ids)
	if redis != nil {
		return false, nil
	}
	list, err := s.DB.AwaitedAmong(ctx, ids)
	if err != nil {
		return false, err
	}
	redis = s.Acks.Correct(ctx, list, at, s.Now().Add(lease))
	for _, w := range list {
		delete(at, w.Case)
	}
	for id := range at {
		if redis == nil {
			_, redis = s.Acks.Settle(ctx, id)
		}
	}
	return redis == nil, nil
}
