package casework

import (
	"slices"
	"strings"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// hold locks cases in the order of their ids, so that no two transactions wait
// for each other. Whoever decides about several holds all of them first: what is
// decided about one may lock what belongs to it, and after that no case is locked.
func hold(tx *storage.Tx, ids ...mahalla.CaseID) (map[mahalla.CaseID]*mahalla.Case, error) {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	held := make(map[mahalla.CaseID]*mahalla.Case, len(ids))
	for _, id := range ids {
		c, err := tx.LockCase(id)
		if err != nil {
			return nil, err
		}
		held[id] = c
	}
	return held, nil
}

// JoinSame gives a person's own case up for one of those that its receipt asks
// about, counted from one; 0 is the first that is still open. The person is one
// more of those who report that one, and the words become an addition to it.
func (d *Desk) JoinSame(tx *storage.Tx, who *storage.Contact, id mahalla.CaseID, nth int, now time.Time) (*mahalla.Case, error) {
	own, err := Standing(tx, who, id)
	if err != nil || own.HasJoined(who.ID) {
		return own, err // pressed twice
	}
	into, err := chosen(tx, own, nth)
	if err != nil {
		return nil, err
	}
	held, err := hold(tx, own.ID, into)
	if err != nil {
		return nil, err
	}
	own, c := held[own.ID], held[into]
	merged, err := own.Merge(c.ID, who.ID, now)
	if err != nil {
		return nil, err
	}
	joined, err := c.Join(who.ID, d.Reference().Categories[c.Category].Urgency, d.policies, d.path(c.Place), now)
	if err != nil {
		return nil, err
	}
	tx.AddJoin(c.ID, who.ID, now)
	tx.MoveCard(who.ID, mahalla.CardReporter, own.ID, mahalla.CardJoined, c.ID)
	added, err := d.addAll(tx, who, own, c, now)
	if err != nil {
		return nil, err
	}
	if err := d.apply(tx, own, merged, now); err != nil {
		return nil, err
	}
	return c, d.apply(tx, c, joined.And(added), now)
}

// chosen is the case that a person means of those that were offered. What may
// not be answered any more is refused by the rule.
func chosen(tx *storage.Tx, own *mahalla.Case, nth int) (mahalla.CaseID, error) {
	if nth > 0 && nth <= len(own.Offered) {
		return own.Offered[nth-1], nil
	}
	open, err := tx.OpenAmong(own.Offered)
	if err != nil {
		return 0, err
	}
	if nth != 0 || len(open) == 0 {
		return 0, mahalla.Refuse(mahalla.Conflict, "same_gone")
	}
	return open[0].Case, nil
}

// addAll makes one addition to a case of everything that a person has said of
// the own one, which stays there as well. What is still to come follows.
func (d *Desk) addAll(tx *storage.Tx, who *storage.Contact, own, to *mahalla.Case, now time.Time) (mahalla.Outcome, error) {
	reports, err := tx.Reports(own.ID)
	if err != nil {
		return mahalla.Outcome{}, err
	}
	said := saidBy(reports, who.ID)
	o, err := to.Add(who.ID, "", d.Danger(said.Words), d.policies, d.path(to.Place), now)
	if err != nil {
		return o, err
	}
	album := who.Dialogue.Album
	r, err := d.keep(tx, who, to, storage.KindAddition, said, now)
	who.Dialogue.Album = album
	follow(who, own.ID, to, r.ID)
	o.Notices = additionMedia(o.Notices, r)
	return o, err
}

// follow lets what a person has still to say about a case be about another one:
// the rest of an album that belongs to a report there, and the addition that was
// asked for.
func follow(who *storage.Contact, from mahalla.CaseID, to *mahalla.Case, report int64) {
	if album := who.Dialogue.Album; album != nil && album.Case == from {
		album.Case, album.Report = to.ID, report
	}
	if q := who.Dialogue.Question; q != nil && q.Flow == FlowAddition && q.Case == from {
		q.Case, q.Round = to.ID, to.Round
	}
}

// saidBy is everything that one person has said.
func saidBy(reports []storage.Report, who mahalla.PersonID) Said {
	said := Said{Words: wordsOf(reports, who)}
	for _, r := range reports {
		if r.Kind.ByReporter() && r.Person == who {
			said.Media = append(said.Media, r.Media...)
		}
	}
	return said
}

// SetApart says that a person's own case is another matter than those that its
// receipt asks about.
func (d *Desk) SetApart(tx *storage.Tx, who *storage.Contact, id mahalla.CaseID, now time.Time) (*mahalla.Case, error) {
	return d.decide(tx, id, 0, now, func(c *mahalla.Case) (mahalla.Outcome, error) { return c.SetApart(who.ID, now) })
}

// Unjoin takes a join back. What the person gave up for the case lives again, and
// is returned.
func (d *Desk) Unjoin(tx *storage.Tx, who *storage.Contact, id mahalla.CaseID, now time.Time) (own *mahalla.Case, err error) {
	if given, err := tx.Case(id); err != nil || given.MergedBy != 0 {
		if err != nil {
			return nil, err
		}
		return d.part(tx, who, id, now)
	}
	c, merged, err := d.holdMerged(tx, id)
	if err != nil {
		return nil, err
	}
	o, err := c.Unjoin(who.ID, now)
	if err != nil {
		return nil, err
	}
	for _, m := range merged {
		if m.Reporter != who.ID || m.MergedBy != 0 {
			continue
		}
		if err := d.revive(tx, c, m, who.ID, now); err != nil {
			return nil, err
		}
		follow(who, c.ID, m, 0)
		own = m
	}
	return own, d.apply(tx, c, o, now)
}

// Withdraw takes a report back. Whoever gave an own one up for it has that again.
func (d *Desk) Withdraw(tx *storage.Tx, who *storage.Contact, id mahalla.CaseID, round int, now time.Time) (*mahalla.Case, error) {
	c, merged, err := d.holdMerged(tx, id)
	if err != nil {
		return nil, err
	}
	if round != 0 && round != c.Round {
		return nil, mahalla.Refuse(mahalla.Conflict, "stale")
	}
	o, err := c.Withdraw(who.ID, now)
	if err != nil {
		return nil, err
	}
	for _, m := range merged {
		by := who.ID
		if m.MergedBy != 0 { // or the rows would tell when one person has reported both
			by = 0
		}
		if err := d.revive(tx, c, m, by, now); err != nil {
			return nil, err
		}
	}
	return c, d.apply(tx, c, o, now)
}

// holdMerged holds a case and those that were given up for it.
func (d *Desk) holdMerged(tx *storage.Tx, id mahalla.CaseID) (c *mahalla.Case, merged []*mahalla.Case, err error) {
	ids, err := tx.MergedInto(id)
	if err != nil {
		return nil, nil, err
	}
	held, err := hold(tx, append(ids, id)...)
	if err != nil {
		return nil, nil, err
	}
	// One may have come while nothing was held; it is younger as a rule, so it
	// is no harm to wait for it now.
	if ids, err = tx.MergedInto(id); err != nil {
		return nil, nil, err
	}
	for _, m := range ids {
		if held[m] == nil {
			if held[m], err = tx.LockCase(m); err != nil {
				return nil, nil, err
			}
		}
		merged = append(merged, held[m])
	}
	return held[id], merged, nil
}

// revive lets a case live again that was given up for another one. What its
// reporter has said there since comes back with it.
func (d *Desk) revive(tx *storage.Tx, from, own *mahalla.Case, by mahalla.PersonID, now time.Time) error {
	joined := own.MergedBy == 0 // else all of it is there, and no row says who it is
	if joined {
		if err := bringBack(tx, from, own, now); err != nil {
			return err
		}
		tx.UndoJoin(from.ID, own.Reporter, now)
	}
	ground, err := d.ground(tx, own.Place, now)
	if err != nil {
		return err
	}
	o, err := own.Unmerge(by, d.Reference().Categories[own.Category], d.policies, ground, now)
	if err != nil {
		return err
	}
	switch {
	case !joined:
	case by == own.Reporter:
		tx.MoveCard(own.Reporter, mahalla.CardJoined, from.ID, mahalla.CardReporter, own.ID)
	default:
		if err := d.tellRevived(tx, from, own, now); err != nil {
			return err
		}
	}
	reports, err := tx.Reports(own.ID)
	if err != nil {
		return err
	}
	o.Notices = withMedia(o.Notices, attachedGroups(reports))
	return d.apply(tx, own, o, now)
}

// bringBack adds to a case that lives again what its reporter has said of the one
// for which it was given up.
func bringBack(tx *storage.Tx, from, own *mahalla.Case, now time.Time) error {
	since, err := saidSince(tx, from, own)
	if err != nil || since.Words == "" && len(since.Media) == 0 {
		return err
	}
	return tx.AddReport(own.ID, storage.Report{Kind: storage.KindAddition, Person: own.Reporter, Words: since.Words, Media: since.Media, At: now})
}

// tellRevived says on the card of who had joined a case that it was taken back,
// and that the own one, which comes as a card of its own, is open again.
func (d *Desk) tellRevived(tx *storage.Tx, from, own *mahalla.Case, now time.Time) error {
	return d.send(tx, from, []mahalla.Notice{{Kind: mahalla.CardJoined, To: own.Reporter, Lane: mahalla.LaneAnswer,
		Args: map[string]string{argRevived: own.Number.String()}}}, now)
}

// argRevived is the number of the own case on the card of one that was joined and
// then taken back.
const argRevived = "revived"

// saidSince is what the reporter of a case that was given up has said of the
// other one since then: all that stands there beyond what came from the own.
func saidSince(tx *storage.Tx, from, own *mahalla.Case) (Said, error) {
	before, err := tx.Reports(own.ID)
	if err != nil {
		return Said{}, err
	}
	there, err := tx.Reports(from.ID)
	if err != nil {
		return Said{}, err
	}
	there = slices.DeleteFunc(there, func(r storage.Report) bool { return r.At.Before(own.WithdrawnAt) })
	brought, all := saidBy(before, own.Reporter), saidBy(there, own.Reporter)
	all.Words = strings.TrimSpace(strings.TrimPrefix(all.Words, brought.Words))
	all.Media = all.Media[min(len(brought.Media), len(all.Media)):]
	return all, nil
}

// Standing is the case in which a person's matter is worked on: to its reporter
// one that the person gave up is the case for which. One that an officer gave up
// keeps its own card.
func Standing(tx *storage.Tx, who *storage.Contact, id mahalla.CaseID) (*mahalla.Case, error) {
	c, err := tx.Case(id)
	if err == nil && c.Reporter == who.ID && c.MergedInto != 0 && c.MergedBy == 0 {
		return tx.Case(c.MergedInto)
	}
	return c, err
}

// drawMerged is what is left of the officers' card of a case that was merged.
func (d *Desk) drawMerged(tx *storage.Tx, w *words, v storage.View) (mahalla.Screen, error) {
	c := v.Case
	into, err := tx.Case(c.MergedInto)
	if err != nil {
		return mahalla.Screen{}, err
	}
	if c.MergedBy != 0 {
		return d.drawGivenUp(w, v, into), nil
	}
	return mahalla.Screen{Protect: true, Text: w.say("officer.merged", "number", c.Number.String(), "into", into.Number.String())}, nil
}
