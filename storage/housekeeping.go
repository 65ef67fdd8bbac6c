package storage

import (
	"time"

	"github.com/jackc/pgx/v5"
)

// How long rows are kept once they are of no use to anybody.
const (
	keepInbox  = 7 * 24 * time.Hour  // longer than Telegram repeats an update
	keepOutbox = 30 * 24 * time.Hour // what was sent, when, without its words
	keepTicks  = 90 * 24 * time.Hour
)

// ClaimTick takes a tick of a recurring job and tells whether nobody had it.
func (tx *Tx) ClaimTick(job string, at time.Time) (bool, error) {
	first := false
	err := tx.read("INSERT INTO ticks (job, at) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING true",
		func(pgx.Rows) error {
			first = true
			return nil
		}, job, at)
	return first, err
}

// Housekeep removes rows that have been of no use for long enough. What waits
// and what was quarantined stays.
func (tx *Tx) Housekeep(now time.Time) {
	tx.write("DELETE FROM inbox WHERE state = 1 AND finished_at < $1", now.Add(-keepInbox))
	tx.write("DELETE FROM outbox WHERE state >= 2 AND finished_at < $1", now.Add(-keepOutbox))
	tx.write("DELETE FROM ticks WHERE at < $1", now.Add(-keepTicks))
}
