package storage

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// An update that kills the program (no memory left, a fault of the runtime) is undone
// with the transaction that had it in hand, and would be taken up again for ever. So
// whatever waited when a replica died is suspect: that it is in hand is committed
// before anything else is done with it, and taken back when its replica outlives it.
// What was in hand at one death after the other is put aside by the worker.

// mostLived is until when a replica may have lived that is found dead now: three seconds
// after its last sign of life.
const mostLived = "least(now(), seen_at + interval '3 seconds')"

// foundDead notes that a replica died which may have lived until a moment.
func (db *DB) foundDead(lived time.Time) {
	at := lived.UnixMicro()
	for known := db.died.Load(); known < at && !db.died.CompareAndSwap(known, at); known = db.died.Load() {
	}
}

// findDead looks for replicas that have died and were not buried: where the only one
// is started again, there was nobody to do so.
func (db *DB) findDead(ctx context.Context, conn *pgx.Conn, self int32) error {
	var last *time.Time
	err := conn.QueryRow(ctx, "SELECT max("+mostLived+") FROM replicas WHERE id <> $1 AND pg_try_advisory_xact_lock($2, id)",
		self, replicaLocks).Scan(&last)
	if err == nil && last != nil {
		db.foundDead(*last)
	}
	return wrap(err)
}

// suspect tells whether an update was there when a replica died, or was in hand of one
// that has neither dealt with it nor outlived it.
func (db *DB) suspect(stored time.Time, deaths int) bool {
	return deaths > 0 || stored.UnixMicro() <= db.died.Load()
}

// SuspectInHand counts that a suspect update is in hand. The transaction must end with
// it; the caller goes on by HoldUpdate, and whoever else would take it up waits for so
// long. It must be the last statement of the transaction.
func (tx *Tx) SuspectInHand(u Update, wait time.Duration) error {
	if err := tx.post(); err != nil {
		return err
	}
	tx.write("UPDATE inbox SET deaths = deaths + 1 WHERE id = $1", u.ID)
	tx.served(u.Chat, 0, wait)
	return nil
}

// Outlived takes back that a suspect update was in hand: it could not be dealt with,
// and the program lives.
func (tx *Tx) Outlived(u Update) {
	tx.write("UPDATE inbox SET deaths = deaths - 1 WHERE id = $1 AND deaths > 0", u.ID)
}
