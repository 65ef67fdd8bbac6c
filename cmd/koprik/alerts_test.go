package main

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestEveryAlarmStandsOnASeriesThatIsThere asks a bot that has just started: an
// alarm on a series that comes with the first failure would miss that one.
func TestEveryAlarmStandsOnASeriesThatIsThere(t *testing.T) {
	t.Parallel()
	long(t)
	w := newTown(t).served().settled()
	p := w.run()
	p.ready()
	_, metrics := fetch(p.at, "/metrics")
	name := regexp.MustCompile(`(?:koprik|process|go)_[a-z_]+(?:\{[^}]*\})?`)
	for _, file := range []string{"../../docs/alerts.yml", "../../docs/dashboard.json"} {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(file, ".json") && !json.Valid(raw) {
			t.Errorf("%s is no JSON", file)
		}
		found := name.FindAllString(string(raw), -1)
		if len(found) < 9 {
			t.Errorf("%s: got %d series, want those of all alarms", file, len(found))
		}
		for _, series := range found {
			series, labels, _ := strings.Cut(strings.ReplaceAll(series, `\"`, `"`), "{")
			if !hasSeries(metrics, series, "") {
				t.Errorf("%s: %s is not there at the start", file, series)
			}
			for _, equal := range regexp.MustCompile(`([a-z]+)="([a-z_]+)"`).FindAllString(labels, -1) {
				if !strings.HasPrefix(equal, "job=") && !hasSeries(metrics, series, equal) {
					t.Errorf("%s: %s with %s is not there at the start", file, series, equal)
				}
			}
		}
	}
	p.stop()
}

// hasSeries tells whether a series is there, with a label of its own.
func hasSeries(metrics, series, label string) bool {
	for line := range strings.Lines(metrics) {
		name, labels, _ := strings.Cut(strings.TrimSpace(line), "{")
		name, _, _ = strings.Cut(name, " ")
		labels, _, _ = strings.Cut(labels, "}")
		if name == series && (label == "" || slices.Contains(strings.Split(labels, ","), label)) {
			return true
		}
	}
	return false
}

func TestALabelIsLookedForAtItsOwnSeries(t *testing.T) {
	const metrics = "# HELP koprik_a other=\"x\"\nkoprik_a{fate=\"sent\",why=\"\"} 0\nkoprik_b{fate=\"refused\"} 0\nkoprik_ab 1\n"
	for _, row := range []struct {
		series, label string
		want          bool
	}{
		{"koprik_a", "", true}, {"koprik_ab", "", true}, {"koprik_", "", false}, {"koprik_a", `fate="sent"`, true},
		{"koprik_a", `fate="refused"`, false}, {"koprik_a", `other="x"`, false}, {"koprik_b", `fate="ref"`, false},
	} {
		if got := hasSeries(metrics, row.series, row.label); got != row.want {
			t.Errorf("%s with %s: got %v, want %v", row.series, row.label, got, row.want)
		}
	}
}
