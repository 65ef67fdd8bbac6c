package mahalla

import (
	"slices"
	"time"
)

// NoticeEvidence shows what an officer attached to a result, before it.
const NoticeEvidence NoticeKind = "evidence"

// JudgedOn tells whether the reporter of a case that was given up has judged the
// result of the one for which, as it stands now: a verdict on an earlier closing says
// nothing of this one.
func (c *Case) JudgedOn(into *Case) bool {
	return into.Status == Closed && c.Verdict != NoVerdict && !c.JudgedAt.Before(into.ClosedAt)
}

// JudgesApart tells whether the reporter of a case that was given up has a judgement of
// the own beside that of the other one: not where both are that person's.
func (c *Case) JudgesApart(into *Case) bool { return c.MergedBy == 0 || !into.Speaks(c.Reporter) }

// Beside is what the reporter of a case that was given up is told of the one for which.
// Where both are that person's, the other one brings the result.
func (c *Case) Beside(into *Case, n Notice) []Notice {
	n.To = c.Reporter
	if !c.JudgesApart(into) {
		if n.Kind == NoticeEvidence {
			return nil
		}
		n.Ring = false
	}
	return []Notice{n}
}

// CardBeside is the card that brings the reporter of a case that was given up the result
// of the one for which, and the case that it is of.
func (c *Case) CardBeside(into *Case) (*Case, Notice) {
	n := Notice{Kind: CardReporter, To: c.Reporter, Lane: LaneUrgent, Ring: true}
	if c.MergedBy != 0 {
		return c, n
	}
	n.Kind = CardJoined
	return into, n
}

// mayJudgeOn checks that a person may judge the result of the case for which the own
// one was given up. The two reporters judge apart, and neither hears of the other.
func (c *Case) mayJudgeOn(into *Case, by PersonID) error {
	switch {
	case c.Reporter != by, c.MergedInto == 0, c.MergedInto != into.ID:
		return Refuse(NotFound, "case_not_found")
	case !c.JudgesApart(into):
		return Refuse(Conflict, "already_merged")
	case into.Open():
		return Refuse(Conflict, "not_closed_yet")
	case into.Status != Closed:
		return Refuse(Conflict, "already_withdrawn", "at", moment(into.WithdrawnAt))
	case c.JudgedOn(into):
		return Refuse(Conflict, "already_judged")
	}
	return nil
}

// MayReopenFrom tells whether a person who is not content with the result of a case
// may have the own one, which was given up for it, as a case of its own.
func (c *Case) MayReopenFrom(into *Case, by PersonID, now time.Time) error {
	if err := c.mayJudgeOn(into, by); err != nil {
		return err
	}
	if now.Sub(into.ClosedAt) > ReopenWithin {
		return Refuse(Conflict, "reopen_late")
	}
	return nil
}

// JudgeOn records that the reporter of a case that was given up is content with the
// result of the one for which. Nothing of it stands in any row of that one.
func (c *Case) JudgeOn(into *Case, by PersonID, now time.Time) (Outcome, error) {
	if err := c.mayJudgeOn(into, by); err != nil {
		return Outcome{}, err
	}
	c.Verdict, c.JudgedAt, c.Rating = VerdictSolved, now, 0
	var o Outcome
	o.event(Event{Kind: EventJudged, At: now, By: by, Note: string(VerdictSolved)})
	return o, nil
}

// RateOn gives one to five stars to a result that such a reporter called solved. It may
// be changed while the result is on the screen.
func (c *Case) RateOn(into *Case, by PersonID, stars int, now time.Time) (Outcome, error) {
	err := c.mayJudgeOn(into, by)
	judged := c.JudgedOn(into) && c.Verdict == VerdictSolved
	switch {
	case err == nil:
		return Outcome{}, Refuse(Conflict, "not_judged_yet")
	case !judged || c.Reporter != by || c.MergedInto != into.ID:
		return Outcome{}, err
	case stars < 1 || stars > 5:
		return Outcome{}, Refuse(Invalid, "rating_range")
	}
	c.Rating = stars
	var o Outcome
	o.event(Event{Kind: EventRated, At: now, By: by})
	return o, nil
}

// ReopenFrom makes a case that was given up one of its own again, because its reporter
// is not content with the result of the one for which: with a ladder of its own, on the
// road of any that is sent back, so first to the officer who has closed that one. That
// one stays closed for the others.
func (c *Case) ReopenFrom(into *Case, by PersonID, verdict Verdict, danger bool, policies map[Class]Policy, g Ground, now time.Time) (Outcome, error) {
	if err := c.MayReopenFrom(into, by, now); err != nil {
		return Outcome{}, err
	}
	if verdict != VerdictPartly && verdict != VerdictUnsolved {
		return Outcome{}, Refuse(Invalid, "verdict_unknown")
	}
	g = c.fair(g)
	var o Outcome
	o.event(Event{Kind: EventJudged, At: now, By: by, Note: string(verdict)})
	o.event(Event{Kind: EventUnmerged, At: now, By: by, Note: apart})
	o.event(Event{Kind: EventReopened, At: now, By: by})
	if danger {
		c.raise(by, policies, g, now, &o)
	}
	c.stopResolution(&o)
	c.Place, c.Owner, c.OwnLevel = into.Place, into.Owner, into.OwnLevel // whose answer it was
	route := c.reopenRoute(g)
	if slices.ContainsFunc(route.People, func(r Responsibility) bool { return r.Person == into.Owner }) {
		c.inherit(into)
	}
	c.Reopened++
	c.MergedInto, c.MergedBy, c.WithdrawnAt, c.Verdict, c.JudgedAt, c.Rating = 0, 0, time.Time{}, NoVerdict, time.Time{}, 0
	c.Status, c.Owner, c.AcceptedAt, c.Promised, c.Postponed = New, 0, time.Time{}, time.Time{}, 0
	c.begin(route, policies, g, now, &o)
	o.notice(Notice{Kind: CardReporter, To: c.Reporter, Lane: LaneAnswer, Ring: true, Args: map[string]string{ArgSelf: "yes"}})
	return o, nil
}

// inherit takes over with the officer of another case how that person came to it: where
// that was by a supervisor, there is no other right to it. It is of a round before, so
// nothing of it is under way.
func (c *Case) inherit(from *Case) {
	i := slices.IndexFunc(from.Offers, func(f Offer) bool { return f.gives(from.Owner) })
	if i < 0 || c.GivenTo(from.Owner) {
		return
	}
	f := from.Offers[i]
	f.Round = c.Round
	c.Offers = append(slices.Clone(c.Offers), f)
}

// LetGo forgets whoever has a case of the own again because the result of this one did
// not content that person. It stays closed.
func (c *Case) LetGo(own *Case, now time.Time) Outcome {
	if i := c.joining(own.Reporter); i >= 0 && !slices.ContainsFunc(c.Duplicates, func(d Duplicate) bool { return d.Case == own.ID }) {
		c.Joined = slices.Delete(slices.Clone(c.Joined), i, i+1)
		var o Outcome
		o.event(Event{Kind: EventUnjoined, At: now, By: own.Reporter})
		o.refreshOfficers(c)
		return o
	}
	return c.Lose(own, own.Reporter, now)
}

// resultTo is what goes with a result and shows the reporter something of it, or takes
// it away again, for somebody else who reads the result too.
func (c *Case) resultTo(list []Notice, p PersonID) []Notice {
	var same []Notice
	for _, n := range list {
		if n.To == c.Reporter && (n.Kind == NoticeEvidence && c.Status == Closed || n.Kind == NoticeWipe) {
			n.To, n.Lane = p, LaneReminder // as the card
			same = append(same, n)
		}
	}
	return same
}
