package simulator

import (
	"slices"
	"time"
)

// deletable is how long after sending a message can be deleted.
const deletable = 48 * time.Hour

// edited finds the message that a call changes.
func (s *Server) edited(c *call) (*message, *refusal) {
	if c.has("inline_message_id") {
		return nil, refuses("message to edit not found")
	}
	in, bad := s.target(c)
	if bad != nil {
		return nil, bad
	}
	m := in.find(c.msg())
	if m == nil {
		return nil, refuses("message to edit not found")
	}
	if m.from != nil || m.service || m.forward != nil || m.answered {
		return nil, refuses("message can't be edited")
	}
	c.madeID = m.id
	return m, nil
}

// change gives the message what the call says, unless that is what it has.
func (s *Server) change(c *call, m *message, body *content, with *markup) (any, *refusal) {
	if with != nil && with.raw == nil {
		with = nil
	}
	if m.content.same(body) && m.markup.same(with) {
		return nil, refuses("message is not modified: specified new message content and reply markup " +
			"are exactly the same as a current content and reply markup of the message")
	}
	if bad := s.limits.admit(m.chat, 1, s.now()); bad != nil {
		return nil, bad
	}
	m.content, m.markup, m.edited = body, with, s.now()
	s.tell(m, "edit")
	return s.wire(m), nil
}

func (c *content) same(other *content) bool {
	return c.kind == other.kind && c.file == other.file && c.text.text == other.text.text &&
		slices.Equal(c.text.entities, other.text.entities)
}

func (s *Server) editText(c *call) (any, *refusal) {
	if c.text == nil {
		return nil, &refusal{status: 501, description: "Not Implemented: the simulator does not do rich messages"}
	}
	m, bad := s.edited(c)
	if bad != nil {
		return nil, bad
	}
	if m.content.kind != "text" {
		return nil, refuses("there is no text in the message to edit")
	}
	return s.change(c, m, &content{kind: "text", text: *c.text}, c.markup)
}

func (s *Server) editCaption(c *call) (any, *refusal) {
	m, bad := s.edited(c)
	if bad != nil {
		return nil, bad
	}
	if m.content.file == nil || m.content.kind == "video_note" || m.content.kind == "sticker" {
		return nil, refuses("there is no caption in the message to edit")
	}
	body := *m.content
	body.text = *c.text
	return s.change(c, m, &body, c.markup)
}

func (s *Server) editMarkup(c *call) (any, *refusal) {
	m, bad := s.edited(c)
	if bad != nil {
		return nil, bad
	}
	return s.change(c, m, m.content, c.markup)
}

func (s *Server) editMedia(c *call) (any, *refusal) {
	m, bad := s.edited(c)
	if bad != nil {
		return nil, bad
	}
	if k := m.content.kind; k != "text" && m.content.file == nil || k == "voice" || k == "video_note" || k == "sticker" {
		return nil, refuses("message can't be edited")
	}
	item := c.media[0]
	f, bad := s.fileOf(item.kind, item)
	if bad != nil {
		return nil, bad
	}
	return s.change(c, m, &content{kind: item.kind, text: item.caption, file: f}, c.markup)
}

func (s *Server) deleteMessage(c *call) (any, *refusal) {
	in, bad := s.target(c)
	if bad != nil {
		return nil, bad
	}
	m := in.find(c.msg())
	if m == nil {
		return nil, refuses("message to delete not found")
	}
	if in.group != nil && m.from != nil && !in.group.BotAdmin {
		return nil, refuses("message can't be deleted")
	}
	if s.now().Sub(m.date) > deletable {
		return nil, refuses("message can't be deleted for everyone")
	}
	s.remove(m)
	c.madeID = m.id
	return true, nil
}

// deleteMessages passes over what can't be found or deleted.
func (s *Server) deleteMessages(c *call) (any, *refusal) {
	in, bad := s.target(c)
	if bad != nil {
		return nil, bad
	}
	for _, id := range messageIDs(c) {
		m := in.find(id)
		if m != nil && s.now().Sub(m.date) <= deletable && (in.group == nil || m.from == nil || in.group.BotAdmin) {
			s.remove(m)
		}
	}
	return true, nil
}

func (s *Server) remove(m *message) {
	m.deleted = true
	s.tell(m, "delete")
}

func (s *Server) setMessageReaction(c *call) (any, *refusal) {
	in, bad := s.target(c)
	if bad != nil {
		return nil, bad
	}
	m := in.find(c.msg())
	if m == nil {
		return nil, refuses("message to react not found")
	}
	m.reaction = ""
	for _, item := range c.list("reaction") {
		v := item.(map[string]any)
		m.reaction, _ = v["emoji"].(string)
		if id, ok := v["custom_emoji_id"].(string); ok {
			m.reaction = "custom:" + id
		}
	}
	c.madeID = m.id
	s.tell(m, "reaction")
	return true, nil
}

func (s *Server) pinChatMessage(c *call) (any, *refusal) {
	in, bad := s.target(c)
	if bad != nil {
		return nil, bad
	}
	if in.group != nil && !in.group.BotAdmin {
		return nil, refuses("not enough rights to manage pinned messages in the chat")
	}
	if in.find(c.msg()) == nil {
		return nil, refuses("message to pin not found")
	}
	in.pinned = c.msg()
	s.happen(event{kind: "chat", chatID: in.id})
	return true, nil
}
