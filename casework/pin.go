package casework

import (
	"slices"
	"strings"

	"koprik/locales"
	"koprik/mahalla"
)

// TakePin asks the map for the place of a draft: the pin's mahalla becomes it,
// or the card asks, between neighbours, among the mahallas of a district, or for
// a name. Of what the person has said before nothing is asked again that the map
// does not contradict. A pin from before loses its place in the report.
func (d *Desk) TakePin(draft *mahalla.Draft, pin mahalla.Pin) {
	draft.DropPin()
	k := d.known.Load()
	spot := k.locate(pin)
	asked := draft.Pick != nil
	switch t := k.Territories[spot.Place]; {
	case t != nil && spot.Place == draft.Place:
		draft.Pick = nil
	case t != nil && t.Kind == mahalla.District && !asked && !k.atlas.has(draft.Place) && slices.Contains(k.Path(draft.Place), t.ID):
		// The district is that of the place.
	case len(spot.Near) > 0:
		draft.Place, draft.Pick = 0, nearPick(spot)
	case t == nil && !asked && draft.Place != 0 && !k.drawn(draft.Place):
		// Nothing is known of where the place is.
	case t == nil:
		draft.Place, draft.Pick = 0, &mahalla.Picker{Pin: mahalla.PinLost}
	case t.Kind == mahalla.District && len(k.mahallas[t.ID]) > 0:
		draft.Place, draft.Page = t.ID, 0
		draft.Pick = &mahalla.Picker{Under: t.ID, Pin: mahalla.PinInside}
	default:
		draft.Place, draft.Pick = t.ID, nil
	}
}

// nearPick lists the candidates for a pin near a border.
func nearPick(spot Spot) *mahalla.Picker {
	pick := &mahalla.Picker{Pin: mahalla.PinNear}
	if spot.Place != 0 {
		pick.Found, pick.Away = append(pick.Found, spot.Place), append(pick.Away, 0)
	}
	for _, n := range spot.Near {
		pick.Found, pick.Away = append(pick.Found, n.Place), append(pick.Away, n.Metres)
	}
	return pick
}

// drawn tells whether a place, or the district that it lies in, has a boundary.
func (k *known) drawn(place mahalla.TerritoryID) bool {
	return slices.ContainsFunc(k.Path(place), k.atlas.has)
}

// has tells whether a place has a boundary of its own.
func (a *atlas) has(place mahalla.TerritoryID) bool {
	return slices.ContainsFunc(a.shapes, func(o outline) bool { return o.place == place })
}

// IsLocationKey tells whether words are the label of the key that sends a
// location: that is what clients without locations make of it.
func (d *Desk) IsLocationKey(words string) bool {
	return slices.ContainsFunc(mahalla.Languages(), func(lang mahalla.Language) bool {
		text, err := d.catalogue.Text(lang, "draft.locate", nil)
		return err == nil && strings.TrimSpace(words) == text
	})
}

// offersKey tells whether a pin would help: there is none, the key has not been
// offered yet, and the map has something on it.
func (d *Desk) offersKey(draft *mahalla.Draft) bool {
	pinned := slices.ContainsFunc(draft.Media(), func(m mahalla.Media) bool { return m.Kind == mahalla.Location })
	return !pinned && !draft.Keyed && len(d.known.Load().atlas.shapes) > 0
}

// drawLocate offers the key that sends a location.
func (d *Desk) drawLocate(w *words) mahalla.Screen {
	return mahalla.Screen{
		Text: w.say("draft.locate_how"),
		Keys: []mahalla.Key{{Label: w.say("draft.locate"), Kind: mahalla.KeyLocation}},
	}
}

// pinText says what came of a pin, above the candidates or the ways to name a
// place; empty when there was none.
func (w *words) pinText(pick *mahalla.Picker) string {
	switch pick.Pin {
	case mahalla.PinNear:
		return w.say("draft.where_near")
	case mahalla.PinLost:
		return w.say("draft.where_lost")
	case mahalla.PinNone:
		return w.say("draft.where_typed")
	}
	return ""
}

// away is how far a candidate is, as it stands after its name; empty for the one
// that the pin lies in. Steps of ten metres are as good as pins are.
func (w *words) away(pick *mahalla.Picker, i int) string {
	if i >= len(pick.Away) || pick.Found[i] == 0 || i == 0 && pick.Away[i] == 0 {
		return ""
	}
	return " · " + w.say("draft.away", "metres", max(1, (pick.Away[i]+5)/10)*10)
}

// candidate is the button of a candidate. A district is not the end of the
// choice.
func (d *Desk) candidate(w *words, draft *mahalla.Draft, i int) mahalla.Button {
	pick := draft.Pick
	id, text := pick.Found[i], d.placeLabel(w, pick.Found[i], pick.Found)
	if away := w.away(pick, i); away != "" && text == label(d.Reference().Territories[id].Names.In(w.lang)) {
		text = label(locales.Cut(d.Reference().Territories[id].Names.In(w.lang), mostLabel-locales.UTF16Len(away)) + away)
	}
	if d.listsBelow(id) {
		return draftPress(draft, PressUnder, int64(id), "0", text)
	}
	return draftPress(draft, PressPlace, int64(id), "", text)
}

// listsBelow tells whether a candidate is a district whose mahallas are to be
// chosen from.
func (d *Desk) listsBelow(id mahalla.TerritoryID) bool {
	k := d.known.Load()
	t := k.Territories[id]
	return t != nil && t.Kind == mahalla.District && len(k.mahallas[id]) > 0
}

// takeFound gives a draft one of its candidates.
func (d *Desk) takeFound(draft *mahalla.Draft, i int) error {
	id := draft.Pick.Found[i]
	if d.listsBelow(id) {
		draft.Pick, draft.Page = &mahalla.Picker{Under: id}, 0
		return nil
	}
	return d.ChoosePlace(draft, id)
}
