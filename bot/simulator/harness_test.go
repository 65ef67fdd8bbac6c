package simulator

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// answerOf is what the Bot API said.
type answerOf struct {
	OK          bool            `json:"ok"`
	Result      json.RawMessage `json:"result"`
	ErrorCode   int             `json:"error_code"`
	Description string          `json:"description"`
	Parameters  struct {
		RetryAfter int `json:"retry_after"`
	} `json:"parameters"`
}

// do calls a method with a urlencoded form.
func do(t *testing.T, s *Server, method string, fields ...string) answerOf {
	t.Helper()
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, "/bot"+s.Token()+"/"+method, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return serve(t, s, r)
}

func serve(t *testing.T, s *Server, r *http.Request) answerOf {
	t.Helper()
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	var a answerOf
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
		t.Fatalf("answer %q: %v", w.Body, err)
	}
	if !a.OK && a.ErrorCode != w.Code {
		t.Fatalf("status %d with error code %d", w.Code, a.ErrorCode)
	}
	return a
}

// must calls a method that has to succeed and decodes its result into v.
func must(t *testing.T, s *Server, v any, method string, fields ...string) {
	t.Helper()
	a := do(t, s, method, fields...)
	if !a.OK {
		t.Fatalf("%s: got %d %s", method, a.ErrorCode, a.Description)
	}
	if v != nil {
		if err := json.Unmarshal(a.Result, v); err != nil {
			t.Fatal(err)
		}
	}
}

// refused calls a method that has to fail with the description.
func refused(t *testing.T, s *Server, want string, method string, fields ...string) {
	t.Helper()
	if a := do(t, s, method, fields...); a.OK || a.Description != want {
		t.Errorf("%s: got %q, want %q", method, a.Description, want)
	}
}

func departures(t *testing.T, s *Server, want int) {
	t.Helper()
	if got := s.Departures(); len(got) != want {
		t.Errorf("departures: got %q, want %d", got, want)
	}
}

// resident is a started person with id 42 in a Telegram of its own.
func resident(t *testing.T, cfg Config) (*Server, *User) {
	t.Helper()
	s := New(cfg)
	t.Cleanup(s.Close)
	u := s.AddPerson(Person{Key: "resident", ID: 42, FirstName: "Aziza", Language: "uz", Phone: "+998901112233"})
	u.Start("")
	return s, u
}

// waitFor fails the test when cond does not come true.
func waitFor(t *testing.T, s *Server, what string, cond func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := s.Wait(ctx, cond); err != nil {
		t.Fatalf("%s: %v\n%s", what, err, s.Transcript())
	}
}

// frozen is a clock that only Advance moves.
func frozen() time.Time { return time.Date(2026, 7, 1, 9, 0, 0, 0, time.UTC) }

// id42 is the private chat of the resident, as form fields.
func id42(fields ...string) []string { return append([]string{"chat_id", "42"}, fields...) }

type updateOf struct {
	ID       int64 `json:"update_id"`
	Message  *wireMessage
	Edited   *wireMessage `json:"edited_message"`
	Callback *struct {
		ID, Data string
		From     wireUser
		Message  struct {
			MessageID int `json:"message_id"`
			Date      int64
		}
	} `json:"callback_query"`
	MyChatMember *struct {
		Old map[string]any `json:"old_chat_member"`
		New map[string]any `json:"new_chat_member"`
	} `json:"my_chat_member"`
}

func updates(t *testing.T, s *Server, fields ...string) []updateOf {
	t.Helper()
	var list []updateOf
	must(t, s, &list, "getUpdates", fields...)
	return list
}
