package handlers

import (
	"time"

	"koprik/bot"
	"koprik/casework"
	"koprik/locales"
	"koprik/mahalla"
)

// askWhich hears a bare yes or no, or an answer that may be to one of several
// invitations, and asks what is meant. It tells whether it did.
func (h *Handlers) askWhich(q *bot.Request, answer mahalla.RSVP, open []mahalla.MeetingID) (bool, error) {
	about := mahalla.MeetingID(0)
	switch len(open) {
	case 0:
		return false, nil
	case 1:
		about = open[0]
	}
	return true, h.askComing(q, about, answer)
}

// askComing asks whether what was just written is an answer to an invitation.
func (h *Handlers) askComing(q *bot.Request, id mahalla.MeetingID, answer mahalla.RSVP) error {
	return h.desk.AskComing(q.Tx, q.Contact, id, answer, locales.Clean(q.Event.Text), q.Event.Message, q.Now)
}

// pressComing says what was meant.
func (h *Handlers) pressComing(q *bot.Request) error {
	question := q.Contact.Dialogue.Question
	if question == nil || question.Flow != casework.FlowComing || question.Serial != q.Event.Press.Round {
		return mahalla.Refuse(mahalla.Conflict, "coming_gone")
	}
	answer := mahalla.RSVP(q.Event.Press.Arg)
	switch answer {
	case casework.ComingReport:
		return h.keepComing(q)
	case mahalla.RSVPYes, mahalla.RSVPNo:
	default:
		return mahalla.Refuse(mahalla.Invalid, "forged")
	}
	if err := h.settleComing(q, pressedMeeting(q), answer); err != nil {
		return err
	}
	if answer == mahalla.RSVPYes {
		return h.toast(q, "toast.coming")
	}
	return h.toast(q, "toast.not_coming")
}

// settleComing writes the answer down.
func (h *Handlers) settleComing(q *bot.Request, id mahalla.MeetingID, answer mahalla.RSVP) error {
	if err := h.desk.ReplyMeeting(q.Tx, q.Contact, id, answer, time.Time{}, mahalla.Anytime, q.Now); err != nil {
		return err
	}
	return h.desk.Settled(q.Tx, q.Contact, id, q.Now)
}

// keepComing goes on with the words as a part of a report.
func (h *Handlers) keepComing(q *bot.Request) error {
	_, words, message, _ := casework.ComingMeant(q.Contact)
	if err := h.desk.Settled(q.Tx, q.Contact, 0, q.Now); err != nil {
		return err
	}
	said := q.Event
	q.Event.Text, q.Event.Message, q.Event.Media = words, message, nil
	err := h.part(q)
	q.Event = said
	q.React("")
	return err
}

// hearComing hears in words what was meant: a yes or a no, words that say whether the
// person comes, or a number of the list. Anything else goes on with the report.
func (h *Handlers) hearComing(q *bot.Request) error {
	meant, _, _, _ := casework.ComingMeant(q.Contact)
	about := mahalla.MeetingID(q.Contact.Dialogue.Question.Case)
	words := locales.Clean(q.Event.Text)
	said := h.desk.HearComing(words)
	yes, no := h.desk.Yes(words), h.desk.No(words)
	switch {
	case q.Event.Media != nil:
	case about == 0:
		id, err := h.desk.ComingNumbered(q.Tx, q.Contact, words, q.Now)
		if err != nil {
			return err
		}
		if id != 0 {
			return h.saidComing(q, id, meant)
		}
	case said != "":
		return h.saidComing(q, about, said)
	case yes && meant != "":
		return h.saidComing(q, about, meant)
	case yes:
		return h.saidComing(q, about, mahalla.RSVPYes)
	case no && meant == "":
		return h.saidComing(q, about, mahalla.RSVPNo)
	}
	if err := h.keepComing(q); err != nil {
		return err
	}
	if no || about == 0 && (yes || said != "") { // it said no more than that
		return nil
	}
	return h.message(q)
}

func (h *Handlers) saidComing(q *bot.Request, id mahalla.MeetingID, answer mahalla.RSVP) error {
	if err := h.settleComing(q, id, answer); err != nil {
		return err
	}
	return done(q)
}
