package handlers

import (
	"koprik/bot"
	"koprik/casework"
	"koprik/locales"
	"koprik/mahalla"
)

// pressVeil shows what a report without a name means, takes the choice, or goes
// back to the name.
func (h *Handlers) pressVeil(q *bot.Request) error {
	draft, err := h.draftOf(q)
	if err != nil {
		return err
	}
	unaskNeighbour(q)
	switch q.Event.Press.Arg {
	case "yes":
		err = h.desk.WearVeil(draft)
	case "back":
		h.desk.DropVeil(draft)
	default:
		h.desk.AskVeil(draft)
	}
	if err != nil {
		return err
	}
	return h.show(q, casework.CardDraft, false)
}

// typedVeil is the same in words: /anonim says what it means, /anonim ha takes
// the choice, /anonim yoq goes back to the name.
func (h *Handlers) typedVeil(q *bot.Request) error {
	if !q.Contact.Consented {
		return mahalla.Refuse(mahalla.Forbidden, "consent_first")
	}
	draft := h.desk.Draft(q.Tx, q.Contact, q.Now)
	words := locales.Clean(q.Event.Args)
	unaskNeighbour(q)
	switch {
	case h.desk.No(words):
		h.desk.DropVeil(draft)
	case h.desk.Yes(words) && draft.Veil != mahalla.Unveiled:
		if err := h.desk.WearVeil(draft); err != nil {
			return err
		}
	default:
		h.desk.AskVeil(draft)
	}
	return h.show(q, casework.CardDraft, true)
}

// pressTelling decides about attachments that may tell who the person is.
func (h *Handlers) pressTelling(q *bot.Request) error {
	draft, err := h.draftOf(q)
	if err != nil {
		return err
	}
	return h.telling(q, draft, q.Event.Press.Arg == "send", false)
}

// typedLetTell lets them be sent: /yuborilsin.
func (h *Handlers) typedLetTell(q *bot.Request) error { return h.typedTelling(q, true) }

// typedDropTelling takes them out: /olib.
func (h *Handlers) typedDropTelling(q *bot.Request) error { return h.typedTelling(q, false) }

func (h *Handlers) typedTelling(q *bot.Request, send bool) error {
	draft := q.Contact.Dialogue.Draft
	if len(draft.Telling()) == 0 {
		return mahalla.Refuse(mahalla.Conflict, "anonymous_nothing")
	}
	draft.Touched = q.Now
	return h.telling(q, draft, send, true)
}

func (h *Handlers) telling(q *bot.Request, draft *mahalla.Draft, send, ring bool) error {
	if send {
		draft.LetTell()
	} else {
		draft.DropTelling()
	}
	return h.show(q, casework.CardDraft, ring)
}

// pressReveal asks whether the reporter means to give the name.
func (h *Handlers) pressReveal(q *bot.Request) error {
	c, err := q.Tx.Case(pressedCase(q))
	if err != nil {
		return err
	}
	return h.askReveal(q, c, false)
}

func (h *Handlers) askReveal(q *bot.Request, c *mahalla.Case, ring bool) error {
	if err := c.MayReport(q.Contact.ID, mahalla.VerbReveal, q.Now); err != nil {
		return err
	}
	if c.Alias == "" {
		return mahalla.Refuse(mahalla.Conflict, "already_named")
	}
	return h.showCase(q, mahalla.CardReporter, c.ID, ring, map[string]string{"sure": "reveal"})
}

func (h *Handlers) pressRevealYes(q *bot.Request) error {
	_, err := h.desk.Reveal(q.Tx, q.Contact, pressedCase(q), q.Event.Press.Round, q.Now)
	return err
}

// typedReveal is the same in words: /tanishtirish 4821-0937 asks, and with "ha"
// after the number it is meant.
func (h *Handlers) typedReveal(q *bot.Request) error {
	c, words, err := h.caseNamed(q)
	if err != nil {
		return err
	}
	if !h.desk.Yes(words) {
		return h.askReveal(q, c, true)
	}
	if _, err := h.desk.Reveal(q.Tx, q.Contact, c.ID, 0, q.Now); err != nil {
		return err
	}
	return done(q)
}

// asks is the text that asks the reporter for words: one who is not named is not
// asked for a voice.
func asks(c *mahalla.Case, named, unnamed string) string {
	if c.Alias != "" {
		return unnamed
	}
	return named
}
