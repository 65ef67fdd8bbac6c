package casework

import (
	"slices"
	"strconv"

	"koprik/mahalla"
	"koprik/storage"
)

// asksDecision asks what is decided, then by whom it is carried out, then by when.
func (w *words) asksDecision(v *heldView, data map[string]string, s *mahalla.Screen) {
	n, err := PlaceAsked(v.m, data)
	item := mahalla.ItemID(0)
	if err == nil && n != 0 {
		item = v.m.Agenda[n-1].Item
		s.Text = lines(s.Text, w.hearingLine(v, n))
	}
	back := []mahalla.Button{heldPress(v.m, PressHeld, 0, itemShown(n), w.say("button.back"), "")}
	switch {
	case data["words"] == "":
		s.Text = lines(s.Text, w.say("decide.words"), w.untranslated(v, item))
		s.Rows = [][]mahalla.Button{back}
	case data["person"] == "" && data["name"] == "":
		w.asksWho(v, data, back, s)
	default:
		s.Text = lines(s.Text, quote(data["words"], noteShown), w.say("decide.day"))
		var row []mahalla.Button
		for _, days := range usualDays {
			at := DayAfter(days, w.now)
			row = append(row, heldPress(v.m, PressDay, 0, strconv.Itoa(days), w.desk.catalogue.Date(w.lang, at, w.now), ""))
		}
		s.Rows = [][]mahalla.Button{row, back}
	}
}

// asksWho offers those who are asked to the meeting: who sits, and of the sides
// those of the item.
func (w *words) asksWho(v *heldView, data map[string]string, back []mahalla.Button, s *mahalla.Screen) {
	s.Text = lines(s.Text, quote(data["words"], noteShown), w.say("decide.who"))
	page, pages := pageIn(data["page"], len(v.m.Participants), sittersEach)
	var buttons []mahalla.Button
	for i, p := range v.m.Participants[page*sittersEach : min(len(v.m.Participants), (page+1)*sittersEach)] {
		n := page*sittersEach + i + 1
		s.Text = lines(s.Text, w.say("held.sitter", "n", n, "name", v.name(p.Person), "seat", HTML(w.say("held.seat."+string(p.Seat)))))
		buttons = append(buttons, heldPress(v.m, PressWho, 0, strconv.FormatInt(int64(p.Person), 10), strconv.Itoa(n)+". "+v.name(p.Person), ""))
	}
	if page > 0 {
		back = append(back, heldPress(v.m, PressWho, 0, "p"+strconv.Itoa(page-1), w.say("list.previous"), ""))
	}
	if page < pages-1 {
		back = append(back, heldPress(v.m, PressWho, 0, "p"+strconv.Itoa(page+1), w.say("list.next"), ""))
	}
	s.Rows = append(rows(buttons), back)
}

// responsible names who is to carry out a decision.
func (v *heldView) responsible(one *mahalla.Decision) string {
	if one.Person == 0 {
		return personName(one.Name)
	}
	return v.name(one.Person)
}

// listDecisions lists the decisions of a meeting; while the minutes are open each
// can be taken back.
func (w *words) listDecisions(v *heldView, page int, s *mahalla.Screen) {
	page, pages := pageIn(strconv.Itoa(page), len(v.decisions), decisionsEach)
	var buttons []mahalla.Button
	for i, one := range v.decisions[page*decisionsEach : min(len(v.decisions), (page+1)*decisionsEach)] {
		n := page*decisionsEach + i + 1
		s.Text = lines(s.Text, w.say("decision.line", "n", n, "name", v.responsible(one), "due", w.day(one.Due)), quote(one.Words, decidedShown))
		if v.m.MayDescribe(w.now) == nil {
			buttons = append(buttons, decisionPress(one, PressUnmake, "", w.say("decision.unmake", "n", n), ""))
		}
	}
	if len(v.decisions) == 0 {
		s.Text = lines(s.Text, w.say("decision.none"))
	}
	back := []mahalla.Button{heldPress(v.m, PressHeld, 0, "", w.say("button.back"), "")}
	s.Rows = append(rows(buttons), append(back, w.pagesOf(v.m, "list", page, pages)...))
}

// drawDecision is one decision, for who is responsible and who convenes.
func (d *Desk) drawDecision(tx *storage.Tx, w *words, reader *storage.Contact, about int64, _ map[string]string) (mahalla.Screen, error) {
	one, err := tx.Decision(mahalla.DecisionID(about))
	if err != nil {
		return mahalla.Screen{}, err
	}
	if one == nil {
		card, err := tx.Card(reader.ID, CardDecision, mahalla.CaseID(about))
		if err == nil && card.MessageID == 0 {
			err = ErrPointless
		}
		return mahalla.Screen{Text: w.say("decision.unmade")}, err
	}
	convenes := reader.Over([]mahalla.TerritoryID{one.Commission}, mahalla.MayConvene, w.now)
	if !convenes && one.Person != reader.ID {
		s, err := d.leftBehind(tx, w, reader, CardDecision, about)
		s.Text = w.say("decision.not_yours")
		return s, err
	}
	s, err := d.decisionScreen(tx, w, reader, one)
	s.Silent = d.Calendar().IsQuiet(w.now)
	return s, err
}

// decisionScreen shows a decision with what its reader may do.
func (d *Desk) decisionScreen(tx *storage.Tx, w *words, reader *storage.Contact, one *mahalla.Decision) (mahalla.Screen, error) {
	name := one.Name
	if one.Person != 0 {
		var err error
		if name, err = tx.Name(one.Person); err != nil {
			return mahalla.Screen{}, err
		}
	}
	said, err := d.decisionWords(tx, w, reader, one)
	if err != nil {
		return mahalla.Screen{}, err
	}
	key := "decision.yours"
	if one.Person != reader.ID {
		key = "decision.of"
	}
	s := mahalla.Screen{Protect: true, Text: lines(
		bold(w.say("decision.title", "place", HTML(w.placeShort(one.Commission)))),
		w.say(key, "name", personName(name)), w.decisionDue(one), quote(said, mostDecided))}
	convenes := reader.Over([]mahalla.TerritoryID{one.Commission}, mahalla.MayConvene, w.now)
	switch {
	case !one.Open():
	case convenes && !one.Asked.IsZero() && one.Person != reader.ID:
		s.Rows = [][]mahalla.Button{
			{decisionPress(one, PressGrant, "yes", w.say("decision.grant"), mahalla.Success)},
			{decisionPress(one, PressGrant, "no", w.say("decision.refuse"), ""), decisionPress(one, PressDone, "", w.say("decision.done"), "")}}
	default:
		s.Rows = [][]mahalla.Button{
			{decisionPress(one, PressDone, "", w.say("decision.done"), mahalla.Success)},
			{decisionPress(one, PressLater, "", w.say("decision.later"), "")}}
	}
	return s, nil
}

// decisionDue says by when a decision is to be carried out, or that it is.
func (w *words) decisionDue(one *mahalla.Decision) string {
	switch {
	case !one.Open():
		return w.say("decision.finished", "when", w.when(one.DoneAt))
	case !one.Asked.IsZero():
		return lines(w.say("decision.due", "due", w.day(one.Due)), w.say("decision.asked", "due", w.day(one.Asked)))
	case one.Overdue(w.now):
		return w.say("decision.late", "due", w.day(one.Due))
	}
	return w.say("decision.due", "due", w.day(one.Due))
}

// drawDecisions lists what waits: of the reader, and of the commissions that the
// reader convenes.
func (d *Desk) drawDecisions(tx *storage.Tx, w *words, reader *storage.Contact, args map[string]string) (mahalla.Screen, error) {
	page, _ := strconv.Atoi(args["page"]) // the first when it is missing
	places := Convenes(reader, w.now)
	list, total, err := tx.OpenDecisions(reader.ID, places, page*perPage, perPage)
	if last := max(0, (total-1)/perPage); err == nil && page > last {
		page = last
		list, total, err = tx.OpenDecisions(reader.ID, places, page*perPage, perPage)
	}
	if err != nil {
		return mahalla.Screen{}, err
	}
	if total == 0 {
		return mahalla.Screen{Text: w.say("decisions.none")}, nil
	}
	var people []mahalla.PersonID
	for _, one := range list {
		people = append(people, one.Person)
	}
	names, err := tx.NamesOf(slices.Compact(people))
	if err != nil {
		return mahalla.Screen{}, err
	}
	v := heldView{names: names}
	s := mahalla.Screen{Protect: true, Text: bold(w.count("decisions.title", total))}
	var buttons []mahalla.Button
	for i, one := range list {
		n := page*perPage + i + 1
		said, err := d.decisionWords(tx, w, reader, one)
		if err != nil {
			return mahalla.Screen{}, err
		}
		key := "decision.line"
		if one.Overdue(w.now) {
			key = "decision.line_late"
		}
		s.Text = lines(s.Text, w.say(key, "n", n, "name", v.responsible(one), "due", w.day(one.Due)), quote(said, decidedShown))
		buttons = append(buttons, decisionPress(one, PressOpenOf, "", w.say("decisions.open", "n", n), ""))
	}
	s.Rows = [][]mahalla.Button{buttons}
	if turn := w.turn("decisions", page, (total+perPage-1)/perPage); len(turn) > 0 {
		s.Rows = append(s.Rows, turn)
	}
	return s, nil
}

// mostReviewed is how many earlier decisions the card of a sitting names.
const mostReviewed = 3

// reviewed names the decisions of earlier meetings that this one has to look at: who
// should have carried out what, and by when.
func (w *words) reviewed(v *heldView) string {
	open := slices.DeleteFunc(slices.Clone(v.reviewed), func(one *mahalla.Decision) bool { return !one.Open() })
	if len(open) == 0 {
		return ""
	}
	text := w.count("held.reviewed", len(open))
	for i, one := range open[:min(len(open), mostReviewed)] {
		text = lines(text, w.say("decision.line_late", "n", i+1, "name", v.responsible(one), "due", w.day(one.Due)), quote(one.Words, decidedShown))
	}
	if len(open) > mostReviewed {
		text = lines(text, w.say("held.reviewed_more", "n", len(open)-mostReviewed))
	}
	return text
}
