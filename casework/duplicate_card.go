package casework

import (
	"strconv"
	"strings"

	"koprik/mahalla"
	"koprik/storage"
)

// chooseTwin lets an officer's card ask of which case its own is a duplicate.
const chooseTwin = "twin"

// drawTwins asks of which case an officer's is a duplicate. Of the others it shows
// where they stand, and no words but the own ones that are found there too.
func (d *Desk) drawTwins(tx *storage.Tx, w *words, v storage.View, s *mahalla.Screen) error {
	c := v.Case
	list, err := d.twins(tx, v.Reader, c, firstWords(v.Reports), w.now)
	if err != nil {
		return err
	}
	key := "twin.which"
	if len(list) == 0 {
		key = "twin.none"
	}
	s.Text = lines(s.Text, w.say(key, "number", c.Number.String()))
	var buttons []mahalla.Button
	for _, t := range list {
		into, err := tx.Case(t.Case)
		if err != nil {
			return err
		}
		number := into.Number.String()
		s.Text = lines(s.Text, w.say("twin.line", "mark", mark(into, w.now), "number", number, "when", w.when(into.FiledAt)),
			quote(strings.Join(t.Shared, ", "), glance))
		buttons = append(buttons, casePress(c, PressDuplicate, strconv.FormatInt(int64(into.ID), 10), w.say("twin.press", "number", number), ""))
	}
	s.Rows = append(rows(buttons), []mahalla.Button{casePress(c, PressBack, "", w.say("button.back"), "")})
	return nil
}

// drawDuplicate is the card of the reporter of a case that an officer gave up: the
// own words, and how the other one goes. Nothing of whoever reported that one is on
// it, not even its number.
func (d *Desk) drawDuplicate(tx *storage.Tx, w *words, v storage.View) (mahalla.Screen, error) {
	c := v.Case
	into, err := tx.View(c.MergedInto, v.Reader.ID)
	if err != nil {
		return mahalla.Screen{}, err
	}
	why := w.say("duplicate.text")
	if into.Case.Status == mahalla.Closed {
		why = w.say("duplicate.closed")
	}
	if into.Case.Speaks(v.Reader.ID) {
		why = w.say("duplicate.own", "number", into.Case.Number.String())
	}
	s := mahalla.Screen{Result: resultShown(into), Text: lines(
		bold(w.say("duplicate.title", "number", c.Number.String(), "category", HTML(w.neutral(c.Category)))),
		why, w.joinedStatus(into), w.aliasLine(c))}
	if n := additionsOf(v.Reports, v.Reader.ID); n > 0 && into.Case.Open() {
		s.Text = lines(s.Text, w.say("reporter.additions", "n", n))
	}
	s.Text = lines(s.Text, quote(wordsOf(v.Reports, v.Reader.ID), glance))
	if !into.Case.Open() {
		w.judging(&s, c, c, into.Case)
		return s, nil
	}
	if numbers := d.Numbers(wordsOf(v.Reports, v.Reader.ID), c.Category); len(numbers) > 0 {
		s.Text = lines(w.say("draft.danger", "numbers", HTML(w.numbers(numbers))), s.Text)
	}
	row := []mahalla.Button{casePress(c, PressAdd, "", w.say("reporter.add"), "")}
	if c.MayPart(into.Case, v.Reader.Person, d.path(c.Place), w.now) == nil {
		row = append(row, casePress(c, PressUnjoin, "", w.say("joined.undo"), ""))
	}
	s.Rows = [][]mahalla.Button{row}
	return s, nil
}

// drawGivenUp is what is left of the officers' card of a case that one of them gave
// up; that one may take it back.
func (d *Desk) drawGivenUp(w *words, v storage.View, into *mahalla.Case) mahalla.Screen {
	c := v.Case
	s := mahalla.Screen{Protect: true, Text: w.say("officer.duplicate", "number", c.Number.String(), "into", into.Number.String())}
	if v.Reader.ID != c.Reporter && c.MayPart(into, v.Reader.Person, d.path(c.Place), w.now) == nil {
		s.Rows = [][]mahalla.Button{{casePress(c, PressUnjoin, "", w.say("duplicate.undo"), "")}}
	}
	return s
}
