package scheduler

import (
	"context"
	"time"

	"koprik/storage"
)

// approvals asks again for those who want to join and whom nobody has answered for,
// and tells those whom somebody has. After an outage nothing is taken for silence
// before what people did meanwhile has been heard.
func (s *Scheduler) approvals(ctx context.Context) (int, error) {
	now := s.heardBy(s.Now())
	if now.IsZero() {
		return 0, nil
	}
	var due []int64
	err := s.DB.InTx(ctx, func(tx *storage.Tx) (err error) {
		due, err = tx.DueApprovals(now, batch)
		return err
	})
	if err != nil {
		return 0, err
	}
	for _, id := range due {
		err := s.DB.InTx(ctx, func(tx *storage.Tx) error { return s.Desk.WakeApproval(tx, id, now) })
		if err != nil {
			s.Log.Error("an approval failed and will be tried again", "approval", id, "error", storage.Loggable(err))
		}
		s.putOff(ctx, approvalKey(id), err, func(tx *storage.Tx, wait time.Duration) { tx.PutOffApproval(id, now, s.Now().Add(wait)) })
	}
	return len(due), nil
}

// approvalKey names an approval among what was put off.
type approvalKey int64
