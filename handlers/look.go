package handlers

import (
	"koprik/bot"
	"koprik/mahalla"
)

// pressLook asks a head for the reason, or shows all of the case for one.
func (h *Handlers) pressLook(q *bot.Request) error {
	if why := q.Event.Press.Arg; why != "" {
		return h.desk.LookInto(q.Tx, q.Contact, pressedCase(q), mahalla.LookReason(why), false, q.Now)
	}
	return h.desk.AskLook(q.Tx, q.Contact, pressedCase(q), false, q.Now)
}

// typedLook is the same in words: /batafsil 4821-0937, with the reason or its
// number after it.
func (h *Handlers) typedLook(q *bot.Request) error {
	c, words, err := h.caseNamed(q)
	if err != nil {
		return err
	}
	if words == "" {
		return h.desk.AskLook(q.Tx, q.Contact, c.ID, true, q.Now)
	}
	return h.desk.LookInto(q.Tx, q.Contact, c.ID, h.desk.ReasonNamed(words), true, q.Now)
}
