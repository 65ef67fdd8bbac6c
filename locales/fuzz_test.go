package locales_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"koprik/locales"
)

// FuzzCut cuts any text: what is left fits, and no character as people see it is
// torn.
func FuzzCut(f *testing.F) {
	f.Add("👨‍👩‍👧🇺🇿 oʻzbek", 6)
	f.Add("z\u0336\u0347\u0301\u0302algo", 3)
	f.Add("\u0301\u200d\u202e\xff", 2)
	f.Add(strings.Repeat("ў", 50), 50)
	f.Fuzz(func(t *testing.T, s string, units int) {
		units = int(uint(units) % 5000)
		got := locales.Cut(s, units)
		if n := locales.UTF16Len(got); n > units {
			t.Errorf("%d units of %d in %q", n, units, got)
		}
		if utf8.ValidString(s) && !utf8.ValidString(got) {
			t.Errorf("%q of %q is not UTF-8", got, s)
		}
		if got == s || got == "" {
			return
		}
		kept := strings.TrimSuffix(got, "…")
		if !strings.HasPrefix(s, kept) {
			t.Fatalf("%q is not the beginning of %q", got, s)
		}
		end, state := 0, -1
		for rest := s; end < len(kept) && rest != ""; {
			var cluster string
			cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
			end += len(cluster)
		}
		if gap := s[min(len(kept), end):end]; strings.TrimSpace(gap) != "" {
			t.Errorf("%q of %q is torn before %q", got, s, gap)
		}
	})
}

// uzbekLetters are what a pure Uzbek word is made of, each with the letter that
// it is in the other script.
var uzbekLetters = []string{"a", "b", "d", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s", "t", "u", "v", "x", "z", "oʻ", "gʻ", "sh", "ch"}

// FuzzScripts writes words of pure Uzbek letters in both scripts: a word comes
// back as it was, and both are one for whoever searches.
func FuzzScripts(f *testing.F) {
	for _, s := range []string{"mahalla", "\x16\x17\x18\x19", "shovqin", "\x0e\x06", "sentabr"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, picks []byte) {
		var b strings.Builder
		last := ""
		for _, p := range picks[:min(len(picks), 24)] {
			letter := uzbekLetters[int(p)%len(uzbekLetters)]
			if letter[0] == 'h' && (last == "s" || last == "c") {
				continue // with an apostrophe between them only
			}
			last = letter
			b.WriteString(letter)
		}
		latin := b.String()
		cyrillic := locales.ToCyrillic(latin)
		if again := locales.ToLatin(cyrillic); again != latin {
			t.Errorf("%q is %q, which is %q", latin, cyrillic, again)
		}
		if a, b := locales.Fold(latin), locales.Fold(cyrillic); a != b {
			t.Errorf("%q is found as %q, %q as %q", latin, a, cyrillic, b)
		}
		if a, b := locales.FoldName(latin), locales.FoldName(cyrillic); a != b {
			t.Errorf("the name %q is found as %q, %q as %q", latin, a, cyrillic, b)
		}
	})
}
