package main

import (
	"encoding/json"
	"os"
	"regexp"
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
			if !strings.Contains(metrics, "\n"+series) {
				t.Errorf("%s: %s is not there at the start", file, series)
			}
			for _, equal := range regexp.MustCompile(`([a-z]+)="([a-z_]+)"`).FindAllString(labels, -1) {
				if !strings.HasPrefix(equal, "job=") && !strings.Contains(metrics, equal) {
					t.Errorf("%s: %s with %s is not there at the start", file, series, equal)
				}
			}
		}
	}
	p.stop()
}
