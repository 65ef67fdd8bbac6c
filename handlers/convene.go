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

// typedConvene puts a meeting together, or goes on with it: /majlis, or in one line
// /majlis 12.12 10:00 place. With an order it manages the next meeting that was
// called.
func (h *Handlers) typedConvene(q *bot.Request) error {
	if len(casework.Convenes(q.Contact, q.Now)) == 0 {
		return mahalla.Refuse(mahalla.Forbidden, "not_secretary")
	}
	if err := h.desk.EndPastDrafts(q.Tx, q.Contact, q.Now); err != nil {
		return err
	}
	order, rest := h.desk.OrderNamed(locales.Clean(q.Event.Args))
	if order != "" {
		return h.orderMeeting(q, order, rest)
	}
	commission, err := h.namedCommission(q, rest)
	if err != nil {
		return err
	}
	m, known, err := h.desk.Convene(q.Tx, q.Contact, commission, q.Now)
	if err != nil {
		return err
	}
	if !known {
		return h.showCase(q, casework.CardConvene, 0, true, nil)
	}
	if isNumber(rest) {
		rest = ""
	}
	return h.typedDraft(q, m.ID, rest)
}

// namedCommission is the commission that a lone number means in the list of the
// person's own; 0 is for a line that is none. A number that the list does not have is
// refused: it is no time and no place.
func (h *Handlers) namedCommission(q *bot.Request, typed string) (mahalla.TerritoryID, error) {
	if !isNumber(typed) {
		return 0, nil
	}
	own := casework.Convenes(q.Contact, q.Now)
	n, err := strconv.Atoi(typed)
	if err != nil || n < 1 || n > len(own) {
		return 0, mahalla.Refuse(mahalla.NotFound, "commission_number")
	}
	return own[n-1], nil
}

// typedDraft takes the day, the time and the place that a line says; the card comes
// to the end of the chat.
func (h *Handlers) typedDraft(q *bot.Request, id mahalla.MeetingID, typed string) error {
	return h.desk.EditMeeting(q.Tx, q.Contact, id, true, nil, q.Now, func(m *mahalla.Meeting) error {
		asked := casework.AskedLine
		if m.Step == mahalla.StepClock && len(strings.Fields(typed)) == 1 {
			asked = casework.AskedClock
		}
		said, err := h.desk.ParseMeeting(typed, asked, q.Now)
		if err != nil {
			return err
		}
		return h.takeSaid(q, m, said, nil)
	})
}

// takeSaid gives a draft what was said of it.
func (h *Handlers) takeSaid(q *bot.Request, m *mahalla.Meeting, said casework.MeetingWords, pin *mahalla.Media) error {
	step := m.Step
	day := said.Day
	if day.IsZero() && step != mahalla.StepDay {
		day = m.At
	}
	if said.Clock >= 0 && day.IsZero() {
		return mahalla.Refuse(mahalla.Invalid, "meeting_unreadable")
	}
	if said.Clock >= 0 {
		if err := h.desk.SetMeetingTime(m, said.At(day), q.Now); err != nil {
			return err
		}
	} else if !said.Day.IsZero() {
		if err := h.desk.SetMeetingDay(m, said.Day, q.Now); err != nil {
			return err
		}
	}
	if said.Place != "" || pin != nil {
		clock := m.Step == mahalla.StepClock
		if err := h.desk.SetMeetingPlace(m, said.Place, pin); err != nil {
			return err
		}
		if clock { // the time of day is still to be said
			m.Step = mahalla.StepClock
		}
	}
	return nil
}

// hearConvene hears the answer to what a draft asks: a day, a time, a place, or a
// pin on the map.
func (h *Handlers) hearConvene(q *bot.Request) error {
	question := q.Contact.Dialogue.Question
	words := locales.Clean(q.Event.Text)
	if h.desk.Danger(words) {
		return h.part(q)
	}
	if q.Event.Odd != "" || q.Event.Contact != nil || q.Event.Media != nil && q.Event.Media.Kind != mahalla.Location {
		return mahalla.Refuse(mahalla.Invalid, "odd")
	}
	id := mahalla.MeetingID(question.Case)
	return h.desk.EditMeeting(q.Tx, q.Contact, id, true, nil, q.Now, func(m *mahalla.Meeting) error {
		switch m.Step {
		case mahalla.StepPlace:
			return h.desk.SetMeetingPlace(m, words, q.Event.Media)
		case mahalla.StepAgenda:
			item, err := h.desk.ReadyNamed(q.Tx, m, words)
			if err != nil {
				return err
			}
			return h.desk.ToggleItem(q.Tx, m, item)
		case mahalla.StepPeople:
			p, err := h.desk.PersonNamed(q.Tx, m, words, q.Now)
			if err != nil {
				return err
			}
			return h.desk.ToggleMember(q.Tx, m, p, q.Now)
		case mahalla.StepDay, mahalla.StepClock, mahalla.StepReady:
		}
		asked := casework.AskedLine
		if m.Step == mahalla.StepClock {
			asked = casework.AskedClock
		}
		said, err := h.desk.ParseMeeting(words, asked, q.Now)
		if err != nil {
			return err
		}
		if said.Day.IsZero() && said.Clock < 0 && m.Step != mahalla.StepReady {
			return mahalla.Refuse(mahalla.Invalid, "meeting_unreadable")
		}
		return h.takeSaid(q, m, said, q.Event.Media)
	})
}

// pressDraft changes the draft whose button was pressed.
func (h *Handlers) pressDraft(q *bot.Request, args map[string]string, change func(*mahalla.Meeting) error) error {
	id := pressedMeeting(q)
	q.Tx.AdoptCard(q.Contact.ID, casework.CardConvene, mahalla.CaseID(id), q.Event.Message)
	return h.desk.EditMeeting(q.Tx, q.Contact, id, false, args, q.Now, change)
}

func pressedMeeting(q *bot.Request) mahalla.MeetingID {
	return mahalla.MeetingID(q.Event.Press.Subject)
}

// pressMeetNew begins a meeting of one of the person's commissions.
func (h *Handlers) pressMeetNew(q *bot.Request) error {
	m, _, err := h.desk.Convene(q.Tx, q.Contact, mahalla.TerritoryID(q.Event.Press.Subject), q.Now)
	if err != nil {
		return err
	}
	return h.desk.ShowDraft(q.Tx, q.Contact, m, true, nil, q.Now)
}

func (h *Handlers) pressMeetDay(q *bot.Request) error {
	day, err := time.ParseInLocation("20060102", q.Event.Press.Arg, h.desk.Calendar().Zone)
	if err != nil {
		return mahalla.Refuse(mahalla.Invalid, "forged")
	}
	return h.pressDraft(q, nil, func(m *mahalla.Meeting) error { return h.desk.SetMeetingDay(m, day, q.Now) })
}

func (h *Handlers) pressMeetClock(q *bot.Request) error {
	at, err := time.Parse("1504", q.Event.Press.Arg)
	if err != nil {
		return mahalla.Refuse(mahalla.Invalid, "forged")
	}
	clock := time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute
	return h.pressDraft(q, nil, func(m *mahalla.Meeting) error {
		return h.takeSaid(q, m, casework.MeetingWords{Clock: clock}, nil)
	})
}

func (h *Handlers) pressMeetPlace(q *bot.Request) error {
	return h.pressDraft(q, nil, func(m *mahalla.Meeting) error { return h.desk.TakeUsualPlace(q.Tx, m) })
}

// pressMeetItem puts an item onto the agenda or takes it off; the page stays.
func (h *Handlers) pressMeetItem(q *bot.Request) error {
	item, page, err := casework.TwoIDs(q.Event.Press.Arg)
	if err != nil {
		return err
	}
	return h.pressDraft(q, map[string]string{"page": number(int(page))}, func(m *mahalla.Meeting) error {
		return h.desk.ToggleItem(q.Tx, m, mahalla.ItemID(item))
	})
}

func (h *Handlers) pressMeetMember(q *bot.Request) error {
	p, page, err := casework.TwoIDs(q.Event.Press.Arg)
	if err != nil {
		return err
	}
	return h.pressDraft(q, map[string]string{"page": number(int(page))}, func(m *mahalla.Meeting) error {
		return h.desk.ToggleMember(q.Tx, m, mahalla.PersonID(p), q.Now)
	})
}

// pressMeetStep asks something, turns the page of its list, or leaves the draft for
// later.
func (h *Handlers) pressMeetStep(q *bot.Request) error {
	step, page, _ := strings.Cut(q.Event.Press.Arg, "_")
	if step == "leave" {
		if q.Contact.Dialogue.Question != nil && q.Contact.Dialogue.Question.Flow == casework.FlowConvene {
			q.Contact.Dialogue.Question = nil
		}
		q.Tx.AdoptCard(q.Contact.ID, casework.CardConvene, mahalla.CaseID(pressedMeeting(q)), q.Event.Message)
		return h.leaveDraft(q, pressedMeeting(q), false)
	}
	return h.pressDraft(q, map[string]string{"page": page}, func(m *mahalla.Meeting) error { return h.goTo(m, mahalla.MeetingStep(step)) })
}

// goTo lets a draft ask a step for which what comes before it is known.
func (h *Handlers) goTo(m *mahalla.Meeting, step mahalla.MeetingStep) error {
	switch {
	case step == mahalla.StepDay, step == m.Step:
	case m.At.IsZero() || m.Step == mahalla.StepClock:
		return mahalla.Refuse(mahalla.Invalid, "meeting_unready")
	case m.Place == "" && m.Pin == "" && step != mahalla.StepPlace:
		return mahalla.Refuse(mahalla.Invalid, "meeting_unready")
	}
	m.Step = step
	return nil
}

// leaveDraft says that the draft is kept, and offers to throw it away.
func (h *Handlers) leaveDraft(q *bot.Request, id mahalla.MeetingID, afresh bool) error {
	return h.showCase(q, casework.CardConvene, mahalla.CaseID(id), afresh, map[string]string{"choose": "leave"})
}

func (h *Handlers) pressMeetCall(q *bot.Request) error {
	q.Tx.AdoptCard(q.Contact.ID, casework.CardConvene, mahalla.CaseID(pressedMeeting(q)), q.Event.Message)
	if _, err := h.desk.CallMeeting(q.Tx, q.Contact, pressedMeeting(q), q.Now); err != nil {
		return err
	}
	return h.toast(q, "toast.called")
}

func (h *Handlers) pressMeetDrop(q *bot.Request) error {
	q.Tx.AdoptCard(q.Contact.ID, casework.CardConvene, mahalla.CaseID(pressedMeeting(q)), q.Event.Message)
	return h.desk.DropMeeting(q.Tx, q.Contact, pressedMeeting(q), q.Now)
}

// orderDraft does in words what the buttons of a draft do.
func (h *Handlers) orderDraft(q *bot.Request, m *mahalla.Meeting, order, rest string) error {
	switch order {
	case casework.OrderDrop:
		if err := h.desk.DropMeeting(q.Tx, q.Contact, m.ID, q.Now); err != nil {
			return err
		}
		return done(q)
	case casework.OrderCall:
		if !h.desk.Yes(rest) {
			if err := h.desk.AskEmptyCall(q.Tx, m, q.Now); err != nil {
				return err
			}
		}
		if _, err := h.desk.CallMeeting(q.Tx, q.Contact, m.ID, q.Now); err != nil {
			return err
		}
		return h.desk.OpenMeeting(q.Tx, q.Contact, m.ID, true, nil, q.Now)
	}
	args := map[string]string{}
	return h.desk.EditMeeting(q.Tx, q.Contact, m.ID, true, args, q.Now, func(m *mahalla.Meeting) error {
		if page, ok := pageOf(rest); ok && rest != "" && (order == casework.OrderNext || order == casework.OrderBack) {
			args["page"] = number(page)
			return nil
		}
		switch order {
		case casework.OrderNext:
			return h.goTo(m, neighbour(m.Step, 1))
		case casework.OrderBack:
			return h.goTo(m, neighbour(m.Step, -1))
		case casework.OrderPlace:
			if rest == "" {
				return h.desk.TakeUsualPlace(q.Tx, m)
			}
			return h.desk.SetMeetingPlace(m, rest, nil)
		case casework.OrderItem:
			if rest == "" {
				return h.goTo(m, mahalla.StepAgenda)
			}
			item, err := h.desk.ReadyNamed(q.Tx, m, rest)
			if err != nil {
				return err
			}
			return h.desk.ToggleItem(q.Tx, m, item)
		case casework.OrderMember:
			if rest == "" {
				return h.goTo(m, mahalla.StepPeople)
			}
			p, err := h.desk.PersonNamed(q.Tx, m, rest, q.Now)
			if err != nil {
				return err
			}
			return h.desk.ToggleMember(q.Tx, m, p, q.Now)
		}
		return nil
	})
}

// neighbour is the step before or after another one; at the ends the same.
func neighbour(step mahalla.MeetingStep, by int) mahalla.MeetingStep {
	all := mahalla.MeetingSteps()
	for i, s := range all {
		if s == step {
			return all[max(0, min(len(all)-1, i+by))]
		}
	}
	return step
}
