package casework

import (
	"strconv"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// day shows a day of an absence.
func (w *words) day(t time.Time) string { return w.desk.catalogue.Day(w.lang, t, w.now) }

// span shows the days of an absence: the last one is the day before the return.
func (w *words) span(a *mahalla.Absence) string {
	from, last := w.day(a.From), w.day(a.Until.Add(-time.Second))
	if from == last {
		return from
	}
	return w.say("absence.span", "from", from, "until", last)
}

func absencePress(a *mahalla.Absence, verb, arg, text string, style mahalla.Style) mahalla.Button {
	p := mahalla.Press{Verb: verb, Arg: arg}
	if a != nil {
		p.Subject = int64(a.ID)
	}
	return mahalla.Button{Label: text, Style: style, Press: p}
}

// drawAbsence is an officer's own absence: it asks for the days, then for the
// substitute, then what becomes of the open cases.
func (d *Desk) drawAbsence(tx *storage.Tx, w *words, reader *storage.Contact, args map[string]string) (mahalla.Screen, error) {
	list, err := tx.AbsencesOf(reader.ID)
	if err != nil {
		return mahalla.Screen{}, err
	}
	for i := range list {
		if list[i].Person == reader.ID {
			return d.drawOwnAbsence(tx, w, reader, &list[i], args)
		}
	}
	if q := reader.Dialogue.Question; q == nil || q.Flow != FlowAbsence {
		return mahalla.Screen{Silent: d.Calendar().IsQuiet(w.now), Text: w.say("absence.none")}, nil
	}
	return mahalla.Screen{Text: w.say("absence.ask"), Rows: [][]mahalla.Button{{
		absencePress(nil, PressAbsence, "today", w.say("absence.today"), ""),
		absencePress(nil, PressAbsence, "tomorrow", w.say("absence.tomorrow"), "")}}}, nil
}

func (d *Desk) drawOwnAbsence(tx *storage.Tx, w *words, reader *storage.Contact, a *mahalla.Absence, args map[string]string) (mahalla.Screen, error) {
	s := mahalla.Screen{Protect: true, Silent: d.Calendar().IsQuiet(w.now), Text: bold(w.say("absence.title", "span", w.span(a)))}
	name, err := tx.Name(a.Substitute)
	if err != nil {
		return s, err
	}
	name = personName(name)
	back := []mahalla.Button{absencePress(a, PressReturn, "", w.say("absence.return"), mahalla.Danger)}
	switch a.Answer {
	case mahalla.StandInAsked:
		s.Text = lines(s.Text, w.say("absence.asked", "name", name, "due", w.when(a.Due)))
		s.Rows = [][]mahalla.Button{back}
		return s, nil
	case mahalla.StandInAgreed:
		s.Text = lines(s.Text, w.say("absence.agreed", "name", name))
		return s, d.drawHandOn(tx, w, reader, a, back, &s)
	case mahalla.StandInRefused:
		s.Text = lines(s.Text, w.say("absence.refused", "name", name))
	case mahalla.StandInSilent:
		s.Text = lines(s.Text, w.say("absence.silent", "name", name))
	case mahalla.StandInNone:
	}
	return s, d.drawSubstitutes(tx, w, reader, a, args, back, &s)
}

// drawSubstitutes asks who is to stand in.
func (d *Desk) drawSubstitutes(tx *storage.Tx, w *words, reader *storage.Contact, a *mahalla.Absence, args map[string]string, back []mahalla.Button, s *mahalla.Screen) error {
	list, err := d.substitutes(tx, reader, a, w.now)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		s.Text = lines(s.Text, w.say("absence.nobody"))
		s.Rows = [][]mahalla.Button{back}
		return nil
	}
	s.Text = lines(s.Text, w.say("absence.whom"))
	page, pages := pageIn(args["page"], len(list), mostMahallas)
	var buttons []mahalla.Button
	for i, o := range list[page*mostMahallas : min(len(list), (page+1)*mostMahallas)] {
		n := page*mostMahallas + i + 1
		s.Text = lines(s.Text, w.say("give.line", "n", n, "name", personName(o.Name), "place", HTML(w.placeShort(o.Place))))
		buttons = append(buttons, absencePress(a, PressSubstitute, strconv.FormatInt(int64(o.Person), 10), label(strconv.Itoa(n)+". "+personName(o.Name)), ""))
	}
	if page > 0 {
		back = append(back, absencePress(a, PressAbsence, "p"+strconv.Itoa(page-1), w.say("list.previous"), ""))
	}
	if page < pages-1 {
		back = append(back, absencePress(a, PressAbsence, "p"+strconv.Itoa(page+1), w.say("list.next"), ""))
	}
	s.Rows = append(rows(buttons), back)
	return nil
}

// mostOnAbsence is how many open cases have a button of their own.
const mostOnAbsence = 4

// drawHandOn offers to hand on the open cases, one by one or all of them.
func (d *Desk) drawHandOn(tx *storage.Tx, w *words, reader *storage.Contact, a *mahalla.Absence, back []mahalla.Button, s *mahalla.Screen) error {
	open, _, err := tx.CasesOfOfficer(reader.ID, over(reader, w.now, mahalla.MayAnswer), 0, mostHandedOn)
	if err != nil {
		return err
	}
	var buttons []mahalla.Button
	n := 0
	for _, l := range open {
		c, err := tx.Case(l.ID)
		if err != nil {
			return err
		}
		if c.Owner == 0 && c.Holds(a.Substitute) || c.MayHandOn(reader.Person, d.path(c.Place), w.now) != nil {
			continue
		}
		if n++; n <= mostOnAbsence {
			buttons = append(buttons, casePress(c, PressHandOn, "", w.say("absence.hand", "number", c.Number.String()), ""))
		}
	}
	s.Rows = rows(buttons)
	if n > 0 {
		s.Text = lines(s.Text, w.count("absence.open", n))
		s.Rows = append(s.Rows, []mahalla.Button{absencePress(a, PressHandAll, "", w.say("absence.hand_all"), "")})
	}
	s.Rows = append(s.Rows, back)
	return nil
}

// drawStandIn asks somebody to stand in, and says afterwards what came of it.
func (d *Desk) drawStandIn(tx *storage.Tx, w *words, reader *storage.Contact, args map[string]string) (mahalla.Screen, error) {
	a, err := tx.LastStandIn(reader.ID)
	if err != nil {
		return mahalla.Screen{}, err
	}
	if a == nil {
		return mahalla.Screen{}, ErrPointless
	}
	name, err := tx.Name(a.Person)
	if err != nil {
		return mahalla.Screen{}, err
	}
	absent, err := tx.Contact(a.Person)
	if err != nil {
		return mahalla.Screen{}, err
	}
	var places []mahalla.TerritoryID
	for _, m := range mahalla.StandsInAt(absent.Person, w.now) {
		places = append(places, m.Territory)
	}
	s := mahalla.Screen{Protect: true, Silent: d.Calendar().IsQuiet(w.now)}
	title := bold(w.say("substitute.title", "name", personName(name), "span", w.span(a)))
	if len(places) > 0 {
		title = lines(title, w.say("officer.place", "place", HTML(w.seats(places))))
	}
	switch {
	case a.Substitute != reader.ID:
		s.Text = lines(title, w.say("offer.end.over")) // somebody else was asked since
	case !a.Open() && a.Answer == mahalla.StandInAgreed:
		s.Text = lines(title, w.say("substitute.over"))
	case !a.Open() && a.Answer == mahalla.StandInAsked:
		s.Text = lines(title, w.say("offer.end.over"))
	case a.Answer == mahalla.StandInAsked:
		s.Text = lines(w.wasAway(args), title, w.say("substitute.ask", "due", w.when(a.Due)))
		s.Rows = [][]mahalla.Button{
			{absencePress(a, PressStandIn, "yes", w.say("substitute.yes"), mahalla.Success)},
			{absencePress(a, PressStandIn, "no", w.say("offer.refuse"), mahalla.Danger)},
		}
	default:
		s.Text = lines(title, w.say("substitute.answer."+string(a.Answer)))
	}
	return s, nil
}

// mostAway is how many people who are away a list names.
const mostAway = 3

// awayLines say above a list who is away: the reader, for whom the reader stands
// in, and of those below a supervisor.
func (d *Desk) awayLines(tx *storage.Tx, w *words, kind mahalla.NoticeKind, reader *storage.Contact) (string, error) {
	var list []mahalla.Absence
	var err error
	switch kind {
	case CardWork:
		list, err = tx.AbsencesOf(reader.ID)
	case CardAwaited:
		if nodes := d.supervised(reader, w.now); len(nodes) > 0 {
			list, err = tx.AwayUnder(nodes, w.now)
		}
	}
	var text []string
	for i := 0; i < len(list) && err == nil; i++ {
		if i == mostAway {
			text = append(text, w.say("absence.more", "n", len(list)-i))
			break
		}
		var line string
		line, err = d.awayLine(tx, w, &list[i], reader.ID)
		text = append(text, line)
	}
	return lines(text...), err
}

func (d *Desk) awayLine(tx *storage.Tx, w *words, a *mahalla.Absence, reader mahalla.PersonID) (string, error) {
	absent, err := tx.Name(a.Person)
	if err != nil {
		return "", err
	}
	other, err := tx.Name(a.Substitute)
	if err != nil {
		return "", err
	}
	agreed := a.Answer == mahalla.StandInAgreed
	switch {
	case a.Person == reader && agreed:
		return w.say("absence.line_you", "span", w.span(a), "name", personName(other)), nil
	case a.Person == reader:
		return w.say("absence.line_alone", "span", w.span(a)), nil
	case a.Substitute == reader && agreed:
		return w.say("absence.line_for", "span", w.span(a), "name", personName(absent)), nil
	case a.Substitute == reader:
		return w.say("absence.line_asked", "span", w.span(a), "name", personName(absent)), nil
	case agreed:
		return w.say("absence.line_of", "span", w.span(a), "name", personName(absent), "other", personName(other)), nil
	}
	return w.say("absence.line_of_alone", "span", w.span(a), "name", personName(absent)), nil
}
