package handlers

import (
	"errors"
	"strconv"
	"strings"

	"koprik/bot"
	"koprik/casework"
	"koprik/mahalla"
)

// mine lists the person's own reports; /mening 2 is the second page.
func (h *Handlers) mine(q *bot.Request) error { return h.list(q, casework.CardMine) }

func pressedCase(q *bot.Request) mahalla.CaseID { return mahalla.CaseID(q.Event.Press.Subject) }

// pressAdd asks for an addition to an open case.
func (h *Handlers) pressAdd(q *bot.Request) error {
	c, err := q.Tx.Case(pressedCase(q))
	if err != nil {
		return err
	}
	if err := h.mayAdd(q, c); err != nil {
		return err
	}
	h.ask(q, casework.FlowAddition, c, nil)
	return h.sayOf(q, c.ID, asks(c, "ask.addition", "ask.addition_alias"), "number", c.Number.String())
}

// hearAddition takes what was asked for with the addition.
func (h *Handlers) hearAddition(q *bot.Request) error {
	question := q.Contact.Dialogue.Question
	if q.Event.Contact != nil {
		return strayContact(q)
	}
	if q.Event.Odd != "" {
		return h.oddAddition(q, question.Case)
	}
	if err := h.add(q, question.Case, question.Round); err != nil {
		return err
	}
	q.Contact.Dialogue.Question = nil
	return nil
}

// add appends the message to the case. Media of the same album that come after
// it are a part of the same addition.
func (h *Handlers) add(q *bot.Request, id mahalla.CaseID, round int) error {
	words, err := said(q)
	if err != nil {
		return err
	}
	return h.addSaid(q, id, round, words)
}

func (h *Handlers) addSaid(q *bot.Request, id mahalla.CaseID, round int, words casework.Said) error {
	c, err := h.desk.Add(q.Tx, q.Contact, id, round, words, q.Now)
	if refusal := (*mahalla.Error)(nil); errors.As(err, &refusal) && refusal.Reason == "anonymous_media" && words.Words != "" {
		return h.addWords(q, id, round, words)
	}
	if err != nil {
		return err
	}
	return h.thank(q, c, words.Words)
}

// thank says that an addition has arrived; words of danger put the number first.
func (h *Handlers) thank(q *bot.Request, c *mahalla.Case, words string) error {
	if h.desk.Danger(words) {
		key := "note.added_danger"
		worked, err := casework.Worked(q.Tx, c)
		if err != nil {
			return err
		}
		if !worked.Open() || worked.OutOfReach() {
			key = "note.added_alone"
		}
		return h.sayOf(q, c.ID, key, "number", c.Number.String(), "numbers", strings.Join(h.desk.Numbers(words, ""), ", "))
	}
	return h.sayOf(q, c.ID, "note.added", "number", c.Number.String())
}

// typedAdd is an addition in one line: /qoshimcha 4821-0937 words.
func (h *Handlers) typedAdd(q *bot.Request) error {
	c, words, err := h.caseNamed(q)
	if err != nil {
		return h.orCall(q, err)
	}
	if words == "" && q.Event.Media == nil && h.desk.Asks(q.Contact.Dialogue.Draft) {
		return h.addDraft(q, c.ID, 0)
	}
	if words == "" && q.Event.Media == nil {
		q.Event.Press.Subject = int64(c.ID)
		return h.pressAdd(q)
	}
	answered(q, casework.FlowAddition, c.ID)
	err = h.addSaid(q, c.ID, 0, typed(q, words))
	var refusal *mahalla.Error
	if shared := c.MergedBy != 0 || c.HasJoined(q.Contact.ID); shared && errors.As(err, &refusal) && refusal.Reason == "already_closed" {
		var failed error
		if refusal, failed = h.endedShared(q, c); failed != nil {
			return failed
		}
		err = refusal
	}
	return h.orDraft(q, words, err)
}

// orCall keeps a call for help that came with the number of no case of the person
// as a draft: it is never only refused.
func (h *Handlers) orCall(q *bot.Request, err error) error {
	_, words := firstNumber(q.Event.Args)
	var refusal *mahalla.Error
	if !errors.As(err, &refusal) || refusal.Reason != "case_not_found" || !h.desk.Danger(words) {
		return err
	}
	q.Event.Text, q.Event.Command = words, ""
	return h.instead(q, refusal)
}

// orDraft keeps the words of a command as a draft where the case cannot take
// them any more: a call for help is not lost because of the way it came.
func (h *Handlers) orDraft(q *bot.Request, words string, err error) error {
	var refusal *mahalla.Error
	if !errors.As(err, &refusal) || refusal.Code != mahalla.Conflict || words == "" {
		return err
	}
	q.Event.Text, q.Event.Command = words, ""
	switch refusal.Reason {
	case "already_closed":
		refusal = mahalla.Refuse(mahalla.Conflict, "reply_closed")
	case "already_withdrawn":
		refusal = mahalla.Refuse(mahalla.Conflict, "reply_withdrawn")
	}
	return h.instead(q, refusal)
}

// pressWithdraw asks whether the person means it.
func (h *Handlers) pressWithdraw(q *bot.Request) error {
	c, err := q.Tx.Case(pressedCase(q))
	if err != nil {
		return err
	}
	if err := c.MayReport(q.Contact.ID, mahalla.VerbWithdraw, q.Now); err != nil {
		return err
	}
	return h.showCase(q, mahalla.CardReporter, c.ID, false, map[string]string{"sure": "ask"})
}

func (h *Handlers) pressWithdrawYes(q *bot.Request) error {
	_, err := h.desk.Withdraw(q.Tx, q.Contact, pressedCase(q), q.Event.Press.Round, q.Now)
	return err
}

// typedWithdraw is the same in words: /qaytarish 4821-0937 asks, and with "ha"
// after the number it is meant.
func (h *Handlers) typedWithdraw(q *bot.Request) error {
	c, words, err := h.caseNamed(q)
	if err != nil {
		return err
	}
	if err := c.MayReport(q.Contact.ID, mahalla.VerbWithdraw, q.Now); err != nil {
		return err
	}
	if !h.desk.Yes(words) {
		return h.showCase(q, mahalla.CardReporter, c.ID, true, map[string]string{"sure": "ask"})
	}
	if _, err := h.desk.Withdraw(q.Tx, q.Contact, c.ID, 0, q.Now); err != nil {
		return err
	}
	return done(q)
}

// pressJudge hears the verdict. Anything but "solved" wants a sentence first.
func (h *Handlers) pressJudge(q *bot.Request) error {
	if verdict := mahalla.Verdict(q.Event.Press.Arg); verdict != mahalla.VerdictSolved {
		return h.askReopening(q, pressedCase(q), q.Event.Press.Round, verdict)
	}
	if _, err := h.desk.Judge(q.Tx, q.Contact, pressedCase(q), q.Event.Press.Round, q.Now); err != nil {
		return err
	}
	return h.toast(q, "toast.thanks")
}

func (h *Handlers) typedSolved(q *bot.Request) error {
	c, _, err := h.caseNamed(q)
	if err != nil {
		return err
	}
	if _, err := h.desk.Judge(q.Tx, q.Contact, c.ID, 0, q.Now); err != nil {
		return err
	}
	return done(q)
}

func (h *Handlers) pressRate(q *bot.Request) error {
	stars, _ := strconv.Atoi(q.Event.Press.Arg) // anything else is out of range
	if _, err := h.desk.Rate(q.Tx, q.Contact, pressedCase(q), q.Event.Press.Round, stars, q.Now); err != nil {
		return err
	}
	return h.toast(q, "toast.thanks")
}

// typedRate is a rating in one line: /baho 4821-0937 5.
func (h *Handlers) typedRate(q *bot.Request) error {
	c, rest, err := h.caseNamed(q)
	if err != nil {
		return err
	}
	stars, _ := strconv.Atoi(strings.TrimSpace(rest))
	if _, err := h.desk.Rate(q.Tx, q.Contact, c.ID, 0, stars, q.Now); err != nil {
		return err
	}
	return done(q)
}

func (h *Handlers) pressReopen(q *bot.Request) error {
	return h.askReopening(q, pressedCase(q), q.Event.Press.Round, mahalla.VerdictUnsolved)
}

// askReopening asks what was not solved.
func (h *Handlers) askReopening(q *bot.Request, id mahalla.CaseID, round int, verdict mahalla.Verdict) error {
	c, err := q.Tx.Case(id)
	if err != nil {
		return err
	}
	if round != 0 && round != c.Round {
		return mahalla.Refuse(mahalla.Conflict, "stale")
	}
	if err := casework.MayReopen(q.Tx, q.Contact, c, q.Now); err != nil {
		return h.object(q, c, verdict, err)
	}
	h.ask(q, casework.FlowReopen, c, map[string]string{"verdict": string(verdict)})
	return h.sayOf(q, c.ID, asks(c, "ask.reopen", "ask.reopen_alias"), "number", c.Number.String())
}

// object records the verdict on a case that was reopened as often as it may be;
// any other refusal stays one.
func (h *Handlers) object(q *bot.Request, c *mahalla.Case, verdict mahalla.Verdict, err error) error {
	var refusal *mahalla.Error
	if !errors.As(err, &refusal) || refusal.Reason != "reopened_twice" || c.Verdict != mahalla.NoVerdict {
		return err
	}
	if _, err := h.desk.Object(q.Tx, q.Contact, c.ID, c.Round, verdict, q.Now); err != nil {
		return err
	}
	if q.Event.Kind == bot.KindPress {
		return h.toast(q, "toast.objected")
	}
	return done(q)
}

// hearReopening reopens the case with the person's reason. Its card comes anew.
func (h *Handlers) hearReopening(q *bot.Request) error {
	words, err := said(q)
	if err != nil {
		return err
	}
	question := q.Contact.Dialogue.Question
	_, err = h.desk.Reopen(q.Tx, q.Contact, question.Case, question.Round, mahalla.Verdict(question.Data["verdict"]), words, q.Now)
	if err != nil {
		return err
	}
	q.Contact.Dialogue.Question = nil
	return nil
}

// typedReopen reopens in one line: /qayta 4821-0937 reason.
func (h *Handlers) typedReopen(q *bot.Request) error {
	return h.reopenTyped(q, mahalla.VerdictUnsolved)
}

// typedPartly is the same for what was solved in part: /qisman 4821-0937 reason.
func (h *Handlers) typedPartly(q *bot.Request) error {
	return h.reopenTyped(q, mahalla.VerdictPartly)
}

func (h *Handlers) reopenTyped(q *bot.Request, verdict mahalla.Verdict) error {
	c, words, err := h.caseNamed(q)
	if err != nil {
		return err
	}
	if words == "" && q.Event.Media == nil {
		return h.askReopening(q, c.ID, 0, verdict)
	}
	answered(q, casework.FlowReopen, c.ID)
	_, err = h.desk.Reopen(q.Tx, q.Contact, c.ID, 0, verdict, typed(q, words), q.Now)
	return h.orDraft(q, words, err)
}
