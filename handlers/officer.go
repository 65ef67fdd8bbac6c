package handlers

import (
	"time"

	"koprik/bot"
	"koprik/casework"
	"koprik/locales"
	"koprik/mahalla"
)

// pressAccept takes a case: one tap, and no new message but the card's change.
func (h *Handlers) pressAccept(q *bot.Request) error {
	if err := h.adopt(q); err != nil {
		return err
	}
	if _, err := h.desk.Accept(q.Tx, q.Contact, pressedCase(q), q.Event.Press.Round, q.Now); err != nil {
		return err
	}
	return h.toast(q, "toast.accepted")
}

// adopt lets the card that was pressed be the one that changes, where there are
// two: a message of which it was not known whether Telegram took it comes twice.
func (h *Handlers) adopt(q *bot.Request) error {
	c, err := q.Tx.Case(pressedCase(q))
	if err != nil {
		return err
	}
	kind := h.desk.CardKind(q.Contact, c, q.Now)
	card, err := q.Tx.Card(q.Contact.ID, kind, c.ID)
	if err == nil && card.MessageID != 0 && card.MessageID != q.Event.Message && c.Round == q.Event.Press.Round {
		q.Tx.AdoptCard(q.Contact.ID, kind, c.ID, q.Event.Message)
	}
	return err
}

// typedAccept is the same in words: /qabul 4821-0937.
func (h *Handlers) typedAccept(q *bot.Request) error {
	c, _, err := h.caseNamed(q)
	if err != nil {
		return err
	}
	if offered, err := h.acceptOffered(q, c); err != nil || offered {
		if err == nil {
			err = done(q)
		}
		return err
	}
	if _, err := h.desk.Accept(q.Tx, q.Contact, c.ID, 0, q.Now); err != nil {
		return err
	}
	return done(q)
}

// pressPromise promises a usual moment, or asks for another.
func (h *Handlers) pressPromise(q *bot.Request) error {
	for _, choice := range casework.Promises(q.Now) {
		if choice.Arg == q.Event.Press.Arg {
			return h.promise(q, choice.At)
		}
	}
	if q.Event.Press.Arg == casework.PromiseHour {
		return h.promise(q, q.Now.Add(time.Hour))
	}
	c, err := h.own(q)
	if err != nil {
		return err
	}
	h.ask(q, casework.FlowPromise, c, nil)
	return h.sayOf(q, c.ID, "ask.promise", "number", c.Number.String())
}

func (h *Handlers) promise(q *bot.Request, at time.Time) error {
	if _, err := h.desk.Promise(q.Tx, q.Contact, pressedCase(q), q.Event.Press.Round, at, q.Now); err != nil {
		return err
	}
	when, err := h.desk.When(q.Contact.Language, at, q.Now)
	if err != nil {
		return err
	}
	return h.toast(q, "toast.promised", "when", when)
}

// hearPromise understands a typed moment.
func (h *Handlers) hearPromise(q *bot.Request) error {
	at, err := h.desk.ParseWhen(q.Event.Text, q.Now)
	if err != nil {
		return err
	}
	question := q.Contact.Dialogue.Question
	if _, err := h.desk.Promise(q.Tx, q.Contact, question.Case, question.Round, at, q.Now); err != nil {
		return err
	}
	q.Contact.Dialogue.Question = nil
	return done(q)
}

// typedPromise promises in one line: /vada 4821-0937 25.11 15:00.
func (h *Handlers) typedPromise(q *bot.Request) error {
	c, words, err := h.caseNamed(q)
	if err != nil {
		return err
	}
	at, err := h.desk.ParseWhen(words, q.Now)
	if err != nil {
		return err
	}
	if _, err := h.desk.Promise(q.Tx, q.Contact, c.ID, 0, at, q.Now); err != nil {
		return err
	}
	answered(q, casework.FlowPromise, c.ID)
	return done(q)
}

// answered forgets a question that a typed line has answered.
func answered(q *bot.Request, flow string, id mahalla.CaseID) {
	if question := q.Contact.Dialogue.Question; question != nil && question.Flow == flow && question.Case == id {
		q.Contact.Dialogue.Question = nil
	}
}

// own reads the pressed case if it is the officer's own and can go on.
func (h *Handlers) own(q *bot.Request) (*mahalla.Case, error) {
	c, err := h.current(q, pressedCase(q), q.Event.Press.Round)
	if err != nil {
		return nil, err
	}
	return c, c.MayHandle(q.Contact.Person, mahalla.VerbClose, q.Now)
}

// current reads a case that the person may read. A round other than zero must be
// the present one.
func (h *Handlers) current(q *bot.Request, id mahalla.CaseID, round int) (*mahalla.Case, error) {
	c, err := q.Tx.Case(id)
	if err != nil {
		return nil, err
	}
	if err := h.desk.MayRead(q.Contact, c, q.Now); err != nil {
		return nil, err
	}
	if round != 0 && round != c.Round {
		return nil, mahalla.Refuse(mahalla.Conflict, "stale")
	}
	return c, nil
}

// pressClose shows the outcomes on the card.
func (h *Handlers) pressClose(q *bot.Request) error {
	c, err := h.own(q)
	if err != nil {
		return err
	}
	if question := q.Contact.Dialogue.Question; question != nil && question.Flow == casework.FlowClose {
		q.Contact.Dialogue.Question = nil
	}
	return h.showCase(q, c.CardFor(q.Contact.ID), c.ID, false, map[string]string{"choose": "outcome"})
}

// pressOutcome asks for the sentence that the reporter will read.
func (h *Handlers) pressOutcome(q *bot.Request) error {
	c, err := h.own(q)
	if err != nil {
		return err
	}
	h.ask(q, casework.FlowClose, c, map[string]string{"closing": q.Event.Press.Arg})
	return h.showCase(q, c.CardFor(q.Contact.ID), c.ID, false, nil)
}

// hearClosing closes the case with the officer's sentence.
func (h *Handlers) hearClosing(q *bot.Request) error {
	words, err := said(q)
	if err != nil {
		return err
	}
	question := q.Contact.Dialogue.Question
	words.NoPhoto = question.Data["nophoto"] != ""
	_, err = h.desk.Close(q.Tx, q.Contact, question.Case, question.Round, mahalla.Closing(question.Data["closing"]), words, q.Now)
	if err != nil {
		return err
	}
	q.Contact.Dialogue.Question = nil
	return done(q)
}

// typedClose closes in one line: /yop 4821-0937 sentence, as solved, or with
// the outcome before a colon.
func (h *Handlers) typedClose(q *bot.Request) error {
	c, words, err := h.caseNamed(q)
	if err != nil {
		return err
	}
	closing, words := h.closingNamed(q, c, locales.Clean(words))
	if _, err := h.desk.Close(q.Tx, q.Contact, c.ID, 0, closing, typed(q, words), q.Now); err != nil {
		return err
	}
	return done(q)
}

// closingNamed is the outcome that a typed line names, or that was chosen on the
// card before; its question is answered by the line.
func (h *Handlers) closingNamed(q *bot.Request, c *mahalla.Case, words string) (mahalla.Closing, string) {
	closing, rest, named := h.desk.ClosingNamed(words)
	if question := q.Contact.Dialogue.Question; question != nil && question.Case == c.ID {
		if chosen := question.Data["closing"]; !named && chosen != "" {
			closing = mahalla.Closing(chosen)
		}
		q.Contact.Dialogue.Question = nil
	}
	return closing, rest
}

// pressBack shows the card as it was, without the question on it.
func (h *Handlers) pressBack(q *bot.Request) error {
	if question := q.Contact.Dialogue.Question; question != nil && question.Case == pressedCase(q) {
		q.Contact.Dialogue.Question = nil
	}
	return h.open(q, pressedCase(q), false)
}

// pressOpen sends the card afresh, to the end of the chat.
func (h *Handlers) pressOpen(q *bot.Request) error { return h.open(q, pressedCase(q), true) }

// typedOpen is the same in words: /karta 4821-0937.
func (h *Handlers) typedOpen(q *bot.Request) error {
	c, _, err := h.caseNamed(q)
	if err != nil {
		return err
	}
	return h.open(q, c.ID, true)
}

func (h *Handlers) open(q *bot.Request, id mahalla.CaseID, afresh bool) error {
	c, err := casework.Standing(q.Tx, q.Contact, id)
	if err != nil {
		return err
	}
	if err := h.desk.MayRead(q.Contact, c, q.Now); err != nil {
		return err
	}
	return h.desk.OpenCard(q.Tx, q.Contact, c, afresh, q.Now)
}

// refreshOfficer brings the officer's own card of a case up to date.
func (h *Handlers) refreshOfficer(q *bot.Request, id mahalla.CaseID) error {
	return h.open(q, id, false)
}

// work lists what an officer has to do; /ishlar 2 is the second page.
func (h *Handlers) work(q *bot.Request) error {
	if !q.Contact.Has(mahalla.MayAnswer, q.Now) {
		if q.Contact.Has(mahalla.MaySupervise, q.Now) {
			return h.list(q, casework.CardAwaited) // an administrator holds no cases
		}
		return mahalla.Refuse(mahalla.Forbidden, "not_officer")
	}
	return h.list(q, casework.CardWork)
}

// awaited lists what waits for an answer below a supervisor's territory.
func (h *Handlers) awaited(q *bot.Request) error {
	if !q.Contact.Has(mahalla.MaySupervise, q.Now) {
		if !q.Contact.Has(mahalla.MayAnswer, q.Now) {
			return mahalla.Refuse(mahalla.Forbidden, "not_officer")
		}
		return mahalla.Refuse(mahalla.Forbidden, "not_supervisor")
	}
	return h.list(q, casework.CardAwaited)
}

// overdue lists the cases of which a supervisor was told because nobody had
// accepted them in time; /kechikkan 2 is the second page.
func (h *Handlers) overdue(q *bot.Request) error {
	if !q.Contact.Has(mahalla.MaySupervise, q.Now) {
		return mahalla.Refuse(mahalla.Forbidden, "not_supervisor")
	}
	return h.list(q, casework.CardOverdue)
}

// duty lists who is on duty; /navbat 2 is the second page.
func (h *Handlers) duty(q *bot.Request) error {
	if !q.Contact.Has(mahalla.MayAnswer, q.Now) && !q.Contact.Has(mahalla.MaySupervise, q.Now) {
		return mahalla.Refuse(mahalla.Forbidden, "not_officer")
	}
	return h.list(q, casework.CardDuty)
}

// list sends a list afresh, opened at the page that was typed.
func (h *Handlers) list(q *bot.Request, kind mahalla.NoticeKind) error {
	page, _ := pageOf(q.Event.Args) // anything else is the first
	return h.showCase(q, kind, 0, true, map[string]string{"page": number(page)})
}

// pressList turns the page of a list.
func (h *Handlers) pressList(q *bot.Request) error {
	kind, right := casework.CardMine, mahalla.Right("")
	switch q.Event.Press.Arg {
	case "work":
		kind, right = casework.CardWork, mahalla.MayAnswer
	case "awaited":
		kind, right = casework.CardAwaited, mahalla.MaySupervise
	case "overdue":
		kind, right = casework.CardOverdue, mahalla.MaySupervise
	case "duty":
		kind = casework.CardDuty
	case "agenda":
		kind, right = casework.CardAgenda, mahalla.MayConvene
	case "decisions":
		kind = casework.CardDecisions
	case "mahallam":
		kind, right = casework.CardMahallam, mahalla.MaySpeak
	}
	if right != "" && !q.Contact.Has(right, q.Now) {
		return mahalla.Refuse(mahalla.Forbidden, "no_role")
	}
	q.Tx.AdoptCard(q.Contact.ID, kind, 0, q.Event.Message)
	return h.showCase(q, kind, 0, false, map[string]string{"page": number(q.Event.Press.Round)})
}
