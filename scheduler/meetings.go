package scheduler

import (
	"context"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// meetings lets happen what is due of meetings: drafts that were left lying are
// offered again, and in the evening before, at the beginning and at the end it is
// looked who comes. One that was over before that, because the bot was away, is
// only marked.
func (s *Scheduler) meetings(ctx context.Context) (int, error) {
	now := s.heardBy(s.Now())
	if now.IsZero() {
		return 0, nil
	}
	var due []mahalla.MeetingID
	err := s.DB.InTx(ctx, func(tx *storage.Tx) (err error) {
		due, err = tx.DueMeetings(now, batch)
		return err
	})
	if err != nil {
		return 0, err
	}
	for _, id := range due {
		var news mahalla.MeetingNews
		err := s.DB.InTx(ctx, func(tx *storage.Tx) (err error) {
			news, err = s.Desk.WakeMeeting(tx, id, now)
			return err
		})
		switch {
		case err != nil:
			s.Log.Error("a meeting failed and will be tried again", "meeting", id, "error", storage.Loggable(err))
		case news == mahalla.MeetingMissed:
			s.Log.Warn("a meeting was over before anybody could be told of it", "meeting", id)
		}
		s.putOff(ctx, id, err, func(tx *storage.Tx, wait time.Duration) { tx.PutOffMeeting(id, now, s.Now().Add(wait)) })
	}
	return len(due), nil
}
