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

// Job is something that recurs by the calendar. Of any number of replicas one
// does it; a tick that was missed is caught up within its window.
type Job struct {
	Name     string
	Schedule mahalla.Schedule
	Window   time.Duration
	Do       func(*storage.Tx, time.Time) error                  // in the transaction that takes the tick
	After    func(context.Context, *storage.DB, time.Time) error // in transactions of its own, once it is taken; may be nil
}

// At makes a job that recurs by a cron expression, read in Tashkent.
func At(name, expression string, window time.Duration, do func(*storage.Tx, time.Time) error) (Job, error) {
	schedule, err := casework.ParseCron(expression)
	if err != nil {
		return Job{}, fmt.Errorf("scheduler: %s: %w", name, err)
	}
	return Job{Name: name, Schedule: schedule, Window: window, Do: do}, nil
}

// Standing are the jobs of every installation.
func Standing() ([]Job, error) {
	clean, err := At("housekeeping", "30 3 * * *", 20*time.Hour, nil)
	clean.After = func(ctx context.Context, db *storage.DB, now time.Time) error { return db.Housekeep(ctx, now) }
	return []Job{clean}, err
}

// runJobs does every job whose tick has come and which no replica has done. One
// that fails is tried again, and does not keep the others from being done.
func (s *Scheduler) runJobs(ctx context.Context) error {
	now := s.Now().In(s.Desk.Calendar().Zone)
	var failed error
	for _, job := range s.Jobs {
		at := job.last(now)
		if at.IsZero() {
			continue
		}
		if err := s.do(ctx, job, at, now); err != nil {
			failed = errors.Join(failed, fmt.Errorf("job %s: %w", job.Name, err))
		}
	}
	return failed
}

// do does a job if nobody has taken this tick of it. What comes after the tick
// is left to the next one when it fails.
func (s *Scheduler) do(ctx context.Context, job Job, at, now time.Time) error {
	var mine bool
	err := s.DB.InTx(ctx, func(tx *storage.Tx) (err error) {
		if mine, err = tx.ClaimTick(job.Name, at); err != nil || !mine || job.Do == nil {
			return err
		}
		return job.Do(tx, now)
	})
	if err != nil || !mine || job.After == nil {
		return err
	}
	return job.After(ctx, s.DB, now)
}

// last is the latest tick within the window, zero when there was none.
func (j Job) last(now time.Time) time.Time {
	var last time.Time
	for at := j.Schedule.Next(now.Add(-j.Window)); !at.IsZero() && !at.After(now); at = j.Schedule.Next(at) {
		last = at
	}
	return last
}
