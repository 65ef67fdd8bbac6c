package locales_test

import (
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"pgregory.net/rapid"

	"koprik/locales"
)

func TestCyrillicFileKeepsOrderAndTakesCorrections(t *testing.T) {
	source := `
"b.title" = "Xabar {{.no}}"
"a.body" = """
Birinchi "qator" \\
ikkinchi
"""
"a.count".other = "{{.n}} ta"
"a.count".one = "bitta"
`
	got, err := locales.CyrillicFile([]byte(source), []byte(`"b.title" = "Хабар № {{.no}}"
"a.count".one = "битта!"`))
	if err != nil {
		t.Fatal(err)
	}
	_, body, _ := strings.Cut(string(got), "\n\n")
	want := `"b.title" = "Хабар № {{.no}}"

"a.body" = """
Биринчи "қатор" \\
иккинчи"""
"a.count".other = "{{.n}} та"
"a.count".one = "битта!"
`
	if body != want {
		t.Errorf("got\n%s\nwant\n%s", body, want)
	}
}

func TestCyrillicFileRefuses(t *testing.T) {
	for name, c := range map[string]struct{ source, override string }{
		"a correction without a message": {`"a" = "x"`, `"b" = "x"`},
		"a correction of another form":   {`"a" = "x"`, `"a".one = "x"`},
		"keys that are not flat":         {`a.b.c = "x"`, ``},
		"a number for a text":            {`"a" = 1`, ``},
		"what is not TOML":               {`a`, ``},
	} {
		if out, err := locales.CyrillicFile([]byte(c.source), []byte(c.override)); err == nil {
			t.Errorf("%s: got %q and no error", name, out)
		}
	}
}

func TestCyrillicFileCarriesEveryText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("\"\\\n\t {}5№✅😀ўб\x01\x7f\r"))).Draw(t, "text")
		source := `"a" = "x"`
		var override strings.Builder
		if err := toml.NewEncoder(&override).Encode(map[string]string{"a": text}); err != nil {
			t.Fatal(err)
		}
		out, err := locales.CyrillicFile([]byte(source), []byte(override.String()))
		if err != nil {
			t.Fatal(err)
		}
		var got map[string]string
		if err := toml.Unmarshal(out, &got); err != nil {
			t.Fatalf("%v in\n%s", err, out)
		}
		if want := strings.TrimRight(text, "\n"); got["a"] != want {
			t.Fatalf("got %q, want %q from\n%s", got["a"], want, out)
		}
	})
}
