package handlers

import (
	"strconv"

	"koprik/bot"
	"koprik/casework"
	"koprik/locales"
	"koprik/mahalla"
)

// typedForget asks whether everything about the person is to be erased: /ochirish,
// and with "ha" it is meant.
func (h *Handlers) typedForget(q *bot.Request) error {
	if err := q.Contact.MayLeave(q.Now); err != nil {
		return err
	}
	if h.desk.Yes(locales.Clean(q.Event.Args)) {
		return h.forget(q, true)
	}
	return h.show(q, casework.CardForget, true)
}

// pressForget is the answer to that.
func (h *Handlers) pressForget(q *bot.Request) error {
	if q.Event.Press.Arg == "yes" {
		return h.forget(q, false)
	}
	return h.showCase(q, casework.CardForget, 0, false, map[string]string{"answer": "no"})
}

func (h *Handlers) forget(q *bot.Request, ring bool) error {
	card, err := q.Tx.Card(q.Contact.ID, casework.CardForget, 0)
	if err != nil {
		return err
	}
	if q.Event.Kind == bot.KindPress && card.MessageID != q.Event.Message {
		return mahalla.Refuse(mahalla.Conflict, "forget_old")
	}
	if err := h.desk.Forget(q.Tx, q.Contact, q.Now); err != nil {
		return err
	}
	open, err := q.Tx.OpenCount(q.Contact.ID)
	if err != nil {
		return err
	}
	if err := h.showCase(q, casework.CardForget, 0, ring, map[string]string{"answer": "yes", "open": strconv.Itoa(open)}); err != nil || q.Event.Kind != bot.KindPress {
		return err
	}
	return h.toast(q, "toast.forgotten")
}
