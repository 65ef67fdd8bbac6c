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

// heldButtons are the buttons of sittings, minutes and decisions.
func (h *Handlers) heldButtons() map[string]bot.Handler {
	return map[string]bot.Handler{
		casework.PressHeld: h.pressHeld, casework.PressCame: h.pressCame, casework.PressSide: h.pressSide,
		casework.PressEnd: h.pressEnd, casework.PressItemNote: h.pressItemNote,
		casework.PressFinish: h.pressFinish, casework.PressNotHeld: h.pressNotHeld,
		casework.PressDecide: h.pressDecide, casework.PressWho: h.pressWho, casework.PressDay: h.pressDay, casework.PressUnmake: h.pressUnmake,
		casework.PressDone: h.pressDone, casework.PressLater: h.pressLater, casework.PressGrant: h.pressGrant, casework.PressOpenOf: h.pressOpenOf,
		casework.PressSend: h.pressSend, casework.PressSign: h.pressSign, casework.PressRemark: h.pressRemark,
		casework.PressCorrect: h.pressCorrect, casework.PressPaper: h.pressPaper,
	}
}

// heldSteps hear the answers to their questions.
func (h *Handlers) heldSteps() map[string]bot.Handler {
	return map[string]bot.Handler{
		casework.FlowItemNote: h.hearItemNote, casework.FlowDecision: h.hearDecision, casework.FlowLater: h.hearLater,
		casework.FlowRemark: h.hearRemark, casework.FlowCorrect: h.hearCorrect,
	}
}

// heldFlow tells which are the questions whose answers say nothing by themselves.
func heldFlow(flow string) bool {
	switch flow {
	case casework.FlowItemNote, casework.FlowDecision, casework.FlowLater, casework.FlowRemark, casework.FlowCorrect:
		return true
	}
	return false
}

// askHeld puts a question about a meeting. Its answer counts for a day.
func (h *Handlers) askHeld(q *bot.Request, flow string, m mahalla.MeetingID, data map[string]string) {
	q.Contact.Dialogue.Ask(mahalla.Question{Flow: flow, Case: mahalla.CaseID(m), Data: data, Until: q.Now.Add(mahalla.QuestionLife)})
}

// sayHeld asks in words; a reply to them is about the meeting or the decision.
func (h *Handlers) sayHeld(q *bot.Request, about int64, key string, pairs ...string) error {
	args := map[string]string{"key": key}
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i]] = pairs[i+1]
	}
	return h.showCase(q, casework.NoticeAsks, mahalla.CaseID(about), false, args)
}

// unaskHeld forgets a question about a meeting that is not going to be answered.
func unaskHeld(q *bot.Request, m mahalla.MeetingID) {
	if question := q.Contact.Dialogue.Question; question != nil && heldFlow(question.Flow) && question.Case == mahalla.CaseID(m) {
		q.Contact.Dialogue.Question = nil
	}
}

// adoptHeld lets the card that was pressed be the living one.
func (h *Handlers) adoptHeld(q *bot.Request) {
	q.Tx.AdoptCard(q.Contact.ID, casework.CardHeld, mahalla.CaseID(pressedMeeting(q)), q.Event.Message)
}

// pressHeld turns the card of a sitting to what its argument says.
func (h *Handlers) pressHeld(q *bot.Request) error {
	unaskHeld(q, pressedMeeting(q))
	m, err := h.desk.MayWrite(q.Tx, q.Contact, pressedMeeting(q), q.Now)
	if err != nil {
		return err
	}
	h.adoptHeld(q)
	return h.desk.ShowHeld(q.Tx, q.Contact, m, q.Event.Press.Arg, false, q.Now)
}

// pressCame marks somebody, or everybody, as present.
func (h *Handlers) pressCame(q *bot.Request) error {
	person, err := strconv.ParseInt(q.Event.Press.Arg, 10, 64)
	if err != nil && q.Event.Press.Arg != casework.CameAll {
		return mahalla.Refuse(mahalla.Invalid, "forged")
	}
	return h.desk.Came(q.Tx, q.Contact, pressedMeeting(q), mahalla.PersonID(person), number(q.Event.Press.Round), q.Now)
}

// pressedItem holds the meeting of a button about an item, and gives what the button
// says of it.
func (h *Handlers) pressedItem(q *bot.Request) (*mahalla.Meeting, string, error) {
	m, err := h.desk.MayWrite(q.Tx, q.Contact, pressedMeeting(q), q.Now)
	if err != nil {
		return nil, "", err
	}
	arg, err := casework.PressedItem(m, q.Event.Press.Round, q.Event.Press.Arg)
	return m, arg, err
}

// pressSide marks a side of an item as present.
func (h *Handlers) pressSide(q *bot.Request) error {
	_, arg, err := h.pressedItem(q)
	if err != nil {
		return err
	}
	side, _ := strconv.Atoi(arg) // anything else is no side
	return h.desk.Side(q.Tx, q.Contact, pressedMeeting(q), q.Event.Press.Round, side, q.Now)
}

// pressEnd writes down what came of an item.
func (h *Handlers) pressEnd(q *bot.Request) error {
	_, arg, err := h.pressedItem(q)
	if err != nil {
		return err
	}
	return h.desk.EndItem(q.Tx, q.Contact, pressedMeeting(q), q.Event.Press.Round, mahalla.HearingOutcome(arg), q.Now)
}

// pressItemNote asks what is to be noted about an item.
func (h *Handlers) pressItemNote(q *bot.Request) error {
	m, _, err := h.pressedItem(q)
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
	h.askHeld(q, casework.FlowItemNote, m.ID, data)
	return h.sayHeld(q, int64(m.ID), "ask.item_note", "n", number(q.Event.Press.Round))
}

// hearItemNote keeps it.
func (h *Handlers) hearItemNote(q *bot.Request) error {
	question := q.Contact.Dialogue.Question
	m, err := h.desk.MayWrite(q.Tx, q.Contact, mahalla.MeetingID(question.Case), q.Now)
	if err != nil {
		return err
	}
	n, err := casework.PlaceAsked(m, question.Data)
	if err != nil {
		return err
	}
	if err := h.desk.ItemNote(q.Tx, q.Contact, m.ID, n, locales.Clean(q.Event.Text), q.Now); err != nil {
		return err
	}
	q.Contact.Dialogue.Question = nil
	return done(q)
}

// pressFinish asks whether the sitting is over, or ends it.
func (h *Handlers) pressFinish(q *bot.Request) error {
	if q.Event.Press.Arg != "yes" {
		return h.turnHeld(q, "finish")
	}
	if err := h.desk.FinishSitting(q.Tx, q.Contact, pressedMeeting(q), q.Now); err != nil {
		return err
	}
	return h.toast(q, "toast.held")
}

// pressNotHeld asks whether the meeting did not take place, or says so.
func (h *Handlers) pressNotHeld(q *bot.Request) error {
	if q.Event.Press.Arg != "yes" {
		return h.turnHeld(q, "nothing")
	}
	if err := h.desk.NotHeld(q.Tx, q.Contact, pressedMeeting(q), q.Now); err != nil {
		return err
	}
	return h.toast(q, "toast.not_held")
}

func (h *Handlers) turnHeld(q *bot.Request, show string) error {
	m, err := h.desk.MayWrite(q.Tx, q.Contact, pressedMeeting(q), q.Now)
	if err == nil {
		err = m.MayHold(q.Now)
	}
	if err != nil {
		return err
	}
	return h.desk.ShowHeld(q.Tx, q.Contact, m, show, false, q.Now)
}

// theSitting finds the meeting that the person is writing down.
func (h *Handlers) theSitting(q *bot.Request) (*mahalla.Meeting, error) {
	if about, err := h.repliesTo(q); err != nil {
		return nil, err
	} else if about != 0 {
		if m, err := h.desk.MayWrite(q.Tx, q.Contact, mahalla.MeetingID(about), q.Now); err == nil {
			return m, nil
		}
	}
	return h.desk.SittingNow(q.Tx, q.Contact, 1, q.Now)
}

// typedHeld shows the card of the sitting under way: /bayonnoma. With a number it
// is that one of several; with a word it does what the word says. Who only sits in the
// commission is sent the minutes.
func (h *Handlers) typedHeld(q *bot.Request) error {
	head, rest := locales.Clean(q.Event.Args), ""
	first, more, _ := strings.Cut(head, " ")
	n, err := strconv.Atoi(first)
	numbered := err == nil
	if numbered {
		head = strings.TrimSpace(more)
	}
	if len(casework.Convenes(q.Contact, q.Now)) == 0 {
		return h.desk.ReadMinutes(q.Tx, q.Contact, max(1, n), q.Now)
	}
	var m *mahalla.Meeting
	if numbered {
		m, err = h.desk.SittingNow(q.Tx, q.Contact, n, q.Now)
	} else {
		m, err = h.theSitting(q)
	}
	if err != nil {
		return err
	}
	if head == "" {
		unaskHeld(q, m.ID)
		return h.desk.ShowHeld(q.Tx, q.Contact, m, "", true, q.Now)
	}
	head, rest, _ = strings.Cut(head, " ")
	act, known := h.desk.MinutesWord(strings.TrimSuffix(head, ":"))
	if !known {
		return mahalla.Refuse(mahalla.Invalid, "minutes_word")
	}
	return h.actOn(q, m, act, strings.TrimSpace(rest))
}

// actOn does with minutes what a word says.
func (h *Handlers) actOn(q *bot.Request, m *mahalla.Meeting, act casework.MinutesAct, words string) (err error) {
	switch act {
	case casework.ActList:
		return h.desk.ShowHeld(q.Tx, q.Contact, m, "list_0", true, q.Now)
	case casework.ActPaper:
		return h.desk.SendPaper(q.Tx, q.Contact, m.ID, q.Now)
	case casework.ActSend:
		err = h.desk.SendMinutes(q.Tx, q.Contact, m.ID, q.Now)
	case casework.ActSign:
		err = h.desk.SignMinutes(q.Tx, q.Contact, m.ID, q.Now)
	case casework.ActReturn:
		err = h.desk.ReturnMinutes(q.Tx, q.Contact, m.ID, words, q.Now)
	case casework.ActCorrect:
		err = h.desk.CorrectMinutes(q.Tx, q.Contact, m.ID, words, q.Now)
	}
	if err != nil {
		return err
	}
	return done(q)
}

// typedCame marks people as present by their numbers in the list: /keldi 1 2 4, or
// all of them; without numbers it shows the list.
func (h *Handlers) typedCame(q *bot.Request) error { return h.came(q, true) }

// typedAbsent marks them as absent: /kelmadi 3.
func (h *Handlers) typedAbsent(q *bot.Request) error { return h.came(q, false) }

func (h *Handlers) came(q *bot.Request, came bool) error {
	m, err := h.theSitting(q)
	if err != nil {
		return err
	}
	words := strings.FieldsFunc(locales.Clean(q.Event.Args), func(r rune) bool { return r == ' ' || r == ',' })
	switch {
	case len(words) == 0:
		return h.desk.ShowHeld(q.Tx, q.Contact, m, "who_0", true, q.Now)
	case came && h.desk.Everybody(words[0]):
		err = h.desk.Came(q.Tx, q.Contact, m.ID, 0, "0", q.Now)
	default:
		numbers := make([]int, len(words))
		for i, word := range words {
			numbers[i], _ = strconv.Atoi(word) // what is no number is nobody's
		}
		err = h.desk.CameNumbers(q.Tx, q.Contact, m.ID, numbers, came, q.Now)
	}
	if err != nil {
		return err
	}
	return done(q)
}

// typedSide says which sides of an item came: /tomon 1 2 for side 2 of item 1,
// /tomon 1 1 2 for both, /tomon 1 for none.
func (h *Handlers) typedSide(q *bot.Request) error {
	m, err := h.theSitting(q)
	if err != nil {
		return err
	}
	words := strings.Fields(locales.Clean(q.Event.Args))
	numbers := make([]int, len(words))
	for i, word := range words {
		if numbers[i], err = strconv.Atoi(word); err != nil || i > 0 && numbers[i] != 1 && numbers[i] != 2 {
			return mahalla.Refuse(mahalla.Invalid, "sitting_side")
		}
	}
	if len(numbers) == 0 {
		return mahalla.Refuse(mahalla.Invalid, "sitting_side")
	}
	if err := h.desk.Sides(q.Tx, q.Contact, m.ID, numbers[0], numbers[1:], q.Now); err != nil {
		return err
	}
	return done(q)
}

// typedEnd says what came of an item, and what is noted: /natija 1 kelishildi:
// words. Without an outcome it shows the item.
func (h *Handlers) typedEnd(q *bot.Request) error {
	m, err := h.theSitting(q)
	if err != nil {
		return err
	}
	args := locales.Clean(q.Event.Args)
	head := args[:len(args)-len(strings.TrimLeft(args, "0123456789"))]
	rest := strings.TrimSpace(args[len(head):])
	n, err := strconv.Atoi(head)
	if err != nil || casework.ItemOn(m, n) == nil {
		return mahalla.Refuse(mahalla.Invalid, "sitting_outcome")
	}
	name, note, noted := strings.Cut(rest, ":")
	if name = strings.TrimSpace(name); name == "" && !noted {
		return h.desk.ShowHeld(q.Tx, q.Contact, m, "item_"+head, true, q.Now)
	}
	if name != "" {
		with, known := h.desk.OutcomeNamed(name)
		if !known {
			return mahalla.Refuse(mahalla.Invalid, "sitting_outcome")
		}
		if casework.ItemOn(m, n).Outcome != with {
			if err := h.desk.EndItem(q.Tx, q.Contact, m.ID, n, with, q.Now); err != nil {
				return err
			}
		}
	}
	if noted {
		if err := h.desk.ItemNote(q.Tx, q.Contact, m.ID, n, locales.Clean(note), q.Now); err != nil {
			return err
		}
	}
	return done(q)
}

// typedFinish ends the sitting: /yakun asks, /yakun ha does; with the word for no
// it says that the meeting did not take place.
func (h *Handlers) typedFinish(q *bot.Request) error {
	m, err := h.theSitting(q)
	if err != nil {
		return err
	}
	words := locales.Clean(q.Event.Args)
	switch {
	case words == "":
		if err := m.MayHold(q.Now); err != nil {
			return err
		}
		return h.desk.ShowHeld(q.Tx, q.Contact, m, "finish", true, q.Now)
	case h.desk.Yes(words):
		err = h.desk.FinishSitting(q.Tx, q.Contact, m.ID, q.Now)
	case h.desk.No(words):
		err = h.desk.NotHeld(q.Tx, q.Contact, m.ID, q.Now)
	default:
		return mahalla.Refuse(mahalla.Invalid, "sitting_finish")
	}
	if err != nil {
		return err
	}
	return done(q)
}

// freshenHeld brings the card up to date whose old button was pressed.
func (h *Handlers) freshenHeld(q *bot.Request) error {
	switch q.Event.Press.Verb {
	case casework.PressDone, casework.PressLater, casework.PressGrant, casework.PressOpenOf, casework.PressUnmake:
		err := h.desk.ShowDecision(q.Tx, q.Contact, pressedDecision(q), q.Now)
		if refusal := (*mahalla.Error)(nil); errors.As(err, &refusal) {
			return nil
		}
		return err
	}
	m, err := h.desk.MayWrite(q.Tx, q.Contact, pressedMeeting(q), q.Now)
	if refusal := (*mahalla.Error)(nil); errors.As(err, &refusal) {
		return nil
	}
	if err != nil {
		return err
	}
	h.adoptHeld(q)
	return h.desk.ShowHeld(q.Tx, q.Contact, m, "", false, q.Now)
}
