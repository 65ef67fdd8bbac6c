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

// pressNew says that the draft is a report of its own. It is not asked again.
func (h *Handlers) pressNew(q *bot.Request) error {
	draft, err := h.draftOf(q)
	if err != nil {
		return err
	}
	draft.Asks = nil
	return h.show(q, casework.CardDraft, false)
}

// typedNew is the same in words: /yangi.
func (h *Handlers) typedNew(q *bot.Request) error {
	if !q.Contact.Consented {
		return mahalla.Refuse(mahalla.Forbidden, "consent_first")
	}
	draft := q.Contact.Dialogue.Draft
	if draft == nil || len(draft.Parts) == 0 {
		return mahalla.Refuse(mahalla.Invalid, "draft_empty")
	}
	draft.Asks, draft.Touched = nil, q.Now
	return h.show(q, casework.CardDraft, true)
}
