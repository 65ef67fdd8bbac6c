package scheduler

import (
	"context"

	"koprik/storage"
)

// series makes the drafts of meetings that come again, a series at a time, and
// tells how many series were looked at. Each is held, so that any number of
// replicas may do so at once.
func (s *Scheduler) series(ctx context.Context) (done int, err error) {
	for more := true; more && err == nil && ctx.Err() == nil; {
		err = s.DB.InTx(ctx, func(tx *storage.Tx) (err error) {
			more, err = s.Desk.DraftMeetings(tx, s.Now())
			return err
		})
		if more {
			done++
		}
	}
	return done, err
}
