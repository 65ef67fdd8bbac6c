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

// showSeries shows the card of the meetings that come again.
func (h *Handlers) showSeries(q *bot.Request, afresh bool, pairs ...string) error {
	args := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i]] = pairs[i+1]
	}
	return h.showCase(q, casework.CardSeries, 0, afresh, args)
}

// pressSeries does something with a series, or with the one in the making.
func (h *Handlers) pressSeries(q *bot.Request) error {
	q.Tx.AdoptCard(q.Contact.ID, casework.CardSeries, 0, q.Event.Message)
	id, arg := q.Event.Press.Subject, q.Event.Press.Arg
	what, value, _ := strings.Cut(arg, "_")
	var err error
	switch what {
	case "new":
		err = h.desk.PlanSeries(q.Tx, q.Contact, q.Now)
	case "open":
		h.desk.DropPlan(q.Contact)
		return h.showSeries(q, false, "open", idText(id))
	case "end":
		if value == "" {
			return h.showSeries(q, false, "open", idText(id), "sure", "yes")
		}
		return h.endSeries(q, id)
	case "leave":
		day, bad := time.Parse("20060102", value)
		if bad != nil {
			return mahalla.Refuse(mahalla.Invalid, "forged")
		}
		return h.leaveDay(q, id, mahalla.DateOf(day))
	case "holiday":
		return h.turnSeries(q, id)
	default:
		return h.pressPlan(q, id, what, value)
	}
	if err != nil {
		return err
	}
	return h.showSeries(q, false)
}

// pressPlan takes a choice about the series in the making; an older one is stale.
func (h *Handlers) pressPlan(q *bot.Request, serial int64, what, value string) error {
	if !h.plans(q, serial) {
		return mahalla.Refuse(mahalla.Conflict, "series_gone")
	}
	switch what {
	case "save":
		return h.saveSeries(q)
	case "drop":
		h.desk.DropPlan(q.Contact)
		return h.showSeries(q, false)
	}
	if err := h.desk.ChooseSeries(q.Contact, what, value, q.Now); err != nil {
		return err
	}
	return h.showSeries(q, false)
}

// plans tells whether a series is in the making; of a press, whether that one is.
func (h *Handlers) plans(q *bot.Request, serial int64) bool {
	question := q.Contact.Dialogue.Question
	return question != nil && question.Flow == casework.FlowSeries && (serial == 0 || int64(question.Serial) == serial)
}

// turnSeries takes the next rule for holidays, of the series in the making or of
// one that stands.
func (h *Handlers) turnSeries(q *bot.Request, id int64) error {
	if h.plans(q, id) {
		if err := h.desk.ChooseSeries(q.Contact, "holiday", "", q.Now); err != nil {
			return err
		}
		return h.showSeries(q, q.Event.Kind != bot.KindPress)
	}
	if err := h.desk.ChangeSeries(q.Tx, q.Contact, id, q.Now); err != nil {
		return err
	}
	return h.showSeries(q, q.Event.Kind != bot.KindPress, "open", idText(id))
}

func (h *Handlers) saveSeries(q *bot.Request) error {
	s, err := h.desk.SaveSeries(q.Tx, q.Contact, q.Now)
	if err != nil {
		return err
	}
	return h.changed(q, "toast.saved", "open", idText(s.ID))
}

func (h *Handlers) endSeries(q *bot.Request, id int64) error {
	if err := h.desk.EndSeries(q.Tx, q.Contact, id, q.Now); err != nil {
		return err
	}
	return h.changed(q, "toast.series_ended")
}

func (h *Handlers) leaveDay(q *bot.Request, id int64, day mahalla.Date) error {
	if err := h.desk.LeaveDay(q.Tx, q.Contact, id, day, q.Now); err != nil {
		return err
	}
	return h.changed(q, "toast.series_left", "open", idText(id))
}

// changed shows the card after a change: where it stands when a button was
// pressed, else at the end of the chat.
func (h *Handlers) changed(q *bot.Request, toast string, pairs ...string) error {
	pressed := q.Event.Kind == bot.KindPress
	if err := h.showSeries(q, !pressed, pairs...); err != nil || !pressed {
		return err
	}
	return h.toast(q, toast)
}

// hearSeries hears when the series in the making comes.
func (h *Handlers) hearSeries(q *bot.Request) error {
	words := locales.Clean(q.Event.Text)
	if words == "" || q.Event.Media != nil {
		h.desk.DropPlan(q.Contact)
		return h.message(q)
	}
	if err := h.desk.RuleSeries(q.Tx, q.Contact, words, q.Now); err != nil {
		return err
	}
	return h.showSeries(q, true)
}

// typedSeries is the card in words: /muntazam; /muntazam yangi; /muntazam and when
// it comes; /muntazam ha to save; bayram for the rule of holidays; 12.12 to leave
// out that day; oʻchir to end it. The last three take the number of the series
// before them where there are several.
func (h *Handlers) typedSeries(q *bot.Request) error {
	words := strings.Fields(locales.Clean(q.Event.Args))
	if len(words) == 0 {
		if err := h.desk.OpenSeries(q.Tx, q.Contact, q.Now); err != nil {
			return err
		}
		return h.showSeries(q, true)
	}
	list, err := q.Tx.SeriesOf(casework.Convenes(q.Contact, q.Now))
	if err != nil {
		return err
	}
	if _, ok := h.desk.OnlyDay(strings.Join(words, " "), q.Now); ok {
		id, day, err := h.desk.SeriesDay(q.Tx, q.Contact, strings.Join(words, " "), q.Now)
		if err != nil {
			return err
		}
		return h.leaveDay(q, id, day)
	}
	n, rest := 1, words
	if given, err := strconv.Atoi(words[0]); err == nil && len(words) <= 2 {
		n, rest = given, words[1:]
	}
	var id int64
	if n >= 1 && n <= len(list) {
		id = list[n-1].ID
	}
	switch {
	case len(rest) == 0:
		h.desk.DropPlan(q.Contact)
		return h.showSeries(q, true, "open", idText(id))
	case len(rest) > 1:
	case h.desk.Yes(rest[0]):
		return h.saveSeries(q)
	case h.desk.IsWord("word.new", rest[0]):
		if err := h.desk.PlanSeries(q.Tx, q.Contact, q.Now); err != nil {
			return err
		}
		return h.showSeries(q, true)
	case h.desk.IsWord("word.holiday", rest[0]):
		return h.turnSeries(q, id)
	case h.desk.IsWord("word.remove", rest[0]):
		return h.endSeries(q, id)
	case strings.Contains(rest[0], "."):
		return mahalla.Refuse(mahalla.Invalid, "series_words")
	}
	if err := h.desk.RuleSeries(q.Tx, q.Contact, strings.Join(words, " "), q.Now); err != nil {
		return err
	}
	return h.showSeries(q, true)
}
