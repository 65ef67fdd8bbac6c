package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
	"koprik/scheduler"
)

const (
	stepsPerSecond = 20              // ladders that fall one by one
	lead           = 3 * time.Second // from the start of the replicas to the first step
	grace          = 20 * time.Second
	aimStep        = time.Second
)

// accuracy measures (h): how late a case is told to the next level while very
// many wait, from the moment of the step to the commit of what was done, with
// the loops of two replicas running. Steps fall one by one all the time, and a
// good many at one moment. One that is lost, early or done twice is an error.
func accuracy(ctx context.Context, b *bench) error {
	if err := b.servers.restartPostgres(ctx, "track_commit_timestamp = on"); err != nil {
		return err
	}
	w, err := b.openWatch(ctx)
	if err != nil {
		return err
	}
	defer w.close()
	if err := w.run(ctx); err != nil {
		return err
	}
	f, err := w.falls(ctx)
	if err != nil {
		return err
	}
	for _, l := range []struct {
		subject string
		late    []time.Duration
	}{
		{fmt.Sprintf("%d waiting, 2 replicas, %d steps a second: late by p50, most", b.sizes.awaited, stepsPerSecond), f.stream},
		{fmt.Sprintf("%d steps at one moment meanwhile: late by p50, most", len(f.burst)), f.burst},
	} {
		p99 := quantile(l.late, 0.99)
		b.table.note("h", l.subject, span(quantile(l.late, 0.5))+", "+span(quantile(l.late, 1)))
		b.table.result("h", fmt.Sprintf("  p99 of %d, to the commit", len(l.late)), span(p99), "< "+span(aimStep), p99 < aimStep)
	}
	wrong := f.lost + f.early + f.twice
	b.table.result("h", "  lost, early, done twice", fmt.Sprintf("%d, %d, %d", f.lost, f.early, f.twice), "none", wrong == 0)
	if wrong > 0 {
		return fmt.Errorf("%d steps did not fall as they should", wrong)
	}
	return nil
}

// watch is two replicas and the cases that wait. Its clock stands at noon until
// they run.
type watch struct {
	replicas []*scheduler.Scheduler
	look     *pgx.Conn
	rows     *watchRows
	began    time.Time
	closers  []func()
}

func (w *watch) now() time.Time {
	if w.began.IsZero() {
		return noon
	}
	return noon.Add(time.Since(w.began))
}

func (w *watch) close() {
	for i := len(w.closers) - 1; i >= 0; i-- {
		w.closers[i]()
	}
}

func (b *bench) openWatch(ctx context.Context) (_ *watch, err error) {
	w := &watch{}
	defer func() {
		if err != nil {
			w.close()
		}
	}()
	address, err := b.servers.database(ctx)
	if err != nil {
		return nil, err
	}
	w.closers = append(w.closers, func() { _ = b.servers.drop(context.WithoutCancel(ctx), address) })
	redis := b.servers.redisURL()
	for range 2 {
		s, end, err := b.openScheduler(ctx, address, redis, w.now)
		if err != nil {
			return nil, err
		}
		w.closers = append(w.closers, end)
		w.replicas = append(w.replicas, s)
	}
	if w.look, err = pgx.Connect(ctx, address); err != nil {
		return nil, err
	}
	w.closers = append(w.closers, func() { _ = w.look.Close(context.WithoutCancel(ctx)) })
	if err := w.appointSeniors(ctx, b.servers.town); err != nil {
		return nil, err
	}
	w.rows = newWatchRows(b.servers.town, w.replicas[0].Desk.Calendar(), b.sizes)
	if err := copyWaiting(ctx, address, w.rows); err != nil {
		return nil, err
	}
	return w, w.replicas[0].Reconcile(ctx)
}

// appointSeniors gives every sector of the town a senior inspector: of the
// residents the last, who have no case.
func (w *watch) appointSeniors(ctx context.Context, people town) error {
	known := w.replicas[0].Desk.Reference()
	given := map[mahalla.TerritoryID]bool{}
	var rows []string
	for _, c := range people.inspectors {
		sector := known.Above(c.place, mahalla.Sector)
		if sector == nil || given[sector.ID] {
			continue
		}
		given[sector.ID] = true
		who := people.residents[len(people.residents)-len(given)]
		rows = append(rows, fmt.Sprintf("(%d, '%s', %d, '%s')", who.id, mahalla.SeniorInspector, sector.ID,
			noon.Add(-time.Hour).Format(time.RFC3339)))
	}
	_, err := w.look.Exec(ctx, "INSERT INTO memberships (person_id, role, territory_id, valid_from) VALUES "+strings.Join(rows, ", "))
	return err
}

// run lets the replicas work until everything that falls due has been done, or
// will not be.
func (w *watch) run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	var group sync.WaitGroup
	defer group.Wait()
	defer cancel()
	w.began = time.Now()
	for _, s := range w.replicas {
		group.Go(func() { s.Run(ctx) })
	}
	last := w.rows.last.Add(grace)
	for time.Sleep(time.Until(w.began.Add(w.rows.last.Sub(noon)))); w.now().Before(last) && ctx.Err() == nil; time.Sleep(time.Second) {
		var left int
		err := w.look.QueryRow(ctx, "SELECT count(*) FROM cases WHERE next_beat_at <= $1", w.rows.last).Scan(&left)
		if err != nil || left == 0 {
			return err
		}
	}
	return ctx.Err()
}

// falls are the steps that fell: how late those did that came one by one, and
// those that came together.
type falls struct {
	stream, burst      []time.Duration
	lost, early, twice int
}

// falls reads when each step was committed, and looks that there is one for each
// that was due and no other.
func (w *watch) falls(ctx context.Context) (f falls, err error) {
	rows, err := w.look.Query(ctx, `
		SELECT case_id, pg_xact_commit_timestamp(xmin) FROM case_events WHERE kind = $1`, mahalla.EventEscalated)
	if err != nil {
		return f, err
	}
	done := map[int64]bool{}
	var id int64
	var at time.Time
	_, err = pgx.ForEachRow(rows, []any{&id, &at}, func() error {
		step, due := w.rows.steps[id]
		late := at.Sub(w.began) - step.Sub(noon)
		switch {
		case done[id]:
			f.twice++
		case !due || late < 0:
			f.early++
		case step.Equal(w.rows.together):
			f.burst = append(f.burst, late)
		default:
			f.stream = append(f.stream, late)
		}
		done[id] = true
		return nil
	})
	for id := range w.rows.steps {
		if !done[id] {
			f.lost++
		}
	}
	return f, err
}

// watchRows are cases of the urgent class, which waits by day and by night,
// that have had their reminders: next the ladder tells somebody else.
type watchRows struct {
	people   town
	calendar *mahalla.Calendar
	left     int
	due      []time.Time // moments still to be given
	made     int64
	steps    map[int64]time.Time // by case; the others wait much longer
	together time.Time
	last     time.Time
	ladder   mahalla.Ladder
	raw      []byte
	err      error
}

func newWatchRows(people town, calendar *mahalla.Calendar, sizes sizes) *watchRows {
	r := &watchRows{people: people, calendar: calendar, left: sizes.awaited, steps: map[int64]time.Time{},
		together: noon.Add(lead + sizes.stretch/2), last: noon.Add(lead + sizes.stretch)}
	chance := rand.New(rand.NewPCG(7, 8))
	for range int(sizes.stretch.Seconds() * stepsPerSecond) {
		r.due = append(r.due, noon.Add(lead+time.Duration(chance.Int64N(int64(sizes.stretch)))))
	}
	for range sizes.burst {
		r.due = append(r.due, r.together)
	}
	return r
}

// Next freezes the ladder anew for each case that falls due.
func (r *watchRows) Next() bool {
	if r.left == 0 || r.err != nil {
		return false
	}
	r.left--
	r.made++
	switch n := int(r.made); {
	case n <= len(r.due):
		r.freeze(r.due[n-1])
		r.steps[firstRow+r.made] = r.due[n-1]
	case n == len(r.due)+1:
		r.freeze(r.last.Add(10 * time.Hour))
	}
	return r.err == nil
}

// freeze makes a ladder whose first step falls at a moment.
func (r *watchRows) freeze(at time.Time) {
	policy := mahalla.DefaultPolicies()[mahalla.Urgent]
	r.ladder = policy.Freeze(r.calendar, at.Add(-policy.Steps[mahalla.LevelSubstitute].Length), mahalla.LevelOfficer)
	for r.ladder.Beats[r.ladder.Done].Kind != mahalla.Step {
		r.ladder.Done++
	}
	if next := r.ladder.Next(); !next.Equal(at) {
		r.err = fmt.Errorf("the first step falls at %s, and not at %s", next, at)
		return
	}
	r.raw, r.err = json.Marshal(r.ladder)
}

func (r *watchRows) Values() ([]any, error) {
	who := r.people.residents[int(r.made)%(len(r.people.residents)-mahallas)]
	return waitingRow(who, r.made, mahalla.High, r.ladder.Starts, r.ladder, r.raw), nil
}

func (r *watchRows) Err() error { return r.err }
