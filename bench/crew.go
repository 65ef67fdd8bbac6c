package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"koprik/bot"
	"koprik/bot/simulator"
	"koprik/casework"
	"koprik/handlers"
	"koprik/mahalla"
	"koprik/scheduler"
	"koprik/storage"
)

// crew is the whole bot at work, put together as cmd/koprik does, with
// Telegram's limits off, and the simulator that it talks to over HTTP.
type crew struct {
	town      town
	now       func() time.Time
	telegram  *simulator.Server
	valve     *valve
	db        *storage.DB
	look      *pgxpool.Pool // for looking on, beside the bot's own connections
	acks      *storage.Acks
	desk      *casework.Desk
	client    *bot.Client
	worker    *bot.Worker
	sender    *bot.Sender
	poller    *bot.Poller
	scheduler *scheduler.Scheduler
	limiter   bot.Limiter  // nil: without limits
	pace      storage.Pace // of one chat
	closers   []func()
}

// newCrew puts the bot together over a database; nothing runs yet. Everybody of
// the town has pressed START, and the bot has forgotten it.
func newCrew(ctx context.Context, s *servers, address string, tracer pgx.QueryTracer) (*crew, error) {
	began := time.Now()
	c := &crew{town: s.town, now: func() time.Time { return noon.Add(time.Since(began)) }}
	return c, c.open(ctx, s, address, tracer)
}

// open puts it together with the clock and the limits that it has.
func (c *crew) open(ctx context.Context, s *servers, address string, tracer pgx.QueryTracer) (err error) {
	defer func() {
		if err != nil {
			c.close()
		}
	}()
	if err := c.openStores(ctx, s, address, tracer); err != nil {
		return err
	}
	server, err := c.openTelegram()
	if err != nil {
		return err
	}
	if err := c.openBot(server); err != nil {
		return err
	}
	if err := c.scheduler.Refresh(ctx); err != nil {
		return err
	}
	return c.greet(ctx)
}

func (c *crew) openStores(ctx context.Context, s *servers, address string, tracer pgx.QueryTracer) (err error) {
	if c.db, err = storage.Open(ctx, storage.Options{URL: address, Tracer: tracer}, s.seals); err != nil {
		return err
	}
	c.closers = append(c.closers, c.db.Close)
	if c.look, err = pgxpool.New(ctx, address); err != nil {
		return err
	}
	c.closers = append(c.closers, c.look.Close)
	redis, err := storage.OpenRedis(s.redisURL())
	if err != nil {
		return err
	}
	c.closers = append(c.closers, func() { _ = redis.Close() })
	c.acks = storage.NewAcks(redis)
	c.desk, err = newDesk(c.acks)
	return err
}

// openTelegram serves the simulator on a port of this machine.
func (c *crew) openTelegram() (address string, err error) {
	c.telegram = simulator.New(simulator.Config{Now: c.now, KeepLog: 20_000, KeepMessages: 200})
	c.closers = append(c.closers, c.telegram.Close)
	c.valve = &valve{next: c.telegram}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	server := &http.Server{Handler: c.valve, ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(listener) }() // ends with Close
	c.closers = append(c.closers, func() { _ = server.Close() })
	return "http://" + listener.Addr().String(), nil
}

func (c *crew) openBot(address string) (err error) {
	sign := bot.NewSigner([]byte("a key of 32 bytes for the bench!"))
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	if c.client, err = bot.NewClient(bot.ClientOptions{Token: c.telegram.Token(), URL: address, Sign: sign}); err != nil {
		return err
	}
	c.closers = append(c.closers, c.client.Close)
	metrics := bot.NewMetrics(nil)
	c.worker = bot.NewWorker(bot.WorkerOptions{
		DB: c.db, Client: c.client, Router: handlers.Router(c.desk), Ear: bot.Ear{Username: c.telegram.Username(), Buttons: sign},
		Now: c.now, Wall: time.Now, Metrics: metrics, Log: log,
	})
	c.sender = bot.NewSender(bot.SenderOptions{
		DB: c.db, Client: c.client, Now: c.now, Wall: time.Now, Limiter: c.limiter, Pace: c.pace, Metrics: metrics, Log: log,
		Render: func(tx *storage.Tx, m storage.Message) (mahalla.Screen, error) {
			screen, err := c.desk.Draw(tx, m, c.now())
			if errors.Is(err, casework.ErrPointless) {
				return screen, bot.ErrPointless
			}
			return screen, err
		},
		Unreachable: func(tx *storage.Tx, m storage.Message) error { return c.desk.Unreachable(tx, m.Person, c.now()) },
	})
	intake := bot.NewIntake(bot.IntakeOptions{DB: c.db, Wake: c.worker.Wake, Metrics: metrics, Log: log})
	c.db.OnNotice(c.sender.Wake)
	c.poller = bot.NewPoller(bot.PollerOptions{DB: c.db, Client: c.client, Intake: intake, Timeout: time.Second, Metrics: metrics, Log: log})
	c.scheduler = &scheduler.Scheduler{DB: c.db, Acks: c.acks, Desk: c.desk, Now: c.now, Log: log}
	return nil
}

// greet lets everybody press START, and lets go of the updates of it.
func (c *crew) greet(ctx context.Context) error {
	for _, list := range [][]citizen{c.town.inspectors, c.town.residents} {
		for _, who := range list {
			c.telegram.AddPerson(simulator.Person{ID: who.telegram, FirstName: "Aziza", Language: "uz"}).Start("")
		}
	}
	_, err := c.client.Poll(ctx, c.telegram.LastUpdateID()+1, 1, 0)
	if err == nil && c.telegram.Pending() > 0 {
		err = errors.New("the simulator kept updates that were confirmed")
	}
	return err
}

// user is a person of the town in the simulator.
func (c *crew) user(who citizen) *simulator.User { return c.telegram.User(fmt.Sprint(who.telegram)) }

// start lets everything run; what it returns waits until all is at rest.
func (c *crew) start(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	sending, stopSending := context.WithCancel(context.WithoutCancel(ctx))
	var sender, others sync.WaitGroup
	sender.Go(func() { c.sender.Run(sending) })
	others.Go(func() { c.worker.Run(ctx) })
	others.Go(func() { c.scheduler.Run(ctx) })
	others.Go(func() { c.poller.Run(ctx) })
	return func() {
		cancel()
		others.Wait()
		stopSending()
		sender.Wait()
	}
}

func (c *crew) close() {
	for i := len(c.closers) - 1; i >= 0; i-- {
		c.closers[i]()
	}
}

// rest waits until Telegram has no update left, and inbox and outbox are empty.
func (c *crew) rest(ctx context.Context) error {
	for ctx.Err() == nil {
		if c.telegram.Pending() == 0 {
			var waiting bool
			err := c.look.QueryRow(ctx, `
				SELECT EXISTS (SELECT FROM inbox_chats WHERE waiting > 0) OR EXISTS (SELECT FROM outbox_chats WHERE waiting > 0)
					OR EXISTS (SELECT FROM owed)`).Scan(&waiting)
			if err != nil || !waiting {
				return err
			}
		}
		time.Sleep(25 * time.Millisecond)
	}
	return ctx.Err()
}

// honest fails when the bot broke a rule of Telegram's, or gave an update or a
// message up.
func (c *crew) honest(ctx context.Context) error {
	if list := c.telegram.Departures(); len(list) > 0 {
		return fmt.Errorf("%d calls break a rule of the Bot API, the first: %s", len(list), list[0])
	}
	var failed int
	err := c.look.QueryRow(ctx, `
		SELECT (SELECT count(*) FROM inbox WHERE state = 2 OR attempts > 0)
			+ (SELECT count(*) FROM outbox WHERE state > 2 OR attempts > 1)`).Scan(&failed)
	if err == nil && failed > 0 {
		err = fmt.Errorf("%d updates or messages failed", failed)
	}
	return err
}

// valve stands before the simulator and can hold up long polls, so that a
// backlog can be made before the bot sees any of it.
type valve struct {
	next http.Handler
	mu   sync.Mutex
	shut chan struct{}      // closed when the valve opens; nil while it is open
	cut  context.CancelFunc // ends the poll under way
	busy sync.WaitGroup
}

func (v *valve) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if len(r.URL.Path) < 10 || r.URL.Path[len(r.URL.Path)-10:] != "getUpdates" {
		v.next.ServeHTTP(w, r)
		return
	}
	v.mu.Lock()
	for v.shut != nil {
		shut := v.shut
		v.mu.Unlock()
		select {
		case <-shut:
		case <-r.Context().Done():
			return
		}
		v.mu.Lock()
	}
	ctx, cancel := context.WithCancel(r.Context())
	v.cut = cancel
	v.busy.Add(1)
	v.mu.Unlock()
	defer v.busy.Done()
	defer cancel()
	v.next.ServeHTTP(w, r.WithContext(ctx))
}

// close ends the long poll under way and holds up the next one.
func (v *valve) close() {
	v.mu.Lock()
	v.shut = make(chan struct{})
	if v.cut != nil {
		v.cut()
	}
	v.mu.Unlock()
	v.busy.Wait()
}

func (v *valve) open() {
	v.mu.Lock()
	defer v.mu.Unlock()
	close(v.shut)
	v.shut = nil
}
