package casework

import (
	"strconv"
	"strings"
	"time"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// unix is a moment as an argument of a text.
func unix(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }

// sitting shows the moment of a meeting with the day of the week.
func (w *words) sitting(t time.Time) string {
	c := w.desk.catalogue
	return w.say("meeting.when", "weekday", HTML(c.Weekday(w.lang, t)), "day", HTML(c.Date(w.lang, t, w.now)), "clock", locales.Clock(t))
}

// brief shows it short enough for a button.
func brief(t time.Time) string { return t.In(locales.Tashkent()).Format("02.01 15:04") }

// whose names the commission of a meeting and its place in the country.
func (w *words) whose(m *mahalla.Meeting) string {
	return w.say("meeting.whose", "commission", HTML(capital(w.commission(m.Commission))), "place", HTML(w.place(m.Commission)))
}

// capital begins a line.
func capital(text string) string {
	for i, r := range text {
		if i == 0 {
			return strings.ToUpper(string(r)) + text[len(string(r)):]
		}
	}
	return text
}

// where names the place of a meeting.
func (w *words) where(m *mahalla.Meeting) string {
	switch {
	case m.Place != "":
		return w.say("meeting.place", "place", m.Place)
	case m.Pin != "":
		return w.say("meeting.place_pin")
	}
	return ""
}

// moved says when a meeting was to be before it was moved, until that is answered.
func (w *words) moved(m *mahalla.Meeting, p *mahalla.Participant) string {
	if !m.MovedFor(p) || p.RSVP != "" {
		return ""
	}
	return w.say("meeting.moved", "old", HTML(w.sitting(m.MovedFrom)), "new", HTML(w.sitting(m.At)))
}

// mostItems is how many items of an agenda a card names.
const mostItems = 5

// agenda lists the items of a meeting by number and category, without anybody's
// words, and how many decisions of earlier ones it has to look at.
func (w *words) agenda(items []storage.ItemLine, overdue int) string {
	late := ""
	if overdue > 0 {
		late = w.count("held.reviewed", overdue)
	}
	if len(items) == 0 && overdue > 0 {
		return late
	}
	if len(items) == 0 {
		return w.say("meeting.agenda_none")
	}
	var list []string
	for _, l := range items[:min(len(items), mostItems)] {
		list = append(list, w.say("meeting.item", "number", l.Number.String(), "category", HTML(w.category(l.Category))))
	}
	text := w.count("meeting.agenda", len(items)) + " " + strings.Join(list, "; ")
	if more := len(items) - mostItems; more > 0 {
		text += " " + w.say("meeting.agenda_more", "n", more)
	}
	return lines(text, late)
}

// numberOf is the case number of an item among lines.
func numberOf(lines []storage.ItemLine, item mahalla.ItemID) string {
	for _, l := range lines {
		if l.Item == item {
			return l.Number.String()
		}
	}
	return ""
}

// numbersOf lists the case numbers of items.
func numbersOf(lines []storage.ItemLine, items []mahalla.ItemID) string {
	var list []string
	for _, item := range items {
		if n := numberOf(lines, item); n != "" {
			list = append(list, n)
		}
	}
	return strings.Join(list, ", ")
}

// mostDots is how many seats the meter shows one by one.
const mostDots = 12

// meter shows how many of those needed come: "●●●○○ 3/5".
func (w *words) meter(t mahalla.Tally) string {
	bar := ""
	if t.Sit <= mostDots {
		bar = strings.Repeat("●", min(t.Come, t.Sit)) + strings.Repeat("○", max(0, t.Sit-t.Come)) + " "
	}
	key := "quorum.met"
	if !t.Met() {
		key = "quorum.short"
	}
	return w.say(key, "bar", bar, "come", t.Come, "sit", t.Sit, "need", t.Need)
}

// names lists people by name, and how many more there are.
func (w *words) names(tx *storage.Tx, people []mahalla.PersonID, most int) (string, error) {
	var list []string
	for _, p := range people[:min(len(people), most)] {
		name, err := tx.Name(p)
		if err != nil {
			return "", err
		}
		list = append(list, locales.Escape(personName(name)))
	}
	text := strings.Join(list, ", ")
	if more := len(people) - most; more > 0 {
		text += " " + w.say("meeting.more_people", "n", more)
	}
	return text, nil
}

// meetingPress is a button about a meeting.
func meetingPress(m *mahalla.Meeting, verb, arg, text string, style mahalla.Style) mahalla.Button {
	return mahalla.Button{Label: text, Style: style, Press: mahalla.Press{Verb: verb, Subject: int64(m.ID), Round: m.Sequence, Arg: arg}}
}

// night tells whether a card that is about no hurry comes without a sound.
func (w *words) night() bool { return w.desk.Calendar().IsQuiet(w.now) }
