package bot

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

const hookSecret = "a-secret_of-the-tests"

// post is one delivery of an update.
func post(body string, change ...func(*http.Request)) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/hook", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set(secretHeader, hookSecret)
	for _, f := range change {
		f(r)
	}
	return r
}

// unread fails the test when somebody reads it.
type unread struct{ t *testing.T }

func (u unread) Read([]byte) (int, error) {
	u.t.Error("the body was read")
	return 0, io.EOF
}

func header(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

func TestTheWebhookAnswersAsItsContractSays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, c := range []struct {
		name                string
		request             *http.Request
		status              int
		retry               string
		waiting, quarantine int
	}{
		{"stored", post(private(`"text":"x"`)), 200, "", 1, 0},
		{"already stored", post(private(`"text":"x"`)), 200, "", 1, 0},
		{"with a charset", post(private(`"text":"x"`), header("Content-Type", "application/json; charset=utf-8")), 200, "", 1, 0},
		{"wrong secret", post("x", header(secretHeader, "wrong"), func(r *http.Request) { r.Body = io.NopCloser(unread{t}) }), 401, "", 1, 0},
		{"absent secret", post("x", func(r *http.Request) { r.Header.Del(secretHeader); r.Body = io.NopCloser(unread{t}) }), 401, "", 1, 0},
		{"wrong secret and method", post("x", header(secretHeader, ""), func(r *http.Request) { r.Method = "GET" }), 401, "", 1, 0},
		{"GET", post("x", func(r *http.Request) { r.Method = "GET" }), 405, "", 1, 0},
		{"not JSON", post("x", header("Content-Type", "text/plain")), 415, "", 1, 0},
		{"no type", post("x", header("Content-Type", "")), 415, "", 1, 0},
		{"too long", post(strings.Repeat("x", 1<<20+1)), 413, "", 1, 0},
		{"too long, length not said", post(strings.Repeat("x", 1<<20+1), func(r *http.Request) { r.ContentLength = -1 }), 413, "", 1, 0},
		{"unparsable", post(`{"update_id":`), 200, "", 1, 1},
		{"unparsable again", post(`{"update_id":`), 200, "", 1, 1},
		{"empty", post(""), 200, "", 1, 2},
		{"a list", post("[]"), 200, "", 1, 3},
	} {
		answer := httptest.NewRecorder()
		NewWebhook(w.intake, hookSecret).ServeHTTP(answer, c.request)
		if answer.Code != c.status || answer.Body.Len() != 0 || answer.Header().Get("Retry-After") != c.retry {
			t.Errorf("%s: got %d %q, retry after %q, want %d", c.name, answer.Code, answer.Body, answer.Header().Get("Retry-After"), c.status)
		}
		if a, b := w.count("SELECT count(*) FROM inbox WHERE state = 0"), w.count("SELECT count(*) FROM inbox WHERE state = 2"); a != c.waiting || b != c.quarantine {
			t.Errorf("%s: got %d waiting and %d in quarantine, want %d and %d", c.name, a, b, c.waiting, c.quarantine)
		}
	}
}

func TestTheWebhookAsksToComeBackWhenItStopsOrTheDatabaseIsAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := NewWebhook(w.intake, hookSecret)
	h.Stop()
	answer := httptest.NewRecorder()
	h.ServeHTTP(answer, post(private(`"text":"x"`)))
	if answer.Code != 503 || answer.Header().Get("Retry-After") != "1" {
		t.Errorf("stopping: got %d, %q", answer.Code, answer.Header().Get("Retry-After"))
	}
	lock, err := w.raw.Begin(t.Context())
	w.must(err)
	_, err = lock.Exec(t.Context(), "LOCK TABLE inbox")
	w.must(err)
	answer = httptest.NewRecorder()
	began := time.Now()
	NewWebhook(w.intake, hookSecret).ServeHTTP(answer, post(private(`"text":"x"`)))
	if took := time.Since(began); answer.Code != 503 || answer.Header().Get("Retry-After") != "5" || took > 5*time.Second {
		t.Errorf("database away: got %d, %q after %v", answer.Code, answer.Header().Get("Retry-After"), took)
	}
	w.must(lock.Rollback(context.WithoutCancel(t.Context())))
	w.db.Close()
	answer = httptest.NewRecorder()
	NewWebhook(w.intake, hookSecret).ServeHTTP(answer, post(`{"broken`))
	if answer.Code != 503 {
		t.Errorf("closed database, poison: got %d, want 503", answer.Code)
	}
}

func TestUpdatesThatTelegramPostsAreHandled(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	u, _ := w.person("resident")
	w.router.On(KindMessage, w.echo)
	server := httptest.NewServer(NewWebhook(w.intake, hookSecret))
	t.Cleanup(server.Close)
	w.must(w.client.SetWebhook(t.Context(), server.URL, hookSecret, 6))
	w.run(w.worker.Run)
	w.db.OnNotice(w.sender.Wake)
	w.run(w.sender.Run)
	for n := range 20 {
		u.Text(fmt.Sprint(n))
	}
	w.eventually("everything is answered", func() bool { return len(heard(u)) == 20 })
	for n, text := range heard(u) {
		if text != fmt.Sprint(n) {
			t.Fatalf("got %q", heard(u))
		}
	}
	w.must(w.client.DeleteWebhook(t.Context()))
	w.correct()
}

func TestAWebhookWithoutASecretIsRefusedAtStart(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("it was taken")
		}
	}()
	NewWebhook(NewIntake(IntakeOptions{}), "")
}

// FuzzWebhook posts anything with the right secret: it is stored or put aside.
func FuzzWebhook(f *testing.F) {
	w := newWorld(f)
	h := NewWebhook(w.intake, hookSecret)
	waiting := func() (n int) {
		if err := w.raw.QueryRow(context.Background(), "SELECT count(*) FROM inbox WHERE state = 0").Scan(&n); err != nil {
			panic(err)
		}
		return n
	}
	f.Add([]byte(private(`"text":"x"`)))
	f.Add([]byte(`{"update_id":1}`))
	f.Add([]byte(`{"update_id":`))
	f.Add([]byte(`{"update_id":1,"callback_query":{"id":"\u0000\ud800","from":{"id":-9223372036854775808}}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		before := waiting()
		answer := httptest.NewRecorder()
		h.ServeHTTP(answer, post(string(body)))
		if answer.Code != 200 || answer.Body.Len() != 0 {
			t.Errorf("got %d %q", answer.Code, answer.Body)
		}
		if _, ok := open(body); !ok && waiting() != before {
			t.Errorf("garbage waits to be handled: %q", body)
		}
	})
}
