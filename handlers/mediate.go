package handlers

import (
	"koprik/bot"
	"koprik/casework"
	"koprik/locales"
	"koprik/mahalla"
)

// typedProposed is /komissiya: for officers, and of who convenes the commission, who may
// not read the case, what that one may do.
func (h *Handlers) typedProposed(q *bot.Request) error {
	if q.Contact.Has(mahalla.MayAnswer, q.Now) {
		if _, _, err := h.caseNamed(q); err == nil {
			return h.serving(h.typedAgenda)(q)
		}
	}
	if done, err := h.typedConvened(q); done || err != nil {
		return err
	}
	return h.serving(h.typedAgenda)(q)
}

// typedConvened is /komissiya of who convenes the commission and may not read the case:
// the card of its item, and by whom that is heard. It tells whether there is such an item.
func (h *Handlers) typedConvened(q *bot.Request) (bool, error) {
	number, words := firstNumber(q.Event.Args)
	item, err := h.desk.ItemNumbered(q.Tx, q.Contact, number, q.Now)
	if item == nil || err != nil {
		return false, err
	}
	if words = locales.Clean(words); words == "" {
		return true, h.showItem(q, item, true)
	}
	what, _ := h.desk.ItemNamed(item, words)
	if what != casework.ItemMediator && what != casework.ItemWhole {
		return true, mahalla.Refuse(mahalla.Invalid, "mediation_word", "number", number)
	}
	return true, h.item(q, item.ID, what, true)
}
