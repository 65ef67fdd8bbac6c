package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"text/tabwriter"
	"time"
	"unicode/utf8"
)

// table prints what was measured, line by line as it comes.
type table struct {
	out    io.Writer
	missed int
}

func newTable(out io.Writer) *table { return &table{out: out} }

const (
	wideSubject = 66
	wideFigure  = 14
	wideAim     = 12
)

// machine says on what was measured.
func (t *table) machine(ctx context.Context, s *servers, o options) error {
	postgres, err := s.postgresVersion(ctx)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "date\t%s\n", time.Now().Format("2006-01-02 15:04 MST"))
	fmt.Fprintf(w, "machine\t%d cores, %s, %s/%s%s\n", runtime.NumCPU(), cpuModel(), runtime.GOOS, runtime.GOARCH, load("before"))
	fmt.Fprintf(w, "software\t%s, PostgreSQL %s (durable), Redis %s\n", runtime.Version(), postgres, s.redisVersion)
	if o.quick {
		fmt.Fprintf(w, "sizes\tquick: smaller than the aims are about\n")
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(t.out)
	t.row("", "what", "figure", "aim", "")
	fmt.Fprintln(t.out, strings.Repeat("─", 4+wideSubject+wideFigure+wideAim+9))
	return nil
}

// cpuModel is what the machine calls its processor.
func cpuModel() string {
	raw, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return "unknown processor"
	}
	for _, line := range strings.Split(string(raw), "\n") {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "unknown processor"
}

// load is how busy the machine is: others' work makes figures worse.
func load(when string) string {
	raw, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return ""
	}
	return ", load " + when + " " + strings.Fields(string(raw))[0]
}

// note prints a figure without an aim.
func (t *table) note(letter, subject, figure string) { t.row(letter, subject, figure, "", "") }

// result prints a figure with its aim and whether it was reached.
func (t *table) result(letter, subject, figure, aim string, reached bool) {
	verdict := "reached"
	if !reached {
		verdict = "MISSED"
		t.missed++
	}
	t.row(letter, subject, figure, aim, verdict)
}

func (t *table) row(letter, subject, figure, aim, verdict string) {
	line := pad(letter, 4) + pad(subject, wideSubject) + padLeft(figure, wideFigure) + "  " + pad(aim, wideAim) + verdict
	fmt.Fprintln(t.out, strings.TrimRight(line, " "))
}

func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(1, width-utf8.RuneCountInString(s)))
}

func padLeft(s string, width int) string {
	return strings.Repeat(" ", max(0, width-utf8.RuneCountInString(s))) + s
}

func (t *table) end(took time.Duration) {
	fmt.Fprintln(t.out)
	switch t.missed {
	case 0:
		fmt.Fprintf(t.out, "every aim was reached; %s%s\n", took.Round(time.Second), load("after"))
	default:
		fmt.Fprintf(t.out, "%d aims were missed; %s%s\n", t.missed, took.Round(time.Second), load("after"))
	}
}

// rate words a number of updates a second.
func rate(perSecond float64) string { return fmt.Sprintf("%.0f /s", perSecond) }

// span words a duration with three digits.
func span(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return fmt.Sprintf("%d µs", d.Microseconds())
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%.2f ms", d.Seconds()*1e3)
	case d < time.Second:
		return fmt.Sprintf("%.0f ms", d.Seconds()*1e3)
	}
	return fmt.Sprintf("%.2f s", d.Seconds())
}
