package casework

import (
	"strconv"
	"time"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// PressUndo takes a closing back.
const PressUndo = "undo"

// Undo takes a closing back, a little after it. What has shown the result is taken off
// the screens of those who read it.
func (d *Desk) Undo(tx *storage.Tx, who *storage.Contact, id mahalla.CaseID, round int, now time.Time) (*mahalla.Case, error) {
	return d.decide(tx, id, round, now, func(c *mahalla.Case) (mahalla.Outcome, error) {
		o, err := c.Undo(who.Person, d.path(c.Place), now)
		if err != nil {
			return o, err
		}
		reports, err := tx.Reports(c.ID)
		if r := lastResult(reports); r != nil {
			o.Notices = append(o.Notices, mahalla.Notice{Kind: mahalla.NoticeWipe, To: c.Reporter, Lane: mahalla.LaneAnswer,
				Args: map[string]string{storage.ArgResult: strconv.FormatInt(r.ID, 10)}})
		}
		return o, err
	})
}

// lastResult is the newest result among reports; nil when there is none.
func lastResult(reports []storage.Report) *storage.Report {
	for i := len(reports) - 1; i >= 0; i-- {
		if reports[i].Kind.OfResult() {
			return &reports[i]
		}
	}
	return nil
}

// resultShown is the result that a case shows whoever reported it; 0 while it is not
// closed.
func resultShown(v storage.View) int64 {
	r := lastResult(v.Reports)
	if r == nil || v.Case.Status != mahalla.Closed {
		return 0
	}
	return r.ID
}

// undone tells whether a message would show what was attached to a result that does not
// stand any more, to anybody but officers.
func undone(m storage.Message, v storage.View) bool {
	r := reportNamed(v.Reports, m.Args[argAlbum])
	if r == nil {
		r = reportNamed(v.Reports, m.Args[argReport])
	}
	return m.Kind == mahalla.NoticeEvidence && r != nil && r.Kind.OfResult() && v.Case.Speaks(m.Person) && resultShown(v) != r.ID
}

// undoable offers on the owner's card of a closed case to take the closing back.
func (d *Desk) undoable(w *words, v storage.View, s *mahalla.Screen) {
	c := v.Case
	for _, verb := range c.Choices(v.Reader.Person, d.path(c.Place), w.now) {
		if verb == mahalla.VerbUndo {
			s.Text = lines(s.Text, w.sharedWith(c), w.say("officer.undo_hint", "clock", locales.Clock(c.UndoUntil().In(locales.Tashkent()))))
			s.Rows = [][]mahalla.Button{{casePress(c, PressUndo, "", w.say("officer.undo"), "")}}
		}
	}
}

// sharedWith tells whoever has closed a case of many how many people read the result and
// see what is attached to it, while that can be taken back: a closing in one line was
// not asked for with a warning.
func (w *words) sharedWith(c *mahalla.Case) string {
	if c.Crowd() == 0 {
		return ""
	}
	return w.say("officer.closing_sent", "n", c.Crowd()+1) // with the reporter
}

// corrected tells whether the last result was taken back and no new one is
// there yet.
func corrected(v storage.View) bool {
	if !v.Case.Open() {
		return false
	}
	for i := len(v.Reports) - 1; i >= 0; i-- {
		switch v.Reports[i].Kind {
		case storage.KindResult:
			return true
		case storage.KindReopening:
			return false
		}
	}
	return false
}

// correction says so to whoever has read the result.
func (w *words) correction(v storage.View) string {
	if !corrected(v) {
		return ""
	}
	return w.say("reporter.corrected")
}

// drawUnclosed is what is left of a result that does not stand: the reporter was
// not content, or the officer took it back. Nobody hears of one that was never
// shown.
func (d *Desk) drawUnclosed(tx *storage.Tx, w *words, v storage.View) (mahalla.Screen, error) {
	card, err := tx.Card(v.Reader.ID, mahalla.CardResult, v.Case.ID)
	if err == nil && card.MessageID == 0 {
		err = ErrPointless
	}
	key := "result.reopened"
	if corrected(v) {
		key = "result.corrected"
	}
	title := w.say("case.title", "number", v.Case.Number.String(), "category", HTML(w.neutral(v.Case.Category)))
	return mahalla.Screen{Text: lines(bold(title), w.say(key))}, err
}

// withdrawResult names the messages that have shown a result which was taken back.
func (w *words) withdrawResult(tx *storage.Tx, m storage.Message) (mahalla.Screen, error) {
	list, err := tx.Showing(m)
	if err == nil && len(list) == 0 {
		err = ErrPointless
	}
	return mahalla.Screen{Text: w.say("result.withdrawn"), Wipe: list}, err
}
