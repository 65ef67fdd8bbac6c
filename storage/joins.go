package storage

import (
	"time"

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
