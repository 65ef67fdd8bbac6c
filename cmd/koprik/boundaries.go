package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"koprik/casework"
	"koprik/storage"
)

type importBoundaries struct {
	File   string `arg:"" help:"The GeoJSON file, a FeatureCollection in WGS 84; - reads the standard input."`
	DryRun bool   `help:"Say what would be done, and do nothing."`
}

// Run reads a file of boundaries and says what it did.
func (i importBoundaries) Run(c *call) error {
	raw, err := c.read(i.File)
	if err != nil {
		return err
	}
	file, err := casework.ReadBoundaryFile(raw)
	if err != nil {
		return usage{err}
	}
	h, err := c.open()
	if err != nil {
		return err
	}
	defer h.Close()
	return h.importBoundaries(c, file, i.DryRun)
}

func (h *house) importBoundaries(c *call, file casework.BoundaryFile, dry bool) error {
	var report casework.BoundaryReport
	act := func(tx *storage.Tx) (err error) {
		report, err = h.desk.ImportBoundaries(tx, file, dry, c.now())
		return err
	}
	run := h.db.InTx
	if dry {
		run = h.db.Read
	}
	if err := run(c.ctx, act); err != nil {
		return err
	}
	printBoundaries(c.out, file, report, dry)
	return leftOut(len(report.Bad), report.Districts.All()+report.Mahallas.All(), "feature", "features", dry)
}

// printBoundaries says what an import did, or would do, feature by feature.
func printBoundaries(w io.Writer, f casework.BoundaryFile, r casework.BoundaryReport, dry bool) {
	if len(f.Ignored) > 0 {
		var list []string
		for _, name := range slices.Sorted(maps.Keys(f.Ignored)) {
			list = append(list, fmt.Sprintf("%s (%d)", name, f.Ignored[name]))
		}
		fmt.Fprintf(w, "unknown properties, ignored: %s\n", strings.Join(list, ", "))
	}
	for _, n := range r.Bad {
		fmt.Fprintf(w, "left out: %s\n", n)
	}
	for _, n := range r.Remarks {
		fmt.Fprintf(w, "note: %s\n", n)
	}
	if r.Doubled > 0 {
		fmt.Fprintf(w, "%s passed over\n", plural(r.Doubled, "repeated feature", "repeated features"))
	}
	verb := "loaded"
	if dry {
		verb = "would be loaded (dry run)"
	}
	fmt.Fprintf(w, "%s: districts %s; mahallas %s; %d of %d features left out\n",
		verb, tally(r.Districts), tally(r.Mahallas), len(r.Bad), f.Features)
}

// drawDemo gives the demo's territory its boundaries.
func (h *house) drawDemo(ctx context.Context) error {
	raw, err := storage.DemoBoundaries()
	if err != nil {
		return err
	}
	file, err := casework.ReadBoundaryFile(raw)
	if err != nil {
		return err
	}
	return h.db.InTx(ctx, func(tx *storage.Tx) error {
		_, err := h.desk.ImportBoundaries(tx, file, false, h.now())
		return err
	})
}
