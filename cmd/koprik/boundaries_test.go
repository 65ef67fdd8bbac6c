package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestBoundariesAreImportedOnTheCommandLine(t *testing.T) {
	t.Parallel()
	w := newTown(t).served().settled()
	environ := w.environ()
	for _, step := range []struct {
		args []string
		want string
	}{
		{[]string{"--dry-run"}, "would be loaded (dry run): districts 2 new, 0 changed, 0 the same; mahallas 23 new, 0 changed, 0 the same; 0 of 25 features left out"},
		{nil, "loaded: districts 2 new, 0 changed, 0 the same; mahallas 23 new, 0 changed, 0 the same; 0 of 25 features left out"},
		{nil, "loaded: districts 0 new, 0 changed, 2 the same; mahallas 0 new, 0 changed, 23 the same; 0 of 25 features left out"},
	} {
		s := speak(t, environ, append([]string{"import", "boundaries", demoBoundaries}, step.args...)...)
		if s.code != 0 || !strings.Contains(s.out, step.want) {
			t.Errorf("%v: got %+v, want %q", step.args, s, step.want)
		}
	}

	bad := filepath.Join(t.TempDir(), "bad.geojson")
	text := `{"type":"FeatureCollection","features":[
		{"type":"Feature","properties":{"code":"DEMO-1001","colour":"red","shape":1},"geometry":{"type":"Polygon","coordinates":[[[64,41],[64.1,41],[64.1,41.1],[64,41]]]}},
		{"type":"Feature","properties":{"name":"Nowhere","colour":"red"},"geometry":{"type":"Polygon","coordinates":[[[64,41],[64.1,41],[64.1,41.1],[64,41]]]}},
		{"type":"Feature","properties":{"code":"DEMO-1002"},"geometry":{"type":"Polygon","coordinates":[[[41,64],[41,64.1],[41.1,64.1],[41,64]]]}}]}`
	if err := os.WriteFile(bad, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s := speak(t, environ, "import", "boundaries", bad)
	if s.code != 1 || s.errs != "koprik: 2 features were left out; the good ones are loaded\n" {
		t.Errorf("with bad features: got %+v, want exit code 1", s)
	}
	for _, want := range []string{
		"unknown properties, ignored: colour (2), shape (1)\n",
		"left out: feature 2: no territory has the name: Nowhere\n",
		"left out: feature 3: latitude and longitude are swapped: longitude comes first: DEMO-1002, polygon 1, ring 1, point 1\n",
		"mahallas 0 new, 1 changed, 0 the same; 2 of 3 features left out\n",
	} {
		if !strings.Contains(s.out, want) {
			t.Errorf("got\n%s\nwant a line %q", s.out, want)
		}
	}
}
