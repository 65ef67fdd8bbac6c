package main

import (
	"errors"
	"fmt"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

type retentionCommand struct {
	Territory string `help:"Code or name of the territory, for example UZ or 1703. Without it UZ."`
	Days      int    `help:"For so many days after the end of a case its words are kept, at least 30. Without it what is set now is printed."`
}

// Run prints for how long the words of ended cases are kept at a place, or sets
// it there and below.
func (r retentionCommand) Run(c *call) error {
	if r.Days != 0 && time.Duration(r.Days)*24*time.Hour < mahalla.LeastWordsKept {
		return usage{errors.New("--days must be at least 30")}
	}
	h, err := c.open()
	if err != nil {
		return err
	}
	defer h.Close()
	place := h.desk.Reference().Territories[mahalla.RootTerritory]
	if r.Territory != "" {
		if place, err = h.territory(r.Territory); err != nil {
			return err
		}
	}
	days := int(h.desk.WordsKept(place.ID) / (24 * time.Hour))
	if r.Days != 0 {
		days = r.Days
		err := h.db.InTx(c.ctx, func(tx *storage.Tx) error { return h.desk.SetRetention(tx, place.ID, days) })
		if err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(c.out, "%s: words of a case are erased %d days after its end\n", h.placeName(place.ID), days)
	return err
}
