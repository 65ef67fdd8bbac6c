package storage_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/storage"
)

func TestNobodySealsWithAKeyThatWasDropped(t *testing.T) {
	t.Parallel()
	w, path := sealedWorld(t)
	c := w.filed(1)
	stalled, command, rotating := w.opened(path), w.opened(path), w.opened(path)
	w.appear(stalled)
	// The connection of the sign is lost and none can be had anew; the pool works.
	id := w.number("SELECT id FROM replicas")
	block, err := pgx.Connect(w.ctx, w.url)
	w.must(err)
	defer func() { _ = block.Close(context.Background()) }()
	_, err = block.Exec(w.ctx, fmt.Sprintf("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND classid = 3 AND objid = %d", id))
	w.must(err)
	_, err = block.Exec(w.ctx, fmt.Sprintf("SELECT pg_advisory_lock(3, %d)", id))
	w.must(err)
	w.said(command, c.ID, "before")
	w.must(rotate(w.ctx, rotating))
	w.said(command, c.ID, "after the rotation, still sure of the old key")
	keys, err := rotating.Keys(w.ctx)
	w.must(err)
	for _, k := range keys {
		if k.Primary {
			continue
		}
		_ = rotating.Reseal(w.ctx, func(string, int) {})
		w.must(rotating.DropKey(w.ctx, k.ID))
	}
	w.said(stalled, c.ID, "of a replica without a sign")
	w.said(command, c.ID, "of a command")
	if list, all, err := rotating.Damaged(w.ctx, 10); err != nil || all > 0 {
		t.Errorf("values that no key opens: got %v, %v, want none", list, err)
	}
	same(t, "what was said", len(w.wordsOf(rotating, c.ID)), 4)
}

func TestWhoHasNotBeenToldWhichKeySealsDoesNotSealAndAsks(t *testing.T) {
	t.Parallel()
	w, path := sealedWorld(t)
	c := w.filed(1)
	var ahead atomic.Int64
	seals, err := storage.KeepSeals(w.ctx, w.url, path)
	w.must(err)
	db, err := storage.Open(w.ctx, storage.Options{URL: w.url, Wall: func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }}, seals)
	w.must(err)
	defer db.Close()
	report := func(stall time.Duration) error {
		return db.InTx(w.ctx, func(tx *storage.Tx) error {
			ahead.Add(int64(stall))
			return tx.AddReport(c.ID, storage.Report{Kind: storage.KindAddition, Person: w.resident.ID, Words: "x", At: morning})
		})
	}
	w.must(report(0))
	for _, stall := range []time.Duration{20 * time.Second, -20 * time.Second} {
		if err := report(stall); !storage.Away(err) || storage.Loggable(err) != storage.Silence {
			t.Errorf("after %s: got %v, want that nobody could be asked", stall, err)
		}
		w.must(report(0))
	}
}
