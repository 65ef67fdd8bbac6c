package storage_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"koprik/storage"
)

func TestAValueThatNoKeyOpensEndsNoRotation(t *testing.T) {
	t.Parallel()
	w, path := sealedWorld(t)
	c := w.filed(1).ID
	w.said(w.db, c, "hello")
	first := w.keyIDs()[0]
	w.must(rotate(w.ctx, w.db))
	// Its key was never one of ours; another lost a bit of what the first key has sealed.
	w.exec("UPDATE people SET name = decode('01deadbeef' || repeat('00', 28), 'hex') WHERE id = $1", w.resident.ID)
	w.exec("UPDATE people SET name = decode('01' || lpad(to_hex($2::bigint), 8, '0') || repeat('00', 28), 'hex') WHERE id = $1", w.officer.ID, first)
	want := []storage.Damaged{{Table: "people", Column: "name", Row: fmt.Sprint(int64(w.resident.ID))}, {Table: "people", Column: "name", Row: fmt.Sprint(int64(w.officer.ID))}}
	for range 2 {
		if _, begun, err := w.db.OfferKey(w.ctx); err != nil || !begun {
			t.Fatalf("got %v, %v, want another rotation to begin", begun, err)
		}
		w.must(rotate(w.ctx, w.db))
		list, all, err := w.db.Damaged(w.ctx, 1)
		if err != nil || all != 2 || len(list) != 1 {
			t.Errorf("damaged: got %v of %d, %v, want one named of two", list, all, err)
		}
		if list, _, _ = w.db.Damaged(w.ctx, 9); !slices.Equal(list, want) {
			t.Errorf("damaged: got %v, want %v", list, want)
		}
	}
	if got := w.wordsOf(w.db, c); !slices.Equal(got, []string{"hello"}) {
		t.Errorf("got %q", got)
	}
	w.must(w.db.DropKey(w.ctx, first))
	if got := w.wordsOf(w.opened(path), c); !slices.Equal(got, []string{"hello"}) {
		t.Errorf("after a restart: got %q", got)
	}
}

func TestNoKeyIsDroppedUnderATransactionThatSealedWithIt(t *testing.T) {
	t.Parallel()
	w, path := sealedWorld(t)
	c := w.filed(1).ID
	old := w.keyIDs()[0]
	db := w.opened(path) // as a replica of before does
	sealed, goOn, done := make(chan bool), make(chan bool), make(chan error)
	go func() {
		done <- db.InTx(w.ctx, func(tx *storage.Tx) error {
			err := tx.AddReport(c, storage.Report{Kind: storage.KindAddition, Person: w.resident.ID, Words: "on its way", At: morning})
			_, err2 := tx.Reports(c) // sends it
			sealed <- true
			<-goOn
			return errors.Join(err, err2)
		})
	}()
	<-sealed
	w.must(rotate(w.ctx, w.db))
	if err := w.db.DropKey(w.ctx, old); !errors.Is(err, storage.ErrUnsettled) {
		t.Errorf("while it goes on: got %v, want the key to stay", err)
	}
	close(goOn)
	w.must(<-done)
	if err := w.db.DropKey(w.ctx, old); !errors.Is(err, storage.ErrKeyInUse) {
		t.Errorf("once it has ended: got %v, want the key in use", err)
	}
	w.must(rotate(w.ctx, w.db))
	w.must(w.db.DropKey(w.ctx, old))
	w.must(w.opened(path).Read(w.ctx, func(tx *storage.Tx) error {
		list, err := tx.Reports(c)
		if len(list) != 1 || list[0].Words != "on its way" {
			t.Errorf("got %+v", list)
		}
		return err
	}))
}
