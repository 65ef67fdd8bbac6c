package casework

import (
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// due is what a timer of a case does when it falls, perhaps late.
func (d *Desk) due(tx *storage.Tx, c *mahalla.Case, kind mahalla.TimerKind, late bool, now time.Time) (mahalla.Outcome, error) {
	switch kind {
	case mahalla.TimerVerdict:
		reporter, err := tx.Contact(c.Reporter)
		if err != nil {
			return mahalla.Outcome{}, err
		}
		if reporter == nil { // nobody knows any more who it was
			return c.Silence(mahalla.Reachable, now), nil
		}
		knock, err := tx.Knock(c.ID)
		return c.Silence(knock.Reach(reporter.Reach), now), err
	case mahalla.TimerKnock:
		return d.knockAgain(tx, c, now)
	case mahalla.TimerSitting:
		return c.SittingOver(d.path(c.Place), now), nil
	case mahalla.TimerUndo:
		return c.Settled(now), nil
	case mahalla.TimerJoin:
		return c.SettleJoins(now), nil
	case mahalla.TimerReminder:
		return c.RemindToAnswer(late, now), nil
	case mahalla.TimerAnswer:
		return c.Unanswered(d.path(c.Place), late, now), nil
	case mahalla.TimerPromise:
		return c.CheckPromise(d.path(c.Place), late, now), nil
	case mahalla.TimerClaim:
		return d.passClaim(tx, c, late, now)
	case mahalla.TimerResolution:
		return d.checkResolution(tx, c, now)
	case mahalla.TimerOffer:
		return d.offerTimeout(tx, c, late, now)
	case mahalla.TimerSilence:
		return d.takeBack(tx, c, late, now)
	}
	return mahalla.Outcome{}, nil
}

// takeBack takes a case from an owner who is silent about a promise.
func (d *Desk) takeBack(tx *storage.Tx, c *mahalla.Case, late bool, now time.Time) (mahalla.Outcome, error) {
	ground, err := d.groundOfOwner(tx, c, now)
	if err != nil {
		return mahalla.Outcome{}, err
	}
	o := c.TakeBack(d.policies, ground, late, now)
	return o, d.mediaOf(tx, c, &o)
}
