package storage

import (
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

// Prevention is what an inspector should think of once a week: what is open at
// some places, since when the oldest, and what comes again.
type Prevention struct {
	Open    int
	Oldest  time.Time // zero when nothing is open
	Repeats []Repeat
}

// Repeat is a category that comes again and again in one place.
type Repeat struct {
	Place    mahalla.TerritoryID
	Category mahalla.CategoryCode
	Count    int
}

// PreventionAt counts that, leaving a category out. Of what is secret nothing is
// named.
func (tx *Tx) PreventionAt(places []mahalla.TerritoryID, without mahalla.CategoryCode, since time.Time, least, most int) (Prevention, error) {
	var p Prevention
	var oldest *time.Time
	err := tx.readAll([]query{
		{`SELECT count(*), min(filed_at) FROM cases
			WHERE place_id = ANY($1) AND status IN ('new', 'accepted', 'waiting') AND category <> $2`,
			[]any{places, without}, func(rows pgx.Rows) error { return rows.Scan(&p.Open, &oldest) }},
		{`SELECT place_id, category, count(*) FROM cases
			WHERE place_id = ANY($1) AND category <> $2 AND filed_at >= $3 AND secrecy IN ('public', 'internal')
				AND status <> 'withdrawn' AND closing <> 'false'
			GROUP BY 1, 2 HAVING count(*) >= $4
			ORDER BY 3 DESC, 1, 2 LIMIT $5`,
			[]any{places, without, since, least, most}, func(rows pgx.Rows) error {
				var r Repeat
				err := rows.Scan(&r.Place, &r.Category, &r.Count)
				p.Repeats = append(p.Repeats, r)
				return err
			}},
	})
	p.Oldest = value(oldest)
	return p, err
}
