package bot

import (
	"context"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/bot/simulator"
	"koprik/mahalla"
	"koprik/storage"
	"koprik/storage/storagetest"
)

func TestMain(m *testing.M) {
	storagetest.Template(func(ctx context.Context, url string) error {
		_, err := storage.Migrate(ctx, url)
		return err
	})
	storagetest.Main(m)
}

// world is a Telegram, a database and a bot between them. Its router and
// renderer are the test's.
type world struct {
	t      testing.TB
	url    string
	sim    *simulator.Server
	seals  *storage.Seals
	db     *storage.DB
	raw    *pgx.Conn
	client *Client
	ear    Ear
	intake *Intake
	poller *Poller
	router *Router
	worker *Worker
	sender *Sender
	server *httptest.Server

	refusals, apologies atomic.Int32
}

// moment is when everything in these tests happens, unless it is measured.
func moment() time.Time { return time.Date(2026, 7, 1, 9, 0, 0, 0, time.UTC) }

func newWorld(t testing.TB, change ...func(*WorkerOptions, *SenderOptions)) *world {
	t.Helper()
	w := &world{t: t, url: storagetest.Postgres(t), sim: simulator.New(simulator.Config{})}
	w.server = httptest.NewServer(w.sim)
	t.Cleanup(func() { w.sim.Close(); w.server.Close() })
	w.db, w.client, w.ear = w.replica()
	conn, err := pgx.Connect(t.Context(), w.url)
	w.must(err)
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	w.raw = conn

	w.router = NewRouter(
		func(q *Request, e *mahalla.Error) error {
			w.refusals.Add(1)
			return w.say(q, "refused: "+e.Reason)
		},
		func(q *Request) error {
			w.apologies.Add(1)
			return w.say(q, "sorry")
		})
	work := WorkerOptions{
		DB: w.db, Client: w.client, Router: w.router, Ear: w.ear, Now: moment, Wall: time.Now,
		Backoff: []time.Duration{0, 0},
	}
	send := SenderOptions{
		DB: w.db, Client: w.client, Render: rendered, Now: moment, Wall: time.Now,
		Retry: func(int) time.Duration { return 0 },
	}
	for _, f := range change {
		f(&work, &send)
	}
	w.worker, w.sender = NewWorker(work), NewSender(send)
	w.intake = NewIntake(IntakeOptions{DB: w.db, Wake: w.worker.Wake})
	w.poller = NewPoller(PollerOptions{DB: w.db, Client: w.client, Intake: w.intake, Timeout: time.Nanosecond, Retry: time.Millisecond})
	return w
}

// replica is a database and a client as another program would have them.
func (w *world) replica() (*storage.DB, *Client, Ear) {
	w.t.Helper()
	if w.seals == nil {
		seals, err := storage.NewSeals()
		w.must(err)
		w.seals = seals
	}
	db, err := storage.Open(w.t.Context(), storage.Options{URL: w.url}, w.seals)
	w.must(err)
	w.t.Cleanup(db.Close)
	sign := NewSigner(w.seals.PressKey())
	client, err := NewClient(ClientOptions{Token: w.sim.Token(), URL: w.server.URL, Sign: sign})
	w.must(err)
	w.t.Cleanup(client.Close)
	return db, client, Ear{Username: w.sim.Username(), Buttons: sign}
}

// rendered draws what the message was sent with.
func rendered(_ *storage.Tx, m storage.Message) (mahalla.Screen, error) {
	return mahalla.Screen{Text: m.Args["text"]}, nil
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// say answers a request by the outbox.
func (w *world) say(q *Request, text string) error {
	return q.Tx.Send(q.Contact.Recipient(), mahalla.Notice{Kind: "test", Args: map[string]string{"text": text}}, 0, q.Now, time.Time{})
}

// person has a chat with the bot that no update is left of, and is known to it.
func (w *world) person(key string) (*simulator.User, storage.Recipient) {
	w.t.Helper()
	u := w.sim.AddPerson(simulator.Person{Key: key, Language: "ru"})
	u.Start("")
	w.pull()
	if _, err := w.worker.Drain(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	var to storage.Recipient
	w.must(w.db.InTx(w.t.Context(), func(tx *storage.Tx) error {
		c, err := tx.ContactByTelegram(u.ID())
		if err == nil && c == nil {
			c, err = tx.AddPerson(u.ID(), key, mahalla.Ru, moment())
		}
		if err == nil {
			to = c.Recipient()
		}
		return err
	}))
	return u, to
}

// pull brings everything that Telegram has into the inbox, and confirms it.
func (w *world) pull() {
	w.t.Helper()
	for {
		w.must(w.poller.Once(w.t.Context()))
		if w.poller.offset == 0 {
			return
		}
	}
}

// turn lets the bot hear, work and speak until there is nothing to do.
func (w *world) turn() {
	w.t.Helper()
	w.pull()
	for {
		n, err := w.worker.Drain(w.t.Context())
		w.must(err)
		m, err := w.sender.Drain(w.t.Context())
		w.must(err)
		if n+m == 0 {
			return
		}
	}
}

// send puts notices for somebody into the outbox.
func (w *world) send(to storage.Recipient, list ...mahalla.Notice) {
	w.t.Helper()
	w.must(w.db.InTx(w.t.Context(), func(tx *storage.Tx) error {
		for _, n := range list {
			if err := tx.Send(to, n, caseOf(n), moment(), time.Time{}); err != nil {
				return err
			}
		}
		return nil
	}))
}

// caseOf gives every card the one case of these tests.
func caseOf(n mahalla.Notice) mahalla.CaseID {
	if n.Kind == mahalla.CardOfficer {
		return 7
	}
	return 0
}

func notice(text string) mahalla.Notice {
	return mahalla.Notice{Kind: "test", Args: map[string]string{"text": text}}
}

func card(text string, ring bool) mahalla.Notice {
	return mahalla.Notice{Kind: mahalla.CardOfficer, Args: map[string]string{"text": text}, Ring: ring, Lane: mahalla.LaneUrgent}
}

// heard are the texts of the bot in a chat.
func heard(u *simulator.User) []string {
	list := []string{}
	for _, m := range u.Messages() {
		if m.FromBot && !m.Deleted {
			list = append(list, m.Text)
		}
	}
	return list
}

// count asks the database for a number.
func (w *world) count(sql string, args ...any) int {
	w.t.Helper()
	var n int
	w.must(w.raw.QueryRow(w.t.Context(), sql, args...).Scan(&n))
	return n
}

// eventually waits for a condition.
func (w *world) eventually(what string, holds func() bool) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), 20*time.Second)
	defer cancel()
	if err := w.sim.Wait(ctx, holds); err != nil {
		w.t.Fatalf("%s: %v", what, err)
	}
}

// eventuallyWithin waits longer, and looks at long intervals: it is for
// measuring.
func (w *world) eventuallyWithin(most time.Duration, holds func() bool) {
	w.t.Helper()
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	deadline := time.After(most)
	for !holds() {
		select {
		case <-ticker.C:
		case <-deadline:
			w.t.Fatal("not in time")
		}
	}
}

// run starts something that runs until the test ends or stop is called.
func (w *world) run(f func(context.Context)) (stop func()) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(w.t.Context()))
	done := make(chan struct{})
	go func() { defer close(done); f(ctx) }()
	stop = func() { cancel(); <-done }
	w.t.Cleanup(stop)
	return stop
}

// correct checks at the end that every call kept to the rules of the Bot API.
func (w *world) correct() {
	w.t.Helper()
	if list := w.sim.Departures(); len(list) > 0 {
		w.t.Errorf("departures from the Bot API: %q", list)
	}
}
