package storage

import (
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

// PastCase is a case of before with the words it began with.
type PastCase struct {
	mahalla.Past // its likeness is not known yet
	Words        string
}

// PastCases reads the newest cases, however they ended, that were filed since a
// moment by a person or at a place in a category, with the words of those of the
// place. The bot compares them; nobody is shown any of them.
func (tx *Tx) PastCases(c *mahalla.Case, since time.Time, limit int) ([]PastCase, error) {
	var list []PastCase
	err := tx.read(`
		SELECT cases.id, reporter_id, place_id, category, cases.secrecy, cases.urgency, status, closing, filed_at, reconciliation = 'consent',
			coalesce(reports.id, 0), words
		FROM cases
		JOIN categories ON code = category
		LEFT JOIN reports ON case_id = cases.id AND kind = 'report' AND words IS NOT NULL AND place_id = $2 AND category = $3
		WHERE cases.id IN (
			(SELECT id FROM cases WHERE reporter_id = $1 AND alias = '' AND filed_at >= $4 AND merged_into IS NULL AND id <> $6
				ORDER BY filed_at DESC LIMIT $5)
			UNION
			(SELECT id FROM cases WHERE place_id = $2 AND category = $3 AND filed_at >= $4 AND merged_into IS NULL AND id <> $6
				ORDER BY filed_at DESC LIMIT $5))
		ORDER BY filed_at DESC, cases.id, reports.id`,
		func(rows pgx.Rows) error { return tx.scanPast(rows, &list) }, c.Reporter, c.Place, c.Category, since, limit, c.ID)
	return list, err
}

func (tx *Tx) scanPast(rows pgx.Rows, list *[]PastCase) error {
	var p PastCase
	var report int64
	var sealed []byte
	err := rows.Scan(&p.Case, &p.Reporter, &p.Place, &p.Category, &p.Secrecy, &p.Urgency, &p.Status, &p.Closing, &p.FiledAt, &p.Reconcile,
		&report, &sealed)
	if err != nil {
		return err
	}
	p.Anonymous = p.Reporter == nobody
	plain, err := tx.db.seals.open("reports", "words", rowID(report), sealed)
	if n := len(*list); n > 0 && (*list)[n-1].Case == p.Case {
		(*list)[n-1].Words += "\n" + string(plain)
		return err
	}
	p.Words = string(plain)
	*list = append(*list, p)
	return err
}

// SetRepetition keeps that a case is one of several; none takes it back.
func (tx *Tx) SetRepetition(c mahalla.CaseID, r mahalla.Repetition, cases int) {
	if r == "" {
		tx.write("DELETE FROM repeats WHERE case_id = $1", c)
		return
	}
	tx.write(`INSERT INTO repeats (case_id, kind, cases) VALUES ($1, $2, $3)
		ON CONFLICT (case_id) DO UPDATE SET kind = excluded.kind, cases = excluded.cases`, c, r, cases)
}

// Repetition tells of how many cases a case is one; none when it is not.
func (tx *Tx) Repetition(c mahalla.CaseID) (r mahalla.Repetition, cases int, err error) {
	err = tx.read("SELECT kind, cases FROM repeats WHERE case_id = $1", func(rows pgx.Rows) error { return rows.Scan(&r, &cases) }, c)
	return r, cases, err
}
