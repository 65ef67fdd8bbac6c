package simulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// peopleRoutes is the /sim/ side: people, clock, faults and what is seen.
func (s *Server) peopleRoutes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /sim/state", s.serveState)
	mux.HandleFunc("GET /sim/events", s.serveEvents)
	mux.HandleFunc("GET /sim/calls", s.serveCalls)
	mux.HandleFunc("GET /sim/presses", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, s.Presses()) })
	mux.HandleFunc("GET /sim/departures", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, orEmpty(s.Departures())) })
	mux.HandleFunc("GET /sim/transcript", s.serveTranscript)
	mux.HandleFunc("GET /sim/file/{unique}", s.servePicture)
	mux.HandleFunc("POST /sim/people", answer(s.postPeople))
	mux.HandleFunc("POST /sim/groups", answer(s.postGroups))
	mux.HandleFunc("POST /sim/clock", answer(s.postClock))
	mux.HandleFunc("POST /sim/limits", answer(s.postLimits))
	mux.HandleFunc("POST /sim/latency", answer(s.postLatency))
	mux.HandleFunc("POST /sim/faults", answer(s.postFault))
	mux.HandleFunc("DELETE /sim/faults", answer(s.deleteFaults))
	mux.HandleFunc("POST /sim/inject", answer(s.postInject))
	mux.HandleFunc("POST /sim/repeat", answer(s.postRepeat))
	mux.HandleFunc("POST /sim/{user}/{action}", answer(s.postAction))
	return mux
}

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

func writeJSON(w http.ResponseWriter, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header()["Content-Type"] = jsonType
	respond(w, body)
}

// answer makes a handler of a function: its error, or what a person's method
// panics with, is a 400 with one sentence.
func answer(do func(*http.Request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v, err := attempt(do, r)
		if err != nil {
			w.Header()["Content-Type"] = jsonType
			w.WriteHeader(http.StatusBadRequest)
			writeJSON(w, map[string]string{"error": err.Error()})
			return
		}
		writeJSON(w, v)
	}
}

func attempt(do func(*http.Request) (any, error), r *http.Request) (v any, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%v", p)
		}
	}()
	return do(r)
}

type done struct {
	OK bool `json:"ok"`
}

// readBody decodes a JSON body strictly; an empty one leaves v as it is.
func readBody(r *http.Request, v any) error {
	d := json.NewDecoder(io.LimitReader(r.Body, 1<<20))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("the body is not what this route takes: %w", err)
	}
	return nil
}

func (s *Server) serveCalls(w http.ResponseWriter, r *http.Request) {
	after, _ := strconv.Atoi(r.URL.Query().Get("after")) // 0 when absent: all
	calls := []Call{}
	for _, c := range s.Calls() {
		if c.Seq > after {
			calls = append(calls, c)
		}
	}
	writeJSON(w, calls)
}

func (s *Server) serveTranscript(w http.ResponseWriter, r *http.Request) {
	var users []*User
	for _, key := range r.URL.Query()["user"] {
		u := s.User(key)
		if u == nil {
			http.Error(w, "nobody is called "+strconv.Quote(key), http.StatusBadRequest)
			return
		}
		users = append(users, u)
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	respond(w, []byte(s.Transcript(users...)))
}

func (s *Server) servePicture(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	f := s.pictures[r.PathValue("unique")]
	s.mu.Unlock()
	if f == nil {
		http.NotFound(w, r)
		return
	}
	body := f.bytes()
	if f.kind == "document" && f.data != nil && f.mime != "" {
		f.openable(w.Header())
	} else {
		w.Header().Set("Content-Type", http.DetectContentType(body))
		w.Header().Set("Content-Security-Policy", "sandbox")
	}
	respond(w, body)
}

func (s *Server) postPeople(r *http.Request) (any, error) {
	var p Person
	if err := readBody(r, &p); err != nil {
		return nil, err
	}
	if p.Key == "" {
		return nil, errors.New("key is missing")
	}
	u := s.AddPerson(p)
	return map[string]any{"key": u.key, "id": u.person.ID}, nil
}

func (s *Server) postGroups(r *http.Request) (any, error) {
	var v struct {
		Key, Title string
		Members    []string
	}
	if err := readBody(r, &v); err != nil {
		return nil, err
	}
	if v.Key == "" || v.Title == "" || s.Group(v.Key) != nil || s.User(v.Key) != nil {
		return nil, errors.New("a group needs a title and a key that is free")
	}
	var members []*User
	for _, key := range v.Members {
		u := s.User(key)
		if u == nil {
			return nil, fmt.Errorf("nobody is called %q", key)
		}
		members = append(members, u)
	}
	g := s.AddGroup(v.Key, v.Title, members...)
	return map[string]any{"key": g.key, "id": g.id}, nil
}

func (s *Server) postClock(r *http.Request) (any, error) {
	var v struct {
		Advance string
		To      time.Time
	}
	if err := readBody(r, &v); err != nil {
		return nil, err
	}
	d := time.Duration(0)
	if v.Advance != "" {
		var err error
		if d, err = time.ParseDuration(v.Advance); err != nil {
			return nil, fmt.Errorf("advance is a duration such as 10m: %w", err)
		}
	} else if !v.To.IsZero() {
		d = v.To.Sub(s.Now())
	}
	if d <= 0 {
		return nil, errors.New("the clock only goes forward: give advance, or to with a later time")
	}
	s.Advance(d)
	return map[string]any{"now": s.Now()}, nil
}

func (s *Server) postLimits(r *http.Request) (any, error) {
	var v struct{ On *bool }
	if err := readBody(r, &v); err != nil {
		return nil, err
	}
	if v.On == nil {
		return nil, errors.New("on is missing")
	}
	s.SetLimits(*v.On)
	return done{true}, nil
}

func (s *Server) postLatency(r *http.Request) (any, error) {
	var v struct{ Delay string }
	if err := readBody(r, &v); err != nil {
		return nil, err
	}
	d, err := time.ParseDuration(v.Delay)
	if err != nil || d < 0 || d > time.Minute {
		return nil, errors.New("delay is a duration from 0s to 1m")
	}
	s.SetLatency(d)
	return done{true}, nil
}

// postFault sets one fault for some methods, or all, for a number of calls, or
// until it is deleted.
func (s *Server) postFault(r *http.Request) (any, error) {
	var v postedFault
	if err := readBody(r, &v); err != nil {
		return nil, err
	}
	if v.Status == 0 && v.RetryAfter == 0 && !v.LoseAnswer && !v.Hang {
		return nil, errors.New("a fault needs status, retry_after, lose_answer or hang")
	}
	if v.Status != 0 && (v.Status < 200 || v.Status > 599) {
		return nil, errors.New("status is an HTTP status from 200 to 599")
	}
	for _, name := range v.Methods {
		if m := botAPI().methods[strings.ToLower(name)]; m == nil || m.name != name {
			return nil, fmt.Errorf("%q is no method of the Bot API", name)
		}
	}
	s.put(v)
	return done{true}, nil
}

func (s *Server) deleteFaults(*http.Request) (any, error) {
	s.SetFault(nil)
	s.SetLatency(0)
	return done{true}, nil
}

func (s *Server) postInject(r *http.Request) (any, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil || len(body) == 0 {
		return nil, errors.New("the body is the raw update")
	}
	s.Inject(body)
	return done{true}, nil
}

func (s *Server) postRepeat(r *http.Request) (any, error) {
	v := struct {
		ID int64 `json:"update_id"`
	}{ID: s.LastUpdateID()}
	if err := readBody(r, &v); err != nil {
		return nil, err
	}
	s.Repeat(v.ID)
	return done{true}, nil
}
