package storage_test

import (
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

func TestTheAuditorNamesWhatMustNotBe(t *testing.T) {
	t.Parallel()
	now := morning.AddDate(0, 0, 1)
	for _, test := range []struct {
		name  string
		spoil func(w *world, acks *storage.Acks, c *mahalla.Case)
		want  storage.Findings
	}{
		{"nothing", func(*world, *storage.Acks, *mahalla.Case) {}, storage.Findings{}},
		{"a case of which nobody was shown a card", func(w *world, acks *storage.Acks, c *mahalla.Case) {
			w.exec("DELETE FROM cards WHERE case_id = $1", c.ID)
		}, storage.Findings{Untold: 1}},
		{"a ladder that should have fallen", func(w *world, acks *storage.Acks, c *mahalla.Case) {
			w.exec("UPDATE cases SET next_beat_at = $2 WHERE id = $1", c.ID, now.Add(-time.Minute))
			w.must(acks.Await(w.ctx, storage.Awaited{Case: c.ID, Next: now.Add(-time.Minute), Since: c.FiledAt}))
		}, storage.Findings{Late: 1}},
		{"a timer that nobody has fired", func(w *world, acks *storage.Acks, c *mahalla.Case) {
			w.exec("INSERT INTO timers (case_id, kind, due_at) VALUES ($1, 'offer', $2)", c.ID, now.Add(-time.Minute))
		}, storage.Findings{Unfired: 1}},
		{"a reminder of which nobody knows what became", func(w *world, acks *storage.Acks, c *mahalla.Case) {
			w.exec(`INSERT INTO reminders (id, kind, about_id, person_id, due_at, until_at, fire_at)
				VALUES (1, 'custom', 1, $1, $2, $3, $2)`, w.officer.ID, now.Add(-time.Hour), now.Add(-time.Minute))
		}, storage.Findings{Unfired: 1}},
		{"a case that was given to nobody", func(w *world, acks *storage.Acks, c *mahalla.Case) {
			w.exec("DELETE FROM assignments")
		}, storage.Findings{Untold: 1}},
		{"a case for which there was nobody", func(w *world, acks *storage.Acks, c *mahalla.Case) {
			w.exec("DELETE FROM assignments")
			w.exec("INSERT INTO case_events (id, case_id, kind, at) VALUES (9000, $1, 'nobody', $2)", c.ID, now)
		}, storage.Findings{}},
		{"a reminder hours late, whose window is open", func(w *world, acks *storage.Acks, c *mahalla.Case) {
			w.exec(`INSERT INTO reminders (id, kind, about_id, person_id, due_at, until_at, fire_at)
				VALUES (1, 'custom', 1, $1, $2, $3, $2)`, w.officer.ID, now.Add(-3*time.Hour), now.Add(time.Hour))
		}, storage.Findings{Unfired: 1}},
		{"a reminder that is put off", func(w *world, acks *storage.Acks, c *mahalla.Case) {
			w.exec(`INSERT INTO reminders (id, kind, about_id, person_id, due_at, until_at, fire_at)
				VALUES (1, 'custom', 1, $1, $2, $3, $4)`, w.officer.ID, now.Add(-3*time.Hour), now.Add(time.Hour), now.Add(time.Minute))
		}, storage.Findings{}},
		{"what recurs and has not", func(w *world, acks *storage.Acks, c *mahalla.Case) {
			w.exec("UPDATE recurring SET next_at = $1 WHERE id = 1", now.Add(-time.Hour))
		}, storage.Findings{Unfired: 1}},
		{"a dialogue that nobody has woken", func(w *world, acks *storage.Acks, c *mahalla.Case) {
			w.exec("INSERT INTO dialogues (person_id, data, updated_at, wake_at) VALUES ($1, '', now(), $2) ON CONFLICT (person_id) DO UPDATE SET wake_at = excluded.wake_at", w.resident.ID, now.Add(-time.Hour))
		}, storage.Findings{Unfired: 1}},
		{"a dialogue whose chat is still to be heard", func(w *world, acks *storage.Acks, c *mahalla.Case) {
			w.exec("INSERT INTO dialogues (person_id, data, updated_at, wake_at) VALUES ($1, '', now(), $2) ON CONFLICT (person_id) DO UPDATE SET wake_at = excluded.wake_at", w.resident.ID, now.Add(-time.Hour))
			w.exec("INSERT INTO inbox_chats (chat_id, waiting, ready_at) SELECT telegram_id, 1, clock_timestamp() FROM people WHERE id = $1", w.resident.ID)
		}, storage.Findings{}},
		{"an absence that nobody has looked at", func(w *world, acks *storage.Acks, c *mahalla.Case) {
			w.exec(`INSERT INTO absences (id, person_id, from_at, until_at, state, answer, wake_at) VALUES (1, $1, $2, $3, 'running', '', $2)`,
				w.officer.ID, now.Add(-time.Hour), now.Add(time.Hour))
		}, storage.Findings{Unfired: 1}},
		{"a beat that fell twice", func(w *world, acks *storage.Acks, c *mahalla.Case) {
			w.exec(`INSERT INTO case_events (id, case_id, kind, at, about_id, level)
				SELECT 9000 + n, $1, 'escalated', $2::timestamptz + n * interval '2 seconds', $3, 1 FROM generate_series(1, 2) AS n`, c.ID, now.Add(-time.Minute), w.stranger.ID)
		}, storage.Findings{Doubled: 1}},
		{"a beat that told two, and the one after it", func(w *world, acks *storage.Acks, c *mahalla.Case) {
			w.exec(`INSERT INTO case_events (id, case_id, kind, at, about_id, level) VALUES
				(9001, $1, 'escalated', $2, $3, 1), (9002, $1, 'escalated', $2, $4, 1), (9003, $1, 'escalated', $2, $3, 2)`,
				c.ID, now.Add(-time.Minute), w.stranger.ID, w.officer.ID)
		}, storage.Findings{}},
		{"an update that nobody takes up", func(w *world, acks *storage.Acks, c *mahalla.Case) {
			w.exec("INSERT INTO inbox_chats (chat_id, waiting, ready_at) VALUES (77, 1, clock_timestamp() - interval '2 minutes')")
		}, storage.Findings{Stuck: 1}},
		{"a second officer who never got a card", func(w *world, acks *storage.Acks, c *mahalla.Case) {
			escalated(w, c, now.Add(-time.Hour), 1)
		}, storage.Findings{Untold: 1}},
		{"a second officer whose card fails for an hour", func(w *world, acks *storage.Acks, c *mahalla.Case) {
			escalated(w, c, now.Add(-time.Hour), 1)
			posted(w, c, now.Add(-time.Hour), 60, "server_error")
		}, storage.Findings{Untold: 1, Stuck: 1}},
		{"a second officer whose card Telegram holds up", func(w *world, acks *storage.Acks, c *mahalla.Case) {
			escalated(w, c, now.Add(-time.Hour), 1)
			posted(w, c, now.Add(-time.Hour), 3, "too_many")
		}, storage.Findings{}},
		{"a second officer whose card is on its way anew", func(w *world, acks *storage.Acks, c *mahalla.Case) {
			escalated(w, c, now.Add(-time.Hour), 1)
			posted(w, c, now.Add(-time.Second), 1, "server_error")
		}, storage.Findings{}},
		{"a second officer out of reach", func(w *world, acks *storage.Acks, c *mahalla.Case) {
			escalated(w, c, now.Add(-time.Hour), 1)
			w.exec("UPDATE people SET reach = 'blocked' WHERE id = $1", w.stranger.ID)
		}, storage.Findings{}},
		{"a second officer who has the case in a list", func(w *world, acks *storage.Acks, c *mahalla.Case) {
			escalated(w, c, now.Add(-time.Hour), 1)
			w.exec("INSERT INTO gathered (person_id, case_id) VALUES ($1, $2)", w.stranger.ID, c.ID)
			w.exec("INSERT INTO cards (person_id, kind, case_id, message_id, hash) VALUES ($1, 'card.overdue', 0, 2, '')", w.stranger.ID)
		}, storage.Findings{}},
		{"an administrator, who gets no card", func(w *world, acks *storage.Acks, c *mahalla.Case) {
			escalated(w, c, now.Add(-time.Hour), mahalla.LevelAdministrator)
		}, storage.Findings{}},
		{"an officer of an earlier round", func(w *world, acks *storage.Acks, c *mahalla.Case) {
			escalated(w, c, now.Add(-time.Hour), 1)
			w.exec("UPDATE assignments SET round = 0 WHERE person_id = $1", w.stranger.ID)
		}, storage.Findings{}},
		{"an update that is tried again and again", func(w *world, acks *storage.Acks, c *mahalla.Case) {
			w.exec("INSERT INTO inbox (dedup, update_id, chat_id, payload, stored_at) VALUES ('x', 1, 77, '', clock_timestamp() - interval '1 hour')")
			w.exec("INSERT INTO inbox_chats (chat_id, waiting, ready_at) VALUES (77, 1, clock_timestamp() + interval '5 seconds')")
			if count, oldest, err := w.db.InboxWaiting(w.ctx); err != nil || count != 1 || oldest < time.Hour {
				t.Errorf("waits: got %d, the oldest for %s, %v, want one for an hour", count, oldest, err)
			}
		}, storage.Findings{Stuck: 1}},
		{"a message that no counter knows", func(w *world, acks *storage.Acks, c *mahalla.Case) {
			posted(w, c, now.Add(-time.Hour), 0, "")
			w.exec("DELETE FROM outbox_chats")
		}, storage.Findings{Stuck: 1}},
		{"a message that senders take up and never record", func(w *world, acks *storage.Acks, c *mahalla.Case) {
			posted(w, c, now.Add(-time.Hour), 40, "")
			w.exec("UPDATE outbox SET state = 1, kind = 'closed'")
			w.exec("UPDATE outbox_chats SET holder = 7")
		}, storage.Findings{Stuck: 1}},
		{"a held chat that nobody takes up again", func(w *world, acks *storage.Acks, c *mahalla.Case) {
			posted(w, c, now.Add(-time.Hour), 1, "")
			w.exec("UPDATE outbox SET state = 1, kind = 'closed'")
			w.exec("UPDATE outbox_chats SET holder = 7, ready_at = clock_timestamp() - interval '2 minutes'")
		}, storage.Findings{Stuck: 1}},
		{"a message behind others", func(w *world, acks *storage.Acks, c *mahalla.Case) {
			posted(w, c, now.Add(-time.Hour), 0, "")
		}, storage.Findings{}},
		{"a case that Redis has forgotten", func(w *world, acks *storage.Acks, c *mahalla.Case) {
			_, err := acks.Settle(w.ctx, c.ID)
			w.must(err)
		}, storage.Findings{Disagree: 1}},
		{"a case that only Redis knows", func(w *world, acks *storage.Acks, _ *mahalla.Case) {
			w.must(acks.Await(w.ctx, storage.Awaited{Case: 999, Next: now.Add(time.Hour), Since: now}))
		}, storage.Findings{Disagree: 1}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			acks := storage.NewAcks(redisOf(t))
			c := w.filed(1)
			w.exec("UPDATE assignments SET told_at = $2 WHERE case_id = $1", c.ID, now.Add(-10*time.Minute))
			w.exec("UPDATE cases SET next_beat_at = $2 WHERE id = $1", c.ID, now.Add(time.Hour))
			w.exec("INSERT INTO cards (person_id, kind, case_id, message_id, hash) VALUES ($1, 'card.officer', $2, 1, '')", w.officer.ID, c.ID)
			w.must(acks.Await(w.ctx, storage.Awaited{Case: c.ID, Next: now.Add(time.Hour), Since: c.FiledAt}))
			w.must(acks.MarkWhole(w.ctx))
			test.spoil(w, acks, c)
			got, err := w.db.Audit(w.ctx, acks, now)
			if err != nil || got != test.want {
				t.Errorf("got %+v, %v, want %+v", got, err, test.want)
			}
			w.tx(func(tx *storage.Tx) error { return tx.SaveAudit(got, now) })
			w.tx(func(tx *storage.Tx) error {
				again, at, clean, err := tx.LastAudit()
				if err != nil || again != got || !at.Equal(now) || clean.IsZero() == (got.Sum() == 0) {
					t.Errorf("read back: got %+v, %s, clean %s, %v", again, at, clean, err)
				}
				return nil
			})
		})
	}
}

// escalated makes a second person answer for a case.
func escalated(w *world, c *mahalla.Case, at time.Time, level mahalla.Level) {
	w.exec(`INSERT INTO assignments (case_id, round, person_id, ordinal, role, level, told_at, due_at)
		SELECT case_id, round, $2, ordinal + 1, 'senior_inspector', $4, $3, $3 FROM assignments WHERE case_id = $1`, c.ID, w.stranger.ID, at, level)
}

// posted makes the second person's card wait, after some tries.
func posted(w *world, c *mahalla.Case, at time.Time, tries int, reason string) {
	w.exec(`INSERT INTO outbox (id, person_id, chat_id, kind, case_id, round, lane, ring, state, attempts, reason, created_at)
		SELECT 1, id, telegram_id, 'card.officer', $1, 1, 0, true, 0, $3, $4, $5 FROM people WHERE id = $2`, c.ID, w.stranger.ID, tries, reason, at)
	w.exec("INSERT INTO outbox_chats (chat_id, waiting, lane, ready_at) SELECT telegram_id, 1, 0, clock_timestamp() + interval '50 seconds' FROM people WHERE id = $1", w.stranger.ID)
}
