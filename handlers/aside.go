package handlers

import (
	"koprik/bot"
	"koprik/casework"
	"koprik/mahalla"
)

// pressAddTo makes an addition to an open case of the draft.
func (h *Handlers) pressAddTo(q *bot.Request) error {
	if _, err := h.draftOf(q); err != nil {
		return err
	}
	return h.addDraft(q, pressedCase(q), q.Event.Message)
}

// addDraft adds the draft to a case; its card says so.
func (h *Handlers) addDraft(q *bot.Request, id mahalla.CaseID, card int64) error {
	draft := q.Contact.Dialogue.Draft
	c, err := h.desk.AddDraft(q.Tx, q.Contact, id, card, q.Now)
	if err != nil {
		return err
	}
	if err := h.showCase(q, casework.CardDraft, 0, false, map[string]string{"dropped": "added", "number": c.Number.String()}); err != nil {
		return err
	}
	if words := draft.Words(); h.desk.Danger(words) {
		return h.thank(q, c, words)
	}
	if card == 0 {
		return done(q)
	}
	return nil
}
