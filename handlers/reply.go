package handlers

import (
	"koprik/bot"
	"koprik/mahalla"
)

// reply hears an answer to a card of a case. It tells whether it was one.
func (h *Handlers) reply(q *bot.Request) (bool, error) {
	id, err := h.repliesTo(q)
	if err != nil || id == 0 {
		return false, err
	}
	c, err := q.Tx.Case(id)
	if err != nil {
		return false, err
	}
	switch {
	case c.Reporter == q.Contact.ID && c.Status == mahalla.Waiting:
		words, err := said(q)
		if err != nil {
			return true, err
		}
		return true, h.answer(q, id, words)
	case c.Speaks(q.Contact.ID) && c.Takes():
		return true, h.addOrBegin(q, c)
	case c.Speaks(q.Contact.ID):
		return true, h.ended(q, c)
	}
	return true, h.replyOfficer(q, c)
}

// repliesTo is the case whose card or message this one answers; 0 when none.
func (h *Handlers) repliesTo(q *bot.Request) (mahalla.CaseID, error) {
	if q.Event.ReplyTo == 0 {
		return 0, nil
	}
	about, err := q.Tx.CaseOfMessage(q.Event.Chat, q.Event.ReplyTo)
	if err != nil || about == 0 {
		return 0, err
	}
	return h.desk.CaseBehind(q.Tx, q.Contact, about, q.Now)
}

// replyOfficer hears a reply to a card: the owner asks the reporter. To the
// others it says what works in the place of a reply.
func (h *Handlers) replyOfficer(q *bot.Request, c *mahalla.Case) error {
	if err := h.desk.MayRead(q.Contact, c, q.Now); err != nil {
		return err
	}
	switch {
	case c.Status == mahalla.New && q.Contact.Has(mahalla.MayAnswer, q.Now):
		return mahalla.Refuse(mahalla.Invalid, "reply_new", "number", c.Number.String())
	case c.Status == mahalla.New:
		return mahalla.Refuse(mahalla.Invalid, "reply_reader", "number", c.Number.String())
	}
	words, err := said(q)
	if err != nil {
		return err
	}
	if _, err := h.desk.Ask(q.Tx, q.Contact, c.ID, 0, words, q.Now); err != nil {
		return err
	}
	return done(q)
}
