package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"koprik/bot/simulator"
	"koprik/storage"
)

// Aims of the day of a region.
const (
	aimFlat = 1.25 // memory of the evening by that of the morning
	// keptInChats is how many messages the simulator keeps of a chat: a senior
	// inspector has several hundred living cards in the evening.
	keptInChats = 2000
	auditEvery  = 30 * time.Minute // of the day; the program audits itself beside that
)

// regionDay is how large the region is, and in which steps its day passes. A
// step is shorter than two nudges lie apart.
type regionDay struct {
	mahallas, residents, reports, meetings int
	step                                   time.Duration
}

// most is how long a step is at most.
func (d regionDay) most() time.Duration { return d.step + d.step/unevenness }

// region measures (m): the program as it is built, on a clock that is pushed
// through 24 hours of a working day, with Telegram's limits off. All that people
// do comes through the simulator. What the program should have done is reckoned
// from its rows and from what people did, by rules written down once more in
// region_hours.go, so that a clock that stands still, a beat too many and a
// report that is lost all show.
func region(ctx context.Context, b *bench) (err error) {
	r := &dayOf{bench: b, size: b.sizes.region, chance: rand.New(rand.NewPCG(20, 26))}
	defer r.close(ctx)
	if err := r.open(ctx); err != nil {
		return err
	}
	if err := r.callMeetings(ctx); err != nil {
		return fmt.Errorf("meetings: %w", err)
	}
	r.planDay()
	began := time.Now()
	if err := r.live(ctx); err != nil {
		return fmt.Errorf("at %s of the day: %w", r.now().Sub(r.begin).Round(time.Second), err)
	}
	r.took = time.Since(began)
	return r.judge(ctx)
}

// dayOf is the day of a region: its people, its program and what was seen.
type dayOf struct {
	*bench
	size   regionDay
	chance *rand.Rand

	address  string // of the database
	keys     string // the key file
	seals    *storage.Seals
	db       *storage.DB // for people's rows and for audits, beside the program
	look     *pgxpool.Pool
	acks     *storage.Acks
	telegram *simulator.Server
	client   string // where the simulator is served
	program  *clocked
	closers  []func()

	folk
	begin, end time.Time // of the day
	ahead      time.Duration
	agenda     agenda
	reports    []*concern
	meetings   []*gathering
	busy       map[int64]time.Time // officers in the middle of a closing
	moments    []moment            // when the clock was pushed
	heard      int                 // calls that were looked at
	reminded   []reminding
	seen       seen
	slow       time.Duration // how long the last step took in real time
	bare       int64         // bytes of the database before the day
	updates    int64         // before the day
	took       time.Duration
}

// seen is what was noticed while the day passed.
type seen struct {
	stumbles   []string // what people could not do
	unanswered map[string]bool
	resident   map[int]float64 // MB, by hour
	own        int             // audits that we made
	found      storage.Findings
	told       int // audits of the program
	toldFoul   []string
	unheard    int // audits of the program that did not come
}

// moment is one push of the clock: from then on it showed another time. Steps in
// which nothing can happen are passed over in one.
type moment struct{ before, after time.Time }

// now is the program's and the simulator's time.
func (r *dayOf) now() time.Time { return time.Now().Add(r.ahead) }

// open builds the region and starts the program on the evening before its day.
func (r *dayOf) open(ctx context.Context) error {
	r.busy, r.seen.unanswered, r.seen.resident = map[int64]time.Time{}, map[string]bool{}, map[int]float64{}
	if err := r.openStores(ctx); err != nil {
		return err
	}
	if err := r.settleRegion(ctx); err != nil {
		return err
	}
	if err := r.pickDay(ctx); err != nil {
		return err
	}
	r.ahead = time.Until(r.begin.Add(-evening))
	if err := r.openSimulator(); err != nil {
		return err
	}
	if err := r.greetAll(ctx); err != nil {
		return err
	}
	return r.startClocked(ctx)
}

func (r *dayOf) openStores(ctx context.Context) (err error) {
	if r.address, err = r.servers.empty(ctx); err != nil {
		return err
	}
	if _, err := storage.Migrate(ctx, r.address); err != nil {
		return err
	}
	r.keys = r.servers.dir + "/region-keys.json"
	if r.seals, err = storage.KeepSeals(ctx, r.address, r.keys); err != nil {
		return err
	}
	if r.db, err = storage.Open(ctx, storage.Options{URL: r.address, Connections: 2}, r.seals); err != nil {
		return err
	}
	r.closers = append(r.closers, r.db.Close)
	if r.look, err = pgxpool.New(ctx, r.address); err != nil {
		return err
	}
	r.closers = append(r.closers, r.look.Close)
	return nil
}

// openSimulator serves Telegram on a port of this machine, on the clock of the
// program.
func (r *dayOf) openSimulator() error {
	r.telegram = simulator.New(simulator.Config{KeepLog: 20_000, KeepMessages: keptInChats})
	r.telegram.Advance(r.ahead)
	r.closers = append(r.closers, r.telegram.Close)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: r.telegram, ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(listener) }() // ends with Close
	r.closers = append(r.closers, func() { _ = server.Close() })
	r.client = "http://" + listener.Addr().String()
	return nil
}

// evening is how long before the day the program is started.
const evening = 4 * time.Hour

// pickDay takes the next Tuesday of a week without a holiday: the program's clock is
// only ever pushed forward. It is as near as it can be, for queues keep the real time
// of the database: a week ahead of it, housekeeping would sweep fresh updates.
func (r *dayOf) pickDay(ctx context.Context) error {
	day := tashkentMidnight(time.Now())
	for range 100 {
		day = day.AddDate(0, 0, 1)
		if day.Weekday() != time.Tuesday || time.Until(day) < evening {
			continue
		}
		var feasts int
		if err := r.look.QueryRow(ctx, "SELECT count(*) FROM holidays WHERE day BETWEEN $1::date - 1 AND $1::date + 6", day.Format(time.DateOnly)).Scan(&feasts); err != nil {
			return err
		}
		if feasts == 0 {
			r.begin, r.end = day, day.AddDate(0, 0, 1)
			return nil
		}
	}
	return fmt.Errorf("no week without a holiday before %s", day.Format(time.DateOnly))
}

func (r *dayOf) close(ctx context.Context) {
	if r.program != nil {
		r.program.stop()
	}
	for i := len(r.closers) - 1; i >= 0; i-- {
		r.closers[i]()
	}
	if r.address != "" {
		_ = r.servers.drop(context.WithoutCancel(ctx), r.address) // all of it goes at the end anyway
	}
}
