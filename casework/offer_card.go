package casework

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"koprik/mahalla"
	"koprik/storage"
)

// Arguments of an officer's card that let it ask something about its case.
const (
	argChoose   = "choose"
	chooseMine  = "notmine" // what is to become of a case that is not the officer's
	choosePlace = "place"   // of which mahalla it is; a page follows
	chooseGive  = "give"    // to whom it is given; a page follows
)

// drawOffer asks somebody to take a case, or a supervisor to decide whose it is.
// Once that is answered nothing is left of what was shown.
func (d *Desk) drawOffer(tx *storage.Tx, w *words, v storage.View, args map[string]string) (mahalla.Screen, error) {
	c := v.Case
	f := c.OfferedTo(v.Reader.ID)
	if f == nil {
		return mahalla.Screen{}, ErrPointless
	}
	if f.Answer != mahalla.OfferOpen {
		return d.drawOfferEnd(tx, w, v, *f)
	}
	if !d.mayHearOffer(v.Reader, c, w.now) {
		lost := *f
		lost.Answer = mahalla.OfferOver
		return d.drawOfferEnd(tx, w, v, lost)
	}
	by, err := tx.Name(f.By)
	if err != nil {
		return mahalla.Screen{}, err
	}
	s := mahalla.Screen{Protect: true}
	due := w.when(f.Due)
	var ask string
	switch {
	case f.Below():
		ask = w.say("offer.below", "name", personName(by), "due", due)
	case f.Kind == mahalla.OfferArbiter:
		ask = w.say("offer.decide", "name", personName(by), "due", due)
	case f.Kind == mahalla.OfferAbsence:
		ask = w.say("offer.stand_in", "name", personName(by), "due", due)
	default:
		ask = w.say("offer.ask", "name", personName(by), "place", HTML(w.place(f.Place)), "due", due)
	}
	s.Text = lines(
		bold("↪️ "+w.say("case.title", "number", c.Number.String(), "category", HTML(w.category(c.Category)))),
		w.urgent(c), ask,
		w.say("officer.place", "place", HTML(w.place(c.Place))))
	if f.Kind == mahalla.OfferArbiter {
		err := d.drawDispute(tx, w, v, *f, args, &s)
		return s, err
	}
	s.Text = lines(s.Text, w.who(v), w.joined(c), d.allWords(w, v, mostOnCard))
	s.Rows = [][]mahalla.Button{
		{casePress(c, PressOffer, "yes", w.say("offer.take"), mahalla.Success)},
		{casePress(c, PressOffer, "no", w.say("offer.refuse"), mahalla.Danger)},
	}
	return s, nil
}

// drawDispute shows a supervisor who refused the case, and between whom to
// choose. A senior inspector reads what was said; heads need less.
func (d *Desk) drawDispute(tx *storage.Tx, w *words, v storage.View, f mahalla.Offer, args map[string]string, s *mahalla.Screen) error {
	c := v.Case
	list, err := d.disputants(tx, c, f)
	if err != nil {
		return err
	}
	for _, o := range list[1:] {
		s.Text = lines(s.Text, w.say("offer.refused_by", "name", personName(o.Name), "place", HTML(w.placeShort(o.Place))))
	}
	if v.Reader.Role(w.now) == mahalla.SeniorInspector {
		s.Text = lines(s.Text, d.allWords(w, v, cardBudget(v, args)))
	}
	if strings.HasPrefix(args[argChoose], chooseGive) {
		return d.drawReceivers(tx, w, v, args, s)
	}
	var buttons []mahalla.Button
	for _, o := range list[:min(len(list), 4)] {
		buttons = append(buttons, casePress(c, PressGive, strconv.FormatInt(int64(o.Person), 10), label("👤 "+personName(o.Name)), ""))
	}
	s.Rows = append(rows(buttons),
		[]mahalla.Button{casePress(c, PressGive, strconv.FormatInt(int64(v.Reader.ID), 10), w.say("officer.take"), "")},
		[]mahalla.Button{casePress(c, PressGive, "", w.say("officer.give"), "")})
	return nil
}

// drawOfferEnd is what is left of a question that was answered.
func (d *Desk) drawOfferEnd(tx *storage.Tx, w *words, v storage.View, f mahalla.Offer) (mahalla.Screen, error) {
	c := v.Case
	card, err := tx.Card(v.Reader.ID, mahalla.CardOffer, c.ID)
	if err != nil {
		return mahalla.Screen{}, err
	}
	if card.MessageID == 0 {
		return mahalla.Screen{}, ErrPointless // it was never shown, or has become the card of the case
	}
	return mahalla.Screen{Protect: true, Text: lines(
		bold("↪️ "+w.say("case.title", "number", c.Number.String(), "category", HTML(w.category(c.Category)))),
		w.say("offer.end."+string(f.Answer)))}, nil
}

// drawOfferNews tells the one who offered what came of it.
func (d *Desk) drawOfferNews(tx *storage.Tx, w *words, v storage.View, args map[string]string) (string, error) {
	id, err := strconv.ParseInt(args["person"], 10, 64)
	if err != nil {
		return "", err
	}
	name, err := tx.Name(mahalla.PersonID(id))
	if err != nil {
		return "", err
	}
	if !slices.Contains(offerNews, args["answer"]) {
		return "", errors.New("casework: no such answer to an offer")
	}
	news := w.say("offer.news."+args["answer"], "number", v.Case.Number.String(), "name", personName(name))
	return strings.TrimSpace(news + " " + d.afterOffer(w, v, args["answer"])), nil
}

// leftWith are the answers after which the case is still with the one who
// offered it, and nobody is asked any more.
var leftWith = []string{"refused", "silent", "refused_alone", "silent_alone", "kept_alone", "kept"}

// afterOffer says what the one who offered can do now: what the buttons of the
// card allow.
func (d *Desk) afterOffer(w *words, v storage.View, answer string) string {
	c := v.Case
	if !slices.Contains(leftWith, answer) || !c.Open() || c.OpenOffer() != nil {
		return ""
	}
	number := c.Number.String()
	switch {
	case c.OfferedLastBelow() && d.MayGive(v.Reader, c, w.now) == nil:
		return w.say("offer.then.below", "number", number)
	case d.MayDecline(v.Reader, c, w.now) != nil && c.Owner == v.Reader.ID:
		return w.say("offer.then.go_on", "number", number)
	case d.MayDecline(v.Reader, c, w.now) != nil:
		return w.say("offer.then.accept", "number", number)
	case c.OfferedLastAs(mahalla.OfferAbsence):
		return w.say("offer.then.leave", "number", number)
	}
	return w.say("offer.then.elsewhere")
}

// offerNews are the answers of which the one who offered hears.
var offerNews = []string{"taken", "refused", "silent", "refused_arbiter", "silent_arbiter", "refused_alone", "silent_alone",
	"arbiter", "kept_alone", "kept", "given", "over"}

// offered says on an officer's card what is asked about its case.
func (w *words) offered(v storage.View) string {
	c := v.Case
	f := c.OpenOffer()
	switch {
	case f == nil && c.Status == mahalla.New && c.LastGiven() != nil && c.LastGiven().To == v.Reader.ID:
		return w.say("officer.given")
	case f == nil && c.GivenBack(v.Reader.ID):
		return w.say("officer.given_back")
	case f == nil:
		return ""
	case f.Kind == mahalla.OfferArbiter:
		return w.say("officer.disputed", "due", w.when(f.Due))
	case f.Below():
		return ""
	case f.Place == 0:
		return w.say("officer.offered_absence", "due", w.when(f.Due))
	}
	return w.say("officer.offered", "place", HTML(w.place(f.Place)), "due", w.when(f.Due))
}

// givenAway says on the card of an officer who was told before to whom a supervisor
// has given the case.
func (w *words) givenAway(tx *storage.Tx, v storage.View) (string, error) {
	to := v.Case.GivenAway(v.Reader.ID)
	if to == 0 {
		return "", nil
	}
	name, err := tx.Name(to)
	return w.say("officer.given_away", "name", personName(name)), err
}

// gone tells whether a reader has lost the case to somebody else, or the role at
// its place, and with it the right to read what was said.
func (d *Desk) gone(w *words, v storage.View) bool {
	c, ground := v.Case, d.path(v.Case.Place)
	return c.Owner != v.Reader.ID && c.MayTake(v.Reader.Person, ground, w.now) != nil && !v.Reader.Over(ground.Path, mahalla.MayAdminister, w.now)
}

// drawGone is all that is left of the card of somebody who has lost the case.
func (d *Desk) drawGone(w *words, v storage.View) mahalla.Screen {
	c := v.Case
	text := w.say("officer.gone", "place", HTML(w.place(c.Place)))
	if c.Owner == 0 && !c.Parted(v.Reader.ID) {
		text = w.say("officer.gone_role", "place", HTML(w.place(c.Place)))
	} else if c.Owner != 0 {
		text = w.say("officer.gone_to", "name", personName(v.OwnerName), "place", HTML(w.place(c.Place)))
	}
	return mahalla.Screen{Protect: true, Text: lines(
		bold("↪️ "+w.say("case.title", "number", c.Number.String(), "category", HTML(w.category(c.Category)))), text)}
}

// drawChoice lets a card ask what is to become of its case; false when it is not
// asked.
func (d *Desk) drawChoice(tx *storage.Tx, w *words, v storage.View, args map[string]string, s *mahalla.Screen) (bool, error) {
	c := v.Case
	choices := c.Choices(v.Reader.Person, d.path(c.Place), w.now)
	asks := args[argChoose]
	q := v.Reader.Dialogue.Question
	switch {
	case !c.Open():
		return false, nil
	case strings.HasPrefix(asks, chooseGive) && slices.Contains(choices, mahalla.VerbGive):
		return true, d.drawReceivers(tx, w, v, args, s)
	case asks == chooseTwin && slices.Contains(choices, mahalla.VerbDuplicate):
		return true, d.drawTwins(tx, w, v, s)
	case !slices.Contains(choices, mahalla.VerbDecline):
		return false, nil
	case asks == chooseMine:
		s.Text = lines(s.Text, w.say("transfer.choose"))
		s.Rows = [][]mahalla.Button{
			{casePress(c, PressTransfer, choosePlace, w.say("transfer.place"), "")},
			{casePress(c, PressTransfer, "duty", w.say("transfer.duty"), "")},
		}
		if slices.Contains(choices, mahalla.VerbDuplicate) {
			s.Rows = append(s.Rows, []mahalla.Button{casePress(c, PressDuplicate, "", w.say("transfer.twin"), "")})
		}
		s.Rows = append(s.Rows, []mahalla.Button{casePress(c, PressBack, "", w.say("button.back"), "")})
		return true, nil
	case q != nil && q.Flow == FlowTransfer && q.Case == c.ID:
		d.drawPlaces(w, v, q, s)
		return true, nil
	}
	return false, nil
}

// cardBudget is how much of what was said a card shows: less where it lists
// something below.
func cardBudget(v storage.View, args map[string]string) int {
	q := v.Reader.Dialogue.Question
	if strings.HasPrefix(args[argChoose], chooseGive) || q != nil && q.Flow == FlowTransfer && q.Case == v.Case.ID {
		return mostOnCard / 6
	}
	return mostOnCard
}

// drawPlaces asks of which mahalla a case is.
func (d *Desk) drawPlaces(w *words, v storage.View, q *mahalla.Question, s *mahalla.Screen) {
	c := v.Case
	list := territoryIDs(q.Data["found"])
	key := "transfer.found"
	if len(list) == 0 {
		list, key = d.neighbours(c, w.lang), "transfer.where"
	}
	s.Text = lines(s.Text, w.say(key))
	page, pages := pageIn(q.Data["page"], len(list), mostMahallas)
	var buttons []mahalla.Button
	for i, id := range list[page*mostMahallas : min(len(list), (page+1)*mostMahallas)] {
		if key == "transfer.found" {
			s.Text = lines(s.Text, w.say("draft.candidate", "n", i+1, "place", HTML(w.place(id))))
		}
		buttons = append(buttons, casePress(c, PressOfferTo, strconv.FormatInt(int64(id), 10), d.placeLabel(w, id, list), ""))
	}
	s.Rows = append(rows(buttons), w.turnPages(c, PressTransfer, choosePlace+"_", page, pages))
}

// drawReceivers asks to whom a case is given.
func (d *Desk) drawReceivers(tx *storage.Tx, w *words, v storage.View, args map[string]string, s *mahalla.Screen) error {
	c := v.Case
	list, err := d.receivers(tx, v.Reader, c, w.now)
	if err != nil {
		return err
	}
	page, pages := pageIn(strings.TrimPrefix(args[argChoose], chooseGive+"_"), len(list), mostMahallas)
	switch {
	case len(list) > 0:
		s.Text = lines(s.Text, w.say("give.whom"))
	case c.Owner == v.Reader.ID:
		s.Text = lines(s.Text, w.say("give.nobody_below"))
	default:
		s.Text = lines(s.Text, w.say("give.nobody"))
	}
	var buttons []mahalla.Button
	for i, o := range list[page*mostMahallas : min(len(list), (page+1)*mostMahallas)] {
		n := page*mostMahallas + i + 1
		s.Text = lines(s.Text, w.say("give.line", "n", n, "name", personName(o.Name), "place", HTML(w.placeShort(o.Place))))
		buttons = append(buttons, casePress(c, PressGive, strconv.FormatInt(int64(o.Person), 10), label(strconv.Itoa(n)+". "+personName(o.Name)), ""))
	}
	s.Rows = append(rows(buttons), w.turnPages(c, PressGive, "p", page, pages))
	if own := c.Owner == v.Reader.ID && page == 0; own && d.MayDecline(v.Reader, c, w.now) == nil {
		last := len(s.Rows) - 1 // the card had no room for both
		s.Rows[last] = append(s.Rows[last], casePress(c, PressNotMine, "", w.say("officer.not_mine"), ""))
	}
	return nil
}

// pageIn is the page of a list that is shown, and how many there are.
func pageIn(typed string, length, each int) (page, pages int) {
	pages = max(1, (length+each-1)/each)
	page, _ = strconv.Atoi(typed) // anything else is the first
	return max(0, min(page, pages-1)), pages
}

// turnPages is the last row of a list on a card: back, and the pages.
func (w *words) turnPages(c *mahalla.Case, verb, prefix string, page, pages int) []mahalla.Button {
	row := []mahalla.Button{casePress(c, PressBack, "", w.say("button.back"), "")}
	if page > 0 {
		row = append(row, casePress(c, verb, prefix+strconv.Itoa(page-1), w.say("list.previous"), ""))
	}
	if page < pages-1 {
		row = append(row, casePress(c, verb, prefix+strconv.Itoa(page+1), w.say("list.next"), ""))
	}
	return row
}

// territoryIDs reads a list of ids that a question keeps.
func territoryIDs(list string) []mahalla.TerritoryID {
	var ids []mahalla.TerritoryID
	for field := range strings.SplitSeq(list, ",") {
		if id, err := strconv.ParseInt(field, 10, 64); err == nil {
			ids = append(ids, mahalla.TerritoryID(id))
		}
	}
	return ids
}

// typedNumber reads a number of a list, counted from one.
func typedNumber(typed string) (int, bool) {
	n, err := strconv.Atoi(strings.TrimSpace(typed))
	return n, err == nil && n > 0
}

// newRows is what may be done with a case that waits: a supervisor takes it from
// others, gives it to somebody, or reminds.
func (d *Desk) newRows(w *words, v storage.View, choices []mahalla.Verb) [][]mahalla.Button {
	c := v.Case
	key := "officer.accept"
	if c.TakesOver(v.Reader.Person, d.path(c.Place), w.now) {
		key = "officer.take"
	}
	var list []mahalla.Button
	if slices.Contains(choices, mahalla.VerbDecline) {
		list = append(list, casePress(c, PressNotMine, "", w.say("officer.not_mine"), ""))
	}
	if slices.Contains(choices, mahalla.VerbGive) {
		list = append(list, casePress(c, PressGive, "", w.say("officer.give"), ""))
	}
	if slices.Contains(choices, mahalla.VerbNudge) {
		list = append(list, casePress(c, PressNudge, "", w.say("officer.nudge"), ""))
	}
	return append([][]mahalla.Button{{casePress(c, PressAccept, "", w.say(key), mahalla.Success)}}, rows(list)...)
}
