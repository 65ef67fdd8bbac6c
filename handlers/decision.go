package handlers

import (
	"errors"
	"strconv"
	"strings"

	"koprik/bot"
	"koprik/casework"
	"koprik/locales"
	"koprik/mahalla"
)

// pressDecide begins a decision.
func (h *Handlers) pressDecide(q *bot.Request) error {
	m, err := h.desk.MayWrite(q.Tx, q.Contact, pressedMeeting(q), q.Now)
	if err == nil && q.Event.Press.Round != 0 {
		_, err = casework.PressedItem(m, q.Event.Press.Round, q.Event.Press.Arg)
	}
	if err == nil {
		err = m.MayDescribe(q.Now)
	}
	if err != nil {
		return err
	}
	data, err := casework.AskedOf(m, q.Event.Press.Round)
	if err != nil {
		return err
	}
	h.askHeld(q, casework.FlowDecision, m.ID, data)
	return h.desk.ShowHeld(q.Tx, q.Contact, m, "", false, q.Now)
}

// making reads the decision that the person is making of a meeting, whose item is
// still on the agenda.
func (h *Handlers) making(q *bot.Request, id mahalla.MeetingID) (*mahalla.Question, *mahalla.Meeting, error) {
	question := q.Contact.Dialogue.Question
	if question == nil || question.Flow != casework.FlowDecision || question.Case != mahalla.CaseID(id) {
		return nil, nil, mahalla.Refuse(mahalla.Conflict, "decision_gone")
	}
	m, err := h.desk.MayWrite(q.Tx, q.Contact, id, q.Now)
	if err == nil {
		_, err = casework.PlaceAsked(m, question.Data)
	}
	return question, m, err
}

// made is the decision that was made so far.
func made(m *mahalla.Meeting, data map[string]string) (casework.DecisionText, error) {
	text := casework.DecisionMade(data)
	var err error
	text.Item, err = casework.PlaceAsked(m, data)
	return text, err
}

// pressWho chooses who is responsible, or turns the list.
func (h *Handlers) pressWho(q *bot.Request) error {
	question, m, err := h.making(q, pressedMeeting(q))
	if err != nil {
		return err
	}
	if page, ok := strings.CutPrefix(q.Event.Press.Arg, "p"); ok {
		question.Data["page"] = page
	} else if question.Data["words"] != "" {
		question.Data["person"] = q.Event.Press.Arg
	}
	return h.desk.ShowHeld(q.Tx, q.Contact, m, "", false, q.Now)
}

// pressDay ends a decision with a usual day.
func (h *Handlers) pressDay(q *bot.Request) error {
	question, m, err := h.making(q, pressedMeeting(q))
	if err != nil {
		return err
	}
	days, err := strconv.Atoi(q.Event.Press.Arg)
	if err != nil {
		return mahalla.Refuse(mahalla.Invalid, "forged")
	}
	text, err := made(m, question.Data)
	if err != nil {
		return err
	}
	text.Due = casework.DayAfter(days, q.Now)
	q.Contact.Dialogue.Question = nil
	if err := h.desk.Decide(q.Tx, q.Contact, m.ID, text, q.Now); err != nil {
		return err
	}
	return h.toast(q, "toast.decided")
}

// hearDecision hears the words of a decision, then a name, then a day.
func (h *Handlers) hearDecision(q *bot.Request) error {
	question, m, err := h.making(q, mahalla.MeetingID(q.Contact.Dialogue.Question.Case))
	if err != nil {
		return err
	}
	words, data := locales.Clean(q.Event.Text), question.Data
	switch {
	case data["words"] == "":
		if !mahalla.Tells(words) {
			return mahalla.Refuse(mahalla.Invalid, "decision_short")
		}
		data["words"] = words
	case data["person"] == "" && data["name"] == "":
		if data["person"], data["name"], err = h.responsible(q, m, words); err != nil {
			return err
		}
	default:
		text, err := made(m, data)
		if err != nil {
			return err
		}
		if text.Due, err = h.desk.ParseDay(words, q.Now); err != nil {
			return err
		}
		q.Contact.Dialogue.Question = nil
		if err := h.desk.Decide(q.Tx, q.Contact, m.ID, text, q.Now); err != nil {
			q.Contact.Dialogue.Question = question
			return err
		}
		return done(q)
	}
	return h.desk.ShowHeld(q.Tx, q.Contact, m, "", true, q.Now)
}

// responsible finds who is meant: somebody who is asked to the meeting, or a name.
func (h *Handlers) responsible(q *bot.Request, m *mahalla.Meeting, words string) (person, name string, err error) {
	p, err := h.desk.Responsible(q.Tx, m, words)
	switch {
	case err != nil:
		return "", "", err
	case p != 0:
		return strconv.FormatInt(int64(p), 10), "", nil
	case strings.TrimSpace(words) == "":
		return "", "", mahalla.Refuse(mahalla.Invalid, "decision_nobody")
	}
	return "", words, nil
}

// typedDecide decides in one line: /qaror 1 words; who; 25.12, with the number of
// an item before it or none.
func (h *Handlers) typedDecide(q *bot.Request) error {
	m, err := h.theSitting(q)
	if err != nil {
		return err
	}
	args := locales.Clean(q.Event.Args)
	head, rest, _ := strings.Cut(args, " ")
	n, err := strconv.Atoi(head)
	if err != nil {
		n, rest = 0, args
	}
	if strings.TrimSpace(rest) == "" {
		data, err := casework.AskedOf(m, n)
		if err != nil {
			return err
		}
		q.Event.Press.Subject, q.Event.Press.Round = int64(m.ID), n
		h.askHeld(q, casework.FlowDecision, m.ID, data)
		return h.desk.ShowHeld(q.Tx, q.Contact, m, "", true, q.Now)
	}
	parts := strings.Split(rest, ";")
	if len(parts) != 3 {
		return mahalla.Refuse(mahalla.Invalid, "decision_line")
	}
	person, name, err := h.responsible(q, m, strings.TrimSpace(parts[1]))
	if err != nil {
		return err
	}
	text := casework.DecisionMade(map[string]string{"words": strings.TrimSpace(parts[0]), "person": person, "name": name})
	text.Item = n
	if text.Due, err = h.desk.ParseDay(parts[2], q.Now); err != nil {
		return err
	}
	unaskHeld(q, m.ID)
	if err := h.desk.Decide(q.Tx, q.Contact, m.ID, text, q.Now); err != nil {
		return err
	}
	return done(q)
}

// pressUnmake takes a decision back.
func (h *Handlers) pressUnmake(q *bot.Request) error {
	return h.desk.Undecide(q.Tx, q.Contact, pressedDecision(q), q.Now)
}

// typedUnmake is the same in words, by the number in the list: /qarorsiz 2.
func (h *Handlers) typedUnmake(q *bot.Request) error {
	m, err := h.theSitting(q)
	if err != nil {
		return err
	}
	n, _ := strconv.Atoi(locales.Clean(q.Event.Args)) // anything else is none
	list, err := q.Tx.DecisionsOf(m.ID)
	if err != nil {
		return err
	}
	if n < 1 || n > len(list) {
		return mahalla.Refuse(mahalla.NotFound, "decision_not_found")
	}
	if err := h.desk.Undecide(q.Tx, q.Contact, list[n-1].ID, q.Now); err != nil {
		return err
	}
	return done(q)
}

func pressedDecision(q *bot.Request) mahalla.DecisionID {
	return mahalla.DecisionID(q.Event.Press.Subject)
}

// pressDone says that a decision is carried out.
func (h *Handlers) pressDone(q *bot.Request) error {
	if err := h.desk.DecisionDone(q.Tx, q.Contact, pressedDecision(q), q.Now); err != nil {
		return err
	}
	return h.toast(q, "toast.decision_done")
}

// pressLater asks by which day it is to be.
func (h *Handlers) pressLater(q *bot.Request) error {
	id := pressedDecision(q)
	if err := h.desk.MayAskDay(q.Tx, q.Contact, id, q.Now); err != nil {
		return err
	}
	q.Contact.Dialogue.Ask(mahalla.Question{Flow: casework.FlowLater, Case: mahalla.CaseID(id), Until: q.Now.Add(mahalla.QuestionLife)})
	return h.sayHeld(q, int64(id), "ask.decision_day")
}

// hearLater hears the day.
func (h *Handlers) hearLater(q *bot.Request) error {
	day, err := h.desk.ParseDay(q.Event.Text, q.Now)
	if err != nil {
		return err
	}
	if _, err := h.desk.DecisionDay(q.Tx, q.Contact, mahalla.DecisionID(q.Contact.Dialogue.Question.Case), day, q.Now); err != nil {
		return err
	}
	q.Contact.Dialogue.Question = nil
	return done(q)
}

// pressGrant answers who asks for another day.
func (h *Handlers) pressGrant(q *bot.Request) error {
	yes := q.Event.Press.Arg == "yes"
	if err := h.desk.GrantDay(q.Tx, q.Contact, pressedDecision(q), yes, q.Now); err != nil {
		return err
	}
	if yes {
		return h.toast(q, "toast.granted")
	}
	return h.toast(q, "toast.not_granted")
}

// pressOpenOf shows a decision of the list afresh.
func (h *Handlers) pressOpenOf(q *bot.Request) error {
	return h.desk.ShowDecision(q.Tx, q.Contact, pressedDecision(q), q.Now)
}

// typedDecisions lists the decisions that wait: /qarorlar, /qarorlar 2.
func (h *Handlers) typedDecisions(q *bot.Request) error { return h.list(q, casework.CardDecisions) }

// decisionNamed is the decision whose number in the list follows a command, and
// what comes after that.
func (h *Handlers) decisionNamed(q *bot.Request) (mahalla.DecisionID, string, error) {
	head, rest, _ := strings.Cut(locales.Clean(q.Event.Args), " ")
	n, err := strconv.Atoi(head)
	if err != nil {
		return 0, "", mahalla.Refuse(mahalla.Invalid, "decision_number")
	}
	id, err := h.desk.DecisionOn(q.Tx, q.Contact, n, q.Now)
	return id, strings.TrimSpace(rest), err
}

// typedDone says that a decision is carried out, by its number in the list:
// /bajarildi 2.
func (h *Handlers) typedDone(q *bot.Request) error {
	id, _, err := h.decisionNamed(q)
	if err != nil {
		return err
	}
	if err := h.desk.DecisionDone(q.Tx, q.Contact, id, q.Now); err != nil {
		return err
	}
	return done(q)
}

// unnumberedLater says how another day is asked for, by the first decision that waits;
// where none does, the list says so.
func (h *Handlers) unnumberedLater(q *bot.Request) error {
	id, err := h.desk.DecisionOn(q.Tx, q.Contact, 1, q.Now)
	if refusal := (*mahalla.Error)(nil); errors.As(err, &refusal) {
		return h.list(q, casework.CardDecisions)
	}
	if err != nil {
		return err
	}
	one, err := q.Tx.Decision(id)
	if err != nil {
		return err
	}
	day := casework.DayAfter(7, q.Now)
	if one != nil && !one.Due.Before(day) {
		day = one.Due.AddDate(0, 0, 7)
	}
	return mahalla.Refuse(mahalla.Invalid, "later_number", "day", day.Format("02.01"))
}

// typedLater asks for another day, or answers who asks: /muddat 2 25.12, /muddat 2
// ha. With the number alone it shows the decision.
func (h *Handlers) typedLater(q *bot.Request) error {
	if head, _, _ := strings.Cut(locales.Clean(q.Event.Args), " "); !isNumber(head) {
		return h.unnumberedLater(q)
	}
	id, words, err := h.decisionNamed(q)
	switch {
	case err != nil:
		return err
	case words == "":
		return h.desk.ShowDecision(q.Tx, q.Contact, id, q.Now)
	case h.desk.Yes(words) || h.desk.No(words):
		err = h.desk.GrantDay(q.Tx, q.Contact, id, h.desk.Yes(words), q.Now)
	default:
		day, wrong := h.desk.ParseDay(words, q.Now)
		if err = wrong; err == nil {
			_, err = h.desk.DecisionDay(q.Tx, q.Contact, id, day, q.Now)
		}
	}
	if err != nil {
		return err
	}
	return done(q)
}
