package simulator

import (
	"errors"
	"fmt"
	"strings"
)

// compose sends what the person wrote or attached, and counts it.
func (u *User) compose(m *message) int {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.open()
	u.sent++
	return u.post(u.chat, m)
}

// attach is compose for a message with a file.
func (u *User) attach(kind, name, caption string, seconds int) int {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.open()
	u.sent++
	f := u.s.store(kind, name, seconds, nil)
	return u.post(u.chat, &message{content: &content{kind: kind, text: incoming(caption), file: f}})
}

// Text writes a message and gives its id. Where the bot has forced a reply,
// the message replies to that, as the apps do.
func (u *User) Text(text string) int {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.open()
	u.sent++
	return u.post(u.chat, &message{content: &content{kind: "text", text: incoming(text)}, replyTo: u.chat.forced})
}

// Reply writes a message in reply to another.
func (u *User) Reply(to int, text string) int {
	return u.reply(to, func() *content { return &content{kind: "text", text: incoming(text)} })
}

// ReplyPhoto sends a photo in reply to another message.
func (u *User) ReplyPhoto(to int, caption string) int {
	return u.reply(to, func() *content {
		return &content{kind: "photo", text: incoming(caption), file: u.s.store("photo", "", 0, nil)}
	})
}

func (u *User) reply(to int, what func() *content) int {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.open()
	u.sent++
	replied := u.chat.find(to)
	if replied == nil {
		panic(fmt.Sprintf("simulator: %s sees no message %d to reply to", u.key, to))
	}
	return u.post(u.chat, &message{content: what(), replyTo: replied})
}

// Photo sends a photo.
func (u *User) Photo(caption string) int { return u.attach("photo", "", caption, 0) }

// Album sends n photos at once; the caption is on the first.
func (u *User) Album(n int, caption string) []int {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.open()
	album := u.s.number(13)
	var ids []int
	for i := range n {
		text := caption
		if i > 0 {
			text = ""
		}
		u.sent++
		f := u.s.store("photo", "", 0, nil)
		body := &content{kind: "photo", text: incoming(text), file: f}
		ids = append(ids, u.post(u.chat, &message{content: body, album: album}))
	}
	return ids
}

// AlbumPhoto sends one more photo of the album that a message belongs to, as a
// slow connection does.
func (u *User) AlbumPhoto(of int, caption string) int {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.open()
	first := u.chat.find(of)
	if first == nil || first.album == "" {
		panic(fmt.Sprintf("simulator: %s sees no album at message %d", u.key, of))
	}
	u.sent++
	f := u.s.store("photo", "", 0, nil)
	return u.post(u.chat, &message{content: &content{kind: "photo", text: incoming(caption), file: f}, album: first.album})
}

// Voice sends a voice message.
func (u *User) Voice(seconds int) int { return u.attach("voice", "", "", seconds) }

// Video sends a video.
func (u *User) Video(caption string, seconds int) int {
	return u.attach("video", "video.mp4", caption, seconds)
}

// VideoNote sends a round video message.
func (u *User) VideoNote(seconds int) int { return u.attach("video_note", "", "", seconds) }

// Document sends a file.
func (u *User) Document(name, caption string) int { return u.attach("document", name, caption, 0) }

// Sticker sends a sticker.
func (u *User) Sticker() int { return u.attach("sticker", "", "", 0) }

// Contact sends the person's own number from the attachment menu.
func (u *User) Contact() int {
	return u.compose(&message{content: &content{kind: "contact", contact: u.ownContact()}})
}

func (u *User) ownContact() *contact {
	p := u.person
	return &contact{PhoneNumber: p.Phone, FirstName: p.FirstName, LastName: p.LastName, UserID: p.ID}
}

// OtherContact sends somebody else's number.
func (u *User) OtherContact(phone, name string) int {
	return u.compose(&message{content: &content{kind: "contact", contact: &contact{PhoneNumber: phone, FirstName: name}}})
}

// Poll sends a poll.
func (u *User) Poll() int {
	p := &poll{
		ID: "5000000000000000001", Question: "?", IsAnonymous: true, Type: "regular",
		Options: []pollOption{{PersistentID: "1", Text: "1"}, {PersistentID: "2", Text: "2"}},
	}
	return u.compose(&message{content: &content{kind: "poll", poll: p}})
}

// At puts the person at a place, which a location key sends.
func (u *User) At(lat, lon float64) {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.place = Location{Longitude: lon, Latitude: lat}
}

// PressKey taps the key of the reply keyboard whose text is, or contains,
// label. A tap is counted, not a message.
func (u *User) PressKey(label string) error {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	if why := u.closed(); why != "" {
		return errors.New(why)
	}
	keys, labels := []Key{}, []string{}
	for _, row := range u.chat.shownKeys() {
		for _, key := range row {
			keys, labels = append(keys, key), append(labels, key.Text)
		}
	}
	i, ok := pick(labels, label)
	if !ok {
		return fmt.Errorf("%s sees no key %q, only [%s]", u.key, label, strings.Join(labels, "] ["))
	}
	u.taps++
	if u.chat.keyboard.oneTime {
		u.chat.hidden = true
	}
	u.post(u.chat, &message{content: u.keyContent(keys[i])})
	return nil
}

func (u *User) keyContent(key Key) *content {
	switch {
	case key.Contact:
		return &content{kind: "contact", contact: u.ownContact()}
	case key.Location:
		place := u.place
		return &content{kind: "location", location: &place}
	}
	return &content{kind: "text", text: incoming(key.Text)}
}

// File sends a file with contents of its own.
func (u *User) File(name, mime, caption string, data []byte) int {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	u.open()
	u.sent++
	f := u.s.store("document", name, 0, data)
	f.mime = mime
	return u.post(u.chat, &message{content: &content{kind: "document", text: incoming(caption), file: f}})
}
