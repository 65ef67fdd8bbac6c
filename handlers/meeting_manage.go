package handlers

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"koprik/bot"
	"koprik/casework"
	"koprik/locales"
	"koprik/mahalla"
)

// pressMeetNudge asks those again who are silent.
func (h *Handlers) pressMeetNudge(q *bot.Request) error {
	n, err := h.desk.CallAgain(q.Tx, q.Contact, pressedMeeting(q), q.Now)
	if err != nil {
		return err
	}
	return h.toast(q, "toast.meeting_nudged", "n", n)
}

// pressMeetMove asks to when a meeting is moved, whether that is meant, and does it.
func (h *Handlers) pressMeetMove(q *bot.Request) error {
	arg := q.Event.Press.Arg
	id := pressedMeeting(q)
	sure := strings.HasPrefix(arg, "y")
	switch {
	case arg == "":
		m, err := q.Tx.Meeting(id)
		if err != nil {
			return err
		}
		if m == nil {
			return mahalla.Refuse(mahalla.NotFound, "meeting_none")
		}
		if err := h.desk.MayAskMove(q.Tx, q.Contact, m, q.Now); err != nil {
			return err
		}
		h.askMeeting(q, casework.FlowMeetingMove, id)
		return h.showCase(q, casework.CardConvene, pressedCase(q), false, map[string]string{"choose": "move"})
	case sure:
		arg = arg[1:]
	}
	at, err := casework.ReadMove(arg)
	if err != nil {
		return err
	}
	if sure {
		if err := h.desk.MoveMeeting(q.Tx, q.Contact, id, at, q.Event.Press.Round, q.Now); err != nil {
			return err
		}
		return h.toast(q, "toast.meeting_moved")
	}
	return h.sureMove(q, id, at, false)
}

// sureMove shows a move with what speaks against it, before it is made.
func (h *Handlers) sureMove(q *bot.Request, id mahalla.MeetingID, at time.Time, afresh bool) error {
	m, err := q.Tx.Meeting(id)
	if err != nil {
		return err
	}
	if m == nil {
		return mahalla.Refuse(mahalla.NotFound, "meeting_none")
	}
	if err := h.desk.MayMove(q.Tx, q.Contact, m, at, q.Now); err != nil {
		return err
	}
	if question := q.Contact.Dialogue.Question; question != nil && question.Flow == casework.FlowMeetingMove {
		q.Contact.Dialogue.Question = nil
	}
	return h.showCase(q, casework.CardConvene, mahalla.CaseID(id), afresh, map[string]string{"choose": "move " + casework.MoveArg(at)})
}

// hearMove hears to when a meeting is moved.
func (h *Handlers) hearMove(q *bot.Request) error {
	id := mahalla.MeetingID(q.Contact.Dialogue.Question.Case)
	at, err := h.meetingTime(q, id, q.Event.Text, false)
	if err != nil {
		return err
	}
	return h.sureMove(q, id, at, true)
}

// pressMeetCancel asks why a meeting is cancelled.
func (h *Handlers) pressMeetCancel(q *bot.Request) error {
	m, err := q.Tx.Meeting(pressedMeeting(q))
	if err != nil {
		return err
	}
	if m == nil {
		return mahalla.Refuse(mahalla.NotFound, "meeting_none")
	}
	return h.askCause(q, m)
}

func (h *Handlers) askCause(q *bot.Request, m *mahalla.Meeting) error {
	if err := h.desk.MayCancel(q.Contact, m, q.Now); err != nil {
		return err
	}
	h.askMeeting(q, casework.FlowMeetingCancel, m.ID)
	return h.say(q, "ask.meeting_cause")
}

// hearCause cancels a meeting with the cause that was typed.
func (h *Handlers) hearCause(q *bot.Request) error {
	id := mahalla.MeetingID(q.Contact.Dialogue.Question.Case)
	if h.desk.Danger(q.Event.Text) {
		return h.part(q)
	}
	if err := h.desk.CancelMeeting(q.Tx, q.Contact, id, locales.Clean(q.Event.Text), q.Now); err != nil {
		return err
	}
	return done(q)
}

// pressMeetRecord asks who has answered by telephone and what, or writes it down.
func (h *Handlers) pressMeetRecord(q *bot.Request) error {
	answer, whose, said := strings.Cut(q.Event.Press.Arg, "-")
	if !said {
		return h.choose(q, strings.TrimSpace("record "+answer))
	}
	person, _, err := casework.TwoIDs(whose)
	if err != nil {
		return err
	}
	if err := h.desk.RecordAnswer(q.Tx, q.Contact, pressedMeeting(q), mahalla.PersonID(person), answer == "y", q.Now); err != nil {
		return err
	}
	return h.choose(q, "")
}

// typedRecord writes down an answer by telephone: /majlis javob 1 ha.
func (h *Handlers) typedRecord(q *bot.Request, m *mahalla.Meeting, rest string) error {
	words := strings.Fields(rest)
	if len(words) < 2 {
		return mahalla.Refuse(mahalla.Invalid, "meeting_answer_unclear")
	}
	last := words[len(words)-1]
	comes := h.desk.Yes(last)
	if !comes && !h.desk.No(last) {
		return mahalla.Refuse(mahalla.Invalid, "meeting_answer_unclear")
	}
	person, err := h.desk.UnansweredNamed(q.Tx, m, strings.Join(words[:len(words)-1], " "))
	if err != nil {
		return err
	}
	return h.desk.RecordAnswer(q.Tx, q.Contact, m.ID, person, comes, q.Now)
}

// orderMeeting does in words what the buttons of a draft, or of a meeting that was
// called, do: /majlis koʻchir 14.12 11:00.
func (h *Handlers) orderMeeting(q *bot.Request, order, rest string) error {
	switch order {
	case casework.OrderNudge, casework.OrderMove, casework.OrderCancel, casework.OrderSubstitute, casework.OrderRecord:
		meeting, of := splitPerson(order, rest)
		m, left, err := h.meetingMeant(q, true, meeting)
		if err != nil {
			return err
		}
		return h.manage(q, m, order, strings.TrimSpace(left+" "+of))
	}
	if order == casework.OrderItem {
		if called, err := h.amends(q, rest); called || err != nil {
			return err
		}
	}
	m, err := q.Tx.DraftedBy(q.Contact.ID, 0)
	if err != nil {
		return err
	}
	if m == nil {
		return mahalla.Refuse(mahalla.NotFound, "meeting_no_draft")
	}
	return h.orderDraft(q, m, order, rest)
}

// splitPerson keeps the number of a person at the beginning of a line from being
// read as that of a meeting: "1 ha" and "1 2" are about people, "1 2 ha" and "1 1 2"
// name the meeting before them.
func splitPerson(order, typed string) (meeting, of string) {
	words := strings.Fields(typed)
	last := len(words) - 1
	named := last >= 2
	switch order {
	case casework.OrderRecord:
	case casework.OrderSubstitute:
		named = named && (isNumber(words[1]) || isNumber(words[last]))
	default:
		return typed, ""
	}
	if !named {
		return "", typed
	}
	return typed, ""
}

func isNumber(word string) bool {
	_, err := strconv.Atoi(word)
	return err == nil
}

func (h *Handlers) manage(q *bot.Request, m *mahalla.Meeting, order, rest string) error {
	switch order {
	case casework.OrderNudge:
		if _, err := h.desk.CallAgain(q.Tx, q.Contact, m.ID, q.Now); err != nil {
			return err
		}
	case casework.OrderSubstitute:
		member, to, err := h.desk.SubstituteNamed(q.Tx, q.Contact, m, rest, q.Now)
		if err != nil {
			return err
		}
		if err := h.desk.AskMeetingSubstitute(q.Tx, q.Contact, m.ID, member, to, q.Now); err != nil {
			return err
		}
	case casework.OrderCancel:
		if rest == "" {
			return h.askCause(q, m)
		}
		if err := h.desk.CancelMeeting(q.Tx, q.Contact, m.ID, rest, q.Now); err != nil {
			return err
		}
	case casework.OrderRecord:
		if err := h.typedRecord(q, m, rest); err != nil {
			return err
		}
	case casework.OrderMove:
		return h.typedMove(q, m, rest)
	}
	return done(q)
}

// typedMove moves a meeting in words: /majlis koʻchir 14.12 11:00 shows it, and with
// "ha" at the end it is done.
func (h *Handlers) typedMove(q *bot.Request, m *mahalla.Meeting, rest string) error {
	err := h.desk.MayAskMove(q.Tx, q.Contact, m, q.Now)
	if refusal := (*mahalla.Error)(nil); errors.As(err, &refusal) && refusal.Reason == "meeting_empty" { // its card asks
		return h.showCase(q, casework.CardConvene, mahalla.CaseID(m.ID), true, nil)
	}
	words := strings.Fields(rest)
	sure := len(words) > 0 && h.desk.Yes(words[len(words)-1])
	if sure {
		words = words[:len(words)-1]
	}
	if len(words) == 0 {
		if err != nil {
			return err
		}
		h.askMeeting(q, casework.FlowMeetingMove, m.ID)
		return h.showCase(q, casework.CardConvene, mahalla.CaseID(m.ID), true, map[string]string{"choose": "move"})
	}
	at, err := h.meetingTime(q, m.ID, strings.Join(words, " "), sure)
	if err != nil {
		return err
	}
	if !sure {
		return h.sureMove(q, m.ID, at, true)
	}
	if err := h.desk.MoveMeeting(q.Tx, q.Contact, m.ID, at, mahalla.Anytime, q.Now); err != nil {
		return err
	}
	return done(q)
}

// typedMeetingSubstitute names who comes in one's own place: /oʻrnimga 2.
func (h *Handlers) typedMeetingSubstitute(q *bot.Request) error {
	m, rest, err := h.meetingMeant(q, false, "")
	if err != nil {
		return err
	}
	if typed := locales.Clean(q.Event.Args); typed != "" {
		rest = typed
	}
	if rest == "" {
		return h.desk.OpenMeeting(q.Tx, q.Contact, m.ID, true, map[string]string{"choose": "substitute"}, q.Now)
	}
	if err := h.desk.MayBeReplaced(q.Contact, m, q.Now); err != nil {
		return err
	}
	member, to, err := h.desk.SubstituteNamed(q.Tx, q.Contact, m, rest, q.Now)
	if refusal := (*mahalla.Error)(nil); errors.As(err, &refusal) && refusal.Reason == "meeting_member_unknown" {
		return mahalla.Refuse(mahalla.Invalid, "substitute_number")
	}
	if err != nil {
		return err
	}
	if member != q.Contact.ID {
		return mahalla.Refuse(mahalla.Conflict, "substitute_nobody")
	}
	if err := h.desk.AskMeetingSubstitute(q.Tx, q.Contact, m.ID, member, to, q.Now); err != nil {
		return err
	}
	return done(q)
}
