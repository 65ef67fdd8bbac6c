package main

import (
	"fmt"
	"io"
	"strings"

	"koprik/casework"
)

// separators are what stands between the columns of a file, in words.
var separators = map[string]string{",": "commas", ";": "semicolons", "\t": "tabs"}

// printReport says what an import did, or would do, line by line.
func printReport(w io.Writer, f casework.TerritoryFile, r casework.TerritoryReport, dry bool) {
	fmt.Fprintf(w, "read as %s, columns separated by %s\n", f.Encoding, separators[f.Separator])
	if len(f.Ignored) > 0 {
		fmt.Fprintf(w, "unknown columns, ignored: %s\n", strings.Join(f.Ignored, ", "))
	}
	for _, n := range r.Bad {
		fmt.Fprintf(w, "left out: %s\n", n)
	}
	for _, n := range r.Remarks {
		fmt.Fprintf(w, "note: %s\n", n)
	}
	for _, c := range r.Changes {
		fmt.Fprintf(w, "changed: %s\n", c)
	}
	for _, count := range []struct {
		n         int
		one, many string
		done      string
	}{
		{f.Letters, "look-alike letter", "look-alike letters", "put right"},
		{f.Apostrophes, "apostrophe", "apostrophes", "put right"},
		{f.Swapped, "name", "names", "moved to the column of the script"},
		{f.Made, "name", "names", "made from the other script"},
		{f.Doubled, "repeated line", "repeated lines", "passed over"},
	} {
		if count.n > 0 {
			fmt.Fprintf(w, "%s %s\n", plural(count.n, count.one, count.many), count.done)
		}
	}
	verb := "loaded"
	if dry {
		verb = "would be loaded (dry run)"
	}
	fmt.Fprintf(w, "%s: districts %s; sectors %s; mahallas %s; %s left out\n",
		verb, tally(r.Districts), tally(r.Sectors), tally(r.Mahallas), plural(len(r.Bad), "line", "lines"))
}

func tally(t casework.Tally) string {
	return fmt.Sprintf("%d new, %d changed, %d the same", t.Added, t.Changed, t.Unchanged)
}
