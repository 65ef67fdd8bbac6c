package mahalla

import "time"

// Words are not kept for ever: so long after the end of a case, unless a place has
// set another time, which is never shorter than the case may be asked about.
const (
	WordsKept      = 365 * 24 * time.Hour
	LeastWordsKept = 30 * 24 * time.Hour
)

// cardsLive is how long after the end of a case its cards are still kept up to
// date.
const cardsLive = 60 * 24 * time.Hour

// Erasable tells whether the words of a case have been kept long enough.
func (c *Case) Erasable(kept time.Duration, now time.Time) bool {
	return !c.Open() && !c.Erased() && !now.Before(c.Ended().Add(kept))
}

// Erased tells whether what was said until the case ended is gone. When is known
// to the day only.
func (c *Case) Erased() bool {
	return !c.Open() && !c.ErasedAt.IsZero() && !c.ErasedAt.Before(c.Ended().Truncate(24*time.Hour))
}

// Erase takes the words off the case and, where they still stand, off the cards.
// That there was such a case stays.
func (c *Case) Erase(now time.Time) Outcome {
	var o Outcome
	c.ErasedAt = now.Truncate(24 * time.Hour)
	o.event(Event{Kind: EventErased, At: now})
	switch standing := now.Before(c.Ended().Add(cardsLive)); {
	case standing && c.Alias == "":
		o.refresh(c)
	case standing: // nothing is said to somebody who is not named while he is forgotten
		o.refreshOfficers(c)
	}
	return o
}

// MayLeave refuses to forget somebody who serves: who answers for others is known
// as long as that lasts.
func (p Person) MayLeave(now time.Time) error {
	for _, m := range p.Memberships {
		if m.At(now) {
			return Refuse(Invalid, "forget_serves")
		}
	}
	return nil
}
