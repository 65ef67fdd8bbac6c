package bot

import (
	"crypto/sha256"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-telegram/bot/models"

	"koprik/mahalla"
)

// Telegram's limits for one message, in UTF-16 units where they are of text.
const (
	mostText    = 4096
	mostCaption = 1024
	mostButtons = 100
	mostInRow   = 8
	mostAlbum   = 10
	mostToast   = 200
)

// drawing is a screen as Telegram takes it.
type drawing struct {
	text    string
	rows    *models.InlineKeyboardMarkup // nil without buttons
	keys    *models.ReplyKeyboardMarkup  // nil without keys
	media   []mahalla.Media
	paint   func() ([]byte, error) // nil without a picture
	picture []byte                 // once it is painted
	file    *mahalla.Document      // nil without one
	made    []byte                 // the file, once it is made
	instead string                 // the text where it cannot be made
	silent  bool
	protect bool
	reply   *models.ReplyParameters
	unkey   bool              // takes the keys of an earlier message away
	menu    []mahalla.Command // sets the chat's commands and shows nothing
	stay    bool              // a card changes where it stands though it rings
	result  int64             // the report that it shows as a result; 0 is none
	upto    int               // of an album, how many parts are dealt with then
	still   bool              // a card that is gone from the chat does not come back
	alone   bool              // the older message of a card goes when it comes anew
	former  string            // what the older message of a card says when it comes anew; empty leaves its words
	wipe    []int64           // messages that are taken away
}

// draw turns a screen into what Telegram takes, or says what is wrong with it:
// a Failure that no repetition mends.
func draw(s mahalla.Screen, chat int64, sign Signer) (drawing, error) {
	d := drawing{text: s.Text, media: s.Media, silent: s.Silent, protect: s.Protect, unkey: s.Unkey, stay: s.Stay, result: s.Result, upto: s.Upto, still: s.Still, alone: s.Alone, former: cutHTML(s.Former, mostText), wipe: s.Wipe}
	if len(s.Menu) > 0 {
		d.menu = s.Menu
		return d, nil
	}
	if len(s.Wipe) > 0 {
		return d, checkText(d.text)
	}
	rows, buttons, err := drawRows(s.Rows, chat, sign)
	if err != nil {
		return d, err
	}
	d.rows, d.keys = rows, drawKeys(s.Keys)
	if s.ReplyTo != 0 {
		d.reply = &models.ReplyParameters{MessageID: int(s.ReplyTo), AllowSendingWithoutReply: true}
	}
	switch {
	case buttons > mostButtons, d.rows != nil && d.keys != nil:
		return d, undrawable(BadButton)
	case s.File != nil:
		return d, d.filed(s)
	case s.Picture != nil:
		return d, d.pictured(s)
	case len(d.media) > 0:
		d.media = trimmed(d.media)
		return d, checkMedia(d)
	}
	d.text = cutHTML(d.text, mostText)
	return d, checkText(d.text)
}

// trimmed are the same media with captions that Telegram takes.
func trimmed(list []mahalla.Media) []mahalla.Media {
	list = slices.Clone(list)
	for i := range list {
		if units(list[i].Caption) > mostCaption {
			list[i].Caption = cut(list[i].Caption, mostCaption-1) + "…"
		}
	}
	return list
}

func undrawable(cause Cause) *Failure {
	return &Failure{Method: "draw", Kind: Refused, Cause: cause}
}

// drawRows never makes an empty row: Telegram refuses it.
func drawRows(rows [][]mahalla.Button, chat int64, sign Signer) (*models.InlineKeyboardMarkup, int, error) {
	var drawn [][]models.InlineKeyboardButton
	count := 0
	for _, row := range rows {
		if len(row) == 0 {
			continue
		}
		if len(row) > mostInRow {
			return nil, 0, undrawable(BadButton)
		}
		line := make([]models.InlineKeyboardButton, 0, len(row))
		for _, b := range row {
			button, err := drawButton(b, chat, sign)
			if err != nil {
				return nil, 0, err
			}
			line = append(line, button)
		}
		drawn = append(drawn, line)
		count += len(line)
	}
	if count == 0 {
		return nil, 0, nil
	}
	return &models.InlineKeyboardMarkup{InlineKeyboard: drawn}, count, nil
}

// drawButton signs for the person of the private chat, whose id is the chat's.
func drawButton(b mahalla.Button, chat int64, sign Signer) (models.InlineKeyboardButton, error) {
	button := models.InlineKeyboardButton{Text: b.Label, Style: string(b.Style), URL: b.URL}
	if strings.TrimSpace(b.Label) == "" {
		return button, undrawable(BadButton)
	}
	if b.URL != "" {
		return button, nil
	}
	data, err := sign.Make(chat, chat, b.Press)
	if err != nil {
		return button, undrawable(BadButton)
	}
	button.CallbackData = data
	return button, nil
}

func drawKeys(keys []mahalla.Key) *models.ReplyKeyboardMarkup {
	if len(keys) == 0 {
		return nil
	}
	rows := make([][]models.KeyboardButton, 0, len(keys))
	for _, k := range keys {
		rows = append(rows, []models.KeyboardButton{{
			Text: k.Label, RequestContact: k.Kind == mahalla.KeyContact, RequestLocation: k.Kind == mahalla.KeyLocation,
		}})
	}
	return &models.ReplyKeyboardMarkup{Keyboard: rows, ResizeKeyboard: true, OneTimeKeyboard: true}
}

// markup is the one keyboard of a fresh message; nil without one.
func (d drawing) markup() models.ReplyMarkup {
	switch {
	case d.rows != nil:
		return d.rows
	case d.keys != nil:
		return d.keys
	case d.unkey:
		return &models.ReplyKeyboardRemove{RemoveKeyboard: true}
	}
	return nil
}

// hash tells whether a card looks as it did; that of one without buttons is
// shorter.
func (d drawing) hash() []byte {
	h := sha256.New()
	h.Write([]byte(d.text))
	h.Write([]byte{0})
	if d.rows == nil {
		return h.Sum(nil)[:bareHash]
	}
	_ = json.NewEncoder(h).Encode(d.rows) // plain structures into a hash
	return h.Sum(nil)
}

// bareHash is how long the hash of a card without buttons is.
const bareHash = sha256.Size - 1

func checkText(text string) error {
	if shown(text) == 0 {
		return undrawable(Empty)
	}
	return nil
}

// checkMedia refuses what Telegram does not take in one go; mahalla.GroupMedia
// splits it so that it does.
func checkMedia(d drawing) error {
	if len(d.media) > mostAlbum || len(d.media) > 1 && d.markup() != nil {
		return undrawable(BadMedia)
	}
	for _, m := range d.media {
		_, pin := m.Pin()
		alone := m.Kind == mahalla.Voice || m.Kind == mahalla.Round || m.Kind == mahalla.Image || pin
		known := m.Kind == mahalla.Photo || m.Kind == mahalla.Video || alone && len(d.media) == 1
		if !known || m.File == "" {
			return undrawable(BadMedia)
		}
	}
	return nil
}

// units counts UTF-16 units.
func units(s string) int {
	n := 0
	for _, r := range s {
		n += unitsOf(r)
	}
	return n
}

func unitsOf(r rune) int {
	if r > 0xFFFF {
		return 2
	}
	return 1
}

// shown counts the UTF-16 units that are left of an HTML text when its tags are
// taken out and its entities are read, as Telegram counts; 0 when nothing but
// spaces is left.
func shown(html string) int {
	n, visible := 0, false
	for i := 0; i < len(html); {
		r, size, tag := glyph(html[i:])
		if i += size; !tag {
			visible = visible || r > ' '
			n += unitsOf(r)
		}
	}
	if !visible {
		return 0
	}
	return n
}

// glyph reads what an HTML text begins with: a tag, or one character of the
// text, and how many bytes it has.
func glyph(html string) (r rune, size int, tag bool) {
	switch html[0] {
	case '<':
		if end := strings.IndexByte(html, '>'); end > 0 {
			return 0, end + 1, true
		}
	case '&':
		if char, length := entity(html); length > 0 {
			return char, length, false
		}
	}
	r, size = utf8.DecodeRuneInString(html)
	return r, size, false
}

// cutHTML shortens an HTML text to so many UTF-16 units, and closes what is open
// there. Screens are made to fit; this is so that no message is lost if one does
// not.
func cutHTML(html string, most int) string {
	if len(html) <= most || shown(html) <= most {
		return html
	}
	var open []string
	for i, n := 0, 0; i < len(html); {
		r, size, tag := glyph(html[i:])
		switch {
		case !tag:
			if n += unitsOf(r); n > most-1 {
				slices.Reverse(open)
				return html[:i] + "…" + strings.Join(open, "")
			}
		case strings.HasPrefix(html[i:], "</"):
			open = open[:max(0, len(open)-1)]
		default:
			name, _, _ := strings.Cut(strings.Trim(html[i:i+size], "<>"), " ")
			open = append(open, "</"+name+">")
		}
		i += size
	}
	return html
}

// entity reads what "&...;" stands for, and how long it is; 0 when it is none.
func entity(s string) (rune, int) {
	end := strings.IndexByte(s[:min(len(s), 12)], ';')
	if end < 0 {
		return 0, 0
	}
	switch name := s[1:end]; {
	case name == "lt" || name == "gt" || name == "amp" || name == "quot":
		return '.', end + 1
	case strings.HasPrefix(name, "#x"), strings.HasPrefix(name, "#X"):
		n, err := strconv.ParseInt(name[2:], 16, 32)
		if err == nil {
			return rune(n), end + 1
		}
	case strings.HasPrefix(name, "#"):
		n, err := strconv.ParseInt(name[1:], 10, 32)
		if err == nil {
			return rune(n), end + 1
		}
	}
	return 0, 0
}

// cut shortens a plain text to so many UTF-16 units.
func cut(s string, most int) string {
	n := 0
	for i, r := range s {
		if n += unitsOf(r); n > most {
			return s[:i]
		}
	}
	return s
}
