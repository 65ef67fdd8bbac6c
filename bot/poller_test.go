package bot

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"koprik/bot/simulator"
	"koprik/storage"
)

// pollerOf makes a poller as another replica would have it.
func (w *world) pollerOf(log *slog.Logger) *Poller {
	w.t.Helper()
	db, client, _ := w.replica()
	return NewPoller(PollerOptions{
		DB: db, Client: client, Intake: NewIntake(IntakeOptions{DB: db, Wake: w.worker.Wake}),
		Retry: time.Millisecond, Log: log,
	})
}

func TestNothingIsConfirmedBeforeItIsCommitted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	u, _ := w.person("resident")
	for n := range 5 {
		u.Text(fmt.Sprint(n))
	}
	_, err := w.raw.Exec(t.Context(), "ALTER TABLE inbox RENAME TO inbox_gone")
	w.must(err)
	for range 3 {
		if err := w.poller.Once(t.Context()); err == nil {
			t.Fatal("storing succeeded without a table")
		}
	}
	if got := w.sim.Pending(); got != 5 {
		t.Errorf("unconfirmed: got %d, want 5", got)
	}
	_, err = w.raw.Exec(t.Context(), "ALTER TABLE inbox_gone RENAME TO inbox")
	w.must(err)
	w.must(w.poller.Once(t.Context()))
	if got := w.sim.Pending(); got != 5 {
		t.Errorf("unconfirmed after the commit: got %d, want 5 until the next poll", got)
	}
	w.must(w.poller.Once(t.Context()))
	if stored, left := w.count("SELECT count(*) FROM inbox WHERE state = 0"), w.sim.Pending(); stored != 5 || left != 0 {
		t.Errorf("got %d stored and %d unconfirmed, want 5 and 0", stored, left)
	}
}

func TestPoisonInABatchLosesNothingAndHoldsUpNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	u, _ := w.person("resident")
	u.Text("before")
	w.sim.Inject(json.RawMessage(`{"update_id":{},"message":[]}`))
	w.sim.Inject(json.RawMessage(`{"update_id":-5}`))
	u.Text("after")
	w.pull()
	w.pull()
	if stored, aside, left := w.count("SELECT count(*) FROM inbox WHERE state = 0"), w.count("SELECT count(*) FROM inbox WHERE state = 2"), w.sim.Pending(); stored != 2 || aside != 2 || left != 0 {
		t.Errorf("got %d stored, %d in quarantine, %d unconfirmed, want 2, 2, 0", stored, aside, left)
	}
	w.sim.Inject(json.RawMessage(`{"update_id":null}`)) // with nothing beside it
	w.pull()
	if aside, left := w.count("SELECT count(*) FROM inbox WHERE state = 2"), w.sim.Pending(); aside != 3 || left != 0 {
		t.Errorf("alone: got %d in quarantine, %d unconfirmed, want 3, 0", aside, left)
	}
}

func TestAWebhookIsClearedAwayBeforePollingAndNothingIsLost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	u, _ := w.person("resident")
	w.must(w.client.SetWebhook(t.Context(), "http://127.0.0.1:1/hook", "secret", 1))
	u.Text("x")
	w.run(w.pollerOf(slog.New(slog.DiscardHandler)).Run)
	w.eventually("it is stored", func() bool { return w.count("SELECT count(*) FROM inbox WHERE state = 0") == 1 })
	if i, err := w.client.WebhookInfo(t.Context()); err != nil || i.URL != "" {
		t.Errorf("got %+v, %v, want no webhook", i, err)
	}
}

func TestOfTwoReplicasOnePollsAndTheOtherTakesOver(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	u, _ := w.person("resident")
	first, second := w.pollerOf(slog.New(slog.DiscardHandler)), w.pollerOf(slog.New(slog.DiscardHandler))
	var conflicts atomic.Int32
	w.sim.SetFault(func(method string, _ int64) *simulator.Fault { return nil })
	stopFirst := w.run(first.Run)
	w.eventually("the first is elected", func() bool { return locked(w) == 1 })
	stopSecond := w.run(second.Run)
	for n := range 10 {
		u.Text(fmt.Sprint(n))
		w.eventually("it is stored", func() bool { return w.count("SELECT count(*) FROM inbox WHERE state = 0") == n+1 })
	}
	stopFirst()
	u.Text("after")
	w.eventually("the other has taken over", func() bool { return w.count("SELECT count(*) FROM inbox WHERE state = 0") == 11 })
	stopSecond()
	for _, c := range w.sim.Calls() {
		if c.Status == 409 {
			conflicts.Add(1)
		}
	}
	if got := conflicts.Load(); got != 0 {
		t.Errorf("conflicts: got %d, want 0", got)
	}
}

// locked counts who has been elected for something.
func locked(w *world) int {
	return w.count(`SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 2 AND granted
		AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`)
}

func TestAReplicaThatLosesItsConnectionStopsPollingAndMayComeBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	held, resign, err := w.db.Elect(t.Context(), storage.TaskPoll)
	w.must(err)
	defer resign()
	_, err = w.raw.Exec(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_locks
		WHERE locktype = 'advisory' AND classid = 2 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`)
	w.must(err)
	w.eventually("the loss is noticed", func() bool { return held.Err() != nil })
	_, again, err := w.db.Elect(t.Context(), storage.TaskPoll)
	w.must(err)
	again()
}

// lines is a log that can be read while it is written.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) count(part string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Count(l.b.String(), part)
}

func TestAnotherProgramThatPollsIsNamedOnceAndOutlived(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	u, _ := w.person("resident")
	var polls, gone atomic.Int32
	w.sim.SetFault(func(method string, _ int64) *simulator.Fault {
		if method == "getUpdates" && polls.Add(1) > 0 && gone.Load() == 0 {
			return &simulator.Fault{Status: 409}
		}
		return nil
	})
	var log lines
	poller := w.pollerOf(slog.New(slog.NewTextHandler(&log, nil)))
	poller.o.Wall = time.Now
	w.run(poller.Run)
	w.eventually("it is known to get nothing", func() bool { return polls.Load() >= 4 && !poller.Lame().IsZero() })
	gone.Store(1)
	u.Text("x")
	w.eventually("it is well again", func() bool { return poller.Lame().IsZero() })
	w.eventually("it is stored", func() bool { return w.count("SELECT count(*) FROM inbox WHERE state = 0") == 1 })
	if got := log.count("another program"); got != 1 {
		t.Errorf("said %d times, want once", got)
	}
}

func TestAnAnswerThatIsTooLongIsFetchedInSmallerParts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	u, _ := w.person("resident")
	for range 100 {
		w.sim.Inject(json.RawMessage(fmt.Sprintf(`{"update_id":%d,"message":{"message_id":%d,"date":1,"from":{"id":%d},"chat":{"id":%d,"type":"private"},"text":"%s"}}`,
			w.sim.LastUpdateID()+1, 5000+w.sim.LastUpdateID()%1000, u.ID(), u.ID(), strings.Repeat("x", 100_000))))
	}
	if err := w.poller.Once(t.Context()); FailureOf(err) == nil || FailureOf(err).Cause != TooLarge {
		t.Fatalf("got %v, want too large", err)
	}
	w.pull()
	if got := w.count("SELECT count(*) FROM inbox WHERE state = 0"); got != 100 {
		t.Errorf("stored: got %d, want 100", got)
	}
}

func TestAPollerTellsUntilWhenItHasHeard(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	at := moment()
	w.poller.o.Wall = func() time.Time { return at }
	if !w.poller.Heard().IsZero() {
		t.Error("it has heard something before it polled")
	}
	w.must(w.poller.Once(t.Context()))
	if got := w.poller.Heard(); !got.Equal(at) {
		t.Errorf("got %v, want %v", got, at)
	}
	at = at.Add(time.Minute)
	w.sim.SetFault(func(string, int64) *simulator.Fault { return &simulator.Fault{Status: 502} })
	if err := w.poller.Once(t.Context()); err == nil {
		t.Error("no failure")
	}
	if got := w.poller.Heard(); got.Equal(at) {
		t.Error("a poll that failed has heard something")
	}
}
