package storage

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

// Findings is what an audit counts of what must not be. Every count is 0 in a
// healthy bot; the letters are those of the invariants in docs/faults.md.
type Findings struct {
	Untold   int `json:"untold"`   // I2: cases wait, and somebody within reach who is to answer was shown no card
	Disagree int `json:"disagree"` // I4: cases for which Redis says another thing than PostgreSQL
	Late     int `json:"late"`     // I5: ladders that should have fallen
	Unfired  int `json:"unfired"`  // I6: what should be done at a moment and was not: timers, reminders
	Doubled  int `json:"doubled"`  // I6: beats that fell twice
	Stuck    int `json:"stuck"`    // I9: updates and messages that wait much too long
}

// Sum is how much was found.
func (f Findings) Sum() int { return f.Untold + f.Disagree + f.Late + f.Unfired + f.Doubled + f.Stuck }

// What the auditor takes for too long: each a promise, and some time for the
// audit itself to see it in the middle of its course.
const (
	untoldAfter = 90 * time.Second
	lateAfter   = 35 * time.Second
	stuckAfter  = time.Minute
	mostAudited = 10_000 // cases that wait, the newest first
	sampled     = 500    // cases that are compared with Redis

	doubledWithin = 10 * time.Minute // so long a beat that fell twice is told of
)

// untold counts the cases that wait of which somebody who is to answer, and can be
// told, was shown no card of their own, nor the list that the case was gathered in.
// Administrators get no card. Of chats that Telegram itself holds up nothing is said,
// nor of a card that is on its way anew.
// What is on its way is listed once: looked up for each case it would be as many steps
// as cases times what waits in their officers' chats.
// A case that waits and was given to nobody at all is one more, unless it was noted that
// there was nobody.
const untold = `WITH held AS MATERIALIZED (
		SELECT chat_id FROM outbox WHERE state IN (0, 1) AND reason = 'too_many'),
	coming AS MATERIALIZED (
		SELECT DISTINCT chat_id, case_id FROM outbox WHERE state IN (0, 1) AND created_at >= $1),
	waiting AS MATERIALIZED (
		SELECT id, round, filed_at FROM cases WHERE next_beat_at IS NOT NULL ORDER BY id DESC LIMIT $2)
	SELECT (SELECT count(*) FROM waiting WHERE filed_at < $1
		AND NOT EXISTS (SELECT FROM assignments WHERE case_id = waiting.id AND assignments.round = waiting.round)
		AND NOT EXISTS (SELECT FROM case_events WHERE case_id = waiting.id AND kind = 'nobody'))
	+ count(DISTINCT waiting.id) FROM waiting
	JOIN assignments ON assignments.case_id = waiting.id AND assignments.round = waiting.round
		AND NOT unreachable AND level < $3 AND told_at < $1
	JOIN people ON people.id = assignments.person_id AND reach = 'reachable'
	WHERE NOT EXISTS (
		SELECT FROM cards WHERE cards.person_id = people.id AND cards.case_id = waiting.id AND kind IN ('card.officer', 'card.head'))
	AND NOT (
		EXISTS (SELECT FROM gathered WHERE gathered.person_id = people.id AND gathered.case_id = waiting.id)
		AND EXISTS (SELECT FROM cards WHERE cards.person_id = people.id AND cards.case_id = 0 AND kind = 'card.overdue'))
	AND NOT EXISTS (SELECT FROM held WHERE held.chat_id = telegram_id)
	AND NOT EXISTS (SELECT FROM coming WHERE coming.chat_id = telegram_id AND coming.case_id = waiting.id)
	AND NOT EXISTS (SELECT FROM coming WHERE coming.chat_id = telegram_id AND coming.case_id = 0)`

// doubled counts who was told by the ladder twice within some seconds of one case: a
// beat lies minutes behind the one before it, and tells nobody who knows. Of what came
// last, for the rest was looked at before.
const doubled = `WITH told AS (
		SELECT case_id, at, coalesce(about_id, 0) AS about, level FROM (
			SELECT case_id, at, about_id, level, kind, note FROM case_events ORDER BY seq DESC LIMIT 10000) AS latest
		WHERE kind = 'escalated' AND note = '' AND at >= $1)
	SELECT count(DISTINCT case_id) FROM (
		SELECT case_id, at - lag(at) OVER (PARTITION BY case_id, about, level ORDER BY at) AS apart FROM told) AS pairs
	WHERE apart < interval '10 seconds'`

// stuck counts the chats that nobody takes up, and those whose oldest update or
// message was tried in vain for too long: every try puts a chat off, so that its
// next turn alone would say nothing. A message that waits for its turn behind
// others, or that Telegram itself holds up, is none; one that no counter knows is, and
// one that is taken up again and again and of which nothing is ever recorded.
const stuck = `SELECT (
		SELECT count(*) FROM (
			SELECT chat_id FROM inbox_chats WHERE waiting > 0 AND ready_at < clock_timestamp() - $1::interval
			UNION SELECT chat_id FROM inbox WHERE state = 0 AND stored_at < clock_timestamp() - $1::interval) AS updates)
	+ (SELECT count(*) FROM (
			SELECT chat_id FROM outbox_chats WHERE waiting > 0 AND ready_at < clock_timestamp() - $1::interval
			UNION SELECT chat_id FROM outbox WHERE state IN (0, 1) AND created_at < $2 AND (
				attempts > 0 AND reason NOT IN ('', 'too_many')
				OR attempts > 3 AND reason = '' AND created_at < $3
				OR NOT EXISTS (SELECT FROM outbox_chats WHERE outbox_chats.chat_id = outbox.chat_id AND waiting > 0))) AS messages)`

// Audit counts what must not be. Without Redis, or before its clock is filled,
// nothing is compared with it.
func (db *DB) Audit(ctx context.Context, acks *Acks, now time.Time) (Findings, error) {
	var f Findings
	err := db.Read(ctx, func(tx *Tx) error {
		return tx.readAll([]query{
			{untold, []any{now.Add(-untoldAfter), mostAudited, mahalla.LevelAdministrator}, scanInto(&f.Untold)},
			{"SELECT count(*) FROM cases WHERE next_beat_at < $1", []any{now.Add(-lateAfter)}, scanInto(&f.Late)},
			{unfired, []any{now, now.Add(-lateAfter)}, scanInto(&f.Unfired)},
			{doubled, []any{now.Add(-doubledWithin)}, scanInto(&f.Doubled)},
			{stuck, []any{stuckAfter, now.Add(-stuckAfter), now.Add(-2 * stuckAfter)}, scanInto(&f.Stuck)},
		})
	})
	if err != nil {
		return f, err
	}
	f.Disagree, err = db.disagree(ctx, acks, now)
	return f, err
}

func scanInto(n *int) func(pgx.Rows) error { return func(rows pgx.Rows) error { return rows.Scan(n) } }

// disagree counts, of the next cases whose ladder falls and of a stretch of those
// on the clock, the ones for which Redis and PostgreSQL differ, and still do when
// both are asked once more a little later.
func (db *DB) disagree(ctx context.Context, acks *Acks, now time.Time) (int, error) {
	if acks == nil {
		return 0, nil
	}
	whole, err := acks.Whole(ctx)
	if err != nil || !whole {
		return 0, nil // it is away, or being filled
	}
	next, err := db.AwaitedBefore(ctx, now.AddDate(1, 0, 0), sampled)
	if err != nil {
		return 0, err
	}
	suspects := make(map[mahalla.CaseID]bool, len(next))
	for _, w := range next {
		suspects[w.Case] = true
	}
	members, _, err := acks.Members(ctx, 0, sampled)
	if err != nil {
		return 0, nil
	}
	for _, id := range members {
		suspects[id] = true
	}
	for range 2 {
		if suspects, err = db.differing(ctx, acks, suspects); err != nil || len(suspects) == 0 {
			return 0, err
		}
		select {
		case <-time.After(agreeWithin):
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
	if suspects, err = db.differing(ctx, acks, suspects); err != nil {
		return 0, err
	}
	return len(suspects), nil
}

// agreeWithin is how soon both must agree again after a change, halved: they are
// looked at three times.
const agreeWithin = 6 * time.Second

// differing are those of some cases of which Redis says another thing than
// PostgreSQL. A claim moves a case on the clock by its lease, and not beyond.
func (db *DB) differing(ctx context.Context, acks *Acks, among map[mahalla.CaseID]bool) (map[mahalla.CaseID]bool, error) {
	ids := make([]mahalla.CaseID, 0, len(among))
	for id := range among {
		ids = append(ids, id)
	}
	list, err := db.AwaitedAmong(ctx, ids)
	if err != nil {
		return nil, err
	}
	want := make(map[mahalla.CaseID]time.Time, len(list))
	for _, w := range list {
		want[w.Case] = w.Next
	}
	next, err := acks.Nexts(ctx, ids)
	if err != nil {
		return nil, nil // it went away meanwhile
	}
	found := map[mahalla.CaseID]bool{}
	for _, id := range ids {
		got := next[id]
		if off := got.Sub(want[id].Truncate(time.Millisecond)); got.IsZero() != want[id].IsZero() || !got.IsZero() && (off < 0 || off > stuckAfter) {
			found[id] = true
		}
	}
	return found, nil
}

// SaveAudit keeps what was found last, and when nothing was.
func (tx *Tx) SaveAudit(f Findings, now time.Time) error {
	raw, err := json.Marshal(f)
	if err != nil {
		return wrap(err)
	}
	var clean *time.Time
	if f.Sum() == 0 {
		clean = &now
	}
	tx.write(`INSERT INTO audits (at, clean_at, findings) VALUES ($1, $2, $3)
		ON CONFLICT (single) DO UPDATE SET at = excluded.at, findings = excluded.findings, clean_at = coalesce(excluded.clean_at, audits.clean_at)`,
		now, clean, raw)
	return nil
}

// LastAudit is what was found last, when, and when nothing was; zero moments
// where there was no audit yet.
func (tx *Tx) LastAudit() (f Findings, at, clean time.Time, err error) {
	var raw []byte
	var cleanAt *time.Time
	err = tx.read("SELECT at, clean_at, findings FROM audits", func(rows pgx.Rows) error { return rows.Scan(&at, &cleanAt, &raw) })
	if err == nil && raw != nil {
		err = json.Unmarshal(raw, &f)
	}
	return f, at, value(cleanAt), err
}
