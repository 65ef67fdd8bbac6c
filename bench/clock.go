package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
	"koprik/scheduler"
	"koprik/storage"
)

// The aim of the clock: how much dearer a tick may be with many cases on it.
const (
	dueAtOnce = 50
	fewCases  = 1000
	aimTick   = 1.2
)

// clock measures (f): one tick of the scheduler with nothing due, and with a
// fixed number of ladders to fall, with few and with very many cases waiting.
func clock(ctx context.Context, b *bench) error {
	many, err := b.openTower(ctx, b.sizes.cases)
	if err != nil {
		return err
	}
	defer many.close()
	few, err := b.openTower(ctx, fewCases+dueAtOnce*b.sizes.ticks)
	if err != nil {
		return err
	}
	defer few.close()
	b.table.note("f", fmt.Sprintf("%d waiting cases copied into PostgreSQL", b.sizes.cases), span(many.copied))
	b.table.note("f", "  put on the clock in Redis from there, as after its loss", span(many.filled))
	b.table.note("f", "  the look every 10 s whether both agree", span(many.agreed))
	idle, busy := map[*tower][]time.Duration{}, map[*tower][]time.Duration{}
	for i := range b.sizes.ticks {
		for _, t := range []*tower{few, many} {
			took, err := t.tick(ctx, t.beats[i], dueAtOnce)
			if err != nil {
				return err
			}
			busy[t] = append(busy[t], took)
		}
		for range 5 { // a tick with nothing due is short
			for _, t := range []*tower{few, many} {
				took, err := t.tick(ctx, t.beats[i].Add(time.Second), 0)
				if err != nil {
					return err
				}
				idle[t] = append(idle[t], took)
			}
		}
	}
	for _, r := range []struct {
		subject string
		took    map[*tower][]time.Duration
	}{{"nothing due", idle}, {fmt.Sprintf("%d due", dueAtOnce), busy}} {
		small, large := quantile(r.took[few], 0.5), quantile(r.took[many], 0.5)
		b.table.note("f", fmt.Sprintf("tick with %s, %d and %d cases: median", r.subject, few.cases, many.cases), span(small)+", "+span(large))
		times := large.Seconds() / small.Seconds()
		b.table.result("f", "  times that of the few", fmt.Sprintf("%.2f", times), fmt.Sprintf("≤ %.1f", aimTick), times <= aimTick)
	}
	return nil
}

// tower is a scheduler with a clock that is moved by hand, and the cases that
// wait in its PostgreSQL and its Redis.
type tower struct {
	scheduler *scheduler.Scheduler
	now       time.Time
	cases     int
	beats     []time.Time // at each of them dueAtOnce ladders fall
	copied    time.Duration
	filled    time.Duration // Redis, from PostgreSQL
	agreed    time.Duration // a look whether both still agree
	closers   []func()
}

func (b *bench) openTower(ctx context.Context, cases int) (_ *tower, err error) {
	t := &tower{cases: cases, now: noon}
	defer func() {
		if err != nil {
			t.close()
		}
	}()
	address, err := b.servers.database(ctx)
	if err != nil {
		return nil, err
	}
	t.closers = append(t.closers, func() { _ = b.servers.drop(context.WithoutCancel(ctx), address) })
	scheduler, end, err := b.openScheduler(ctx, address, b.servers.redisURL(), func() time.Time { return t.now })
	if err != nil {
		return nil, err
	}
	t.scheduler = scheduler
	t.closers = append(t.closers, end)
	if err := t.copyCases(ctx, address, b.servers.town, b.sizes.ticks); err != nil {
		return nil, err
	}
	for _, took := range []*time.Duration{&t.filled, &t.agreed} {
		began := time.Now()
		if err := t.scheduler.Reconcile(ctx); err != nil {
			return nil, err
		}
		*took = time.Since(began)
	}
	return t, nil
}

// openScheduler makes a scheduler with connections of its own, as a replica has
// them. Its end leaves nothing in its Redis.
func (b *bench) openScheduler(ctx context.Context, address, redisURL string, now func() time.Time) (_ *scheduler.Scheduler, end func(), err error) {
	db, err := storage.Open(ctx, storage.Options{URL: address}, b.servers.seals)
	if err != nil {
		return nil, nil, err
	}
	redis, err := storage.OpenRedis(redisURL)
	if err != nil {
		db.Close()
		return nil, nil, err
	}
	end = func() {
		_ = redis.FlushDB(context.WithoutCancel(ctx)).Err()
		_ = redis.Close()
		db.Close()
	}
	acks := storage.NewAcks(redis)
	desk, err := newDesk(acks)
	if err != nil {
		end()
		return nil, nil, err
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	s := &scheduler.Scheduler{DB: db, Acks: acks, Desk: desk, Now: now, Log: log}
	if err := s.Refresh(ctx); err != nil {
		end()
		return nil, nil, err
	}
	return s, end, nil
}

func (t *tower) close() {
	for i := len(t.closers) - 1; i >= 0; i-- {
		t.closers[i]()
	}
}

// tick moves the clock and lets one tick happen.
func (t *tower) tick(ctx context.Context, at time.Time, want int) (time.Duration, error) {
	t.now = at
	began := time.Now()
	fired, err := t.scheduler.Tick(ctx)
	took := time.Since(began)
	if err == nil && fired != want {
		err = fmt.Errorf("%d fell due with %d cases, and not %d", fired, t.cases, want)
	}
	return took, err
}

// copyCases writes cases that wait: for every measured tick those that fall
// due, and the others with their first beat in a month.
func (t *tower) copyCases(ctx context.Context, address string, people town, ticks int) error {
	began := time.Now()
	rows := &caseRows{people: people, left: t.cases, calendar: t.scheduler.Desk.Calendar(), ticks: ticks}
	if err := copyWaiting(ctx, address, rows); err != nil {
		return err
	}
	t.beats = rows.beats
	t.copied = time.Since(began)
	return nil
}

// copyWaiting writes cases, and that the inspectors of their places were told.
func copyWaiting(ctx context.Context, address string, rows pgx.CopyFromSource) (err error) {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	defer func() { err = firstError(err, conn.Close(ctx)) }()
	// The rows are as the bot writes them; looking up what they refer to takes longest.
	if _, err := conn.Exec(ctx, "SET session_replication_role = replica"); err != nil {
		return err
	}
	if _, err := conn.CopyFrom(ctx, pgx.Identifier{"cases"}, []string{"id", "number", "reporter_id", "place_id", "category",
		"urgency", "secrecy", "status", "round", "level", "filed_at", "ladder", "next_beat_at"}, rows); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, `
		INSERT INTO assignments (case_id, round, person_id, ordinal, role, level, told_at, due_at)
		SELECT cases.id, 1, memberships.person_id, 1, role, 0, filed_at, (ladder->>'due')::timestamptz
		FROM cases JOIN memberships ON territory_id = place_id`); err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "VACUUM (ANALYZE) cases, assignments")
	return err
}

// waitingRow is a case of somebody of the town that nobody has accepted yet. The
// made-th gets a number of its own.
func waitingRow(who citizen, made int64, urgency mahalla.Urgency, filed time.Time, ladder mahalla.Ladder, raw []byte) []any {
	return []any{int64(firstRow) + made, made * 79_197_773 % 100_000_000, int64(who.id), int64(who.place), "noise",
		string(urgency), "public", "new", 1, 0, filed, raw, ladder.Next()}
}

// caseRows gives the rows one by one.
type caseRows struct {
	people   town
	calendar *mahalla.Calendar
	left     int
	ticks    int
	made     int64
	ladder   mahalla.Ladder
	raw      []byte
	filed    time.Time
	beats    []time.Time
	err      error
}

// Next freezes the ladder anew for those of the next tick, and once for all
// others.
func (r *caseRows) Next() bool {
	if r.left == 0 || r.err != nil {
		return false
	}
	r.left--
	if due := int(r.made) / dueAtOnce; int(r.made)%dueAtOnce == 0 && due <= r.ticks {
		r.filed = noon.Add(time.Duration(due) * 2 * time.Second)
		if due == r.ticks {
			r.filed = noon.AddDate(0, 1, 0)
		}
		r.ladder = mahalla.DefaultPolicies()[mahalla.Ordinary].Freeze(r.calendar, r.filed, mahalla.LevelOfficer)
		r.raw, r.err = json.Marshal(r.ladder)
		if due < r.ticks {
			r.beats = append(r.beats, r.ladder.Next())
		}
	}
	r.made++
	return r.err == nil
}

func (r *caseRows) Values() ([]any, error) {
	who := r.people.residents[int(r.made)%len(r.people.residents)]
	return waitingRow(who, r.made, mahalla.Normal, r.filed, r.ladder, r.raw), nil
}

func (r *caseRows) Err() error { return r.err }
