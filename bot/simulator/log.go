package simulator

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// Call is one call of the Bot API as it was answered. Answered getUpdates are
// left out: a polling bot makes them all the time.
type Call struct {
	Seq         int            `json:"seq"`
	Time        time.Time      `json:"time"`
	Method      string         `json:"method"`
	ChatID      int64          `json:"chat_id,omitempty"`
	Params      map[string]any `json:"params"` // int64, float64, string, bool, []any, map[string]any; an upload as "file NAME, N bytes"
	Status      int            `json:"status"` // 200, or the error code; 0 when the connection was cut before an answer
	Description string         `json:"description,omitempty"`
	MessageID   int            `json:"message_id,omitempty"` // made or changed by the call
}

// Calls are the calls so far, oldest first.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls.all())
}

// Departures are the calls so far that break a rule of the Bot API, each as
// "method: what is wrong". A correct bot has none.
func (s *Server) Departures() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.breaches)
}

// logged are the parameters with uploads put into words.
func (c *call) logged() map[string]any {
	if c.raw == nil || len(c.raw.files) == 0 {
		return c.params
	}
	params := maps.Clone(c.params)
	for name, file := range c.raw.files {
		params[name] = fmt.Sprintf("file %s, %d bytes", file.name, len(file.data))
	}
	return params
}

// log keeps the outcome of a call; the lock is held.
func (s *Server) log(c *call, bad *refusal) {
	entry := Call{Time: s.now(), Method: c.name, ChatID: c.chatID, Params: c.logged(), Status: 200, MessageID: c.madeID}
	if bad != nil {
		entry.Status, entry.Description = bad.status, bad.description
		if bad.departure {
			s.breaches = append(s.breaches, c.name+": "+bad.description)
		}
	}
	entry.Seq = s.calls.first + len(s.calls.entries) + 1
	s.calls.add(entry)
	s.happen(event{kind: "call", number: entry.Seq})
}
