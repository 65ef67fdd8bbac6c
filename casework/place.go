package casework

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// home is the remembered place, if it still exists; of somebody who stands for
// a mahalla that mahalla, until another was reported from.
func (d *Desk) home(who *storage.Contact, now time.Time) mahalla.TerritoryID {
	places := d.Reference().Territories
	if t := places[who.Home]; t != nil && !t.Retired {
		return who.Home
	}
	var home mahalla.TerritoryID
	for _, m := range who.Memberships {
		t := places[m.Territory]
		if !m.At(now) || t == nil || t.Kind != mahalla.Mahalla || t.Retired {
			continue
		}
		if home != 0 && home != t.ID {
			return 0 // several: which one has to be said
		}
		home = t.ID
	}
	return home
}

// mostFound is how many candidates for a typed name fit above the other rows.
const mostFound = 4

// NamePlace tries to understand words as the name of a place, or as the number
// of a candidate that was found before. Shown tells whether the draft's card
// shows what came of it, kept whether the words are, or hold, more than a name
// and belong to the report.
func (d *Desk) NamePlace(draft *mahalla.Draft, words string) (shown, kept bool) {
	if d.pickNumber(draft, words) {
		return true, false
	}
	if locales.UTF16Len(words) > longestName {
		return false, true
	}
	if area := d.Area(words); area != 0 {
		draft.Pick, draft.Page = &mahalla.Picker{Under: area}, 0
		return true, false
	}
	var found []mahalla.TerritoryID
	for _, id := range d.known.Load().index.Find(words, mostFound) {
		found = append(found, mahalla.TerritoryID(id))
	}
	same := d.exact(words, found)
	if len(same) == 0 && !d.nameLike(words) {
		if draft.Pick != nil {
			draft.Pick.Typed = false
		}
		return false, true
	}
	kept = len(same) == 0 && !d.nothingButName(words, found)
	if kept && draft.Pick != nil && draft.Pick.Pin != "" {
		return false, true // what the card asks about a pin is a better guess
	}
	if len(same) > 0 {
		found = same
	}
	draft.Pick = &mahalla.Picker{Found: found, Typed: len(found) == 0}
	return len(found) > 0, kept
}

// pickNumber takes a number for that of a candidate, or of a page of the list.
func (d *Desk) pickNumber(draft *mahalla.Draft, words string) bool {
	n, err := strconv.Atoi(words)
	switch pick := draft.Pick; {
	case err != nil || pick == nil || n < 1:
		return false
	case n <= len(pick.Found):
		return d.takeFound(draft, n-1) == nil
	case pick.Under != 0 && n <= d.known.Load().pagesBelow(pick.Under):
		draft.Page = n - 1
		return true
	}
	return false
}

// nameLike tells whether words may be a name, and not a piece of the report: few
// words, no numbers, no sentence, no danger.
func (d *Desk) nameLike(words string) bool {
	return len(locales.ProperName(words)) <= mostNameWords && !strings.ContainsAny(words, "0123456789.!?;:\n") && !d.Danger(words)
}

// nothingButName tells whether words are the beginning of the name of a place
// that was found, with or without its district, and nothing else.
func (d *Desk) nothingButName(words string, found []mahalla.TerritoryID) bool {
	said := locales.ProperName(words)
	for _, id := range found {
		rest := said
		if district := d.Reference().Above(id, mahalla.District); district != nil {
			rest = slices.DeleteFunc(slices.Clone(said), func(word string) bool { return namesPlace(district.Names, word) })
		}
		if namesPlace(d.Reference().Territories[id].Names, strings.Join(rest, " ")) {
			return true
		}
	}
	return false
}

// namesPlace tells whether words are the beginning of a name, or of a word of it.
func namesPlace(names mahalla.Names, words string) bool {
	key := locales.FoldName(words)
	for _, name := range []string{names.UzLatn, names.UzCyrl, names.Ru} {
		if hasWords(locales.FoldName(strings.Join(locales.ProperName(name), " ")), key) {
			return true
		}
	}
	return false
}

// Area finds the district or region that is called just so; 0 when none is, or
// when a mahalla is called so too.
func (d *Desk) Area(words string) mahalla.TerritoryID {
	key := properKey(words)
	if key == "" {
		return 0
	}
	k := d.known.Load()
	for _, id := range slices.Concat(k.districts, k.regions) {
		n := k.Territories[id].Names
		for _, name := range []string{n.UzLatn, n.UzCyrl, n.Ru} {
			if properKey(name) == key && len(d.exact(words, k.mahallas[id])) == 0 {
				return id
			}
		}
	}
	return 0
}

// exact keeps the places whose name is just what was typed, or what was typed
// without the word for a mahalla.
func (d *Desk) exact(words string, found []mahalla.TerritoryID) []mahalla.TerritoryID {
	for _, key := range []string{locales.FoldName(words), properKey(words)} {
		var same []mahalla.TerritoryID
		for _, id := range found {
			n := d.Reference().Territories[id].Names
			if slices.ContainsFunc([]string{n.UzLatn, n.UzCyrl, n.Ru}, func(name string) bool { return locales.FoldName(name) == key || properKey(name) == key }) {
				same = append(same, id)
			}
		}
		if len(same) > 0 {
			return same
		}
	}
	return nil
}

// properKey is the key of a name without the words for the kind of place.
func properKey(name string) string {
	return locales.FoldName(strings.Join(locales.ProperName(name), " "))
}

// TakeSure gives a draft the one mahalla that is called just so, and tells
// whether there is one.
func (d *Desk) TakeSure(draft *mahalla.Draft, words string) bool {
	if locales.UTF16Len(words) > longestName || d.Area(words) != 0 {
		return false
	}
	var found []mahalla.TerritoryID
	for _, id := range d.known.Load().index.Find(words, 4*mostMahallas) {
		found = append(found, mahalla.TerritoryID(id))
	}
	same := d.exact(words, found)
	return len(same) == 1 && d.ChoosePlace(draft, same[0]) == nil
}

// ChoosePlace gives a draft its place.
func (d *Desk) ChoosePlace(draft *mahalla.Draft, id mahalla.TerritoryID) error {
	if t := d.Reference().Territories[id]; t == nil || t.Retired {
		return mahalla.Refuse(mahalla.NotFound, "draft_gone")
	}
	draft.Place, draft.Pick = id, nil
	return nil
}

// drawPicker asks for the place: by name, from what was found, or from a list.
func (d *Desk) drawPicker(w *words, draft *mahalla.Draft, s *mahalla.Screen) {
	pick := draft.Pick
	if pick == nil {
		pick = &mahalla.Picker{}
	}
	switch {
	case pick.Under != 0:
		d.drawUnder(w, draft, pick.Under, s)
		return
	case len(pick.Found) > 0:
		s.Text = lines(s.Text, cmp.Or(w.pinText(pick), w.say("draft.where_found")))
		var list []mahalla.Button
		for i, id := range pick.Found {
			s.Text = lines(s.Text, w.say("draft.candidate", "n", i+1, "place", HTML(w.place(id)))+w.away(pick, i))
			list = append(list, d.candidate(w, draft, i))
		}
		s.Rows = rows(list)
	case pick.Typed && pick.Kept:
		s.Text = lines(s.Text, w.say("draft.where_kept"))
	case pick.Typed:
		s.Text = lines(s.Text, w.say("draft.where_missing"))
	default:
		s.Text = lines(s.Text, cmp.Or(w.pinText(pick), w.say("draft.where")))
	}
	s.Rows = append(s.Rows, []mahalla.Button{
		draftPress(draft, PressUnder, int64(mahalla.RootTerritory), "0", w.say("draft.list")),
		draftPress(draft, PressUnknown, 0, "", w.say("draft.unknown")),
	})
	last := []mahalla.Button{w.dropPress(draft)}
	if d.offersKey(draft) {
		last = slices.Insert(last, 0, draftPress(draft, PressLocate, 0, "", w.say("draft.locate")))
	}
	s.Rows = append(s.Rows, last)
}

// placeLabel names a candidate on a button, with its district where another
// candidate has the same name.
func (d *Desk) placeLabel(w *words, id mahalla.TerritoryID, among []mahalla.TerritoryID) string {
	t := d.Reference().Territories[id]
	for _, other := range among {
		if o := d.Reference().Territories[other]; other != id && o.Names.UzLatn == t.Names.UzLatn {
			return label(locales.Cut(t.Names.In(w.lang), mostLabel/2-1) + ", " + d.Reference().Above(id, mahalla.District).Names.In(w.lang))
		}
	}
	return label(t.Names.In(w.lang))
}

// listPage is how many places a page of the list shows.
const listPage = 6

// drawUnder lists what lies below a place: regions, districts, or mahallas.
func (d *Desk) drawUnder(w *words, draft *mahalla.Draft, under mahalla.TerritoryID, s *mahalla.Screen) {
	key := "draft.where_list"
	if draft.Pick != nil && draft.Pick.Pin == mahalla.PinInside {
		key = "draft.where_inside"
	}
	s.Text = lines(s.Text, w.say(key, "place", HTML(w.placeShort(under))))
	list := d.known.Load().below(under, w.lang)
	page := max(0, min(draft.Page, (len(list)-1)/listPage))
	var buttons []mahalla.Button
	for _, id := range list[page*listPage : min(len(list), (page+1)*listPage)] {
		t := d.Reference().Territories[id]
		verb := PressUnder
		if t.Kind == mahalla.Mahalla {
			verb = PressPlace
		}
		buttons = append(buttons, draftPress(draft, verb, int64(id), "", label(t.Names.In(w.lang))))
	}
	s.Rows = rows(buttons)
	s.Rows = append(s.Rows, w.turnPlaces(draft, under, page, (page+1)*listPage < len(list)))
}

// turnPlaces is the last row of a list of places: the pages, the way back on
// the first, and at the ends of the list a way on for who does not know.
func (w *words) turnPlaces(draft *mahalla.Draft, under mahalla.TerritoryID, page int, more bool) []mahalla.Button {
	row := []mahalla.Button{draftPress(draft, PressWhere, 0, "", w.say("button.back"))}
	if page > 0 {
		row[0] = draftPress(draft, PressUnder, int64(under), strconv.Itoa(page-1), w.say("list.previous"))
	}
	if more {
		row = append(row, draftPress(draft, PressUnder, int64(under), strconv.Itoa(page+1), w.say("list.next")))
	}
	t := w.desk.Reference().Territories[under]
	if (page == 0 || !more) && (t.Kind == mahalla.District || t.Kind == mahalla.Republic) {
		row = append(row, draftPress(draft, PressPlace, int64(under), "", w.say("draft.unknown")))
	}
	return row
}

// below lists what a person chooses from below a node: levels that would offer
// no choice and sectors are passed over.
func (k *known) below(under mahalla.TerritoryID, lang mahalla.Language) []mahalla.TerritoryID {
	var list []mahalla.TerritoryID
	switch k.Territories[under].Kind {
	case mahalla.Republic:
		if districts := k.districts; len(districts) <= 2*listPage {
			list = slices.Clone(districts)
		} else {
			list = slices.Clone(k.regions)
			for _, id := range districts {
				if k.Territories[id].Parent == mahalla.RootTerritory {
					list = append(list, id)
				}
			}
		}
	case mahalla.Region:
		for _, id := range k.districts {
			if k.Territories[id].Parent == under {
				list = append(list, id)
			}
		}
	default:
		list = slices.Clone(k.mahallas[under])
	}
	slices.SortFunc(list, func(a, b mahalla.TerritoryID) int {
		return cmp.Compare(locales.Fold(k.Territories[a].Names.In(lang)), locales.Fold(k.Territories[b].Names.In(lang)))
	})
	return list
}

// pagesBelow is how many pages the list of what lies below a node has.
func (k *known) pagesBelow(under mahalla.TerritoryID) int {
	return (len(k.below(under, mahalla.UzLatn)) + listPage - 1) / listPage
}

// settle works out which regions and districts have mahallas; where nothing
// was imported yet, all of them are offered.
func (k *known) settle() {
	k.mahallas = map[mahalla.TerritoryID][]mahalla.TerritoryID{}
	for id, t := range k.Territories {
		if t.Kind != mahalla.Mahalla || t.Retired {
			continue
		}
		if district := k.Above(id, mahalla.District); district != nil {
			k.mahallas[district.ID] = append(k.mahallas[district.ID], id)
		}
	}
	seen := map[mahalla.TerritoryID]bool{}
	for id, t := range k.Territories {
		if t.Kind != mahalla.District || t.Retired || len(k.mahallas) > 0 && len(k.mahallas[id]) == 0 {
			continue
		}
		k.districts = append(k.districts, id)
		if !seen[t.Parent] && t.Parent != mahalla.RootTerritory {
			seen[t.Parent] = true
			k.regions = append(k.regions, t.Parent)
		}
	}
}

// Unknown is where a report goes whose person does not know the mahalla: the
// only district there is, or zero when the person must choose one.
func (d *Desk) Unknown() mahalla.TerritoryID {
	if districts := d.known.Load().districts; len(districts) == 1 {
		return districts[0]
	}
	return 0
}
