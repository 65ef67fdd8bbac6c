package simulator

import (
	"fmt"
	"slices"
	"strings"
)

// Group is a supergroup in which the bot is a member.
type Group struct {
	Username string // public name without @, empty for a private group
	BotAdmin bool   // the bot may pin and delete; set before use

	s       *Server
	id      int64
	key     string
	title   string
	chat    *chat
	members []*User
	botOut  bool
}

// AddGroup makes a supergroup; its first member has added the bot, which is
// told so by my_chat_member.
func (s *Server) AddGroup(key, title string, members ...*User) *Group {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := &Group{s: s, id: -1001000000001 - int64(len(s.groups)), key: key, title: title, members: slices.Clone(members)}
	g.chat = &chat{id: g.id, group: g}
	s.chats[g.id] = g.chat
	s.groups = append(s.groups, g)
	if len(members) > 0 {
		s.membership(g.chat, members[0], "left", "member")
	}
	return g
}

// Group finds a group by key, nil when there is none.
func (s *Server) Group(key string) *Group {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, g := range s.groups {
		if g.key == key {
			return g
		}
	}
	return nil
}

// ID is the chat id, a negative number.
func (g *Group) ID() int64 { return g.id }

// Key names the group.
func (g *Group) Key() string { return g.key }

// Text writes a message of a member. In privacy mode only commands, mentions
// and replies to the bot reach it.
func (g *Group) Text(u *User, text string) int {
	return g.write(u, &message{content: &content{kind: "text", text: incoming(text)}})
}

// Reply writes a member's reply to a message of the group.
func (g *Group) Reply(u *User, to int, text string) int {
	g.s.mu.Lock()
	replied := g.chat.find(to)
	g.s.mu.Unlock()
	if replied == nil {
		panic(fmt.Sprintf("simulator: group %s has no message %d to reply to", g.key, to))
	}
	return g.write(u, &message{content: &content{kind: "text", text: incoming(text)}, replyTo: replied})
}

func (g *Group) write(u *User, m *message) int {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	if !slices.Contains(g.members, u) {
		panic(fmt.Sprintf("simulator: %s is not in group %s", u.key, g.key))
	}
	u.sent++
	return u.post(g.chat, m)
}

// Press taps a button of a message in the group.
func (g *Group) Press(u *User, messageID int, label string) (string, error) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	return g.s.press(u, g.chat, messageID, label)
}

// Messages is the present state of the group, oldest first.
func (g *Group) Messages() []Message {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	return g.chat.views()
}

// Kick removes the bot from the group.
func (g *Group) Kick(by *User) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	g.botOut = true
	g.s.membership(g.chat, by, "member", "kicked")
}

// reaches says whether the bot is told of a message, by its privacy mode.
func (g *Group) reaches(m *message) bool {
	if g.botOut {
		return false
	}
	if g.s.cfg.ReadAllGroupMessages || g.BotAdmin || m.replyTo != nil && m.replyTo.from == nil {
		return true
	}
	text := m.content.text.text
	if strings.Contains(text, "@") {
		return strings.Contains(strings.ToLower(text), "@"+strings.ToLower(g.s.cfg.Username))
	}
	return strings.HasPrefix(text, "/")
}

func (s *Server) getChat(c *call) (any, *refusal) {
	in, bad := s.lookup(c, "chat_id")
	if bad != nil {
		return nil, bad
	}
	if in.user != nil && !in.user.started {
		return nil, refuses("chat not found")
	}
	return struct {
		wireChat
		AccentColorID    int            `json:"accent_color_id"`
		MaxReactionCount int            `json:"max_reaction_count"`
		AcceptedGifts    map[string]any `json:"accepted_gift_types"`
	}{in.wire(), 0, 11, map[string]any{
		"unlimited_gifts": false, "limited_gifts": false, "unique_gifts": false, "premium_subscription": false,
		"gifts_from_channels": false,
	}}, nil
}

func (s *Server) getChatMember(c *call) (any, *refusal) {
	in, bad := s.target(c)
	if bad != nil {
		return nil, bad
	}
	id := c.num("user_id")
	member := s.chats[id]
	switch {
	case id == s.bot.ID && in.group != nil:
		return map[string]any{"status": "member", "user": s.bot}, nil
	case member == nil || member.user == nil:
		return nil, refuses("user not found")
	case in.user == member.user || in.group != nil && slices.Contains(in.group.members, member.user):
		return map[string]any{"status": "member", "user": member.user.wire()}, nil
	}
	return map[string]any{"status": "left", "user": member.user.wire()}, nil
}

func (s *Server) leaveChat(c *call) (any, *refusal) {
	in, bad := s.target(c)
	if bad != nil {
		return nil, bad
	}
	if in.group == nil {
		return nil, departs("chat member status can't be changed in private chats")
	}
	in.group.botOut = true
	s.happen(event{kind: "chat", chatID: in.id})
	return true, nil
}
