package storage_test

import (
	"sync"
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// reminded are reminders about some matters, for the three of the world, due at a moment.
func (w *world) reminded(at time.Time, abouts ...int64) (list []mahalla.Reminder) {
	for _, about := range abouts {
		for _, p := range []*storage.Contact{w.resident, w.officer, w.stranger} {
			list = append(list, mahalla.Reminder{Kind: mahalla.RemindMeeting1d, About: about, To: p.ID, Due: at, Until: at.Add(time.Hour)})
		}
	}
	return list
}

// giveDue does what the scheduler does: it claims what is due and gives it, after
// whatever comes between.
func (w *world) giveDue(now time.Time, between func()) error {
	return w.db.InTx(w.ctx, func(tx *storage.Tx) error {
		list, err := tx.ClaimReminders(now, 10)
		if err != nil {
			return err
		}
		between()
		byPerson := map[mahalla.PersonID][]int64{}
		for _, r := range list {
			byPerson[r.To] = append(byPerson[r.To], r.ID)
		}
		for p, ids := range byPerson {
			n := mahalla.Notice{Kind: mahalla.NoticeRemind, To: p, Lane: mahalla.LaneReminder}
			if err := tx.GiveReminders(storage.Recipient{Person: p, Chat: int64(p)}, n, ids, now); err != nil {
				return err
			}
		}
		return nil
	})
}

// sendHeads does what the sender does with whatever is at the head of the chats.
func (w *world) sendHeads(fate storage.Fate) error {
	var list []storage.Message
	err := w.db.InTx(w.ctx, func(tx *storage.Tx) (err error) {
		list, err = tx.ClaimMessages(10, time.Minute)
		return err
	})
	if err != nil || len(list) == 0 {
		return err
	}
	done := make([]storage.Delivery, len(list))
	for i, m := range list {
		done[i] = storage.Delivery{Message: m, Fate: fate, MessageID: m.ID}
	}
	return w.db.InTx(w.ctx, func(tx *storage.Tx) error { return tx.FinishMessages(done, storage.Pace{}) })
}

// blocked tells whether some session waits for a lock of another one.
func (w *world) blocked() bool {
	return w.number("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") > 0
}

func TestWhatIsCancelledWhileItIsGivenIsNotSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.tx(func(tx *storage.Tx) error { return tx.PlanReminders(w.reminded(morning, 77)) })
	done := make(chan error, 1)
	w.must(w.giveDue(morning, func() {
		go func() {
			done <- w.db.InTx(w.ctx, func(tx *storage.Tx) error { tx.CancelReminders(77, "moved"); return nil })
		}()
		eventually(t, "the cancelling waits for the giving", w.blocked)
	}))
	w.must(<-done)
	if n := w.number("SELECT count(*) FROM reminders WHERE state = 'cancelled' AND outbox_id IS NOT NULL"); n != 3 {
		t.Errorf("%d of 3 that lie in the outbox are cancelled", n)
	}
}

func TestWhatIsCancelledAfterItsMessageWasDroppedDoesNotComeAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for about, fate := range map[int64]storage.Fate{77: storage.FateDropped, 78: storage.FateRefused} {
		w.tx(func(tx *storage.Tx) error { return tx.PlanReminders(w.reminded(morning, about)) })
		w.must(w.giveDue(morning, func() {}))
		w.must(w.sendHeads(fate))
		w.tx(func(tx *storage.Tx) error { tx.CancelReminders(about, "moved"); return nil })
	}
	w.tx(func(tx *storage.Tx) error {
		list, err := tx.UnsentReminders(10)
		if len(list) != 3 || !list[0].Refused || list[0].About != 78 {
			t.Errorf("got %+v, want those that were refused, of which the owner is told", list)
		}
		return err
	})
}

func TestWhatWasPlannedInARefusedStepIsForgotten(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.tx(func(tx *storage.Tx) error {
		if err := tx.PlanReminders(w.reminded(morning, 77)); err != nil {
			return err
		}
		err := tx.Try(func() error {
			tx.CancelReminders(77, "moved")
			return mahalla.Refuse(mahalla.Conflict, "meeting_over")
		})
		refused(t, err, "meeting_over")
		return nil
	})
	if n := w.number("SELECT count(*) FROM reminders WHERE state = 'waiting'"); n != 3 {
		t.Errorf("%d wait, want 3", n)
	}
}

// Meetings are moved to and fro while their reminders are given, sent and put off: of
// a moment that was left nothing may wait or lie in the outbox, and nobody may have
// been locked out by somebody else.
func TestMovingMeetingsWhileTheirRemindersAreGivenAndSent(t *testing.T) {
	t.Parallel()
	w := newWorldWith(t, "deadlock_timeout = '10ms'")
	abouts := []int64{71, 72, 73, 74}
	const rounds = 60
	w.tx(func(tx *storage.Tx) error { return tx.PlanReminders(w.reminded(morning, abouts...)) })
	last := morning.Add(rounds * time.Minute)
	movers, others := sync.WaitGroup{}, sync.WaitGroup{}
	over := make(chan struct{})
	move := func(round int, order []int64) {
		from, to := morning.Add(time.Duration(round)*time.Minute), morning.Add(time.Duration(round+1)*time.Minute)
		w.tx(func(tx *storage.Tx) error {
			for _, about := range order { // several in one transaction, in any order
				tx.CancelReminders(about, "moved")
				if err := tx.PlanReminders(w.reminded(to, about)); err != nil {
					return err
				}
			}
			return nil
		})
		if n := w.number("SELECT count(*) FROM reminders WHERE due_at <= $1 AND about_id = ANY($2) AND state IN ('waiting', 'given')", from, order); n > 0 {
			t.Errorf("round %d: %d of a moment that was left may still be sent", round, n)
		}
	}
	movers.Go(func() {
		for i := range rounds {
			move(i, [][]int64{{74, 71, 73, 72}, {71, 72, 73, 74}, {73, 71, 74, 72}}[i%3])
		}
	})
	run := func(step func() error) {
		others.Go(func() {
			for {
				select {
				case <-over:
					return
				default:
				}
				if err := step(); err != nil {
					t.Error(storage.Loggable(err))
					return
				}
			}
		})
	}
	for range 2 {
		run(func() error { return w.giveDue(last, func() {}) })
		run(func() error { return w.sendHeads(storage.FateSent) })
	}
	run(func() error {
		return w.db.InTx(w.ctx, func(tx *storage.Tx) error {
			last, err := tx.LastGiven(w.resident.ID)
			if err != nil {
				return err
			}
			list, err := tx.RemindersIn(w.resident.ID, last)
			for _, r := range list {
				if r.State == storage.ReminderGiven {
					tx.SnoozeReminder(r.ID, r.Due, r.Until)
				}
			}
			return err
		})
	})
	movers.Wait()
	close(over)
	others.Wait()
	w.exec("SELECT pg_stat_force_next_flush()")
	if n := w.number("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"); n > 0 {
		t.Errorf("%d deadlocks", n)
	}
	if n := w.number("SELECT count(*) FROM reminders WHERE state = 'cancelled' AND outbox_id IS NOT NULL"); n == 0 {
		t.Error("nothing was cancelled after it was given: the race was none")
	}
}
