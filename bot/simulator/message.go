package simulator

import (
	"slices"
	"time"
)

// message is one message of a chat. content and markup are replaced, never
// changed, so that what was handed out stays true.
type message struct {
	id        int
	chat      *chat
	from      *User // nil when the bot wrote it
	date      time.Time
	edited    time.Time
	deleted   bool
	content   *content
	markup    *markup // inline keyboard
	answered  bool    // came with a reply keyboard, its removal or ForceReply
	replyTo   *message
	album     string
	silent    bool
	protected bool
	reaction  string // of the bot
	forward   *message
	service   bool
}

// content is what a message says.
type content struct {
	kind     string // "text", "photo", "video", "voice", ...
	text     formatted
	file     *storedFile
	location *Location
	venue    *venue
	contact  *contact
	poll     *poll
}

// Location is a place on the map.
type Location struct {
	Longitude  float64 `json:"longitude"`
	Latitude   float64 `json:"latitude"`
	LivePeriod int     `json:"live_period,omitempty"` // seconds; of one that may move
}

type venue struct {
	Location Location `json:"location"`
	Title    string   `json:"title"`
	Address  string   `json:"address"`
}

type contact struct {
	PhoneNumber string `json:"phone_number"`
	FirstName   string `json:"first_name"`
	LastName    string `json:"last_name,omitempty"`
	UserID      int64  `json:"user_id,omitempty"`
}

type pollOption struct {
	PersistentID string `json:"persistent_id"`
	Text         string `json:"text"`
	VoterCount   int    `json:"voter_count"`
}

type poll struct {
	ID                    string       `json:"id"`
	Question              string       `json:"question"`
	Options               []pollOption `json:"options"`
	TotalVoterCount       int          `json:"total_voter_count"`
	IsClosed              bool         `json:"is_closed"`
	IsAnonymous           bool         `json:"is_anonymous"`
	Type                  string       `json:"type"`
	AllowsMultipleAnswers bool         `json:"allows_multiple_answers"`
}

// Message is the present state of one message as a person sees it.
type Message struct {
	ID        int        `json:"id"`
	ChatID    int64      `json:"chat_id"`
	FromBot   bool       `json:"from_bot"`
	From      string     `json:"from"` // key of the person, "bot" for the bot
	Kind      string     `json:"kind"` // "text", "photo", "video", "voice", "video_note", "document", "audio", "animation", "sticker", "location", "venue", "contact", "poll"
	Text      string     `json:"text"` // or caption, without formatting
	Entities  []Entity   `json:"entities,omitempty"`
	Buttons   [][]Button `json:"buttons,omitempty"`
	AlbumID   string     `json:"album_id,omitempty"`
	Edited    bool       `json:"edited,omitempty"`
	Deleted   bool       `json:"deleted,omitempty"`
	Silent    bool       `json:"silent,omitempty"`
	Protected bool       `json:"protected,omitempty"`
	ReplyTo   int        `json:"reply_to,omitempty"`
	Date      time.Time  `json:"date"`
	Reaction  string     `json:"reaction,omitempty"` // of the bot

	FileID       string    `json:"file_id,omitempty"`
	FileUniqueID string    `json:"file_unique_id,omitempty"`
	FileName     string    `json:"file_name,omitempty"`
	Duration     int       `json:"duration,omitempty"` // seconds
	Location     *Location `json:"location,omitempty"`
	Phone        string    `json:"phone,omitempty"`
	Forwarded    bool      `json:"forwarded,omitempty"`
}

// view is the message as Message; the lock is held.
func (m *message) view() Message {
	v := Message{
		ID: m.id, ChatID: m.chat.id, FromBot: m.from == nil, From: m.author(), Kind: m.content.kind,
		Text: m.content.text.text, Entities: slices.Clone(m.content.text.entities), AlbumID: m.album,
		Edited: !m.edited.IsZero(), Deleted: m.deleted, Silent: m.silent, Protected: m.protected,
		Date: m.date, Reaction: m.reaction, Buttons: m.markup.buttons(), Forwarded: m.forward != nil,
	}
	if m.replyTo != nil {
		v.ReplyTo = m.replyTo.id
	}
	if f := m.content.file; f != nil {
		v.FileID, v.FileUniqueID, v.FileName, v.Duration = f.id, f.unique, f.name, f.duration
	}
	v.Location = m.content.location
	if m.content.venue != nil {
		v.Location = &m.content.venue.Location
	}
	if m.content.contact != nil {
		v.Phone = m.content.contact.PhoneNumber
	}
	return v
}

func (m *message) author() string {
	if m.from == nil {
		return "bot"
	}
	return m.from.key
}
