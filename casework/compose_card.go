package casework

import (
	"fmt"
	"html"
	"slices"
	"strconv"
	"strings"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// drawReminders is the card of reminders: one in the making, one that was opened,
// or the list.
func (d *Desk) drawReminders(tx *storage.Tx, w *words, reader *storage.Contact, args map[string]string) (mahalla.Screen, error) {
	s := mahalla.Screen{Protect: true}
	if c := composing(reader); c != nil && args["list"] == "" {
		return s, d.drawCompose(tx, w, reader, c, &s)
	}
	if id, err := strconv.ParseInt(args["open"], 10, 64); err == nil {
		r, err := tx.Recurring(id)
		if err != nil {
			return s, err
		}
		if r != nil && r.Author == reader.ID && r.State != storage.RecurringStopped {
			return s, d.drawRecurring(tx, w, r, args["sure"] != "", &s)
		}
	}
	return s, d.drawReminderList(tx, w, reader, args, &s)
}

func reminderPress(subject int64, arg, text string, style mahalla.Style) mahalla.Button {
	return mahalla.Button{Label: text, Style: style, Press: mahalla.Press{Verb: PressReminders, Subject: subject, Arg: arg}}
}

// mostReminders is how many reminders a page of the list has.
const mostReminders = 5

// drawReminderList lists what a head lets come again, and what the reader gets
// without asking and may stop.
func (d *Desk) drawReminderList(tx *storage.Tx, w *words, reader *storage.Contact, args map[string]string, s *mahalla.Screen) error {
	s.Text = bold(w.say("custom.list_title"))
	head := reader.Has(mahalla.MaySupervise, w.now)
	if head {
		list, err := tx.RecurringOf(reader.ID)
		if err != nil {
			return err
		}
		d.listOwn(w, list, args, s)
	}
	standing, err := d.standing(tx, w, reader)
	if err != nil {
		return err
	}
	if !head && len(standing) == 0 {
		s.Text = lines(s.Text, w.say("custom.nothing"))
	}
	if len(standing) > 0 {
		s.Text = lines(s.Text, "", w.say("custom.standing"))
	}
	s.Rows = append(s.Rows, rows(standing)...)
	s.Rows = s.Rows[:min(len(s.Rows), mostScreenRows)]
	return nil
}

func (d *Desk) listOwn(w *words, list []storage.Recurring, args map[string]string, s *mahalla.Screen) {
	if len(list) == 0 {
		s.Text = lines(s.Text, w.say("custom.none"))
	}
	page, pages := pageIn(args["page"], len(list), mostReminders)
	var numbers []mahalla.Button
	for i := page * mostReminders; i < min(len(list), (page+1)*mostReminders); i++ {
		r := list[i]
		mark := "🔔"
		if r.State == storage.RecurringPaused {
			mark = "⏸"
		}
		s.Text = lines(s.Text, "", w.say("custom.line", "n", i+1, "mark", mark, "rule", HTML(w.rule(r.Rule))),
			quote(textFor(r.Texts, w.lang), mostInList))
		numbers = append(numbers, reminderPress(r.ID, "open", strconv.Itoa(i+1), ""))
	}
	if len(numbers) > 0 {
		s.Rows = append(s.Rows, numbers)
	}
	var style mahalla.Style
	if len(list) == 0 {
		style = mahalla.Primary // there is nothing else to do
	}
	row := []mahalla.Button{reminderPress(0, "new", w.say("custom.new"), style)}
	if page > 0 {
		row = append(row, reminderPress(0, "p"+strconv.Itoa(page-1), w.say("list.previous"), ""))
	}
	if page < pages-1 {
		row = append(row, reminderPress(0, "p"+strconv.Itoa(page+1), w.say("list.next"), ""))
	}
	s.Rows = append(s.Rows, row)
}

// mostInList is how much of a text a list shows.
const mostInList = 60

// standing are the switches of what comes to the reader by itself.
func (d *Desk) standing(tx *storage.Tx, w *words, reader *storage.Contact) ([]mahalla.Button, error) {
	stops, err := tx.Stops([]mahalla.PersonID{reader.ID})
	if err != nil {
		return nil, err
	}
	var list []mahalla.Button
	for _, one := range []struct {
		kind  mahalla.ReminderKind
		roles []mahalla.Role
	}{
		{mahalla.RemindThursday, []mahalla.Role{mahalla.PreventionInspector, mahalla.Substitute}},
		{mahalla.RemindQuarterly, []mahalla.Role{mahalla.MahallaChair, mahalla.PreventionInspector, mahalla.SocialWorker}},
	} {
		if !slices.ContainsFunc(reader.Memberships, func(m mahalla.Membership) bool { return m.At(w.now) && slices.Contains(one.roles, m.Role) }) {
			continue
		}
		name := w.say("remind.short." + string(one.kind))
		if stopped(stops, reader.ID, one.kind, 0) {
			list = append(list, reminderPress(0, "allow_"+string(one.kind), w.say("custom.allow", "name", HTML(name)), ""))
		} else {
			list = append(list, reminderPress(0, "hush_"+string(one.kind), w.say("custom.hush", "name", HTML(name)), ""))
		}
	}
	for _, s := range stops {
		if s.Kind == mahalla.RemindCustom && len(list) < 4 {
			list = append(list, reminderPress(s.About, "allow_custom", w.say("custom.allow", "name", HTML(w.say("remind.short.custom"))), ""))
		}
	}
	return list, nil
}

// drawRecurring is one reminder of a head's, as it stands.
func (d *Desk) drawRecurring(tx *storage.Tx, w *words, r *storage.Recurring, sure bool, s *mahalla.Screen) error {
	who, _ := mahalla.AudienceOf(r.Roles)
	state := w.say("custom.paused")
	if r.State == storage.RecurringOn {
		state = w.dates(d.NextDates(r.Rule, w.now, 3))
	}
	text, err := d.foreseen(tx, w, r.Texts, who, r.Place, r.Rule)
	if err != nil {
		return err
	}
	s.Text = lines(text, state)
	if sure {
		s.Text = lines(s.Text, w.say("custom.sure"))
		s.Rows = [][]mahalla.Button{{reminderPress(r.ID, RemoveReminder, w.say("custom.stop_yes"), mahalla.Danger), reminderPress(r.ID, "open", w.say("button.back"), "")}}
		return nil
	}
	turn := reminderPress(r.ID, PauseReminder, w.say("custom.pause"), "")
	if r.State == storage.RecurringPaused {
		turn = reminderPress(r.ID, ResumeReminder, w.say("custom.resume"), mahalla.Success)
	}
	s.Rows = primaryFirst([]mahalla.Button{turn, reminderPress(r.ID, "edit", w.say("custom.edit"), ""),
		reminderPress(r.ID, "stop", w.say("custom.stop"), mahalla.Danger), reminderPress(0, "list", w.say("custom.list"), "")})
	return nil
}

// foreseen says what a reminder is: its texts, to how many people, and when.
func (d *Desk) foreseen(tx *storage.Tx, w *words, texts map[mahalla.Language]string, who mahalla.Audience, place mahalla.TerritoryID, rule mahalla.Recurrence) (string, error) {
	text := ""
	for _, lang := range mahalla.Languages() {
		if t := texts[lang]; t != "" {
			if len(texts) > 1 {
				text = lines(text, w.say("language."+string(lang)))
			}
			text = lines(text, quote(t, mahalla.MostCustomText))
		}
	}
	people, err := tx.Audience(place, who.Roles(), 0, w.now, mostAudience)
	if err != nil {
		return "", err
	}
	return lines(text, w.say("custom.who", "who", HTML(w.audience(who)), "place", w.placePlain(place), "n", HTML(w.count("remind.people", len(people)))),
		w.say("custom.when", "rule", HTML(w.rule(rule)))), nil
}

// audience names those whom a head may remind.
func (w *words) audience(who mahalla.Audience) string {
	var names []string
	for _, a := range who.Each() {
		names = append(names, w.say("audience."+string(a)))
	}
	return strings.Join(names, ", ")
}

// mostAudience bounds the counting of an audience.
const mostAudience = 100_000

// drawCompose asks for the next thing that a reminder in the making wants.
func (d *Desk) drawCompose(tx *storage.Tx, w *words, reader *storage.Contact, c *composed, s *mahalla.Screen) error {
	serial := int64(reader.Dialogue.Question.Serial)
	press := func(arg, text string, style mahalla.Style) mahalla.Button {
		return mahalla.Button{Label: text, Style: style, Press: mahalla.Press{Verb: PressCompose, Subject: serial, Arg: arg}}
	}
	drop := press("drop", w.say("custom.drop"), mahalla.Danger)
	back := []mahalla.Button{press("back", w.say("button.back"), ""), drop}
	s.Text = bold(w.say("custom.title"))
	if c.ID != 0 {
		s.Text = bold(w.say("custom.title_change"))
	}
	if step := c.Step; step != stepText && step != stepCheck {
		s.Text = lines(s.Text, quote(textFor(c.Texts, w.lang), mostInList))
	}
	choices := func(ask string, perRow int, list ...mahalla.Button) {
		s.Text = lines(s.Text, w.say(ask))
		for part := range slices.Chunk(list, perRow) {
			s.Rows = append(s.Rows, part)
		}
		s.Rows = append(s.Rows, back)
	}
	switch c.Step {
	case stepText:
		s.Text = lines(s.Text, w.say("custom.ask_text"))
		s.Rows = [][]mahalla.Button{{drop}}
	case stepWho:
		var list []mahalla.Button
		for _, a := range mahalla.Audiences() {
			list = append(list, press("who_"+string(a), w.say("audience."+string(a)), ""))
		}
		choices("custom.ask_who", 2, list...)
	case stepWhere:
		s.Text = lines(s.Text, w.say("custom.ask_where"))
		s.Rows = append(d.whereRows(w, reader, c, press), back)
	case stepNth:
		var list []mahalla.Button
		for n := 1; n <= 4; n++ {
			list = append(list, press("nth_"+strconv.Itoa(n), w.say("custom.nth", "n", n), ""))
		}
		choices("custom.ask_nth", 2, append(list, press("nth_5", w.say("custom.nth_last"), ""))...)
	case stepDay:
		var list []mahalla.Button
		for day := range 7 {
			at := time.Date(2026, 11, 2+day, 12, 0, 0, 0, d.Calendar().Zone) // the 2nd is a Monday
			list = append(list, press("day_"+strconv.Itoa(int(at.Weekday())), w.desk.catalogue.Weekday(w.lang, at), ""))
		}
		choices("custom.ask_day", 3, list...)
	case stepClock:
		var list []mahalla.Button
		for _, hour := range []int{8, 9, 10, 14, 16, 18} {
			list = append(list, press(fmt.Sprintf("clock_%04d", hour*100), clockOf(time.Duration(hour)*time.Hour), ""))
		}
		choices("custom.ask_clock", 3, list...)
	case stepOnce:
		choices("custom.ask_once", 1)
	case stepCheck:
		return d.drawCheckup(tx, w, c, press, drop, s)
	default:
		choices("custom.ask_when", 2, press("plain_daily", w.say("custom.daily"), ""), press("plain_weekly", w.say("custom.weekly"), ""),
			press("plain_other", w.say("custom.other"), ""), press("plain_nth", w.say("custom.monthly"), ""),
			press("plain_last", w.say("custom.last_day"), ""), press("plain_once", w.say("custom.once"), ""))
	}
	return nil
}

// whereRows offer what a head supervises, and what lies below it.
func (d *Desk) whereRows(w *words, reader *storage.Contact, c *composed, press func(arg, text string, style mahalla.Style) mahalla.Button) [][]mahalla.Button {
	var list []mahalla.Button
	nodes := d.supervised(reader, w.now)
	for _, id := range nodes {
		list = append(list, press("where_"+strconv.FormatInt(int64(id), 10), label("🗺 "+html.UnescapeString(w.placeShort(id))), ""))
	}
	for _, id := range d.below(nodes) {
		if t := d.Reference().Territories[id]; !t.Retired && !slices.Contains(nodes, id) {
			list = append(list, press("where_"+strconv.FormatInt(int64(id), 10), label(html.UnescapeString(w.placeShort(id))), ""))
		}
	}
	page, pages := pageIn(strconv.Itoa(c.Page), len(list), mostWhere)
	shown := rows(list[page*mostWhere : min(len(list), (page+1)*mostWhere)])
	var turn []mahalla.Button
	if page > 0 {
		turn = append(turn, press("page_"+strconv.Itoa(page-1), w.say("list.previous"), ""))
	}
	if page < pages-1 {
		turn = append(turn, press("page_"+strconv.Itoa(page+1), w.say("list.next"), ""))
	}
	if len(turn) > 0 {
		shown = append(shown, turn)
	}
	return shown
}

// mostWhere is how many places a page offers: two rows.
const mostWhere = 4

// drawCheckup shows what would happen, before anything is kept.
func (d *Desk) drawCheckup(tx *storage.Tx, w *words, c *composed, press func(arg, text string, style mahalla.Style) mahalla.Button, drop mahalla.Button, s *mahalla.Screen) error {
	text, err := d.foreseen(tx, w, c.Texts, c.Who, c.Place, *c.Rule)
	if err != nil {
		return err
	}
	s.Text = lines(s.Text, text, w.say("custom.dates"), w.dates(d.NextDates(*c.Rule, w.now, mahalla.DatesForeseen)))
	s.Rows = [][]mahalla.Button{
		{press("save", w.say("custom.save"), mahalla.Success)},
		{press("back_text", w.say("custom.edit_text"), ""), press("back_who", w.say("custom.edit_who"), "")},
		{press("back_when", w.say("custom.edit_when"), "")},
		{drop},
	}
	if c.Rule.Once.IsZero() {
		s.Rows[2] = append(s.Rows[2], press("holiday", w.say("custom.holiday"), ""))
	}
	return nil
}
