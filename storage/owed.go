package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Owed is a press that was handled and whose answer is not known to have been
// given: whoever answered may have died on the way to Telegram.
type Owed struct {
	Inbox int64  // the row of its update
	Press string // Telegram's id of it
}

// Owe notes, together with the effect of a press, that it must be answered.
// Until the patience is over that is the business of this replica.
func (tx *Tx) Owe(o Owed, patience time.Duration) {
	tx.write(`
		INSERT INTO owed (inbox_id, press, due_at) VALUES ($1, $2, now() + $3::interval)
		ON CONFLICT (inbox_id) DO UPDATE SET due_at = excluded.due_at`, o.Inbox, o.Press, patience)
}

// owedAge is how long an answer is owed: later nobody waits for it, and Telegram
// takes none.
const owedAge = "3 minutes"

// ClaimOwed takes presses whose answer is overdue, each for the patience. Those
// for which nobody waits any more it forgets; those that the caller has in hand
// already stay with it for as long again.
func (db *DB) ClaimOwed(ctx context.Context, inHand []int64, limit int, patience time.Duration) ([]Owed, error) {
	rows, err := db.work.Query(ctx, `
		WITH old AS (
			DELETE FROM owed WHERE inbox_id = ANY (ARRAY(
				SELECT inbox_id FROM owed WHERE since < now() - interval '`+owedAge+`' FOR UPDATE SKIP LOCKED))),
		kept AS (
			UPDATE owed SET due_at = now() + $2::interval
			WHERE inbox_id = ANY($3) AND since >= now() - interval '`+owedAge+`')
		UPDATE owed SET due_at = now() + $2::interval
		WHERE inbox_id = ANY (ARRAY(
			SELECT inbox_id FROM owed WHERE due_at <= now() AND since >= now() - interval '`+owedAge+`' AND inbox_id <> ALL($3)
			ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED))
		RETURNING inbox_id, press`, limit, patience, append([]int64{}, inHand...)) // no NULL
	if err != nil {
		return nil, fmt.Errorf("storage: %w", err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Owed])
	if err != nil {
		return nil, fmt.Errorf("storage: %w", err)
	}
	return list, nil
}

// Paid forgets presses that were answered, or never can be.
func (db *DB) Paid(ctx context.Context, inbox []int64) error {
	if _, err := db.work.Exec(ctx, "DELETE FROM owed WHERE inbox_id = ANY($1)", inbox); err != nil {
		return fmt.Errorf("storage: %w", err)
	}
	return nil
}
