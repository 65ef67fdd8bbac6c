package handlers

import (
	"koprik/bot"
	"koprik/casework"
	"koprik/locales"
	"koprik/mahalla"
)

// pressConfirm closes a case as a false report.
func (h *Handlers) pressConfirm(q *bot.Request) error {
	if _, err := h.desk.Confirm(q.Tx, q.Contact, pressedCase(q), q.Event.Press.Round, q.Now); err != nil {
		return err
	}
	return h.toast(q, "toast.confirmed")
}

// typedConfirm is the same in words: /tasdiq 4821-0937.
func (h *Handlers) typedConfirm(q *bot.Request) error {
	c, _, err := h.caseNamed(q)
	if err != nil {
		return err
	}
	if _, err := h.desk.Confirm(q.Tx, q.Contact, c.ID, 0, q.Now); err != nil {
		return err
	}
	return done(q)
}

// pressReject asks why the report is not called false.
func (h *Handlers) pressReject(q *bot.Request) error {
	return h.askRejection(q, pressedCase(q), q.Event.Press.Round)
}

func (h *Handlers) askRejection(q *bot.Request, id mahalla.CaseID, round int) error {
	c, err := h.desk.MayDecide(q.Tx, q.Contact, id, round, q.Now)
	if err != nil {
		return err
	}
	h.ask(q, casework.FlowReject, c, nil)
	return h.sayOf(q, c.ID, "ask.reject", "number", c.Number.String())
}

// hearReject gives the case back to its owner.
func (h *Handlers) hearReject(q *bot.Request) error {
	words, err := said(q)
	if err != nil {
		return err
	}
	question := q.Contact.Dialogue.Question
	if _, err := h.desk.Reject(q.Tx, q.Contact, question.Case, question.Round, words, q.Now); err != nil {
		return err
	}
	q.Contact.Dialogue.Question = nil
	return done(q)
}

// typedReject rejects in one line: /rad 4821-0937 words.
func (h *Handlers) typedReject(q *bot.Request) error {
	c, words, err := h.caseNamed(q)
	if err != nil {
		return err
	}
	if !c.AskedToConfirm(q.Contact.ID) && c.AskedTo(q.Contact.ID) {
		return h.refuseOffer(q, c)
	}
	if locales.Clean(words) == "" {
		return h.askRejection(q, c.ID, 0)
	}
	answered(q, casework.FlowReject, c.ID)
	if _, err := h.desk.Reject(q.Tx, q.Contact, c.ID, 0, typed(q, words), q.Now); err != nil {
		return err
	}
	return done(q)
}
