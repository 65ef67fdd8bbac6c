package mahalla

import "time"

// ShowPhone records that the reporter shows the own number to whoever accepts
// the case, for as long as it is open.
func (c *Case) ShowPhone(by PersonID, now time.Time) (Outcome, error) {
	if err := c.MayReport(by, VerbWithdraw, now); err != nil { // whoever joined is not called
		return Outcome{}, err
	}
	if c.Alias != "" {
		return Outcome{}, Refuse(Invalid, "phone_anonymous", "number", c.Number.String())
	}
	return c.phone(by, "shown", now), nil
}

// HidePhone records that the reporter shows it no longer.
func (c *Case) HidePhone(by PersonID, now time.Time) Outcome { return c.phone(by, "hidden", now) }

func (c *Case) phone(by PersonID, note string, now time.Time) Outcome {
	var o Outcome
	o.event(Event{Kind: EventPhone, At: now, By: by, Note: note})
	o.notice(Notice{Kind: CardReporter, To: c.Reporter, Lane: LaneAnswer})
	if c.Owner != 0 {
		o.refreshOfficers(c)
	}
	return o
}

// SeesPhone tells whether a person is shown the reporter's number: the officer
// who accepted, while the case is open.
func (c *Case) SeesPhone(p PersonID) bool { return c.Open() && c.Owner != 0 && c.Owner == p }
