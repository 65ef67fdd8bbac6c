package storage

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

// ChangedSince lists the cases of which the history says something behind a place in
// it, and the last place there is; of so many rows at most, the newest. Another change
// may still come before that place: its transaction has not committed.
func (db *DB) ChangedSince(ctx context.Context, place int64, most int) (list []mahalla.CaseID, last int64, err error) {
	rows, err := db.work.Query(ctx, `
		SELECT case_id, max(seq) FROM (SELECT case_id, seq FROM case_events WHERE seq > $1 ORDER BY seq DESC LIMIT $2) AS newest
		GROUP BY case_id`, place, most)
	if err != nil {
		return nil, place, fmt.Errorf("storage: %w", err)
	}
	last = place
	var id mahalla.CaseID
	var at int64
	_, err = pgx.ForEachRow(rows, []any{&id, &at}, func() error {
		list, last = append(list, id), max(last, at)
		return nil
	})
	if err != nil {
		return nil, place, fmt.Errorf("storage: %w", err)
	}
	return list, last, nil
}
