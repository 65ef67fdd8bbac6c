package storage

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

// BoundWithin is how old a row of the history may be before an anchor binds it. One is
// made every minute.
const BoundWithin = 5 * time.Minute

// By EXCEPT, which hashes: NOT IN an array would compare each row with each that is bound.
const (
	oldestEvent = `SELECT at FROM case_events WHERE seq = (SELECT min(seq) FROM (
		SELECT seq FROM case_events WHERE seq > $1 EXCEPT SELECT unnest($2::bigint[])) AS unbound (seq))`
	oldestReading = `SELECT at FROM audit_log WHERE id = (SELECT min(id) FROM (
		SELECT id FROM audit_log WHERE id > $1 EXCEPT SELECT unnest($2::bigint[])) AS unbound (id))`
)

// Unbound finds when the oldest row of the history came that no anchor binds; zero
// where every row is bound.
func (db *DB) Unbound(ctx context.Context) (oldest time.Time, err error) {
	err = pgx.BeginTxFunc(ctx, db.work, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		for _, of := range []source{ofCases, ofReadings} {
			settled, known, err := settledOf(ctx, tx, of)
			if err != nil {
				return err
			}
			oldestOf := oldestEvent
			if of == ofReadings {
				oldestOf = oldestReading
			}
			var at time.Time
			err = tx.QueryRow(ctx, oldestOf, settled, slices.AppendSeq([]int64{}, maps.Keys(known))).Scan(&at)
			switch {
			case errors.Is(err, pgx.ErrNoRows):
			case err != nil:
				return err
			case oldest.IsZero() || at.Before(oldest):
				oldest = at
			}
		}
		return nil
	})
	return oldest, wrap(err)
}
