package handlers

import "koprik/bot"

// pressUndo takes a closing back.
func (h *Handlers) pressUndo(q *bot.Request) error {
	if _, err := h.desk.Undo(q.Tx, q.Contact, pressedCase(q), q.Event.Press.Round, q.Now); err != nil {
		return err
	}
	return h.toast(q, "toast.undone")
}

// typedUndo is the same in words: /bekor 4821-0937. Without a number it is
// meant as /cancel.
func (h *Handlers) typedUndo(q *bot.Request) error {
	if q.Event.Args == "" {
		return h.cancel(q)
	}
	c, _, err := h.caseNamed(q)
	if err != nil {
		return err
	}
	if _, err := h.desk.Undo(q.Tx, q.Contact, c.ID, 0, q.Now); err != nil {
		return err
	}
	return done(q)
}
