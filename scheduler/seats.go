package scheduler

import (
	"context"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// seatsEvery is how often it is looked whether commissions are made up as those who
// are asked to their meetings. What a person may see or do is asked each time anyway.
const seatsEvery = time.Minute

// seats lets those go from the meetings to come whose role in the commission has
// ended by its date, and invites who has joined it since.
func (s *Scheduler) seats(ctx context.Context) (int, error) {
	now := s.Now()
	if !s.seated.IsZero() && now.Sub(s.seated) < seatsEvery && !now.Before(s.seated) {
		return 0, nil
	}
	s.seated = now
	var amiss []mahalla.MeetingID
	err := s.DB.InTx(ctx, func(tx *storage.Tx) (err error) {
		amiss, err = tx.Amiss(now)
		return err
	})
	if err != nil {
		return 0, err
	}
	for _, id := range amiss {
		if err := s.DB.InTx(ctx, func(tx *storage.Tx) error { return s.Desk.SeatMeeting(tx, id, now) }); err != nil {
			s.Log.Error("a meeting was not seated anew and will be tried again", "meeting", id, "error", storage.Loggable(err))
		}
	}
	left, err := s.left(ctx, now)
	return len(amiss) + left, err
}

// mostLeft is of how many people whose role has ended the cards are looked at at once.
const mostLeft = 100

// left brings the cards of those up to date of whom a role has ended by its date.
func (s *Scheduler) left(ctx context.Context, now time.Time) (int, error) {
	var people []mahalla.PersonID
	err := s.DB.InTx(ctx, func(tx *storage.Tx) (err error) {
		people, err = tx.Left(now, mostLeft)
		return err
	})
	if err != nil {
		return 0, err
	}
	for _, p := range people {
		if err := s.DB.InTx(ctx, func(tx *storage.Tx) error { return s.Desk.LeaveRole(tx, p, now) }); err != nil {
			s.Log.Error("the cards of somebody whose role has ended will be looked at again", "person", p, "error", storage.Loggable(err))
		}
	}
	return len(people), nil
}
