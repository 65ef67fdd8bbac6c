package simulator

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

func TestTheReadmeNamesEveryRouteAndActionAndNoOther(t *testing.T) {
	raw, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(raw), "## Over HTTP")
	program, err := os.ReadFile("routes.go")
	if err != nil {
		t.Fatal(err)
	}
	routes := regexp.MustCompile(`"((?:GET|POST|DELETE) /sim/[a-z]+)`).FindAllStringSubmatch(string(program), -1)
	if len(routes) < 10 {
		t.Fatalf("routes found: got %d", len(routes))
	}
	for _, r := range routes {
		if !strings.Contains(text, "`"+r[1]) {
			t.Errorf("the README does not name %s", r[1])
		}
	}
	_, table, found := strings.Cut(text, "| Action |")
	if !found {
		t.Fatal("the README has no table of actions")
	}
	named := map[string]bool{}
	for line := range strings.SplitSeq(table, "\n") {
		cells := strings.Split(line, "|")
		if len(cells) < 3 {
			continue
		}
		for _, m := range regexp.MustCompile("`([a-z_]+)`").FindAllStringSubmatch(cells[1], -1) {
			named[m[1]] = true
			if acts()[m[1]] == nil {
				t.Errorf("the README names %s, which nobody can do", m[1])
			}
		}
	}
	for name := range acts() {
		if !named[name] {
			t.Errorf("the README does not name %s", name)
		}
	}
}
