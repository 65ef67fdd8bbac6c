package mahalla

import (
	"slices"
	"time"
)

// Alike are the open cases of others of which the receipt asks whether one is
// the same matter: for a day, while nobody has answered for this one and nobody
// has joined it. In an emergency nobody is asked.
func (c *Case) Alike(now time.Time) []CaseID {
	untouched := c.Status == New && c.Round == 1 && c.Urgency != Emergency && c.Crowd() == 0
	if !untouched || now.Sub(c.FiledAt) > OfferWithin {
		return nil
	}
	return c.Offered
}

// SetApart answers the question of the receipt: it is something else.
func (c *Case) SetApart(by PersonID, now time.Time) (Outcome, error) {
	if err := c.mayMerge(by, now); err != nil {
		return Outcome{}, err
	}
	c.Offered = nil
	return Outcome{Notices: []Notice{{Kind: CardReporter, To: c.Reporter, Lane: LaneAnswer}}}, nil
}

// Merge gives the case up for one that was offered, which its reporter joins.
// Whoever holds its card sees it. The reporter's own card is that of the other
// case from now on.
func (c *Case) Merge(into CaseID, by PersonID, now time.Time) (Outcome, error) {
	if err := c.mayMerge(by, now); err != nil {
		return Outcome{}, err
	}
	if !slices.Contains(c.Offered, into) {
		return Outcome{}, Refuse(Conflict, "same_gone")
	}
	c.Status, c.WithdrawnAt, c.MergedInto, c.Offered = Withdrawn, now, into, nil
	var o Outcome
	o.event(Event{Kind: EventMerged, At: now, By: by})
	o.refreshOfficers(c)
	return o, nil
}

// mayMerge tells whether the question of the receipt still stands.
func (c *Case) mayMerge(by PersonID, now time.Time) error {
	switch {
	case c.Reporter != by:
		return Refuse(NotFound, "case_not_found")
	case c.Status == Accepted || c.Status == Waiting:
		return Refuse(Conflict, "same_late")
	case len(c.Alike(now)) == 0:
		return Refuse(Conflict, "same_gone")
	}
	return nil
}

// apart is the note of a return that the reporter asked for: it is another matter,
// which no officer denies any more.
const apart = "apart"

// Unmerge lets a case live again that was given up for another one: in a new
// round, on the road of a new report. Its reporter hears of it if it was
// somebody else who took the other one back.
func (c *Case) Unmerge(by PersonID, category Category, policies map[Class]Policy, g Ground, now time.Time) (Outcome, error) {
	if c.MergedInto == 0 {
		return Outcome{}, Refuse(NotFound, "case_not_found")
	}
	ring, why := by != c.Reporter, apart
	if ring {
		why = ""
	}
	if ring && by != c.MergedBy {
		by = 0 // who took the other one back is nothing to this one
	}
	mistaken, before := by != 0 && by == c.MergedBy && c.AcceptedAt.IsZero(), c.Ladder
	c.Status, c.WithdrawnAt, c.MergedInto, c.MergedBy = New, time.Time{}, 0, 0
	c.Owner, c.AcceptedAt, c.Promised, c.Postponed = 0, time.Time{}, time.Time{}, 0
	var o Outcome
	o.event(Event{Kind: EventUnmerged, At: now, By: by, Note: why})
	g = c.fair(g)
	c.begin(RouteReport(g.Path, category, g.People), policies, g, now, &o)
	if mistaken { // an officer's mistake wins no time
		c.Ladder = c.Ladder.notAfter(before)
	}
	o.notice(Notice{Kind: CardReporter, To: c.Reporter, Lane: LaneAnswer, Ring: ring})
	return o, nil
}
