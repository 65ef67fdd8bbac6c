package handlers

import (
	"koprik/bot"
	"koprik/casework"
	"koprik/mahalla"
)

// registerApprovals registers how a second person answers for somebody who wants
// to join.
func (h *Handlers) registerApprovals(r *bot.Router) {
	r.Button(casework.PressApprove, h.awake(h.pressApprove))
	r.Button(casework.PressAwait, h.awake(h.pressAwait))
	r.Command("tanish", h.awake(h.serving(h.typedApprove)))
}

// pressApprove answers whether somebody is known, or shows the number.
func (h *Handlers) pressApprove(q *bot.Request) error {
	id := q.Event.Press.Subject
	q.Tx.AdoptCard(q.Contact.ID, casework.CardApproval, mahalla.CaseID(id), q.Event.Message)
	switch q.Event.Press.Arg {
	case "yes", "no":
		return h.approve(q, id, q.Event.Press.Arg == "yes")
	}
	return h.showNumber(q, id, false)
}

func (h *Handlers) approve(q *bot.Request, id int64, granted bool) error {
	if err := h.desk.Approve(q.Tx, q.Contact, id, granted, q.Now); err != nil {
		return err
	}
	return h.showCase(q, casework.CardApproval, mahalla.CaseID(id), false, nil)
}

// showNumber shows the number of who waits, on the card.
func (h *Handlers) showNumber(q *bot.Request, id int64, afresh bool) error {
	if err := h.desk.MayCall(q.Tx, q.Contact, id, q.Now); err != nil {
		return err
	}
	if afresh {
		q.Tx.ForgetCard(q.Contact.ID, casework.CardApproval, mahalla.CaseID(id))
	}
	return h.showCase(q, casework.CardApproval, mahalla.CaseID(id), afresh, map[string]string{"phone": "yes"})
}

// typedApprove is the same in words: /tanish lists who waits; /tanish 1 shows the
// number; /tanish 1 ha and /tanish 1 yoʻq answer. Of one alone no number is needed.
func (h *Handlers) typedApprove(q *bot.Request) error {
	if q.Event.Args == "" {
		n, err := h.desk.ShowApprovals(q.Tx, q.Contact, q.Now)
		if err == nil && n == 0 {
			err = mahalla.Refuse(mahalla.NotFound, "approval_gone")
		}
		return err
	}
	id, words, err := h.desk.ApprovalNamed(q.Tx, q.Contact, q.Event.Args, q.Now)
	switch {
	case err != nil:
		return err
	case h.desk.Yes(words), h.desk.No(words):
		q.React("👌")
		return h.approve(q, id, h.desk.Yes(words))
	}
	return h.showNumber(q, id, true)
}

// pressAwait reminds those who are to answer.
func (h *Handlers) pressAwait(q *bot.Request) error {
	asked, err := h.desk.RemindApproval(q.Tx, q.Contact, q.Now)
	switch {
	case err != nil:
		return err
	case !asked:
		return h.toast(q, "join.away")
	}
	return h.toast(q, "toast.approval_reminded")
}

// typedAwait is pressAwait in words.
func (h *Handlers) typedAwait(q *bot.Request) error {
	asked, err := h.desk.RemindApproval(q.Tx, q.Contact, q.Now)
	switch {
	case err != nil:
		return err
	case !asked:
		return h.say(q, "join.away")
	}
	q.React("👌")
	return nil
}

// awaits shows who waits for a second person that it is so. It tells whether the
// person does.
func (h *Handlers) awaits(q *bot.Request) (bool, error) {
	a, err := h.desk.Awaits(q.Tx, q.Contact)
	if err != nil || a == nil {
		return false, err
	}
	q.Tx.ForgetCard(q.Contact.ID, casework.CardJoin, 0)
	return true, h.show(q, casework.CardJoin, true)
}
