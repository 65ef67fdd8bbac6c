package handlers

import (
	"errors"
	"slices"
	"strings"
	"time"

	"koprik/bot"
	"koprik/casework"
	"koprik/locales"
	"koprik/mahalla"
)

// toInvitation hears "I come", or that not, as the answer to the only invitation, to a
// meeting or before a commission, that waits for one; where none waits, as a change of
// mind about the only meeting. Of a bare yes or no it is asked whether it is one, and
// where several wait, to which. It tells whether the words were that: in the middle of a
// report they are a part of it, and who is asked to nothing reports.
func (h *Handlers) toInvitation(q *bot.Request) (bool, error) {
	draft := q.Contact.Dialogue.Draft
	if q.Event.ReplyTo != 0 || q.Event.Media != nil || draft != nil && len(draft.Parts) > 0 {
		return false, nil
	}
	words := locales.Clean(q.Event.Text)
	answer, bare := h.desk.HearComing(words), mahalla.RSVP("")
	switch {
	case answer != "":
	case h.desk.Yes(words):
		bare = mahalla.RSVPYes
	case h.desk.No(words):
		bare = mahalla.RSVPNo
	default:
		return false, nil
	}
	asked, err := h.desk.Invited(q.Tx, q.Contact, q.Now)
	if err != nil {
		return false, err
	}
	consents, err := h.desk.UnansweredParties(q.Tx, q.Contact)
	switch open, silent := len(asked.Open), len(asked.Unanswered); {
	case err != nil:
		return false, err
	case open+len(consents) == 0:
		return false, nil
	case bare != "" && len(consents) == 0:
		return h.askWhich(q, bare, asked.Open)
	case bare != "":
		return false, nil
	case silent == 1 && len(consents) == 0:
		return true, h.answerInvitation(q, asked.Unanswered[0], answer)
	case open == 1 && len(consents) == 0:
		return true, h.answerInvitation(q, asked.Open[0], answer)
	case len(consents) == 0:
		return h.askWhich(q, answer, asked.Open)
	case open > 0 || len(consents) > 1:
		return true, mahalla.Refuse(mahalla.Invalid, "meeting_which")
	case answer == mahalla.RSVPYes:
		return true, h.party(q, consents[0], true, true)
	}
	// That somebody cannot come refuses no commission: the question is put again.
	return true, h.showCase(q, mahalla.CardParty, mahalla.CaseID(consents[0]), true, nil)
}

// replyParty hears the answer of a side of an item in reply to the living card that asks
// for it, and to nothing else about the item. It tells whether it was one. Who has agreed
// takes that back only in words that say so: whether he or she comes is said of the meeting.
func (h *Handlers) replyParty(q *bot.Request) (bool, error) {
	words := locales.Clean(q.Event.Text)
	answer := h.desk.HearComing(words)
	agrees, withdraws := h.desk.Yes(words), h.desk.Withdraws(words)
	if answer == "" && !agrees && !withdraws && !h.desk.No(words) || q.Event.Media != nil {
		return false, nil
	}
	item, err := h.asksParty(q)
	if err != nil || item == nil {
		return false, err
	}
	if withdraws || item.PartyOf(q.Contact.ID).Consent != mahalla.ConsentGiven {
		return true, h.party(q, item.ID, agrees || answer == mahalla.RSVPYes, true)
	}
	if answer != "" {
		m, err := q.Tx.MeetingOfItem(item.ID)
		if err != nil {
			return true, err
		}
		if m != nil && m.Open(q.Now) && h.desk.SeatOf(q.Contact, m, q.Now) != nil {
			return true, h.answerInvitation(q, m.ID, answer)
		}
	}
	return true, h.showCase(q, mahalla.CardParty, mahalla.CaseID(item.ID), true, nil)
}

// asksParty is the item whose side is answering the card that asks for its consent; nil
// when the reply is to any other message.
func (h *Handlers) asksParty(q *bot.Request) (*mahalla.Item, error) {
	about, err := q.Tx.CaseOfMessage(q.Event.Chat, q.Event.ReplyTo)
	if err != nil || about == 0 {
		return nil, err
	}
	item, err := h.desk.PartyItem(q.Tx, q.Contact, about)
	if err != nil || item == nil {
		return nil, err
	}
	card, err := q.Tx.Card(q.Contact.ID, mahalla.CardParty, about)
	if err != nil || card.MessageID != q.Event.ReplyTo {
		return nil, err
	}
	return item, nil
}

// answerInvitation answers an invitation and shows it with the answer, where that can be
// changed.
func (h *Handlers) answerInvitation(q *bot.Request, id mahalla.MeetingID, answer mahalla.RSVP) error {
	if err := h.desk.ReplyMeeting(q.Tx, q.Contact, id, answer, time.Time{}, mahalla.Anytime, q.Now); err != nil {
		return err
	}
	return h.showCase(q, casework.CardMeeting, mahalla.CaseID(id), true, nil)
}

// mostAnswered is how many words a slip in an answer to an invitation may have: more may be
// a report, as a picture may, and are kept as one.
const mostAnswered = 3

// replyMeeting hears words in reply to the card of a meeting: whether the person comes,
// or another time. It tells whether they were said of a meeting.
func (h *Handlers) replyMeeting(q *bot.Request) (bool, error) {
	if h.desk.Danger(q.Event.Text) {
		return false, nil
	}
	id, err := q.Tx.MeetingOfMessage(q.Event.Chat, q.Event.ReplyTo)
	if err != nil {
		return false, err
	}
	if id == 0 {
		heard := false
		if id, heard, err = h.replyReminder(q); heard || err != nil || id == 0 {
			return heard, err
		}
	}
	m, err := q.Tx.Meeting(id)
	if err != nil || m == nil {
		return false, err
	}
	words := locales.Clean(q.Event.Text)
	p := h.desk.SeatOf(q.Contact, m, q.Now)
	heard := h.desk.HearReply(words)
	switch {
	case q.Event.Media != nil && (heard.Answer == "" || p == nil || !m.Open(q.Now)): // it is kept
		return true, h.instead(q, mahalla.Refuse(mahalla.Conflict, "meeting_report"))
	case p == nil || !m.Open(q.Now):
		return true, mahalla.Refuse(mahalla.Conflict, "meeting_over")
	case heard.Answer != "":
		if err := h.answerInvitation(q, id, heard.Answer); err != nil || q.Event.Media == nil {
			return true, err
		}
		return true, h.say(q, "coming.picture") // there is nowhere to keep it
	}
	if heard.Doubt {
		words = heard.Rest // the time may stand behind a "no"
	}
	err = h.proposeOther(q, id, h.desk.TimeWished(words))
	if refusal := (*mahalla.Error)(nil); errors.As(err, &refusal) && refusal.Reason == "meeting_unreadable" {
		if heard.Doubt {
			return true, h.askComing(q, id, "")
		}
		if len(strings.Fields(words)) > mostAnswered {
			return true, h.instead(q, mahalla.Refuse(mahalla.Conflict, "meeting_report"))
		}
		return true, mahalla.Refuse(mahalla.Invalid, "meeting_reply")
	}
	if err != nil {
		return true, err
	}
	return true, done(q)
}

// replyReminder finds the meeting that the reminder which is answered is about; 0 when
// it is about none. Where the message reminds of more, only whether somebody comes is
// said of the meeting, and of several meetings it is asked which.
func (h *Handlers) replyReminder(q *bot.Request) (mahalla.MeetingID, bool, error) {
	given, err := q.Tx.RemindersAt(q.Contact.ID, q.Event.ReplyTo)
	if err != nil {
		return 0, false, err
	}
	var meetings []int64
	for _, r := range given {
		if r.Kind.OfMeeting() && !slices.Contains(meetings, r.About) {
			meetings = append(meetings, r.About)
		}
	}
	comes := h.desk.HearComing(locales.Clean(q.Event.Text)) != ""
	switch {
	case len(meetings) == 0 || len(given) > 1 && !comes:
		return 0, false, nil
	case len(meetings) > 1:
		return 0, true, mahalla.Refuse(mahalla.Invalid, "meeting_which")
	}
	return mahalla.MeetingID(meetings[0]), false, nil
}
