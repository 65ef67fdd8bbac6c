package casework

import (
	"errors"

	"koprik/mahalla"
	"koprik/storage"
)

// givenTo says on a supervisor's card to whom the case was given while that officer
// has not accepted it, and when that officer could not be told.
func (w *words) givenTo(tx *storage.Tx, v storage.View) string {
	c := v.Case
	if f := c.OpenOffer(); f != nil && f.Below() && f.To != v.Reader.ID {
		return w.offeredBelow(tx, v, *f)
	}
	f, key := c.LastGiven(), "officer.given_to"
	if f == nil {
		f, key = c.LostGift(), "officer.given_lost"
	}
	if f == nil || c.Status != mahalla.New || f.To == v.Reader.ID || f.By != v.Reader.ID && !c.Supervises(v.Reader.Person, w.desk.path(c.Place), w.now) {
		return ""
	}
	name, err := tx.Name(f.To)
	w.err = errors.Join(w.err, err)
	return w.say(key, "name", personName(name))
}

// offeredBelow says who is asked to take a case from its supervisor.
func (w *words) offeredBelow(tx *storage.Tx, v storage.View, f mahalla.Offer) string {
	if f.By != v.Reader.ID {
		return ""
	}
	name, err := tx.Name(f.To)
	w.err = errors.Join(w.err, err)
	return w.say("officer.offered_below", "name", personName(name), "due", w.when(f.Due))
}

// unreachable tells of somebody who cannot be told of a case, and what becomes of
// it: who may give it to another one reads that a gift has lapsed.
func (d *Desk) unreachable(w *words, v storage.View, p mahalla.PersonID, name string) string {
	c := v.Case
	text := w.say("notice.unreachable", "number", c.Number.String(), "name", personName(name))
	lost := c.LostGift()
	switch {
	case lost != nil && lost.To == p && d.MayGive(v.Reader, c, w.now) == nil:
		return text + " " + w.say("notice.gift_lost", "number", c.Number.String())
	case !c.OutOfReach():
		return text + " " + w.say("notice.passed_on")
	}
	return text
}
