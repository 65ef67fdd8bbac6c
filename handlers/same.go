package handlers

import (
	"strconv"
	"strings"

	"koprik/bot"
	"koprik/casework"
	"koprik/mahalla"
)

// asksSame shows the question whether the draft is about an open case, if there
// is one that it may be about.
func (h *Handlers) asksSame(q *bot.Request, code mahalla.CategoryCode) (bool, error) {
	asks, err := h.desk.ProposeSame(q.Tx, q.Contact, code, q.Now)
	if err != nil || !asks {
		return false, err
	}
	return true, h.show(q, casework.CardDraft, q.Event.Kind != bot.KindPress)
}

// pressMeToo joins a case.
func (h *Handlers) pressMeToo(q *bot.Request) error {
	if _, err := h.draftOf(q); err != nil {
		return err
	}
	nth, err := strconv.Atoi(q.Event.Press.Arg)
	if err != nil {
		return mahalla.Refuse(mahalla.Invalid, "forged")
	}
	if _, err := h.desk.JoinSame(q.Tx, q.Contact, nth, q.Event.Message, q.Now); err != nil {
		return err
	}
	return h.toast(q, "toast.joined")
}

// typedMeToo is the same in words: /menham, or /menham 2.
func (h *Handlers) typedMeToo(q *bot.Request) error {
	nth := 1
	if args := strings.TrimSpace(q.Event.Args); args != "" {
		nth, _ = strconv.Atoi(args) // anything else is none of them
	}
	if _, err := h.desk.JoinSame(q.Tx, q.Contact, nth-1, 0, q.Now); err != nil {
		return err
	}
	return done(q)
}

// pressOther files the draft as a report of its own.
func (h *Handlers) pressOther(q *bot.Request) error {
	draft, err := h.draftOf(q)
	if err != nil {
		return err
	}
	if !draft.AsksSame() {
		return mahalla.Refuse(mahalla.Conflict, "same_gone")
	}
	c, err := h.desk.FileDraft(q.Tx, q.Contact, draft.Same.Category, q.Event.Message, q.Now)
	if err != nil {
		return err
	}
	return h.toast(q, "toast.filed", "number", c.Number.String())
}

// typedOther is the same in words: /boshqa.
func (h *Handlers) typedOther(q *bot.Request) error {
	draft := q.Contact.Dialogue.Draft
	if !draft.AsksSame() {
		return mahalla.Refuse(mahalla.Conflict, "same_gone")
	}
	if _, err := h.desk.FileDraft(q.Tx, q.Contact, draft.Same.Category, 0, q.Now); err != nil {
		return err
	}
	return done(q)
}

// pressUnjoin takes a join back.
func (h *Handlers) pressUnjoin(q *bot.Request) error {
	_, err := h.desk.Unjoin(q.Tx, q.Contact, pressedCase(q), q.Now)
	return err
}

// typedUnjoin is the same in words: /chiqish 4821-0937.
func (h *Handlers) typedUnjoin(q *bot.Request) error {
	c, _, err := h.caseNamed(q)
	if err != nil {
		return err
	}
	if _, err := h.desk.Unjoin(q.Tx, q.Contact, c.ID, q.Now); err != nil {
		return err
	}
	return done(q)
}
