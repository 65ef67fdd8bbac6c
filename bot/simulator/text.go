package simulator

import (
	"sort"
	"strings"
	"unicode/utf8"
)

// Limits of the Bot API, in UTF-16 units after entities parsing.
const (
	maxText    = 4096
	maxCaption = 1024
	maxAnswer  = 200
)

// Entity is a formatted part of a text. Offset and Length are UTF-16 units.
type Entity struct {
	Type          string `json:"type"`
	Offset        int    `json:"offset"`
	Length        int    `json:"length"`
	URL           string `json:"url,omitempty"`
	UserID        int64  `json:"-"` // of a text_mention
	Language      string `json:"language,omitempty"`
	CustomEmojiID string `json:"custom_emoji_id,omitempty"`
}

// formatted is a text after entities parsing.
type formatted struct {
	text     string
	entities []Entity
}

// units counts UTF-16 units.
func units(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}

func sortEntities(entities []Entity) {
	sort.SliceStable(entities, func(i, j int) bool {
		a, b := entities[i], entities[j]
		if a.Offset != b.Offset {
			return a.Offset < b.Offset
		}
		return a.Length > b.Length
	})
}

// format parses a text or caption the way Telegram does: parse mode, then
// the characters that the server drops, then white space at both ends.
func format(src, mode string, given []Entity) (formatted, *refusal) {
	if !utf8.ValidString(src) {
		return formatted{}, departs("strings must be encoded in UTF-8")
	}
	f := formatted{text: src, entities: given}
	switch strings.ToLower(mode) {
	case "":
		if bad := checkEntities(src, given); bad != nil {
			return f, bad
		}
	case "html":
		text, entities, bad := parseHTML(src)
		if bad != nil {
			return f, bad
		}
		f = formatted{text: text, entities: entities}
	default:
		return f, departs("unsupported parse_mode")
	}
	f.clean()
	f.trim()
	return f, nil
}

func checkEntities(text string, entities []Entity) *refusal {
	end := units(text)
	for _, e := range entities {
		switch {
		case e.Offset < 0 || e.Length < 0 || e.Offset > end:
			return departs("entity begins in a middle of a UTF-16 symbol or outside of the text at UTF-16 offset %d", e.Offset)
		case e.Offset+e.Length > end:
			return departs("entity beginning at UTF-16 offset %d ends after the end of the text at UTF-16 offset %d", e.Offset, e.Offset+e.Length)
		}
	}
	return nil
}

// dropped says whether Telegram's server removes a character.
func dropped(r rune) bool {
	return r == '\r' || r >= 0x2028 && r <= 0x202E || r == 0xFEFF
}

func replaced(r rune) bool { return r < 0x20 && r != '\n' && r != '\r' }

func (f *formatted) clean() {
	if strings.IndexFunc(f.text, func(r rune) bool { return dropped(r) || replaced(r) }) < 0 {
		return
	}
	var b strings.Builder
	at := 0 // units of the text before cleaning
	moved := map[int]int{}
	for _, r := range f.text {
		width := 1
		if r > 0xFFFF {
			width = 2
		}
		moved[at] = units(b.String())
		at += width
		switch {
		case dropped(r):
		case replaced(r):
			b.WriteByte(' ')
		default:
			b.WriteRune(r)
		}
	}
	moved[at] = units(b.String())
	f.move(func(unit int) int { return moved[unit] })
	f.text = b.String()
}

func (f *formatted) trim() {
	const white = " \n\t"
	short := strings.TrimLeft(f.text, white)
	cut := units(f.text[:len(f.text)-len(short)])
	short = strings.TrimRight(short, white)
	if len(short) == len(f.text) {
		return
	}
	end := units(short)
	f.text = short
	f.move(func(unit int) int { return min(max(unit-cut, 0), end) })
}

// move shifts every entity and drops those that become empty.
func (f *formatted) move(to func(int) int) {
	var kept []Entity
	for _, e := range f.entities {
		begin, end := to(e.Offset), to(e.Offset+e.Length)
		if end > begin {
			e.Offset, e.Length = begin, end-begin
			kept = append(kept, e)
		}
	}
	f.entities = kept
}

// incoming finds the bot commands in a text that a person wrote.
func incoming(text string) formatted {
	f := formatted{text: text}
	at := 0
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == '/' && (i == 0 || isSpace(text[i-1])) {
			if n := commandLength(text[i:]); n > 1 {
				f.entities = append(f.entities, Entity{Type: "bot_command", Offset: at, Length: n})
				at, i = at+n, i+n
				continue
			}
		}
		at++
		if r > 0xFFFF {
			at++
		}
		i += size
	}
	return f
}

func commandLength(s string) int {
	n := 1
	for n < len(s) && (s[n] == '_' || s[n] == '@' || s[n] >= '0' && s[n] <= '9' || s[n]|0x20 >= 'a' && s[n]|0x20 <= 'z') {
		n++
	}
	return n
}
