package scheduler

import (
	"context"
	"errors"
	"fmt"
	"time"

	"koprik/casework"
	"koprik/mahalla"
	"koprik/storage"
)

const (
	// mostGiven is how many people get a digest in one transaction.
	mostGiven = 200
	// mostMissed is how far back missed ticks are recorded.
	mostMissed = 14 * 24 * time.Hour
)

// round is a digest that goes out at one time of the day, and its ticks.
type round struct {
	casework.DigestRound
	job      string
	schedule mahalla.Schedule
}

// rounds are those of the present settings.
func (s *Scheduler) rounds() ([]round, error) {
	var list []round
	for _, r := range s.Desk.DigestRounds() {
		hour, minute := int(r.Clock/time.Hour), int(r.Clock/time.Minute)%60
		schedule, err := casework.ParseCron(fmt.Sprintf("%d %d * * *", minute, hour))
		if err != nil {
			return nil, fmt.Errorf("scheduler: %s: %w", r.Plan.Digest, err)
		}
		list = append(list, round{r, fmt.Sprintf("digest.%s %02d:%02d", r.Plan.Digest, hour, minute), schedule})
	}
	return list, nil
}

// Digests gives out what is due, and tells to how many people. Of any number of
// replicas one at a time gives, some people in each transaction, so that a
// replica that dies leaves the rest to the others.
func (s *Scheduler) Digests(ctx context.Context) (int, error) {
	rounds, err := s.rounds()
	if err != nil {
		return 0, err
	}
	now := s.Now()
	var ticks []storage.Tick
	err = s.DB.InTx(ctx, func(tx *storage.Tx) (err error) {
		if err := s.note(tx, rounds, now); err != nil {
			return err
		}
		ticks, err = tx.TicksUnderWay()
		return err
	})
	if err != nil {
		return 0, err
	}
	given := 0
	for _, t := range ticks {
		n, failure := s.goRound(ctx, rounds, t, now)
		if given += n; failure != nil {
			err = errors.Join(err, fmt.Errorf("%s: %w", t.Job, failure))
		}
	}
	return given, err
}

// note makes the ticks known that have come since the last one: those that may
// still begin as under way, the others as missed. A round without any history
// begins with its next tick, so that nothing older than itself is caught up.
func (s *Scheduler) note(tx *storage.Tx, rounds []round, now time.Time) error {
	last, err := tx.LastTicks()
	if err != nil {
		return err
	}
	for _, r := range rounds {
		at, known := last[r.job]
		if !known {
			tx.NoteTick(storage.Tick{Job: r.job, At: r.before(now)}, storage.TickDone)
			continue
		}
		if early := now.Add(-mostMissed); at.Before(early) {
			at = early
		}
		for at = r.schedule.Next(at); !at.After(now); at = r.schedule.Next(at) {
			switch tick := (storage.Tick{Job: r.job, At: at}); {
			case !r.Plan.Falls(s.Desk.Calendar(), at):
			case r.Plan.Open(s.Desk.Calendar(), at, now):
				tx.NoteTick(tick, storage.TickUnderWay)
			default:
				tx.NoteTick(tick, storage.TickMissed)
				tx.AfterCommit(func() { s.Log.Warn("a digest was missed", "job", tick.Job, "at", tick.At) })
			}
		}
	}
	return nil
}

// before is the latest moment of a round, on whatever day.
func (r round) before(now time.Time) time.Time {
	at := r.schedule.Next(now.Add(-48 * time.Hour))
	for next := r.schedule.Next(at); !next.After(now); next = r.schedule.Next(next) {
		at = next
	}
	return at
}

// goRound goes on with a tick until it is done, or another replica has it. One
// whose time is over, or whose setting is gone, ends where it stands.
func (s *Scheduler) goRound(ctx context.Context, rounds []round, t storage.Tick, now time.Time) (int, error) {
	for _, r := range rounds {
		if r.job != t.Job || !r.Plan.Open(s.Desk.Calendar(), t.At, now) {
			continue
		}
		given := 0
		for ctx.Err() == nil {
			n, more, err := s.give(ctx, r, t, now)
			if given += n; err != nil || !more {
				return given, err
			}
		}
		return given, ctx.Err()
	}
	return 0, s.DB.InTx(ctx, func(tx *storage.Tx) error {
		after, held, err := tx.HoldTick(t)
		if err == nil && held {
			tx.MoveTick(t, after, storage.TickMissed)
			tx.AfterCommit(func() { s.Log.Warn("a digest was not finished in time", "job", t.Job, "at", t.At) })
		}
		return err
	})
}

// give gives the digest to the next people of a tick, in one transaction.
func (s *Scheduler) give(ctx context.Context, r round, t storage.Tick, now time.Time) (given int, more bool, err error) {
	err = s.DB.InTx(ctx, func(tx *storage.Tx) error {
		after, held, err := tx.HoldTick(t)
		if more = held; err != nil || !held {
			return err
		}
		n, last, end, err := s.Desk.GoRound(tx, r.DigestRound, t.At, after, mostGiven, now)
		if err != nil {
			return err
		}
		given, more = n, !end
		if !end {
			tx.MoveTick(t, last, storage.TickUnderWay)
			return nil
		}
		tx.MoveTick(t, last, storage.TickDone)
		tx.ForgetDigests(r.Plan.Digest, t.At.Add(-mostMissed))
		return nil
	})
	if err != nil {
		return 0, false, err
	}
	return given, more, nil
}

// NextDigest is the next moment at which a digest falls; zero when none does
// within the coming weeks.
func (s *Scheduler) NextDigest(now time.Time) (time.Time, error) {
	rounds, err := s.rounds()
	var next time.Time
	for _, r := range rounds {
		at := r.schedule.Next(now)
		for !at.IsZero() && at.Sub(now) < mostMissed && !r.Plan.Falls(s.Desk.Calendar(), at) {
			at = r.schedule.Next(at)
		}
		if r.Plan.Falls(s.Desk.Calendar(), at) && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	return next, err
}

// digests is Digests for the loop.
func (s *Scheduler) digests(ctx context.Context) error {
	_, err := s.Digests(ctx)
	return err
}
