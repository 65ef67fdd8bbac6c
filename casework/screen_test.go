package casework

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"koprik/bot"
	"koprik/locales"
	"koprik/mahalla"
)

// Telegram's limits, and our own for labels and rows.
const (
	mostUnits   = 4096
	mostCaption = 1024 // of a file
	mostRows    = 4
)

// shownText is a screen's text as a person sees it.
type shownText struct {
	own    strings.Builder // the bot's words
	quoted strings.Builder // what stands in quotations
	units  int
}

var (
	tag     = regexp.MustCompile(`^</?(b|i|code|blockquote)>`)
	entity  = regexp.MustCompile(`^&(lt|gt|amp|quot);`)
	meaning = map[string]string{"lt": "<", "gt": ">", "amp": "&", "quot": `"`}
)

// readHTML reads a text as Telegram does, and is stricter: every tag is one
// that we use, closed in order, and nothing else looks like one.
func readHTML(text string) (*shownText, error) {
	s := &shownText{}
	var open []string
	for text != "" {
		if m := tag.FindStringSubmatch(text); m != nil {
			text = text[len(m[0]):]
			if !strings.HasPrefix(m[0], "</") {
				open = append(open, m[1])
				continue
			}
			if len(open) == 0 || open[len(open)-1] != m[1] {
				return s, fmt.Errorf("%s closes %v", m[0], open)
			}
			open = open[:len(open)-1]
			continue
		}
		piece := text[:1]
		if r, size := utf8.DecodeRuneInString(text); r != utf8.RuneError {
			piece = text[:size]
		}
		text = text[len(piece):]
		switch piece {
		case "<", ">":
			return s, fmt.Errorf("a bare %s before %.20q", piece, text)
		case "&":
			m := entity.FindStringSubmatch("&" + text)
			if m == nil {
				return s, fmt.Errorf("a bare & before %.20q", text)
			}
			piece, text = meaning[m[1]], text[len(m[0])-1:]
		}
		s.units += locales.UTF16Len(piece)
		if slices.Contains(open, "blockquote") {
			s.quoted.WriteString(piece)
		} else {
			s.own.WriteString(piece)
		}
	}
	if len(open) > 0 {
		return s, fmt.Errorf("not closed: %v", open)
	}
	return s, nil
}

// theirs marks the words of people: it may stand in quotations only.
const theirs = "Sozim"

var sign = bot.NewSigner([]byte(strings.Repeat("k", 32)))

// complaints lists what is wrong with a screen.
func complaints(s mahalla.Screen) (list []string) {
	wrong := func(format string, args ...any) { list = append(list, fmt.Sprintf(format, args...)) }
	if len(s.Menu) > 0 {
		for _, c := range s.Menu {
			if !regexp.MustCompile(`^[a-z0-9_]{1,32}$`).MatchString(c.Name) || c.Text == "" || locales.UTF16Len(c.Text) > 256 {
				wrong("command %q: %q", c.Name, c.Text)
			}
		}
		return list
	}
	text, err := readHTML(s.Text)
	switch {
	case err != nil:
		wrong("%v in %q", err, s.Text)
	case text.units > mostUnits:
		wrong("the text has %d units", text.units)
	case s.File != nil && (text.units > mostCaption || s.File.Name == "" || s.File.Missing == "" || s.File.Make == nil):
		wrong("a file with a caption of %d units: %+v", text.units, s.File)
	case len(s.Media) > 0 && s.Text != "":
		wrong("media with a text of their own")
	case len(s.Media) > mahalla.MostInAlbum || len(s.Media) > 1 && len(s.Rows) > 0:
		wrong("%d media, %d rows", len(s.Media), len(s.Rows))
	case len(s.Media) == 0 && strings.TrimSpace(text.own.String()+text.quoted.String()) == "":
		wrong("nothing is shown")
	}
	own := text.own.String()
	for _, bad := range []string{"{{", "}}", "%!", "<no value>", "<nil>", "\u202e", theirs} {
		if strings.Contains(own, bad) {
			wrong("%q outside a quotation: %q", bad, own)
		}
	}
	if len(s.Rows) > mostRows {
		wrong("%d rows", len(s.Rows))
	}
	if len(s.Rows) > 0 && len(s.Keys) > 0 {
		wrong("two keyboards")
	}
	for i, row := range s.Rows {
		if len(row) == 0 || len(row) > 5 {
			wrong("%d buttons in a row", len(row))
		}
		if slices.ContainsFunc(row, primary) && (i > 0 || len(row) > 1) {
			wrong("the primary button in row %d of %d buttons", i+1, len(row))
		}
		for _, b := range row {
			if n := locales.UTF16Len(b.Label); n < 1 || n > mostLabel || strings.TrimSpace(b.Label) != b.Label {
				wrong("label %q has %d units", b.Label, n)
			}
			if b.URL != "" {
				if !strings.HasPrefix(b.URL, "https://t.me/") {
					list = append(list, fmt.Sprintf("button %q opens %q", b.Label, b.URL))
				}
				continue
			}
			if data, err := sign.Make(1<<52, 1<<52, b.Press); err != nil || len(data) > 64 {
				wrong("button %q: %v", b.Label, err)
			}
		}
	}
	for _, k := range s.Keys {
		if n := locales.UTF16Len(k.Label); n < 1 || n > 30 {
			wrong("key %q has %d units", k.Label, n)
		}
	}
	return list
}
