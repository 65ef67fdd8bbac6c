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

// pressSnooze puts off the reminders of a message.
func (h *Handlers) pressSnooze(q *bot.Request) error {
	at, err := h.desk.Snooze(q.Tx, q.Contact, q.Event.Press.Subject, q.Event.Press.Arg, time.Time{}, q.Now)
	if err != nil {
		return err
	}
	return h.toastWhen(q, "toast.snoozed", at)
}

// typedSnooze is the same in words: /kechroq for an hour, /kechroq 15:00.
func (h *Handlers) typedSnooze(q *bot.Request) error {
	var at time.Time
	if words := locales.Clean(q.Event.Args); words != "" {
		var err error
		if at, err = h.desk.ParseWhen(words, q.Now); casework.IsVague(err) {
			return err
		}
		if err != nil {
			return mahalla.Refuse(mahalla.Invalid, "snooze_when")
		}
	}
	at, err := h.desk.Snooze(q.Tx, q.Contact, 0, "", at, q.Now)
	if err != nil {
		return err
	}
	when, err := h.desk.When(q.Contact.Language, at, q.Now)
	if err != nil {
		return err
	}
	return h.say(q, "toast.snoozed", "when", when)
}

// toastWhen answers a press with a moment.
func (h *Handlers) toastWhen(q *bot.Request, key string, at time.Time) error {
	when, err := h.desk.When(q.Contact.Language, at, q.Now)
	if err != nil {
		return err
	}
	return h.toast(q, key, "when", when)
}

// pressHush keeps what a message reminded of from coming again.
func (h *Handlers) pressHush(q *bot.Request) error {
	if err := h.desk.Hush(q.Tx, q.Contact, q.Event.Press.Subject, q.Now); err != nil {
		return err
	}
	return h.toast(q, "toast.hushed")
}

// typedHush is the same in words: /kelmasin.
func (h *Handlers) typedHush(q *bot.Request) error {
	if err := h.desk.Hush(q.Tx, q.Contact, 0, q.Now); err != nil {
		return err
	}
	return h.say(q, "toast.hushed")
}

// showReminders shows the card of reminders.
func (h *Handlers) showReminders(q *bot.Request, afresh bool, pairs ...string) error {
	args := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i]] = pairs[i+1]
	}
	return h.showCase(q, casework.CardReminders, 0, afresh, args)
}

func idText(id int64) string { return strconv.FormatInt(id, 10) }

// pressReminders does something with a reminder of the list.
func (h *Handlers) pressReminders(q *bot.Request) error {
	q.Tx.AdoptCard(q.Contact.ID, casework.CardReminders, 0, q.Event.Message)
	id, arg := q.Event.Press.Subject, q.Event.Press.Arg
	if page, ok := casework.ReminderPage(arg); ok {
		return h.showReminders(q, false, "list", "yes", "page", strconv.Itoa(page))
	}
	if kind, ok := strings.CutPrefix(arg, "hush_"); ok {
		return h.toggle(q, mahalla.ReminderKind(kind), false, "toast.hushed")
	}
	if kind, ok := strings.CutPrefix(arg, "allow_"); ok && id == 0 {
		return h.toggle(q, mahalla.ReminderKind(kind), true, "toast.allowed")
	}
	switch arg {
	case "new":
		if err := h.desk.Compose(q.Tx, q.Contact, 0, q.Now); err != nil {
			return err
		}
		return h.showReminders(q, false)
	case "edit":
		if err := h.desk.Compose(q.Tx, q.Contact, id, q.Now); err != nil {
			return err
		}
		return h.showReminders(q, false)
	case "open":
		return h.showReminders(q, false, "list", "yes", "open", idText(id))
	case "stop":
		return h.showReminders(q, false, "list", "yes", "open", idText(id), "sure", "yes")
	case casework.PauseReminder:
		return h.setRecurring(q, id, arg, "toast.paused")
	case casework.ResumeReminder:
		return h.setRecurring(q, id, arg, "toast.resumed")
	case casework.RemoveReminder:
		return h.setRecurring(q, id, arg, "toast.removed")
	case "allow_custom":
		h.desk.AllowCustom(q.Tx, q.Contact, id)
		if err := h.showReminders(q, false, "list", "yes"); err != nil {
			return err
		}
		return h.toast(q, "toast.allowed")
	}
	return h.showReminders(q, false, "list", "yes")
}

func (h *Handlers) toggle(q *bot.Request, kind mahalla.ReminderKind, wanted bool, key string) error {
	if err := h.desk.Toggle(q.Tx, q.Contact, kind, wanted, q.Now); err != nil {
		return err
	}
	if q.Event.Kind != bot.KindPress {
		return h.say(q, key)
	}
	if err := h.showReminders(q, false, "list", "yes"); err != nil {
		return err
	}
	return h.toast(q, key)
}

func (h *Handlers) setRecurring(q *bot.Request, id int64, what, key string) error {
	if err := h.desk.SetRecurring(q.Tx, q.Contact, id, what, q.Now); err != nil {
		return err
	}
	pressed := q.Event.Kind == bot.KindPress
	if err := h.showReminders(q, !pressed, "list", "yes", "open", idText(id)); err != nil || !pressed {
		return err
	}
	return h.toast(q, key)
}

// pressCompose takes a choice in the making of a reminder.
func (h *Handlers) pressCompose(q *bot.Request) error {
	q.Tx.AdoptCard(q.Contact.ID, casework.CardReminders, 0, q.Event.Message)
	switch q.Event.Press.Arg {
	case "save":
		if err := h.freshCompose(q); err != nil {
			return err
		}
		return h.saveReminder(q)
	case "drop":
		if question := q.Contact.Dialogue.Question; question != nil && question.Flow == casework.FlowCompose {
			q.Contact.Dialogue.Question = nil
		}
		return h.showReminders(q, false, "list", "yes")
	}
	if err := h.desk.PressCompose(q.Contact, q.Event.Press.Subject, q.Event.Press.Arg, q.Now); err != nil {
		return err
	}
	return h.showReminders(q, false)
}

// freshCompose refuses a button of a reminder that is not in the making any more.
func (h *Handlers) freshCompose(q *bot.Request) error {
	question := q.Contact.Dialogue.Question
	if question == nil || question.Flow != casework.FlowCompose || int64(question.Serial) != q.Event.Press.Subject {
		return mahalla.Refuse(mahalla.Conflict, "custom_gone")
	}
	return nil
}

func (h *Handlers) saveReminder(q *bot.Request) error {
	if err := h.desk.SaveCompose(q.Tx, q.Contact, q.Now); err != nil {
		return err
	}
	if q.Event.Kind != bot.KindPress {
		return h.showReminders(q, true, "list", "yes")
	}
	if err := h.showReminders(q, false, "list", "yes"); err != nil {
		return err
	}
	return h.toast(q, "toast.saved")
}

// hearCompose hears words about the step that is asked.
func (h *Handlers) hearCompose(q *bot.Request) error {
	words := locales.Clean(q.Event.Text)
	if words == "" || q.Event.Media != nil {
		q.Contact.Dialogue.Question = nil
		return h.message(q)
	}
	if err := h.desk.HearCompose(q.Contact, words, q.Now); err != nil {
		return err
	}
	return h.showReminders(q, true)
}

// typedReminders is the card in words: /eslatma; /eslatma yangi; /eslatma ha to
// save; /eslatma 2, and what to do with it; /eslatma payshanba yoq; or all of a new
// one in a line: /eslatma when | to whom, where | text.
func (h *Handlers) typedReminders(q *bot.Request) error {
	line := strings.TrimSpace(q.Event.Args)
	words := strings.Fields(line)
	switch {
	case len(words) == 0:
		return h.showReminders(q, true, "list", "yes")
	case strings.Contains(line, "|"):
		return h.typedLine(q, line)
	case h.desk.Yes(line):
		return h.saveReminder(q)
	case h.desk.IsWord("word.new", words[0]):
		if err := h.desk.Compose(q.Tx, q.Contact, 0, q.Now); err != nil {
			return err
		}
		return h.showReminders(q, true)
	}
	if n, err := strconv.Atoi(words[0]); err == nil {
		return h.typedReminder(q, n, words[1:])
	}
	if len(words) == 2 && (h.desk.Yes(words[1]) || h.desk.No(words[1])) {
		for _, kind := range []mahalla.ReminderKind{mahalla.RemindThursday, mahalla.RemindQuarterly} {
			if h.desk.IsWord("remind.short."+string(kind), words[0]) {
				key := map[bool]string{true: "toast.allowed", false: "toast.hushed"}[h.desk.Yes(words[1])]
				return h.toggle(q, kind, h.desk.Yes(words[1]), key)
			}
		}
	}
	return h.typedStep(q, line)
}

// typedLine makes a reminder of one line. A line that is refused leaves nothing that
// could be saved in its place: what was in the making before it is dropped.
func (h *Handlers) typedLine(q *bot.Request, line string) error {
	before := q.Contact.Dialogue.Question
	err := h.desk.ComposeLine(q.Tx, q.Contact, line, q.Now)
	if refusal := (*mahalla.Error)(nil); errors.As(err, &refusal) {
		if q.Contact.Dialogue.Question = before; before != nil && before.Flow == casework.FlowCompose {
			q.Contact.Dialogue.Question = nil
		}
		return h.refuse(q, refusal)
	}
	if err != nil {
		return err
	}
	return h.showReminders(q, true)
}

// typedStep says something about the reminder that is being made, as its buttons
// do: the rule for holidays, a step back, or words that the step hears.
func (h *Handlers) typedStep(q *bot.Request, line string) error {
	question := q.Contact.Dialogue.Question
	if question == nil || question.Flow != casework.FlowCompose {
		return h.desk.LineHint(q.Contact, q.Now)
	}
	var err error
	switch {
	case h.desk.IsWord("word.holiday", line):
		err = h.desk.PressCompose(q.Contact, int64(question.Serial), "holiday", q.Now)
	case h.desk.IsWord("word.back", line):
		err = h.desk.PressCompose(q.Contact, int64(question.Serial), "back", q.Now)
	default:
		err = h.desk.HearCompose(q.Contact, line, q.Now)
	}
	if err != nil {
		return err
	}
	return h.showReminders(q, true)
}

// typedReminder does something with the reminder of a number in the list.
func (h *Handlers) typedReminder(q *bot.Request, n int, words []string) error {
	id, err := h.desk.OwnReminder(q.Tx, q.Contact, n)
	if err != nil {
		return err
	}
	if len(words) == 0 {
		return h.showReminders(q, true, "list", "yes", "open", idText(id))
	}
	switch word := words[0]; {
	case h.desk.IsWord("word.pause", word):
		return h.setRecurring(q, id, casework.PauseReminder, "")
	case h.desk.IsWord("word.resume", word):
		return h.setRecurring(q, id, casework.ResumeReminder, "")
	case h.desk.IsWord("word.remove", word):
		return h.setRecurring(q, id, casework.RemoveReminder, "")
	case h.desk.IsWord("word.edit", word):
		if err := h.desk.Compose(q.Tx, q.Contact, id, q.Now); err != nil {
			return err
		}
		return h.showReminders(q, true)
	}
	return h.desk.LineHint(q.Contact, q.Now)
}
