package storage

import (
	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

// duplicatesOfCase are the cases that officers gave up for a case; NULL when there
// are none. Of one whose reporter is not named nobody reads here who that is.
const duplicatesOfCase = `(SELECT json_agg(json_build_object('Case', given.id, 'Reporter', greatest(given.reporter_id, 0)) ORDER BY given.id)
	FROM cases AS given WHERE given.merged_into = cases.id AND given.merged_by IS NOT NULL)`

// reportsAndDuplicates is what was said about a case ($1), with what the reporters
// of those have said that officers gave up for it. That stays where it was said,
// and belongs to nobody here: so it goes when the case goes, and no row of this
// case names its writer.
const reportsAndDuplicates = `(
	SELECT id, kind, person_id, words, at, template, 0::bigint AS number FROM reports WHERE case_id = $1
	UNION ALL
	SELECT reports.id, 'duplicate', 0, words, at, template, given.number FROM cases AS given
	JOIN reports ON case_id = given.id AND kind IN ('report', 'addition', 'answer')
	WHERE merged_into = $1 AND merged_by IS NOT NULL) AS reports`

// SaidApart tells whether the reporter of a case has said that it is another matter
// than the one for which it was given up.
func (tx *Tx) SaidApart(c mahalla.CaseID) (bool, error) {
	said := false
	err := tx.read("SELECT true FROM case_events WHERE case_id = $1 AND kind = 'unmerged' AND note = 'apart' LIMIT 1", func(pgx.Rows) error {
		said = true
		return nil
	}, c)
	return said, err
}
