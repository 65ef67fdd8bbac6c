package scheduler

import (
	"context"
	"time"

	"koprik/storage"
)

const (
	// mostReminded is how many people are reminded in one transaction.
	mostReminded = 200
	// mostPlanned is how many people get rows of what recurs in one transaction.
	mostPlanned = 500
)

// Remind makes the rows of what recurs, gives what is due, looks what became of
// what was given, and reports what was missed. It tells how much it did. Every step
// holds its rows, so that any number of replicas may do so at once.
func (s *Scheduler) Remind(ctx context.Context) (int, error) {
	done := 0
	for _, step := range []func(*storage.Tx) (int, bool, error){
		func(tx *storage.Tx) (int, bool, error) {
			more, err := s.Desk.Recur(tx, mostPlanned, s.Now())
			return 0, more, err
		},
		func(tx *storage.Tx) (int, bool, error) {
			n, err := s.Desk.SettleReminders(tx, s.Now())
			return n, n > 0, err
		},
		func(tx *storage.Tx) (int, bool, error) {
			n, err := s.Desk.Remind(tx, mostReminded, s.Now())
			return n, n > 0, err
		},
		func(tx *storage.Tx) (int, bool, error) {
			n, err := s.Desk.ReportMissed(tx, s.Now())
			return n, false, err
		},
	} {
		for more := true; more && ctx.Err() == nil; {
			var n int
			err := s.DB.InTx(ctx, func(tx *storage.Tx) (err error) {
				n, more, err = step(tx)
				return err
			})
			if err != nil {
				return done, err
			}
			done += n
		}
	}
	return done, ctx.Err()
}

// NextReminder is when a reminder, or what recurs, wants something next; zero when
// nothing does.
func (s *Scheduler) NextReminder(ctx context.Context) (next time.Time, err error) {
	err = s.DB.Read(ctx, func(tx *storage.Tx) (err error) {
		next, err = tx.NextReminder()
		return err
	})
	return next, err
}

// reminders is Remind for the loop, where there is anything to do.
func (s *Scheduler) reminders(ctx context.Context) error {
	wait := false
	err := s.DB.Read(ctx, func(tx *storage.Tx) (err error) {
		wait, err = tx.RemindersWait(s.Now())
		return err
	})
	if err != nil || !wait {
		return err
	}
	_, err = s.Remind(ctx)
	return err
}
