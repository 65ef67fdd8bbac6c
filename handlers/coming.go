package handlers

import (
	"errors"
	"strings"
	"time"

	"koprik/bot"
	"koprik/casework"
	"koprik/locales"
	"koprik/mahalla"
)

// toInvitation hears "I come", or that not, as the answer to the only invitation, to a
// meeting or before a commission, that waits for one. It tells whether the words were that: in the middle of a report they are
// a part of it, and who is asked to nothing reports.
func (h *Handlers) toInvitation(q *bot.Request) (bool, error) {
	draft := q.Contact.Dialogue.Draft
	if q.Event.ReplyTo != 0 || q.Event.Media != nil || draft != nil && len(draft.Parts) > 0 {
		return false, nil
	}
	answer := h.desk.HearComing(locales.Clean(q.Event.Text))
	if answer == "" {
		return false, nil
	}
	meetings, err := h.desk.Unanswered(q.Tx, q.Contact, q.Now)
	if err != nil {
		return false, err
	}
	consents, err := h.desk.UnansweredParties(q.Tx, q.Contact)
	switch {
	case err != nil:
		return false, err
	case len(meetings) == 1 && len(consents) == 0:
		return true, h.answerInvitation(q, meetings[0], answer)
	case len(meetings) == 0 && len(consents) == 1:
		return true, h.party(q, consents[0], answer == mahalla.RSVPYes, true)
	case len(meetings)+len(consents) > 1:
		return true, mahalla.Refuse(mahalla.Invalid, "meeting_which")
	}
	return false, nil
}

// replyParty hears the answer of a side of an item in reply to the card that asks for it.
// It tells whether it was one.
func (h *Handlers) replyParty(q *bot.Request) (bool, error) {
	words := locales.Clean(q.Event.Text)
	answer := h.desk.HearComing(words)
	agrees := answer == mahalla.RSVPYes || h.desk.Yes(words)
	if !agrees && answer != mahalla.RSVPNo && !h.desk.No(words) || q.Event.Media != nil {
		return false, nil
	}
	about, err := q.Tx.CaseOfMessage(q.Event.Chat, q.Event.ReplyTo)
	if err != nil || about == 0 {
		return false, err
	}
	item, err := h.desk.PartyItem(q.Tx, q.Contact, about)
	if err != nil || item == 0 {
		return false, err
	}
	return true, h.party(q, item, agrees, true)
}

// answerInvitation answers an invitation and shows it with the answer, where that can be
// changed.
func (h *Handlers) answerInvitation(q *bot.Request, id mahalla.MeetingID, answer mahalla.RSVP) error {
	if err := h.desk.ReplyMeeting(q.Tx, q.Contact, id, answer, time.Time{}, mahalla.Anytime, q.Now); err != nil {
		return err
	}
	return h.showCase(q, casework.CardMeeting, mahalla.CaseID(id), true, nil)
}

// mostAnswered is how many words a slip in an answer to an invitation may have: more, or a
// picture, may be a report, and are kept as one.
const mostAnswered = 3

// replyMeeting hears words in reply to the card of a meeting: whether the person comes,
// or another time. It tells whether they were said of a meeting.
func (h *Handlers) replyMeeting(q *bot.Request) (bool, error) {
	id, err := q.Tx.MeetingOfMessage(q.Event.Chat, q.Event.ReplyTo)
	if err != nil || id == 0 || h.desk.Danger(q.Event.Text) {
		return false, err
	}
	m, err := q.Tx.Meeting(id)
	if err != nil || m == nil {
		return false, err
	}
	words := locales.Clean(q.Event.Text)
	p := h.desk.SeatOf(q.Contact, m, q.Now)
	answer := h.desk.HearComing(words)
	switch {
	case p == nil || !m.Open(q.Now):
		return true, mahalla.Refuse(mahalla.Conflict, "meeting_over")
	case answer != "":
		return true, h.answerInvitation(q, id, answer)
	case h.desk.Yes(words):
		return true, h.answerInvitation(q, id, mahalla.RSVPYes)
	case h.desk.No(words):
		return true, h.answerInvitation(q, id, mahalla.RSVPNo)
	}
	err = h.proposeOther(q, id, words)
	if refusal := (*mahalla.Error)(nil); errors.As(err, &refusal) && refusal.Reason == "meeting_unreadable" {
		if q.Event.Media != nil || len(strings.Fields(words)) > mostAnswered {
			return true, h.instead(q, mahalla.Refuse(mahalla.Conflict, "meeting_report"))
		}
		return true, mahalla.Refuse(mahalla.Invalid, "meeting_reply")
	}
	if err != nil {
		return true, err
	}
	return true, done(q)
}
