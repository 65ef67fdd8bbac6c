package main

import (
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"

	"koprik/casework"
	"koprik/mahalla"
	"koprik/storage"
)

type digestCommand struct {
	Digest    string `help:"Digest: ${digests}"`
	Territory string `help:"Code or name of the territory, for example UZ or 1703."`
	At        string `help:"Time of day in Tashkent from 07:00 to 11:30, for example 08:30. Without it the times of now are printed."`
}

// Run prints when the digests come, or lets one come at another time of the day
// at a place and below it.
func (d digestCommand) Run(c *call) error {
	_, known := mahalla.DigestPlanOf(mahalla.Digest(d.Digest))
	_, possible := mahalla.ParseDigestClock(d.At)
	switch {
	case d.Digest != "" && !known:
		return usage{fmt.Errorf("--digest %q is not one of %s", d.Digest, digestNames())}
	case d.At != "" && !possible:
		return usage{fmt.Errorf("--at %q is not a time from 07:00 to 11:30, for example 08:30", d.At)}
	case d.At != "" && (d.Digest == "" || d.Territory == ""):
		return usage{errors.New("--at needs --digest and --territory too")}
	}
	h, err := c.open()
	if err != nil {
		return err
	}
	defer h.Close()
	place := h.desk.Reference().Territories[mahalla.RootTerritory]
	if d.Territory != "" {
		if place, err = h.territory(d.Territory); err != nil {
			return err
		}
	}
	if d.At == "" {
		return h.printDigests(c, place, mahalla.Digest(d.Digest))
	}
	err = h.db.InTx(c.ctx, func(tx *storage.Tx) error {
		return h.desk.SetDigestClock(tx, place.ID, mahalla.Digest(d.Digest), d.At)
	})
	if err == nil {
		fmt.Fprintf(c.out, "%s: %s at %s\n", h.placeName(place.ID), d.Digest, d.At)
	}
	return err
}

// printDigests prints when the digests come at a place, and for the republic
// also which places below keep another time.
func (h *house) printDigests(c *call, place *mahalla.Territory, only mahalla.Digest) error {
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "digest\tat\twhere\tdays\tto")
	for _, p := range mahalla.Digests() {
		if only != "" && p.Digest != only {
			continue
		}
		days := "working days"
		if p.Weekly {
			days = "the first working day of a week"
		}
		var roles []string
		for _, role := range p.Roles {
			roles = append(roles, string(role))
		}
		for _, set := range h.desk.DigestTimes(p, place.ID) {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", p.Digest, timeOfDay(set), h.placeName(set.Territory), days, strings.Join(roles, ", "))
		}
	}
	return w.Flush()
}

func timeOfDay(t casework.DigestTime) string {
	return fmt.Sprintf("%02d:%02d", int(t.Clock.Hours()), int(t.Clock.Minutes())%60)
}

func digestNames() string {
	var names []string
	for _, p := range mahalla.Digests() {
		names = append(names, string(p.Digest))
	}
	return strings.Join(names, ", ")
}
