package locales_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"koprik/locales"
)

func TestClean(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"nothing", "", ""},
		{"plain", "Salom, dunyo!", "Salom, dunyo!"},
		{"line ends", "a\r\nb\rc\u2028d\n", "a\nb\nc\nd"},
		{"blank lines", "a\n\n\n\n\n\nb\n\nc", "a\n\n\nb\n\nc"},
		{"spaces", "  a \t b\u00a0 c  \n  d", "a b c\nd"},
		{"controls", "a\x00b\x1b[31mc\x7f", "ab[31mc"},
		{"direction", "\u202eevil\u202c \u2066a\u2069\u200e\u200f\u061c", "evil a"},
		{"tags", "a\U000e0041\U000e007fb", "ab"},
		{"zero width", "a\u200bb\u200cc\u200dd\ufeffe\u00adf\u2060g", "abcdefg"},
		{"family", "👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"},
		{"skin and job", "👩🏽\u200d🚀", "👩🏽\u200d🚀"},
		{"burning heart", "❤\ufe0f\u200d🔥", "❤\ufe0f\u200d🔥"},
		{"keycap", "1\ufe0f\u20e3 1\ufe0f", "1\ufe0f\u20e3 1"},
		{"joiner at the end of emoji", "👩\u200d a 👩\u200d\u200d👧", "👩 a 👩\u200d👧"},
		{"zalgo", "z\u0336\u0347\u0301\u0302a", "z\u0336\u0347a"},
		{"mark without a letter", "\u0301a \u0301b", "a b"},
		{"composed", "и\u0306 o\u0308", "й ö"},
		{"blank letters", "a\u3164\u2800\u115fb", "ab"},
		{"invalid", "a\xff\xfeb", "ab"},
		{"kept", "Oʻgʻri — «ўғри» № 5 🇺🇿 हिन्दी", "Oʻgʻri — «ўғри» № 5 🇺🇿 हिन्दी"},
	} {
		if got := locales.Clean(c.in); got != c.want {
			t.Errorf("%s: Clean(%q) = %q, want %q", c.name, c.in, got, c.want)
		}
	}
}

// checkClean fails when what Clean promises does not hold for s.
func checkClean(t interface{ Fatalf(string, ...any) }, s string) {
	once := locales.Clean(s)
	switch {
	case locales.Clean(once) != once:
		t.Fatalf("of %q: once %q, twice %q", s, once, locales.Clean(once))
	case !utf8.ValidString(once), !norm.NFC.IsNormalString(once):
		t.Fatalf("of %q: %q is not UTF-8 in NFC", s, once)
	case strings.Contains(once, "\n\n\n\n"), strings.Contains(once, "  "), strings.TrimSpace(once) != once:
		t.Fatalf("of %q: white space in %q", s, once)
	case strings.ContainsAny(once, "\x00\x1b\r\t\u200b\u200e\u200f\u202e\u2066\ufeff"):
		t.Fatalf("of %q: invisible characters in %q", s, once)
	}
}

func TestCleanKeepsItsPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkClean(t, anyText(t)) })
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"a\u0301", "👩\u200d🚀", "1\ufe0f\u20e3", "\u0958\u0301\u0302", strings.Repeat("a\u0301", 99)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { checkClean(t, s) })
}

func TestCut(t *testing.T) {
	for _, c := range []struct {
		in    string
		units int
		want  string
	}{
		{"salom", 5, "salom"},
		{"salom", 4, "sal…"},
		{"salom", 1, "…"},
		{"salom", 0, ""},
		{"salom", -1, ""},
		{"bir ikki", 5, "bir…"},
		{"👍👍👍", 6, "👍👍👍"},
		{"👍👍👍", 5, "👍👍…"},
		{"👨‍👩‍👧a", 5, "…"},
		{"ao\u0308\u0301b", 3, "a…"},
		{"🇺🇿🇺🇿", 6, "🇺🇿…"},
		{"ўзбек", 3, "ўз…"},
	} {
		if got := locales.Cut(c.in, c.units); got != c.want {
			t.Errorf("Cut(%q, %d) = %q, want %q", c.in, c.units, got, c.want)
		}
	}
}

func TestCutNeverExceedsItsLength(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, units := anyText(t), rapid.IntRange(0, 80).Draw(t, "units")
		got := locales.Cut(s, units)
		if n := locales.UTF16Len(got); n > units {
			t.Fatalf("Cut(%q, %d) = %q has %d units", s, units, got, n)
		}
		if !strings.HasPrefix(s, strings.TrimSuffix(got, "…")) {
			t.Fatalf("Cut(%q, %d) = %q is not its beginning", s, units, got)
		}
	})
}

func TestEscape(t *testing.T) {
	if got, want := locales.Escape(`<b>"A" & 'B'</b>`), `&lt;b&gt;&quot;A&quot; &amp; 'B'&lt;/b&gt;`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := locales.Escape("oddiy matn"); got != "oddiy matn" {
		t.Errorf("plain text is changed to %q", got)
	}
}

func TestUTF16Len(t *testing.T) {
	for s, want := range map[string]int{"": 0, "abc": 3, "ўзбек": 5, "👍": 2, "👨‍👩‍👧": 8, "a\xff": 2} {
		if got := locales.UTF16Len(s); got != want {
			t.Errorf("UTF16Len(%q) = %d, want %d", s, got, want)
		}
	}
}

func BenchmarkClean(b *testing.B) {
	s := strings.Repeat("Қўшнимиз ҳар куни кечаси баланд овозда мусиқа қўяди 😡\n", 5)
	b.ReportAllocs()
	for b.Loop() {
		locales.Clean(s)
	}
}
