package simulator

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestUpdatesStayUntilAnOffsetConfirmsThem(t *testing.T) {
	s, u := resident(t, Config{})
	u.Text("bir")
	first := updates(t, s)
	if len(first) != 2 || first[1].Message.Text != "bir" || first[0].Message.Entities[0].Type != "bot_command" {
		t.Fatalf("got %+v", first)
	}
	if again := updates(t, s, "limit", "1"); len(again) != 1 || again[0].ID != first[0].ID {
		t.Errorf("not confirmed, yet got %+v", again)
	}
	rest := updates(t, s, "offset", strconv.FormatInt(first[1].ID, 10))
	if len(rest) != 1 || rest[0].ID != first[1].ID {
		t.Errorf("after the first: got %+v", rest)
	}
	if got := updates(t, s, "offset", strconv.FormatInt(first[1].ID+1, 10)); len(got) != 0 || s.Pending() != 0 {
		t.Errorf("after all: got %+v, pending %d", got, s.Pending())
	}
	u.Text("ikki")
	u.Text("uch")
	if got := updates(t, s, "offset", "-1"); len(got) != 1 || got[0].Message.Text != "uch" || s.Pending() != 1 {
		t.Errorf("offset -1: got %+v", got)
	}
}

func TestALongPollEndsWhenAnUpdateArrives(t *testing.T) {
	s, u := resident(t, Config{})
	updates(t, s, "offset", strconv.FormatInt(s.LastUpdateID()+1, 10))
	got := make(chan []updateOf)
	go func() {
		got <- updates(t, s, "offset", strconv.FormatInt(s.LastUpdateID()+1, 10), "timeout", "30")
	}()
	waitFor(t, s, "poll", func() bool { s.mu.Lock(); defer s.mu.Unlock(); return s.queue.poll != nil })
	u.Text("keldi")
	if list := <-got; len(list) != 1 || list[0].Message.Text != "keldi" {
		t.Errorf("got %+v", list)
	}
}

func TestASecondPollEndsTheFirstWith409(t *testing.T) {
	s, u := resident(t, Config{})
	offset := strconv.FormatInt(s.LastUpdateID()+1, 10)
	answers := make(chan answerOf, 2)
	for range 2 {
		go func() { answers <- do(t, s, "getUpdates", "offset", offset, "timeout", "30") }()
	}
	if a := <-answers; a.ErrorCode != 409 || !strings.HasPrefix(a.Description, "Conflict: terminated by other getUpdates request") {
		t.Errorf("older poll: got %+v", a)
	}
	u.Text("a")
	if a := <-answers; !a.OK {
		t.Errorf("newer poll: got %+v", a)
	}
}

func TestAllowedUpdatesAreRemembered(t *testing.T) {
	s, u := resident(t, Config{})
	updates(t, s, "offset", strconv.FormatInt(s.LastUpdateID()+1, 10), "allowed_updates", `["callback_query"]`)
	u.Text("a")
	u.PressStale(1, "x")
	if got := updates(t, s); len(got) != 1 || got[0].Callback == nil {
		t.Errorf("got %+v, want the press only", got)
	}
}

func TestInjectedAndRepeatedUpdatesAreHandedOutOnce(t *testing.T) {
	s, u := resident(t, Config{})
	u.Text("a")
	last := s.LastUpdateID()
	next := strconv.FormatInt(last+1, 10)
	updates(t, s, "offset", next)
	s.Repeat(last)
	s.Inject([]byte(`{"update_id":7,"message":{"message_id":"poison"}}`))
	s.Inject([]byte(`{"no":"id"}`))
	a := do(t, s, "getUpdates", "offset", next)
	for _, want := range []string{`"text":"a"`, `"update_id":7`, `{"no":"id"}`} {
		if !strings.Contains(string(a.Result), want) {
			t.Errorf("%s is not in %s", want, a.Result)
		}
	}
	if got := updates(t, s, "offset", next); len(got) != 0 {
		t.Errorf("handed out twice: %+v", got)
	}
}

func TestPressesExpireAfter150SecondsAndMessagesAfterADay(t *testing.T) {
	s, u := resident(t, Config{Now: frozen})
	u.PressStale(1, "x")
	s.Advance(149 * time.Second)
	if got := s.Pending(); got != 2 {
		t.Errorf("after 149 s: pending %d, want 2", got)
	}
	s.Advance(2 * time.Second)
	if got := updates(t, s); len(got) != 1 || got[0].Message == nil {
		t.Errorf("after 151 s: got %+v, want the message only", got)
	}
	s.Advance(24 * time.Hour)
	if got := s.Pending(); got != 0 {
		t.Errorf("after a day: pending %d, want 0", got)
	}
}

// hookServer collects what a webhook is sent and answers as told.
type hookServer struct {
	mu     sync.Mutex
	bodies []string
	secret string
	status func(body string) int
	answer string
}

func (h *hookServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var b strings.Builder
	if err := readAll(&b, r); err != nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.bodies = append(h.bodies, b.String())
	h.secret = r.Header.Get("X-Telegram-Bot-Api-Secret-Token")
	status := http.StatusOK
	if h.status != nil {
		status = h.status(b.String())
	}
	w.WriteHeader(status)
	if status == http.StatusOK {
		w.Write([]byte(h.answer))
	}
}

func readAll(b *strings.Builder, r *http.Request) error {
	buf := make([]byte, r.ContentLength)
	n, err := r.Body.Read(buf)
	b.Write(buf[:n])
	if n == len(buf) {
		return nil
	}
	return err
}

func (h *hookServer) order() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var texts []string
	for _, body := range h.bodies {
		_, after, _ := strings.Cut(body, `"text":"`)
		text, _, _ := strings.Cut(after, `"`)
		texts = append(texts, text)
	}
	return texts
}

func TestAWebhookKeepsTheOrderOfAChatAndRepeatsWhatFailed(t *testing.T) {
	s, u := resident(t, Config{})
	other := s.AddPerson(Person{Key: "other"})
	failed := false
	h := &hookServer{status: func(body string) int {
		if strings.Contains(body, `"text":"bir"`) && !failed {
			failed = true
			return http.StatusServiceUnavailable
		}
		return http.StatusOK
	}}
	server := httptest.NewServer(h)
	defer server.Close()
	must(t, s, nil, "setWebhook", "url", server.URL, "secret_token", "s3cret", "drop_pending_updates", "true")
	if a := do(t, s, "getUpdates"); a.ErrorCode != 409 || !strings.HasPrefix(a.Description, "Conflict: can't use getUpdates method while webhook is active") {
		t.Errorf("getUpdates beside a webhook: got %+v", a)
	}
	u.Text("bir")
	u.Text("ikki")
	other.Start("x")
	waitFor(t, s, "delivery", func() bool { return s.Pending() == 0 })
	var own []string
	for _, text := range h.order() {
		if text != "/start x" {
			own = append(own, text)
		}
	}
	if got := strings.Join(own, " "); got != "bir bir ikki" {
		t.Errorf("order: got %q, want %q", got, "bir bir ikki")
	}
	if h.secret != "s3cret" {
		t.Errorf("secret: got %q", h.secret)
	}
	var info struct {
		URL       string
		LastError string `json:"last_error_message"`
	}
	must(t, s, &info, "getWebhookInfo")
	if info.URL != server.URL || !strings.Contains(info.LastError, "503") {
		t.Errorf("info: got %+v", info)
	}
	must(t, s, nil, "deleteWebhook")
	u.Text("uch")
	if got := updates(t, s); len(got) != 1 {
		t.Errorf("after deleteWebhook: got %+v", got)
	}
}

func TestACallInAWebhooksAnswerIsCarriedOut(t *testing.T) {
	s, u := resident(t, Config{})
	server := httptest.NewServer(&hookServer{answer: `{"method":"sendMessage","chat_id":42,"text":"javob"}`})
	defer server.Close()
	must(t, s, nil, "setWebhook", "url", server.URL, "drop_pending_updates", "true")
	u.Text("a")
	waitFor(t, s, "answer", func() bool { return u.Received() == 1 })
	departures(t, s, 0)
}

func TestConfirmedAreTheUpdatesThatTheBotHasLetGoOf(t *testing.T) {
	s, u := resident(t, Config{})
	first := s.LastUpdateID()
	u.Text("a")
	u.Text("b")
	if got := s.Confirmed(); slices.Contains(got, first+1) || slices.Contains(got, first+2) {
		t.Errorf("before any poll: got %d", got)
	}
	must(t, s, nil, "getUpdates")
	must(t, s, nil, "getUpdates", "offset", text(int(first+2)))
	if got := s.Confirmed(); !slices.Contains(got, first+1) || slices.Contains(got, first+2) {
		t.Errorf("after the first was confirmed: got %d, want %d and not %d", got, first+1, first+2)
	}
	s.Repeat(first + 1) // waits anew, and is one update still
	must(t, s, nil, "getUpdates", "offset", text(int(first+3)))
	must(t, s, nil, "getUpdates", "offset", text(int(first+3)))
	got := s.Confirmed()
	if !slices.Contains(got, first+2) || len(slices.Compact(slices.Clone(got))) != len(got) {
		t.Errorf("after all were confirmed: got %d, want each once", got)
	}
	if polls := s.Polls(); polls != 4 {
		t.Errorf("polls: got %d, want 4", polls)
	}
}
