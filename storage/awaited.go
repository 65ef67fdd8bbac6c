package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

// The queries below are PostgreSQL's side of the acknowledgement clock: what
// Acks must hold, and what is due while Redis is away.

const awaitedColumns = `cases.id, next_beat_at, filed_at, path`

// AwaitedAfter reads up to limit waiting cases with a larger id, in the order
// of ids, so that a walk over all of them is a series of short queries.
func (db *DB) AwaitedAfter(ctx context.Context, after mahalla.CaseID, limit int) ([]Awaited, error) {
	return db.awaited(ctx, `SELECT `+awaitedColumns+`
		FROM cases JOIN territories ON territories.id = place_id
		WHERE next_beat_at IS NOT NULL AND cases.id > $1 ORDER BY cases.id LIMIT $2`, after, limit)
}

// AwaitedBefore reads up to limit waiting cases whose beat falls before a
// moment, the earliest first.
func (db *DB) AwaitedBefore(ctx context.Context, moment time.Time, limit int) ([]Awaited, error) {
	return db.awaited(ctx, `SELECT `+awaitedColumns+`
		FROM cases JOIN territories ON territories.id = place_id
		WHERE next_beat_at <= $1 ORDER BY next_beat_at LIMIT $2`, moment, limit)
}

func (db *DB) awaited(ctx context.Context, sql string, args ...any) ([]Awaited, error) {
	rows, err := db.work.Query(ctx, sql, args...)
	if err != nil {
		return nil, fmt.Errorf("storage: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Awaited, error) {
		var w Awaited
		err := row.Scan(&w.Case, &w.Next, &w.Since, &w.Path)
		return w, err
	})
	if err != nil {
		return nil, fmt.Errorf("storage: %w", err)
	}
	return list, nil
}

// StillAwaited tells which of the cases wait for an acceptance.
func (db *DB) StillAwaited(ctx context.Context, ids []mahalla.CaseID) (map[mahalla.CaseID]bool, error) {
	rows, err := db.work.Query(ctx, "SELECT id FROM cases WHERE id = ANY($1) AND next_beat_at IS NOT NULL", ids)
	if err != nil {
		return nil, fmt.Errorf("storage: %w", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[mahalla.CaseID])
	if err != nil {
		return nil, fmt.Errorf("storage: %w", err)
	}
	list := make(map[mahalla.CaseID]bool, len(found))
	for _, id := range found {
		list[id] = true
	}
	return list, nil
}

// WaitingUnder is the answer of Acks.WaitingUnder while Redis is away.
func (tx *Tx) WaitingUnder(node mahalla.TerritoryID, offset, limit int) ([]mahalla.CaseID, int, error) {
	var list []mahalla.CaseID
	var count int
	const waiting = ` FROM cases JOIN territories ON territories.id = place_id WHERE next_beat_at IS NOT NULL AND $1 = ANY(path)`
	err := tx.readAll([]query{
		{"SELECT cases.id" + waiting + " ORDER BY filed_at LIMIT $2 OFFSET $3", []any{node, limit, offset}, func(rows pgx.Rows) error {
			var id mahalla.CaseID
			err := rows.Scan(&id)
			list = append(list, id)
			return err
		}},
		{"SELECT count(*)" + waiting, []any{node}, func(rows pgx.Rows) error { return rows.Scan(&count) }},
	})
	return list, count, err
}
