package simulator

// sendContent does sendMessage, sendPhoto and the others that send one message.
func (s *Server) sendContent(c *call) (any, *refusal) {
	to, bad := s.target(c)
	if bad != nil {
		return nil, bad
	}
	body, bad := s.contentOf(c)
	if bad != nil {
		return nil, bad
	}
	m, bad := s.send(c, to, body)
	if bad != nil {
		return nil, bad
	}
	s.ring(m)
	return s.wire(m), nil
}

// contentOf is what the call wants to say.
func (s *Server) contentOf(c *call) (*content, *refusal) {
	body := &content{kind: sends[c.name]}
	if c.text != nil {
		body.text = *c.text
	}
	if len(c.media) == 1 {
		f, bad := s.fileOf(body.kind, c.media[0])
		body.file = f
		return body, bad
	}
	place := Location{Longitude: c.float("longitude"), Latitude: c.float("latitude")}
	switch c.name {
	case "sendLocation":
		body.location = &place
	case "sendVenue":
		body.venue = &venue{Location: place, Title: c.str("title"), Address: c.str("address")}
	case "sendContact":
		body.contact = &contact{PhoneNumber: c.str("phone_number"), FirstName: c.str("first_name"), LastName: c.str("last_name")}
	}
	return body, nil
}

// send puts one message of the bot into a chat, within the limits.
func (s *Server) send(c *call, to *chat, body *content) (*message, *refusal) {
	reply, bad := to.replied(c)
	if bad != nil {
		return nil, bad
	}
	if bad := s.limits.admit(to, 1, s.now()); bad != nil {
		return nil, bad
	}
	m := &message{
		content: body, replyTo: reply, silent: c.yes("disable_notification"), protected: c.yes("protect_content"),
	}
	m.dress(c.markup)
	s.add(to, m)
	to.show(m, c.markup)
	s.deliver(m)
	c.madeID = m.id
	return m, nil
}

// replied finds the message that the call replies to.
func (c *chat) replied(call *call) (*message, *refusal) {
	if call.replyTo == 0 {
		return nil, nil
	}
	v := call.object("reply_parameters")
	if other, ok := v["chat_id"].(int64); ok && other != c.id {
		return nil, nil
	}
	if m := c.find(call.replyTo); m != nil {
		return m, nil
	}
	if v["allow_sending_without_reply"] == true {
		return nil, nil
	}
	return nil, refuses("message to be replied not found")
}

// dress gives the message its inline keyboard.
func (m *message) dress(with *markup) {
	m.markup = nil
	switch {
	case with == nil:
	case with.raw != nil:
		m.markup = with
	case with.inline == nil:
		m.answered = true
	}
}

// show changes what the person sees in place of the keyboard.
func (c *chat) show(m *message, with *markup) {
	switch {
	case with == nil || with.inline != nil:
		return
	case with.keys != nil:
		c.keyboard, c.hidden, c.forced = with, false, nil
	case with.remove:
		c.keyboard, c.forced = nil, nil
	case with.forceReply:
		c.forced = m
	}
}

func (s *Server) sendMediaGroup(c *call) (any, *refusal) {
	to, bad := s.target(c)
	if bad != nil {
		return nil, bad
	}
	reply, bad := to.replied(c)
	if bad != nil {
		return nil, bad
	}
	var bodies []*content
	for _, item := range c.media {
		f, bad := s.fileOf(item.kind, item)
		if bad != nil {
			return nil, bad
		}
		bodies = append(bodies, &content{kind: item.kind, text: item.caption, file: f})
	}
	if bad := s.limits.admit(to, len(bodies), s.now()); bad != nil {
		return nil, bad
	}
	album := s.number(13)
	var out []*wireMessage
	for i, body := range bodies {
		m := &message{
			content: body, replyTo: reply, album: album,
			silent: c.yes("disable_notification"), protected: c.yes("protect_content"),
		}
		s.add(to, m)
		s.deliver(m)
		if i == 0 {
			c.madeID = m.id
			s.ring(m)
		}
		out = append(out, s.wire(m))
	}
	return out, nil
}

func (s *Server) sendChatAction(c *call) (any, *refusal) {
	to, bad := s.target(c)
	if bad != nil {
		return nil, bad
	}
	to.acting = c.str("action")
	s.happen(event{kind: "chat", chatID: to.id})
	return true, nil
}

// deliver counts a message for those who see it.
func (s *Server) deliver(m *message) {
	for _, u := range m.chat.readers() {
		u.received++
	}
}

// ring counts a notification with sound for those who hear it.
func (s *Server) ring(m *message) {
	if m.silent {
		return
	}
	for _, u := range m.chat.readers() {
		u.rings++
	}
}

func (c *chat) readers() []*User {
	if c.group != nil {
		return c.group.members
	}
	return []*User{c.user}
}
