package handlers

import (
	"koprik/bot"
	"koprik/casework"
	"koprik/locales"
)

// pressNote asks the owner for a note.
func (h *Handlers) pressNote(q *bot.Request) error {
	c, err := h.own(q)
	if err != nil {
		return err
	}
	h.ask(q, casework.FlowNote, c, nil)
	return h.sayOf(q, c.ID, "ask.note", "number", c.Number.String())
}

// hearNote keeps the note.
func (h *Handlers) hearNote(q *bot.Request) error {
	words, err := said(q)
	if err != nil {
		return err
	}
	question := q.Contact.Dialogue.Question
	if _, err := h.desk.Note(q.Tx, q.Contact, question.Case, question.Round, words, q.Now); err != nil {
		return err
	}
	q.Contact.Dialogue.Question = nil
	return done(q)
}

// typedNote notes in one line: /izoh 4821-0937 words.
func (h *Handlers) typedNote(q *bot.Request) error {
	c, words, err := h.caseNamed(q)
	if err != nil {
		return err
	}
	if locales.Clean(words) == "" && q.Event.Media == nil {
		q.Event.Press.Subject = int64(c.ID)
		return h.pressNote(q)
	}
	if _, err := h.desk.Note(q.Tx, q.Contact, c.ID, 0, typed(q, words), q.Now); err != nil {
		return err
	}
	return done(q)
}
