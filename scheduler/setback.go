package scheduler

import (
	"context"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// What is due and fails for a reason of its own is tried again after a while,
// twice as long each time.
const (
	firstSetback = time.Minute
	mostSetback  = 6 * time.Hour
)

// timerKey names a timer among the setbacks.
type timerKey struct {
	c    mahalla.CaseID
	kind mahalla.TimerKind
}

// putOff moves something that has failed out of the way of what is due after it,
// in a transaction of its own. That the database is away or busy is no failure
// of the thing.
func (s *Scheduler) putOff(ctx context.Context, what any, failure error, later func(*storage.Tx, time.Duration)) {
	if failure == nil {
		delete(s.setbacks, what)
		return
	}
	if storage.Passing(failure) || ctx.Err() != nil {
		return
	}
	if s.setbacks == nil {
		s.setbacks = map[any]int{}
	}
	wait := min(mostSetback, firstSetback<<min(s.setbacks[what], 16))
	s.setbacks[what]++
	err := s.DB.InTx(ctx, func(tx *storage.Tx) error {
		later(tx, wait)
		return nil
	})
	if err != nil {
		s.Log.Error("what failed cannot be put off", "error", storage.Loggable(err))
	}
}
