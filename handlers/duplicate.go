package handlers

import (
	"errors"
	"strconv"

	"koprik/bot"
	"koprik/casework"
	"koprik/mahalla"
)

// pressDuplicate shows of which cases the officer's may be a duplicate, or gives it
// up for one of them.
func (h *Handlers) pressDuplicate(q *bot.Request) error {
	arg := q.Event.Press.Arg
	if arg == "" {
		c, err := h.current(q, pressedCase(q), q.Event.Press.Round)
		if err != nil {
			return err
		}
		return h.chooseTwin(q, c, false)
	}
	into, err := strconv.ParseInt(arg, 10, 64)
	if err != nil {
		return mahalla.Refuse(mahalla.Invalid, "forged")
	}
	c, err := h.desk.Duplicate(q.Tx, q.Contact, pressedCase(q), q.Event.Press.Round, mahalla.CaseID(into), q.Now)
	if err != nil {
		return err
	}
	return h.toast(q, "toast.duplicate", "number", c.Number.String())
}

// chooseTwin lets the officer's card ask of which case it is a duplicate.
func (h *Handlers) chooseTwin(q *bot.Request, c *mahalla.Case, afresh bool) error {
	if err := h.desk.MayDuplicate(q.Contact, c, q.Now); err != nil {
		return err
	}
	return h.chooseOn(q, c, "twin", afresh)
}

// typedDuplicate is the same in words: /takror 4821-0937 5133-2840, or with the
// first number alone, which asks.
func (h *Handlers) typedDuplicate(q *bot.Request) error {
	c, other, err := h.caseNamed(q)
	if err != nil {
		return err
	}
	if other == "" {
		return h.chooseTwin(q, c, true)
	}
	into, err := h.desk.CaseByNumber(q.Tx, q.Contact, other, q.Now)
	if err != nil {
		return err
	}
	if _, err := h.desk.Duplicate(q.Tx, q.Contact, c.ID, 0, into.ID, q.Now); err != nil {
		return err
	}
	return done(q)
}

// mayAdd tells whether a case takes more words of the person.
func (h *Handlers) mayAdd(q *bot.Request, c *mahalla.Case) error {
	worked := c
	if c.MergedBy != 0 && c.Reporter == q.Contact.ID {
		var err error
		if worked, err = casework.Worked(q.Tx, c); err != nil {
			return err
		}
		return worked.MayReport(worked.Reporter, mahalla.VerbAdd, q.Now)
	}
	return c.MayReport(q.Contact.ID, mahalla.VerbAdd, q.Now)
}

// addOrBegin adds a message to a case; where that has ended it begins a draft.
func (h *Handlers) addOrBegin(q *bot.Request, c *mahalla.Case) error {
	var refusal *mahalla.Error
	err := h.add(q, c.ID, 0)
	if c.MergedBy != 0 && errors.As(err, &refusal) && refusal.Code == mahalla.Conflict {
		if refusal, err = h.endedShared(q, c); err != nil {
			return err
		}
		return h.instead(q, refusal)
	}
	return err
}
