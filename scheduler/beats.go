package scheduler

import (
	"context"
	"sync"
	"time"

	"koprik/mahalla"
)

const (
	// batch is how many due rows are taken at once.
	batch = 256
	// lease is how long a claimed beat stays with its replica. That a beat falls
	// twice does no harm: the case is looked at under its lock.
	lease = 8 * time.Second
	// parallel is how many cases climb at the same time.
	parallel = 4
)

// beats fires the ladder of every case that Redis says is due. While Redis is
// away, or has lost its memory, PostgreSQL says so.
func (s *Scheduler) beats(ctx context.Context) (int, error) {
	fired := 0
	for ctx.Err() == nil {
		now := s.Now()
		due, whole, err := s.Acks.Claim(ctx, now, lease, batch)
		if err != nil || !whole {
			swept, sweepErr := s.sweep(ctx, now)
			return fired + swept, sweepErr
		}
		s.fire(ctx, due, now)
		if fired += len(due); len(due) < batch {
			return fired, nil
		}
	}
	return fired, ctx.Err()
}

// sweep fires what PostgreSQL says is due. Two replicas may do so at once: the
// lock of the case makes the second find nothing to do.
func (s *Scheduler) sweep(ctx context.Context, now time.Time) (int, error) {
	list, err := s.DB.AwaitedBefore(ctx, now, batch)
	if err != nil {
		return 0, err
	}
	ids := make([]mahalla.CaseID, len(list))
	for i, w := range list {
		ids[i] = w.Case
	}
	s.fire(ctx, ids, now)
	return len(ids), nil
}

// fire lets the ladders fall, a few at a time.
func (s *Scheduler) fire(ctx context.Context, ids []mahalla.CaseID, now time.Time) {
	var group sync.WaitGroup
	next := make(chan mahalla.CaseID)
	for range min(parallel, len(ids)) {
		group.Go(func() {
			for id := range next {
				s.fall(ctx, id, now)
			}
		})
	}
	for _, id := range ids {
		next <- id
	}
	close(next)
	group.Wait()
}

// soon is how far ahead the reconciler looks for beats that Redis must know.
const soon = time.Minute

// stretch is how many cases the reconciler compares each time, on either side.
const stretch = 1000

// Reconcile makes Redis agree with PostgreSQL: a memory that was lost is filled
// anew, and what is due soon is certainly there, and not too late. Of the rest a
// stretch is compared each time: what a replica that died had not yet told Redis
// is put there, and what nobody waits for any more is dropped.
func (s *Scheduler) Reconcile(ctx context.Context) error {
	whole, err := s.Acks.Whole(ctx)
	if err != nil {
		return nil // Redis is away; the sweep drives the clock meanwhile
	}
	if !whole {
		return s.fill(ctx)
	}
	near, err := s.DB.AwaitedBefore(ctx, s.Now().Add(soon), 4*batch)
	if err != nil {
		return err
	}
	if err := s.Acks.AwaitMissing(ctx, near, s.Now().Add(lease)); err != nil {
		return nil
	}
	if err := s.complete(ctx); err != nil {
		return err
	}
	return s.prune(ctx)
}

// mend tells Redis what it may not have heard because a write to it failed after
// the commit. While Redis is away it is tried again every second.
func (s *Scheduler) mend(ctx context.Context) error {
	ids, many := s.Acks.Doubts()
	if many {
		if err := s.fill(ctx); err != nil { // what nobody waits for any more is pruned in time
			s.Acks.DoubtAll()
			return nil
		}
	}
	for len(ids) > 0 {
		some := ids[:min(stretch, len(ids))]
		if err := s.mendSome(ctx, some); err != nil {
			s.Acks.Doubt(ids...)
			return nil // the loops that need the database or Redis say so
		}
		ids = ids[len(some):]
	}
	return nil
}

func (s *Scheduler) mendSome(ctx context.Context, ids []mahalla.CaseID) error {
	list, err := s.DB.AwaitedAmong(ctx, ids)
	if err != nil {
		return err
	}
	waits := map[mahalla.CaseID]bool{}
	for _, w := range list {
		if waits[w.Case] = true; err == nil {
			err = s.Acks.Await(ctx, w)
		}
	}
	for _, id := range ids {
		if !waits[id] && err == nil {
			_, err = s.Acks.Settle(ctx, id)
		}
	}
	return err
}

// complete looks whether Redis has a stretch of the waiting cases.
func (s *Scheduler) complete(ctx context.Context) error {
	list, err := s.DB.AwaitedAfter(ctx, s.completed, stretch)
	if err != nil {
		return err
	}
	if err := s.Acks.AwaitMissing(ctx, list, s.Now().Add(lease)); err != nil {
		return nil
	}
	s.completed = 0
	if len(list) == stretch {
		s.completed = list[len(list)-1].Case
	}
	return nil
}

// fill puts every waiting case on the clock in Redis.
func (s *Scheduler) fill(ctx context.Context) error {
	var after mahalla.CaseID
	for {
		list, err := s.DB.AwaitedAfter(ctx, after, stretch)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return s.Acks.MarkWhole(ctx)
		}
		if err := s.Acks.AwaitMissing(ctx, list, s.Now().Add(lease)); err != nil {
			return err
		}
		after = list[len(list)-1].Case
	}
}

// prune looks up a stretch of what Redis holds.
func (s *Scheduler) prune(ctx context.Context) error {
	ids, cursor, err := s.Acks.Members(ctx, s.pruned, stretch)
	if err != nil {
		return nil
	}
	s.pruned = cursor
	still, err := s.DB.StillAwaited(ctx, ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if still[id] {
			continue
		}
		if _, err := s.Acks.Settle(ctx, id); err != nil {
			return nil
		}
	}
	return nil
}
