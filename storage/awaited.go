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

const awaitedColumns = `cases.id, next_beat_at, filed_at, path, urgency`

// urgentFirst is the order of lists of what waits: see mahalla.ClassOf.
const urgentFirst = ` ORDER BY cases.urgency IN ('high', 'emergency') DESC, filed_at, cases.id`

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

// AwaitedAmong reads those of the cases that wait for an acceptance.
func (db *DB) AwaitedAmong(ctx context.Context, ids []mahalla.CaseID) ([]Awaited, error) {
	return db.awaited(ctx, `SELECT `+awaitedColumns+`
		FROM cases JOIN territories ON territories.id = place_id
		WHERE next_beat_at IS NOT NULL AND cases.id = ANY($1)`, ids)
}

func (db *DB) awaited(ctx context.Context, sql string, args ...any) ([]Awaited, error) {
	rows, err := db.work.Query(ctx, sql, args...)
	if err != nil {
		return nil, fmt.Errorf("storage: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Awaited, error) {
		var w Awaited
		var urgency mahalla.Urgency
		err := row.Scan(&w.Case, &w.Next, &w.Since, &w.Path, &urgency)
		w.Urgent = mahalla.ClassOf(urgency) == mahalla.Urgent
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
func (tx *Tx) WaitingUnder(nodes []mahalla.TerritoryID, hidden []mahalla.CaseID, offset, limit int) ([]mahalla.CaseID, int, error) {
	var list []mahalla.CaseID
	var count int
	const waiting = ` FROM cases JOIN territories ON territories.id = place_id
		WHERE next_beat_at IS NOT NULL AND path && $1::bigint[] AND cases.id <> ALL ($2::bigint[])`
	if hidden == nil {
		hidden = []mahalla.CaseID{} // no list at all would hide everything
	}
	err := tx.readAll([]query{
		{"SELECT cases.id" + waiting + urgentFirst + " LIMIT $3 OFFSET $4", []any{nodes, hidden, limit, offset}, func(rows pgx.Rows) error {
			var id mahalla.CaseID
			err := rows.Scan(&id)
			list = append(list, id)
			return err
		}},
		{"SELECT count(*)" + waiting, []any{nodes, hidden}, func(rows pgx.Rows) error { return rows.Scan(&count) }},
	})
	return list, count, err
}

// Delicate is a waiting case that not everybody above its place may hear of.
type Delicate struct {
	Case     mahalla.CaseID
	Place    mahalla.TerritoryID
	Category mahalla.CategoryCode
	Reporter mahalla.PersonID
}

// DelicateUnder lists the waiting cases at some places or below them that a
// person reported, and those of a category.
func (tx *Tx) DelicateUnder(nodes []mahalla.TerritoryID, reporter mahalla.PersonID, category mahalla.CategoryCode) ([]Delicate, error) {
	var list []Delicate
	err := tx.read(`
		SELECT cases.id, place_id, category, CASE WHEN links.case_id IS NULL THEN reporter_id ELSE $2 END
		FROM cases JOIN territories ON territories.id = place_id
		LEFT JOIN links ON links.case_id = cases.id AND look_up = ANY($4)
		WHERE next_beat_at IS NOT NULL AND path && $1::bigint[] AND (reporter_id = $2 OR category = $3 OR links.case_id IS NOT NULL)`,
		func(rows pgx.Rows) error {
			var d Delicate
			err := rows.Scan(&d.Case, &d.Place, &d.Category, &d.Reporter)
			list = append(list, d)
			return err
		}, nodes, reporter, category, tx.db.seals.lookUps(reporter))
	return list, err
}
