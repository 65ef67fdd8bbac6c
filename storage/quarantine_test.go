package storage_test

import (
	"errors"
	"testing"
	"time"

	"koprik/storage"
)

// aside stores two updates of a chat and puts the first into quarantine.
func (w *world) aside() (first storage.Update) {
	w.Helper()
	_, err := w.db.StoreUpdates(w.ctx, []storage.Update{
		{Dedup: "m:7:1", UpdateID: 1, Chat: 7, Payload: []byte("one")}, {Dedup: "m:7:2", UpdateID: 2, Chat: 7, Payload: []byte("two")}})
	w.must(err)
	w.must(w.db.InTx(w.ctx, func(tx *storage.Tx) (err error) {
		if first, err = tx.ClaimUpdate(); err != nil {
			return err
		}
		return tx.QuarantineUpdate(first, "panic")
	}))
	return first
}

func TestAnUpdateThatIsTriedAgainComesBeforeWhatItsChatSentSince(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.aside()
	var list []storage.Quarantined
	w.must(w.db.Read(w.ctx, func(tx *storage.Tx) (err error) {
		list, err = tx.Quarantine(10)
		return err
	}))
	if len(list) != 1 || list[0].ID != first.ID || list[0].Reason != "panic" || list[0].Attempts != 1 || !list[0].Whole || time.Since(list[0].PutAside) > time.Hour {
		t.Fatalf("got %+v", list)
	}
	w.must(w.db.InTx(w.ctx, func(tx *storage.Tx) error { return tx.Retry(first.ID) }))
	for _, want := range []string{"one", "two"} {
		w.must(w.db.InTx(w.ctx, func(tx *storage.Tx) error {
			u, err := tx.ClaimUpdate()
			if err != nil {
				return err
			}
			if string(u.Payload) != want || u.Attempts != 0 {
				t.Errorf("got %q after %d attempts, want %q", u.Payload, u.Attempts, want)
			}
			return tx.FinishUpdate(u)
		}))
	}
	if err := w.db.InTx(w.ctx, func(tx *storage.Tx) error { _, err := tx.ClaimUpdate(); return err }); !errors.Is(err, storage.ErrNothing) {
		t.Errorf("got %v, want nothing left", err)
	}
}

func TestOnlyWhatIsInQuarantineAndStillKeptIsTriedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.aside()
	act := func(f func(*storage.Tx) error) error { return w.db.InTx(w.ctx, f) }
	if err := act(func(tx *storage.Tx) error { return tx.Retry(first.ID + 1) }); !errors.Is(err, storage.ErrNotAside) {
		t.Errorf("one that waits: got %v", err)
	}
	w.exec("UPDATE inbox SET payload = '' WHERE id = $1", first.ID)
	if err := act(func(tx *storage.Tx) error { return tx.Retry(first.ID) }); !errors.Is(err, storage.ErrForgotten) {
		t.Errorf("one whose words are gone: got %v", err)
	}
	w.must(act(func(tx *storage.Tx) error { return tx.Drop(first.ID) }))
	if err := act(func(tx *storage.Tx) error { return tx.Drop(first.ID) }); !errors.Is(err, storage.ErrNotAside) {
		t.Errorf("one that was dropped: got %v", err)
	}
}
