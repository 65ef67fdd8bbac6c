package mahalla

import "time"

// Note keeps something that only officers read. Whoever holds the full card sees
// it there; the reporter hears nothing of it.
func (c *Case) Note(by Person, now time.Time) (Outcome, error) {
	if err := c.MayHandle(by, VerbNote, now); err != nil {
		return Outcome{}, err
	}
	var o Outcome
	o.event(Event{Kind: EventNoted, At: now, By: by.ID})
	o.refreshOfficers(c)
	return o, nil
}
