package storage

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// sweepBatch is how many rows one statement of housekeeping looks at, so that
// nobody waits for it.
const sweepBatch = 1000

// sweep is one kind of row that is of no use after a while. Its statement
// removes some and says how many those were; it is repeated until that is less
// than a batch.
type sweep struct {
	sql string
	old time.Duration // before now; 0 is for queues, whose clock is the database's
}

// sweeps are what housekeeping removes. What waits stays, and so do cases, their
// history and their people. A person's dialogue stays too: the serial in it
// tells the buttons of old questions.
func sweeps() []sweep {
	return []sweep{
		{`WITH gone AS (
			SELECT id FROM inbox WHERE state = 1 AND finished_at < $1 ORDER BY finished_at LIMIT $2)
		DELETE FROM inbox USING gone WHERE inbox.id = gone.id`, keepInbox},
		{`WITH gone AS (
			SELECT id FROM inbox WHERE state = 2 AND finished_at < $1 AND payload <> '' ORDER BY finished_at LIMIT $2)
		UPDATE inbox SET payload = '' FROM gone WHERE inbox.id = gone.id`, keepQuarantine},
		{`WITH gone AS (
			SELECT id FROM inbox WHERE state = 2 AND finished_at < $1 ORDER BY finished_at LIMIT $2)
		DELETE FROM inbox USING gone WHERE inbox.id = gone.id`, keepFailures},
		{`WITH gone AS (
			SELECT id FROM outbox WHERE state >= 2 AND finished_at < $1
				AND (kind <> 'ics' OR NOT EXISTS (SELECT FROM meetings WHERE meetings.id = case_id AND status = 'called'))
			ORDER BY finished_at LIMIT $2)
		DELETE FROM outbox USING gone WHERE outbox.id = gone.id`, keepOutbox},
		{`WITH gone AS (
			SELECT job, at FROM ticks WHERE at < $1 LIMIT $2)
		DELETE FROM ticks USING gone WHERE ticks.job = gone.job AND ticks.at = gone.at`, keepTicks},
		{`WITH gone AS (
			SELECT id FROM reminders WHERE finished_at < $1 AND due_at < $1 ORDER BY finished_at LIMIT $2)
		DELETE FROM reminders USING gone WHERE reminders.id = gone.id`, keepReminders},
		{`WITH gone AS (
			SELECT id FROM recurring WHERE kind = 'custom' AND state = 'stopped' AND created_at < $1
				AND NOT EXISTS (SELECT FROM reminders WHERE about_id = recurring.id AND due_at >= $1) LIMIT $2)
		DELETE FROM recurring USING gone WHERE recurring.id = gone.id`, keepStopped},
		{`WITH gone AS (
			SELECT chat_id, report_id FROM albums
			JOIN reports ON reports.id = report_id JOIN cases ON cases.id = case_id
			WHERE coalesce(closed_at, withdrawn_at) < $1 LIMIT $2)
		DELETE FROM albums USING gone WHERE albums.chat_id = gone.chat_id AND albums.report_id = gone.report_id`, keepCards},
		{`WITH gone AS (
			SELECT person_id, case_id FROM gathered JOIN cases ON cases.id = case_id
			WHERE coalesce(closed_at, withdrawn_at) < $1 LIMIT $2)
		DELETE FROM gathered USING gone WHERE gathered.person_id = gone.person_id AND gathered.case_id = gone.case_id`, keepCards},
		{`WITH gone AS (
			SELECT person_id, case_id FROM watchers JOIN cases ON cases.id = case_id
			WHERE coalesce(closed_at, withdrawn_at) < $1 LIMIT $2)
		DELETE FROM watchers USING gone WHERE watchers.person_id = gone.person_id AND watchers.case_id = gone.case_id`, keepCards},
		{`WITH gone AS (
			SELECT token_hash FROM handovers WHERE expires_at < $1 LIMIT $2)
		DELETE FROM handovers USING gone WHERE handovers.token_hash = gone.token_hash`, keepHandovers},
		// One that gave somebody a role stays as long as the role is known.
		{`WITH gone AS (
			SELECT id FROM invitations
			WHERE least(expires_at, revoked_at) < $1
				AND NOT EXISTS (SELECT FROM memberships WHERE invitation_id = invitations.id)
			LIMIT $2)
		DELETE FROM invitations USING gone WHERE invitations.id = gone.id`, keepOffers},
		// A locked counter is in use, and waiting for several could deadlock.
		{`WITH gone AS (
			SELECT chat_id FROM inbox_chats
			WHERE waiting = 0 AND ready_at < now() - interval '` + keepChats + `'
			LIMIT $1 FOR UPDATE SKIP LOCKED)
		DELETE FROM inbox_chats USING gone WHERE inbox_chats.chat_id = gone.chat_id`, 0},
		{`WITH gone AS (
			SELECT chat_id FROM outbox_chats
			WHERE waiting = 0 AND greatest(ready_at, pace_at) < now() - interval '` + keepChats + `'
			LIMIT $1 FOR UPDATE SKIP LOCKED)
		DELETE FROM outbox_chats USING gone WHERE outbox_chats.chat_id = gone.chat_id`, 0},
	}
}

// Housekeep removes rows that have been of no use for long enough, a few at a
// time, each few in a transaction of their own.
func (db *DB) Housekeep(ctx context.Context, now time.Time) error {
	var failed error
	for _, s := range sweeps() {
		failed = errors.Join(failed, db.sweep(ctx, s, now))
	}
	failed = errors.Join(failed, db.sweepMessages(ctx, now.Add(-keepCards)), db.sweepCards(ctx, now.Add(-keepCards)))
	if failed != nil {
		return fmt.Errorf("storage: housekeeping: %w", failed)
	}
	return nil
}

func (db *DB) sweep(ctx context.Context, s sweep, now time.Time) error {
	args := []any{now.Add(-s.old), sweepBatch}
	if s.old == 0 {
		args = args[1:]
	}
	for {
		done, err := db.work.Exec(ctx, s.sql, args...)
		if err != nil || done.RowsAffected() < sweepBatch {
			return err
		}
	}
}

// sweepMessages forgets which messages were about a case that ended before a
// moment. It walks over all of them in the order of their key.
func (db *DB) sweepMessages(ctx context.Context, before time.Time) error {
	var chat, message int64
	for seen := sweepBatch; seen == sweepBatch; {
		err := db.work.QueryRow(ctx, `
			WITH stretch AS (
				SELECT chat_id, message_id, case_id FROM messages
				WHERE (chat_id, message_id) > ($1, $2)
				ORDER BY chat_id, message_id LIMIT $3),
			gone AS (
				DELETE FROM messages USING stretch, cases
				WHERE messages.chat_id = stretch.chat_id AND messages.message_id = stretch.message_id
					AND cases.id = stretch.case_id AND coalesce(closed_at, withdrawn_at) < $4),
			last AS (SELECT chat_id, message_id FROM stretch ORDER BY chat_id DESC, message_id DESC LIMIT 1)
			SELECT (SELECT count(*) FROM stretch), coalesce(max(chat_id), 0), coalesce(max(message_id), 0)
			FROM last`, chat, message, sweepBatch, before).Scan(&seen, &chat, &message)
		if err != nil {
			return err
		}
	}
	return nil
}

// sweepCards does the same for living messages. Pressing an old one still has
// its answer: the button itself says which case it is about.
func (db *DB) sweepCards(ctx context.Context, before time.Time) error {
	var person, about int64
	var kind string
	for seen := sweepBatch; seen == sweepBatch; {
		err := db.work.QueryRow(ctx, `
			WITH stretch AS (
				SELECT person_id, kind, case_id FROM cards
				WHERE (person_id, kind, case_id) > ($1, $2, $3)
				ORDER BY person_id, kind, case_id LIMIT $4),
			gone AS (
				DELETE FROM cards USING stretch, cases
				WHERE cards.person_id = stretch.person_id AND cards.kind = stretch.kind AND cards.case_id = stretch.case_id
					AND cases.id = stretch.case_id AND coalesce(closed_at, withdrawn_at) < $5),
			last AS (SELECT person_id, kind, case_id FROM stretch ORDER BY person_id DESC, kind DESC, case_id DESC LIMIT 1)
			SELECT (SELECT count(*) FROM stretch), coalesce(max(person_id), 0), coalesce(max(kind), ''), coalesce(max(case_id), 0)
			FROM last`, person, kind, about, sweepBatch, before).Scan(&seen, &person, &kind, &about)
		if err != nil {
			return err
		}
	}
	return nil
}
