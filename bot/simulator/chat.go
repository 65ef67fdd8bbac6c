package simulator

import (
	"sort"
	"strings"
)

// chat is one conversation with the bot: private or a supergroup.
type chat struct {
	id       int64
	user     *User  // of a private chat
	group    *Group // of a supergroup
	messages []*message
	nextID   int // of a supergroup, which counts by itself
	keyboard *markup
	hidden   bool // a one-time keyboard that was used
	forced   *message
	pinned   int
	acting   string // the last chat action
	menu     map[string]any
}

// wire is the chat as results and updates show it.
func (c *chat) wire() wireChat {
	if c.group != nil {
		return wireChat{ID: c.id, Type: "supergroup", Title: c.group.title}
	}
	p := c.user.person
	return wireChat{ID: c.id, Type: "private", FirstName: p.FirstName, LastName: p.LastName, Username: p.Username}
}

// find gives a kept message that is not deleted, or nil.
func (c *chat) find(id int) *message {
	if m := c.kept(id); m != nil && !m.deleted {
		return m
	}
	return nil
}

// kept gives a message even when it is deleted.
func (c *chat) kept(id int) *message {
	i := sort.Search(len(c.messages), func(i int) bool { return c.messages[i].id >= id })
	if i < len(c.messages) && c.messages[i].id == id {
		return c.messages[i]
	}
	return nil
}

// add numbers a message and keeps it; the lock is held.
func (s *Server) add(c *chat, m *message) {
	if c.group != nil {
		c.nextID++
		m.id = c.nextID
	} else {
		s.lastID++
		m.id = s.lastID
	}
	m.chat = c
	m.date = s.now()
	if m.from == nil {
		c.acting = "" // what the bot was doing is done
	}
	if keep := s.cfg.KeepMessages; keep > 0 && len(c.messages) >= 2*keep {
		c.messages = append(c.messages[:0:0], c.messages[len(c.messages)-keep+1:]...)
	}
	c.messages = append(c.messages, m)
	s.tell(m, "new")
}

// target finds the chat of a call and refuses where the bot may not write.
func (s *Server) target(c *call) (*chat, *refusal) {
	found, bad := s.lookup(c, "chat_id")
	if bad != nil {
		return nil, bad
	}
	return found, found.writable()
}

// lookup finds a chat by a parameter that is a number or @username.
func (s *Server) lookup(c *call, param string) (*chat, *refusal) {
	id, isNumber := c.params[param].(int64)
	if !isNumber {
		name, hasSign := strings.CutPrefix(c.str(param), "@")
		if !hasSign {
			return nil, departs("chat not found")
		}
		for _, g := range s.groups {
			if g.Username != "" && strings.EqualFold(g.Username, name) {
				return s.chats[g.id], nil
			}
		}
		return nil, refuses("chat not found")
	}
	if found := s.chats[id]; found != nil {
		return found, nil
	}
	return nil, refuses("chat not found")
}

func (c *chat) writable() *refusal {
	if c.group != nil {
		if c.group.botOut {
			return forbids("bot was kicked from the supergroup chat")
		}
		return nil
	}
	switch u := c.user; {
	case u.deactivated:
		return forbids("user is deactivated")
	case !u.started:
		return forbids("bot can't initiate conversation with a user")
	case u.blocked:
		return forbids("bot was blocked by the user")
	}
	return nil
}
