package casework

import (
	"slices"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// turns are the events after which somebody else is to be reminded of the days of
// an appeal, or nobody any more.
var turns = []mahalla.EventKind{
	mahalla.EventAccepted, mahalla.EventGiven, mahalla.EventReleased, mahalla.EventTakenBack, mahalla.EventReopened,
	mahalla.EventClosed, mahalla.EventWithdrawn, mahalla.EventMerged, mahalla.EventUnmerged, mahalla.EventUndone, mahalla.EventRevealed,
}

// planStatutory keeps the reminders of the days of an appeal with whoever has the
// case now.
func (d *Desk) planStatutory(tx *storage.Tx, c *mahalla.Case, o mahalla.Outcome, now time.Time) error {
	cause := ""
	for _, e := range o.Events {
		if slices.Contains(turns, e.Kind) {
			cause = string(e.Kind)
		}
	}
	if cause == "" {
		return nil
	}
	tx.CancelReminders(int64(c.ID), cause)
	return d.planNextStatutory(tx, c, now)
}

// planNextStatutory makes the row of the next of these days after a moment. The one
// after that gets its row when this one is dealt with: most cases are over before.
func (d *Desk) planNextStatutory(tx *storage.Tx, c *mahalla.Case, after time.Time) error {
	list := c.StatutoryReminders(d.Calendar(), after)
	return tx.PlanReminders(list[:min(1, len(list))])
}

// nextStatutory makes the rows of the days after those that are dealt with now,
// whether they came or were missed.
func (b *batch) nextStatutory(tx *storage.Tx, list []storage.ReminderRow) error {
	for _, r := range list {
		if !r.Kind.IsStatutory() {
			continue
		}
		c, err := b.caseOf(tx, r)
		if err != nil {
			return err
		}
		if r.To != c.Owner {
			continue
		}
		if err := b.desk.planNextStatutory(tx, c, r.Due); err != nil {
			return err
		}
	}
	return nil
}

// caseOf is the case that a reminder is about, read once.
func (b *batch) caseOf(tx *storage.Tx, r storage.ReminderRow) (*mahalla.Case, error) {
	if c, known := b.cases[r.About]; known {
		return c, nil
	}
	c, err := tx.Case(mahalla.CaseID(r.About))
	if err == nil {
		b.cases[r.About] = c
	}
	return c, err
}

// leaveStatutory ends the reminders of the days of an appeal that do not come, each with
// its cause, and lets those wait that do not come yet; those above get theirs when the
// owner's is dealt with.
func (b *batch) leaveStatutory(tx *storage.Tx) error {
	fates, err := b.desk.dayFates(tx, b.due, b.cases, b.now)
	if err != nil || len(fates) == 0 {
		return err
	}
	if err := b.tellAbove(tx, fates); err != nil {
		return err
	}
	b.leave(tx, storage.ReminderCancelled, mahalla.DayOver, func(r storage.ReminderRow) bool { return fates[r.ID].Cause == mahalla.DayOver })
	for _, cause := range []string{mahalla.DayNewer, mahalla.DayTold, mahalla.DayClock} {
		b.leave(tx, storage.ReminderPointless, cause, func(r storage.ReminderRow) bool { return fates[r.ID].Cause == cause })
	}
	b.due = slices.DeleteFunc(b.due, func(r storage.ReminderRow) bool {
		wait := fates[r.ID].Wait
		if !wait.IsZero() {
			tx.PutOffReminders([]int64{r.ID}, wait)
		}
		return !wait.IsZero()
	})
	return nil
}

// dayFates is what becomes now of those of some reminders that are of the days of an
// appeal, by their ids. Cases that are known need not be read.
func (d *Desk) dayFates(tx *storage.Tx, list []storage.ReminderRow, known map[int64]*mahalla.Case, now time.Time) (map[int64]mahalla.DayFate, error) {
	list = slices.DeleteFunc(slices.Clone(list), func(r storage.ReminderRow) bool { return !r.Kind.IsStatutory() })
	if len(list) == 0 {
		return nil, nil
	}
	cal := d.Calendar()
	heard, err := tx.HeardSince(idsOf(list), cal.Midnight(now))
	if err != nil {
		return nil, err
	}
	fates := make(map[int64]mahalla.DayFate, len(list))
	for _, r := range list {
		c := known[r.About]
		if c == nil {
			if c, err = tx.Case(mahalla.CaseID(r.About)); err != nil {
				return nil, err
			}
		}
		fates[r.ID] = c.FateOfDay(cal, r.Reminder, heard[r.ID], now)
	}
	return fates, nil
}

// tellAbove makes the rows of those above the owners who are dealt with now. One that
// the owner has put off has made them before.
func (b *batch) tellAbove(tx *storage.Tx, fates map[int64]mahalla.DayFate) error {
	var above []mahalla.Reminder
	for _, r := range b.due {
		c, cause := b.cases[r.About], fates[r.ID].Cause
		if !r.Kind.TellsAbove() || r.To != c.Owner || !r.Wanted.Equal(r.Due) || cause == mahalla.DayOver || cause == mahalla.DayNewer {
			continue
		}
		g, err := b.desk.ground(tx, c.Place, b.now)
		if err != nil {
			return err
		}
		for _, p := range c.Supervisors(g) {
			if p != r.To {
				above = append(above, mahalla.Reminder{Kind: r.Kind, About: r.About, To: p, Due: r.Due, Until: r.Until})
			}
		}
	}
	return tx.PlanReminders(above)
}

// statutory says on which day of an appeal a case would stand; empty where nobody
// is reminded of it.
func (w *words) statutory(c *mahalla.Case) string {
	cal := w.desk.Calendar()
	n, counts := c.StatutoryNow(cal, w.now)
	if !counts {
		return ""
	}
	end, moved := c.StatutoryEnd(cal), c.StatutoryMoved(cal)
	last := !end.After(w.now)
	switch {
	case last && !moved.IsZero(): // the number of the day would be more than the law gives
		return w.say("remind.statutory_last_moved", "was", w.day(moved))
	case last:
		return w.say("remind.statutory_last", "n", n)
	case !moved.IsZero():
		return w.say("remind.statutory_day_moved", "n", n, "day", w.day(end), "was", w.day(moved))
	}
	return w.say("remind.statutory_day", "n", n, "day", w.day(end))
}

// late says that a reminder comes late. Where it counts days it says on which it should
// have come, for it speaks of the one on which it does.
func (d *Desk) late(tx *storage.Tx, w *words, r storage.ReminderRow) (string, error) {
	if !mahalla.LateReminder(r.Wanted, w.now) {
		return "", nil
	}
	if !r.Kind.IsStatutory() {
		return w.say("remind.late", "when", w.when(r.Wanted)), nil
	}
	c, err := tx.Case(mahalla.CaseID(r.About))
	if err != nil {
		return "", err
	}
	n := c.StatutoryDay(d.Calendar(), r.Wanted)
	switch same := n == c.StatutoryDay(d.Calendar(), w.now); {
	case same && r.To != c.Owner: // it may have waited for the clock towards the result
		return "", nil
	case same:
		return w.say("remind.late", "when", w.when(r.Wanted)), nil
	}
	return w.say("remind.late_day", "n", n, "when", w.when(r.Wanted)), nil
}

// drawStatutory words the reminder of a day of an appeal.
func (d *Desk) drawStatutory(tx *storage.Tx, w *words, reader *storage.Contact, r mahalla.Reminder) (mahalla.Screen, error) {
	c, err := tx.Case(mahalla.CaseID(r.About))
	if err != nil {
		return mahalla.Screen{}, err
	}
	line := w.statutory(c)
	if line == "" || d.MayRead(reader, c, w.now) != nil {
		return mahalla.Screen{}, ErrPointless
	}
	s := mahalla.Screen{Protect: true, Text: lines(bold(w.say("remind.statutory_title", "number", c.Number.String())), line)}
	s.Text = lines(s.Text, w.resolveBy(c))
	if name := c.Owner; name != 0 && name != reader.ID {
		owner, err := tx.Name(name)
		if err != nil {
			return s, err
		}
		s.Text = lines(s.Text, w.say("remind.statutory_owner", "name", personName(owner)))
	}
	s.Rows = [][]mahalla.Button{{{Label: w.say("list.open", "mark", markOf(c.Status, true), "number", c.Number.String()),
		Press: mahalla.Press{Verb: PressOpen, Subject: int64(c.ID)}}}}
	return s, nil
}
