package storage

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
)

// Update is something Telegram sent, as it waits in the inbox.
type Update struct {
	ID       int64  // of the row, in the order of arrival
	Dedup    string // natural key: the same happening has the same key
	UpdateID int64  // Telegram's; may begin again lower, so never an order
	Chat     int64  // whose order is kept
	Payload  []byte
	Attempts int
	Deaths   int  // at so many deaths of a replica it was in hand
	Suspect  bool // a replica may have died of it: see SuspectInHand
	Stored   time.Time
}

// StoreUpdates puts updates into the inbox and returns how many were not there
// before. When it returns nil they are committed and may be confirmed.
func (db *DB) StoreUpdates(ctx context.Context, updates []Update) (int, error) {
	if len(updates) == 0 {
		return 0, nil
	}
	if err := db.sure(ctx, db.intake); err != nil {
		db.unwritten.tookUpdates(err)
		return 0, err
	}
	n := len(updates)
	dedups, ids, chats, payloads := make([]string, n), make([]int64, n), make([]int64, n), make([][]byte, n)
	for i, u := range updates {
		sealed, err := db.seals.seal("inbox", "payload", u.Dedup, u.Payload)
		if err != nil {
			return 0, err
		}
		dedups[i], ids[i], chats[i], payloads[i] = u.Dedup, u.UpdateID, u.Chat, sealed
	}
	var fresh int
	err := db.intake.QueryRow(ctx, `
		WITH arrived AS (
			INSERT INTO inbox (dedup, update_id, chat_id, payload)
			SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bytea[])
			ON CONFLICT (dedup) DO NOTHING
			RETURNING chat_id
		), counted AS (
			INSERT INTO inbox_chats (chat_id, waiting, ready_at)
			SELECT chat_id, count(*), now() FROM arrived GROUP BY chat_id ORDER BY chat_id
			ON CONFLICT (chat_id) DO UPDATE SET
				waiting = inbox_chats.waiting + excluded.waiting,
				ready_at = CASE WHEN inbox_chats.waiting = 0 THEN excluded.ready_at ELSE inbox_chats.ready_at END
		)
		SELECT count(*) FROM arrived`, dedups, ids, chats, payloads).Scan(&fresh)
	db.unwritten.tookUpdates(err)
	if err != nil {
		return 0, wrap(err)
	}
	return fresh, nil
}

// StoreQuarantined keeps an update that cannot be read, for a person to look at.
func (db *DB) StoreQuarantined(ctx context.Context, dedup string, payload []byte, reason string) error {
	if err := db.sure(ctx, db.intake); err != nil {
		return err
	}
	sealed, err := db.seals.seal("inbox", "payload", dedup, payload)
	if err != nil {
		return err
	}
	if sealed == nil {
		sealed = []byte{}
	}
	_, err = db.intake.Exec(ctx, `
		INSERT INTO inbox (dedup, update_id, chat_id, payload, state, reason, finished_at)
		VALUES ($1, 0, 0, $2, 2, $3, now())
		ON CONFLICT (dedup) DO NOTHING`, dedup, sealed, reason)
	if err != nil {
		return wrap(err)
	}
	return nil
}

// ErrNothing says that no row is waiting.
var ErrNothing = errors.New("storage: nothing is waiting")

// ErrAgain says that another worker was faster; ask once more.
var ErrAgain = errors.New("storage: somebody else was faster")

// inboxLocks is the class of the advisory locks that mean "this chat is served".
const inboxLocks = 1

// ClaimUpdate takes the oldest unfinished update of the chat that has waited
// longest and that nobody is serving. It is the caller's until the transaction
// ends, and so is the chat. ErrNothing and ErrAgain are the empty answers.
//
// The chat is held by an advisory lock and not by its counter row, so that
// intake never waits for a worker. The update row is locked too: the list of
// chats may be older than another worker's commit.
func (tx *Tx) ClaimUpdate() (Update, error) {
	var u Update
	var id *int64
	found := false
	var sealed []byte
	err := tx.read(`
		WITH chat AS MATERIALIZED (
			SELECT chat_id FROM (
				SELECT chat_id FROM inbox_chats
				WHERE waiting > 0 AND ready_at <= now()
				ORDER BY ready_at
				LIMIT 64) ready
			WHERE pg_try_advisory_xact_lock($1, hashint8(chat_id))
			LIMIT 1)
		SELECT chat.chat_id, head.id, head.dedup, head.update_id, head.payload, head.attempts, head.deaths, head.stored_at
		FROM chat LEFT JOIN LATERAL (
			SELECT id, dedup, update_id, payload, attempts, deaths, stored_at FROM inbox
			WHERE inbox.chat_id = chat.chat_id AND state = 0
			ORDER BY id
			LIMIT 1
			FOR UPDATE SKIP LOCKED) head ON true`,
		func(rows pgx.Rows) error {
			found = true
			var dedup *string
			var update *int64
			var attempts, deaths *int
			var stored *time.Time
			if err := rows.Scan(&u.Chat, &id, &dedup, &update, &sealed, &attempts, &deaths, &stored); err != nil || id == nil {
				return err
			}
			u.ID, u.Dedup, u.UpdateID, u.Attempts, u.Deaths, u.Stored = *id, *dedup, *update, *attempts, *deaths, *stored
			u.Suspect = tx.db.suspect(*stored, *deaths)
			return nil
		}, inboxLocks)
	switch {
	case err != nil:
		return u, err
	case !found:
		return u, ErrNothing
	case id == nil:
		return u, ErrAgain
	}
	// What cannot be opened has no payload: it is put aside like anything else
	// that cannot be read, and its chat goes on.
	if u.Payload, err = tx.db.seals.open("inbox", "payload", u.Dedup, sealed); err != nil {
		u.Payload = nil
	}
	return u, nil
}

// HoldChat takes a chat as a worker does, until the transaction ends. It is
// false when a worker serves the chat at this moment.
func (tx *Tx) HoldChat(chat int64) (bool, error) {
	held := false
	err := tx.read("SELECT pg_try_advisory_xact_lock($1, hashint8($2))",
		func(rows pgx.Rows) error { return rows.Scan(&held) }, inboxLocks, chat)
	return held, err
}

// HoldUpdate takes an update whose transaction was rolled back, and its chat,
// once more. It is false when somebody else has dealt with it in between. It
// waits for whoever serves the chat now.
func (tx *Tx) HoldUpdate(u Update) (bool, error) {
	tx.write("SELECT pg_advisory_xact_lock($1, hashint8($2))", inboxLocks, u.Chat)
	held := false
	// The sum keeps the planner to the primary key, as in FinishMessages.
	err := tx.read("SELECT true FROM inbox WHERE id = $1 AND state + 0 = 0 AND attempts = $2 FOR UPDATE",
		func(rows pgx.Rows) error { return rows.Scan(&held) }, u.ID, u.Attempts)
	return held, err
}

// RecountInbox mends the counter of a chat that promised an update where there
// was none, as after a row was removed by hand. Without it the chat would stand
// at the head of the queue for ever.
func (tx *Tx) RecountInbox(chat int64) {
	tx.write("SELECT FROM inbox_chats WHERE chat_id = $1 FOR UPDATE", chat)
	// A new statement, so that it sees what was committed before the lock.
	tx.write(`UPDATE inbox_chats SET waiting = (SELECT count(*) FROM inbox WHERE chat_id = $1 AND state = 0)
		WHERE chat_id = $1`, chat)
}

// FinishUpdate marks an update as done and forgets what it said. It must be
// the last statement of the transaction.
func (tx *Tx) FinishUpdate(u Update) error {
	if err := tx.post(); err != nil {
		return err
	}
	// No finer than the day: the moment at which a chat has spoken would tell which
	// case without a name is of that chat.
	tx.write(`UPDATE inbox SET state = 1, payload = NULL, stored_at = date_trunc('day', stored_at), finished_at = date_trunc('day', now())
		WHERE id = $1`, u.ID)
	tx.served(u.Chat, 1, 0)
	return nil
}

// PostponeUpdate leaves an update at the head of its chat for a later try. It
// must be the last statement of the transaction.
func (tx *Tx) PostponeUpdate(u Update, wait time.Duration, reason string) error {
	if err := tx.post(); err != nil {
		return err
	}
	tx.write("UPDATE inbox SET attempts = attempts + 1, deaths = 0, reason = $2 WHERE id = $1", u.ID, reason)
	tx.served(u.Chat, 0, wait)
	return nil
}

// QuarantineUpdate puts an update aside for a person to look at, so that the
// chat can go on. It must be the last statement of the transaction.
func (tx *Tx) QuarantineUpdate(u Update, reason string) error {
	if err := tx.post(); err != nil {
		return err
	}
	tx.write(`UPDATE inbox SET state = 2, attempts = attempts + 1, reason = $2, finished_at = now() WHERE id = $1`, u.ID, reason)
	tx.served(u.Chat, 1, 0)
	return nil
}

// served lowers the chat's counter and puts the chat behind the others.
func (tx *Tx) served(chat int64, finished int, wait time.Duration) {
	tx.write(`UPDATE inbox_chats SET waiting = waiting - $2, ready_at = clock_timestamp() + $3::interval WHERE chat_id = $1`,
		chat, finished, wait)
}

// InboxWaiting counts the updates that wait, and how long the oldest has.
func (db *DB) InboxWaiting(ctx context.Context) (count int, oldest time.Duration, err error) {
	var seconds float64
	err = db.intake.QueryRow(ctx, `
		SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(stored_at)), 0)::float8
		FROM inbox WHERE state = 0`).Scan(&count, &seconds)
	if err != nil {
		return 0, 0, wrap(err)
	}
	return count, time.Duration(seconds * float64(time.Second)), nil
}
