package storage

import (
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

// Lose records that Telegram takes nothing for a person any more, and tells
// whether that is news.
func (tx *Tx) Lose(p mahalla.PersonID, now time.Time) (bool, error) {
	first := false
	err := tx.read("UPDATE people SET reach = 'blocked', lost_at = $2 WHERE id = $1 AND reach <> 'blocked' RETURNING true",
		func(pgx.Rows) error {
			first = true
			return nil
		}, p, now)
	return first, err
}

// Regain records that a person can be told anything again, and tells since when
// that was not so; the zero time when the person was never lost. Of somebody who
// was lost by a release that did not write down when, it is the epoch.
func (tx *Tx) Regain(p mahalla.PersonID) (time.Time, error) {
	var since *time.Time
	err := tx.read(`
		WITH old AS (
			SELECT id, CASE WHEN reach = 'blocked' THEN coalesce(lost_at, 'epoch') END AS lost_at
			FROM people WHERE id = $1 FOR NO KEY UPDATE)
		UPDATE people SET reach = 'reachable', lost_at = NULL
		FROM old
		WHERE people.id = old.id
		RETURNING old.lost_at`,
		func(rows pgx.Rows) error { return rows.Scan(&since) }, p)
	return value(since), err
}

// ReportedBy lists a person's own reports that still want something: those that
// are open, and those that were closed and not judged, or were held to be
// judged by silence since a moment.
func (tx *Tx) ReportedBy(p mahalla.PersonID, since time.Time) ([]mahalla.CaseID, error) {
	return tx.caseIDs(`
		SELECT id FROM cases
		WHERE id = ANY (ARRAY(SELECT id FROM cases WHERE reporter_id = $1 UNION ALL SELECT case_id FROM links WHERE look_up = ANY($3))) AND (
			status IN ('new', 'accepted', 'waiting')
			OR status = 'closed' AND (verdict = '' OR verdict = 'silent' AND judged_at >= $2))
		ORDER BY id`, p, since, tx.db.seals.lookUps(p))
}

// GivenUpClosed lists a person's own reports that were given up for others which were
// closed since a moment and which the person has not judged.
func (tx *Tx) GivenUpClosed(p mahalla.PersonID, since time.Time) ([]mahalla.CaseID, error) {
	return tx.caseIDs(`
		SELECT own.id FROM cases AS own JOIN cases AS worked ON worked.id = own.merged_into
		WHERE own.id = ANY (ARRAY(SELECT id FROM cases WHERE reporter_id = $1 UNION ALL SELECT case_id FROM links WHERE look_up = ANY($3)))
			AND worked.status = 'closed' AND worked.closed_at >= $2 AND (own.verdict = '' OR own.judged_at < worked.closed_at)
		ORDER BY worked.closed_at, own.id`, p, since, tx.db.seals.lookUps(p))
}
