package storage

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// unwritten remembers when this process failed to write last: PostgreSQL may answer
// every question and take nothing, as with its disk full. Nothing is written to find
// out.
type unwritten struct {
	wall   func() time.Time // the real clock; nil: nothing is remembered
	update atomic.Int64     // into the inbox, Unix ns; 0 since one was stored
	work   atomic.Int64     // in a transaction, because the server takes nothing
}

// How long a failure counts when nothing else is known. The first is longer than a
// poller rests before it tries again; both end by themselves, for where nobody sends
// updates to who is not ready, none comes that would clear it.
const (
	updateCounts = 45 * time.Second
	workCounts   = 15 * time.Second
)

// Writes tells whether PostgreSQL takes what this process writes, as far as it has
// just seen.
func (db *DB) Writes() bool {
	if db.unwritten.wall == nil {
		return true
	}
	now := db.unwritten.wall()
	recent := func(at *atomic.Int64, counts time.Duration) bool { return now.Sub(time.Unix(0, at.Load())) < counts }
	return !recent(&db.unwritten.update, updateCounts) && !recent(&db.unwritten.work, workCounts)
}

// tookUpdates notes what became of storing updates. A database that is away is asked
// anew each time somebody wants to know whether all is ready: nothing is remembered.
func (u *unwritten) tookUpdates(err error) {
	switch {
	case err == nil:
		u.update.Store(0)
	case u.wall != nil && !errors.Is(err, context.Canceled) && !Away(err):
		u.update.Store(u.wall().UnixNano())
	}
}

// tookWork notes what became of a transaction. One that is committed says little: it
// may have found room in a page that was there.
func (u *unwritten) tookWork(err error) {
	if u.wall != nil && takesNothing(err) {
		u.work.Store(u.wall().UnixNano())
	}
}

// takesNothing tells whether an error says that the server can write nothing, whatever
// it is: no room, a broken disk, a server that only reads.
func takesNothing(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "53100" || pg.Code == "58030" || pg.Code == "25006")
}
