package storage

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

func TestWhatCouldNotBeWrittenIsRememberedUntilItCanOrForAWhile(t *testing.T) {
	t.Parallel()
	full := fmt.Errorf("storage: %w", &pgconn.PgError{Code: "53100"})
	ago := func(d time.Duration) int64 { return time.Now().Add(-d).UnixNano() }
	for _, test := range []struct {
		name string
		do   func(u *unwritten)
		want bool
	}{
		{"at the beginning", func(*unwritten) {}, true},
		{"an update was not stored", func(u *unwritten) { u.tookUpdates(full) }, false},
		{"for whatever reason", func(u *unwritten) { u.tookUpdates(context.DeadlineExceeded) }, false},
		{"because the program stops", func(u *unwritten) { u.tookUpdates(context.Canceled) }, true},
		{"because the database was away", func(u *unwritten) { u.tookUpdates(&pgconn.PgError{Code: "57P02"}) }, true},
		{"and then one was", func(u *unwritten) { u.tookUpdates(full); u.tookUpdates(nil) }, true},
		{"a while ago", func(u *unwritten) { u.update.Store(ago(updateCounts + time.Second)) }, true},
		{"a transaction found no room", func(u *unwritten) { u.tookWork(full) }, false},
		{"and then one did", func(u *unwritten) { u.tookWork(full); u.tookWork(nil) }, false},
		{"and an update was stored", func(u *unwritten) { u.tookWork(full); u.tookUpdates(nil) }, false},
		{"a while ago too", func(u *unwritten) { u.work.Store(ago(workCounts + time.Second)) }, true},
		{"a server that only reads", func(u *unwritten) { u.tookWork(&pgconn.PgError{Code: "25006"}) }, false},
		{"a transaction broke a rule", func(u *unwritten) { u.tookWork(&pgconn.PgError{Code: "23505"}) }, true},
	} {
		db := &DB{unwritten: unwritten{wall: time.Now}}
		test.do(&db.unwritten)
		if got := db.Writes(); got != test.want {
			t.Errorf("%s: writes %v, want %v", test.name, got, test.want)
		}
	}
}
