package scheduler

import (
	"context"

	"koprik/storage"
)

// bound tells the metrics that the anchors keep up, as long as they do.
func (s *Scheduler) bound(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, auditTime)
	defer cancel()
	oldest, err := s.DB.Unbound(ctx)
	if err != nil || s.Bound == nil {
		return err
	}
	if oldest.IsZero() || s.Now().Sub(oldest) < storage.BoundWithin {
		s.Bound()
	}
	return nil
}
