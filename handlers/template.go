package handlers

import (
	"koprik/bot"
	"koprik/casework"
	"koprik/mahalla"
)

// pressTell closes a case with a ready sentence.
func (h *Handlers) pressTell(q *bot.Request) error {
	c, err := h.own(q)
	if err != nil {
		return err
	}
	with, said, ok := h.desk.Told(c, q.Event.Press.Arg)
	if !ok {
		return mahalla.Refuse(mahalla.Invalid, "forged")
	}
	if _, err := h.desk.Close(q.Tx, q.Contact, c.ID, q.Event.Press.Round, with, said, q.Now); err != nil {
		return err
	}
	answered(q, casework.FlowClose, c.ID)
	if with == mahalla.False {
		return h.toast(q, "toast.claimed")
	}
	return h.toast(q, "toast.closed")
}

// pressNoPhoto asks why there is no picture; the answer is the sentence.
func (h *Handlers) pressNoPhoto(q *bot.Request) error {
	c, err := h.own(q)
	if err != nil {
		return err
	}
	h.ask(q, casework.FlowClose, c, map[string]string{"closing": string(mahalla.Solved), "nophoto": "yes"})
	return h.showCase(q, c.CardFor(q.Contact.ID), c.ID, false, nil)
}
