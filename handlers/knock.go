package handlers

import (
	"time"

	"koprik/bot"
	"koprik/casework"
	"koprik/locales"
	"koprik/mahalla"
)

// pressRead shows the reporter what waits to be read.
func (h *Handlers) pressRead(q *bot.Request) error { return h.read(q, pressedCase(q)) }

// read shows it; what is written next answers the question, if it was one.
func (h *Handlers) read(q *bot.Request, id mahalla.CaseID) error {
	c, err := h.desk.Read(q.Tx, q.Contact, id, q.Now)
	if err != nil {
		return err
	}
	if c.Status == mahalla.Waiting {
		h.ask(q, casework.FlowAnswer, c, nil)
	}
	return nil
}

// typedRead is the same in words: /oqish, or with the number.
func (h *Handlers) typedRead(q *bot.Request) error {
	id, _, err := h.knocking(q)
	if err != nil {
		return err
	}
	h.typedAbout(q, id)
	return h.read(q, id)
}

// pressPutOff asks when, or asks again at the usual moment that was chosen.
func (h *Handlers) pressPutOff(q *bot.Request) error {
	at := time.Time{}
	switch q.Event.Press.Arg {
	case casework.PutOffHour:
		at = q.Now.Add(time.Hour)
	case casework.PutOffEvening:
		at = mahalla.Evening(q.Now.In(locales.Tashkent()))
	default:
		return h.askWhen(q, pressedCase(q))
	}
	_, err := h.desk.PutOff(q.Tx, q.Contact, pressedCase(q), at, q.Now)
	return err
}

// askWhen asks when the reporter wants to be asked again.
func (h *Handlers) askWhen(q *bot.Request, id mahalla.CaseID) error {
	c, err := q.Tx.Case(id)
	if err != nil {
		return err
	}
	if c.Reporter != q.Contact.ID {
		return mahalla.Refuse(mahalla.NotFound, "case_not_found")
	}
	return h.showCase(q, mahalla.CardKnock, id, false, map[string]string{"choose": "later"})
}

// typedPutOff is the same in words: /keyin 20:00, with the number before it where
// there are several.
func (h *Handlers) typedPutOff(q *bot.Request) error {
	id, rest, err := h.knocking(q)
	if err != nil {
		return err
	}
	h.typedAbout(q, id)
	if rest == "" {
		return h.askWhen(q, id)
	}
	at, err := h.desk.ParseWhen(rest, q.Now)
	if err != nil {
		return err
	}
	if !at.After(q.Now) && q.Now.Sub(at) < 24*time.Hour { // a time of day that is over is tomorrow's
		at = at.AddDate(0, 0, 1)
	}
	if _, err := h.desk.PutOff(q.Tx, q.Contact, id, at, q.Now); err != nil {
		return err
	}
	return done(q)
}

// pressWipe takes what was said about a case off the screen.
func (h *Handlers) pressWipe(q *bot.Request) error {
	if _, err := h.desk.Wipe(q.Tx, q.Contact, pressedCase(q), q.Now); err != nil {
		return err
	}
	return h.toast(q, "wipe.done")
}

// typedWipe is the same in words: /tozala, of the newest such case, or with the
// number. The command goes with the rest.
func (h *Handlers) typedWipe(q *bot.Request) error {
	id, err := h.wipeNamed(q)
	if err != nil {
		return err
	}
	h.typedAbout(q, id)
	if _, err := h.desk.Wipe(q.Tx, q.Contact, id, q.Now); err != nil {
		return err
	}
	return h.say(q, "wipe.done")
}

// wipeNamed is the case whose number follows the command, or the newest open one
// that is quiet.
func (h *Handlers) wipeNamed(q *bot.Request) (mahalla.CaseID, error) {
	open, err := q.Tx.OpenOf(q.Contact.ID, q.Now.Add(-mahalla.AskedWithin), 10)
	if err != nil {
		return 0, err
	}
	for _, id := range open {
		c, err := q.Tx.Case(id)
		if err != nil {
			return 0, err
		}
		if c.Quiet() && q.Event.Args == "" {
			return id, nil
		}
	}
	c, _, err := h.caseNamed(q)
	if err != nil {
		return 0, err
	}
	return c.ID, nil
}

// knocking is the case that a command is about in which something waits to be
// read: the one with the number, or the one that has waited longest.
func (h *Handlers) knocking(q *bot.Request) (id mahalla.CaseID, rest string, err error) {
	number, _ := firstNumber(q.Event.Args)
	if _, err := mahalla.ParseNumber(number); err == nil {
		c, rest, err := h.caseNamed(q)
		if err != nil {
			return 0, rest, err
		}
		return c.ID, rest, nil
	}
	waiting, err := q.Tx.KnockedFor(q.Contact.ID)
	if err == nil && len(waiting) == 0 {
		err = mahalla.Refuse(mahalla.NotFound, "nothing_new")
	}
	if err != nil {
		return 0, "", err
	}
	return waiting[0], q.Event.Args, nil
}

// typedAbout says that the message with a command is about a case, so that it
// goes with the rest when the screen is cleared.
func (h *Handlers) typedAbout(q *bot.Request, id mahalla.CaseID) {
	q.Tx.Concern(q.Event.Chat, []int64{q.Event.Message}, id)
}

// toKnock hears "yes" or "later", written in place of a press while something
// waits to be read. It tells whether it was that.
func (h *Handlers) toKnock(q *bot.Request) (bool, error) {
	words := locales.Clean(q.Event.Text)
	yes, later := h.desk.Yes(words), h.desk.Later(words)
	if draft := q.Contact.Dialogue.Draft; !yes && !later || draft != nil && len(draft.Parts) > 0 {
		return false, nil
	}
	waiting, err := q.Tx.KnockedFor(q.Contact.ID)
	if err != nil || len(waiting) == 0 {
		return false, err
	}
	h.typedAbout(q, waiting[0])
	if yes {
		return true, h.read(q, waiting[0])
	}
	return true, h.askWhen(q, waiting[0])
}
