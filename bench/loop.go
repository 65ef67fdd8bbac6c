package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"koprik/mahalla"
)

// loop sends the recorded statements for other people and new rows, over as
// many connections as the bot has and in batches of the same sizes, and does
// nothing else: nothing is decided, drawn, sealed, decoded or sent.
type loop struct {
	path  *path
	town  town
	pool  *pgxpool.Pool
	sizes batches
	reads bool // of the sender, before it draws
	counters
	began time.Time

	jobs     []job
	runs     int64        // so far, for keys that nobody has
	finished atomic.Int64 // updates
	posted   atomic.Int64 // messages in the outbox
	answered chan paid    // presses
	sent     atomic.Int64
	mu       sync.Mutex
	filed    map[int64]int64 // the last case of a resident's chat
}

// job is one update of a round.
type job struct {
	kind kind
	who  citizen
}

// paid is a press that was answered: its row in the inbox.
type paid struct {
	kind kind
	row  int64
}

// batches are how many rows the bot moved with one statement, on the average.
type batches struct{ intake, claim, finish, paid float64 }

// Connections of the bot, as storage.Open has them, and who uses them.
const (
	connections = 16 + 3
	workers     = 8
	readers     = 4
)

func newLoop(ctx context.Context, p *path, t town, address string, sizes batches, tracer pgx.QueryTracer) (*loop, error) {
	config, err := pgxpool.ParseConfig(address)
	if err != nil {
		return nil, err
	}
	config.MaxConns = connections
	config.ConnConfig.Tracer = tracer
	config.ConnConfig.RuntimeParams["jit"] = "off"
	config.ConnConfig.RuntimeParams["plan_cache_mode"] = "force_generic_plan"
	config.ConnConfig.RuntimeParams["timezone"] = "UTC"
	pool, err := pgxpool.NewWithConfig(ctx, config)
	return &loop{path: p, town: t, pool: pool, sizes: sizes, filed: map[int64]int64{}, began: time.Now()}, err
}

// run serves the jobs from the intake to an empty outbox.
func (l *loop) run(ctx context.Context, jobs []job) error {
	l.jobs = jobs
	l.finished.Store(0)
	l.posted.Store(0)
	l.sent.Store(0)
	l.answered = make(chan paid, len(jobs))
	tasks := []func(context.Context) error{l.takeIn, l.send, l.strike}
	for range workers {
		tasks = append(tasks, l.work)
	}
	return together(ctx, tasks...)
}

// together runs tasks side by side; the first failure ends the others.
func together(ctx context.Context, tasks ...func(context.Context) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var group sync.WaitGroup
	for _, task := range tasks {
		group.Go(func() {
			if err := task(ctx); err != nil {
				cancel(err)
			}
		})
	}
	group.Wait()
	return context.Cause(ctx)
}

// takeIn stores the jobs in the inbox.
func (l *loop) takeIn(ctx context.Context) error {
	l.runs++
	size := max(1, int(l.sizes.intake+0.5))
	for from := 0; from < len(l.jobs); from += size {
		var many []*swap
		var payloads [][]byte
		for i := from; i < min(from+size, len(l.jobs)); i++ {
			u := l.path.kinds[l.jobs[i].kind]
			s := l.swapFor(u, l.jobs[i])
			s.texts = map[string]string{l.path.intake.stringArg(): dedup(i, l.runs)}
			s.ids[l.path.kinds[accept].chat] = s.ids[u.chat] // the intake was recorded with an acceptance
			many, payloads = append(many, s), append(payloads, u.payload)
		}
		args := widen(l.path.intake.statements[0].args, many, &l.counters)
		args[3] = payloads
		rows, err := l.pool.Query(ctx, l.path.intake.first(), args...)
		if err != nil {
			return err
		}
		rows.Close()
		if err := rows.Err(); err != nil {
			return fmt.Errorf("intake: %w", err)
		}
	}
	return nil
}

// dedup is the natural key of a job, as long as one of the bot's.
func dedup(i int, run int64) string { return fmt.Sprintf("m:%d:%d", i, 100_000_000+run) }

// swapFor puts the people of a job in the place of the recorded ones.
func (l *loop) swapFor(u recordedUpdate, j job) *swap {
	officer := l.town.inspectors[j.who.officer]
	return &swap{shift: time.Since(l.began), ids: map[int64]int64{
		int64(u.resident.id): int64(j.who.id), u.resident.telegram: j.who.telegram, int64(u.resident.place): int64(j.who.place),
		int64(u.officer.id): int64(officer.id), u.officer.telegram: officer.telegram,
	}}
}

// work serves updates until all are done.
func (l *loop) work(ctx context.Context) error {
	conn, err := l.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	for l.finished.Load() < int64(len(l.jobs)) && ctx.Err() == nil {
		found, err := l.update(ctx, conn.Conn())
		if err != nil {
			return fmt.Errorf("worker: %w", err)
		}
		if !found {
			time.Sleep(time.Millisecond)
		}
	}
	return ctx.Err()
}

// update serves one, if one waits.
func (l *loop) update(ctx context.Context, conn *pgx.Conn) (bool, error) {
	claim := l.path.kinds[words].worker[0] // the same for all
	var id *int64
	var key *string
	err := exchange(ctx, conn, claim, recorded(claim), func(rows pgx.Rows) error {
		var ignored any
		return rows.Scan(&ignored, &id, &key, &ignored, &ignored, &ignored, &ignored, &ignored)
	})
	if err != nil {
		return false, err
	}
	if id == nil {
		_, err := conn.Exec(ctx, "ROLLBACK")
		return false, err
	}
	i, err := strconv.Atoi(strings.Split(*key, ":")[1])
	if err != nil {
		return false, err
	}
	j := l.jobs[i]
	u := l.path.kinds[j.kind]
	s := l.swapFor(u, j)
	s.ids[u.row()] = *id
	if j.kind == accept {
		s.ids[u.caseID] = l.caseOf(j.who)
	}
	for _, t := range u.worker[1:] {
		if err := exchange(ctx, conn, t, l.fill(t, s), nil); err != nil {
			return false, err
		}
	}
	if j.kind == tap {
		l.file(j.who, s.ids[u.caseID])
	}
	if len(u.paid) > 0 {
		l.answered <- paid{j.kind, *id}
	}
	l.posted.Add(int64(u.messages))
	l.finished.Add(1)
	return true, nil
}

// strike strikes out that answers are owed, as many at once as the bot does.
func (l *loop) strike(ctx context.Context) error {
	presses := 0
	for _, j := range l.jobs {
		if len(l.path.kinds[j.kind].paid) > 0 {
			presses++
		}
	}
	conn, err := l.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	for size := max(1, int(l.sizes.paid+0.5)); presses > 0; {
		var group []paid
		for len(group) < min(size, presses) {
			select {
			case p := <-l.answered:
				group = append(group, p)
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		if err := l.strikeOut(ctx, conn.Conn(), group); err != nil {
			return err
		}
		presses -= len(group)
	}
	return nil
}

func (l *loop) strikeOut(ctx context.Context, conn *pgx.Conn, group []paid) error {
	var many []*swap
	for _, p := range group {
		many = append(many, &swap{ids: map[int64]int64{l.path.kinds[group[0].kind].row(): p.row}})
	}
	t := l.path.kinds[group[0].kind].paid[0]
	return exchange(ctx, conn, t, [][]any{widen(t.statements[0].args, many, &l.counters)}, nil)
}

func (l *loop) file(who citizen, id int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.filed[who.telegram] = id
}

func (l *loop) caseOf(who citizen) int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.filed[who.telegram]
}

// fill gives the arguments of every statement of a round trip. What the person
// wrote is a new message every time.
func (l *loop) fill(t trip, s *swap) [][]any {
	list := make([][]any, len(t.statements))
	for i, statement := range t.statements {
		list[i] = s.args(statement.args, &l.counters)
		if begins(statement.sql, "INSERT INTO messages") {
			messages := slices.Clone(list[i][1].([]int64))
			for k := range messages {
				messages[k] = l.row()
			}
			list[i][1] = messages
		}
	}
	return list
}

func recorded(t trip) [][]any {
	list := make([][]any, len(t.statements))
	for i, s := range t.statements {
		list[i] = s.args
	}
	return list
}

// exchange makes one round trip in the recorded form and gives the rows of its
// last statement to each.
func exchange(ctx context.Context, conn *pgx.Conn, t trip, args [][]any, each func(pgx.Rows) error) error {
	if !t.batch {
		rows, err := conn.Query(ctx, t.first(), args[0]...)
		if err != nil {
			return err
		}
		return drain(rows, each)
	}
	batch := &pgx.Batch{}
	for i, s := range t.statements {
		batch.Queue(s.sql, args[i]...)
	}
	results := conn.SendBatch(ctx, batch)
	for i, s := range t.statements {
		rows, err := results.Query()
		if err == nil && i == len(t.statements)-1 {
			err = drain(rows, each)
		} else if err == nil {
			err = drain(rows, nil)
		}
		if err != nil {
			_ = results.Close()
			return fmt.Errorf("%.60s: %w", strings.Join(strings.Fields(s.sql), " "), err)
		}
	}
	return results.Close()
}

// scanNamed reads the columns of a row that have names here, and no others.
func scanNamed(rows pgx.Rows, into map[string]any) error {
	var ignored any
	var list []any
	for _, column := range rows.FieldDescriptions() {
		to, ok := into[column.Name]
		if !ok {
			to = &ignored
		}
		list = append(list, to)
	}
	return rows.Scan(list...)
}

func drain(rows pgx.Rows, each func(pgx.Rows) error) error {
	defer rows.Close()
	for rows.Next() {
		if each == nil {
			continue
		}
		if err := each(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// message is a claimed row of the outbox.
type message struct {
	id       int64
	person   mahalla.PersonID
	chat     int64
	kind     mahalla.NoticeKind
	about    int64
	attempts int
}
