package simulator

import "encoding/json"

// wireUser is User of the Bot API.
type wireUser struct {
	ID        int64  `json:"id"`
	IsBot     bool   `json:"is_bot"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name,omitempty"`
	Username  string `json:"username,omitempty"`
	Language  string `json:"language_code,omitempty"`
}

// wireChat is Chat of the Bot API.
type wireChat struct {
	ID        int64  `json:"id"`
	Type      string `json:"type"`
	Title     string `json:"title,omitempty"`
	Username  string `json:"username,omitempty"`
	FirstName string `json:"first_name,omitempty"`
	LastName  string `json:"last_name,omitempty"`
}

// wireEntity is MessageEntity of the Bot API.
type wireEntity struct {
	Entity
	User *wireUser `json:"user,omitempty"`
}

// wireFile is any of PhotoSize, Video, Voice, Document and their kin.
type wireFile struct {
	FileID       string `json:"file_id"`
	FileUniqueID string `json:"file_unique_id"`
	FileSize     int    `json:"file_size,omitempty"`
	Width        int    `json:"width,omitempty"`
	Height       int    `json:"height,omitempty"`
	Length       int    `json:"length,omitempty"`
	Duration     int    `json:"duration,omitempty"`
	FileName     string `json:"file_name,omitempty"`
	MimeType     string `json:"mime_type,omitempty"`
	FilePath     string `json:"file_path,omitempty"`
}

type wireSticker struct {
	wireFile
	Type       string `json:"type"`
	IsAnimated bool   `json:"is_animated"`
	IsVideo    bool   `json:"is_video"`
	Emoji      string `json:"emoji"`
}

type wireOrigin struct {
	Type       string    `json:"type"`
	Date       int64     `json:"date"`
	SenderUser *wireUser `json:"sender_user"`
}

// wireMessage is Message of the Bot API, as far as the simulator goes.
type wireMessage struct {
	MessageID       int             `json:"message_id"`
	From            *wireUser       `json:"from,omitempty"`
	Chat            wireChat        `json:"chat"`
	Date            int64           `json:"date"`
	EditDate        int64           `json:"edit_date,omitempty"`
	ForwardOrigin   *wireOrigin     `json:"forward_origin,omitempty"`
	ReplyTo         *wireMessage    `json:"reply_to_message,omitempty"`
	MediaGroupID    string          `json:"media_group_id,omitempty"`
	Protected       bool            `json:"has_protected_content,omitempty"`
	Text            string          `json:"text,omitempty"`
	Entities        []wireEntity    `json:"entities,omitempty"`
	Caption         string          `json:"caption,omitempty"`
	CaptionEntities []wireEntity    `json:"caption_entities,omitempty"`
	Photo           []wireFile      `json:"photo,omitempty"`
	Video           *wireFile       `json:"video,omitempty"`
	VideoNote       *wireFile       `json:"video_note,omitempty"`
	Voice           *wireFile       `json:"voice,omitempty"`
	Audio           *wireFile       `json:"audio,omitempty"`
	Document        *wireFile       `json:"document,omitempty"`
	Animation       *wireFile       `json:"animation,omitempty"`
	Sticker         *wireSticker    `json:"sticker,omitempty"`
	Location        *Location       `json:"location,omitempty"`
	Venue           *venue          `json:"venue,omitempty"`
	Contact         *contact        `json:"contact,omitempty"`
	Poll            *poll           `json:"poll,omitempty"`
	ReplyMarkup     json.RawMessage `json:"reply_markup,omitempty"`
}

type wireMessageID struct {
	MessageID int `json:"message_id"`
}

// wire is the message as results and updates show it; the lock is held, the
// result may be read without it.
func (s *Server) wire(m *message) *wireMessage {
	w := s.wireAlone(m)
	if m.replyTo != nil {
		w.ReplyTo = s.wireAlone(m.replyTo)
	}
	return w
}

// wireAlone leaves out what the message replies to.
func (s *Server) wireAlone(m *message) *wireMessage {
	w := &wireMessage{
		MessageID: m.id, From: &s.bot, Chat: m.chat.wire(), Date: m.date.Unix(),
		MediaGroupID: m.album, Protected: m.protected,
	}
	if m.from != nil {
		w.From = m.from.wire()
	}
	if !m.edited.IsZero() {
		w.EditDate = m.edited.Unix()
	}
	if m.forward != nil {
		w.ForwardOrigin = &wireOrigin{Type: "user", Date: m.forward.date.Unix(), SenderUser: &s.bot}
		if m.forward.from != nil {
			w.ForwardOrigin.SenderUser = m.forward.from.wire()
		}
	}
	if m.markup != nil {
		w.ReplyMarkup = m.markup.raw
	}
	s.wireContent(w, m.content)
	return w
}

func (s *Server) wireContent(w *wireMessage, c *content) {
	if c.kind == "text" {
		w.Text, w.Entities = c.text.text, s.wireEntities(c.text.entities)
		return
	}
	w.Caption, w.CaptionEntities = c.text.text, s.wireEntities(c.text.entities)
	w.Location, w.Venue, w.Contact, w.Poll = c.location, c.venue, c.contact, c.poll
	if c.venue != nil {
		w.Location = &c.venue.Location
	}
	if c.file == nil {
		return
	}
	f := c.file.wire()
	switch c.kind {
	case "photo":
		for _, size := range c.file.sizes {
			w.Photo = append(w.Photo, size.wire())
		}
	case "video":
		w.Video = &f
	case "video_note":
		f.Length, f.Width, f.Height = f.Width, 0, 0
		w.VideoNote = &f
	case "voice":
		w.Voice = &f
	case "audio":
		w.Audio = &f
	case "document":
		w.Document = &f
	case "animation":
		w.Animation, w.Document = &f, &f
	case "sticker":
		w.Sticker = &wireSticker{wireFile: f, Type: "regular", Emoji: "👍"}
	}
}

func (s *Server) wireEntities(entities []Entity) []wireEntity {
	if len(entities) == 0 {
		return nil
	}
	out := make([]wireEntity, len(entities))
	for i, e := range entities {
		out[i].Entity = e
		if e.UserID != 0 {
			out[i].User = &wireUser{ID: e.UserID}
			if c := s.chats[e.UserID]; c != nil && c.user != nil {
				out[i].User = c.user.wire()
			}
		}
	}
	return out
}
