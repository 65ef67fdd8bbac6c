package storage

import (
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

// Left lists up to so many people of whom a role has ended by its date since their
// cards were looked at.
func (tx *Tx) Left(now time.Time, most int) ([]mahalla.PersonID, error) {
	var list []mahalla.PersonID
	err := tx.read(`SELECT DISTINCT person_id FROM (
		SELECT person_id FROM memberships
		WHERE valid_until IS NOT NULL AND left_at IS NULL AND valid_until <= $1 ORDER BY valid_until LIMIT $2) AS ended
		ORDER BY person_id`, func(rows pgx.Rows) error {
		var p mahalla.PersonID
		err := rows.Scan(&p)
		list = append(list, p)
		return err
	}, now, most)
	return list, err
}

// MarkLeft notes that the cards of somebody were brought up to date after the roles
// that have ended.
func (tx *Tx) MarkLeft(p mahalla.PersonID, now time.Time) {
	tx.write("UPDATE memberships SET left_at = $2 WHERE person_id = $1 AND valid_until <= $2 AND left_at IS NULL", p, now)
}
