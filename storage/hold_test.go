package storage_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// stored puts n updates of one chat into the inbox.
func stored(t *testing.T, db *storage.DB, n int) {
	t.Helper()
	var list []storage.Update
	for i := range n {
		list = append(list, storage.Update{Dedup: fmt.Sprint("m:42:", i), UpdateID: int64(i + 1), Chat: 42, Payload: []byte("x")})
	}
	if got, err := db.StoreUpdates(t.Context(), list); err != nil || got != n {
		t.Fatalf("stored %d, %v, want %d", got, err, n)
	}
}

// claimed claims an update in a transaction that is then rolled back.
func claimed(t *testing.T, db *storage.DB) (u storage.Update, err error) {
	t.Helper()
	failed := db.InTx(t.Context(), func(tx *storage.Tx) error {
		if u, err = tx.ClaimUpdate(); err != nil {
			return err
		}
		return errTest
	})
	if err == nil && !errors.Is(failed, errTest) {
		err = failed
	}
	return u, err
}

func TestWhileAFailedUpdateIsHeldNobodyServesItsChat(t *testing.T) {
	t.Parallel()
	db := openDB(t)
	stored(t, db, 2)
	first, err := claimed(t, db)
	if err != nil {
		t.Fatal(err)
	}
	err = db.InTx(t.Context(), func(tx *storage.Tx) error {
		if held, err := tx.HoldUpdate(first); err != nil || !held {
			t.Errorf("got %v, %v, want it held", held, err)
		}
		if u, err := claimed(t, db); !errors.Is(err, storage.ErrNothing) {
			t.Errorf("another worker got update %d, %v, want nothing", u.ID, err)
		}
		return tx.QuarantineUpdate(first, "panic")
	})
	if err != nil {
		t.Fatal(err)
	}
	if second, err := claimed(t, db); err != nil || second.ID == first.ID {
		t.Errorf("got %d, %v, want the next one", second.ID, err)
	}
}

func TestAFailureThatSomebodyElseHasCountedIsNotCountedTwice(t *testing.T) {
	t.Parallel()
	db := openDB(t)
	stored(t, db, 1)
	u, err := claimed(t, db)
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range []bool{true, false} {
		err := db.InTx(t.Context(), func(tx *storage.Tx) error {
			held, err := tx.HoldUpdate(u)
			if held != want {
				t.Errorf("worker %d: got %v, want %v", n, held, want)
			}
			if err != nil || !held {
				return err
			}
			return tx.PostponeUpdate(u, 0, "error")
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if u, err = claimed(t, db); err != nil || u.Attempts != 1 {
		t.Errorf("attempts: got %d, %v, want 1", u.Attempts, err)
	}
}

func TestAnUpdateThatWasFinishedIsNotHeldAgain(t *testing.T) {
	t.Parallel()
	db := openDB(t)
	stored(t, db, 1)
	u, err := claimed(t, db)
	if err != nil {
		t.Fatal(err)
	}
	err = db.InTx(t.Context(), func(tx *storage.Tx) error {
		claimed, err := tx.ClaimUpdate()
		if err != nil {
			return err
		}
		return tx.FinishUpdate(claimed)
	})
	if err != nil {
		t.Fatal(err)
	}
	err = db.InTx(t.Context(), func(tx *storage.Tx) error {
		if held, err := tx.HoldUpdate(u); err != nil || held {
			t.Errorf("got %v, %v, want it gone", held, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAMessageThatIsTriedAgainKeepsItsLane(t *testing.T) {
	t.Parallel()
	db := openDB(t)
	send := func(chat int64, lanes ...mahalla.Lane) {
		t.Helper()
		err := db.InTx(t.Context(), func(tx *storage.Tx) error {
			c, err := tx.AddPerson(chat, "x", mahalla.Ru, time.Unix(0, 0))
			for _, lane := range lanes {
				if err == nil {
					err = tx.Send(c.Recipient(), mahalla.Notice{Kind: "test", Lane: lane}, 0, time.Unix(0, 0), time.Time{})
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	next := func() (m storage.Message) {
		t.Helper()
		err := db.InTx(t.Context(), func(tx *storage.Tx) error {
			list, err := tx.ClaimMessages(1, time.Minute)
			if err != nil || len(list) != 1 {
				return fmt.Errorf("claimed %d: %w", len(list), err)
			}
			m = list[0]
			return tx.FinishMessages([]storage.Delivery{{Message: m, Fate: storage.FateRetry}}, storage.Pace{})
		})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	send(1, mahalla.LaneUrgent, mahalla.LaneBroadcast)
	send(2, mahalla.LaneReminder)
	for range 3 {
		if m := next(); m.Chat != 1 {
			t.Fatalf("chat %d was served, want the one with an urgent message", m.Chat)
		}
	}
}
