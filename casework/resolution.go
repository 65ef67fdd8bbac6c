package casework

import (
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// freezeResolution gives a case from before there was a clock towards the result
// the one of its category.
func (d *Desk) freezeResolution(c *mahalla.Case) {
	if r := &c.Resolution; r.Span == (mahalla.Span{}) {
		r.Span = d.Reference().Categories[c.Category].Resolve
	}
}

// checkResolution lets the clock towards the result fall as far as it is due.
func (d *Desk) checkResolution(tx *storage.Tx, c *mahalla.Case, now time.Time) (mahalla.Outcome, error) {
	ground, err := d.ground(tx, c.Place, now)
	if err != nil {
		return mahalla.Outcome{}, err
	}
	o := c.CheckResolution(ground, now)
	return o, d.mediaOf(tx, c, &o)
}

// resolveBy says on officers' cards when the result is due.
func (w *words) resolveBy(c *mahalla.Case) string {
	due := c.Resolution.Due()
	switch {
	case due.IsZero():
		return ""
	case c.Unresolved(w.now):
		return w.say("officer.resolve_late", "when", w.when(due))
	case c.AtCommission(w.now) && c.Status == mahalla.Accepted:
		return w.say("officer.resolve_sitting")
	case !c.Resolution.Paused.IsZero():
		return w.say("officer.resolve_paused")
	}
	return w.say("officer.resolve_by", "when", w.when(due))
}

// unresolved tells the reporter that the result is overdue, and who knows it.
func (w *words) unresolved(c *mahalla.Case) string {
	switch {
	case !c.Unresolved(w.now):
		return ""
	case c.Resolution.Told == "":
		return w.say("reporter.unresolved_alone")
	}
	return w.say("reporter.unresolved", "role", HTML(w.role(c.Resolution.Told)))
}

// resolutionNotice tells an officer how the clock towards the result stands now,
// and the days of an appeal, where no other message has told of them on that day.
func (d *Desk) resolutionNotice(tx *storage.Tx, w *words, m storage.Message, c *mahalla.Case) (string, error) {
	text, err := w.resolutionLine(m, c)
	if err != nil {
		return "", err
	}
	heard, err := tx.HeardOf(m.Person, c.ID, d.Calendar().Midnight(w.now))
	switch {
	case err != nil:
		return "", err
	case m.Kind.DaysHeardBy(heard):
		return "", ErrPointless
	case heard.Days:
		return text, nil
	}
	return lines(text, w.statutory(c)), nil
}

func (w *words) resolutionLine(m storage.Message, c *mahalla.Case) (string, error) {
	due := c.ResolveBy()
	if c.Round != m.Round || due.IsZero() {
		return "", ErrPointless
	}
	args := []any{"number", c.Number.String(), "when", w.when(due)}
	switch {
	case m.Kind == mahalla.NoticeUnresolved:
		return w.say("notice.unresolved", args...), nil
	case !c.Unresolved(w.now):
		return w.say("notice.resolve_by", args...), nil
	case c.Resolution.Told == "":
		return w.say("notice.resolve_late", args...), nil
	}
	return w.say("notice.resolve_told", append(args, "role", HTML(w.role(c.Resolution.Told)))...), nil
}
