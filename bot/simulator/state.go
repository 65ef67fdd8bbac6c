package simulator

import (
	"net/http"
	"time"
)

// chatState is one chat on the page: of a person or of a group.
type chatState struct {
	Key        string         `json:"key"`
	ID         int64          `json:"id"`
	Kind       string         `json:"kind"` // "private" or "group"
	Title      string         `json:"title"`
	Username   string         `json:"username,omitempty"`
	Language   string         `json:"language,omitempty"`
	Members    []string       `json:"members,omitempty"`
	Started    bool           `json:"started"`
	Blocked    bool           `json:"blocked,omitempty"`
	Gone       bool           `json:"deactivated,omitempty"`
	Taps       int            `json:"taps"`
	Sent       int            `json:"sent"`
	Received   int            `json:"received"`
	Rings      int            `json:"rings"`
	Keyboard   [][]Key        `json:"keyboard,omitempty"`
	Hint       string         `json:"hint,omitempty"`
	ForceReply int            `json:"force_reply,omitempty"` // message to reply to
	Commands   []Command      `json:"commands,omitempty"`
	MenuButton map[string]any `json:"menu_button,omitempty"`
	Pinned     int            `json:"pinned,omitempty"`
	Action     string         `json:"action,omitempty"`
	Messages   []Message      `json:"messages,omitempty"`
}

// state is the chat without its messages; the lock is held.
func (s *Server) state(c *chat) chatState {
	v := chatState{Key: c.key(), ID: c.id, Kind: "group", Pinned: c.pinned, Action: c.acting, MenuButton: c.menu}
	if g := c.group; g != nil {
		v.Title, v.Username, v.Started = g.title, g.Username, !g.botOut
		for _, u := range g.members {
			v.Members = append(v.Members, u.key)
		}
		return v
	}
	u := c.user
	v.Kind, v.Title, v.Username, v.Language = "private", u.person.FirstName, u.person.Username, u.person.Language
	if u.person.LastName != "" {
		v.Title += " " + u.person.LastName
	}
	v.Started, v.Blocked, v.Gone = u.started, u.blocked, u.deactivated
	v.Taps, v.Sent, v.Received, v.Rings = u.taps, u.sent, u.received, u.rings
	v.Keyboard, v.Commands = c.shownKeys(), u.commands()
	if v.Keyboard != nil {
		v.Hint = c.keyboard.hint
	}
	if c.forced != nil {
		v.ForceReply = c.forced.id
	}
	if v.MenuButton == nil {
		v.MenuButton = s.profile.button
	}
	return v
}

// fullState is the answer of GET /sim/state.
type fullState struct {
	Now        time.Time         `json:"now"`
	LastEvent  int               `json:"last_event"` // for Last-Event-ID
	Limits     bool              `json:"limits"`
	LatencyMS  int64             `json:"latency_ms"`
	Fault      *postedFault      `json:"fault"` // null when there is none
	Pending    int               `json:"pending"`
	Departures int               `json:"departures"`
	Bot        wireUser          `json:"bot"`
	Texts      map[string]string `json:"texts"` // "name uz", "description ", ...
	Users      []chatState       `json:"users"`
	Groups     []chatState       `json:"groups"`
	Presses    []Press           `json:"presses"`
}

func (s *Server) serveState(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	v := fullState{
		Now: s.now(), LastEvent: s.events.first + len(s.events.entries), Limits: s.limits.on,
		LatencyMS: s.faults.latency.Milliseconds(), Fault: s.faults.posted, Pending: len(s.queue.pending), Departures: len(s.breaches),
		Bot: s.bot, Texts: map[string]string{}, Users: []chatState{}, Groups: []chatState{}, Presses: []Press{},
	}
	for name, text := range s.profile.texts {
		v.Texts[name] = text
	}
	for _, u := range s.order {
		c := s.state(u.chat)
		c.Messages = u.chat.views()
		v.Users = append(v.Users, c)
	}
	for _, g := range s.groups {
		c := s.state(g.chat)
		c.Messages = g.chat.views()
		v.Groups = append(v.Groups, c)
	}
	for _, p := range s.presses.all() {
		v.Presses = append(v.Presses, *p)
	}
	s.mu.Unlock()
	writeJSON(w, v)
}
