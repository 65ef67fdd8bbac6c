package scheduler

import (
	"context"
	"time"

	"koprik/storage"
)

const (
	auditEvery = time.Minute
	auditTime  = 40 * time.Second // for one audit
	// auditAfter is how long a replica runs before its first one: what fell due while
	// nobody ran, as before a restore, has fallen by then.
	auditAfter = 35 * time.Second
)

// audit counts what must not be, keeps it for `koprik doctor` and tells the
// metrics. What is found is logged once, until it is gone.
func (s *Scheduler) audit(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, auditTime)
	defer cancel()
	found, err := s.DB.Audit(ctx, s.Acks, s.Now())
	if err != nil {
		return err
	}
	if err := s.DB.InTx(ctx, func(tx *storage.Tx) error { return tx.SaveAudit(found, s.Now()) }); err != nil {
		return err
	}
	if s.Audited != nil {
		s.Audited(found)
	}
	if found.Sum() > 0 && !s.foul {
		s.Log.Error("the audit has found what must not be", "untold", found.Untold, "disagree", found.Disagree,
			"late", found.Late, "unfired", found.Unfired, "doubled", found.Doubled, "stuck", found.Stuck)
	}
	s.foul = found.Sum() > 0
	return nil
}
