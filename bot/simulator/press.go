package simulator

import (
	"errors"
	"fmt"
	"strconv"
	"time"
)

// answerable is how long a press may be answered.
const answerable = 15 * time.Minute

// Press is one tap on an inline button.
type Press struct {
	CallbackID string    `json:"callback_id"`
	User       string    `json:"user"` // key of who pressed
	ChatID     int64     `json:"chat_id"`
	MessageID  int       `json:"message_id"`
	Label      string    `json:"label"` // empty for PressStale
	Data       string    `json:"data"`
	At         time.Time `json:"at"`
	Answered   bool      `json:"answered"`
	AnsweredAt time.Time `json:"answered_at,omitzero"`
	Text       string    `json:"text,omitempty"`
	Alert      bool      `json:"alert,omitempty"`
}

// Presses are the presses so far, oldest first.
func (s *Server) Presses() []Press {
	return s.pressesWhere(func(*Press) bool { return true })
}

// Unanswered are the presses that the bot has not answered.
func (s *Server) Unanswered() []Press {
	return s.pressesWhere(func(p *Press) bool { return !p.Answered })
}

func (s *Server) pressesWhere(wanted func(*Press) bool) []Press {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []Press{}
	for _, p := range s.presses.all() {
		if wanted(p) {
			out = append(out, *p)
		}
	}
	return out
}

// Press taps the button of a private message whose text is, or contains,
// label, and gives the id of the callback query.
func (u *User) Press(messageID int, label string) (string, error) {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	return u.s.press(u, u.chat, messageID, label)
}

// press is Press in any chat; the lock is held.
func (s *Server) press(u *User, in *chat, messageID int, label string) (string, error) {
	if why := u.closed(); in.user != nil && why != "" {
		return "", errors.New(why)
	}
	if !in.seenBy(u) {
		return "", fmt.Errorf("%s is not in group %s", u.key, in.key())
	}
	m := in.find(messageID)
	if m == nil {
		return "", fmt.Errorf("%s sees no message %d", u.key, messageID)
	}
	button, ok := m.button(label)
	if !ok {
		return "", fmt.Errorf("message %d has no button %q, it has %q", messageID, label, m.labels())
	}
	u.taps++
	if button.Data == "" {
		return "", fmt.Errorf("button %q sends nothing to the bot: it opens %s%s", button.Text, button.URL, button.Action)
	}
	return s.tap(u, in, m, messageID, button.Text, button.Data), nil
}

// PressLast taps such a button on the newest message of the private chat that
// has one.
func (u *User) PressLast(label string) (string, error) {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	return u.s.pressLast(u, u.chat, label)
}

func (s *Server) pressLast(u *User, in *chat, label string) (string, error) {
	var seen []string
	for i := len(in.messages) - 1; i >= 0; i-- {
		m := in.messages[i]
		if m.deleted {
			continue
		}
		if _, ok := m.button(label); ok {
			return s.press(u, in, m.id, label)
		}
		seen = append(seen, m.labels()...)
	}
	return "", fmt.Errorf("%s sees no button %q, only %q", u.key, label, seen)
}

// PressStale sends a press with the given data, as from a screen that still
// shows an older state of the message.
func (u *User) PressStale(messageID int, data string) string {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.taps++
	return u.s.tap(u, u.chat, u.chat.kept(messageID), messageID, "", data)
}

// button finds a button by label: equal before containing.
func (m *message) button(label string) (Button, bool) {
	var all []Button
	for _, row := range m.markup.buttons() {
		all = append(all, row...)
	}
	i, ok := pick(m.labels(), label)
	if !ok {
		return Button{}, false
	}
	return all[i], true
}

func (m *message) labels() []string {
	var labels []string
	for _, row := range m.markup.buttons() {
		for _, b := range row {
			labels = append(labels, b.Text)
		}
	}
	return labels
}

// wireCallback is CallbackQuery of the Bot API.
type wireCallback struct {
	ID           string    `json:"id"`
	From         *wireUser `json:"from"`
	Message      any       `json:"message,omitempty"`
	ChatInstance string    `json:"chat_instance"`
	Data         string    `json:"data"`
}

type wireInaccessible struct {
	Chat      wireChat `json:"chat"`
	MessageID int      `json:"message_id"`
	Date      int64    `json:"date"` // always 0
}

// tap queues the callback query; m is nil or deleted for a message that the
// bot can no longer read.
func (s *Server) tap(u *User, in *chat, m *message, messageID int, label, data string) string {
	p := &Press{
		CallbackID: s.number(18), User: u.key, ChatID: in.id, MessageID: messageID, Label: label, Data: data, At: s.now(),
	}
	s.presses.add(p)
	s.byPress[p.CallbackID] = p
	if old := s.presses.first; s.presses.keep > 0 && len(s.byPress) > 4*s.presses.keep && old > 0 {
		s.forgetPresses()
	}
	query := wireCallback{ID: p.CallbackID, From: u.wire(), ChatInstance: strconv.FormatInt(in.id*7919, 10), Data: data}
	if m == nil || m.deleted {
		query.Message = wireInaccessible{Chat: in.wire(), MessageID: messageID}
	} else {
		query.Message = s.wire(m)
	}
	s.push("callback_query", in.id, query)
	s.story.add(happening{chat: in, who: u.key, what: "press", id: messageID, text: label})
	s.happen(event{kind: "press", chatID: in.id, id: messageID, press: p})
	return p.CallbackID
}

// forgetPresses drops the ids whose presses the log no longer keeps.
func (s *Server) forgetPresses() {
	kept := map[string]*Press{}
	for _, p := range s.presses.all() {
		kept[p.CallbackID] = p
	}
	s.byPress = kept
}

func (s *Server) answerCallbackQuery(c *call) (any, *refusal) {
	p := s.byPress[c.str("callback_query_id")]
	if p == nil || p.Answered || s.now().Sub(p.At) > answerable {
		return nil, refuses("query is too old and response timeout expired or query ID is invalid")
	}
	p.Answered, p.AnsweredAt, p.Text, p.Alert = true, s.now(), c.str("text"), c.yes("show_alert")
	c.chatID = p.ChatID
	if p.Text != "" {
		what := "toast"
		if p.Alert {
			what = "alert"
		}
		s.story.add(happening{chat: s.chats[p.ChatID], who: p.User, what: what, text: p.Text})
	}
	s.happen(event{kind: "press", chatID: p.ChatID, id: p.MessageID, press: p})
	return true, nil
}
