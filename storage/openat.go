package storage

import (
	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

// openAt are the open cases of places in some categories and of some secrecies.
const openAt = ` FROM cases WHERE place_id = ANY($1) AND status IN ('new', 'accepted', 'waiting') AND category = ANY($2) AND secrecy = ANY($3)`

// OpenAt lists what is open at places, the longest first, and how many cases
// there are.
func (tx *Tx) OpenAt(places []mahalla.TerritoryID, categories []mahalla.CategoryCode, of []mahalla.Secrecy, offset, limit int) ([]CaseLine, int, error) {
	var list []CaseLine
	var total int
	err := tx.readAll([]query{
		{"SELECT " + lineColumns + openAt + " ORDER BY filed_at, cases.id LIMIT $4 OFFSET $5", []any{places, categories, of, limit, offset},
			func(rows pgx.Rows) error { return scanLine(rows, &list) }},
		{"SELECT count(*)" + openAt, []any{places, categories, of}, func(rows pgx.Rows) error { return rows.Scan(&total) }},
	})
	return list, total, err
}
