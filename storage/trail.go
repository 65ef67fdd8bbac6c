package storage

import (
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

// Step is one thing that is known of a case: that somebody did something, was
// told of it or read it. It has ids and codes, nobody's words or names.
type Step struct {
	At    time.Time // zero where it is not known
	Kind  string    // told, shown, read, or the kind of an event
	By    mahalla.PersonID
	Roles string // of the person at that moment
	About mahalla.PersonID
	Note  string
}

// Trail lists who saw and who changed a case, the oldest first.
func (tx *Tx) Trail(c mahalla.CaseID) ([]Step, error) {
	var list []Step
	err := tx.read(`
		SELECT at, kind, coalesce(by_id, 0), coalesce(about_id, 0), note,
			coalesce((SELECT string_agg(DISTINCT role, ', ' ORDER BY role) FROM memberships
				WHERE person_id = by_id AND valid_from <= at AND (valid_until IS NULL OR valid_until > at)), ''),
			coalesce(by_id = (SELECT reporter_id FROM cases WHERE id = $1), false)
		FROM (
			SELECT at, kind, by_id, about_id, note, seq FROM case_events WHERE case_id = $1
			UNION ALL SELECT told_at, 'told', person_id, NULL, CASE WHEN unreachable THEN 'unreachable' ELSE '' END, ordinal
				FROM assignments WHERE case_id = $1
			UNION ALL SELECT NULL, 'shown', person_id, NULL, '', 0 FROM watchers WHERE case_id = $1
			UNION ALL SELECT at, act, person_id, NULL, coalesce(reason, ''), id FROM audit_log WHERE case_id = $1
		) AS steps (at, kind, by_id, about_id, note, place)
		ORDER BY at NULLS LAST, place`,
		func(rows pgx.Rows) error {
			var s Step
			var at *time.Time
			var reporter bool
			err := rows.Scan(&at, &s.Kind, &s.By, &s.About, &s.Note, &s.Roles, &reporter)
			if s.At = value(at); reporter && s.Roles == "" {
				s.Roles = "reporter"
			}
			list = append(list, s)
			return err
		}, c)
	return list, err
}
