package casework

import (
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// Verbs of the buttons on cards of cases. Their subject is the case, their
// round the case's round.
const (
	PressAccept      = "accept"
	PressPromise     = "promise" // arg: today-13, today-18, tomorrow, date
	PressClose       = "close"   // shows the outcomes
	PressOutcome     = "outcome" // arg: a closing
	PressBack        = "card"    // the card as it was
	PressAdd         = "add"
	PressWithdraw    = "withdraw" // asks whether it is meant
	PressWithdrawYes = "withdrawyes"
	PressJudge       = "judge" // arg: a verdict
	PressRate        = "rate"  // arg: 1 to 5
	PressReopen      = "reopen"
	PressOpen        = "open" // the card afresh, from a list
)

// mostQuoted bounds a quotation on a card, in UTF-16 units.
const (
	mostOnCard = 3000 // of everything that was said
	mostQuoted = 1500 // of the first words
	inNotice   = 3000 // of an addition, in the notice of it
	glance     = 240
)

// mark is the sign of where a case stands; it never stands without words.
func mark(c *mahalla.Case, now time.Time) string {
	return markOf(c.Status, c.Overdue(now) || c.Unresolved(now))
}

func markOf(s mahalla.Status, overdue bool) string {
	switch {
	case overdue:
		return "🔴"
	case s == mahalla.New:
		return "🟡"
	case s == mahalla.Accepted:
		return "🔵"
	case s == mahalla.Waiting:
		return "🟠"
	case s == mahalla.Closed:
		return "🟢"
	}
	return "⚪"
}

// drawHead is what a head sees: number, place, category and delay, no words. A
// head who took the case sees all of it, and closes it like any officer; so does
// one who is asked to confirm something.
func (d *Desk) drawHead(tx *storage.Tx, w *words, v storage.View, args map[string]string) (mahalla.Screen, error) {
	c := v.Case
	switch {
	case d.gone(w, v):
		return d.drawGone(w, v), nil
	case c.Owner == v.Reader.ID, c.AskedToConfirm(v.Reader.ID):
		return d.drawOfficer(tx, w, v, args)
	case args[argLook] != "":
		return d.drawLook(tx, w, v, args[argLook])
	}
	s := d.outline(tx, w, v)
	if asked, err := d.drawChoice(tx, w, v, args, &s); asked || err != nil {
		return s, err
	}
	if c.Open() {
		s.Rows = append(d.officerRows(w, v), d.lookRow(w, v)...)
	}
	return s, nil
}

// outline is a case without anybody's words.
func (d *Desk) outline(tx *storage.Tx, w *words, v storage.View) mahalla.Screen {
	c := v.Case
	status := w.officerStatus(v)
	if c.Status == mahalla.New {
		status = lines(w.say("head.waits", "mark", mark(c, w.now), "duration", w.length(w.now.Sub(c.FiledAt))), w.informed(v))
	}
	return mahalla.Screen{Protect: true, Text: lines(
		bold(mark(c, w.now)+" "+w.say("case.title", "number", c.Number.String(), "category", HTML(w.category(c.Category)))),
		w.say("officer.place", "place", HTML(w.place(c.Place))),
		status,
		w.offered(v),
		w.givenTo(tx, v),
	)}
}

// informed names the highest officer beside the reader who was told and can be
// reached.
func (w *words) informed(v storage.View) string {
	c := v.Case
	if c.OutOfReach() {
		return w.say("head.nobody")
	}
	if other := c.ToldBeside(v.Reader.ID); other != nil {
		return w.say("head.level", "role", HTML(w.role(other.Role)))
	}
	return ""
}

// casePress is a button about a case.
func casePress(c *mahalla.Case, verb, arg, label string, style mahalla.Style) mahalla.Button {
	return mahalla.Button{Label: label, Style: style, Press: mahalla.Press{Verb: verb, Subject: int64(c.ID), Round: c.Round, Arg: arg}}
}

// rows lays buttons out two in a row.
func rows(list []mahalla.Button) [][]mahalla.Button {
	var grid [][]mahalla.Button
	for len(list) > 2 {
		grid, list = append(grid, list[:2]), list[2:]
	}
	if len(list) > 0 {
		grid = append(grid, list)
	}
	return grid
}
