package simulator

// sources finds the messages that a call copies or forwards.
func (s *Server) sources(c *call, ids []int, absent string) ([]*message, *refusal) {
	from, bad := s.lookup(c, "from_chat_id")
	if bad != nil {
		return nil, bad
	}
	var found []*message
	for _, id := range ids {
		if m := from.find(id); m != nil {
			found = append(found, m)
		}
	}
	if len(found) == 0 {
		return nil, refuses("%s", absent)
	}
	return found, nil
}

func (s *Server) copyMessage(c *call) (any, *refusal) {
	to, bad := s.target(c)
	if bad != nil {
		return nil, bad
	}
	found, bad := s.sources(c, []int{c.msg()}, "message to copy not found")
	if bad != nil {
		return nil, bad
	}
	if found[0].service {
		return nil, refuses("message can't be copied")
	}
	body := *found[0].content
	if c.has("caption") && body.kind != "text" {
		body.text = *c.text
	}
	m, bad := s.send(c, to, &body)
	if bad != nil {
		return nil, bad
	}
	s.ring(m)
	return wireMessageID{m.id}, nil
}

// copyMessages copies what it finds and keeps albums together.
func (s *Server) copyMessages(c *call) (any, *refusal) {
	to, bad := s.target(c)
	if bad != nil {
		return nil, bad
	}
	found, bad := s.sources(c, messageIDs(c), "there are no messages to copy")
	if bad != nil {
		return nil, bad
	}
	if bad := s.limits.admit(to, len(found), s.now()); bad != nil {
		return nil, bad
	}
	albums := map[string]string{"": ""}
	out := []wireMessageID{}
	for _, source := range found {
		if source.service {
			continue
		}
		body := *source.content
		if c.yes("remove_caption") && body.kind != "text" {
			body.text = formatted{}
		}
		if _, known := albums[source.album]; !known {
			albums[source.album] = s.number(13)
		}
		m := &message{
			content: &body, album: albums[source.album],
			silent: c.yes("disable_notification"), protected: c.yes("protect_content"),
		}
		s.add(to, m)
		s.deliver(m)
		if len(out) == 0 {
			c.madeID = m.id
			s.ring(m)
		}
		out = append(out, wireMessageID{m.id})
	}
	return out, nil
}

func messageIDs(c *call) []int {
	var ids []int
	for _, v := range c.list("message_ids") {
		ids = append(ids, int(v.(int64)))
	}
	return ids
}

func (s *Server) forwardMessage(c *call) (any, *refusal) {
	to, bad := s.target(c)
	if bad != nil {
		return nil, bad
	}
	found, bad := s.sources(c, []int{c.msg()}, "message to forward not found")
	if bad != nil {
		return nil, bad
	}
	source := found[0]
	if source.service || source.protected {
		return nil, refuses("message can't be forwarded")
	}
	if bad := s.limits.admit(to, 1, s.now()); bad != nil {
		return nil, bad
	}
	m := &message{
		content: source.content, forward: source,
		silent: c.yes("disable_notification"), protected: c.yes("protect_content"),
	}
	s.add(to, m)
	s.deliver(m)
	s.ring(m)
	c.madeID = m.id
	return s.wire(m), nil
}
