package scheduler

import (
	"context"

	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// sittings opens the sittings of meetings that have begun, and reminds whoever is
// silent about the minutes.
func (s *Scheduler) sittings(ctx context.Context) (int, error) {
	now := s.Now()
	var due []mahalla.MeetingID
	err := s.DB.InTx(ctx, func(tx *storage.Tx) (err error) {
		due, err = tx.DueSittings(now, batch)
		return err
	})
	if err != nil {
		return 0, err
	}
	for _, id := range due {
		err := s.DB.InTx(ctx, func(tx *storage.Tx) error { return s.Desk.WakeSitting(tx, id, now) })
		if err != nil {
			s.Log.Error("a sitting failed and will be tried again", "meeting", id, "error", storage.Loggable(err))
		}
		s.putOff(ctx, id, err, func(tx *storage.Tx, wait time.Duration) { tx.PutOffSitting(id, now, s.Now().Add(wait)) })
	}
	return len(due), nil
}
