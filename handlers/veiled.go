package handlers

import (
	"koprik/bot"
	"koprik/casework"
	"koprik/mahalla"
)

// addWords adds what stood below a voice or a video that may tell who an unnamed
// reporter is, without that, and says so.
func (h *Handlers) addWords(q *bot.Request, id mahalla.CaseID, round int, said casework.Said) error {
	said.Media = nil
	c, err := h.desk.Add(q.Tx, q.Contact, id, round, said, q.Now)
	if err != nil {
		return err
	}
	if h.desk.Danger(said.Words) {
		if err := h.thank(q, c, said.Words); err != nil {
			return err
		}
	}
	return h.sayOf(q, c.ID, "note.words_only", "number", c.Number.String())
}

// oddAddition says what may be added to a case instead of what was sent.
func (h *Handlers) oddAddition(q *bot.Request, id mahalla.CaseID) error {
	c, err := q.Tx.Case(id)
	if err != nil {
		return err
	}
	if c.Alias != "" {
		return mahalla.Refuse(mahalla.Invalid, "odd_alias")
	}
	return mahalla.Refuse(mahalla.Invalid, "odd")
}
