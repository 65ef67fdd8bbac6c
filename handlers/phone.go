package handlers

import (
	"strings"

	"koprik/bot"
	"koprik/casework"
	"koprik/locales"
	"koprik/mahalla"
)

// pressPhone shows the reporter's number to the officer, or takes it back.
func (h *Handlers) pressPhone(q *bot.Request) error {
	if q.Event.Press.Arg == "hide" {
		if _, err := h.desk.HidePhone(q.Tx, q.Contact, q.Now); err != nil {
			return err
		}
		return h.toast(q, "toast.phone_hidden")
	}
	return h.sharePhone(q, pressedCase(q))
}

// typedPhone is the same in words: /raqam 4821-0937, of the newest open report
// without a number, and /raqam yoq takes the own number back from all.
func (h *Handlers) typedPhone(q *bot.Request) error {
	if number, no := firstNumber(q.Event.Args); h.desk.No(locales.Clean(q.Event.Args)) || number != "" && h.desk.No(locales.Clean(no)) {
		hidden, err := h.desk.HidePhone(q.Tx, q.Contact, q.Now)
		if err != nil {
			return err
		}
		if !hidden {
			return h.say(q, "phone.not_given")
		}
		return done(q)
	}
	if strings.TrimSpace(q.Event.Args) != "" {
		c, _, err := h.caseNamed(q)
		if err != nil {
			return err
		}
		return h.sharePhone(q, c.ID)
	}
	open, err := q.Tx.OpenOf(q.Contact.ID, q.Now.Add(-mahalla.AskedWithin), 1)
	if err != nil {
		return err
	}
	if len(open) == 0 {
		return mahalla.Refuse(mahalla.NotFound, "phone_later")
	}
	return h.sharePhone(q, open[0])
}

// sharePhone shows the number that is known, or asks for it.
func (h *Handlers) sharePhone(q *bot.Request, id mahalla.CaseID) error {
	c, err := q.Tx.Case(id)
	if err != nil {
		return err
	}
	if err := c.MayReport(q.Contact.ID, mahalla.VerbWithdraw, q.Now); err != nil {
		return err
	}
	if c.Alias != "" {
		return mahalla.Refuse(mahalla.Invalid, "phone_anonymous", "number", c.Number.String())
	}
	if !q.Contact.HasPhone {
		h.ask(q, casework.FlowShare, c, nil)
		return h.show(q, casework.NoticeShare, true)
	}
	if _, err := h.desk.ShowPhone(q.Tx, q.Contact, id, q.Now); err != nil {
		return err
	}
	if q.Event.Kind == bot.KindPress {
		return h.toast(q, "toast.phone_shown")
	}
	return done(q)
}

// hearShare takes the reporter's own number, and nobody else's. Words are heard
// as if nothing had been asked: nobody has to give a number.
func (h *Handlers) hearShare(q *bot.Request) error {
	switch {
	case q.Event.Contact == nil:
		return h.message(q)
	case !q.Event.Contact.Own:
		return mahalla.Refuse(mahalla.Invalid, "phone_other")
	}
	phone := mahalla.PhoneOf(q.Event.Contact.Phone)
	if phone == "" {
		return mahalla.Refuse(mahalla.Invalid, "phone_other")
	}
	question := q.Contact.Dialogue.Question
	c, err := h.desk.GivePhone(q.Tx, q.Contact, question.Case, phone, q.Now)
	if err != nil {
		return err
	}
	q.Contact.Dialogue.Question = nil
	return h.sayOf(q, c.ID, "phone.given")
}
