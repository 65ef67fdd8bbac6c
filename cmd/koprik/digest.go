package main

import (
	"fmt"
	"strings"

	"koprik/mahalla"
	"koprik/storage"
)

type digestCommand struct {
	Digest    string `required:"" help:"Digest: ${digests}"`
	Territory string `required:"" help:"Code or name of the territory, for example UZ or 1703."`
	At        string `required:"" help:"Time of day in Tashkent from 07:00 to 11:30, for example 08:30."`
}

// Run lets a digest come at another time of the day at a place and below it.
func (d digestCommand) Run(c *call) error {
	if _, ok := mahalla.DigestPlanOf(mahalla.Digest(d.Digest)); !ok {
		return usage{fmt.Errorf("--digest %q is not one of %s", d.Digest, digestNames())}
	}
	if _, ok := mahalla.ParseDigestClock(d.At); !ok {
		return usage{fmt.Errorf("--at %q is not a time from 07:00 to 11:30, for example 08:30", d.At)}
	}
	h, err := c.open()
	if err != nil {
		return err
	}
	defer h.Close()
	place, err := h.territory(d.Territory)
	if err != nil {
		return err
	}
	err = h.db.InTx(c.ctx, func(tx *storage.Tx) error {
		return h.desk.SetDigestClock(tx, place.ID, mahalla.Digest(d.Digest), d.At)
	})
	if err == nil {
		fmt.Fprintf(c.out, "%s: %s at %s\n", h.placeName(place.ID), d.Digest, d.At)
	}
	return err
}

func digestNames() string {
	var names []string
	for _, p := range mahalla.Digests() {
		names = append(names, string(p.Digest))
	}
	return strings.Join(names, ", ")
}
