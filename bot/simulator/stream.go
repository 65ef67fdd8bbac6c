package simulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// keepAlive is how often a quiet stream says that it is there.
const keepAlive = 15 * time.Second

// serveEvents streams what changes, from Last-Event-ID (or ?after=) on, else
// from now on. An event that is no longer kept is replaced by "reset": fetch
// the state again.
func (s *Server) serveEvents(w http.ResponseWriter, r *http.Request) {
	flusher, ok := w.(http.Flusher)
	if !ok {
		http.Error(w, "no streaming here", http.StatusNotImplemented)
		return
	}
	at, resumed := resumePoint(r)
	if !resumed {
		s.mu.Lock()
		at = s.events.first + len(s.events.entries)
		s.mu.Unlock()
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	quiet := time.NewTicker(keepAlive)
	defer quiet.Stop()
	out := []byte(": koprik simulator\n\n")
	for {
		if _, err := w.Write(out); err != nil {
			return
		}
		flusher.Flush()
		var changed <-chan struct{}
		out, at, changed = s.news(at)
		if len(out) > 0 {
			continue
		}
		select {
		case <-changed:
		case <-quiet.C:
			out = []byte(": \n\n")
		case <-r.Context().Done():
			return
		case <-s.closing:
			return
		}
	}
}

func resumePoint(r *http.Request) (int, bool) {
	for _, text := range []string{r.Header.Get("Last-Event-ID"), r.URL.Query().Get("after")} {
		if n, err := strconv.Atoi(text); err == nil {
			return n, true
		}
	}
	return 0, false
}

// news is every event after number at, as the stream writes it.
func (s *Server) news(at int) ([]byte, int, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out bytes.Buffer
	last := s.events.first + len(s.events.entries)
	if at < s.events.first || at > last {
		at = last
		fmt.Fprintf(&out, "id: %d\nevent: reset\ndata: {}\n\n", at)
	}
	for ; at < last; at++ {
		e, _ := s.events.numbered(at + 1)
		data, err := json.Marshal(s.show(e))
		if err != nil {
			data = []byte("{}")
		}
		fmt.Fprintf(&out, "id: %d\nevent: %s\ndata: %s\n\n", at+1, e.kind, data)
	}
	return out.Bytes(), at, s.changed.wait()
}

// show is what an event is about, as it is now.
func (s *Server) show(e event) any {
	c := s.chats[e.chatID]
	switch e.kind {
	case "message":
		v := map[string]any{"chat": s.state(c), "message": nil}
		if m := c.kept(e.id); m != nil {
			v["message"] = m.view()
		}
		return v
	case "chat":
		return map[string]any{"chat": s.state(c)}
	case "press":
		return map[string]any{"chat": s.state(c), "press": *e.press}
	case "call":
		if entry, ok := s.calls.numbered(e.number); ok {
			return entry
		}
	case "clock":
		return map[string]any{"now": s.now(), "limits": s.limits.on, "latency_ms": s.faults.latency.Milliseconds(), "fault": s.faults.posted}
	case "commands":
		menus := map[string][]Command{}
		for _, u := range s.order {
			menus[u.key] = u.commands()
		}
		return menus
	case "profile":
		return s.profile.texts
	}
	return struct{}{}
}
