package storage

import (
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
)

// What can be wrong with an update that somebody wants back.
var (
	// ErrNotAside says that no such update is in quarantine.
	ErrNotAside = errors.New("storage: no such update is in quarantine")
	// ErrForgotten says that what the update said is no longer kept.
	ErrForgotten = errors.New("storage: what it said is no longer kept")
)

// Quarantined is an update that was put aside, without what it said.
type Quarantined struct {
	ID       int64
	Stored   time.Time
	PutAside time.Time
	Reason   string // a code: unreadable, panic, error, or deadly: the program died of it
	Attempts int
	Whole    bool // what it said is still kept, so that it can be tried again
}

// Quarantine lists what was put aside, the oldest first.
func (tx *Tx) Quarantine(limit int) ([]Quarantined, error) {
	var list []Quarantined
	err := tx.read(`
		SELECT id, stored_at, finished_at, reason, attempts, payload <> '' FROM inbox
		WHERE state = 2
		ORDER BY id
		LIMIT $1`,
		func(rows pgx.Rows) error {
			var q Quarantined
			err := rows.Scan(&q.ID, &q.Stored, &q.PutAside, &q.Reason, &q.Attempts, &q.Whole)
			list = append(list, q)
			return err
		}, limit)
	return list, err
}

// Retry puts an update that was put aside back to where it stood, before
// everything that its chat has sent since, with all its tries. What it said must
// still be kept.
func (tx *Tx) Retry(id int64) error {
	chat, err := tx.holdQuarantined(id)
	if err != nil {
		return err
	}
	back := false
	err = tx.read(`
		UPDATE inbox SET state = 0, attempts = 0, deaths = 0, finished_at = NULL
		WHERE id = $1 AND state = 2 AND payload <> ''
		RETURNING true`, func(rows pgx.Rows) error { return rows.Scan(&back) }, id)
	if err == nil && !back {
		err = ErrForgotten
	}
	if err != nil {
		return err
	}
	tx.write(`
		INSERT INTO inbox_chats (chat_id, waiting, ready_at) VALUES ($1, 1, now())
		ON CONFLICT (chat_id) DO UPDATE SET
			waiting = inbox_chats.waiting + 1,
			ready_at = CASE WHEN inbox_chats.waiting = 0 THEN excluded.ready_at ELSE inbox_chats.ready_at END`, chat)
	return nil
}

// Drop forgets what an update said that was put aside; housekeeping takes the
// rest of it away in time.
func (tx *Tx) Drop(id int64) error {
	if _, err := tx.holdQuarantined(id); err != nil {
		return err
	}
	tx.write("UPDATE inbox SET state = 1, payload = NULL, stored_at = date_trunc('day', stored_at), finished_at = date_trunc('day', now()) WHERE id = $1 AND state = 2", id)
	return nil
}

// holdQuarantined takes the update and its chat, so that no worker finds the
// chat's order changing under its hands.
func (tx *Tx) holdQuarantined(id int64) (chat int64, err error) {
	found := false
	scan := func(rows pgx.Rows) error {
		found = true
		return rows.Scan(&chat)
	}
	err = tx.read("SELECT chat_id FROM inbox WHERE id = $1 AND state = 2 FOR UPDATE", scan, id)
	if err == nil && !found {
		err = ErrNotAside
	}
	return chat, err
}
