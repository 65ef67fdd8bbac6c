package simulator

import (
	"fmt"
	"slices"
)

// Person is how a User begins. Key names the person in tests and on the page;
// an ID of 0 is assigned.
type Person struct {
	Key       string `json:"key"`
	ID        int64  `json:"id"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Username  string `json:"username"`
	Language  string `json:"language"`
	Phone     string `json:"phone"`
}

// User is a person with a phone. Everything a person does is a method; what
// needs an open chat panics before Start and while the bot is blocked, because
// Telegram's own apps do not offer it then.
type User struct {
	s           *Server
	key         string
	person      Person
	chat        *chat
	place       Location
	started     bool
	blocked     bool
	deactivated bool

	taps, sent, received, rings int
}

// AddPerson makes a person who has not pressed START. The same key gives the
// same person again.
func (s *Server) AddPerson(p Person) *User {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u := s.people[p.Key]; u != nil {
		return u
	}
	for p.ID == 0 || s.chats[p.ID] != nil {
		p.ID = s.nextUser
		s.nextUser++
	}
	if p.Key == "" {
		p.Key = fmt.Sprint(p.ID)
	}
	if p.FirstName == "" {
		p.FirstName = p.Key
	}
	if p.Phone == "" {
		p.Phone = fmt.Sprintf("+99890%07d", p.ID%10000000)
	}
	u := &User{s: s, key: p.Key, person: p, place: Location{Longitude: 69.2401, Latitude: 41.2995}}
	u.chat = &chat{id: p.ID, user: u}
	s.people[p.Key], s.chats[p.ID] = u, u.chat
	s.order = append(s.order, u)
	s.happen(event{kind: "chat", chatID: p.ID})
	return u
}

// User finds a person by key, nil when there is none.
func (s *Server) User(key string) *User {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.people[key]
}

// Key names the person.
func (u *User) Key() string { return u.key }

// ID is the person's and the private chat's id.
func (u *User) ID() int64 { return u.person.ID }

// Person is how the person was added, with what was assigned.
func (u *User) Person() Person { return u.person }

func (u *User) wire() *wireUser {
	p := &u.person
	return &wireUser{ID: p.ID, FirstName: p.FirstName, LastName: p.LastName, Username: p.Username, Language: p.Language}
}

// open panics where the person can't write to the bot.
func (u *User) open() {
	if why := u.closed(); why != "" {
		panic("simulator: " + why)
	}
}

// closed says why the person can't write to the bot, or nothing.
func (u *User) closed() string {
	switch {
	case u.deactivated:
		return u.key + " has deleted the account"
	case !u.started:
		return u.key + " has not pressed START"
	case u.blocked:
		return u.key + " has blocked the bot"
	}
	return ""
}

// Start presses START, with the payload of a deep link or without, and gives
// the id of the /start message. It also unblocks.
func (u *User) Start(payload string) int {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.unblock()
	u.started = true
	u.taps++
	text := "/start"
	if payload != "" {
		text += " " + payload
	}
	return u.post(u.chat, &message{content: &content{kind: "text", text: incoming(text)}})
}

// Block blocks the bot.
func (u *User) Block() {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	if !u.started || u.blocked {
		return
	}
	u.blocked = true
	u.s.membership(u.chat, u, "member", "kicked")
}

// Unblock lets the bot write again.
func (u *User) Unblock() {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.unblock()
}

func (u *User) unblock() {
	if u.blocked {
		u.blocked = false
		u.s.membership(u.chat, u, "kicked", "member")
	}
}

// Deactivate deletes the person's account.
func (u *User) Deactivate() {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.deactivated = true
	u.s.happen(event{kind: "chat", chatID: u.chat.id})
}

// wireMembership is ChatMemberUpdated of the Bot API.
type wireMembership struct {
	Chat wireChat       `json:"chat"`
	From *wireUser      `json:"from"`
	Date int64          `json:"date"`
	Old  map[string]any `json:"old_chat_member"`
	New  map[string]any `json:"new_chat_member"`
}

// membership queues my_chat_member.
func (s *Server) membership(in *chat, by *User, old, now string) {
	member := func(status string) map[string]any {
		v := map[string]any{"user": s.bot, "status": status}
		if status == "kicked" {
			v["until_date"] = 0
		}
		return v
	}
	s.push("my_chat_member", in.id, wireMembership{
		Chat: in.wire(), From: by.wire(), Date: s.now().Unix(), Old: member(old), New: member(now),
	})
	s.story.add(happening{chat: in, who: by.key, what: now})
	s.happen(event{kind: "chat", chatID: in.id})
}

// post puts a message of the person into a chat and tells the bot.
func (u *User) post(in *chat, m *message) int {
	m.from = u
	u.s.add(in, m)
	in.forced = nil
	if in.group == nil || in.group.reaches(m) {
		u.s.push("message", in.id, u.s.wire(m))
	}
	return m.id
}

// Taps counts presses, keys and START.
func (u *User) Taps() int { return u.count(&u.taps) }

// Sent counts messages the person wrote or attached; what a tap sends is not
// among them.
func (u *User) Sent() int { return u.count(&u.sent) }

// Received counts messages of the bot, an album as its parts.
func (u *User) Received() int { return u.count(&u.received) }

// Rings counts notifications with sound, an album as one.
func (u *User) Rings() int { return u.count(&u.rings) }

func (u *User) count(n *int) int {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	return *n
}

// ResetCounters sets Taps, Sent, Received and Rings to 0.
func (u *User) ResetCounters() {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.taps, u.sent, u.received, u.rings = 0, 0, 0, 0
	u.s.happen(event{kind: "chat", chatID: u.chat.id})
}

// Messages is the present state of the private chat, oldest first; deleted
// messages stay, marked.
func (u *User) Messages() []Message {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	return u.chat.views()
}

func (c *chat) views() []Message {
	out := make([]Message, 0, len(c.messages))
	for _, m := range c.messages {
		out = append(out, m.view())
	}
	return out
}

// EditText changes the text or caption of a message of the person.
func (u *User) EditText(id int, text string) {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.editIn(u.chat, id, text)
}

func (u *User) editIn(in *chat, id int, text string) {
	u.open()
	m := in.find(id)
	if m == nil || m.from != u {
		panic(fmt.Sprintf("simulator: %s has no message %d to edit", u.key, id))
	}
	body := *m.content
	body.text = incoming(text)
	m.content, m.edited = &body, u.s.now()
	u.s.tell(m, "edit")
	if in.group == nil || in.group.reaches(m) {
		u.s.push("edited_message", in.id, u.s.wire(m))
	}
}

// Keyboard is the reply keyboard that the person sees, nil when there is none.
func (u *User) Keyboard() [][]Key {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	return slices.Clone(u.chat.shownKeys())
}

func (c *chat) shownKeys() [][]Key {
	if c.keyboard == nil || c.hidden {
		return nil
	}
	return c.keyboard.keys
}
