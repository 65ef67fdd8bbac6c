package casework

import (
	"slices"
	"strconv"
	"time"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// drawOfficer is the full card of a case. With arg "choose" it shows the
// outcomes, with "closing" it asks for the sentence.
func (d *Desk) drawOfficer(tx *storage.Tx, w *words, v storage.View, args map[string]string) (mahalla.Screen, error) {
	c := v.Case
	if d.gone(w, v) {
		return d.drawGone(w, v), nil
	}
	closing := v.Reader.Dialogue.Question
	given, err := w.givenAway(tx, v)
	if err != nil {
		return mahalla.Screen{}, err
	}
	s := mahalla.Screen{Protect: true}
	s.Text = lines(
		bold(mark(c, w.now)+" "+w.say("case.title", "number", c.Number.String(), "category", HTML(w.category(c.Category)))),
		w.urgent(c),
		w.officerStatus(v),
		given,
		w.offered(v),
		w.givenTo(tx, v),
		w.heardLine(v),
		w.say("officer.place", "place", HTML(w.place(c.Place))),
		w.who(v),
		w.behalf(v),
		w.joined(c),
		w.phone(v),
		w.lost(v),
		w.unopened(v),
		w.erasedLine(c),
	)
	s.Still = c.Erased()
	w.below(&s)
	s.Text = lines(s.Text, d.allWords(w, v, cardBudget(v, args)))
	if asked, err := d.drawChoice(tx, w, v, args, &s); asked || err != nil {
		return s, err
	}
	switch {
	case !c.Open():
		d.undoable(w, v, &s)
	case c.AskedToConfirm(v.Reader.ID):
		w.asksToConfirm(v, &s)
	case closing != nil && closing.Flow == FlowClose && closing.Case == c.ID:
		w.asksSentence(c, closing.Data, &s)
	case args["choose"] != "" && c.Owner == v.Reader.ID:
		s.Text = lines(s.Text, w.say("officer.closing_choose"))
		s.Rows = w.outcomes(c)
	default:
		s.Rows = d.officerRows(w, v)
		if err := d.toCommission(tx, w, v, &s); err != nil {
			return s, err
		}
		if c.Owner == v.Reader.ID && c.Promised.IsZero() && !c.Claimed() && w.agreedRow(v) == nil {
			s.Text = lines(s.Text, w.say("officer.promise_hint"))
		}
	}
	return s, nil
}

// first names the role of whoever was told first.
func (w *words) first(c *mahalla.Case) string {
	if len(c.Assignments) == 0 {
		return w.level(c.Level)
	}
	return w.roleOf(c, c.Assignments[0].Person)
}

// roleOf names the role in which a person was told of the case.
func (w *words) roleOf(c *mahalla.Case, p mahalla.PersonID) string {
	for _, a := range c.Assignments {
		if a.Person == p && a.Role != "" {
			return w.role(a.Role)
		}
	}
	return w.level(c.OwnLevel)
}

// urgent marks a case that is on the urgent clock, for its words or its category.
func (w *words) urgent(c *mahalla.Case) string {
	if mahalla.ClassOf(c.Urgency) != mahalla.Urgent || !c.Open() {
		return ""
	}
	return bold(w.say("officer.danger"))
}

func (w *words) officerStatus(v storage.View) string {
	c := v.Case
	switch c.Status {
	case mahalla.New:
		if c.GivenAway(v.Reader.ID) != 0 {
			return "" // nothing is asked of this one
		}
		if broken := w.broken(c, "officer.broken"); broken != "" {
			return broken
		}
		line := w.say("officer.accept_by", "due", w.when(c.Ladder.Due))
		if c.Overdue(w.now) {
			line = w.say("officer.accept_late", "due", w.when(c.Ladder.Due))
		}
		if c.Reopened > 0 {
			return lines(line, w.say("officer.reopened", "n", c.Reopened))
		}
		return line
	case mahalla.Accepted:
		return w.officerAccepted(v)
	case mahalla.Waiting:
		return lines(w.officerAccepted(v), w.say("officer.waiting", "when", w.when(c.AskedAt)))
	case mahalla.Closed:
		return lines(
			w.say("officer.closed", "closing", HTML(w.say("closing."+string(c.Closing))), "when", w.when(c.ClosedAt)),
			w.verdict("officer.judged.", c))
	}
	return w.say("officer.withdrawn", "when", w.when(c.WithdrawnAt))
}

func (w *words) officerAccepted(v storage.View) string {
	c := v.Case
	if c.Owner != v.Reader.ID {
		return lines(w.say("officer.accepted_other", "name", personName(v.OwnerName), "when", w.when(c.AcceptedAt)), w.resolveBy(c))
	}
	line := w.say("officer.accepted_you", "when", w.when(c.AcceptedAt))
	if !c.Promised.IsZero() {
		line = lines(line, w.say("officer.promised", "when", w.when(c.Promised)))
	}
	return lines(line, w.resolveBy(c), w.claimed(c))
}

// who names the reporter to the officer.
func (w *words) who(v storage.View) string {
	filed := w.when(v.Case.FiledAt)
	if alias := v.Case.Alias; alias != "" {
		line := w.say("officer.alias", "alias", HTML(w.say("alias.name", "code", alias)), "filed", filed)
		if v.Case.Reporter == 0 {
			line = lines(line, w.say("officer.alias_forgotten"))
		}
		return line
	}
	if v.ReporterName == "" {
		return w.say("officer.nameless", "filed", filed)
	}
	return w.say("officer.reporter", "name", personName(v.ReporterName), "filed", filed)
}

// lost tells the officer that the reporter cannot be told anything now. Of one
// who is not named it says nothing: when that changes would tell who it is.
func (w *words) lost(v storage.View) string {
	c := v.Case
	if c.Alias != "" || !v.ReporterLost || !c.Open() && (c.Status != mahalla.Closed || c.Verdict != mahalla.NoVerdict) {
		return ""
	}
	return w.say("officer.reporter_lost")
}

// allWords quotes what the reporter said, the first words and what came later,
// within a budget that leaves room for the rest of the card.
func (d *Desk) allWords(w *words, v storage.View, budget int) string {
	var list []string
	for i := range v.Reports {
		r := &v.Reports[i]
		if r.Kind == storage.KindResult || r.Kind == storage.KindClaim || budget <= 0 || r.Kind == storage.KindAddition && !v.Case.Speaks(r.Person) {
			continue // it has a card of its own, or is of somebody who does not belong here after all
		}
		text := locales.Cut(r.Words, min(budget, mostQuoted))
		budget -= locales.UTF16Len(text) + 40
		switch r.Kind {
		case storage.KindAddition:
			key := "officer.addition"
			if r.Person != v.Case.Reporter {
				key = "officer.addition_joined"
			}
			list = append(list, w.say(key, "when", w.when(r.At)))
		case storage.KindReopening:
			list = append(list, w.say("officer.reason", "when", w.when(r.At)))
		case storage.KindQuestion:
			list = append(list, w.say("officer.question", "when", w.when(r.At)))
		case storage.KindNote:
			list = append(list, w.say("officer.note", "when", w.when(r.At)))
		case storage.KindDuplicate:
			list = append(list, w.say("officer.duplicate_words", "number", r.Of.String(), "when", w.when(r.At)))
		case storage.KindAnswer:
			list = append(list, w.say("officer.answer", "when", w.when(r.At)))
		}
		list = append(list, quote(text, mostQuoted), w.attached(r.Media))
	}
	return lines(list...)
}

func (d *Desk) officerRows(w *words, v storage.View) [][]mahalla.Button {
	c := v.Case
	var grid [][]mahalla.Button
	choices := c.Choices(v.Reader.Person, d.path(c.Place), w.now)
	if slices.Contains(choices, mahalla.VerbAccept) {
		return d.newRows(w, v, choices)
	}
	if agreed := w.agreedRow(v); agreed != nil {
		grid = append(grid, agreed)
	} else if slices.Contains(choices, mahalla.VerbPromise) && c.Promised.IsZero() {
		grid = append(grid, w.promises(c)...)
	}
	if slices.Contains(choices, mahalla.VerbClose) {
		own := w.ownButtons(c, choices)
		if len(grid) == 0 {
			return primaryFirst(own)
		}
		grid = append(grid, rows(secondary([][]mahalla.Button{own}))...)
	}
	return grid
}

// ownButtons are what an owner may do at any time: close, ask, promise anew.
func (w *words) ownButtons(c *mahalla.Case, choices []mahalla.Verb) []mahalla.Button {
	list := []mahalla.Button{casePress(c, PressClose, "", w.say("officer.close"), mahalla.Primary)}
	if slices.Contains(choices, mahalla.VerbAsk) {
		list = append(list, casePress(c, PressAsk, "", w.say("officer.ask"), ""))
	}
	if !c.Promised.IsZero() && slices.Contains(choices, mahalla.VerbPromise) {
		list = append(list, casePress(c, PressPromise, "date", w.say("officer.promise_date"), ""))
	}
	if slices.Contains(choices, mahalla.VerbNote) {
		list = append(list, casePress(c, PressNote, "", w.say("officer.note_press"), ""))
	}
	switch {
	case slices.Contains(choices, mahalla.VerbGive): // beside whom it is asked whether it is another mahalla's
		list = append(list, casePress(c, PressGive, "", w.say("officer.give"), ""))
	case slices.Contains(choices, mahalla.VerbDecline):
		list = append(list, casePress(c, PressNotMine, "", w.say("officer.not_mine"), ""))
	}
	return list
}

// promises offers the next usual moments that are still to come.
func (w *words) promises(c *mahalla.Case) [][]mahalla.Button {
	var row []mahalla.Button
	for _, p := range Promises(w.now) {
		key := "officer.promise_today"
		if p.Tomorrow {
			key = "officer.promise_tomorrow"
		}
		row = append(row, casePress(c, PressPromise, p.Arg, w.say(key, "clock", locales.Clock(p.At)), ""))
	}
	row = append(row, casePress(c, PressPromise, "date", w.say("officer.promise_date"), ""))
	return rows(row)
}

// PromiseChoice is a moment that an officer can promise with one tap.
type PromiseChoice struct {
	Arg      string
	At       time.Time
	Tomorrow bool
}

// Promises lists the usual moments after now: today 13:00 and 18:00, tomorrow
// 10:00.
func Promises(now time.Time) []PromiseChoice {
	now = now.In(locales.Tashkent())
	at := func(days, hour int) time.Time {
		return time.Date(now.Year(), now.Month(), now.Day()+days, hour, 0, 0, 0, now.Location())
	}
	var list []PromiseChoice
	for _, hour := range []int{13, 18} {
		if t := at(0, hour); t.After(now) {
			list = append(list, PromiseChoice{Arg: "today" + strconv.Itoa(hour), At: t})
		}
	}
	return append(list, PromiseChoice{Arg: "tomorrow", At: at(1, 10), Tomorrow: true})
}

func (w *words) outcomes(c *mahalla.Case) [][]mahalla.Button {
	var list []mahalla.Button
	for _, with := range mahalla.Closings() {
		list = append(list, casePress(c, PressOutcome, string(with), w.say("officer.closing."+string(with)), ""))
	}
	grid := rows(list)
	return append(grid, []mahalla.Button{casePress(c, PressBack, "", w.say("button.back"), "")})
}
