package handlers

import (
	"strconv"
	"strings"
	"time"

	"koprik/bot"
	"koprik/casework"
	"koprik/locales"
	"koprik/mahalla"
)

// meetingVerbs are the buttons on cards of meetings: after a refusal the card is
// brought up to date.
var meetingVerbs = map[string]bool{
	casework.PressMeetDay: true, casework.PressMeetClock: true, casework.PressMeetPlace: true, casework.PressMeetItem: true,
	casework.PressMeetMember: true, casework.PressMeetStep: true, casework.PressMeetCall: true, casework.PressMeetDrop: true,
	casework.PressMeetRSVP: true, casework.PressMeetSubstitute: true, casework.PressMeetConflict: true, casework.PressMeetNudge: true,
	casework.PressMeetMove: true, casework.PressMeetCancel: true, casework.PressMeetBack: true, casework.PressMeetOpen: true,
	casework.PressMeetRecord: true, casework.PressMeetAgenda: true,
}

// asksMeeting tells whether a question is about a meeting: its answer is nothing by
// itself.
func asksMeeting(question *mahalla.Question) bool {
	switch question.Flow {
	case casework.FlowConvene, casework.FlowMeetingOther, casework.FlowMeetingMove, casework.FlowMeetingCancel, casework.FlowComing:
		return true
	}
	return false
}

// freshenMeeting brings the card of a meeting up to date that was pressed; when it
// is not the living one any more, that is sent anew.
func (h *Handlers) freshenMeeting(q *bot.Request) error {
	kind, err := h.pressedKind(q)
	if err != nil {
		return err
	}
	card, err := q.Tx.Card(q.Contact.ID, kind, pressedCase(q))
	if err != nil {
		return err
	}
	return h.showCase(q, kind, pressedCase(q), card.MessageID != q.Event.Message, nil)
}

// pressedKind is which card of the meeting was pressed: that of who manages it, or
// the invitation, for which a reminder of it stands too.
func (h *Handlers) pressedKind(q *bot.Request) (mahalla.NoticeKind, error) {
	if q.Event.Press.Verb == casework.PressMeetAgenda { // only who manages it has that
		return casework.CardConvene, nil
	}
	card, err := q.Tx.Card(q.Contact.ID, casework.CardConvene, pressedCase(q))
	if err != nil || card.MessageID == q.Event.Message {
		return casework.CardConvene, err
	}
	m, err := q.Tx.Meeting(pressedMeeting(q))
	if err == nil && (m == nil || m.Participant(q.Contact.ID) == nil) {
		return casework.CardConvene, nil
	}
	return casework.CardMeeting, err
}

// choose asks a question on the card of the meeting that was pressed.
func (h *Handlers) choose(q *bot.Request, what string) error {
	kind, err := h.pressedKind(q)
	if err != nil {
		return err
	}
	return h.showCase(q, kind, pressedCase(q), false, map[string]string{"choose": what})
}

// askMeeting puts a question about a meeting.
func (h *Handlers) askMeeting(q *bot.Request, flow string, id mahalla.MeetingID) {
	q.Contact.Dialogue.Ask(mahalla.Question{Flow: flow, Case: mahalla.CaseID(id), Until: q.Now.Add(mahalla.QuestionLife)})
}

// pressRSVP answers an invitation, or asks for another time.
func (h *Handlers) pressRSVP(q *bot.Request) error {
	answer, reminder := casework.PressedAnswer(q.Event.Press.Arg)
	if answer != mahalla.RSVPOther {
		if err := h.desk.ReplyMeeting(q.Tx, q.Contact, pressedMeeting(q), answer, time.Time{}, q.Event.Press.Round, q.Now); err != nil {
			return err
		}
		if reminder != 0 {
			if err := h.desk.ShowAnswered(q.Tx, q.Contact, pressedMeeting(q), reminder, q.Event.Message, q.Now); err != nil {
				return err
			}
		}
		if answer == mahalla.RSVPYes {
			return h.toast(q, "toast.coming")
		}
		return h.toast(q, "toast.not_coming")
	}
	m, err := q.Tx.Meeting(pressedMeeting(q))
	if err != nil {
		return err
	}
	if m == nil || h.desk.SeatOf(q.Contact, m, q.Now) == nil || !m.Open(q.Now) {
		return mahalla.Refuse(mahalla.Conflict, "meeting_over")
	}
	h.askMeeting(q, casework.FlowMeetingOther, m.ID)
	if reminder != 0 {
		q.Tx.AdoptCard(q.Contact.ID, casework.CardReminded, pressedCase(q), q.Event.Message)
		q.Contact.Dialogue.Question.Data = map[string]string{"reminder": strconv.FormatInt(reminder, 10)}
	}
	return h.say(q, "ask.meeting_other")
}

// hearOther hears the time that somebody proposes.
func (h *Handlers) hearOther(q *bot.Request) error {
	question := q.Contact.Dialogue.Question
	id := mahalla.MeetingID(question.Case)
	if heard := h.desk.HearReply(locales.Clean(q.Event.Text)); heard.Answer != "" {
		return h.answerInvitation(q, id, heard.Answer)
	}
	if err := h.proposeOther(q, id, q.Event.Text); err != nil {
		return err
	}
	if reminder, err := strconv.ParseInt(question.Data["reminder"], 10, 64); err == nil {
		if err := h.desk.ShowAnswered(q.Tx, q.Contact, id, reminder, 0, q.Now); err != nil {
			return err
		}
	}
	return done(q)
}

func (h *Handlers) proposeOther(q *bot.Request, id mahalla.MeetingID, typed string) error {
	at, err := h.meetingTime(q, id, typed, true)
	if err != nil {
		return err
	}
	return h.desk.ReplyMeeting(q.Tx, q.Contact, id, mahalla.RSVPOther, at, mahalla.Anytime, q.Now)
}

// meetingTime reads a day, a time, or both; what is missing is that of the meeting. An
// hour that may be meant in two ways is refused where it counts at once.
func (h *Handlers) meetingTime(q *bot.Request, id mahalla.MeetingID, typed string, atOnce bool) (time.Time, error) {
	m, err := q.Tx.Meeting(id)
	if err != nil {
		return time.Time{}, err
	}
	if m == nil {
		return time.Time{}, mahalla.Refuse(mahalla.NotFound, "meeting_none")
	}
	said, err := h.desk.ParseMeeting(typed, casework.AskedEither, q.Now)
	if err != nil {
		return time.Time{}, err
	}
	if said.Vague && atOnce {
		return time.Time{}, casework.VagueHour(said.Clock)
	}
	if said.Day.IsZero() && said.Clock < 0 || said.Place != "" {
		return time.Time{}, mahalla.Refuse(mahalla.Invalid, "meeting_unreadable")
	}
	if said.Clock < 0 {
		said.Clock = m.At.Sub(h.desk.Calendar().Midnight(m.At))
	}
	return said.At(m.At), nil
}

// repliedMeeting is the meeting to whose message a line replies; 0 is none.
func repliedMeeting(q *bot.Request) (mahalla.MeetingID, error) {
	if q.Event.ReplyTo == 0 {
		return 0, nil
	}
	return q.Tx.MeetingOfMessage(q.Event.Chat, q.Event.ReplyTo)
}

// meetingMeant is the meeting of a typed line, and what is left of the line.
func (h *Handlers) meetingMeant(q *bot.Request, managed bool, typed string) (*mahalla.Meeting, string, error) {
	replied, err := repliedMeeting(q)
	if err != nil {
		return nil, "", err
	}
	return h.desk.MeetingMeant(q.Tx, q.Contact, replied, managed, locales.Clean(typed), q.Now)
}

// typedComing answers in words: /boraman, or with the number in the list /boraman 2.
func (h *Handlers) typedComing(q *bot.Request) error { return h.typedRSVP(q, mahalla.RSVPYes) }

func (h *Handlers) typedNotComing(q *bot.Request) error { return h.typedRSVP(q, mahalla.RSVPNo) }

func (h *Handlers) typedRSVP(q *bot.Request, answer mahalla.RSVP) error {
	m, _, err := h.meetingMeant(q, false, q.Event.Args)
	if err != nil {
		return err
	}
	if err := h.desk.ReplyMeeting(q.Tx, q.Contact, m.ID, answer, time.Time{}, mahalla.Anytime, q.Now); err != nil {
		return err
	}
	return done(q)
}

// typedOtherTime proposes another time: /boshqavaqt 14.12 11:00.
func (h *Handlers) typedOtherTime(q *bot.Request) error {
	m, rest, err := h.meetingMeant(q, false, q.Event.Args)
	if err != nil {
		return err
	}
	if rest == "" {
		h.askMeeting(q, casework.FlowMeetingOther, m.ID)
		return h.say(q, "ask.meeting_other")
	}
	if err := h.proposeOther(q, m.ID, rest); err != nil {
		return err
	}
	return done(q)
}

// meetings lists what is to come; /majlislar 2 is the second page.
func (h *Handlers) meetings(q *bot.Request) error { return h.list(q, casework.CardMeetings) }

func (h *Handlers) pressMeetPage(q *bot.Request) error {
	q.Tx.AdoptCard(q.Contact.ID, casework.CardMeetings, 0, q.Event.Message)
	return h.showCase(q, casework.CardMeetings, 0, false, map[string]string{"page": number(q.Event.Press.Round)})
}

func (h *Handlers) pressMeetOpen(q *bot.Request) error {
	return h.desk.OpenMeeting(q.Tx, q.Contact, pressedMeeting(q), true, nil, q.Now)
}

// pressMeetBack shows the card without the question on it.
func (h *Handlers) pressMeetBack(q *bot.Request) error {
	if question := q.Contact.Dialogue.Question; question != nil && question.Case == pressedCase(q) {
		q.Contact.Dialogue.Question = nil
	}
	return h.choose(q, "")
}

// pressMeetSubstitute asks who is to come in the place of whom, or asks that one.
func (h *Handlers) pressMeetSubstitute(q *bot.Request) error {
	arg := q.Event.Press.Arg
	if arg == "" {
		return h.choose(q, "substitute")
	}
	member, to, err := casework.TwoIDs(arg)
	if err != nil {
		return err
	}
	if to == 0 {
		return h.choose(q, "substitute "+arg)
	}
	if err := h.desk.AskMeetingSubstitute(q.Tx, q.Contact, pressedMeeting(q), mahalla.PersonID(member), mahalla.PersonID(to), q.Now); err != nil {
		return err
	}
	if err := h.choose(q, ""); err != nil {
		return err
	}
	return h.toast(q, "toast.substitute")
}

// pressMeetConflict asks in which item who has an interest, or notes that.
func (h *Handlers) pressMeetConflict(q *bot.Request) error {
	arg := q.Event.Press.Arg
	if arg == "" {
		return h.choose(q, "conflict")
	}
	item, person, err := casework.TwoIDs(arg)
	if err != nil {
		return err
	}
	kind, err := h.pressedKind(q)
	if err != nil {
		return err
	}
	switch {
	case person == 0 && kind == casework.CardConvene:
		return h.choose(q, "conflict "+arg)
	case person == 0:
		person = int64(q.Contact.ID)
	}
	err = h.desk.DeclareConflict(q.Tx, q.Contact, pressedMeeting(q), mahalla.ItemID(item), mahalla.PersonID(person), q.Now)
	if err != nil {
		return err
	}
	if err := h.choose(q, ""); err != nil {
		return err
	}
	return h.toast(q, "toast.conflict")
}

// typedConflict declares it in words: /manfaat N, and of somebody else, by who
// manages the meeting, /manfaat N name.
func (h *Handlers) typedConflict(q *bot.Request) error {
	typed := strings.TrimSpace(q.Event.Args)
	m, _, err := h.meetingMeant(q, false, "")
	if err != nil {
		if m, _, err = h.meetingMeant(q, true, ""); err != nil {
			return err
		}
	}
	item, rest, err := h.desk.AgendaNamed(q.Tx, m, typed)
	if err != nil {
		return err
	}
	person := q.Contact.ID
	if rest != "" {
		if person, err = h.desk.MemberNamed(q.Tx, m.Commission, rest, q.Now); err != nil {
			return err
		}
	}
	if err := h.desk.DeclareConflict(q.Tx, q.Contact, m.ID, item, person, q.Now); err != nil {
		return err
	}
	return done(q)
}
