package simulator

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// happening is one line of the story of all chats, as it was then.
type happening struct {
	chat    *chat
	who     string
	what    string // "new", "edit", "delete", "reaction", "press", "toast", "alert", a membership
	id      int
	text    string
	content *content
	markup  *markup
	marks   []string
}

// tell keeps a change of a message for the transcript and the page.
func (s *Server) tell(m *message, what string) {
	h := happening{chat: m.chat, who: m.author(), what: what, id: m.id, content: m.content, markup: m.markup}
	switch what {
	case "new":
		h.marks = m.marks()
	case "reaction": // only the bot's are known here, and only it deletes
		h.who, h.text = "bot", m.reaction
	case "delete":
		h.who = "bot"
	}
	s.story.add(h)
	s.happen(event{kind: "message", chatID: m.chat.id, id: m.id})
}

func (m *message) marks() []string {
	var marks []string
	if m.replyTo != nil {
		marks = append(marks, "reply to #"+strconv.Itoa(m.replyTo.id))
	}
	if m.silent {
		marks = append(marks, "silent")
	}
	if m.protected {
		marks = append(marks, "protected")
	}
	if m.forward != nil {
		marks = append(marks, "forwarded")
	}
	return marks
}

// Transcript is what happened in the chats of the given people, of all when
// none is given, in one order. Every line begins with the chat: the key of the
// person or group.
func (s *Server) Transcript(users ...*User) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var b strings.Builder
	for _, h := range s.story.all() {
		if len(users) == 0 || slices.ContainsFunc(users, func(u *User) bool { return h.chat.seenBy(u) }) {
			h.write(&b)
		}
	}
	return b.String()
}

func (c *chat) seenBy(u *User) bool {
	return c.user == u || c.group != nil && slices.Contains(c.group.members, u)
}

func (c *chat) key() string {
	if c.group != nil {
		return c.group.key
	}
	return c.user.key
}

func (h happening) write(b *strings.Builder) {
	fmt.Fprintf(b, "%s | %s ", h.chat.key(), h.who)
	switch h.what {
	case "new", "edit":
		h.writeMessage(b)
	case "delete":
		fmt.Fprintf(b, "deletes #%d\n", h.id)
	case "reaction":
		fmt.Fprintf(b, "reacts %s to #%d\n", h.text, h.id)
	case "press":
		fmt.Fprintf(b, "presses [%s] on #%d\n", h.text, h.id)
	case "toast", "alert":
		fmt.Fprintf(b, "sees %s: %s\n", h.what, h.text)
	case "kicked":
		b.WriteString("blocks the bot\n")
	case "member":
		b.WriteString("lets the bot in\n")
	default:
		fmt.Fprintf(b, "%s\n", h.what)
	}
}

func (h happening) writeMessage(b *strings.Builder) {
	fmt.Fprintf(b, "#%d", h.id)
	marks := h.marks
	if h.what == "edit" {
		marks = []string{"edited"}
	}
	if len(marks) > 0 {
		fmt.Fprintf(b, " (%s)", strings.Join(marks, ", "))
	}
	b.WriteString(": ")
	switch f := h.content.file; {
	case f != nil && h.who == "bot" && f.kind == "document":
		fmt.Fprintf(b, "<document %s> ", f.name)
	case h.content.kind != "text":
		fmt.Fprintf(b, "<%s> ", h.content.kind)
	}
	b.WriteString(strings.ReplaceAll(h.content.text.text, "\n", "\n    "))
	b.WriteByte('\n')
	for _, row := range h.markup.buttons() {
		b.WriteString("   ")
		for _, button := range row {
			fmt.Fprintf(b, " [%s]", button.Text)
		}
		b.WriteByte('\n')
	}
}
