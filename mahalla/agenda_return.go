package mahalla

import "time"

// ReturnWithin is how long a side may take its own no back: a slip of the finger is
// not to end everything.
const ReturnWithin = 24 * time.Hour

// MayReturn says why a side cannot take its own no back; nil when it can: within a
// day, while nobody has gone on with the case in another way.
func (i *Item) MayReturn(c *Case, category Category, side int, by PersonID, now time.Time) error {
	p := i.Party(side)
	switch {
	case p == nil, i.State != ItemDropped, i.Cause != CauseRefused && i.Cause != CauseTakenBack,
		p.Consent != ConsentRefused, p.RecordedBy != by, !now.Before(i.EndedAt.Add(ReturnWithin)),
		c.Resolution.Item != 0, c.Reconcilable(category, now) != nil:
		return Refuse(Conflict, "agenda_stale")
	}
	return nil
}

// Return takes the no of a side back: it agrees, and the item is open again as it
// was, on the agenda of no meeting. Links that were given before do not work any more.
func (i *Item) Return(c *Case, category Category, side int, by PersonID, g Ground, now time.Time) (Outcome, error) {
	if err := i.MayReturn(c, category, side, by, now); err != nil {
		return Outcome{}, err
	}
	i.State, i.Cause, i.EndedAt = ItemProposed, "", time.Time{}
	c.Resolution.Item = i.ID
	i.Party(side).Consent = ""
	o, err := i.Agree(c, side, by, g, now)
	for _, p := range i.Parties {
		if p.Side != side {
			o.party(p, true)
		}
	}
	return o, err
}
