// Package scheduler waits: it fires the beats of the acknowledgement clock, the
// timers of cases, what was left lying in the chats, and the recurring jobs of
// the calendar, each once however many replicas run. It decides nothing; what is
// due is told to casework, which looks again under the lock of the case.
//
// Redis makes the clock quick and PostgreSQL keeps it true: the reconciler
// makes both agree, and while Redis is away a sweep of PostgreSQL drives the
// clock.
package scheduler

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"koprik/casework"
	"koprik/mahalla"
	"koprik/storage"
)

// Scheduler is what waits. Its fields are set before Run and not changed after.
type Scheduler struct {
	DB   *storage.DB
	Acks *storage.Acks
	Desk *casework.Desk
	Now  func() time.Time
	Log  *slog.Logger
	Jobs []Job

	// Heard tells until when this replica has surely heard what people did, on
	// the real clock; the zero time when it does not know yet. With nil nobody
	// watches over outages.
	Heard func() time.Time
	Wall  func() time.Time // the real clock; Now when nil

	// Audited hears what each audit has found; nil when nobody wants to.
	Audited func(storage.Findings)
	// Bound hears each time that the anchors of the history keep up; nil when nobody
	// wants to.
	Bound func()

	foul      bool           // the last audit has found something
	pruned    uint64         // where the reconciler's walk over Redis stands
	completed mahalla.CaseID // and the one over PostgreSQL
	changed   [2]int64       // how far the history went when it was looked there, the last time but one and the last
	setbacks  map[any]int    // how often in a row something that was due has failed
	seated    time.Time      // when it was looked last who sits in commissions
}

// Rhythm of the loops, in real time.
const (
	beatEvery      = 250 * time.Millisecond // a beat is late by as much, and by the time it takes
	tickEvery      = time.Second
	changedEvery   = 2 * time.Second
	reconcileEvery = 10 * time.Second
	refreshEvery   = 5 * time.Second
	jobsEvery      = 20 * time.Second
	listenEvery    = 15 * time.Second
)

// Run fires what falls due until the context ends, and waits for what is under
// way.
func (s *Scheduler) Run(ctx context.Context) {
	var group sync.WaitGroup
	for _, loop := range []struct {
		every time.Duration
		do    func(context.Context) error
		name  string
	}{
		{beatEvery, s.beat, "beat"},
		{tickEvery, s.wake, "wake"},
		{tickEvery, s.mend, "mend"},
		{changedEvery, s.compareChanged, "changed"},
		{reconcileEvery, s.Reconcile, "reconcile"},
		{refreshEvery, s.Refresh, "refresh"},
		{jobsEvery, s.runJobs, "jobs"},
		{listenEvery, s.Listen, "listen"},
		{jobsEvery, s.digests, "digests"},
		{tickEvery, s.reminders, "reminders"},
		{jobsEvery, s.DB.Anchor, "anchor"},
		{jobsEvery, s.bound, "bound"},
	} {
		group.Go(func() { s.loop(ctx, loop.every, loop.name, loop.do) })
	}
	group.Go(func() {
		select {
		case <-ctx.Done():
		case <-time.After(auditAfter):
			s.loop(ctx, auditEvery, "audit", s.audit)
		}
	})
	group.Wait()
}

// loop does something at once and then again and again. Of a failure that
// lasts only the first is logged.
func (s *Scheduler) loop(ctx context.Context, every time.Duration, name string, do func(context.Context) error) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	failing := false
	for {
		err := storage.Safely(func() error { return do(ctx) })
		if err != nil && !failing && ctx.Err() == nil {
			s.Log.Warn("the scheduler could not do its work", "loop", name, "error", storage.Loggable(err))
		}
		failing = err != nil
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// beat fires the ladders that are due. It is a loop of its own: it looks more
// often, and waits for nothing else that is due.
func (s *Scheduler) beat(ctx context.Context) error {
	_, err := s.beats(ctx)
	return err
}

// wake fires everything else that is due.
func (s *Scheduler) wake(ctx context.Context) error {
	_, err := s.others(ctx)
	return err
}

// Tick fires everything that is due now and tells how much it was.
func (s *Scheduler) Tick(ctx context.Context) (int, error) {
	beats, err := s.beats(ctx)
	if err != nil {
		return beats, err
	}
	others, err := s.others(ctx)
	return beats + others, err
}

// others wakes cases, absences, approvals, seats, meetings and dialogues.
func (s *Scheduler) others(ctx context.Context) (fired int, err error) {
	for _, wake := range []func(context.Context) (int, error){s.timers, s.absences, s.approvals, s.seats, s.meetings, s.sittings, s.series, s.dialogues} {
		n, err := wake(ctx)
		if fired += n; err != nil {
			return fired, err
		}
	}
	return fired, nil
}

// Refresh lets the desk read the reference data anew when it has changed.
func (s *Scheduler) Refresh(ctx context.Context) error {
	return s.DB.InTx(ctx, func(tx *storage.Tx) error {
		_, err := s.Desk.Refresh(tx, s.Now())
		return err
	})
}

// timers wakes the cases that wanted to be woken by now.
func (s *Scheduler) timers(ctx context.Context) (int, error) {
	now := s.Now()
	var due []storage.DueTimer
	err := s.DB.InTx(ctx, func(tx *storage.Tx) (err error) {
		due, err = tx.DueTimers(now, batch)
		return err
	})
	if err != nil {
		return 0, err
	}
	for _, t := range due {
		err := s.DB.InTx(ctx, func(tx *storage.Tx) error { return s.Desk.Timer(tx, t, now) })
		if err != nil {
			s.Log.Error("a timer failed and will be tried again", "case", t.Case, "kind", t.Kind, "error", storage.Loggable(err))
		}
		s.putOff(ctx, timerKey{t.Case, t.Kind}, err, func(tx *storage.Tx, wait time.Duration) { tx.PutOffTimer(t, s.Now().Add(wait)) })
	}
	return len(due), nil
}

// dialogues wakes what was left lying in the chats by now: drafts and questions.
// A chat that a worker serves at this moment has its turn at the next tick. After
// an outage nothing is woken before what people did meanwhile has been heard.
func (s *Scheduler) dialogues(ctx context.Context) (int, error) {
	now := s.heardBy(s.Now())
	if now.IsZero() {
		return 0, nil
	}
	var due []storage.Sleeper
	err := s.DB.InTx(ctx, func(tx *storage.Tx) (err error) {
		due, err = tx.Sleepers(now, batch)
		return err
	})
	if err != nil {
		return 0, err
	}
	for _, one := range due {
		err := s.DB.InTx(ctx, func(tx *storage.Tx) error {
			free, err := tx.HoldChat(one.Chat)
			if err != nil || !free {
				return err
			}
			return s.Desk.Wake(tx, one.Person, now)
		})
		if err != nil {
			s.Log.Error("a dialogue was not woken and will be tried again", "person", one.Person, "error", storage.Loggable(err))
		}
		s.putOff(ctx, one.Person, err, func(tx *storage.Tx, wait time.Duration) { tx.PutOffWake(one.Person, now, s.Now().Add(wait)) })
	}
	return len(due), nil
}

// fall lets the ladder of one case fall.
func (s *Scheduler) fall(ctx context.Context, id mahalla.CaseID, now time.Time) {
	err := storage.Safely(func() error {
		return s.DB.InTx(ctx, func(tx *storage.Tx) error { return s.Desk.Beat(tx, id, now) })
	})
	if err != nil && ctx.Err() == nil {
		s.Log.Error("a beat failed and will be tried again", "case", id, "error", storage.Loggable(err))
	}
}
