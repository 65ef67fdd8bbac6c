package casework

import (
	"slices"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// What the note of Thursday calls a repetition.
const (
	repeatWithin = 60 * 24 * time.Hour
	leastRepeats = 3
	mostRepeats  = 3 // lines
)

// drawThursday is the note on the day of crime prevention: what is open in the
// inspector's own territory, since when, and what comes again.
func (d *Desk) drawThursday(tx *storage.Tx, w *words, reader *storage.Contact) (mahalla.Screen, error) {
	var nodes []mahalla.TerritoryID
	for _, m := range reader.Memberships {
		if m.At(w.now) && (m.Role == mahalla.PreventionInspector || m.Role == mahalla.Substitute) && !slices.Contains(nodes, m.Territory) {
			nodes = append(nodes, m.Territory)
		}
	}
	if len(nodes) == 0 {
		return mahalla.Screen{}, ErrPointless
	}
	hidden := mahalla.HiddenInDigests(reader.Memberships, w.now)
	p, err := tx.PreventionAt(d.below(nodes), hidden, w.now.Add(-repeatWithin), leastRepeats, mostRepeats)
	if err != nil {
		return mahalla.Screen{}, err
	}
	if p.Open == 0 && len(p.Repeats) == 0 {
		return mahalla.Screen{}, ErrPointless
	}
	text := bold(w.say("thursday.title", "place", w.grounds(nodes)))
	if p.Open > 0 {
		text = lines(text, w.count("thursday.open", p.Open), w.say("thursday.oldest", "day", w.day(p.Oldest)))
	} else {
		text = lines(text, w.say("thursday.none"))
	}
	for i, r := range p.Repeats {
		if i == 0 {
			text = lines(text, w.say("thursday.repeats"))
		}
		text = lines(text, w.count("thursday.repeat", r.Count, "place", w.placePlain(r.Place), "category", HTML(w.category(r.Category))))
	}
	return mahalla.Screen{Protect: true, Text: text}, nil
}

// drawQuarterly reminds of the report of a quarter.
func (d *Desk) drawQuarterly(w *words, r mahalla.Reminder) (mahalla.Screen, error) {
	due, year, quarter := d.Calendar().QuarterDue(r.Due)
	text := bold(w.say("quarterly.title", "quarter", quarter, "year", year))
	if left := due.Sub(d.midnight(w.now)); left > 0 {
		text = lines(text, w.say("quarterly.due", "day", w.day(due), "left", w.length(left)))
	} else {
		text = lines(text, w.say("quarterly.today"))
	}
	return mahalla.Screen{Text: text}, nil
}
