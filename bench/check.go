package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// checkLoop runs the loop once for every kind of update, one row at a time as
// the path was recorded, under the recorder that recorded the bot. What it
// sends must be what the bot sent, statement by statement.
func checkLoop(ctx context.Context, p *path, t town, address string) error {
	r := &recorder{}
	l, err := newLoop(ctx, p, t, address, batches{1, 1, 1, 1}, r)
	if err != nil {
		return err
	}
	defer l.pool.Close()
	for k := range kinds {
		if err := l.once(ctx, p, r, k); err != nil {
			return fmt.Errorf("the loop differs from the bot in %v: %w", k, err)
		}
	}
	return nil
}

// once compares one update in the loop with the recorded one.
func (l *loop) once(ctx context.Context, p *path, r *recorder, k kind) error {
	l.jobs, l.answered = []job{{k, l.town.residents[7]}}, make(chan paid, 1)
	r.take()
	if err := l.takeIn(ctx); err != nil {
		return err
	}
	conn, err := l.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	if found, err := l.update(ctx, conn.Conn()); err != nil || !found {
		return fmt.Errorf("the update was not found: %w", err)
	}
	for len(l.answered) > 0 {
		if err := l.strikeOut(ctx, conn.Conn(), []paid{<-l.answered}); err != nil {
			return err
		}
	}
	want := slices.Concat([]trip{p.intake}, p.kinds[k].worker, p.kinds[k].paid)
	if err := compare(want, r.take()); err != nil {
		return err
	}
	return l.onceSent(ctx, conn.Conn(), r, p.kinds[k].messages)
}

// onceSent compares claim, reads and record of every message.
func (l *loop) onceSent(ctx context.Context, conn *pgx.Conn, r *recorder, messages int) error {
	s := &sending{loop: l}
	list, err := s.claimOnce(ctx, conn)
	if err != nil {
		return err
	}
	if len(list) != messages {
		return fmt.Errorf("it leaves %d messages, the bot %d", len(list), messages)
	}
	if err := compare(l.path.claim, r.take()); err != nil {
		return err
	}
	for _, m := range list {
		recorded, swapped := s.swapMessage(m)
		for _, t := range recorded.reads {
			if err := exchange(ctx, conn, t, s.fill(t, swapped), nil); err != nil {
				return err
			}
		}
		if err := s.recordGroup(ctx, conn, []message{m}); err != nil {
			return err
		}
		if err := compare(append(slices.Clone(recorded.reads), recorded.finish), r.take()); err != nil {
			return fmt.Errorf("%s: %w", m.kind, err)
		}
	}
	return nil
}

func compare(want, got []trip) error {
	w, g := strings.Split(sqlOf(want...), "\n"), strings.Split(sqlOf(got...), "\n")
	for i := range max(len(w), len(g)) {
		if i >= len(w) || i >= len(g) || w[i] != g[i] {
			return fmt.Errorf("statement %d: recorded %q, sent %q", i+1, at(w, i), at(g, i))
		}
	}
	return nil
}

func at(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return ""
}

// beginningOf is enough of a statement to know it by.
func beginningOf(sql string) string {
	sql = strings.TrimSpace(sql)
	return sql[:min(40, len(sql))]
}

// same compares what both sides have left in their databases after equal
// rounds.
func (t *race) same(ctx context.Context) error {
	if !t.wants("a") || !t.wants("b") {
		return t.crew.honest(ctx)
	}
	bot, err := counts(ctx, t.crew.look)
	if err != nil {
		return err
	}
	loop, err := counts(ctx, t.loop.pool)
	if err != nil {
		return err
	}
	each := float64(t.sizes.each)
	rounds := 2 * float64(t.sizes.rounds) // of either
	for table, steps := range bot {
		perRound := (steps - start(table)*each) / (rounds * each)
		perLoop := (loop[table] - start(table)*each) / (rounds * each)
		if diff := perRound - perLoop; diff > 0.02 || diff < -0.02 {
			return fmt.Errorf("a report leaves %.2f rows in %s, in the loop %.2f", perRound, table, perLoop)
		}
	}
	return t.crew.honest(ctx)
}

// start is how many rows for each resident of a group the preparation leaves.
func start(table string) float64 {
	switch table {
	case "owed":
		return 0
	case "inbox":
		return 3
	case "outbox":
		return 4
	case "dialogues":
		return 2
	case "cards":
		return 1 + 2 // a draft's, a receipt, an officer's
	case "messages":
		return 2
	case "case_events":
		return filedEvents
	}
	return 1 // cases, reports, assignments
}

// filedEvents is how many events a filed report has.
const filedEvents = 2

// counts reads how many finished rows the tables hold.
func counts(ctx context.Context, db interface {
	QueryRow(context.Context, string, ...any) pgx.Row
}) (map[string]float64, error) {
	list := map[string]float64{}
	for table, where := range map[string]string{
		"inbox": "state = 1", "outbox": "state = 2", "cases": "true", "reports": "true", "assignments": "true",
		"case_events": "true", "messages": "true", "owed": "true",
	} {
		var n int
		if err := db.QueryRow(ctx, "SELECT count(*) FROM "+table+" WHERE "+where).Scan(&n); err != nil {
			return nil, err
		}
		list[table] = float64(n)
	}
	return list, nil
}
