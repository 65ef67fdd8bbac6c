package handlers

import (
	"koprik/bot"
	"koprik/casework"
	"koprik/locales"
	"koprik/mahalla"
)

// bare is media without its caption, which is kept with the words.
func bare(m *mahalla.Media) *mahalla.Media {
	if m == nil {
		return nil
	}
	plain := *m
	plain.Caption = ""
	return &plain
}

// said is what a person sent in answer to a question: words, media, or both.
func said(q *bot.Request) (casework.Said, error) {
	s := heard(q)
	if q.Event.Contact != nil {
		return s, strayContact(q)
	}
	if s.Words == "" && len(s.Media) == 0 {
		return s, mahalla.Refuse(mahalla.Invalid, "odd")
	}
	return s, nil
}

// heard is what a message says.
func heard(q *bot.Request) casework.Said {
	s := casework.Said{Words: locales.Clean(q.Event.Text), Message: q.Event.Message}
	if q.Event.Media != nil {
		s.Media = append(s.Media, *bare(q.Event.Media))
	}
	return s
}

// typed is what follows a command and a number, with what the command is the caption of.
func typed(q *bot.Request, words string) casework.Said {
	s := heard(q)
	s.Words = locales.Clean(words)
	return s
}
