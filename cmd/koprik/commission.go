package main

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"

	"koprik/mahalla"
	"koprik/storage"
)

type commissionCommand struct {
	Territory string            `required:"" help:"Code or name of the place of the commission; what is set counts below it too."`
	Set       map[string]string `help:"What to set, as NAME=VALUE, again and again. Without it what counts is printed: quorum (half, two_thirds or a number), minutes, place, language (uz-Latn, uz-Cyrl, ru), lead (days before a meeting of a series), names (initials or full, in minutes), title.uz-Latn, title.uz-Cyrl, title.ru." mapsep:"none"`
}

// Run prints what a commission does the same way each time, or sets it.
func (a commissionCommand) Run(c *call) error {
	h, err := c.open()
	if err != nil {
		return err
	}
	defer h.Close()
	place, err := h.territory(a.Territory)
	if err != nil {
		return err
	}
	if len(a.Set) > 0 {
		return a.set(c, h, place.ID)
	}
	for _, s := range h.desk.CommissionSettings(place.ID) {
		fmt.Fprintf(c.out, "%-14s %s\n", s.Name, cmp.Or(s.Value, s.Usual, "-"))
	}
	return nil
}

// set sets all of it, or nothing.
func (a commissionCommand) set(c *call, h *house, place mahalla.TerritoryID) error {
	err := h.db.InTx(c.ctx, func(tx *storage.Tx) error {
		for _, name := range slices.Sorted(maps.Keys(a.Set)) {
			err := h.desk.SetCommission(tx, place, name, a.Set[name])
			var refusal *mahalla.Error
			if errors.As(err, &refusal) && refusal.Code == mahalla.NotFound {
				return usage{fmt.Errorf("--set %s: there is no such setting; koprik commission --help names them", name)}
			}
			if errors.As(err, &refusal) {
				return usage{fmt.Errorf("--set %s=%s: that value does not fit; koprik commission --help says what does", name, a.Set[name])}
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		fmt.Fprintf(c.out, "%s: %d set\n", h.placeName(place), len(a.Set))
	}
	return err
}
