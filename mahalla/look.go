package mahalla

import (
	"slices"
	"time"
)

// LookReason is why a head reads a case of which a head's card shows only the
// outline. It is kept with the reading.
type LookReason string

// LookReasons lists the reasons from which a head chooses.
func LookReasons() []LookReason { return []LookReason{"delay", "appeal", "inspection"} }

// MayLook tells whether a person may read all of a case for a reason: a
// supervisor of its place who may answer there, and who has no other card of it.
func (c *Case) MayLook(by Person, g Ground, now time.Time) error {
	if err := c.MayTake(by, g, now); err != nil {
		return err
	}
	if !by.Over(g.Path, MaySupervise, now) {
		return Refuse(Forbidden, "not_supervisor")
	}
	return nil
}

// Look checks the reason too.
func (c *Case) Look(by Person, why LookReason, g Ground, now time.Time) error {
	if err := c.MayLook(by, g, now); err != nil {
		return err
	}
	if !slices.Contains(LookReasons(), why) {
		return Refuse(Invalid, "look_why")
	}
	return nil
}
