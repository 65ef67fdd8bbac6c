package storage

import (
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

// AddJoin writes that a person joined a case.
func (tx *Tx) AddJoin(c mahalla.CaseID, p mahalla.PersonID, at time.Time) {
	tx.write(`INSERT INTO joins (case_id, person_id, at) VALUES ($1, $2, $3)
		ON CONFLICT (case_id, person_id) DO UPDATE SET at = excluded.at, undone_at = NULL
		WHERE joins.undone_at IS NOT NULL`, c, p, at)
}

// UndoJoin writes that a person has taken it back.
func (tx *Tx) UndoJoin(c mahalla.CaseID, p mahalla.PersonID, at time.Time) {
	tx.write("UPDATE joins SET undone_at = $3 WHERE case_id = $1 AND person_id = $2 AND undone_at IS NULL", c, p, at)
}

// MergedInto lists the cases that were given up for one, in the order in which
// they may be locked.
func (tx *Tx) MergedInto(c mahalla.CaseID) ([]mahalla.CaseID, error) {
	return tx.caseIDs("SELECT id FROM cases WHERE merged_into = $1 ORDER BY id", c)
}

// GivenUpFor is the case that a person has given up for another one; 0 where there is
// none, or an officer did that.
func (tx *Tx) GivenUpFor(p mahalla.PersonID, into mahalla.CaseID) (mahalla.CaseID, error) {
	var id mahalla.CaseID
	err := tx.read("SELECT id FROM cases WHERE merged_into = $1 AND reporter_id = $2 AND merged_by IS NULL LIMIT 1",
		func(rows pgx.Rows) error { return rows.Scan(&id) }, into, p)
	return id, err
}

// LatestOffer is the newest case of a person whose receipt has asked whether it
// is the same matter as another one and has had no answer; 0 when there is none.
func (tx *Tx) LatestOffer(p mahalla.PersonID) (mahalla.CaseID, error) {
	var id mahalla.CaseID
	err := tx.read("SELECT id FROM cases WHERE reporter_id = $1 AND offered IS NOT NULL ORDER BY filed_at DESC, id DESC LIMIT 1",
		func(rows pgx.Rows) error { return rows.Scan(&id) }, p)
	return id, err
}
