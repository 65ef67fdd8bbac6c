package casework

import (
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// drawMorning is an officer's own day: figures, and the numbers of the most
// pressing cases.
func (d *Desk) drawMorning(tx *storage.Tx, w *words, reader *storage.Contact) (mahalla.Screen, error) {
	list, _, err := tx.CasesOfOfficer(reader.ID, over(reader, w.now, mahalla.MayAnswer), 0, mostMornings)
	if err != nil {
		return mahalla.Screen{}, err
	}
	work := make([]mahalla.Work, len(list))
	marks := make(map[mahalla.CaseID]string, len(list))
	for i, l := range list {
		work[i] = mahalla.Work{Case: l.ID, Number: l.Number, Status: l.Status, Due: l.Due, Promised: l.Promised, Resolve: l.ResolveBy}
		late := work[i].Late(w.now)
		marks[l.ID] = markOf(l.Status, late)
	}
	m := mahalla.MorningOf(work, d.Calendar(), w.now)
	if len(m.List) == 0 {
		return mahalla.Screen{}, ErrPointless
	}
	text := bold(w.say("morning.title"))
	for _, figure := range []struct {
		key string
		n   int
	}{{"morning.new", m.New}, {"morning.today", m.Today}, {"morning.overdue", m.Overdue}} {
		if figure.n > 0 {
			text = lines(text, w.say(figure.key, "n", figure.n))
		}
	}
	var buttons []mahalla.Button
	for _, c := range m.List[:min(mostNumbers, len(m.List))] {
		buttons = append(buttons, mahalla.Button{
			Label: w.say("list.open", "mark", marks[c.Case], "number", c.Number.String()),
			Press: mahalla.Press{Verb: PressOpen, Subject: int64(c.Case)}})
	}
	return mahalla.Screen{Text: lines(text, w.say("morning.hint")), Rows: rows(buttons), Protect: true}, nil
}

// drawDaily is what stands below a supervisor.
func (d *Desk) drawDaily(tx *storage.Tx, w *words, reader *storage.Contact, nodes []mahalla.TerritoryID) (mahalla.Screen, error) {
	places, hidden := d.below(nodes), mahalla.HiddenInDigests(reader.Memberships, w.now)
	standing, err := tx.StandingAt(places, hidden, w.now)
	if err != nil {
		return mahalla.Screen{}, err
	}
	var day mahalla.Daily
	day.Stand(standing, mostPlaceLines)
	since := d.Calendar().LastWorkingDay(w.now)
	if day.Accepted, day.Closed, err = tx.DoneAt(places, hidden, since, d.midnight(w.now)); err != nil {
		return mahalla.Screen{}, err
	}
	people, err := tx.Responsibilities(places, w.now)
	if err != nil {
		return mahalla.Screen{}, err
	}
	if day.OutOfReach = people.OutOfReach(); day.Nothing() {
		return mahalla.Screen{}, ErrPointless
	}
	return mahalla.Screen{Text: w.daily(day, nodes, since), Protect: true}, nil
}

func (w *words) daily(day mahalla.Daily, nodes []mahalla.TerritoryID, since time.Time) string {
	text := bold(w.say("daily.title", "place", w.grounds(nodes)))
	if day.Waiting+day.Overdue > 0 {
		text = lines(text, w.say("daily.standing", "waiting", day.Waiting, "overdue", day.Overdue))
	}
	if day.Accepted+day.Closed > 0 {
		done := []any{"accepted", day.Accepted, "closed", day.Closed}
		if since.Equal(w.desk.midnight(w.now.AddDate(0, 0, -1))) {
			text = lines(text, w.say("daily.done_yesterday", done...))
		} else {
			text = lines(text, w.say("daily.done_since", append(done, "day", w.desk.catalogue.Date(w.lang, since, w.now))...))
		}
	}
	if day.OutOfReach > 0 {
		text = lines(text, w.count("daily.unreachable", day.OutOfReach))
	}
	for _, s := range day.Places {
		text = lines(text, w.say("daily.place", "place", w.placePlain(s.Place), "waiting", s.Waiting, "overdue", s.Overdue))
	}
	if day.Waiting > 0 {
		text = lines(text, w.say("daily.hint"))
	}
	return text
}
