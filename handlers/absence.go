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

// absenceCards are the cards on which the buttons of absences stand.
var absenceCards = map[string]mahalla.NoticeKind{
	casework.PressAbsence: casework.CardAbsence, casework.PressSubstitute: casework.CardAbsence, casework.PressReturn: casework.CardAbsence,
	casework.PressHandAll: casework.CardAbsence, casework.PressStandIn: casework.CardStandIn,
}

// typedAbsence shows the officer's absence, or asks for its days: /yoqman, or in
// one line /yoqman 25.11-30.11.
func (h *Handlers) typedAbsence(q *bot.Request) error {
	if !q.Contact.Has(mahalla.MayAnswer, q.Now) {
		return mahalla.Refuse(mahalla.Forbidden, "not_officer")
	}
	if words := locales.Clean(q.Event.Args); words != "" {
		return h.planDays(q, words)
	}
	q.Contact.Dialogue.Ask(mahalla.Question{Flow: casework.FlowAbsence, Until: q.Now.Add(mahalla.QuestionLife)})
	list, err := q.Tx.AbsencesOf(q.Contact.ID)
	if err != nil {
		return err
	}
	for _, a := range list {
		if a.Person == q.Contact.ID { // nothing is asked
			q.Contact.Dialogue.Question = nil
		}
	}
	return h.show(q, casework.CardAbsence, true)
}

// pressAbsence begins an absence today or tomorrow, for that day, or turns the
// list of substitutes.
func (h *Handlers) pressAbsence(q *bot.Request) error {
	q.Tx.AdoptCard(q.Contact.ID, casework.CardAbsence, 0, q.Event.Message)
	if page, ok := strings.CutPrefix(q.Event.Press.Arg, "p"); ok {
		return h.showCase(q, casework.CardAbsence, 0, false, map[string]string{"page": page})
	}
	at := q.Now
	if q.Event.Press.Arg == "tomorrow" {
		at = at.AddDate(0, 0, 1)
	}
	return h.plan(q, at, at, false)
}

// hearAbsence hears the days.
func (h *Handlers) hearAbsence(q *bot.Request) error { return h.planDays(q, q.Event.Text) }

func (h *Handlers) planDays(q *bot.Request, words string) error {
	from, until, err := h.desk.ParseDays(words, q.Now)
	if err != nil {
		return err
	}
	return h.plan(q, from, until.Add(-time.Second), true)
}

// plan makes an absence from one day to another, and asks who stands in.
func (h *Handlers) plan(q *bot.Request, first, last time.Time, afresh bool) error {
	zone := h.desk.Calendar().Zone
	day := func(t time.Time, more int) time.Time {
		t = t.In(zone)
		return time.Date(t.Year(), t.Month(), t.Day()+more, 0, 0, 0, 0, zone)
	}
	from := day(first, 0)
	if from.Before(q.Now) {
		from = q.Now
	}
	if err := h.desk.PlanAbsence(q.Tx, q.Contact, from, day(last, 1), q.Now); err != nil {
		return err
	}
	if question := q.Contact.Dialogue.Question; question != nil && question.Flow == casework.FlowAbsence {
		q.Contact.Dialogue.Question = nil
	}
	return h.show(q, casework.CardAbsence, afresh)
}

// pressSubstitute asks a colleague of the list to stand in.
func (h *Handlers) pressSubstitute(q *bot.Request) error {
	to, err := strconv.ParseInt(q.Event.Press.Arg, 10, 64)
	if err != nil {
		return mahalla.Refuse(mahalla.Invalid, "forged")
	}
	if err := h.desk.AskStandIn(q.Tx, q.Contact, mahalla.PersonID(to), q.Now); err != nil {
		return err
	}
	return h.toast(q, "toast.offered")
}

// typedSubstitute asks a colleague, by the number in the list or by name, or
// answers who asks: /orinbosar 2, /orinbosar ha.
func (h *Handlers) typedSubstitute(q *bot.Request) error {
	words := locales.Clean(q.Event.Args)
	yes, no := h.desk.Yes(words), h.desk.No(words)
	if yes || no {
		if err := h.desk.ReplyStandIn(q.Tx, q.Contact, 0, yes, q.Now); err != nil {
			return err
		}
		return done(q)
	}
	if words == "" {
		return h.typedAbsence(q)
	}
	to, err := h.desk.Substitute(q.Tx, q.Contact, words, q.Now)
	if err != nil {
		return err
	}
	if err := h.desk.AskStandIn(q.Tx, q.Contact, to, q.Now); err != nil {
		return err
	}
	return done(q)
}

// pressStandIn is the answer of whoever was asked to stand in.
func (h *Handlers) pressStandIn(q *bot.Request) error {
	yes := q.Event.Press.Arg == "yes"
	if err := h.desk.ReplyStandIn(q.Tx, q.Contact, mahalla.AbsenceID(q.Event.Press.Subject), yes, q.Now); err != nil {
		return err
	}
	if yes {
		return h.toast(q, "toast.accepted")
	}
	return h.toast(q, "toast.refused")
}

// pressReturn ends the absence.
func (h *Handlers) pressReturn(q *bot.Request) error {
	if err := h.desk.Return(q.Tx, q.Contact, q.Now); err != nil {
		return err
	}
	return h.toast(q, "toast.returned")
}

// typedReturn is the same in words: /keldim.
func (h *Handlers) typedReturn(q *bot.Request) error {
	if err := h.desk.Return(q.Tx, q.Contact, q.Now); err != nil {
		return err
	}
	return done(q)
}

// pressHandOn offers one open case to the substitute.
func (h *Handlers) pressHandOn(q *bot.Request) error {
	if _, err := h.desk.HandOn(q.Tx, q.Contact, pressedCase(q), q.Event.Press.Round, q.Now); err != nil {
		return err
	}
	return h.toast(q, "toast.offered")
}

// pressHandAll offers all of them.
func (h *Handlers) pressHandAll(q *bot.Request) error {
	if _, err := h.desk.HandOn(q.Tx, q.Contact, 0, 0, q.Now); err != nil {
		return err
	}
	return h.toast(q, "toast.offered")
}

// typedHandOn is the same in words: /topshir for all, /topshir 4821-0937 for one.
func (h *Handlers) typedHandOn(q *bot.Request) error {
	var id mahalla.CaseID
	if locales.Clean(q.Event.Args) != "" {
		c, _, err := h.caseNamed(q)
		if err != nil {
			return err
		}
		id = c.ID
	}
	if _, err := h.desk.HandOn(q.Tx, q.Contact, id, 0, q.Now); err != nil {
		return err
	}
	return done(q)
}
