package casework

import (
	"strconv"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// shared is a person's own case that was given up, and the one for which; own is nil
// where the person's matter is a case like any other.
type shared struct{ own, into *mahalla.Case }

// sharedOf reads them. What is named is the own case, or the one that was joined.
func sharedOf(tx *storage.Tx, who *storage.Contact, c *mahalla.Case) (s shared, err error) {
	switch {
	case c.MergedInto != 0 && c.Reporter == who.ID:
		s.own = c
		s.into, err = tx.Case(c.MergedInto)
	case c.HasJoined(who.ID):
		s.into = c
		s.own, err = ownOf(tx, who.ID, c)
	}
	return s, err
}

// holdShared is sharedOf, holding both. A round other than zero must be the present
// one of the case that is named.
func holdShared(tx *storage.Tx, who *storage.Contact, id mahalla.CaseID, round int) (shared, error) {
	c, err := tx.Case(id)
	if err != nil {
		return shared{}, err
	}
	s, err := sharedOf(tx, who, c)
	if err != nil || s.own == nil {
		return shared{}, err
	}
	held, err := hold(tx, s.own.ID, s.into.ID)
	if err != nil {
		return shared{}, err
	}
	s = shared{held[s.own.ID], held[s.into.ID]}
	if s.own.MergedInto != s.into.ID || round != 0 && round != held[id].Round {
		return shared{}, mahalla.Refuse(mahalla.Conflict, "stale")
	}
	return s, nil
}

// ownOf is the case that a person has given up for one that the person joined; nil
// when there is none.
func ownOf(tx *storage.Tx, who mahalla.PersonID, into *mahalla.Case) (*mahalla.Case, error) {
	id, err := tx.GivenUpFor(who, into.ID)
	if err != nil || id == 0 {
		return nil, err
	}
	return tx.Case(id)
}

// MayReopen tells whether a person may send a case back, or have the own one again
// that was given up for it, before being asked why.
func MayReopen(tx *storage.Tx, who *storage.Contact, c *mahalla.Case, now time.Time) error {
	s, err := sharedOf(tx, who, c)
	switch {
	case err != nil:
		return err
	case s.own != nil:
		return s.own.MayReopenFrom(s.into, who.ID, now)
	}
	return c.MayReopen(who.ID, now)
}

// judgeShared applies what the reporter of a case that was given up says of the result
// of the one for which. It stands in the own case alone; nobody else is told.
func (d *Desk) judgeShared(tx *storage.Tx, s shared, err error, now time.Time, rule func() (mahalla.Outcome, error)) (*mahalla.Case, error) {
	if err != nil {
		return nil, err
	}
	joined := s.own.MergedBy == 0
	o, err := rule()
	if err != nil {
		return nil, err
	}
	card := mahalla.Notice{Kind: mahalla.CardReporter, To: s.own.Reporter, Lane: mahalla.LaneAnswer}
	if !joined {
		o.Notices = append(o.Notices, card)
		return s.own, d.apply(tx, s.own, o, now)
	}
	if err := d.apply(tx, s.own, o, now); err != nil {
		return nil, err
	}
	card.Kind = mahalla.CardJoined
	return s.own, d.send(tx, s.into, []mahalla.Notice{card}, now)
}

// reopenShared makes a case that was given up one of its own again, with the reason of
// its reporter, who is not content with the result of the one for which. That result
// goes with it: who answers now reads what was answered.
func (d *Desk) reopenShared(tx *storage.Tx, who *storage.Contact, s shared, verdict mahalla.Verdict, said Said, now time.Time) (*mahalla.Case, error) {
	if err := s.own.MayReopenFrom(s.into, who.ID, now); err != nil {
		return nil, err
	}
	joined, held := s.own.MergedBy == 0, s.own.Assignments
	if joined {
		if err := bringBack(tx, s.into, s.own, now); err != nil {
			return nil, err
		}
	}
	if err := bringResult(tx, s.into, s.own); err != nil {
		return nil, err
	}
	ground, err := d.groundOfOwner(tx, s.into, now)
	if err != nil {
		return nil, err
	}
	o, err := s.own.ReopenFrom(s.into, who.ID, verdict, d.Danger(said.Words), d.policies, ground, now)
	if err != nil {
		return nil, err
	}
	for _, a := range held {
		watch(tx, s.own, a.Person)
	}
	if _, err := d.keep(tx, who, s.own, storage.KindReopening, said, now); err != nil {
		return nil, err
	}
	reports, err := tx.Reports(s.own.ID)
	if err != nil {
		return nil, err
	}
	o.Notices = withMedia(o.Notices, attachedGroups(reports))
	left := s.into.LetGo(s.own, now)
	if joined {
		tx.UndoJoin(s.into.ID, who.ID, now)
		tx.MoveCard(who.ID, mahalla.CardJoined, s.into.ID, mahalla.CardReporter, s.own.ID)
	}
	if err := d.apply(tx, s.own, o, now); err != nil {
		return nil, err
	}
	return s.own, d.apply(tx, s.into, left, now)
}

// bringResult adds to a case what its reporter has read as the result of the one for
// which it was given up.
func bringResult(tx *storage.Tx, from, own *mahalla.Case) error {
	reports, err := tx.Reports(from.ID)
	r := lastResult(reports)
	if err != nil || r == nil {
		return err
	}
	r.ID, r.Kind = 0, storage.KindResult
	return tx.AddReport(own.ID, *r)
}

// drawEvidenceOf shows the reporter of a case that was given up what an officer has
// attached to the result of the one for which.
func drawEvidenceOf(tx *storage.Tx, m storage.Message, own *mahalla.Case) (mahalla.Screen, error) {
	v, err := tx.View(own.MergedInto, m.Person)
	if err != nil {
		return mahalla.Screen{}, err
	}
	r := lastResult(v.Reports)
	if m.Person != own.Reporter || resultShown(v) == 0 || !own.JudgesApart(v.Case) { // of the two own ones, it comes with the other
		return mahalla.Screen{}, ErrPointless
	}
	return shownMedia(tx, m, []storage.Report{*r}) // and nothing else of that case
}

// judging lets a card that brings the result to somebody who does not report the case
// itself ask for a judgement, which is about the own one. Its buttons name the case
// whose card it is.
func (w *words) judging(s *mahalla.Screen, card, own, into *mahalla.Case) {
	switch {
	case !own.JudgesApart(into):
	case own.JudgedOn(into) && own.Rating > 0:
		s.Text = lines(s.Text, w.verdict("reporter.verdict.", own), w.say("result.rated", "stars", own.Rating))
	case own.JudgedOn(into):
		s.Text = lines(s.Text, w.verdict("reporter.verdict.", own), w.say("result.rate"))
		s.Rows = [][]mahalla.Button{w.stars(card)}
	case own.MayReopenFrom(into, own.Reporter, w.now) == nil:
		s.Text = lines(s.Text, w.objecting(into), bold(w.say("result.ask")))
		s.Rows = w.verdicts(card)
	}
}

// stars are the buttons of a rating.
func (w *words) stars(c *mahalla.Case) []mahalla.Button {
	var row []mahalla.Button
	for n := 1; n <= 5; n++ {
		row = append(row, casePress(c, PressRate, strconv.Itoa(n), w.say("result.star", "n", n), ""))
	}
	return row
}

// verdicts are the buttons of a judgement.
func (w *words) verdicts(c *mahalla.Case) [][]mahalla.Button {
	return [][]mahalla.Button{
		{casePress(c, PressJudge, "solved", w.say("result.solved"), mahalla.Success)},
		{casePress(c, PressJudge, "partly", w.say("result.partly"), ""), casePress(c, PressJudge, "unsolved", w.say("result.unsolved"), mahalla.Danger)},
	}
}
