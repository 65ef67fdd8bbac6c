package bot

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"koprik/bot/simulator"
	"koprik/mahalla"
)

// echo answers every message with its own words.
func (w *world) echo(q *Request) error { return w.say(q, q.Event.Text) }

func TestAMessageIsHandledAndAnswered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	u, _ := w.person("resident")
	w.router.On(KindMessage, w.echo)
	w.router.Command("holat", func(q *Request) error {
		q.React("👍")
		return w.say(q, "status "+q.Event.Args)
	})
	u.Text("Suv yoʻq")
	id := u.Text("/HOLAT 12")
	w.turn()
	if got, want := heard(u), []string{"Suv yoʻq", "status 12"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, m := range u.Messages() {
		if m.ID == id && m.Reaction != "👍" {
			t.Errorf("reaction: got %q", m.Reaction)
		}
	}
	w.correct()
}

func TestAStrangerBecomesKnownInTheLanguageOfTheClient(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.router.On(KindMessage, func(q *Request) error { return w.say(q, string(q.Contact.Language)) })
	for client, want := range map[string]mahalla.Language{"ru": mahalla.Ru, "uz": mahalla.UzLatn, "de": mahalla.UzLatn} {
		u := w.sim.AddPerson(simulator.Person{Key: client, Language: client, FirstName: "Aziza\x00"})
		u.Start("")
		w.pull()
		w.turn()
		if got := heard(u); len(got) != 1 || got[0] != string(want) {
			t.Errorf("%s: got %q, want %s", client, got, want)
		}
	}
}

func TestARefusalUndoesWhatTheHandlerWroteAndIsPutIntoWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	u, to := w.person("resident")
	w.router.On(KindMessage, func(q *Request) error {
		q.Contact.Dialogue.Ask(mahalla.Question{Flow: "lost"})
		q.Tx.SetLanguage(q.Contact.ID, mahalla.UzCyrl)
		if err := w.say(q, "never"); err != nil {
			return err
		}
		if _, err := q.Tx.Contact(q.Contact.ID); err != nil { // so that it reaches the server
			return err
		}
		return mahalla.Refuse(mahalla.TooMany, "slow_down")
	})
	u.Text("x")
	w.turn()
	if got, want := heard(u), []string{"refused: slow_down"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := w.count("SELECT count(*) FROM people WHERE id = $1 AND language = 'uz-Cyrl'", to.Person); got != 0 {
		t.Error("the language was changed all the same")
	}
	if got := w.count("SELECT count(*) FROM dialogues"); got != 0 {
		t.Error("the question was asked all the same")
	}
	if got := w.count("SELECT count(*) FROM inbox WHERE state = 0"); got != 0 {
		t.Errorf("waiting: got %d, want 0", got)
	}
}

func TestAnAnswerToAQuestionIsHeardByItsFlow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	u, _ := w.person("resident")
	w.router.On(KindMessage, func(q *Request) error {
		q.Contact.Dialogue.Ask(mahalla.Question{Flow: "name"})
		return w.say(q, "what is your name?")
	})
	w.router.Step("name", func(q *Request) error {
		q.Contact.Dialogue.Question = nil
		return w.say(q, "hello "+q.Event.Text)
	})
	w.router.Command("bekor", w.echo)
	u.Text("salom")
	w.turn()
	u.Text("/bekor")
	w.turn()
	u.Text("Aziza")
	w.turn()
	if got, want := heard(u), []string{"what is your name?", "/bekor", "hello Aziza"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestEveryChatIsHandledInItsOrderByEightWorkers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const people, each = 12, 15
	var mu sync.Mutex
	seen, serving := map[int64][]string{}, map[int64]bool{}
	w.router.On(KindMessage, func(q *Request) error {
		mu.Lock()
		if serving[q.Event.Chat] {
			t.Errorf("chat %d is served twice at once", q.Event.Chat)
		}
		serving[q.Event.Chat] = true
		mu.Unlock()
		_, err := q.Tx.Contact(q.Contact.ID)
		mu.Lock()
		defer mu.Unlock()
		delete(serving, q.Event.Chat)
		seen[q.Event.Chat] = append(seen[q.Event.Chat], q.Event.Text)
		return err
	})
	stop := w.run(w.worker.Run)
	var users []*simulator.User
	for i := range people {
		u := w.sim.AddPerson(simulator.Person{Key: fmt.Sprint("p", i)})
		u.Start("")
		users = append(users, u)
	}
	for n := range each {
		for _, u := range users {
			u.Text(fmt.Sprint(n))
		}
	}
	w.pull()
	w.eventually("everything is handled", func() bool {
		mu.Lock()
		defer mu.Unlock()
		total := 0
		for _, list := range seen {
			total += len(list)
		}
		return total == people*(each+1)
	})
	stop()
	for chat, list := range seen {
		for n := range each {
			if list[n+1] != fmt.Sprint(n) {
				t.Errorf("chat %d: got %v", chat, list)
				break
			}
		}
	}
	if got := w.count("SELECT sum(waiting) FROM inbox_chats"); got != 0 {
		t.Errorf("counters: got %d, want 0", got)
	}
}

func TestTheSameUpdateTwiceHasOneEffect(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	u, _ := w.person("resident")
	w.router.On(KindMessage, w.echo)
	u.Text("once")
	last := w.sim.LastUpdateID()
	w.turn()
	w.sim.Repeat(last)
	w.turn()
	if got, want := heard(u), []string{"once"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAnUpdateThatPanicsThreeTimesIsPutAsideAndOthersAreUnharmed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	poisoner, _ := w.person("poisoner")
	other, _ := w.person("other")
	var runs atomic.Int32
	w.router.On(KindMessage, func(q *Request) error {
		if q.Event.Text == "poison" {
			runs.Add(1)
			q.Tx.SetLanguage(q.Contact.ID, mahalla.UzCyrl)
			panic("canary")
		}
		return w.echo(q)
	})
	poisoner.Text("poison")
	poisoner.Text("after it")
	other.Text("me too")
	w.turn()
	if got := runs.Load(); got != 3 {
		t.Errorf("runs: got %d, want 3", got)
	}
	if got, want := heard(poisoner), []string{"sorry", "after it"}; !slices.Equal(got, want) {
		t.Errorf("poisoner: got %q, want %q", got, want)
	}
	if got, want := heard(other), []string{"me too"}; !slices.Equal(got, want) {
		t.Errorf("other: got %q, want %q", got, want)
	}
	if got := w.count("SELECT count(*) FROM inbox WHERE state = 2 AND reason = 'panic' AND payload IS NOT NULL"); got != 1 {
		t.Errorf("quarantined: got %d, want 1", got)
	}
	if got := w.count("SELECT count(*) FROM people WHERE language = 'uz-Cyrl'"); got != 0 {
		t.Error("the effect of a panicking handler stayed")
	}
}

func TestAnUpdateThatFailsAmongManyWorkersIsTriedThreeTimesNotMore(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func(*Request) error{
		"an error": func(*Request) error { return errors.New("broken") },
		"a panic":  func(*Request) error { panic("canary") },
		"an error after something was written": func(q *Request) error {
			q.Tx.SetLanguage(q.Contact.ID, mahalla.UzCyrl)
			_, err := q.Tx.Contact(q.Contact.ID)
			return errors.Join(err, errors.New("broken"))
		},
		"a write that the database refuses at the end": func(q *Request) error {
			q.Tx.SetLanguage(q.Contact.ID, "Klingon")
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log logged
			w := newWorld(t, func(o *WorkerOptions, _ *SenderOptions) {
				o.Backoff, o.Log = []time.Duration{0, 0}, slog.New(slog.NewTextHandler(&log, nil))
			})
			const people = 6
			var runs atomic.Int32
			var users []*simulator.User
			for i := range people {
				u, _ := w.person(fmt.Sprint("p", i))
				users = append(users, u)
			}
			w.router.On(KindMessage, func(q *Request) error {
				runs.Add(1)
				return fail(q)
			})
			for _, u := range users {
				u.Text("x")
			}
			stop := w.run(w.worker.Run)
			w.pull()
			w.eventually("all are put aside", func() bool {
				return w.count("SELECT count(*) FROM inbox WHERE state = 2 AND attempts = 3") == people
			})
			stop()
			if got := runs.Load(); got != 3*people {
				t.Errorf("runs of the handler: got %d, want %d", got, 3*people)
			}
			if got := strings.Count(log.String(), "an update failed"); got != 3*people {
				t.Errorf("lines of the log: got %d, want %d", got, 3*people)
			}
			if got := w.apologies.Load(); got != people {
				t.Errorf("apologies: got %d, want %d", got, people)
			}
			if got := w.count("SELECT count(*) FROM people WHERE language = 'uz-Cyrl'"); got != 0 {
				t.Error("the effect of a handler that failed stayed")
			}
		})
	}
}

// logged is what was logged.
type logged struct {
	mu   sync.Mutex
	text strings.Builder
}

// Write keeps a line.
func (l *logged) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func TestAnUpdateThatCannotBeReadIsPutAsideWithAWordToTheChat(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	u, _ := w.person("resident")
	w.sim.Inject(json.RawMessage(fmt.Sprintf(
		`{"update_id":900000001,"message":{"message_id":777,"date":"never","from":{"id":%d},"chat":{"id":%d,"type":"private"},"text":"x"}}`, u.ID(), u.ID())))
	w.turn()
	if got, want := heard(u), []string{"sorry"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := w.count("SELECT count(*) FROM inbox WHERE state = 2 AND reason = 'unreadable' AND attempts = 1"); got != 1 {
		t.Errorf("quarantined: got %d, want 1", got)
	}
}

func TestAPanickingApologyDoesNotKeepTheUpdateAlive(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	u, _ := w.person("resident")
	w.router.sorry = func(*Request) error { panic("canary") }
	w.router.On(KindMessage, func(q *Request) error { return errors.New("broken") })
	u.Text("x")
	w.turn()
	if got := w.count("SELECT count(*) FROM inbox WHERE state = 2"); got != 1 {
		t.Errorf("quarantined: got %d, want 1", got)
	}
}

// buttons shows a message with these buttons and gives its id.
func (w *world) buttons(u *simulator.User, verbs ...string) int64 {
	w.t.Helper()
	var row []mahalla.Button
	for _, verb := range verbs {
		row = append(row, mahalla.Button{Label: verb, Press: mahalla.Press{Verb: verb, Subject: 5, Round: 2}})
	}
	ids, err := w.client.Send(w.t.Context(), u.ID(), mahalla.Screen{Text: "choose", Rows: [][]mahalla.Button{row}})
	w.must(err)
	return ids[0]
}

func TestEveryPressIsAnsweredOnceWhateverComesOfIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	u, _ := w.person("resident")
	w.router.Button("toast", func(q *Request) error { q.Toast(strings.Repeat("ж", 300)); return nil })
	w.router.Button("alert", func(q *Request) error { q.Alert("Diqqat"); return nil })
	w.router.Button("silent", func(q *Request) error { return nil })
	w.router.Button("refused", func(q *Request) error { q.Toast("never"); return mahalla.Refuse(mahalla.Conflict, "late") })
	w.router.Button("broken", func(q *Request) error { q.Toast("never"); return errors.New("broken") })
	w.router.Button("panic", func(q *Request) error { panic("canary") })
	w.router.On(KindPress, func(q *Request) error {
		if q.Event.Forged {
			q.Toast("forged")
		}
		return nil
	})
	var tries atomic.Int32
	w.router.Button("flaky", func(q *Request) error {
		if tries.Add(1) < 3 {
			return errors.New("not yet")
		}
		return nil
	})
	verbs := []string{"toast", "alert", "silent", "refused", "broken", "panic", "unknown", "flaky"}
	message := w.buttons(u, verbs...)
	for _, verb := range verbs {
		if _, err := u.Press(int(message), verb); err != nil {
			t.Fatal(err)
		}
	}
	u.PressStale(int(message), "accept:5:2::AAAAAAAAAAAA")
	w.turn()
	got := map[string]string{}
	for _, p := range w.sim.Presses() {
		if !p.Answered {
			t.Errorf("%s: not answered", p.Label)
		}
		got[p.Label] = p.Text
	}
	want := map[string]string{
		"toast": strings.Repeat("ж", 200), "alert": "Diqqat", "silent": "", "refused": "", "broken": "", "panic": "", "unknown": "", "flaky": "", "": "forged",
	}
	for label, text := range want {
		if got[label] != text {
			t.Errorf("%s: got %q, want %q", label, got[label], text)
		}
	}
	answers := 0
	for _, c := range w.sim.Calls() {
		if c.Method == "answerCallbackQuery" {
			answers++
		}
	}
	if answers != len(want) {
		t.Errorf("answers: got %d, want %d", answers, len(want))
	}
	w.correct()
}

func TestAnswersToPressesAreAllGivenBeforeTheWorkerStops(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	u, _ := w.person("resident")
	var handled atomic.Int32
	w.router.Button("ok", func(q *Request) error { handled.Add(1); q.Toast("Xoʻp"); return nil })
	message := w.buttons(u, "ok")
	w.sim.SetLatency(50 * time.Millisecond)
	stop := w.run(w.worker.Run)
	for range 20 {
		if _, err := u.Press(int(message), "ok"); err != nil {
			t.Fatal(err)
		}
	}
	w.pull()
	w.eventually("all are handled", func() bool { return handled.Load() == 20 })
	stop()
	if got := w.sim.Unanswered(); len(got) != 0 {
		t.Errorf("unanswered: got %d, want 0", len(got))
	}
}

func TestAPressWhoseAnswerIsLostIsAnsweredByWhoeverLives(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	u, _ := w.person("resident")
	w.router.Button("ok", func(q *Request) error { q.Toast("Xoʻp"); return nil })
	w.router.Button("broken", func(q *Request) error { return errors.New("broken") })
	message := w.buttons(u, "ok", "broken")
	for _, verb := range []string{"ok", "broken"} {
		if _, err := u.Press(int(message), verb); err != nil {
			t.Fatal(err)
		}
	}
	w.sim.SetFault(func(method string, _ int64) *simulator.Fault {
		if method == "answerCallbackQuery" {
			return &simulator.Fault{Status: 502, Body: "<html>"}
		}
		return nil
	})
	w.turn() // what this replica says is lost, and then it is gone
	w.sim.SetFault(nil)
	if got := len(w.sim.Unanswered()); got != 2 {
		t.Fatalf("unanswered while Telegram is away: got %d, want 2", got)
	}
	if got := w.count("SELECT count(*) FROM owed"); got != 2 {
		t.Fatalf("owed: got %d, want 2", got)
	}
	_, err := w.raw.Exec(t.Context(), "UPDATE owed SET due_at = now()")
	w.must(err)
	db, client, ear := w.replica()
	other := NewWorker(WorkerOptions{DB: db, Client: client, Router: w.router, Ear: ear, Now: moment, Wall: time.Now})
	stop := w.run(other.Run)
	w.eventually("both are answered", func() bool { return len(w.sim.Unanswered()) == 0 })
	stop()
	if got := w.count("SELECT count(*) FROM owed"); got != 0 {
		t.Errorf("owed at the end: got %d, want 0", got)
	}
	w.correct()
}

func TestAPressThatWaitsForASlowTelegramIsAnsweredOnceAndWithItsWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	u, _ := w.person("resident")
	w.router.Button("ok", func(q *Request) error { q.Toast("Xoʻp"); return nil })
	message := w.buttons(u, "ok")
	if _, err := u.Press(int(message), "ok"); err != nil {
		t.Fatal(err)
	}
	w.pull()
	var calls atomic.Int32
	w.sim.SetFault(func(method string, _ int64) *simulator.Fault {
		if method == "answerCallbackQuery" {
			calls.Add(1)
		}
		return nil
	})
	w.sim.SetLatency(3 * time.Second)
	stop := w.run(w.worker.Run)
	w.eventually("it is owed", func() bool { return w.count("SELECT count(*) FROM owed") == 1 })
	_, err := w.raw.Exec(t.Context(), "UPDATE owed SET due_at = now()")
	w.must(err)
	w.eventually("the sweep leaves it to whoever has it in hand", func() bool {
		return w.count("SELECT count(*) FROM owed WHERE due_at <= now()") == 0
	})
	w.eventually("it is answered", func() bool { return len(w.sim.Unanswered()) == 0 })
	stop()
	if n := calls.Load(); n != 1 {
		t.Errorf("answered %d times, want once", n)
	}
	if !strings.Contains(w.sim.Transcript(), "Xoʻp") {
		t.Errorf("the words were lost:\n%s", w.sim.Transcript())
	}
}

func TestAnAnswerThatFailsOnceIsGivenAgainWithItsWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	u, _ := w.person("resident")
	w.router.Button("ok", func(q *Request) error { q.Toast("Xoʻp"); return nil })
	message := w.buttons(u, "ok")
	if _, err := u.Press(int(message), "ok"); err != nil {
		t.Fatal(err)
	}
	var calls atomic.Int32
	w.sim.SetFault(func(method string, _ int64) *simulator.Fault {
		if method == "answerCallbackQuery" && calls.Add(1) == 1 {
			return &simulator.Fault{Status: 502, Body: "<html>"}
		}
		return nil
	})
	w.turn()
	if p := w.sim.Presses()[0]; !p.Answered || p.Text != "Xoʻp" || calls.Load() != 2 {
		t.Errorf("after %d attempts: got %+v, want it answered with its words by the second", calls.Load(), p)
	}
	w.correct()
}

func TestAPressThatCanNoLongerBeAnsweredIsForgotten(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.raw.Exec(t.Context(), "INSERT INTO owed (inbox_id, press, due_at) VALUES (1, 'long-ago', now())")
	w.must(err)
	w.run(w.worker.Run)
	w.eventuallyWithin(10*time.Second, func() bool { return w.count("SELECT count(*) FROM owed") == 0 })
}

func TestAStopIsNotHeldUpByATelegramThatSaysNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	u, _ := w.person("resident")
	var handled atomic.Int32
	w.router.Button("ok", func(q *Request) error { handled.Add(1); return nil })
	message := w.buttons(u, "ok")
	for range 200 {
		if _, err := u.Press(int(message), "ok"); err != nil {
			t.Fatal(err)
		}
	}
	w.pull()
	w.sim.SetLatency(time.Minute)
	stop := w.run(w.worker.Run)
	w.eventuallyWithin(20*time.Second, func() bool { return handled.Load() == 200 })
	began := time.Now()
	stop()
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("the stop took %s", took)
	}
	if got := w.count("SELECT count(*) FROM owed"); got != 200 {
		t.Errorf("owed: got %d, want all 200, for the next replica", got)
	}
}

func TestReactionsKeepToTheLimitAndPressesDoNotWaitForThem(t *testing.T) {
	t.Parallel()
	limiter := &grudging{}
	w := newWorld(t, func(o *WorkerOptions, _ *SenderOptions) { o.Limiter = limiter })
	u, _ := w.person("resident")
	w.router.On(KindMessage, func(q *Request) error { q.React("👍"); return nil })
	w.router.Button("ok", func(q *Request) error { return nil })
	message := w.buttons(u, "ok")
	for range 20 {
		u.Text("x")
	}
	if _, err := u.Press(int(message), "ok"); err != nil {
		t.Fatal(err)
	}
	w.pull()
	w.run(w.worker.Run)
	w.eventually("the press is answered", func() bool { return len(w.sim.Unanswered()) == 0 })
	reactions := func() (n int) {
		for _, c := range w.sim.Calls() {
			if c.Method == "setMessageReaction" {
				n++
			}
		}
		return n
	}
	if got := reactions(); got != 0 {
		t.Errorf("reactions without a permit: got %d, want 0", got)
	}
	limiter.left.Store(2)
	w.eventually("two reactions", func() bool { return reactions() == 2 })
}

func TestACounterThatPromisesTooMuchIsMended(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	u, _ := w.person("resident")
	w.router.On(KindMessage, w.echo)
	_, err := w.raw.Exec(t.Context(), "INSERT INTO inbox_chats (chat_id, waiting, ready_at) VALUES (99, 5, '2000-01-01')")
	w.must(err)
	u.Text("x")
	w.turn()
	if got, want := heard(u), []string{"x"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := w.count("SELECT waiting FROM inbox_chats WHERE chat_id = 99"); got != 0 {
		t.Errorf("counter: got %d, want 0", got)
	}
}
