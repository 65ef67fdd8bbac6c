package casework

import (
	"errors"
	"strconv"

	"koprik/mahalla"
	"koprik/storage"
)

// Verbs of the buttons below reminders. Their subject is the message.
const (
	PressSnooze = "snooze" // arg: hour or morning
	PressHush   = "hush"   // no more of these
)

// mostScreenRows is how many rows of buttons a screen has.
const mostScreenRows = 4

// drawRemind is a message with reminders: one as it is, several as a list. What
// was cancelled since, or has lost its point, is left out. When the time of one is
// over, the message is dropped, and what is still worth saying comes anew.
func (d *Desk) drawRemind(tx *storage.Tx, w *words, reader *storage.Contact, m storage.Message) (mahalla.Screen, error) {
	list, err := tx.Reminders(splitIDs(m.Args[argReminders]))
	if err != nil {
		return mahalla.Screen{}, err
	}
	s := mahalla.Screen{Protect: true}
	var parts []remindPart
	for _, r := range list {
		if r.State != storage.ReminderGiven || r.Outbox != m.ID {
			continue
		}
		if !r.Until.After(w.now) {
			return s, ErrPointless
		}
		part, err := d.drawDue(tx, w, reader, r.Reminder)
		if errors.Is(err, ErrPointless) {
			continue
		}
		if err != nil {
			return s, err
		}
		late, err := d.late(tx, w, r)
		if err != nil {
			return s, err
		}
		part.Text = lines(part.Text, late)
		parts = append(parts, remindPart{row: r, screen: part})
	}
	if len(parts) == 0 {
		return s, ErrPointless
	}
	err = d.bundled(tx, w, parts, m.ID, &s)
	return s, err
}

// drawDue words one reminder that is to be sent. The chat's messages are drawn one after
// another, so what came before it is known: of one case nobody hears of the time twice.
func (d *Desk) drawDue(tx *storage.Tx, w *words, reader *storage.Contact, r mahalla.Reminder) (mahalla.Screen, error) {
	if r.Kind.IsStatutory() {
		c, err := tx.Case(mahalla.CaseID(r.About))
		if err != nil {
			return mahalla.Screen{}, err
		}
		cal := d.Calendar()
		heard, err := tx.HeardOf(reader.ID, c.ID, cal.Midnight(w.now))
		if err != nil {
			return mahalla.Screen{}, err
		}
		if c.FateOfDay(cal, r, mahalla.Heard{Clock: heard.Clock}, w.now).Cause != "" {
			return mahalla.Screen{}, ErrPointless
		}
	}
	return d.drawReminder(tx, w, reader, r)
}

// remindPart is one of the reminders in a message, as it is drawn.
type remindPart struct {
	row    storage.ReminderRow
	screen mahalla.Screen
	over   bool // it asks for nothing any more
}

// bundled puts reminders into a message, when it is sent and when it is changed in its
// place. Two of a kind would have the same buttons, of which nobody could tell to which
// they belong: so each that still asks for something has one that opens what it is
// about, and every one keeps its number.
func (d *Desk) bundled(tx *storage.Tx, w *words, parts []remindPart, message int64, s *mahalla.Screen) error {
	var asks []storage.ReminderRow
	var open []mahalla.Button
	for i, part := range parts {
		if !part.over {
			asks = append(asks, part.row)
		}
		if len(parts) == 1 {
			s.Text, s.Rows = part.screen.Text, answeredIn(part.screen.Rows, message)
			break
		}
		if !part.over {
			buttons, err := d.openButton(tx, w, part.row, i+1, part.screen)
			if err != nil {
				return err
			}
			open = append(open, buttons...)
		}
		s.Text = lines(s.Text, "\n"+w.say("remind.numbered", "n", i+1, "text", HTML(part.screen.Text)))
	}
	if len(parts) > 1 {
		s.Text, s.Rows = lines(bold(w.count("remind.bundle", len(parts))), s.Text), rows(open)
	}
	if len(asks) > 0 {
		own := w.underReminders(asks, len(parts), message)
		s.Rows = append(s.Rows[:min(len(s.Rows), mostScreenRows-len(own))], own...)
	}
	return nil
}

// underReminders are the buttons below reminders that still ask for something: putting
// them off, and, below one that is alone in its message, having no more of them.
func (w *words) underReminders(list []storage.ReminderRow, all int, message int64) [][]mahalla.Button {
	press := func(verb, arg, text string) mahalla.Button {
		return mahalla.Button{Label: text, Press: mahalla.Press{Verb: verb, Subject: message, Arg: arg}}
	}
	var rows [][]mahalla.Button
	var snooze []mahalla.Button
	for _, arg := range []string{snoozeHour, snoozeMorning} {
		at := w.desk.snoozeUntil(arg, w.now)
		for _, r := range list {
			if _, ok := snoozable(r, at); ok {
				snooze = append(snooze, press(PressSnooze, arg, w.say("remind.snooze."+arg)))
				break
			}
		}
	}
	if len(snooze) > 0 {
		rows = append(rows, snooze)
	}
	if plan, _ := mahalla.ReminderPlanOf(list[0].Kind); all == 1 && plan.Stop {
		rows = append(rows, []mahalla.Button{press(PressHush, "", w.say("remind.hush"))})
	}
	return rows
}

// drawReminder words one reminder for its reader.
func (d *Desk) drawReminder(tx *storage.Tx, w *words, reader *storage.Contact, r mahalla.Reminder) (mahalla.Screen, error) {
	switch r.Kind {
	case mahalla.RemindMeeting3d, mahalla.RemindMeeting1d, mahalla.RemindMeeting2h:
		return d.drawMeetingReminder(tx, w, reader, r)
	case mahalla.RemindFollow3d, mahalla.RemindFollowDue, mahalla.RemindFollowLate:
		return d.drawFollowUp(tx, w, reader, r)
	case mahalla.RemindStatutory10, mahalla.RemindStatutory13, mahalla.RemindStatutory14, mahalla.RemindStatutory15:
		return d.drawStatutory(tx, w, reader, r)
	case mahalla.RemindThursday:
		return d.drawThursday(tx, w, reader)
	case mahalla.RemindQuarterly:
		return d.drawQuarterly(w, r)
	case mahalla.RemindCustom:
		return d.drawCustom(tx, w, r)
	case mahalla.RemindPromise, mahalla.RemindResolution: // timers of the case
	}
	return mahalla.Screen{}, ErrPointless
}

// drawMissed tells an owner what did not come, a line for each kind and moment.
func (d *Desk) drawMissed(tx *storage.Tx, w *words, m storage.Message) (mahalla.Screen, error) {
	list, err := tx.Reminders(splitIDs(m.Args[argReminders]))
	if err != nil || len(list) == 0 {
		return mahalla.Screen{}, ErrPointless
	}
	total, err := strconv.Atoi(m.Args["n"])
	if err != nil {
		total = len(list)
	}
	text := bold(w.count("remind.missed_title", total))
	groups := groupMissed(list)
	for i, g := range groups {
		if i == mostMissedLines {
			text = lines(text, w.say("gaps.more", "n", len(groups)-i))
			break
		}
		line, err := d.missedGroup(tx, w, g)
		if err != nil {
			return mahalla.Screen{}, err
		}
		text = lines(text, line)
	}
	return mahalla.Screen{Protect: true, Text: lines(text, w.say("remind.missed_hint"))}, nil
}

// mostMissedLines is how many lines such a message has.
const mostMissedLines = 8

// groupMissed puts together what is of one kind, matter and moment and did not
// come for the same reason.
func groupMissed(list []storage.ReminderRow) [][]storage.ReminderRow {
	var groups [][]storage.ReminderRow
	alike := func(a, b storage.ReminderRow) bool {
		return a.Kind == b.Kind && a.About == b.About && a.Due.Equal(b.Due) && a.State == b.State
	}
next:
	for _, r := range list {
		for i := range groups {
			if alike(groups[i][0], r) {
				groups[i] = append(groups[i], r)
				continue next
			}
		}
		groups = append(groups, []storage.ReminderRow{r})
	}
	return groups
}

// missedGroup is one line of it. Who was not told is named where that is one
// person: somebody may phone.
func (d *Desk) missedGroup(tx *storage.Tx, w *words, group []storage.ReminderRow) (string, error) {
	r := group[0]
	what, err := d.missedName(tx, w, r.Reminder)
	if err != nil {
		return "", err
	}
	key := "remind.missed_late"
	if r.State == storage.ReminderRefused {
		key = "remind.missed_refused"
	}
	who := w.count("remind.people", len(group))
	if len(group) == 1 {
		name, err := tx.Name(r.To)
		if err != nil {
			return "", err
		}
		who = personName(name)
		return w.say(key, "what", HTML(what), "when", w.when(r.Due), "who", who), nil
	}
	return w.say(key, "what", HTML(what), "when", w.when(r.Due), "who", HTML(who)), nil
}

// missedName says what a reminder was about.
func (d *Desk) missedName(tx *storage.Tx, w *words, r mahalla.Reminder) (string, error) {
	name := w.say("remind.kind." + string(r.Kind))
	switch {
	case r.Kind.IsStatutory():
		c, err := tx.Case(mahalla.CaseID(r.About))
		if err != nil {
			return "", err
		}
		return w.say("remind.about", "what", HTML(name), "about", c.Number.String()), nil
	case r.Kind == mahalla.RemindCustom:
		rule, err := tx.Recurring(r.About)
		if err != nil || rule == nil {
			return name, err
		}
		return w.say("remind.about", "what", HTML(name), "about", personName(textFor(rule.Texts, w.lang))), nil
	}
	more, err := d.missedLine(tx, w, r)
	if err != nil || more == "" {
		return name, err
	}
	return w.say("remind.about", "what", HTML(name), "about", HTML(more)), nil
}
