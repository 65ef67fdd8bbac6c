package casework

import (
	"slices"
	"strconv"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// Flows of questions: who hears the answer.
const (
	FlowAddition = "addition"
	FlowReopen   = "reopen"
	FlowPromise  = "promise"
	FlowClose    = "close"
	FlowAsk      = "ask"    // the owner's question to the reporter
	FlowNote     = "note"   // the owner's, for officers only
	FlowAnswer   = "answer" // the reporter's answer
	FlowJoin     = "join"
	FlowPhone    = "phone"
	FlowTest     = "test"
	FlowSearch   = "search"
	FlowShare    = "share"
)

// Verbs of the buttons on the draft card. Their round is the draft's serial.
const (
	PressCategory = "cat"    // arg: a category; files the report
	PressMore     = "more"   // arg: page of categories, 0 is the most used
	PressPlace    = "place"  // subject: a territory
	PressUnder    = "under"  // subject: a territory whose parts are listed; arg: page
	PressWhere    = "where"  // choose another place
	PressUnknown  = "dunno"  // the person does not know the mahalla
	PressLocate   = "locate" // offer the key that sends a location
	PressDrop     = "drop"
)

// Draft is the person's draft, begun if there is none. A remembered mahalla is
// its place until another is chosen.
func (d *Desk) Draft(tx *storage.Tx, who *storage.Contact, now time.Time) *mahalla.Draft {
	if who.Dialogue.Draft == nil {
		who.Dialogue.Serial++
		who.Dialogue.Draft = &mahalla.Draft{Began: now, Serial: who.Dialogue.Serial, Place: d.home(who, now)}
		tx.ForgetCard(who.ID, CardDraft, 0)
	}
	who.Dialogue.Draft.Touched = now
	return who.Dialogue.Draft
}

// longestName bounds what may be a name, in UTF-16 units.
const longestName = 60

// mostNameWords is how many words a name has at most, its district's included.
const mostNameWords = 3

// drawDraft is the card of a report in the making. With arg "dropped" it says
// that the draft was thrown away; without, a draft that is gone was filed while
// its card waited to be sent, and there is nothing to say.
func (d *Desk) drawDraft(w *words, reader *storage.Contact, args map[string]string) (mahalla.Screen, error) {
	draft := reader.Dialogue.Draft
	switch {
	case draft == nil && args["dropped"] == "":
		return mahalla.Screen{}, ErrPointless
	case draft == nil && args["dropped"] == "added":
		return mahalla.Screen{Text: w.say("note.added", "number", args["number"])}, nil
	case draft == nil && args["dropped"] == "expired":
		return mahalla.Screen{Text: w.say("draft.expired")}, nil
	case draft == nil:
		return mahalla.Screen{Text: w.say("draft.dropped")}, nil
	}
	contents := w.contents(draft.Words(), draft.Media())
	s := mahalla.Screen{Alone: true}
	s.Text, s.Silent = d.draftHead(w, draft, args)
	if draft.AsksBehalf() {
		d.drawBehalf(w, draft, &s)
		if contents != "" {
			s.Text = lines(s.Text, w.say("draft.parts", "parts", HTML(contents)))
		}
		return s, nil
	}
	if contents == "" {
		contents = w.say("draft.empty")
		if draft.Place != 0 && draft.Pick == nil {
			s.Text = lines(s.Text, bold(contents), w.say("draft.place", "place", HTML(w.place(draft.Place))), w.draftBehalf(draft), w.veilLine(draft))
			s.Rows = [][]mahalla.Button{{draftPress(draft, PressWhere, 0, "", w.say("draft.elsewhere")), w.veilPress(draft), w.dropPress(draft)}}
			return s, nil
		}
	}
	if draft.Place == 0 || draft.Pick != nil {
		s.Text = lines(s.Text, bold(w.say("draft.title_where")), w.say("draft.parts", "parts", HTML(contents)))
		d.drawPicker(w, draft, &s)
		return s, nil
	}
	s.Text = lines(s.Text, bold(w.say("draft.title")),
		w.say("draft.parts", "parts", HTML(contents)),
		w.say("draft.place", "place", HTML(w.place(draft.Place))),
		w.draftBehalf(draft),
		w.veilLine(draft),
		w.say("draft.choose"))
	s.Rows = d.categoryRows(w, draft, reader.Has(mahalla.MaySpeak, w.now))
	return s, nil
}

// draftHead stands above a draft: the numbers to call, and, when it is offered
// again, that it has not been sent. A draft wakes nobody who is not in danger.
func (d *Desk) draftHead(w *words, draft *mahalla.Draft, args map[string]string) (text string, silent bool) {
	numbers := d.Numbers(draft.Words(), "")
	if len(numbers) > 0 {
		text = w.say("draft.danger", "numbers", HTML(w.numbers(numbers)))
	}
	if args["offer"] != "" {
		text = lines(text, w.say("draft.unsent"))
	}
	return text, len(numbers) == 0
}

// fewCategories is how many categories the card shows at once.
const fewCategories = 6

// categoryRows shows the most used categories, and page by page the others; to
// somebody who speaks for a mahalla also that it may be for a neighbour.
func (d *Desk) categoryRows(w *words, draft *mahalla.Draft, speaks bool) [][]mahalla.Button {
	few := fewCategories
	if speaks {
		few = fewSpoken
	}
	codes := d.likely(draft)
	pages := (len(codes) + few - 1) / few
	page := max(0, min(draft.More, pages-1))
	var list []mahalla.Button
	for _, code := range codes[page*few : min(len(codes), (page+1)*few)] {
		list = append(list, draftPress(draft, PressCategory, 0, string(code), w.category(code)))
	}
	last := []mahalla.Button{}
	if page > 0 {
		last = append(last, draftPress(draft, PressMore, 0, strconv.Itoa(page-1), w.say("draft.fewer")))
	}
	if page < pages-1 {
		last = append(last, draftPress(draft, PressMore, 0, strconv.Itoa(page+1), w.say("draft.more")))
	}
	if page == 0 || d.Asks(draft) {
		last = append(last, draftPress(draft, PressWhere, 0, "", w.say("draft.elsewhere")))
	}
	if d.veilOn(draft, page, pages) {
		last = append(last, w.veilPress(draft))
	}
	grid := rows(list)
	if speaks && !draft.Anonymous() {
		grid = append(grid, []mahalla.Button{w.behalfPress(draft)})
	}
	return append(grid, append(last, w.dropPress(draft)))
}

// dropPress throws the draft away.
func (w *words) dropPress(draft *mahalla.Draft) mahalla.Button {
	drop := draftPress(draft, PressDrop, 0, "", w.say("draft.cancel"))
	drop.Style = mahalla.Danger
	return drop
}

// likely is the order of categories on the card: what the words speak of
// first, then by use.
func (d *Desk) likely(draft *mahalla.Draft) []mahalla.CategoryCode {
	codes := slices.Clone(d.Reference().ByUse)
	if draft.Anonymous() {
		codes = slices.DeleteFunc(codes, func(code mahalla.CategoryCode) bool { return d.Reference().Categories[code].Named })
	}
	for _, hit := range slices.Backward(d.heard.match(d.stems, draft.Words())) {
		if i := slices.Index(codes, mahalla.CategoryCode(hit.Category)); i >= 0 {
			codes = slices.Insert(slices.Delete(codes, i, i+1), 0, mahalla.CategoryCode(hit.Category))
		}
	}
	return codes
}

func draftPress(draft *mahalla.Draft, verb string, subject int64, arg, text string) mahalla.Button {
	return mahalla.Button{Label: text, Press: mahalla.Press{Verb: verb, Subject: subject, Round: draft.Serial, Arg: arg}}
}
