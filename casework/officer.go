package casework

import (
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// Accept gives a case to the officer who is first.
func (d *Desk) Accept(tx *storage.Tx, who *storage.Contact, id mahalla.CaseID, round int, now time.Time) (*mahalla.Case, error) {
	c, err := d.decide(tx, id, round, now, func(c *mahalla.Case) (mahalla.Outcome, error) {
		d.freezeResolution(c)
		return c.Accept(who.Person, d.path(c.Place), now)
	})
	if err != nil {
		return nil, err
	}
	return c, d.noteRepetition(tx, c, now)
}

// Promise tells the reporter when the owner means to have dealt with the case.
func (d *Desk) Promise(tx *storage.Tx, who *storage.Contact, id mahalla.CaseID, round int, at, now time.Time) (*mahalla.Case, error) {
	return d.decide(tx, id, round, now, func(c *mahalla.Case) (mahalla.Outcome, error) {
		return c.PromiseBy(who.Person, at, now)
	})
}

// Close ends a case with an outcome and what the reporter reads about it: a
// sentence, a voice message, or evidence.
func (d *Desk) Close(tx *storage.Tx, who *storage.Contact, id mahalla.CaseID, round int, with mahalla.Closing, said Said, now time.Time) (*mahalla.Case, error) {
	c, err := d.lockRound(tx, id, round)
	if err != nil {
		return nil, err
	}
	said = d.ready(c, with, said)
	if err := agreedIndeed(tx, c, said); err != nil {
		return nil, err
	}
	if with == mahalla.False {
		return d.claimFalse(tx, who, c, said, now)
	}
	o, err := c.Close(who.Person, with, "", now)
	if err != nil {
		return nil, err
	}
	if err := d.honest(c, storage.KindResult, said.Words); err != nil {
		return nil, err // before it is asked for a picture
	}
	if err := d.shows(c, with, said); err != nil {
		return nil, err
	}
	if err := tellsReporter(c, said); err != nil {
		return nil, err
	}
	r, err := d.keep(tx, who, c, storage.KindResult, said, now)
	if err != nil {
		return nil, err
	}
	o.Notices = evidenceFirst(o.Notices, evidence([]storage.Report{r}))
	return c, d.apply(tx, c, o, now)
}

// tellsReporter refuses a result that says nothing of what was done.
func tellsReporter(c *mahalla.Case, said Said) error {
	switch {
	case said.Template != "":
	case said.Words == "" && len(said.Media) == 0:
		return mahalla.Refuse(mahalla.Invalid, "closing_wordless", "number", c.Number.String())
	case len(said.Media) == 0 && !mahalla.Tells(said.Words):
		return mahalla.Refuse(mahalla.Invalid, "closing_short")
	}
	return nil
}

// evidenceFirst puts the evidence of a result before the notice of it.
func evidenceFirst(notices []mahalla.Notice, pieces []map[string]string) []mahalla.Notice {
	return mediaFirst(notices, mahalla.CardResult, pieces)
}

// mediaFirst puts pieces of media before each notice of a kind.
func mediaFirst(notices []mahalla.Notice, kind mahalla.NoticeKind, pieces []map[string]string) []mahalla.Notice {
	var list []mahalla.Notice
	for _, n := range notices {
		if n.Kind == kind {
			for _, piece := range pieces {
				list = append(list, mahalla.Notice{Kind: mahalla.NoticeEvidence, To: n.To, Round: n.Round, Lane: n.Lane, Args: piece})
			}
		}
		list = append(list, n)
	}
	return list
}

// MayRead tells whether a person may be shown a case at all: the reporter, and
// whoever answers for the place or was told. Anything else is "not found", the
// same as for a number that does not exist.
func (d *Desk) MayRead(who *storage.Contact, c *mahalla.Case, now time.Time) error {
	if c.Speaks(who.ID) {
		return nil
	}
	if d.mayHearOffer(who, c, now) {
		return nil
	}
	ground := d.path(c.Place)
	err := c.MayTake(who.Person, ground, now)
	if err == nil {
		return nil
	}
	if who.Over(ground.Path, mahalla.MayAdminister, now) {
		return nil // number, place and delay only: see CardKind
	}
	return err
}

// CaseByNumber finds a case that the person may be shown. The number of an own
// one that was merged names the case that it was merged into.
func (d *Desk) CaseByNumber(tx *storage.Tx, who *storage.Contact, typed string, now time.Time) (*mahalla.Case, error) {
	number, err := mahalla.ParseNumber(typed)
	if err != nil {
		return nil, err
	}
	c, err := d.numbered(tx, who, number, now)
	if err == nil && c.MergedInto != 0 {
		c, err = Standing(tx, who, c.ID)
	}
	if err != nil {
		return nil, guessed(err)
	}
	return c, guessed(d.MayRead(who, c, now))
}
