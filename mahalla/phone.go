package mahalla

import (
	"strings"
	"time"
)

// The digits that a telephone number has, with its country; and as it is said in
// Uzbekistan, without.
const (
	leastDigits = 7
	mostDigits  = 15
	homeDigits  = 9
	homeCode    = "+998"
)

// PhoneOf brings a telephone number into its one form, +998901234567: the digits
// of what was typed or sent. Nine digits without a plus are a number of Uzbekistan. It
// is empty where they are too few or too many.
func PhoneOf(typed string) string {
	number := []byte{'+'}
	for _, r := range typed {
		if r >= '0' && r <= '9' {
			number = append(number, byte(r))
		}
	}
	if digits := len(number) - 1; digits < leastDigits || digits > mostDigits {
		return ""
	}
	if len(number)-1 == homeDigits && !strings.HasPrefix(strings.TrimSpace(typed), "+") {
		return homeCode + string(number[1:])
	}
	return string(number)
}

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
