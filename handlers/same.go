package handlers

import (
	"strconv"
	"strings"

	"koprik/bot"
	"koprik/mahalla"
)

// pressMeToo gives the person's own case up for one that its receipt asks about.
func (h *Handlers) pressMeToo(q *bot.Request) error {
	nth, err := strconv.Atoi(q.Event.Press.Arg)
	if err != nil {
		return mahalla.Refuse(mahalla.Invalid, "forged")
	}
	if _, err := h.desk.JoinSame(q.Tx, q.Contact, pressedCase(q), nth, q.Now); err != nil {
		return err
	}
	return h.toast(q, "toast.joined")
}

// typedMeToo is the same in words: /menham, /menham 2, or with the number of the
// person's own case before it.
func (h *Handlers) typedMeToo(q *bot.Request) error {
	id, nth, err := h.offerNamed(q)
	if err != nil {
		return err
	}
	if _, err := h.desk.JoinSame(q.Tx, q.Contact, id, nth, q.Now); err != nil {
		return err
	}
	return done(q)
}

// pressOther says that the person's own case is something else.
func (h *Handlers) pressOther(q *bot.Request) error {
	c, err := h.desk.SetApart(q.Tx, q.Contact, pressedCase(q), q.Now)
	if err != nil {
		return err
	}
	return h.toast(q, "toast.filed", "number", c.Number.String())
}

// typedOther is the same in words: /boshqa, or with the number of that case.
func (h *Handlers) typedOther(q *bot.Request) error {
	id, _, err := h.offerNamed(q)
	if err != nil {
		return err
	}
	if _, err := h.desk.SetApart(q.Tx, q.Contact, id, q.Now); err != nil {
		return err
	}
	return done(q)
}

// offerNamed is the person's own case whose receipt asks, by its number or else
// the latest, and which of the cases offered was typed; 0 for none.
func (h *Handlers) offerNamed(q *bot.Request) (mahalla.CaseID, int, error) {
	args := strings.TrimSpace(q.Event.Args)
	nth, err := strconv.Atoi(args)
	if args != "" && (err != nil || len(args) > 1) {
		c, rest, err := h.caseNamed(q)
		if err != nil {
			return 0, 0, err
		}
		nth, _ = strconv.Atoi(rest) // anything else is the first
		return c.ID, nth, nil
	}
	id, err := q.Tx.LatestOffer(q.Contact.ID)
	if err == nil && id == 0 {
		err = mahalla.Refuse(mahalla.Conflict, "same_gone")
	}
	return id, nth, err
}

// pressUnjoin takes a join back: the person's own case lives again.
func (h *Handlers) pressUnjoin(q *bot.Request) error {
	own, err := h.desk.Unjoin(q.Tx, q.Contact, pressedCase(q), q.Now)
	if err != nil || own == nil {
		return err
	}
	return h.toast(q, "toast.filed", "number", own.Number.String())
}

// typedUnjoin is the same in words: /chiqish 4821-0937, either number.
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
