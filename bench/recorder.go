package main

import (
	"context"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
)

// trip is one round trip to PostgreSQL: the statements of a pipeline, or one.
type trip struct {
	batch      bool
	statements []statement
}

// statement is SQL with the arguments that it was given.
type statement struct {
	sql  string
	args []any
}

func (t trip) first() string { return t.statements[0].sql }
func (t trip) last() string  { return t.statements[len(t.statements)-1].sql }

// recorder notes what goes to PostgreSQL: whole round trips, or only how often
// each statement was sent.
type recorder struct {
	mu     sync.Mutex
	trips  []trip
	counts map[string]int
	sent   int // round trips
}

// idBlock reserves row ids, once in 256 of them; it belongs to no update.
const idBlock = "SELECT nextval('ids')"

func (r *recorder) note(t trip) {
	if t.first() == idBlock {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sent++
	if r.counts != nil {
		for _, s := range t.statements {
			r.counts[s.sql]++
		}
		return
	}
	r.trips = append(r.trips, t)
}

// take gives the round trips so far and forgets them.
func (r *recorder) take() []trip {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := r.trips
	r.trips = nil
	return list
}

// count begins to count from nothing instead of keeping round trips.
func (r *recorder) count() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.counts, r.sent = map[string]int{}, 0
}

// times is how often statements that begin so, apart from space, were sent.
func (r *recorder) times(beginning string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for sql, count := range r.counts {
		if begins(sql, beginning) {
			n += count
		}
	}
	return n
}

// all is how many statements were sent.
func (r *recorder) all() int { return r.times("") }

func begins(sql, beginning string) bool {
	return strings.HasPrefix(strings.TrimSpace(sql), beginning)
}

// TraceQueryStart notes a statement that is sent by itself.
func (r *recorder) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	r.note(trip{statements: []statement{{data.SQL, data.Args}}})
	return ctx
}

// TraceQueryEnd is of no interest.
func (r *recorder) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// TraceBatchStart notes a pipeline.
func (r *recorder) TraceBatchStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceBatchStartData) context.Context {
	t := trip{batch: true}
	for _, q := range data.Batch.QueuedQueries {
		t.statements = append(t.statements, statement{q.SQL, q.Arguments})
	}
	r.note(t)
	return ctx
}

// TraceBatchQuery is of no interest.
func (r *recorder) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}

// TraceBatchEnd is of no interest.
func (r *recorder) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}
