package storage

import (
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

// HeardSince tells what those to whom reminders of the days of an appeal go have heard
// of the time of their cases since a moment, but for these reminders themselves. What
// lies in the outbox counts, what was dropped there or refused does not.
func (tx *Tx) HeardSince(ids []int64, since time.Time) (map[int64]mahalla.Heard, error) {
	heard := map[int64]mahalla.Heard{}
	err := tx.read(`
		SELECT r.id,
			EXISTS (SELECT FROM case_events WHERE case_id = r.about_id AND case_events.about_id = r.person_id AND at >= $2
				AND (kind = 'overdue' OR kind IN ('nudged', 'escalated') AND note = 'resolution')),
			EXISTS (SELECT FROM reminders AS other JOIN outbox ON outbox.id = other.outbox_id
				WHERE other.kind = ANY($3) AND other.about_id = r.about_id AND other.person_id = r.person_id AND other.id <> r.id
					AND outbox.state <= 2 AND created_at >= $2)
		FROM reminders AS r WHERE r.id = ANY($1)`,
		func(rows pgx.Rows) error {
			var id int64
			var h mahalla.Heard
			err := rows.Scan(&id, &h.Clock, &h.Days)
			heard[id] = h
			return err
		}, ids, since, mahalla.StatutoryKinds())
	return heard, err
}

// HeardOf tells what was sent to somebody of the time of a case since a moment, in
// messages of their own.
func (tx *Tx) HeardOf(p mahalla.PersonID, c mahalla.CaseID, since time.Time) (heard mahalla.Heard, err error) {
	err = tx.read(`SELECT
			EXISTS (SELECT FROM outbox WHERE person_id = $1 AND case_id = $2 AND kind IN ('resolution', 'unresolved') AND state = 2 AND created_at >= $4),
			EXISTS (SELECT FROM reminders JOIN outbox ON outbox.id = outbox_id
				WHERE reminders.kind = ANY($3) AND about_id = $2 AND reminders.person_id = $1 AND outbox.state = 2 AND created_at >= $4)`,
		func(rows pgx.Rows) error { return rows.Scan(&heard.Clock, &heard.Days) }, p, c, mahalla.StatutoryKinds(), since)
	return heard, err
}
