package bot

import (
	"encoding/json"
	"errors"
	"strings"
	"time"
	"unicode"

	"github.com/go-telegram/bot/models"

	"koprik/mahalla"
)

// Ear understands updates.
type Ear struct {
	Username string // of this bot, without @; while it is empty every name is taken for it
	Buttons  Signer
}

// errOdd says that an update is not built as the Bot API builds them.
var errOdd = errors.New("bot: the update cannot be read")

// update is the part of an update that the bot reads. The library's type is not
// used: it refuses a whole message for one unknown word in a part that nobody
// reads, such as a new kind of forward.
type update struct {
	Message  *message    `json:"message"`
	Edited   *message    `json:"edited_message"`
	Callback *callback   `json:"callback_query"`
	Member   *membership `json:"my_chat_member"`
}

type chatOf struct {
	ID   int64           `json:"id"`
	Type models.ChatType `json:"type"`
}

type userOf struct {
	ID        int64  `json:"id"`
	IsBot     bool   `json:"is_bot"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Language  string `json:"language_code"`
}

type message struct {
	ID       int64   `json:"message_id"`
	From     *userOf `json:"from"`
	Date     int64   `json:"date"`
	EditDate int64   `json:"edit_date"`
	Chat     chatOf  `json:"chat"`
	ReplyTo  *struct {
		ID      int64   `json:"message_id"`
		From    *userOf `json:"from"`
		Text    string  `json:"text"`
		Caption string  `json:"caption"`
	} `json:"reply_to_message"`
	MovedTo int64              `json:"migrate_to_chat_id"`
	Group   string             `json:"media_group_id"`
	Text    string             `json:"text"`
	Caption string             `json:"caption"`
	Photo   []models.PhotoSize `json:"photo"`
	Voice   *file              `json:"voice"`
	Video   *file              `json:"video"`
	Round   *file              `json:"video_note"`
	File    *file              `json:"document"`
	Pin     *point             `json:"location"`
	Venue   *struct {
		Title   string `json:"title"`
		Address string `json:"address"`
	} `json:"venue"`
	Contact *struct {
		Phone string `json:"phone_number"`
		User  int64  `json:"user_id"`
	} `json:"contact"`
}

type file struct {
	ID       string `json:"file_id"`
	Duration int    `json:"duration"`
	Type     string `json:"mime_type"`
	Size     int64  `json:"file_size"`
}

type point struct {
	Lat float64 `json:"latitude"`
	Lon float64 `json:"longitude"`
}

type callback struct {
	ID      string  `json:"id"`
	From    *userOf `json:"from"`
	Data    string  `json:"data"`
	Message *struct {
		ID   int64  `json:"message_id"`
		Chat chatOf `json:"chat"`
	} `json:"message"`
}

type membership struct {
	Chat chatOf  `json:"chat"`
	From *userOf `json:"from"`
	Date int64   `json:"date"`
	New  struct {
		Status models.ChatMemberType `json:"status"`
	} `json:"new_chat_member"`
}

// Hear makes an event of a raw update. Wanted is false for what is nobody's
// business here: what is said in groups and is no command, channels, service messages, kinds of updates that the
// bot does not take. A press that is not wanted still has its PressID, so that
// it can be answered.
func (e Ear) Hear(raw []byte) (event Event, wanted bool, err error) {
	var u update
	if err := json.Unmarshal(raw, &u); err != nil {
		return Event{}, false, errOdd
	}
	switch {
	case u.Message != nil:
		return e.message(u.Message, KindMessage, raw)
	case u.Edited != nil:
		return e.message(u.Edited, KindEdited, raw)
	case u.Callback != nil:
		return e.press(u.Callback)
	case u.Member != nil:
		return e.member(u.Member)
	}
	return Event{}, false, nil
}

func (e Ear) message(m *message, kind EventKind, raw []byte) (Event, bool, error) {
	if isGroup(m.Chat) {
		return e.group(m, kind)
	}
	if m.Chat.Type != models.ChatTypePrivate || m.From != nil && m.From.IsBot {
		return Event{}, false, nil
	}
	if m.From == nil || m.From.ID != m.Chat.ID || m.ID == 0 {
		return Event{}, false, errOdd
	}
	event := Event{
		Kind: kind, From: author(m.From), Chat: m.Chat.ID, Message: m.ID,
		Date: time.Unix(max(m.Date, m.EditDate), 0).UTC(), Text: m.Text, Media: m.media(),
	}
	if m.ReplyTo != nil {
		event.ReplyTo = m.ReplyTo.ID
	}
	if m.Venue != nil {
		event.Text = strings.TrimSpace(m.Venue.Title + "\n" + m.Venue.Address)
	} else if event.Text == "" {
		event.Text = m.Caption
	}
	if kind == KindMessage && m.Venue == nil && event.Text != "" && (m.Text != "" || event.Media != nil) {
		event.Command, event.Args = e.command(event.Text)
	}
	if m.Contact != nil {
		event.Contact = &SharedContact{Phone: m.Contact.Phone, Own: m.Contact.User == m.From.ID}
	}
	if m.Text != "" || event.Media != nil || event.Contact != nil && event.Contact.Own {
		return event, true, nil
	}
	event.Odd = odd(raw)
	return event, event.Odd != "", nil
}

func author(u *userOf) Author {
	return Author{ID: u.ID, Name: strings.TrimSpace(u.FirstName + " " + u.LastName), Language: u.Language}
}

// media is a photo in its largest size, a voice message, a video, round or not, a
// picture that was sent as a file, or a pin. A
// venue comes with a pin; of a live location it is where it began, because later
// moves are edits.
func (m *message) media() *mahalla.Media {
	found := mahalla.Media{Caption: m.Caption, Group: m.Group}
	switch {
	case len(m.Photo) > 0:
		found.Kind, found.File = mahalla.Photo, largest(m.Photo)
	case m.Voice != nil:
		found.Kind, found.File, found.Seconds = mahalla.Voice, m.Voice.ID, m.Voice.Duration
	case m.Video != nil:
		found.Kind, found.File, found.Seconds = mahalla.Video, m.Video.ID, m.Video.Duration
	case m.Round != nil:
		found.Kind, found.File, found.Seconds = mahalla.Round, m.Round.ID, m.Round.Duration
	case imageFile(m.File):
		found.Kind, found.File = mahalla.Image, m.File.ID
	}
	if m.Pin != nil {
		found = mahalla.Pin{Lat: m.Pin.Lat, Lon: m.Pin.Lon}.Media()
		if _, real := found.Pin(); !real {
			return nil
		}
	}
	if found.File == "" {
		return nil
	}
	return &found
}

func largest(sizes []models.PhotoSize) string {
	best := sizes[0]
	for _, s := range sizes[1:] {
		if int64(s.Width)*int64(s.Height) >= int64(best.Width)*int64(best.Height) {
			best = s
		}
	}
	return best.FileID
}

// command reads "/name args", "/name@bot args" and "/name4821-0937 args", in the letters of
// any script: Telegram marks only Latin ones as a command. A name that is meant for
// another bot is plain text. Telegram's own marks of commands are not used:
// their positions may lie.
func (e Ear) command(text string) (name, args string) {
	if text[0] != '/' {
		return "", ""
	}
	word := text[1:]
	if end := strings.IndexAny(word, " \t\r\n\u00a0"); end >= 0 {
		word, args = word[:end], strings.TrimSpace(word[end:])
	}
	word, whom, named := strings.Cut(word, "@")
	if named && e.Username != "" && !strings.EqualFold(whom, e.Username) {
		return "", ""
	}
	if end := strings.IndexFunc(word, notInCommand); end > 0 && !named { // no command has a number in it
		word, args = word[:end], strings.TrimSpace(strings.TrimLeftFunc(word[end:], unicode.IsPunct)+" "+args)
	}
	if word == "" || strings.ContainsFunc(word, notInCommand) && strings.Trim(word, "0123456789") != "" {
		return "", ""
	}
	return strings.ToLower(word), args
}

// notInCommand tells whether a character ends a command; the apostrophes of Uzbek are
// typed in many ways.
func notInCommand(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsMark(r) && !strings.ContainsRune("_'`´‘’ʻʼ", r)
}

func (e Ear) press(c *callback) (Event, bool, error) {
	if c.From == nil || c.From.ID == 0 || c.ID == "" {
		return Event{}, false, errOdd
	}
	event := Event{Kind: KindPress, From: author(c.From), Chat: c.From.ID, PressID: c.ID}
	if c.From.IsBot || c.Message == nil || c.Message.Chat.ID != c.From.ID {
		return event, false, nil
	}
	event.Message = c.Message.ID
	press, own := e.Buttons.Parse(event.Chat, event.From.ID, c.Data)
	event.Press, event.Forged = press, !own
	return event, true, nil
}

func (e Ear) member(m *membership) (Event, bool, error) {
	if m.Chat.Type != models.ChatTypePrivate {
		return e.out(m)
	}
	if m.From == nil || m.From.ID != m.Chat.ID {
		return Event{}, false, errOdd
	}
	event := Event{Kind: KindBack, From: author(m.From), Chat: m.Chat.ID, Date: time.Unix(m.Date, 0).UTC()}
	if m.New.Status == models.ChatMemberTypeBanned || m.New.Status == models.ChatMemberTypeLeft {
		event.Kind = KindBlocked
	}
	return event, true, nil
}

// kinds are what a message may be that the bot does not take, the more special
// before what Telegram sends along with it.
var kinds = []string{
	"animation", "venue", "location", "video_note", "document", "audio", "sticker", "poll", "story", "game",
	"dice", "contact", "photo", "voice", "video", "checklist", "paid_media", "giveaway", "invoice", "live_photo", "rich_message",
}

// services are what Telegram itself tells in a chat. A person who did nothing
// is not answered.
var services = []string{
	"pinned_message", "migrate_to_chat_id", "migrate_from_chat_id", "new_chat_members", "left_chat_member", "new_chat_title",
	"new_chat_photo", "delete_chat_photo", "group_chat_created", "supergroup_chat_created", "channel_chat_created",
	"message_auto_delete_timer_changed", "connected_website", "write_access_allowed", "users_shared", "chat_shared",
	"successful_payment", "refunded_payment", "passport_data", "proximity_alert_triggered", "boost_added",
	"chat_background_set", "gift", "unique_gift", "gift_upgrade_sent", "giveaway_created", "giveaway_winners",
	"giveaway_completed", "video_chat_scheduled", "video_chat_started", "video_chat_ended",
	"video_chat_participants_invited", "web_app_data", "checklist_tasks_done", "checklist_tasks_added",
	"paid_message_price_changed", "direct_message_price_changed", "suggested_post_approved",
	"suggested_post_approval_failed", "suggested_post_declined", "suggested_post_paid", "suggested_post_refunded",
	"forum_topic_created", "forum_topic_edited", "forum_topic_closed", "forum_topic_reopened", "chat_owner_left",
	"chat_owner_changed",
}

// odd names the kind of a message that the bot does not take; empty for a
// service message. What nobody knows yet is "other": a person has sent it, and
// should hear that it did not arrive.
func odd(raw []byte) string {
	var u struct {
		Message map[string]json.RawMessage `json:"message"`
		Edited  map[string]json.RawMessage `json:"edited_message"`
	}
	_ = json.Unmarshal(raw, &u) // it was read before
	parts := u.Message
	if parts == nil {
		parts = u.Edited
	}
	for _, kind := range kinds {
		if _, ok := parts[kind]; ok {
			return kind
		}
	}
	for _, service := range services {
		if _, ok := parts[service]; ok {
			return ""
		}
	}
	return "other"
}
