package handlers

import (
	"strconv"

	"koprik/bot"
	"koprik/casework"
	"koprik/mahalla"
)

// pressJoin takes or declines an invitation.
func (h *Handlers) pressJoin(q *bot.Request) error {
	question := q.Contact.Dialogue.Question
	if question == nil || question.Flow != casework.FlowJoin || question.Serial != q.Event.Press.Round {
		return mahalla.Refuse(mahalla.Conflict, "invitation_gone")
	}
	q.Tx.AdoptCard(q.Contact.ID, casework.CardJoin, 0, q.Event.Message)
	if q.Event.Press.Arg != "yes" {
		q.Contact.Dialogue.Question = nil
		return h.declined(q)
	}
	return h.join(q)
}

// declined says that an invitation was declined. What was written before the
// consent still waits for that.
func (h *Handlers) declined(q *bot.Request) error {
	if err := h.showCase(q, casework.CardJoin, 0, false, map[string]string{"answer": "no"}); err != nil {
		return err
	}
	if !waits(q) {
		return nil
	}
	return h.show(q, casework.CardWelcome, true)
}

// waits tells whether there are words that wait for the consent.
func waits(q *bot.Request) bool { return !q.Contact.Consented && begun(q) }

// begun tells whether there are words for a draft.
func begun(q *bot.Request) bool {
	draft := q.Contact.Dialogue.Draft
	return draft != nil && len(draft.Parts) > 0
}

// resumeDraft shows the draft that was begun before the consent, where there is
// one. It is touched: the person comes to it only now.
func (h *Handlers) resumeDraft(q *bot.Request) error {
	if !begun(q) {
		return nil
	}
	q.Contact.Dialogue.Draft.Touched = q.Now
	return h.show(q, casework.CardDraft, true)
}

// join takes the invitation and asks an officer for the own number.
func (h *Handlers) join(q *bot.Request) error {
	args := map[string]string{"answer": "yes"}
	if question := q.Contact.Dialogue.Question; question != nil {
		args["role"], args["place"] = question.Data["role"], question.Data["place"]
	}
	awaits, err := h.desk.Join(q.Tx, q.Contact, q.Now)
	if err != nil {
		return err
	}
	if awaits {
		args["answer"] = "awaits"
	}
	if err := h.showCase(q, casework.CardJoin, 0, false, args); err != nil {
		return err
	}
	if q.Contact.Dialogue.Question == nil { // an activist needs no number
		return h.joined(q)
	}
	return h.show(q, casework.NoticePhone, true)
}

// besidePhone keeps what somebody says who is asked for the number: it may be a
// report, and who serves as an officer is a neighbour too. The number is still
// wanted, and the key for it stays. A call for help is heard without this.
func (h *Handlers) besidePhone(q *bot.Request) error {
	if begun(q) {
		return h.part(q)
	}
	return h.instead(q, mahalla.Refuse(mahalla.Invalid, "phone_beside"))
}

// hearPhone takes the officer's own number, and nobody else's.
func (h *Handlers) hearPhone(q *bot.Request) error {
	said := mahalla.Tells(q.Event.Text) || q.Event.Media != nil
	switch {
	case q.Event.Contact == nil && said && !h.desk.Danger(q.Event.Text):
		return h.besidePhone(q)
	case q.Event.Contact == nil:
		return mahalla.Refuse(mahalla.Invalid, "phone_only")
	case !q.Event.Contact.Own:
		return mahalla.Refuse(mahalla.Invalid, "phone_other")
	}
	phone := mahalla.PhoneOf(q.Event.Contact.Phone)
	if phone == "" {
		return mahalla.Refuse(mahalla.Invalid, "phone_only")
	}
	if err := h.desk.Phone(q.Tx, q.Contact, phone, q.Now); err != nil {
		return err
	}
	if draft := q.Contact.Dialogue.Draft; draft != nil {
		draft.Instead = nil // the number is there
	}
	if err := h.say(q, "join.phone_kept"); err != nil {
		return err
	}
	if q.Contact.Dialogue.Question == nil { // somebody has to approve first
		return h.joined(q)
	}
	return h.show(q, casework.CardTest, true)
}

// contact hears a contact that nothing asked for: an officer who has left the
// joining half-way goes on with it.
func (h *Handlers) contact(q *bot.Request) error {
	if kind, ok := h.desk.Resume(q.Contact, q.Now); ok {
		if kind == casework.NoticePhone {
			return h.hearPhone(q)
		}
		return h.show(q, kind, true)
	}
	return strayContact(q)
}

// strayContact refuses a contact that nothing asked for, and says what to do.
func strayContact(q *bot.Request) error {
	if q.Event.Contact.Own {
		return mahalla.Refuse(mahalla.Invalid, "contact_own")
	}
	return mahalla.Refuse(mahalla.Invalid, "contact_other")
}

// pressTest proves that the officer can be reached.
func (h *Handlers) pressTest(q *bot.Request) error {
	question := q.Contact.Dialogue.Question
	if question == nil || question.Flow != casework.FlowTest || question.Serial != q.Event.Press.Round {
		kind, ok := h.desk.Resume(q.Contact, q.Now)
		if !ok {
			return mahalla.Refuse(mahalla.Conflict, "stale")
		}
		return h.show(q, kind, true)
	}
	q.Tx.AdoptCard(q.Contact.ID, casework.CardTest, 0, q.Event.Message)
	return h.tested(q)
}

// typedReady is the test card in words, and reminds those who have to approve.
func (h *Handlers) typedReady(q *bot.Request) error {
	if a, err := h.desk.Awaits(q.Tx, q.Contact); err != nil {
		return err
	} else if a != nil && !q.Contact.Serves(q.Now) {
		return h.typedAwait(q)
	}
	if kind, ok := h.desk.Resume(q.Contact, q.Now); !ok || kind != casework.CardTest {
		return mahalla.Refuse(mahalla.Conflict, "stale")
	}
	q.React("👌")
	return h.tested(q)
}

func (h *Handlers) tested(q *bot.Request) error {
	if err := h.desk.Tested(q.Tx, q.Contact, q.Now); err != nil {
		return err
	}
	if err := h.show(q, casework.CardTest, false); err != nil {
		return err
	}
	return h.joined(q)
}

// joined goes on where joining has interrupted: the terms, if they were shown,
// ask nothing any more, and what was written before is the draft.
func (h *Handlers) joined(q *bot.Request) error {
	if err := h.menu(q); err != nil {
		return err
	}
	if !h.firstMeeting(q) {
		if err := h.show(q, casework.CardWelcome, false); err != nil {
			return err
		}
	}
	return h.resumeDraft(q)
}

func number(n int) string { return strconv.Itoa(n) }
