package scheduler

import (
	"context"
	"time"

	"koprik/storage"
)

// mostDeaf is how long the bot may have heard nothing before presses are lost:
// Telegram keeps them for 150 seconds.
const mostDeaf = 2 * time.Minute

// Listen records until when the bot has heard what people did. After a gap in
// which presses were lost everybody who is asked something is asked again, some
// people in each transaction, so that a replica that dies leaves the rest to the
// others.
func (s *Scheduler) Listen(ctx context.Context) error {
	if s.Heard == nil {
		return nil
	}
	for {
		o, err := s.listen(ctx)
		if err != nil || o == nil {
			return err
		}
		if more, err := s.askAgain(ctx, *o); err != nil || !more {
			return err
		}
	}
}

// listen records until when the bot has heard, and finds an outage after which
// not everybody was asked again; nil when there is none. It is called before
// each stretch of asking, which must not look like an outage itself.
func (s *Scheduler) listen(ctx context.Context) (under *storage.Outage, err error) {
	err = s.DB.InTx(ctx, func(tx *storage.Tx) error {
		if until := s.Heard(); !until.IsZero() {
			if err := s.noteOutage(tx, until); err != nil {
				return err
			}
		}
		list, err := tx.OutagesUnderWay()
		if under = nil; len(list) > 0 {
			under = &list[0]
		}
		return err
	})
	return under, err
}

// noteOutage moves the moment until which the bot has heard, and makes a gap
// before it known.
func (s *Scheduler) noteOutage(tx *storage.Tx, until time.Time) error {
	before, err := tx.Heard(until)
	if err != nil || until.Sub(before) <= mostDeaf {
		return err
	}
	shift := s.shift()
	tx.NoteOutage(storage.Outage{Since: before.Add(shift), Until: until.Add(shift)})
	tx.AfterCommit(func() {
		s.Log.Warn("the bot did not hear for a while; whoever is asked something is asked again", "from", before, "until", until)
	})
	return nil
}

// askAgain asks the next people again after an outage, in one transaction.
func (s *Scheduler) askAgain(ctx context.Context, o storage.Outage) (more bool, err error) {
	err = s.DB.InTx(ctx, func(tx *storage.Tx) error {
		after, held, err := tx.HoldTick(o.Tick())
		if more = held; err != nil || !held {
			return err
		}
		last, end, err := s.Desk.AskAgain(tx, o, after, s.Now())
		if err != nil {
			return err
		}
		state := storage.TickUnderWay
		if more = !end; end {
			state = storage.TickDone
		}
		tx.MoveTick(o.Tick(), last, state)
		return nil
	})
	return more && err == nil, err
}

// heardBy is the moment until which the silence of people is known, at most now;
// zero while this replica does not know of any.
func (s *Scheduler) heardBy(now time.Time) time.Time {
	if s.Heard == nil {
		return now
	}
	until := s.Heard()
	if until.IsZero() {
		return until
	}
	if until = until.Add(s.shift()); until.Before(now) {
		return until
	}
	return now
}

// shift is how far the clock stands from the real one: it can be pushed.
func (s *Scheduler) shift() time.Duration {
	if s.Wall == nil {
		return 0
	}
	return s.Now().Sub(s.Wall())
}
