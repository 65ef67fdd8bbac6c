package storage

import (
	"context"
	"sync"
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
