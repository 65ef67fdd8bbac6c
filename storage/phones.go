package storage

import (
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

// ShowPhone lets whoever accepted a case see the number of its reporter.
func (tx *Tx) ShowPhone(c mahalla.CaseID, p mahalla.PersonID, at time.Time) {
	tx.write("INSERT INTO shown_phones (case_id, person_id, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", c, p, at)
}

// HidePhones takes a person's number back from all cases, and tells from which
// ones, in the order in which they may be locked.
func (tx *Tx) HidePhones(p mahalla.PersonID) ([]mahalla.CaseID, error) {
	return tx.caseIDs(`WITH hidden AS (DELETE FROM shown_phones WHERE person_id = $1 RETURNING case_id)
		SELECT case_id FROM hidden ORDER BY case_id`, p)
}

// ForgetPhone deletes a person's number.
func (tx *Tx) ForgetPhone(p mahalla.PersonID) {
	tx.write("UPDATE people SET phone = NULL, phone_mac = NULL WHERE id = $1", p)
}

// shownPhone is the number of the reporter of a case, if it was given for it.
const shownPhone = `SELECT people.id, phone FROM shown_phones
	JOIN cases ON cases.id = case_id AND reporter_id = person_id
	JOIN people ON people.id = person_id
	WHERE case_id = $1 AND phone IS NOT NULL`

// scanPhone opens it.
func (tx *Tx) scanPhone(rows pgx.Rows, v *View) error {
	var id int64
	var sealed []byte
	if err := rows.Scan(&id, &sealed); err != nil {
		return err
	}
	plain, err := tx.db.seals.open("people", "phone", rowID(id), sealed)
	v.ReporterPhone = string(plain)
	return err
}
