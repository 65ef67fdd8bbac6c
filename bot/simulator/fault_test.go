package simulator

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestLimitsAreAnsweredWith429(t *testing.T) {
	s, u := resident(t, Config{Now: frozen, Limits: true})
	for i := range 5 {
		if a := do(t, s, "sendMessage", id42("text", "a")...); !a.OK {
			t.Fatalf("message %d of the burst: %s", i, a.Description)
		}
	}
	a := do(t, s, "editMessageText", id42("message_id", "2", "text", "b")...)
	if a.ErrorCode != 429 || a.Description != "Too Many Requests: retry after 1" || a.Parameters.RetryAfter != 1 {
		t.Errorf("sixth: got %+v", a)
	}
	s.Advance(time.Second)
	must(t, s, nil, "editMessageText", id42("message_id", "2", "text", "b")...)
	g := s.AddGroup("yard", "Hovli", u)
	s.Advance(time.Minute)
	group := []string{"chat_id", "-1001000000001", "text", "a"}
	for range 20 {
		must(t, s, nil, "sendMessage", group...)
	}
	if a := do(t, s, "sendMessage", group...); a.ErrorCode != 429 || a.Parameters.RetryAfter != 3 {
		t.Errorf("21st in group %s: got %+v", g.Key(), a)
	}
	s.SetLimits(false)
	must(t, s, nil, "sendMessage", group...)
	departures(t, s, 0)
}

func TestTheOverallLimitIs30ASecond(t *testing.T) {
	s, _ := resident(t, Config{Now: frozen, Limits: true})
	refusedAt := 0
	for i := range 40 {
		u := s.AddPerson(Person{Key: "p" + text(i), ID: int64(1000 + i)})
		u.Start("")
		if a := do(t, s, "sendMessage", "chat_id", text(1000+i), "text", "a"); !a.OK && refusedAt == 0 {
			refusedAt = i + 1
		}
	}
	if refusedAt != 31 {
		t.Errorf("first refused: got %d, want 31", refusedAt)
	}
}

func TestFaultsComeInsteadOfTheCallOrAfterIt(t *testing.T) {
	s, u := resident(t, Config{})
	server := httptest.NewServer(s)
	defer server.Close()
	var fault *Fault
	s.SetFault(func(method string, chatID int64) *Fault {
		if method == "sendMessage" && chatID == 42 {
			return fault
		}
		return nil
	})
	send := func(ctx context.Context) (int, string, error) {
		form := url.Values{"chat_id": {"42"}, "text": {"a"}}
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, server.URL+"/bot"+s.Token()+"/sendMessage", strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		answer, err := server.Client().Do(r)
		if err != nil {
			return 0, "", err
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		return answer.StatusCode, string(body), err
	}
	fault = &Fault{Status: 502, Body: "<html>"}
	if status, body, err := send(t.Context()); status != 502 || body != "<html>" || err != nil {
		t.Errorf("garbage: got %d %q %v", status, body, err)
	}
	fault = &Fault{RetryAfter: 7}
	if status, body, _ := send(t.Context()); status != 429 || !strings.Contains(body, `"retry_after":7`) {
		t.Errorf("429: got %d %q", status, body)
	}
	if u.Received() != 0 {
		t.Errorf("received %d, want 0", u.Received())
	}
	fault = &Fault{LoseAnswer: true}
	if _, _, err := send(t.Context()); err == nil || u.Received() != 1 {
		t.Errorf("lost answer: got %v, received %d, want 1", err, u.Received())
	}
	fault = &Fault{Hang: true}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, _, err := send(ctx); err == nil || u.Received() != 1 {
		t.Errorf("hang: got %v, received %d, want 1", err, u.Received())
	}
	s.SetFault(nil)
	if status, _, err := send(t.Context()); status != 200 || err != nil {
		t.Errorf("after the faults: got %d %v", status, err)
	}
}

func TestLatencyIsWaitedForTogether(t *testing.T) {
	s, u := resident(t, Config{})
	s.SetLatency(200 * time.Millisecond)
	begin := time.Now()
	var all sync.WaitGroup
	for range 500 {
		all.Go(func() { do(t, s, "sendMessage", id42("text", "a")...) })
	}
	all.Wait()
	if took := time.Since(begin); took < 200*time.Millisecond || took > 20*time.Second {
		t.Errorf("500 calls of 200 ms took %v", took)
	}
	if u.Received() != 500 {
		t.Errorf("received %d, want 500", u.Received())
	}
}

func TestTheStateShowsThePostedFaultUntilItHasHappened(t *testing.T) {
	s, _ := resident(t, Config{})
	shown := func() string {
		var v struct {
			Fault     json.RawMessage
			LatencyMS int `json:"latency_ms"`
		}
		_, body := sim(t, s, "GET", "/sim/state", "")
		if err := json.Unmarshal([]byte(body), &v); err != nil {
			t.Fatal(err)
		}
		return string(v.Fault)
	}
	if got := shown(); got != "null" {
		t.Errorf("no fault: got %s", got)
	}
	sim(t, s, "POST", "/sim/faults", `{"methods":["sendMessage"],"status":500,"times":2}`)
	if got, want := shown(), `{"methods":["sendMessage"],"status":500,"times":2}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	sim(t, s, "POST", "/sim/latency", `{"delay":"1ms"}`) // is beside it
	must(t, s, nil, "getMe")
	for range 2 {
		if a := do(t, s, "sendMessage", id42("text", "a")...); a.ErrorCode != 500 {
			t.Errorf("got %+v, want the fault", a)
		}
	}
	if got := shown(); got != "null" {
		t.Errorf("after it has happened twice: got %s", got)
	}
	must(t, s, nil, "sendMessage", id42("text", "a")...)
	sim(t, s, "POST", "/sim/faults", `{"status":500}`)
	sim(t, s, "POST", "/sim/faults", `{"retry_after":3}`)
	if got := shown(); got != `{"retry_after":3}` {
		t.Errorf("a second fault: got %s, want it in the place of the first", got)
	}
	sim(t, s, "DELETE", "/sim/faults", "")
	if got := shown(); got != "null" {
		t.Errorf("after the end of faults: got %s", got)
	}
}
