package storage_test

import (
	"errors"
	"testing"
	"time"

	"koprik/storage"
)

func TestWhatWaitedWhenAReplicaDiedIsSuspect(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if _, err := w.db.StoreUpdates(w.ctx, []storage.Update{{Dedup: "m:7:1", UpdateID: 1, Chat: 7, Payload: []byte("{}")}}); err != nil {
		t.Fatal(err)
	}
	back := errors.New("back")
	suspect := func() (is bool) {
		err := w.db.InTx(w.ctx, func(tx *storage.Tx) error {
			u, err := tx.ClaimUpdate()
			if is = u.Suspect; err == nil {
				err = back
			}
			return err
		})
		if !errors.Is(err, back) {
			t.Fatal(err)
		}
		return is
	}
	if suspect() {
		t.Error("it is suspect though nobody has died")
	}
	w.db.FoundDead(time.Now().Add(-time.Hour))
	if suspect() {
		t.Error("it is suspect though it came after the death")
	}
	w.db.FoundDead(time.Now().Add(time.Second))
	w.db.FoundDead(time.Now().Add(-time.Hour)) // an earlier one takes nothing back
	if !suspect() {
		t.Error("it is not suspect though it waited when a replica died")
	}
}
