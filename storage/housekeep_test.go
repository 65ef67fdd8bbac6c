package storage_test

import (
	"context"
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// serverTime is what the database's clock shows.
func (w *world) serverTime() (now time.Time) {
	w.Helper()
	w.read(func(tx *storage.Tx) (err error) {
		now, err = tx.ServerTime()
		return err
	})
	return now
}

func TestHousekeepingRemovesWhatIsOfNoUseAndNothingElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	now := w.serverTime()
	w.exec(`INSERT INTO inbox (dedup, update_id, chat_id, payload, state, finished_at) VALUES
		('old', 1, 1, NULL, 1, now() - interval '8 days'), ('new', 2, 1, NULL, 1, now() - interval '6 days'),
		('waiting', 3, 1, 'x', 0, NULL), ('poison', 4, 1, 'x', 2, now() - interval '29 days'),
		('old poison', 5, 1, 'x', 2, now() - interval '31 days'), ('very old poison', 6, 1, '', 2, now() - interval '366 days')`)
	w.exec(`INSERT INTO outbox (id, person_id, chat_id, kind, lane, ring, state, created_at, finished_at, reason)
		SELECT n, $1, 1, 'say', 0, false, state, now() - interval '99 days', finished, reason FROM (VALUES
			(1, 2, now() - interval '31 days', ''), (2, 2, now() - interval '29 days', ''), (3, 0, NULL, ''),
			(4, 3, now() - interval '31 days', ''), (5, 3, now(), 'blocked'), (6, 3, now(), 'bad_button')) AS rows (n, state, finished, reason)`, w.resident.ID)
	w.exec("INSERT INTO ticks VALUES ('j', now() - interval '91 days'), ('j', now())")
	w.must(w.db.Housekeep(w.ctx, now))
	if in, out, ticks := w.number("SELECT count(*) FROM inbox"), w.number("SELECT count(*) FROM outbox"), w.number("SELECT count(*) FROM ticks"); in != 4 || out != 4 || ticks != 1 {
		t.Errorf("left: %d, %d, %d; want 4 updates, 4 messages, 1 tick", in, out, ticks)
	}
	if n := w.number("SELECT count(*) FROM inbox WHERE payload = 'x'"); n != 2 {
		t.Errorf("updates that still say something: got %d, want the one that waits and the young poison", n)
	}
	w.read(func(tx *storage.Tx) error {
		left, err := tx.Unfinished()
		same(t, "left over", left, storage.Leftovers{Waiting: 1, Quarantined: 2, Unsent: 1, Refused: 1})
		return err
	})
}

func TestHousekeepingForgetsWhereTheMessagesOfLongEndedCasesStand(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	now := w.serverTime()
	for n := range 4 {
		w.filed(n + 1)
	}
	// Closed long ago, withdrawn long ago, closed of late, open.
	w.exec(`UPDATE cases SET status = 'closed', owner_id = reporter_id, accepted_at = now(), closing = 'solved', next_beat_at = NULL,
		closed_at = now() - CASE id WHEN 1001 THEN interval '61 days' ELSE interval '59 days' END WHERE id IN (1001, 1003)`)
	w.exec("UPDATE cases SET status = 'withdrawn', next_beat_at = NULL, withdrawn_at = now() - interval '61 days' WHERE id = 1002")
	w.exec("INSERT INTO messages SELECT chat, n, 1001 + n % 4 FROM generate_series(1, 3) AS chat, generate_series(1, 1000) AS n")
	w.exec(`INSERT INTO cards SELECT people.id, kind, about, 5, 'x' FROM people,
		unnest('{card.officer,card.reporter}'::text[]) AS kind, unnest('{0,1001,1002,1003,1004}'::bigint[]) AS about WHERE people.id > 0`)
	w.must(w.db.Housekeep(w.ctx, now))
	if got := w.number("SELECT count(*) FROM messages"); got != 1500 || w.number("SELECT count(*) FROM messages WHERE case_id < 1003") != 0 {
		t.Errorf("messages: got %d, want the 1500 of the open case and the one that was closed of late", got)
	}
	if got := w.number("SELECT count(*) FROM cards"); got != 18 || w.number("SELECT count(*) FROM cards WHERE case_id IN (1001, 1002)") != 0 {
		t.Errorf("cards: got %d, want 18: those of two cases and of none", got)
	}
}

func TestHousekeepingRemovesCountersOfSilentChatsOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(`INSERT INTO inbox_chats SELECT n, 0, now() - interval '25 hours' FROM generate_series(1, 2500) AS n`)
	w.exec(`INSERT INTO inbox_chats VALUES (3001, 0, now() - interval '23 hours'), (3002, 1, now() - interval '25 hours'), (3003, 0, now() + interval '1 hour')`)
	w.exec(`INSERT INTO outbox_chats SELECT n, 0, 1, now() - interval '25 hours' FROM generate_series(1, 2500) AS n`)
	w.exec(`INSERT INTO outbox_chats VALUES (3001, 0, 1, now() - interval '23 hours', '-infinity'), (3002, 1, 1, now() - interval '25 hours', '-infinity'),
		(3003, 0, 1, now() - interval '25 hours', now())`)
	// A counter that somebody holds is passed over, not waited for.
	other := w.replica()
	w.must(other.InTx(w.ctx, func(tx *storage.Tx) error {
		tx.RecountInbox(7)
		if _, err := tx.ServerTime(); err != nil {
			return err
		}
		one, cancel := context.WithTimeout(w.ctx, 20*time.Second)
		defer cancel()
		return w.db.Housekeep(one, morning)
	}))
	if in, out := w.number("SELECT count(*) FROM inbox_chats"), w.number("SELECT count(*) FROM outbox_chats"); in != 4 || out != 3 {
		t.Errorf("left: %d and %d counters, want 4 (one was held) and 3", in, out)
	}
}

func TestHousekeepingRemovesInvitationsThatGaveNobodyARole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	now := w.serverTime()
	var tokens []string
	for _, expires := range []time.Duration{-31 * 24 * time.Hour, -29 * 24 * time.Hour, time.Hour, -31 * 24 * time.Hour} {
		w.tx(func(tx *storage.Tx) error {
			token, err := tx.Invite(mahalla.PreventionInspector, mahalla.RootTerritory, now.Add(-99*24*time.Hour), now.Add(expires))
			tokens = append(tokens, token)
			return err
		})
	}
	w.tx(func(tx *storage.Tx) error { // the last one was taken while it was good
		i, err := tx.Invitation(tokens[3], now.Add(-40*24*time.Hour))
		if err == nil {
			tx.TakeInvitation(i, w.officer.ID, now.Add(-40*24*time.Hour))
		}
		return err
	})
	w.must(w.db.Housekeep(w.ctx, now))
	if got := w.number("SELECT count(*) FROM invitations"); got != 3 {
		t.Errorf("invitations: got %d, want 3: one is young, one is good, one gave a role", got)
	}
}
