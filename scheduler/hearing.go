package scheduler

import (
	"context"
	"time"

	"koprik/storage"
)

// mostDeaf is how long the bot may have heard nothing before presses are lost:
// Telegram keeps them for 150 seconds.
const mostDeaf = 2 * time.Minute

// Listen records until when the bot has heard what people did. After a gap in
// which presses were lost everybody who is asked something is asked again.
func (s *Scheduler) Listen(ctx context.Context) error {
	if s.Heard == nil {
		return nil
	}
	until := s.Heard()
	if until.IsZero() {
		return nil
	}
	return s.DB.InTx(ctx, func(tx *storage.Tx) error {
		before, err := tx.Heard(until)
		if err != nil || until.Sub(before) <= mostDeaf {
			return err
		}
		now, shift := s.Now(), time.Duration(0)
		if s.Wall != nil {
			shift = now.Sub(s.Wall())
		}
		s.Log.Warn("the bot did not hear for a while; whoever is asked something is asked again", "from", before, "until", until)
		return s.Desk.AskAgain(tx, before.Add(shift), until.Add(shift), now)
	})
}
