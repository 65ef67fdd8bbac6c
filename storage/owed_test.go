package storage_test

import (
	"testing"
	"time"

	"koprik/storage"
)

func TestAnAnswerIsOwedUntilItIsPaidAndOneAtATimeMayGiveIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owed := storage.Owed{Inbox: 7, Press: "77"}
	claim := func(patience time.Duration) []storage.Owed {
		list, err := w.db.ClaimOwed(w.ctx, nil, 9, patience)
		w.must(err)
		return list
	}
	w.tx(func(tx *storage.Tx) error { tx.Owe(owed, time.Hour); return nil })
	same(t, "while its replica may answer", claim(0), []storage.Owed{})
	w.exec("UPDATE owed SET due_at = now()")
	same(t, "overdue", claim(time.Hour), []storage.Owed{owed})
	same(t, "while somebody answers", claim(0), []storage.Owed{})
	w.exec("UPDATE owed SET due_at = now()")
	same(t, "overdue again", claim(0), []storage.Owed{owed})
	w.must(w.db.Paid(w.ctx, []int64{7, 8}))
	same(t, "paid", claim(0), []storage.Owed{})
	err := w.db.InTx(w.ctx, func(tx *storage.Tx) error {
		tx.Owe(owed, 0)
		return errTest
	})
	if err == nil || len(claim(0)) != 0 {
		t.Errorf("an effect that was undone owes an answer: %v", err)
	}
}
