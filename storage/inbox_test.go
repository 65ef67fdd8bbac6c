package storage_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"koprik/storage"
)

// serve claims one update and finishes it; false when none is free.
func serve(ctx context.Context, db *storage.DB, seen func(storage.Update)) (bool, error) {
	err := db.InTx(ctx, func(tx *storage.Tx) error {
		u, err := tx.ClaimUpdate()
		if err != nil {
			return err
		}
		seen(u) // the chat is ours until the commit
		return tx.FinishUpdate(u)
	})
	if errors.Is(err, storage.ErrNothing) || errors.Is(err, storage.ErrAgain) {
		return false, nil
	}
	return err == nil, err
}

func TestEightWorkersServeEachUpdateOnceAndEachChatInOrder(t *testing.T) {
	t.Parallel()
	const updates, chats, workers, batch = 2000, 50, 8, 40
	w := newWorld(t)
	var mu sync.Mutex
	got := map[int64][]int64{}
	var done atomic.Int64
	ctx, cancel := context.WithTimeout(w.ctx, 2*time.Minute)
	defer cancel()
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for done.Load() < updates && ctx.Err() == nil {
				served, err := serve(ctx, w.db, func(u storage.Update) {
					mu.Lock()
					defer mu.Unlock()
					got[u.Chat] = append(got[u.Chat], u.UpdateID)
				})
				switch {
				case err != nil:
					t.Error(storage.Loggable(err))
					cancel()
				case served:
					done.Add(1)
				default:
					runtime.Gosched()
				}
			}
		})
	}
	for begin := 0; begin < updates; begin += batch {
		var list []storage.Update
		for n := max(0, begin-5); n < begin+batch; n++ { // some of them once more
			list = append(list, storage.Update{Dedup: fmt.Sprint(n), UpdateID: int64(n), Chat: int64(n % chats), Payload: []byte("{}")})
		}
		if fresh, err := w.db.StoreUpdates(ctx, list); err != nil || fresh != batch {
			t.Fatalf("stored %d, %v, want %d", fresh, err, batch)
		}
	}
	group.Wait()
	for chat := range int64(chats) {
		if len(got[chat]) != updates/chats {
			t.Errorf("chat %d: got %d updates, want %d", chat, len(got[chat]), updates/chats)
		}
		for n, id := range got[chat] {
			if want := chat + int64(n*chats); id != want {
				t.Fatalf("chat %d: update %d came as number %d, want %d", chat, id, n, want)
			}
		}
	}
	if n := w.number("SELECT count(*) FROM inbox WHERE state <> 1") + w.number("SELECT sum(waiting) FROM inbox_chats"); n != 0 {
		t.Errorf("left over: %d", n)
	}
}

func TestIntakeNeverWaitsForAWorkerThatHoldsTheChat(t *testing.T) {
	t.Parallel()
	w := newWorldWith(t, "lock_timeout = '5s'") // a wait is an error
	stored(t, w.db, 1)
	w.tx(func(tx *storage.Tx) error {
		u, err := tx.ClaimUpdate()
		if err != nil {
			return err
		}
		fresh, err := w.db.StoreUpdates(w.ctx, []storage.Update{{Dedup: "later", Chat: u.Chat, Payload: []byte("x")}, {Dedup: u.Dedup, Chat: u.Chat, Payload: []byte("x")}})
		if err != nil || fresh != 1 {
			t.Errorf("got %d, %v, want the later one stored", fresh, err)
		}
		return tx.FinishUpdate(u)
	})
	if served, err := serve(w.ctx, w.db, func(u storage.Update) {
		if u.Dedup != "later" {
			t.Errorf("got %s next", u.Dedup)
		}
	}); !served {
		t.Errorf("the later one is not there: %v", err)
	}
}

func TestARepeatedUpdateIsStoredOnceAlsoAfterItWasServed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	u := storage.Update{Dedup: "m:1:1", UpdateID: 5, Chat: 1, Payload: []byte("first")}
	again := u
	again.UpdateID, again.Payload = 99, []byte("second")
	store := func(list ...storage.Update) int {
		fresh, err := w.db.StoreUpdates(w.ctx, list)
		w.must(err)
		return fresh
	}
	if n := store(u, again); n != 1 {
		t.Errorf("in one batch: got %d, want 1", n)
	}
	if n := store(again); n != 0 {
		t.Errorf("in another: got %d, want 0", n)
	}
	if n := store(); n != 0 {
		t.Errorf("nothing: got %d", n)
	}
	served, err := serve(w.ctx, w.db, func(got storage.Update) {
		if got.UpdateID != 5 || string(got.Payload) != "first" || got.Attempts != 0 || got.Stored.IsZero() {
			t.Errorf("got %+v, want the first", got)
		}
	})
	if !served {
		t.Fatal(err)
	}
	if n := store(again); n != 0 {
		t.Errorf("after it was served: got %d, want 0", n)
	}
	if served, _ := serve(w.ctx, w.db, func(storage.Update) {}); served {
		t.Error("it was served twice")
	}
	if n := w.number("SELECT count(*) FROM inbox WHERE payload IS NULL"); n != 1 {
		t.Error("what was served still says what it said")
	}
}

func TestAPostponedUpdateStaysAtTheHeadAndAQuarantinedOneLetsItsChatGoOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	stored(t, w.db, 3)
	postpone := func(wait time.Duration) (u storage.Update) {
		w.tx(func(tx *storage.Tx) (err error) {
			if u, err = tx.ClaimUpdate(); err != nil {
				return err
			}
			return tx.PostponeUpdate(u, wait, "error")
		})
		return u
	}
	first := postpone(0)
	second := postpone(time.Hour)
	if first.ID != second.ID || second.Attempts != 1 {
		t.Errorf("got %d with %d attempts after %d, want the same once more", second.ID, second.Attempts, first.ID)
	}
	if _, err := claimed(t, w.db); !errors.Is(err, storage.ErrNothing) {
		t.Errorf("before its time: got %v, want nothing", err)
	}
	w.exec("UPDATE inbox_chats SET ready_at = now()")
	w.tx(func(tx *storage.Tx) error {
		u, err := tx.ClaimUpdate()
		if err != nil {
			return err
		}
		return tx.QuarantineUpdate(u, "panic")
	})
	next, err := claimed(t, w.db)
	if err != nil || next.ID == first.ID {
		t.Errorf("got %d, %v, want the one behind", next.ID, err)
	}
	if n := w.number("SELECT attempts FROM inbox WHERE state = 2 AND reason = 'panic' AND payload IS NOT NULL"); n != 3 {
		t.Errorf("the quarantined one: got %d attempts, want 3 and what it said", n)
	}
	count, oldest, err := w.db.InboxWaiting(w.ctx)
	if err != nil || count != 2 || oldest < 0 {
		t.Errorf("waiting: got %d, %v, %v, want 2", count, oldest, err)
	}
}

func TestNewUpdatesDoNotWakeAChatBeforeItsTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	stored(t, w.db, 1)
	w.tx(func(tx *storage.Tx) error {
		u, err := tx.ClaimUpdate()
		if err != nil {
			return err
		}
		return tx.PostponeUpdate(u, time.Hour, "error")
	})
	if _, err := w.db.StoreUpdates(w.ctx, []storage.Update{{Dedup: "later", Chat: 42, Payload: []byte("x")}}); err != nil {
		t.Fatal(err)
	}
	if u, err := claimed(t, w.db); !errors.Is(err, storage.ErrNothing) {
		t.Errorf("got %+v, %v, want nothing yet", u, err)
	}
}

func TestTheChatThatHasWaitedLongestIsServedFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, chat := range []int64{3, 1, 2, 3} {
		_, err := w.db.StoreUpdates(w.ctx, []storage.Update{{Dedup: fmt.Sprint(chat, w.number("SELECT count(*) FROM inbox")), Chat: chat, Payload: []byte("x")}})
		w.must(err)
	}
	var order []int64
	for range 4 {
		served, err := serve(w.ctx, w.db, func(u storage.Update) { order = append(order, u.Chat) })
		if !served {
			t.Fatal(err)
		}
	}
	same(t, "chats", order, []int64{3, 1, 2, 3})
}

func TestACounterThatPromisedTooMuchIsMended(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	stored(t, w.db, 2)
	w.exec("DELETE FROM inbox")
	if _, err := claimed(t, w.db); !errors.Is(err, storage.ErrAgain) {
		t.Errorf("got %v, want to be asked again", err)
	}
	w.tx(func(tx *storage.Tx) error { tx.RecountInbox(42); return nil })
	if _, err := claimed(t, w.db); !errors.Is(err, storage.ErrNothing) {
		t.Errorf("mended: got %v, want nothing", err)
	}
}

func TestWhatCannotBeReadIsKeptInQuarantineOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 2 {
		w.must(w.db.StoreQuarantined(w.ctx, "x:1", []byte("{broken"), "unreadable"))
		w.must(w.db.StoreQuarantined(w.ctx, "x:2", nil, "empty"))
	}
	if n := w.number("SELECT count(*) FROM inbox WHERE state = 2"); n != 2 {
		t.Errorf("got %d, want both once", n)
	}
	var sealed []byte
	w.must(w.conn.QueryRow(w.ctx, "SELECT payload FROM inbox WHERE dedup = 'x:1'").Scan(&sealed))
	if got, err := w.db.Unseal("inbox", "payload", "x:1", sealed); err != nil || got != "{broken" {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := claimed(t, w.db); !errors.Is(err, storage.ErrNothing) {
		t.Errorf("got %v, want nobody to serve it", err)
	}
	if count, oldest, err := w.db.InboxWaiting(w.ctx); count != 0 || oldest != 0 || err != nil {
		t.Errorf("waiting: got %d, %v, %v", count, oldest, err)
	}
}
