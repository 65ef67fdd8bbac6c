package locales_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"koprik/locales"
)

func TestEverySpellingOfAWordFoldsAlike(t *testing.T) {
	for _, row := range table(t, "translit_pairs.csv") {
		want := locales.Fold(row["cyrl"])
		for _, column := range []string{"latn", "typed_ascii", "typed_no_apostrophe", "latn_2026_new_letters"} {
			if got := locales.Fold(row[column]); got != want {
				t.Errorf("Fold(%q) = %q, want %q as for %q", row[column], got, want, row["cyrl"])
			}
		}
	}
}

func TestBothNamesOfEveryPlaceFoldAlike(t *testing.T) {
	for file, want := range map[string]int{"regions.csv": 14, "districts.csv": 209, "settlements.csv": 2630} {
		rows := table(t, file)
		if len(rows) != want {
			t.Errorf("%s has %d rows, want %d", file, len(rows), want)
		}
		for _, row := range rows {
			latn, cyrl := row["name_uz_latn"], row["name_uz_cyrl"]
			if locales.Fold(latn) != locales.Fold(cyrl) || locales.FoldName(latn) != locales.FoldName(cyrl) {
				t.Errorf("%s: %q folds to %q, %q to %q", file, latn, locales.Fold(latn), cyrl, locales.Fold(cyrl))
			}
		}
	}
}

func TestTheReferenceProgramAgrees(t *testing.T) {
	functions := map[string]func(string) string{
		"fold": locales.Fold, "name": locales.FoldName, "latin": locales.ToLatin, "cyrillic": locales.ToCyrillic,
	}
	for _, row := range table(t, "oracle.csv") {
		if got := functions[row["function"]](row["input"]); got != row["output"] {
			t.Errorf("%s(%q) = %q, want %q", row["function"], row["input"], got, row["output"])
		}
	}
}

func TestFold(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"   ", ""},
		{"Oʻgʻri o'g'ri o`g`ri O´G´RI ogri ÖĞRİ", "ogri ogri ogri ogri ogri ogri"},
		{"қоwни", "koshni"},
		{"ҳуқуқ, ХУКУК; huquq!", "hukuk hukuk hukuk"},
		{"Toшкeнт", "toshkent"},          // Latin T, o, e
		{"4-sektor", "4 sektor"},         // digits stay
		{"ааа 1000", "a 1000"},           // doubled letters, not digits
		{"so\u200bz\u00ad\ufe0f", "soz"}, // invisible characters
		{"к\u0430\u0301к", "kak"},        // a stress mark
		{"и\u0306ўл", "yol"},             // й in two characters
		{"ｆｕｌｌ ｗｉｄｔｈ", "ful shidth"},     // compatibility forms
		{"Ҷумъа Нөкис Қоңырат ӯзбек", "juma nokis kongirat ozbek"},
		{"ь ъ ' 👍", ""},
		{"a\xffb", "a b"},
		{"👨‍👩‍👧oila", "oila"},
	} {
		if got := locales.Fold(c.in); got != c.want {
			t.Errorf("Fold(%q) = %q, want %q", c.in, got, c.want)
		}
	}
	if got := locales.FoldName("Doʻstlik Дустлик"); got != "dustlik dustlik" {
		t.Errorf("FoldName merges o and u: got %q", got)
	}
	if got := locales.FoldWords(" Salom,  дунё "); len(got) != 2 || got[1] != "dunyo" {
		t.Errorf("FoldWords: got %q", got)
	}
}

func TestFoldIsIdempotentAndPlain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyText(t)
		for _, f := range []func(string) string{locales.Fold, locales.FoldName} {
			once := f(s)
			if again := f(once); again != once {
				t.Fatalf("of %q: once %q, twice %q", s, once, again)
			}
			checkKey(t, once)
		}
	})
}

// checkKey fails when a key holds anything but words of small letters and digits.
func checkKey(t interface{ Fatalf(string, ...any) }, key string) {
	bad := func(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == 'ñ' || r == ' ') }
	if strings.ContainsFunc(key, bad) || strings.Contains(key, "  ") || strings.TrimSpace(key) != key {
		t.Fatalf("key %q", key)
	}
}

// anyText draws texts of real letters, tricks of Unicode and plain noise.
func anyText(t *rapid.T) string {
	alphabet := []rune("abdeghoqxyzwABGOʻʼ'`´ аеёцъьўқғҳсАЕШЩЪ öğşçñİіј 01#*\n\r\t\u0300\u0301\u0328\u0344\u0483\u0958\u20e3\u200b\u200c\u200d\u200e\u202e\u2066\ufe0f\ufeff\U000e0041👨👩❤🏽🔥©가ㅤ")
	return rapid.OneOf(
		rapid.StringOfN(rapid.RuneFrom(alphabet), 0, 60, -1),
		rapid.String(),
		rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }),
	).Draw(t, "text")
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"Oʻzbekiston", "Сalom", "a\xff", "\u0301", strings.Repeat("ў", 4096)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, fold := range []func(string) string{locales.Fold, locales.FoldName} {
			once := fold(s)
			checkKey(t, once)
			if again := fold(once); again != once {
				t.Fatalf("of %q: once %q, twice %q", s, once, again)
			}
			if !utf8.ValidString(once) {
				t.Fatalf("of %q: %q is not UTF-8", s, once)
			}
		}
	})
}

func BenchmarkFold(b *testing.B) {
	for name, s := range map[string]string{
		"word":  "Олмалиқ",
		"latin": "Uyimizga o'g'ri tushibdi, ertalab kelsak eshik buzilgan televizor va tilla taqinchoqlar yo'q",
		"cyrl":  "Ассалому алайкум, кўчамизда икки кундан бери нотаниш машина турибди, ичида одам ўтиради",
		"long":  strings.Repeat("маҳалламизда трансформатор портлаб ёняпти ", 97),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				locales.Fold(s)
			}
		})
	}
}
