package handlers

import (
	"koprik/bot"
	"koprik/mahalla"
)

// pressKept hears that a promise was kept, and shows the outcomes at the end of
// the chat.
func (h *Handlers) pressKept(q *bot.Request) error {
	return h.kept(q, pressedCase(q), q.Event.Press.Round)
}

// typedKept is the same in words: /bordim 4821-0937.
func (h *Handlers) typedKept(q *bot.Request) error {
	c, _, err := h.caseNamed(q)
	if err != nil {
		return err
	}
	return h.kept(q, c.ID, 0)
}

func (h *Handlers) kept(q *bot.Request, id mahalla.CaseID, round int) error {
	c, err := h.desk.Kept(q.Tx, q.Contact, id, round, q.Now)
	if err != nil {
		return err
	}
	return h.showCase(q, c.CardFor(q.Contact.ID), c.ID, true, map[string]string{"choose": "outcome"})
}
