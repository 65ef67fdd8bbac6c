package storage

import (
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

// Scope is where a person looks for cases.
type Scope struct {
	Person mahalla.PersonID
	Places []mahalla.TerritoryID
	Barred []mahalla.CategoryCode // are there only where the person was told of the case
	Told   bool                   // so are all of NewestCases
}

// wasTold tells whether the person was told of a case in its present round. The
// OFFSET keeps PostgreSQL from reading all assignments of everybody for it.
const wasTold = `EXISTS (SELECT FROM assignments
	WHERE assignments.case_id = cases.id AND assignments.round = cases.round AND assignments.person_id = $1 OFFSET 0)`

// inScope are the cases of a scope at one place, in terms of clear columns.
const inScope = ` (category <> ALL($3::text[]) OR ` + wasTold + `)`

// newestIn walks the newest cases of each place by index and keeps the newest of
// all, however many cases the places have.
const newestIn = `
	SELECT newest.id AS found_id, newest.filed_at AS moment FROM unnest($2::bigint[]) AS places (place)
	CROSS JOIN LATERAL (
		SELECT cases.id, filed_at FROM cases
		WHERE place_id = place AND filed_at < $4 AND` + inScope + `
		ORDER BY filed_at DESC, cases.id DESC LIMIT $5) AS newest
	ORDER BY newest.filed_at DESC, newest.id DESC LIMIT $5`

// newestTold are the newest cases of a scope of which the person was told.
const newestTold = `
	SELECT cases.id AS found_id, filed_at AS moment
	FROM assignments JOIN cases ON cases.id = case_id AND cases.round = assignments.round
	WHERE person_id = $1 AND place_id = ANY($2::bigint[]) AND filed_at < $3
	ORDER BY filed_at DESC, cases.id DESC LIMIT $4`

// NewestCases reads the newest cases of a scope that were filed before a moment,
// the newest first.
func (tx *Tx) NewestCases(s Scope, before time.Time, limit int) ([]*mahalla.Case, error) {
	var list []*mahalla.Case
	each := func(rows pgx.Rows) error {
		c, err := tx.scanCase(rows)
		list = append(list, c)
		return err
	}
	const fromFound = `) SELECT ` + caseColumns + ` FROM found JOIN cases ON cases.id = found_id ORDER BY moment DESC, found_id DESC`
	if s.Told {
		err := tx.read("WITH found AS ("+newestTold+fromFound, each, s.Person, s.Places, before, limit)
		return list, err
	}
	err := tx.read("WITH found AS ("+newestIn+fromFound, each, s.Person, s.Places, s.Barred, before, limit)
	return list, err
}

// CountCases counts the cases of a scope, up to a bound.
func (tx *Tx) CountCases(s Scope, most int) (int, error) {
	count := 0
	err := tx.read("SELECT count(*) FROM (SELECT FROM cases WHERE place_id = ANY($2::bigint[]) AND"+inScope+" LIMIT $4) AS counted",
		func(rows pgx.Rows) error { return rows.Scan(&count) }, s.Person, s.Places, s.Barred, most)
	return count, err
}

// There is no index of words. Even of keyed and shortened hashes one would tell a
// thief of the database how often each word is said and which stand together,
// and from that words are guessed. So the words of few cases are opened instead.

// WordsOf opens everything that was said in words about some cases, by case. Who
// calls it for a person records the reading with Audit.
func (tx *Tx) WordsOf(ids []mahalla.CaseID) (map[mahalla.CaseID]string, error) {
	words := make(map[mahalla.CaseID]string, len(ids))
	add := func(table, column string) func(pgx.Rows) error {
		return func(rows pgx.Rows) error {
			var c mahalla.CaseID
			var id int64
			var sealed []byte
			if err := rows.Scan(&c, &id, &sealed); err != nil {
				return err
			}
			plain, err := tx.db.seals.open(table, column, rowID(id), sealed)
			words[c] += string(plain) + "\n"
			return err
		}
	}
	err := tx.readAll([]query{
		{"SELECT case_id, id, words FROM reports WHERE case_id = ANY($1) AND words IS NOT NULL", []any{ids}, add("reports", "words")},
		{`SELECT case_id, attachments.id, caption FROM reports JOIN attachments ON report_id = reports.id
			WHERE case_id = ANY($1) AND caption IS NOT NULL`, []any{ids}, add("attachments", "caption")},
	})
	return words, err
}

// OpenCase is an open case with the words it began with.
type OpenCase struct {
	mahalla.Candidate // its likeness is not known yet
	Words             string
}

// OpenCases reads the newest open cases of a place and a category that were
// filed since a moment, with the words of their first reports, and tells which
// ones a person has joined. The bot compares them with a report of that person;
// nobody is shown any of them.
func (tx *Tx) OpenCases(place mahalla.TerritoryID, category mahalla.CategoryCode, by mahalla.PersonID, since time.Time, limit int) ([]OpenCase, error) {
	var list []OpenCase
	err := tx.read(`
		SELECT newest.id, reporter_id, place_id, category, secrecy, status, filed_at,
			EXISTS (SELECT FROM joins WHERE joins.case_id = newest.id AND joins.person_id = $5 AND undone_at IS NULL), reports.id, words
		FROM (SELECT id, reporter_id, place_id, category, secrecy, status, filed_at FROM cases
			WHERE place_id = $1 AND filed_at >= $3 AND category = $2 AND status IN ('new', 'accepted', 'waiting')
			ORDER BY filed_at DESC LIMIT $4) AS newest
		JOIN reports ON case_id = newest.id AND kind = 'report' AND words IS NOT NULL
		ORDER BY filed_at DESC, newest.id, reports.id`,
		func(rows pgx.Rows) error { return tx.scanOpen(rows, &list) }, place, category, since, limit, by)
	return list, err
}

// OpenAmong reads those of some cases that are open, as OpenCases does.
func (tx *Tx) OpenAmong(ids []mahalla.CaseID) ([]OpenCase, error) {
	var list []OpenCase
	err := tx.read(`
		SELECT cases.id, reporter_id, place_id, category, secrecy, status, filed_at, false, reports.id, words
		FROM unnest($1::bigint[]) WITH ORDINALITY AS wanted (id, nth)
		JOIN cases ON cases.id = wanted.id AND status IN ('new', 'accepted', 'waiting')
		JOIN reports ON case_id = cases.id AND kind = 'report' AND words IS NOT NULL
		ORDER BY nth, reports.id`,
		func(rows pgx.Rows) error { return tx.scanOpen(rows, &list) }, ids)
	return list, err
}

// scanOpen reads one row of cases joined with reports: the rows of one case
// follow each other.
func (tx *Tx) scanOpen(rows pgx.Rows, list *[]OpenCase) error {
	var c OpenCase
	var report int64
	var sealed []byte
	err := rows.Scan(&c.Case, &c.Reporter, &c.Place, &c.Category, &c.Secrecy, &c.Status, &c.FiledAt, &c.Joined, &report, &sealed)
	if err != nil {
		return err
	}
	c.Anonymous = c.Reporter == nobody
	plain, err := tx.db.seals.open("reports", "words", rowID(report), sealed)
	if n := len(*list); n > 0 && (*list)[n-1].Case == c.Case {
		(*list)[n-1].Words += "\n" + string(plain)
		return err
	}
	c.Words = string(plain)
	*list = append(*list, c)
	return err
}
