package storage

import (
	"context"
	"sync"

	"github.com/jackc/pgx/v5"
)

// blockSize is the increment of the sequence ids.
const blockSize = 256

// blocks hands out row ids from blocks of the sequence, without a round trip
// for each. An id that is not used is lost, which does no harm.
type blocks struct {
	mu   sync.Mutex
	next int64
	end  int64
}

// newID is the id of a row about to be written.
func (db *DB) newID(ctx context.Context) (int64, error) {
	db.ids.mu.Lock()
	defer db.ids.mu.Unlock()
	if db.ids.next == db.ids.end {
		var start int64
		if err := db.intake.QueryRow(ctx, "SELECT nextval('ids')").Scan(&start); err != nil {
			return 0, wrap(err)
		}
		// The root territory has id 1; ids of blocks begin above it.
		db.ids.next, db.ids.end = start+blockSize, start+2*blockSize
	}
	id := db.ids.next
	db.ids.next++
	return id, nil
}

// NewID is the id of a row about to be written.
func (tx *Tx) NewID() (int64, error) { return tx.db.newID(tx.ctx) }

// restoredAhead is how far ids are skipped after a restore, at least: more than can
// have been given since the backup. As much again and more is left to chance, for a
// backup may be restored twice; and callback data has room for some fifty restores.
const restoredAhead = 1 << 32

// SkipIDs lets ids go on far beyond those that were given, as is due once a database
// stands as it did some time ago: buttons and links of what is lost live on in chats,
// and would be good for something new that bears the same id.
func SkipIDs(ctx context.Context, url string) error {
	conn, err := connect(ctx, url)
	if err != nil {
		return err
	}
	defer closeSoon(conn)
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error { return wrap(skipIDs(ctx, tx)) })
}

func skipIDs(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, "SELECT setval('ids', (SELECT last_value FROM ids) + $1::bigint + floor(random() * 65536)::bigint * 262144)", restoredAhead)
	return err
}
