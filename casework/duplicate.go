package casework

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// PressDuplicate says that a case is the same matter as another one. Its arg is
// that case; without one it shows which there are.
const PressDuplicate = "double"

// Duplicate gives a case up for another one, because an officer says that they are
// the same matter. Its reporter is told, and sees on the own card how the other
// one goes.
func (d *Desk) Duplicate(tx *storage.Tx, who *storage.Contact, id mahalla.CaseID, round int, into mahalla.CaseID, now time.Time) (*mahalla.Case, error) {
	if id == into {
		return nil, mahalla.Refuse(mahalla.Invalid, "duplicate_itself")
	}
	held, err := hold(tx, id, into)
	if err != nil {
		return nil, err
	}
	own, c := held[id], held[into]
	if round != 0 && round != own.Round {
		return nil, mahalla.Refuse(mahalla.Conflict, "stale")
	}
	urgency := d.Reference().Categories[c.Category].Urgency
	given, taken, err := own.DuplicateOf(c, who.Person, urgency, d.policies, d.path(c.Place), now)
	if err != nil {
		return nil, d.orApart(tx, into, c.Number, err)
	}
	apart, err := tx.SaidApart(id)
	if err == nil && apart {
		err = mahalla.Refuse(mahalla.Conflict, "duplicate_apart", "number", own.Number.String())
	}
	if err != nil {
		return nil, err
	}
	if err := d.apply(tx, own, given, now); err != nil {
		return nil, err
	}
	reports, err := tx.Reports(c.ID) // with those of the own one, which is written
	if err != nil {
		return nil, err
	}
	taken.Notices = duplicateMedia(taken.Notices, own, reports)
	return c, d.apply(tx, c, taken, now)
}

// orApart names no way out that is closed: where the cases should be turned, but
// the other reporter has called the own one another matter, that is the refusal.
func (d *Desk) orApart(tx *storage.Tx, into mahalla.CaseID, number mahalla.Number, refused error) error {
	var refusal *mahalla.Error
	if !errors.As(refused, &refusal) || refusal.Reason != "duplicate_turned" {
		return refused
	}
	apart, err := tx.SaidApart(into)
	if err != nil || !apart {
		return cmp.Or(err, refused)
	}
	return mahalla.Refuse(mahalla.Conflict, "duplicate_apart", "number", number.String())
}

// duplicateMedia tells each notice of what was said in a case that was given up
// which words it shows, and adds what does not fit into it.
func duplicateMedia(notices []mahalla.Notice, own *mahalla.Case, reports []storage.Report) []mahalla.Notice {
	var list []mahalla.Notice
	for _, n := range notices {
		if n.Kind != mahalla.NoticeAddition {
			list = append(list, n)
			continue
		}
		for _, r := range reports {
			if r.Of == own.Number {
				list = append(list, additionMedia([]mahalla.Notice{n}, r)...)
			}
		}
	}
	return list
}

// lockWorked holds a case, and where an officer gave it up the one for which.
func lockWorked(tx *storage.Tx, id mahalla.CaseID) (c, into *mahalla.Case, err error) {
	if c, err = tx.Case(id); err != nil {
		return nil, nil, err
	}
	if c.MergedBy == 0 {
		was := c.MergedInto
		if c, err = tx.LockCase(id); err == nil && c.MergedBy != 0 && was == 0 {
			err = mahalla.Refuse(mahalla.Conflict, "stale") // in this moment
		}
		return c, nil, err
	}
	held, err := hold(tx, id, c.MergedInto)
	if err != nil {
		return nil, nil, err
	}
	own, into := held[id], held[c.MergedInto]
	if own.MergedInto != c.MergedInto { // it has come to life again meanwhile
		return nil, nil, mahalla.Refuse(mahalla.Conflict, "stale")
	}
	return own, into, nil
}

// part lets a case live again that an officer has given up, because the reporter
// or that officer says that it is another matter.
func (d *Desk) part(tx *storage.Tx, who *storage.Contact, id mahalla.CaseID, now time.Time) (*mahalla.Case, error) {
	own, into, err := lockWorked(tx, id)
	if err != nil {
		return nil, err
	}
	if into == nil {
		return nil, mahalla.Refuse(mahalla.Conflict, "stale")
	}
	if err := own.MayPart(into, who.Person, d.path(own.Place), now); err != nil {
		return nil, err
	}
	o := into.Lose(own, who.ID, now)
	if err := d.revive(tx, into, own, who.ID, now); err != nil {
		return nil, err
	}
	return own, d.apply(tx, into, o, now)
}

// addDuplicate keeps what the reporter of a case that an officer gave up says
// about it, and shows it to the officers of the other one.
func (d *Desk) addDuplicate(tx *storage.Tx, who *storage.Contact, own, into *mahalla.Case, said Said, now time.Time) (*mahalla.Case, error) {
	if own.Reporter != who.ID {
		return nil, mahalla.Refuse(mahalla.NotFound, "case_not_found")
	}
	o, err := into.HearOf(d.Danger(said.Words), d.policies, d.path(into.Place), now)
	if err != nil {
		return nil, err
	}
	r, err := d.keep(tx, who, own, storage.KindAddition, said, now)
	if err != nil {
		return nil, err
	}
	own.Additions++
	added := mahalla.Outcome{Events: []mahalla.Event{{Kind: mahalla.EventAdded, At: now, By: who.ID}},
		Notices: []mahalla.Notice{{Kind: mahalla.CardReporter, To: who.ID, Lane: mahalla.LaneAnswer}}}
	if err := d.apply(tx, own, added, now); err != nil {
		return nil, err
	}
	o.Notices = additionMedia(o.Notices, r)
	return own, d.apply(tx, into, o, now)
}

// extendDuplicate brings later parts of an album to the officers of the case for
// which another one was given up.
func (d *Desk) extendDuplicate(tx *storage.Tx, into *mahalla.Case, r storage.Report, now time.Time) error {
	o := into.HearMore()
	o.Notices = withMedia(o.Notices, []map[string]string{albumArg(r.ID, true)})
	return d.apply(tx, into, o, now)
}

// toDuplicates tells the reporters of the cases that officers gave up for one what
// its own is told.
func (d *Desk) toDuplicates(tx *storage.Tx, c *mahalla.Case, o mahalla.Outcome, now time.Time) error {
	for _, n := range c.ToDuplicates(o) {
		for _, given := range c.Duplicates {
			own, err := tx.Case(given.Case)
			if err != nil {
				return err
			}
			if own.Reporter == 0 {
				continue
			}
			if err := d.send(tx, own, own.Beside(c, n), now); err != nil {
				return err
			}
		}
	}
	return nil
}

// Worked is the case in which a person's matter is worked on, wherever its card
// is.
func Worked(tx *storage.Tx, c *mahalla.Case) (*mahalla.Case, error) {
	if c.MergedInto == 0 {
		return c, nil
	}
	return tx.Case(c.MergedInto)
}

// twins finds the cases of which an officer's may be the same matter, by the look-up
// that the receipt of a report uses, as far as the rules let it be given up for
// them.
func (d *Desk) twins(tx *storage.Tx, who *storage.Contact, c *mahalla.Case, words string, now time.Time) ([]Similar, error) {
	mine := d.matters.Read(words)
	if mine.Empty() {
		return nil, nil
	}
	open, err := tx.OpenCases(c.Place, c.Category, who.ID, c.FiledAt.Add(-mahalla.SameWithin), mostCompared)
	if err != nil {
		return nil, err
	}
	open = slices.DeleteFunc(open, func(o storage.OpenCase) bool { return o.Case == c.ID })
	for i := range open {
		open[i].Anonymous = false // the officer tells nobody of it
	}
	var list []Similar
	for _, s := range d.alike(mine, words, open, who, c.Place, c.Category, c.FiledAt) {
		into, err := tx.Case(s.Case)
		if err != nil {
			return nil, err
		}
		if c.MayBeDuplicate(into, who.Person, d.path(c.Place), now) == nil {
			list = append(list, s)
		}
	}
	return list, nil
}

// MayDuplicate tells whether a person may say that a case is a duplicate.
func (d *Desk) MayDuplicate(who *storage.Contact, c *mahalla.Case, now time.Time) error {
	return c.MayDuplicate(who.Person, d.path(c.Place), now)
}
