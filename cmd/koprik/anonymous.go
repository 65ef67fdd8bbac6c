package main

import (
	"fmt"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

type anonymousCommand struct {
	Territory string `help:"Code or name of the territory, for example UZ or 1703. Without it: the republic."`
	Days      int    `help:"How many days after the end of a case, at least ${leastLink}. Without it the number of now is printed."`
}

// leastLinkDays is the shortest time for which a link may be kept.
const leastLinkDays = int(mahalla.LeastLinkKept / (24 * time.Hour))

// Run prints how long it is known, sealed, who reported a case without being named,
// or sets it for a place and all below it.
func (a anonymousCommand) Run(c *call) error {
	if a.Days != 0 && a.Days < leastLinkDays {
		return usage{fmt.Errorf("--days %d is less than %d: until then a case may be reopened", a.Days, leastLinkDays)}
	}
	h, err := c.open()
	if err != nil {
		return err
	}
	defer h.Close()
	place := h.desk.Reference().Territories[mahalla.RootTerritory]
	if a.Territory != "" {
		if place, err = h.territory(a.Territory); err != nil {
			return err
		}
	}
	days := a.Days
	if days == 0 {
		days = int(h.desk.LinkKept(place.ID) / (24 * time.Hour))
	} else if err := h.db.InTx(c.ctx, func(tx *storage.Tx) error { return h.desk.SetLinkKept(tx, place.ID, days) }); err != nil {
		return err
	}
	fmt.Fprintf(c.out, "%s: who reported without a name is forgotten %d days after the end of the case\n", h.placeName(place.ID), days)
	return nil
}
