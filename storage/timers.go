package storage

import (
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

// SetTimer wakes a case later; a timer of the same kind is replaced.
func (tx *Tx) SetTimer(c mahalla.CaseID, t mahalla.Timer) {
	tx.write(`
		INSERT INTO timers (case_id, kind, due_at) VALUES ($1, $2, $3)
		ON CONFLICT (case_id, kind) DO UPDATE SET due_at = excluded.due_at`, c, t.Kind, t.Due)
}

// CancelTimer takes a timer back.
func (tx *Tx) CancelTimer(c mahalla.CaseID, kind mahalla.TimerKind) {
	tx.write("DELETE FROM timers WHERE case_id = $1 AND kind = $2", c, kind)
}

// DueTimer is a timer that has fallen due.
type DueTimer struct {
	Case mahalla.CaseID
	Kind mahalla.TimerKind
	Due  time.Time
}

// DueTimers lists timers that have fallen due, the oldest first. They are not
// locked: the case is, before the timer is looked at again with TakeTimer.
func (tx *Tx) DueTimers(now time.Time, limit int) ([]DueTimer, error) {
	var list []DueTimer
	err := tx.read("SELECT case_id, kind, due_at FROM timers WHERE due_at <= $1 ORDER BY due_at LIMIT $2",
		func(rows pgx.Rows) error {
			var t DueTimer
			err := rows.Scan(&t.Case, &t.Kind, &t.Due)
			list = append(list, t)
			return err
		}, now, limit)
	return list, err
}

// TakeTimer removes a timer that is due and tells whether it was still there.
// The caller holds the case.
func (tx *Tx) TakeTimer(t DueTimer, now time.Time) (bool, error) {
	taken := false
	err := tx.read("DELETE FROM timers WHERE case_id = $1 AND kind = $2 AND due_at <= $3 RETURNING true",
		func(pgx.Rows) error {
			taken = true
			return nil
		}, t.Case, t.Kind, now)
	return taken, err
}

// PutOffTimer leaves a timer that is due until later, unless it has been changed.
func (tx *Tx) PutOffTimer(t DueTimer, later time.Time) {
	tx.write("UPDATE timers SET due_at = $4 WHERE case_id = $1 AND kind = $2 AND due_at = $3", t.Case, t.Kind, t.Due, later)
}
