package scheduler

import (
	"context"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// absences lets the absences of officers begin and end that are due, and forgets
// questions to substitutes that nobody has answered. After an outage nothing is held
// for silence before what people did meanwhile has been heard.
func (s *Scheduler) absences(ctx context.Context) (int, error) {
	now := s.heardBy(s.Now())
	if now.IsZero() {
		return 0, nil
	}
	var due []mahalla.AbsenceID
	err := s.DB.InTx(ctx, func(tx *storage.Tx) (err error) {
		due, err = tx.DueAbsences(now, batch)
		return err
	})
	if err != nil {
		return 0, err
	}
	for _, id := range due {
		err := s.DB.InTx(ctx, func(tx *storage.Tx) error { return s.Desk.WakeAbsence(tx, id, now) })
		if err != nil {
			s.Log.Error("an absence failed and will be tried again", "absence", id, "error", storage.Loggable(err))
		}
		s.putOff(ctx, id, err, func(tx *storage.Tx, wait time.Duration) { tx.PutOffAbsence(id, now, s.Now().Add(wait)) })
	}
	return len(due), nil
}
