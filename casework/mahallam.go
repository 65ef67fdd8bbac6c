package casework

import (
	"slices"
	"strconv"

	"koprik/mahalla"
	"koprik/storage"
)

// CardMahallam is the list of what is open in the own mahalla, for those who
// stand for it.
const CardMahallam mahalla.NoticeKind = "card.mahallam"

// spokenFor are the places for which a person stands, each once.
func (w *words) spokenFor(reader *storage.Contact) []mahalla.TerritoryID {
	var nodes []mahalla.TerritoryID
	for _, m := range reader.Memberships {
		if m.At(w.now) && m.Role.Has(mahalla.MaySpeak) {
			nodes = append(nodes, m.Territory)
		}
	}
	return w.desk.topmost(nodes)
}

// toldToActivists are the categories of which activists may hear: not those that
// have become secret since a case was filed either.
func (d *Desk) toldToActivists() []mahalla.CategoryCode {
	list := []mahalla.CategoryCode{}
	for code, category := range d.Reference().Categories {
		if slices.Contains(mahalla.TellsActivists(), category.Secrecy) {
			list = append(list, code)
		}
	}
	return list
}

// drawMahallam lists what is open in the reader's mahalla by number, category,
// delay and status: nobody's words, and nobody's name. Who has left the office
// sees nothing more of it.
func (d *Desk) drawMahallam(tx *storage.Tx, w *words, reader *storage.Contact, args map[string]string) (mahalla.Screen, error) {
	nodes := w.spokenFor(reader)
	if len(nodes) == 0 {
		return mahalla.Screen{Text: w.say("mahallam.over")}, nil
	}
	page, _ := strconv.Atoi(args["page"]) // the first page when it is missing
	places, codes := d.below(nodes), d.toldToActivists()
	list, total, err := tx.OpenAt(places, codes, mahalla.TellsActivists(), page*perPage, perPage)
	if last := max(0, (total-1)/perPage); err == nil && page > last { // the list has become shorter
		page = last
		list, total, err = tx.OpenAt(places, codes, mahalla.TellsActivists(), page*perPage, perPage)
	}
	if err != nil {
		return mahalla.Screen{}, err
	}
	s := mahalla.Screen{Protect: true}
	if total == 0 {
		s.Text = w.say("mahallam.empty", "place", w.grounds(nodes))
		return s, nil
	}
	s.Text = w.say("mahallam.title", "place", w.grounds(nodes), "n", total)
	for _, l := range list {
		s.Text = lines(s.Text, w.openLine(l))
	}
	if pages := (total + perPage - 1) / perPage; pages > 1 {
		s.Text = lines(s.Text, w.say("list.page", "page", page+1, "pages", pages))
		s.Rows = [][]mahalla.Button{w.turn("mahallam", page, pages)}
	}
	return s, nil
}

// openLine is one case of it.
func (w *words) openLine(l storage.CaseLine) string {
	late := l.Status == mahalla.New && !w.now.Before(l.Due) || l.Status == mahalla.Accepted && !l.Promised.IsZero() && w.now.After(l.Promised)
	key := "mahallam.status." + string(l.Status)
	if late {
		key = "mahallam.late"
	}
	return w.say("mahallam.line", "mark", markOf(l.Status, late), "number", l.Number.String(), "category", HTML(w.category(l.Category)),
		"status", w.say(key), "duration", w.length(w.now.Sub(l.FiledAt)))
}
