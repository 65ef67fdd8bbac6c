package locales_test

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"

	"koprik/locales"
	"koprik/mahalla"
)

// catalogue loads the messages of the program.
func catalogue(t testing.TB) *locales.Catalogue {
	t.Helper()
	c, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The tests of the catalogue itself use the messages of the dates only: they
// are the ones that must exist.

func TestTextInsertsItsArgumentsAsTheyAre(t *testing.T) {
	c := catalogue(t)
	for _, lang := range mahalla.Languages() {
		got, err := c.Text(lang, "date.when", map[string]any{"day": "<b>&", "clock": 7})
		want := "<b>& 7"
		if lang == mahalla.Ru {
			want = "<b>& в 7"
		}
		if err != nil || got != want {
			t.Errorf("%s: got %q, %v, want %q", lang, got, err, want)
		}
	}
}

func TestWhatIsMissingIsAnError(t *testing.T) {
	c := catalogue(t)
	for name, call := range map[string]func() (string, error){
		"key":           func() (string, error) { return c.Text(mahalla.Ru, "no.such", nil) },
		"language":      func() (string, error) { return c.Text("en", "date.today", nil) },
		"no language":   func() (string, error) { return c.Text("", "date.today", nil) },
		"argument":      func() (string, error) { return c.Text(mahalla.Ru, "date.when", map[string]any{"day": "1"}) },
		"all arguments": func() (string, error) { return c.Text(mahalla.Ru, "date.when", nil) },
		"nil argument": func() (string, error) {
			return c.Text(mahalla.Ru, "date.when", map[string]any{"day": "1", "clock": nil})
		},
		"plural key":   func() (string, error) { return c.Plural(mahalla.UzLatn, "no.such", 1, nil) },
		"plural forms": func() (string, error) { return c.Plural(mahalla.Ru, "date.today", 1, nil) },
	} {
		if got, err := call(); err == nil || got != "" {
			t.Errorf("%s missing: got %q, %v, want an error alone", name, got, err)
		}
	}
}

func TestPlural(t *testing.T) {
	c := catalogue(t)
	for _, want := range []struct {
		lang mahalla.Language
		n    int
		text string
	}{
		{mahalla.Ru, 0, "0 дней"}, {mahalla.Ru, 1, "1 день"}, {mahalla.Ru, 2, "2 дня"},
		{mahalla.Ru, 4, "4 дня"}, {mahalla.Ru, 5, "5 дней"}, {mahalla.Ru, 11, "11 дней"},
		{mahalla.Ru, 12, "12 дней"}, {mahalla.Ru, 21, "21 день"}, {mahalla.Ru, 22, "22 дня"},
		{mahalla.Ru, 111, "111 дней"}, {mahalla.Ru, -1, "-1 день"},
		{mahalla.UzLatn, 1, "1 kun"}, {mahalla.UzLatn, 5, "5 kun"},
		{mahalla.UzCyrl, 1, "1 кун"}, {mahalla.UzCyrl, 21, "21 кун"},
	} {
		if got, err := c.Plural(want.lang, "date.days", want.n, nil); err != nil || got != want.text {
			t.Errorf("%s %d: got %q, %v, want %q", want.lang, want.n, got, err, want.text)
		}
	}
	args := map[string]any{"x": 1}
	if _, err := c.Plural(mahalla.Ru, "date.days", 1, args); err != nil || len(args) != 1 {
		t.Errorf("the arguments of the caller became %v, %v", args, err)
	}
}

// messages reads a message file as forms of keys; a plain message is "other".
func messages(t *testing.T, lang mahalla.Language) map[string]map[string]string {
	t.Helper()
	var tree map[string]any
	if _, err := toml.DecodeFile("text/active."+string(lang)+".toml", &tree); err != nil {
		t.Fatal(err)
	}
	out := make(map[string]map[string]string)
	for key, value := range tree {
		out[key] = make(map[string]string)
		switch v := value.(type) {
		case string:
			out[key]["other"] = v
		case map[string]any:
			for form, text := range v {
				out[key][form], _ = text.(string)
			}
		}
	}
	return out
}

func TestEveryLanguageHasEveryKey(t *testing.T) {
	c := catalogue(t)
	want := c.Keys(mahalla.UzLatn)
	for _, lang := range mahalla.Languages() {
		if got := c.Keys(lang); !slices.Equal(got, want) {
			for _, k := range want {
				if !slices.Contains(got, k) {
					t.Errorf("%s has no %q", lang, k)
				}
			}
			for _, k := range got {
				if !slices.Contains(want, k) {
					t.Errorf("%s has %q, which the source has not", lang, k)
				}
			}
		}
		if n := len(messages(t, lang)); n != len(c.Keys(lang)) {
			t.Errorf("%s: %d messages in the file, %d keys loaded: a key is not flat", lang, n, len(c.Keys(lang)))
		}
	}
}

// placeholders are the arguments that a text names.
var placeholders = regexp.MustCompile(`\.[a-z_0-9A-Z]+`)

// named returns the arguments that the actions of a text name, sorted.
func named(text string) []string {
	set := make(map[string]bool)
	for _, action := range regexp.MustCompile(`\{\{.*?\}\}`).FindAllString(text, -1) {
		for _, p := range placeholders.FindAllString(action, -1) {
			set[p] = true
		}
	}
	return slices.Sorted(maps.Keys(set))
}

func TestEveryLanguageNamesTheSameArguments(t *testing.T) {
	source := messages(t, mahalla.UzLatn)
	for _, lang := range mahalla.Languages() {
		for key, forms := range messages(t, lang) {
			want := named(source[key]["other"])
			for form, text := range forms {
				if form == "description" {
					continue
				}
				if got := named(text); !slices.Equal(got, want) {
					t.Errorf("%s: %q (%s) names %v, the source %v", lang, key, form, got, want)
				}
			}
		}
	}
}

func TestRussianHasAllPluralFormsOrNone(t *testing.T) {
	for key, forms := range messages(t, mahalla.Ru) {
		n := 0
		for _, form := range []string{"one", "few", "many", "other"} {
			if forms[form] != "" {
				n++
			}
		}
		if n != 4 && (n != 1 || forms["other"] == "") {
			t.Errorf("%q has %v", key, slices.Sorted(maps.Keys(forms)))
		}
	}
}

func TestTextsAreWrittenWithTheRightLetters(t *testing.T) {
	wrong := regexp.MustCompile("[oOgG]['`‘’ʼ´]|[a-zA-Z]['`‘’´][a-zA-Z]")
	mixed := regexp.MustCompile(`\p{Latin}\p{Cyrillic}|\p{Cyrillic}\p{Latin}`)
	for key, forms := range messages(t, mahalla.UzLatn) {
		for _, text := range forms {
			if m := wrong.FindString(text); m != "" {
				t.Errorf("%q: %q has a wrong apostrophe", key, m)
			}
			if m := mixed.FindString(text); m != "" {
				t.Errorf("%q: %q mixes both scripts", key, m)
			}
		}
	}
}

func TestTheCyrillicFileIsFresh(t *testing.T) {
	source, err := os.ReadFile("text/active.uz-Latn.toml")
	if err != nil {
		t.Fatal(err)
	}
	override, err := os.ReadFile("text/override.uz-Cyrl.toml")
	if err != nil {
		t.Fatal(err)
	}
	want, err := locales.CyrillicFile(source, override)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("text/active.uz-Cyrl.toml")
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Error("text/active.uz-Cyrl.toml is stale; run: go generate ./locales")
	}
}

func BenchmarkText(b *testing.B) {
	c := catalogue(b)
	args := map[string]any{"day": "24-noyabr", "clock": "09:00"}
	b.Run("plain", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := c.Text(mahalla.UzCyrl, "date.today", nil); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("arguments", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := c.Text(mahalla.Ru, "date.when", args); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("plural", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := c.Plural(mahalla.Ru, "date.days", 22, nil); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := locales.Load(); err != nil {
			b.Fatal(err)
		}
	}
}

func TestNoTextBeginsOrEndsWithALineEnd(t *testing.T) {
	for _, lang := range mahalla.Languages() {
		for key, forms := range messages(t, lang) {
			for form, text := range forms {
				// Load cuts the line ends at the end, nothing cuts them at the beginning.
				if strings.HasPrefix(text, "\n") || strings.TrimSpace(text) == "" {
					t.Errorf("%s: %q (%s) is %q", lang, key, form, text)
				}
			}
		}
	}
}
