package casework

import (
	"time"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// PressKept says that a promise was kept; the outcomes follow.
const PressKept = "kept"

// PromiseHour is the argument of the button that moves a promise by an hour.
const PromiseHour = "hour"

// Kept records that the owner says a promise was kept.
func (d *Desk) Kept(tx *storage.Tx, who *storage.Contact, id mahalla.CaseID, round int, now time.Time) (*mahalla.Case, error) {
	return d.decide(tx, id, round, now, func(c *mahalla.Case) (mahalla.Outcome, error) { return c.Kept(who.Person, now) })
}

// drawCheck asks the owner whether a promise was kept.
func (d *Desk) drawCheck(tx *storage.Tx, w *words, v storage.View) (mahalla.Screen, error) {
	c := v.Case
	s := mahalla.Screen{Protect: true}
	title := bold(w.say("case.title", "number", c.Number.String(), "category", HTML(w.category(c.Category))))
	if c.CheckedAt.IsZero() || c.Owner != v.Reader.ID {
		card, err := tx.Card(v.Reader.ID, mahalla.CardCheck, c.ID)
		if err == nil && card.MessageID == 0 {
			err = ErrPointless // it was never shown
		}
		s.Text = lines(title, w.checkEnd(v))
		return s, err
	}
	s.Text = lines(title, w.say("check.ask", "when", w.when(c.Promised)))
	s.Rows = [][]mahalla.Button{{casePress(c, PressKept, "", w.say("check.kept"), mahalla.Primary)}}
	if c.Postponed >= mahalla.MostPostponed {
		s.Text = lines(s.Text, w.say("check.last"))
		return s, nil
	}
	row := []mahalla.Button{casePress(c, PressPromise, PromiseHour, w.say("check.hour"), "")}
	for _, p := range Promises(w.now) {
		if p.Tomorrow {
			row = append(row, casePress(c, PressPromise, p.Arg, w.say("officer.promise_tomorrow", "clock", locales.Clock(p.At)), ""))
		}
	}
	s.Rows = append(s.Rows, row)
	return s, nil
}

// checkEnd says what came of the question about a promise.
func (w *words) checkEnd(v storage.View) string {
	c := v.Case
	switch {
	case c.Status == mahalla.New && c.Ladder.Class == mahalla.Promise:
		return w.say("check.taken")
	case c.Owner == v.Reader.ID && c.Promised.After(w.now):
		return w.say("officer.promised", "when", w.when(c.Promised))
	}
	return w.say("check.done")
}

// broken says to whoever reads a card that a promise was not kept; empty when
// that is not how the case came to wait.
func (w *words) broken(c *mahalla.Case, key string) string {
	if c.Status != mahalla.New || c.Ladder.Class != mahalla.Promise {
		return ""
	}
	role := w.first(c)
	if climbed := c.LastClimb(); climbed != nil {
		role = w.role(climbed.Role)
	}
	return w.say(key, "role", HTML(role))
}
