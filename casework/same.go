package casework

import (
	"strconv"
	"strings"

	"koprik/mahalla"
	"koprik/storage"
)

// Verbs of the buttons of the same matter. The first two stand on the receipt of
// the person's own case.
const (
	PressMeToo  = "metoo"  // arg: which of the cases offered, from 1
	PressOther  = "other"  // it is something else
	PressUnjoin = "unjoin" // on the card of whoever joined
)

// askSame lets a receipt ask whether the report is about an open case of
// somebody else. Of that case it shows when it was filed; the words are the
// reader's own.
func (d *Desk) askSame(tx *storage.Tx, w *words, v storage.View, s *mahalla.Screen) error {
	list, err := d.offered(tx, v.Case, firstWords(v.Reports), w.now)
	if err != nil || len(list) == 0 {
		return err
	}
	s.Text = lines(s.Text, bold(w.say("same.title")))
	line, label := "same.line", "same.me_too"
	if len(list) > 1 {
		line, label = "same.line_n", "same.me_too_n"
	}
	var buttons []mahalla.Button
	for _, c := range list {
		s.Text = lines(s.Text, w.say(line, "n", c.Nth, "when", w.when(c.FiledAt)), quote(strings.Join(c.Shared, ", "), glance))
		buttons = append(buttons, casePress(v.Case, PressMeToo, strconv.Itoa(c.Nth), w.say(label, "n", c.Nth), ""))
	}
	s.Text = lines(s.Text, w.say("same.hint"))
	other := casePress(v.Case, PressOther, "", w.say("same.other"), "")
	if len(buttons) == 1 {
		buttons[0].Style = mahalla.Primary
	}
	s.Rows = append(rows(buttons), belowChoice(other, len(buttons), s.Rows)...)
	return nil
}

// belowChoice puts the button that turns every choice down above the others: in
// a row of its own where there is room for one.
func belowChoice(other mahalla.Button, choices int, grid [][]mahalla.Button) [][]mahalla.Button {
	if choices <= 2 {
		return append([][]mahalla.Button{{other}}, grid...)
	}
	return rows(append([]mahalla.Button{other}, secondary(grid)...))
}

// drawJoined is the card of somebody who joined a case: its status and the own
// words, and nothing of anybody else who reports it. Who has taken that back has
// the card of the own case instead.
func (d *Desk) drawJoined(tx *storage.Tx, w *words, v storage.View, args map[string]string) (mahalla.Screen, error) {
	c := v.Case
	if own := args[argRevived]; own != "" && !c.HasJoined(v.Reader.ID) {
		return mahalla.Screen{Text: w.say("joined.revived", "number", c.Number.String(), "own", own)}, nil
	}
	if !c.HasJoined(v.Reader.ID) {
		return mahalla.Screen{}, ErrPointless
	}
	title := bold(w.say("joined.title", "number", c.Number.String(), "category", HTML(w.neutral(c.Category))))
	s := mahalla.Screen{Text: lines(d.dangerLine(w, v), title, w.joinedStatus(v)), Result: resultShown(v)}
	s.Text = lines(s.Text, quote(wordsOf(v.Reports, v.Reader.ID), glance))
	if c.Status == mahalla.Closed {
		own, err := ownOf(tx, v.Reader.ID, c)
		if own != nil {
			w.judging(&s, c, own, c)
		}
		return s, err
	}
	if c.Open() {
		row := []mahalla.Button{casePress(c, PressAdd, "", w.say("reporter.add"), "")}
		if c.MayUnjoin(v.Reader.ID, w.now) {
			row = append(row, casePress(c, PressUnjoin, "", w.say("joined.undo"), ""))
		}
		s.Rows = [][]mahalla.Button{row}
	}
	return s, nil
}

// joinedStatus is where the case stands; the verdict of its reporter is that person's
// alone, and so is a question.
func (w *words) joinedStatus(v storage.View) string {
	c := v.Case
	if c.Status == mahalla.Closed {
		return lines(w.say("reporter.closed", "closing", HTML(w.closing(c)), "when", w.when(c.ClosedAt)),
			quote(w.result(v.Reports), mostQuoted))
	}
	if c.Status == mahalla.Waiting {
		unasked := *c
		unasked.Status = mahalla.Accepted
		c, v.Case = &unasked, &unasked
	}
	text := lines(w.reporterStatus(v), w.correction(v))
	if c.Status == mahalla.Accepted && !c.Promised.IsZero() {
		text = lines(text, w.say("reporter.promised", "when", w.when(c.Promised)))
	}
	return text
}

// joined tells officers how many others have the same matter.
func (w *words) joined(c *mahalla.Case) string {
	if c.Crowd() == 0 {
		return ""
	}
	return w.say("officer.joined", "n", c.Crowd())
}

// joinedRead reminds whoever closes a case that others read the sentence too.
func (w *words) joinedRead(c *mahalla.Case) string {
	if c.Crowd() == 0 {
		return ""
	}
	return w.say("officer.closing_joined")
}

// additionsOf counts what one person has added.
func additionsOf(reports []storage.Report, who mahalla.PersonID) int {
	n := 0
	for _, r := range reports {
		if r.Kind == storage.KindAddition && r.Person == who {
			n++
		}
	}
	return n
}
