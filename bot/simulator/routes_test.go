package simulator

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func sim(t *testing.T, s *Server, method, path, body string) (int, string) {
	t.Helper()
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest(method, path, strings.NewReader(body)))
	return w.Code, strings.TrimSpace(w.Body.String())
}

func TestThePeopleAPIDoesWhatPeopleDo(t *testing.T) {
	s := New(Config{Now: frozen})
	defer s.Close()
	steps := []struct {
		path, body string
		status     int
		want       string
	}{
		{"people", `{"key":"aziza","id":42,"first_name":"Aziza"}`, 200, `{"id":42,"key":"aziza"}`},
		{"people", `{}`, 400, `{"error":"key is missing"}`},
		{"people", `{"name":"x"}`, 400, `{"error":"the body is not what this route takes: json: unknown field \"name\""}`},
		{"aziza/text", `{"text":"a"}`, 400, `{"error":"simulator: aziza has not pressed START"}`},
		{"aziza/start", `{"payload":"qr-7"}`, 200, `{"message_id":1}`},
		{"aziza/text", `{"text":"a"}`, 200, `{"message_id":2}`},
		{"aziza/text", ``, 400, `{"error":"text is empty"}`},
		{"aziza/reply", `{"to":9,"text":"a"}`, 400, `{"error":"simulator: aziza sees no message 9 to reply to"}`},
		{"aziza/album", `{"count":2}`, 200, `{"message_ids":[3,4]}`},
		{"aziza/press", `{"label":"x"}`, 400, `{"error":"aziza sees no button \"x\", only []"}`},
		{"aziza/key", `{"label":"x"}`, 400, `{"error":"aziza sees no key \"x\", only []"}`},
		{"aziza/edit", `{"message_id":2,"text":"b"}`, 200, `{"ok":true}`},
		{"aziza/dance", `{}`, 400, `{"error":"\"dance\" is nothing that a person can do here"}`},
		{"nobody/text", `{}`, 400, `{"error":"nobody is called \"nobody\""}`},
		{"clock", `{"advance":"10m"}`, 200, `{"now":"2026-07-01T09:10:00Z"}`},
		{"clock", `{"advance":"-10m"}`, 400, `{"error":"the clock only goes forward: give advance, or to with a later time"}`},
		{"groups", `{"key":"yard","title":"Hovli","members":["aziza"]}`, 200, `{"id":-1001000000001,"key":"yard"}`},
		{"aziza/text", `{"text":"/x","group":"yard"}`, 200, `{"message_id":1}`},
		{"faults", `{"methods":["sendmessage"],"status":500}`, 400, `{"error":"\"sendmessage\" is no method of the Bot API"}`},
		{"faults", `{"methods":["sendMessage"],"status":500,"times":1}`, 200, `{"ok":true}`},
		{"limits", `{"on":true}`, 200, `{"ok":true}`},
		{"latency", `{"delay":"1h"}`, 400, `{"error":"delay is a duration from 0s to 1m"}`},
		{"aziza/block", ``, 200, `{"ok":true}`},
	}
	for _, step := range steps {
		if status, body := sim(t, s, "POST", "/sim/"+step.path, step.body); status != step.status || body != step.want {
			t.Errorf("%s %s: got %d %s, want %d %s", step.path, step.body, status, body, step.status, step.want)
		}
	}
	if a := do(t, s, "sendMessage", id42("text", "a")...); a.ErrorCode != 500 {
		t.Errorf("fault: got %+v", a)
	}
	if a := do(t, s, "sendMessage", id42("text", "a")...); a.ErrorCode != 403 {
		t.Errorf("the fault has passed: got %+v", a)
	}
	var state fullState
	_, body := sim(t, s, "GET", "/sim/state", "")
	if err := json.Unmarshal([]byte(body), &state); err != nil || len(state.Users) != 1 || !state.Users[0].Blocked ||
		len(state.Users[0].Messages) != 4 || len(state.Groups) != 1 {
		t.Errorf("state: %v %s", err, body)
	}
	if _, body := sim(t, s, "GET", "/sim/calls?after=1", ""); strings.Count(body, `"seq"`) != 1 {
		t.Errorf("calls: got %s", body)
	}
}

func TestEventsCanBeResumed(t *testing.T) {
	s, u := resident(t, Config{})
	server := httptest.NewServer(s)
	defer server.Close()
	defer s.Close()
	must(t, s, nil, "sendMessage", id42("text", "a")...)
	u.Text("b")
	read := func(after string, n int) []string {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/sim/events", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Last-Event-ID", after)
		answer, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		var lines []string
		for scan := bufio.NewScanner(answer.Body); len(lines) < n && scan.Scan(); {
			if line := scan.Text(); strings.HasPrefix(line, "id: ") || strings.HasPrefix(line, "event: ") {
				lines = append(lines, line)
			}
		}
		return lines
	}
	want := "id: 3 event: message id: 4 event: call id: 5 event: message"
	if got := strings.Join(read("2", 6), " "); got != want {
		t.Errorf("from 2: got %s, want %s", got, want)
	}
	if got := strings.Join(read("99999", 2), " "); got != "id: 5 event: reset" {
		t.Errorf("from the future: got %s", got)
	}
}

func TestTheTranscriptReadsInOrder(t *testing.T) {
	s, u := resident(t, Config{})
	other := s.AddPerson(Person{Key: "inspector", ID: 43})
	other.Start("")
	must(t, s, nil, "sendMessage", id42("text", "Salom\nxush kelibsiz", "protect_content", "true", "disable_notification", "true",
		"reply_markup", `{"inline_keyboard":[[{"text":"A","callback_data":"a"},{"text":"B","callback_data":"b"}],[{"text":"C","callback_data":"c"}]]}`)...)
	id, err := u.PressLast("A")
	if err != nil {
		t.Fatal(err)
	}
	must(t, s, nil, "answerCallbackQuery", "callback_query_id", id, "text", "Rahmat")
	must(t, s, nil, "editMessageText", id42("message_id", "3", "text", "Tayyor")...)
	must(t, s, nil, "deleteMessage", id42("message_id", "1")...)
	want := `resident | resident #1: /start
resident | bot #3 (silent, protected): Salom
    xush kelibsiz
    [A] [B]
    [C]
resident | resident presses [A] on #3
resident | resident sees toast: Rahmat
resident | bot #3 (edited): Tayyor
resident | bot deletes #1
`
	if got := s.Transcript(u); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := s.Transcript(); !strings.Contains(got, "inspector | inspector #2: /start\n") {
		t.Errorf("all: got\n%s", got)
	}
}
