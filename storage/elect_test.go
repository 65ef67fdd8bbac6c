package storage_test

import (
	"context"
	"errors"
	"testing"

	"koprik/storage"
)

func TestOneReplicaHoldsATaskUntilItResigns(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	held, resign, err := w.db.Elect(w.ctx, storage.TaskPoll)
	w.must(err)
	second := make(chan func())
	go func() {
		_, resign, err := w.db.Elect(w.ctx, storage.TaskPoll)
		if err != nil {
			t.Error(err)
			close(second)
			return
		}
		second <- resign
	}()
	eventually(t, "the second replica asks", func() bool {
		return w.number("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_try_advisory_lock%' AND pid <> pg_backend_pid()") == 2
	})
	select {
	case <-second:
		t.Fatal("two hold the task")
	default:
	}
	if held.Err() != nil {
		t.Errorf("the first lost it: %v", context.Cause(held))
	}
	resign()
	resign() // twice does no harm
	if held.Err() == nil {
		t.Error("a task that was resigned is still held")
	}
	(<-second)()
}

func TestATaskIsLostWithItsConnection(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	held, resign, err := w.db.Elect(w.ctx, storage.TaskPoll)
	w.must(err)
	defer resign()
	w.exec(`SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND classid = 2
		AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`)
	<-held.Done()
	if !errors.Is(context.Cause(held), storage.ErrLost) {
		t.Errorf("got %v, want that it was lost", context.Cause(held))
	}
}

func TestWhoeverWaitsForATaskCanStopWaiting(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, resign, err := w.db.Elect(w.ctx, storage.TaskPoll)
	w.must(err)
	defer resign()
	ctx, cancel := context.WithCancel(w.ctx)
	failed := make(chan error, 1)
	go func() {
		_, _, err := w.db.Elect(ctx, storage.TaskPoll)
		failed <- err
	}()
	cancel()
	if err := <-failed; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want that it was cancelled", err)
	}
	eventually(t, "the connection ends", func() bool {
		return w.number("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_try_advisory_lock%' AND pid <> pg_backend_pid()") == 1
	})
}
