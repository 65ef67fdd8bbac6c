package simulator

import (
	"net/http"
	"slices"
	"strconv"
	"time"
)

// Fault is what happens to one call instead of, or after, its work.
type Fault struct {
	Status     int    // answered instead of doing the call, such as 500
	Body       string // sent as it is with Status; Telegram's form when empty
	RetryAfter int    // seconds; makes a 429 when Status is 0
	LoseAnswer bool   // do the call, then cut the connection
	Hang       bool   // do nothing and answer nothing until the client gives up
}

// faults is the trouble that is set at present.
type faults struct {
	latency time.Duration
	choose  func(method string, chatID int64) *Fault
	posted  *postedFault // what choose is made of, when it came over HTTP
}

// postedFault is a fault as POST /sim/faults takes it and as the page sees it.
type postedFault struct {
	Methods    []string `json:"methods,omitempty"`
	ChatID     int64    `json:"chat_id,omitempty"`
	Status     int      `json:"status,omitempty"`
	Body       string   `json:"body,omitempty"`
	RetryAfter int      `json:"retry_after,omitempty"`
	LoseAnswer bool     `json:"lose_answer,omitempty"`
	Hang       bool     `json:"hang,omitempty"`
	Times      int64    `json:"times,omitempty"` // calls it is for; no end when 0
}

// put sets a fault until it has happened so often as it says, or is replaced.
func (s *Server) put(p postedFault) {
	fault := &Fault{Status: p.Status, Body: p.Body, RetryAfter: p.RetryAfter, LoseAnswer: p.LoseAnswer, Hang: p.Hang}
	left := p.Times
	s.set(faults{posted: &p, choose: func(method string, in int64) *Fault {
		s.mu.Lock()
		defer s.mu.Unlock()
		if len(p.Methods) > 0 && !slices.Contains(p.Methods, method) || p.ChatID != 0 && p.ChatID != in || p.Times > 0 && left == 0 {
			return nil
		}
		if left--; left == 0 && s.faults.posted == &p {
			s.faults.choose, s.faults.posted = nil, nil
			s.happen(event{kind: "clock"})
		}
		return fault
	}})
}

// set replaces the fault, and leaves the latency.
func (s *Server) set(f faults) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f.latency = s.faults.latency
	s.faults = f
	s.happen(event{kind: "clock"})
}

// SetLatency makes every call of the Bot API but getUpdates wait, each by
// itself.
func (s *Server) SetLatency(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.latency = d
	s.happen(event{kind: "clock"})
}

// SetFault asks choose about every call from now on; nil as its answer lets
// the call pass, nil as choose ends all faults. chatID is 0 for calls without
// a chat. choose may be called by many goroutines at once.
func (s *Server) SetFault(choose func(method string, chatID int64) *Fault) {
	s.set(faults{choose: choose})
}

// trouble is what is set now, for use without the lock.
func (s *Server) trouble() (time.Duration, func(*call) *Fault) {
	s.mu.Lock()
	f := s.faults
	s.mu.Unlock()
	return f.latency, func(c *call) *Fault {
		if f.choose == nil {
			return nil
		}
		return f.choose(c.name, c.chatID)
	}
}

// serveFault answers instead of the call.
func (s *Server) serveFault(w http.ResponseWriter, r *http.Request, c *call, f *Fault) {
	bad := &refusal{status: f.Status, description: http.StatusText(f.Status), retryAfter: f.RetryAfter}
	switch {
	case f.Hang:
		s.record(c, &refusal{description: "fault: no answer"})
		select {
		case <-r.Context().Done():
		case <-s.closing:
		}
		cut(w)
		return
	case f.RetryAfter > 0:
		bad = tooMany(f.RetryAfter)
	case f.Status == 0:
		bad = &refusal{status: 500, description: "Internal Server Error"}
	}
	s.record(c, bad)
	if f.Body == "" {
		writeRefusal(w, bad)
		return
	}
	w.WriteHeader(bad.status)
	respond(w, []byte(f.Body))
}

// cut ends the connection without an answer.
func cut(w http.ResponseWriter) {
	if h, ok := w.(http.Hijacker); ok {
		if conn, _, err := h.Hijack(); err == nil {
			conn.Close()
			return
		}
	}
	panic(http.ErrAbortHandler)
}

func tooMany(seconds int) *refusal {
	return &refusal{
		status: 429, retryAfter: seconds,
		description: "Too Many Requests: retry after " + strconv.Itoa(seconds),
	}
}
