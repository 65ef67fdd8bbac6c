package casework

import (
	"slices"
	"strconv"
	"strings"

	"koprik/mahalla"
	"koprik/storage"
)

// How much the card of a sitting shows at once.
const (
	sittersEach   = 6   // people on a page
	noteShown     = 600 // UTF-16 units of a note
	decidedShown  = 160 // of the words of a decision, in a list
	decisionsEach = 4
)

// itemShown is what the card shows when it is about an item; 0 is the whole.
func itemShown(n int) string {
	if n == 0 {
		return ""
	}
	return "item_" + strconv.Itoa(n)
}

func heldPress(m *mahalla.Meeting, verb string, n int, arg, text string, style mahalla.Style) mahalla.Button {
	return mahalla.Button{Label: label(text), Style: style, Press: mahalla.Press{Verb: verb, Subject: int64(m.ID), Round: n, Arg: arg}}
}

func decisionPress(one *mahalla.Decision, verb, arg, text string, style mahalla.Style) mahalla.Button {
	return mahalla.Button{Label: label(text), Style: style, Press: mahalla.Press{Verb: verb, Subject: int64(one.ID), Arg: arg}}
}

// heldView is what the card of a sitting is drawn from.
type heldView struct {
	m         *mahalla.Meeting
	s         *mahalla.Sitting // may be nil
	reader    *storage.Contact
	items     map[mahalla.ItemID]*mahalla.Item
	cases     map[mahalla.ItemID]*mahalla.Case
	names     map[mahalla.PersonID]string
	decisions []*mahalla.Decision
	reviewed  []*mahalla.Decision
	more      []mahalla.Correction
	foreign   map[mahalla.ItemID]bool // a side reads another language
}

// readHeld reads a meeting for whoever convenes its commission; nil when the
// reader does not, or there is none.
func (d *Desk) readHeld(tx *storage.Tx, reader *storage.Contact, id mahalla.MeetingID, w *words) (*heldView, error) {
	m, err := tx.Meeting(id)
	if err != nil || m == nil || !reader.Over([]mahalla.TerritoryID{m.Commission}, mahalla.MayConvene, w.now) {
		return nil, err
	}
	return d.fillHeld(tx, &heldView{m: m, reader: reader, items: map[mahalla.ItemID]*mahalla.Item{}, cases: map[mahalla.ItemID]*mahalla.Case{}})
}

func (d *Desk) fillHeld(tx *storage.Tx, v *heldView) (_ *heldView, err error) {
	if v.s, err = tx.Sitting(v.m.ID); err != nil {
		return nil, err
	}
	people := peopleOf(v.m)
	for _, h := range v.m.Agenda {
		item, err := tx.Item(h.Item)
		if err != nil {
			return nil, err
		}
		if item == nil {
			continue
		}
		v.items[h.Item] = item
		for _, p := range item.Parties {
			people = append(people, p.Person)
		}
		if v.cases[h.Item], err = tx.Case(item.Case); err != nil {
			return nil, err
		}
	}
	if v.foreign, err = foreign(tx, v.m, v.items); err != nil {
		return nil, err
	}
	if v.decisions, err = tx.DecisionsOf(v.m.ID); err != nil {
		return nil, err
	}
	if v.reviewed, err = tx.Reviewed(v.m.ID); err != nil {
		return nil, err
	}
	if v.more, err = tx.Corrections(v.m.ID); err != nil {
		return nil, err
	}
	for _, one := range slices.Concat(v.decisions, v.reviewed) {
		people = append(people, one.Person)
	}
	for _, c := range v.more {
		people = append(people, c.By)
	}
	if v.s != nil {
		people = append(people, v.s.SentTo)
	}
	v.names, err = tx.NamesOf(append(people, v.m.LockedBy))
	return v, err
}

// name is a person's name as the card shows it.
func (v *heldView) name(p mahalla.PersonID) string { return personName(v.names[p]) }

// sideName is the name of a side of an item.
func (v *heldView) sideName(item mahalla.ItemID, side int) string {
	i := v.items[item]
	if i == nil {
		return ""
	}
	for _, p := range i.Parties {
		if p.Side == side && p.Name != "" {
			return personName(p.Name)
		}
		if p.Side == side {
			return v.name(p.Person)
		}
	}
	return ""
}

// drawHeld is the card of a sitting: who came, what came of each item, decisions,
// and after it the way of the minutes.
func (d *Desk) drawHeld(tx *storage.Tx, w *words, reader *storage.Contact, about int64, args map[string]string) (mahalla.Screen, error) {
	v, err := d.readHeld(tx, reader, mahalla.MeetingID(about), w)
	if err != nil {
		return mahalla.Screen{}, err
	}
	if v == nil {
		return d.leftBehind(tx, w, reader, CardHeld, about)
	}
	s := mahalla.Screen{Protect: true, Silent: d.Calendar().IsQuiet(w.now), Text: bold(w.say("held.title", "place", HTML(w.placeShort(v.m.Commission)), "when", w.when(v.m.At)))}
	what, number, _ := strings.Cut(args[argShow], "_")
	n, _ := strconv.Atoi(number) // anything else is the first
	q := reader.Dialogue.Question
	switch {
	case v.m.Status == mahalla.MeetingCancelled:
		s.Text = lines(s.Text, w.say("held.not_held"))
	case v.m.Status == mahalla.MeetingDraft:
		return s, ErrPointless
	case q != nil && q.Flow == FlowDecision && q.Case == mahalla.CaseID(v.m.ID):
		w.asksDecision(v, q.Data, &s)
	case what == "list":
		w.listDecisions(v, n, &s)
	case what == "item" && n >= 1 && n <= len(v.m.Agenda):
		w.drawHearing(v, n, &s)
	case v.m.Status == mahalla.MeetingHeld:
		d.drawWritten(w, v, &s)
	case v.m.Status == mahalla.MeetingLocked:
		w.drawLocked(v, &s)
	case what == "who":
		w.drawSitters(v, n, &s)
	case what == "finish", what == "nothing":
		w.asksSure(v, what, &s)
	default:
		w.drawRunning(v, &s)
	}
	return s, nil
}

// quorum says how many have come, and whether that is enough.
func (w *words) quorum(m *mahalla.Meeting, item mahalla.ItemID) string {
	if m.Mediation {
		return w.mediatorCame(m, item)
	}
	key := "held.quorum"
	if !m.Attended(item).Met() {
		key = "held.no_quorum"
	}
	return w.say(key, "n", m.Attended(item).Come, "quorum", m.Quorum)
}

// hearingLine is one item in the list.
func (w *words) hearingLine(v *heldView, n int) string {
	h := v.m.Agenda[n-1]
	outcome := w.say("held.open")
	if h.Outcome != "" {
		outcome = w.outcome(v, h)
	}
	return w.say("held.line", "n", n, "matter", HTML(w.matter(v, h.Item)), "outcome", HTML(outcome))
}

// matter names the case of an item by its number and category.
func (w *words) matter(v *heldView, item mahalla.ItemID) string {
	c := v.cases[item]
	if c == nil {
		return "–"
	}
	return w.say("held.matter", "number", c.Number.String(), "category", HTML(w.category(c.Category)))
}

// drawRunning is the card while the sitting goes on.
func (w *words) drawRunning(v *heldView, s *mahalla.Screen) {
	m := v.m
	w.drawAgenda(v, s)
	ended := slices.ContainsFunc(m.Agenda, func(h mahalla.Hearing) bool { return h.Outcome != "" })
	finish := heldPress(m, PressFinish, 0, "ask", w.say("held.finish"), mahalla.Primary)
	second := []mahalla.Button{heldPress(m, PressHeld, 0, "who_0", w.say("held.who"), "")}
	switch {
	case m.Attended(0).Met():
		s.Rows = append(s.Rows, []mahalla.Button{finish})
		second = append(second, heldPress(m, PressDecide, 0, "", w.say("held.decide"), ""))
	case ended && m.Attended(0).Come > 0:
		s.Rows = append(s.Rows, []mahalla.Button{finish})
	}
	if !m.Marked(0).Met() && m.MayDeny(len(v.decisions) > 0) == nil {
		second = append(second, w.notHeldPress(m))
	}
	if !m.Attended(0).Met() && m.Open(w.now) && m.PutOff(len(v.decisions) > 0) == nil {
		second = append(second, heldPress(m, PressMeetMove, 0, "", w.say("convene.move"), ""))
	}
	s.Rows = append(append(s.Rows, second), w.heardRows(m)...)
}

func (w *words) notHeldPress(m *mahalla.Meeting) mahalla.Button {
	return heldPress(m, PressNotHeld, 0, "ask", w.say("held.nothing"), mahalla.Danger)
}

// drawAgenda is how things stand: the quorum, the items, decisions old and new.
func (w *words) drawAgenda(v *heldView, s *mahalla.Screen) {
	s.Text = lines(s.Text, w.quorum(v.m, 0), w.presumed(v.m))
	for n := range v.m.Agenda {
		s.Text = lines(s.Text, w.hearingLine(v, n+1))
	}
	if len(v.m.Agenda) == 0 {
		s.Text = lines(s.Text, w.say("held.no_items"))
	}
	s.Text = lines(s.Text, w.reviewed(v))
	if len(v.decisions) > 0 {
		s.Text = lines(s.Text, w.count("held.decisions", len(v.decisions)))
	}
}

// itemRows leads to the items by their numbers.
func (w *words) heardRows(m *mahalla.Meeting) [][]mahalla.Button {
	const inRow = 5
	var grid [][]mahalla.Button
	for n := range m.Agenda {
		if n%inRow == 0 {
			grid = append(grid, nil)
		}
		text := w.say("held.item_open", "n", n+1)
		if m.Agenda[n].Outcome != "" {
			text = w.say("held.item_ended", "n", n+1)
		}
		last := len(grid) - 1
		grid[last] = append(grid[last], heldPress(m, PressHeld, 0, itemShown(n+1), text, ""))
	}
	return grid
}

// asksSure asks whether the sitting is to end so: that is for good.
func (w *words) asksSure(v *heldView, what string, s *mahalla.Screen) {
	m := v.m
	back := []mahalla.Button{heldPress(m, PressHeld, 0, "", w.say("button.back"), "")}
	if what == "nothing" {
		if m.Marked(0) == m.Attended(0) {
			s.Text = lines(s.Text, w.quorum(m, 0))
		}
		s.Text = lines(s.Text, w.say("held.nothing_sure"))
		s.Rows = [][]mahalla.Button{{heldPress(m, PressNotHeld, 0, "yes", w.say("held.nothing_yes"), mahalla.Danger)}, back}
		return
	}
	w.drawAgenda(v, s)
	s.Text = lines(s.Text, w.say("held.finish_sure"))
	if slices.ContainsFunc(m.Agenda, func(h mahalla.Hearing) bool { return h.Outcome == "" }) {
		s.Text = lines(s.Text, w.say("held.finish_open"))
	}
	s.Rows = [][]mahalla.Button{{heldPress(m, PressFinish, 0, "yes", w.say("held.finish_yes"), mahalla.Primary)}, back}
}

// drawSitters asks who came.
func (w *words) drawSitters(v *heldView, page int, s *mahalla.Screen) {
	sitters := v.m.Sitters()
	page, pages := pageIn(strconv.Itoa(page), len(sitters), sittersEach)
	s.Text = lines(s.Text, w.quorum(v.m, 0), w.presumed(v.m), w.say("held.who_ask"))
	var buttons []mahalla.Button
	for i, p := range sitters[page*sittersEach : min(len(sitters), (page+1)*sittersEach)] {
		n := page*sittersEach + i + 1
		state := "held.absent"
		if p.There() {
			state = "held.present"
		}
		line := w.say("held.sitter", "n", n, "name", v.name(p.Person), "seat", HTML(w.say("held.seat."+string(p.Seat))))
		if p.Seat == mahalla.SeatSubstitute {
			line += " " + w.say("held.for", "name", v.name(p.InFor))
		}
		s.Text = lines(s.Text, line)
		buttons = append(buttons, heldPress(v.m, PressCame, page, strconv.FormatInt(int64(p.Person), 10), w.say(state, "n", n, "name", v.name(p.Person)), ""))
	}
	last := []mahalla.Button{heldPress(v.m, PressHeld, 0, "", w.say("button.back"), ""), heldPress(v.m, PressCame, page, CameAll, w.say("held.all"), "")}
	s.Rows = append(rows(buttons), append(last, w.pagesOf(v.m, "who", page, pages)...))
}

// pagesOf turns the pages of a list on the card.
func (w *words) pagesOf(m *mahalla.Meeting, what string, page, pages int) []mahalla.Button {
	var row []mahalla.Button
	if page > 0 {
		row = append(row, heldPress(m, PressHeld, 0, what+"_"+strconv.Itoa(page-1), w.say("list.previous"), ""))
	}
	if page < pages-1 {
		row = append(row, heldPress(m, PressHeld, 0, what+"_"+strconv.Itoa(page+1), w.say("list.next"), ""))
	}
	return row
}

// drawHearing is one item: which sides came, what came of it, what is noted.
func (w *words) drawHearing(v *heldView, n int, s *mahalla.Screen) {
	m, h := v.m, v.m.Agenda[n-1]
	s.Text = lines(s.Text, w.hearingLine(v, n))
	running := m.MayHold(w.now) == nil && !v.goneOff(h.Item)
	var sides []mahalla.Button
	for side := 1; side <= 2; side++ {
		key := "held.side_absent"
		if slices.Contains(h.Came, side) {
			key = "held.side_present"
		}
		s.Text = lines(s.Text, w.say(key, "side", side, "name", v.sideName(h.Item, side)))
		sides = append(sides, hearingPress(m, PressSide, n, strconv.Itoa(side), w.say(key+"_press", "side", side), ""))
	}
	s.Text = lines(s.Text, w.excluded(v, h.Item, false), w.quorum(m, h.Item), quote(h.Note, noteShown))
	if made := w.countDecisions(v, h.Item); made > 0 {
		s.Text = lines(s.Text, w.count("held.decisions", made))
	}
	if running {
		s.Rows = append(s.Rows, sides)
		s.Rows = append(s.Rows, w.outcomeRows(m, n)...)
	}
	var last []mahalla.Button
	if m.MayDescribe(w.now) == nil && !v.goneOff(h.Item) {
		s.Text = lines(s.Text, w.untranslated(v, h.Item))
		last = append(last, hearingPress(m, PressItemNote, n, "n", w.say("held.note"), ""))
		if m.Attended(h.Item).Met() {
			last = append(last, hearingPress(m, PressDecide, n, "n", w.say("held.decide"), ""))
		}
	}
	s.Rows = append(s.Rows, append(last, heldPress(m, PressHeld, 0, "", w.say("button.back"), "")))
}

func (w *words) countDecisions(v *heldView, item mahalla.ItemID) int {
	n := 0
	for _, one := range v.decisions {
		if one.Item == item {
			n++
		}
	}
	return n
}

// excluded names those who take no part in an item. The card of a
// sitting says it as it is, the minutes as it was.
func (w *words) excluded(v *heldView, item mahalla.ItemID, past bool) string {
	var names []string
	for _, p := range v.m.Participants {
		if p.InConflict(item) {
			names = append(names, v.name(p.Person))
		}
	}
	if len(names) == 0 {
		return ""
	}
	if past {
		return w.say("paper.excluded", "names", strings.Join(names, ", "))
	}
	return w.say("held.excluded", "names", strings.Join(names, ", "))
}

// outcomeRows are the outcomes that an item can have as things are; the one that
// it has is ticked.
func (w *words) outcomeRows(m *mahalla.Meeting, n int) [][]mahalla.Button {
	h := m.Agenda[n-1]
	var list []mahalla.Button
	for _, with := range mahalla.HearingOutcomes() {
		if h.Outcome != with && m.MayEnd(h.Item, with) != nil {
			continue
		}
		text := w.say("held.press." + string(with))
		if h.Outcome == with {
			_, name, _ := strings.Cut(text, " ") // the tick stands for its emoji
			text = tick(true) + " " + name
		}
		list = append(list, hearingPress(m, PressEnd, n, string(with), text, ""))
	}
	return rows(list)
}
