package casework

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// Coverage counts the mahallas for which nobody who can be reached answers,
// and all mahallas.
func (d *Desk) Coverage(tx *storage.Tx, now time.Time) (bare, all int, err error) {
	gaps, all, err := d.gaps(tx, []mahalla.TerritoryID{mahalla.RootTerritory}, now)
	return len(gaps.Nobody), all, err
}

// gaps looks for holes in the coverage below some nodes, and tells how many
// mahallas there are.
func (d *Desk) gaps(tx *storage.Tx, nodes []mahalla.TerritoryID, now time.Time) (mahalla.Gaps, int, error) {
	people, err := tx.AllResponsibilities(now)
	if err != nil {
		return mahalla.Gaps{}, 0, err
	}
	var mahallas []*mahalla.Territory
	inside := map[mahalla.TerritoryID]bool{}
	for _, id := range d.below(nodes) {
		inside[id] = true
		if t := d.Reference().Territories[id]; t.Kind == mahalla.Mahalla && !t.Retired {
			mahallas = append(mahallas, t)
		}
	}
	slices.SortFunc(mahallas, func(a, b *mahalla.Territory) int {
		return cmp.Or(strings.Compare(a.Names.UzLatn, b.Names.UzLatn), cmp.Compare(a.ID, b.ID))
	})
	below := func(id mahalla.TerritoryID) bool { return inside[id] }
	return mahalla.GapsOf(mahallas, below, people), len(mahallas), nil
}

// An invitation is worth a word when nobody has opened it for a day, and for
// two weeks.
const (
	unopenedFrom = 24 * time.Hour
	unopenedTo   = 14 * 24 * time.Hour
)

// unopened lists the invitations of officers that nobody has opened and that
// are still wanted: nobody has the role at the place by another one.
func (d *Desk) unopened(tx *storage.Tx, nodes []mahalla.TerritoryID, now time.Time) ([]storage.Unopened, error) {
	places := d.below(nodes)
	list, err := tx.Unopened(places, now.Add(-unopenedTo), now.Add(-unopenedFrom))
	if err != nil || len(list) == 0 {
		return nil, err
	}
	people, err := tx.Responsibilities(places, now)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(list, func(a, b storage.Unopened) int {
		return cmp.Or(cmp.Compare(a.Territory, b.Territory), cmp.Compare(a.Role, b.Role))
	})
	return slices.DeleteFunc(slices.Compact(list), func(u storage.Unopened) bool {
		officer := u.Role.Has(mahalla.MayAnswer) || u.Role.Has(mahalla.MaySupervise)
		return !officer || slices.ContainsFunc(people, func(r mahalla.Responsibility) bool {
			return r.Role == u.Role && r.Territory == u.Territory
		})
	}), nil
}

// drawGaps tells which places and people the bot has no answer from.
func (d *Desk) drawGaps(tx *storage.Tx, w *words, nodes []mahalla.TerritoryID) (mahalla.Screen, error) {
	gaps, _, err := d.gaps(tx, nodes, w.now)
	if err != nil {
		return mahalla.Screen{}, err
	}
	invitations, err := d.unopened(tx, nodes, w.now)
	if err != nil {
		return mahalla.Screen{}, err
	}
	if gaps.Nothing() && len(invitations) == 0 {
		return mahalla.Screen{}, ErrPointless
	}
	text := bold(w.say("gaps.title"))
	for _, gap := range []struct {
		key    string
		places []mahalla.TerritoryID
	}{{"gaps.nobody", gaps.Nobody}, {"gaps.no_inspector", gaps.NoInspector}, {"gaps.no_commission", gaps.NoCommission}} {
		if n := len(gap.places); n > 0 {
			text = lines(text, w.count(gap.key, n), w.examples(n, func(i int) string { return locales.Escape(w.placePlain(gap.places[i])) }))
		}
	}
	for _, gap := range []struct {
		key    string
		people []mahalla.Responsibility
	}{{"gaps.not_started", gaps.NotStarted}, {"gaps.blocked", gaps.Blocked}} {
		if n := len(gap.people); n > 0 {
			text = lines(text, w.count(gap.key, n), w.examples(n, func(i int) string { return w.duty(tx, gap.people[i]) }))
		}
	}
	if n := len(invitations); n > 0 {
		text = lines(text, w.count("gaps.unopened", n), w.examples(n, func(i int) string {
			return w.say("gaps.invitation", "role", HTML(w.role(invitations[i].Role)), "place", w.placePlain(invitations[i].Territory))
		}))
	}
	return mahalla.Screen{Text: lines(text, w.say("gaps.hint")), Protect: true}, nil
}

// mostExamples is how many of a kind a digest names.
const mostExamples = 3

// examples names the first of some things, one a line. What name gives is ready
// to be shown.
func (w *words) examples(n int, name func(int) string) string {
	var list []string
	for i := range min(n, mostExamples) {
		list = append(list, w.say("gaps.example", "name", HTML(name(i))))
	}
	if n > mostExamples {
		list = append(list, w.say("gaps.more", "n", n-mostExamples))
	}
	return lines(list...)
}

// duty names a person with the duty and the place.
func (w *words) duty(tx *storage.Tx, r mahalla.Responsibility) string {
	name, err := tx.Name(r.Person)
	w.keep(err)
	return w.say("gaps.person", "name", personName(name), "role", HTML(w.role(r.Role)), "place", w.placePlain(r.Territory))
}
