package casework

import (
	"slices"
	"strings"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// withNews are the holders in whose places something was closed that activists
// may read of.
func (d *Desk) withNews(tx *storage.Tx, holders []storage.RoleHolder, day time.Time) ([]storage.RoleHolder, error) {
	var nodes []mahalla.TerritoryID
	for _, h := range holders {
		nodes = append(nodes, h.Territory)
	}
	closed, err := d.closedLastWeek(tx, nodes, day)
	if err != nil {
		return nil, err
	}
	news := map[mahalla.TerritoryID]bool{}
	for _, c := range closed {
		for _, node := range d.Reference().Path(c.Place) {
			news[node] = true
		}
	}
	return slices.DeleteFunc(holders, func(h storage.RoleHolder) bool { return !news[h.Territory] }), nil
}

// closedLastWeek counts what was closed below nodes in the week before that of
// a day. What has become secret since it was filed is left out too.
func (d *Desk) closedLastWeek(tx *storage.Tx, nodes []mahalla.TerritoryID, day time.Time) ([]storage.ClosedIn, error) {
	if len(nodes) == 0 {
		return nil, nil
	}
	week := d.Calendar().Weeks(day, 1)
	list, err := tx.ClosedAt(d.below(nodes), week[0], week[1], mahalla.TellsActivists())
	return slices.DeleteFunc(list, func(c storage.ClosedIn) bool {
		return !slices.Contains(mahalla.TellsActivists(), d.Reference().Categories[c.Category].Secrecy)
	}), err
}

// drawClosed brings the answer back to the mahalla: how much of what kind was
// closed last week.
func (d *Desk) drawClosed(tx *storage.Tx, w *words, nodes []mahalla.TerritoryID, day time.Time) (mahalla.Screen, error) {
	list, err := d.closedLastWeek(tx, nodes, day)
	if err != nil {
		return mahalla.Screen{}, err
	}
	if len(list) == 0 {
		return mahalla.Screen{}, ErrPointless
	}
	total := 0
	counts := map[mahalla.CategoryCode]int{}
	for _, c := range list {
		total += c.Count
		counts[c.Category] += c.Count
	}
	text := bold(w.count("closed.title", total, "place", w.grounds(nodes)))
	shown := 0
	for i, code := range mostFirst(counts) {
		if i == mostClosed {
			text = lines(text, w.say("closed.more", "n", total-shown))
			break
		}
		shown += counts[code]
		text = lines(text, w.say("closed.line", "category", HTML(w.category(code)), "n", counts[code]))
	}
	return mahalla.Screen{Text: lines(text, w.say("closed.hint"))}, nil
}

// mostFirst orders categories by their numbers.
func mostFirst(counts map[mahalla.CategoryCode]int) []mahalla.CategoryCode {
	list := make([]mahalla.CategoryCode, 0, len(counts))
	for code := range counts {
		list = append(list, code)
	}
	slices.SortFunc(list, func(a, b mahalla.CategoryCode) int {
		if counts[a] != counts[b] {
			return counts[b] - counts[a]
		}
		return strings.Compare(string(a), string(b))
	})
	return list
}
