package handlers

import (
	"cmp"
	"strings"

	"koprik/bot"
	"koprik/casework"
	"koprik/locales"
	"koprik/mahalla"
)

// pressAsk asks the owner for the question to the reporter.
func (h *Handlers) pressAsk(q *bot.Request) error {
	c, err := h.own(q)
	if err != nil {
		return err
	}
	h.ask(q, casework.FlowAsk, c, nil)
	return h.sayOf(q, c.ID, "ask.question", "number", c.Number.String())
}

// hearAsk sends the question on.
func (h *Handlers) hearAsk(q *bot.Request) error {
	words, err := said(q)
	if err != nil {
		return err
	}
	question := q.Contact.Dialogue.Question
	if _, err := h.desk.Ask(q.Tx, q.Contact, question.Case, question.Round, words, q.Now); err != nil {
		return err
	}
	q.Contact.Dialogue.Question = nil
	return done(q)
}

// typedAsk asks in one line: /sora 4821-0937 words.
func (h *Handlers) typedAsk(q *bot.Request) error {
	c, words, err := h.caseNamed(q)
	if err != nil {
		return err
	}
	if locales.Clean(words) == "" && q.Event.Media == nil {
		q.Event.Press.Subject = int64(c.ID)
		return h.pressAsk(q)
	}
	if _, err := h.desk.Ask(q.Tx, q.Contact, c.ID, 0, typed(q, words), q.Now); err != nil {
		return err
	}
	return done(q)
}

// pressAnswer asks the reporter for the answer; what was held back is shown.
func (h *Handlers) pressAnswer(q *bot.Request) error {
	c, err := q.Tx.Case(pressedCase(q))
	if err != nil {
		return err
	}
	if err := c.MayReport(q.Contact.ID, mahalla.VerbAnswer, q.Now); err != nil {
		return err
	}
	if c.Quiet() && q.Event.Press.Arg != "" {
		if knock, err := q.Tx.Knock(c.ID); err != nil || knock.Waits() {
			return cmp.Or(err, h.read(q, c.ID))
		}
	}
	h.ask(q, casework.FlowAnswer, c, nil)
	if q.Event.Press.Arg == "" {
		return h.sayOf(q, c.ID, asks(c, "ask.answer", "ask.answer_alias"), "number", c.Number.String())
	}
	card, err := q.Tx.Card(q.Contact.ID, mahalla.CardQuestion, c.ID)
	if err != nil {
		return err
	}
	anew := card.MessageID != q.Event.Message // it may stand far up in the chat
	return h.showCase(q, mahalla.CardQuestion, c.ID, anew, map[string]string{mahalla.ArgOpen: "yes"})
}

// hearAnswer takes the answer that was asked for.
func (h *Handlers) hearAnswer(q *bot.Request) error {
	if q.Event.Odd != "" || q.Event.Contact != nil {
		return mahalla.Refuse(mahalla.Invalid, "odd")
	}
	words, err := said(q)
	if err != nil {
		return err
	}
	if err := h.answer(q, q.Contact.Dialogue.Question.Case, words); err != nil {
		return err
	}
	q.Contact.Dialogue.Question = nil
	return nil
}

// answer brings an answer to the owner and thanks for it.
func (h *Handlers) answer(q *bot.Request, id mahalla.CaseID, words casework.Said) error {
	c, answered, err := h.desk.Answer(q.Tx, q.Contact, id, words, q.Now)
	if err != nil {
		return err
	}
	if !answered || h.desk.Danger(words.Words) {
		return h.thank(q, c, words.Words)
	}
	return h.sayOf(q, c.ID, "note.answered", "number", c.Number.String())
}

// typedAnswer answers in one line: /javob 4821-0937 words. Without words it shows
// the question, and waits for the answer.
func (h *Handlers) typedAnswer(q *bot.Request) error {
	c, words, err := h.caseNamed(q)
	if err != nil {
		return err
	}
	if locales.Clean(words) == "" && q.Event.Media == nil {
		q.Event.Press.Subject, q.Event.Press.Arg = int64(c.ID), "show"
		return h.pressAnswer(q)
	}
	return h.orDraft(q, words, h.answer(q, c.ID, typed(q, words)))
}

// answers hears a message as the answer to the only question that is open, if
// nothing else is under way. It tells whether it was one. Of two open questions
// nobody guesses which is meant, but a call for help is never refused.
func (h *Handlers) answers(q *bot.Request) (bool, error) {
	draft := q.Contact.Dialogue.Draft
	if draft != nil && len(draft.Parts) > 0 || !q.Contact.Consented {
		return false, nil
	}
	words := heard(q)
	if words.Words == "" && len(words.Media) == 0 || h.desk.IsLocationKey(words.Words) {
		return false, nil
	}
	ids, err := q.Tx.AskedOf(q.Contact.ID, q.Contact.Dialogue.Apart)
	if err != nil || len(ids) == 0 {
		return false, err
	}
	if len(ids) > 1 {
		if h.desk.Danger(strings.TrimSpace(words.Words)) {
			return false, nil
		}
		return true, mahalla.Refuse(mahalla.Invalid, "answer_which")
	}
	return true, h.answer(q, ids[0], words)
}

// apart sets the questions of officers aside: what is written from now on is no
// answer to them, unless it says so. It tells whether there were any.
func (h *Handlers) apart(q *bot.Request) (bool, error) {
	ids, err := q.Tx.AskedOf(q.Contact.ID, q.Contact.Dialogue.Apart)
	if err != nil || len(ids) == 0 {
		return false, err
	}
	q.Contact.Dialogue.Apart = q.Now
	return true, nil
}
