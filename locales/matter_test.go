package locales_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"koprik/locales"
	"koprik/mahalla"
)

func TestTheSameMatter(t *testing.T) {
	m := locales.NewMatters()
	for _, want := range []struct {
		half              string
		recall, precision float64
	}{
		{"learned", 1, 0.92},
		{"held", 0.91, 1},
	} {
		var found, missed, wrong, apart int
		for _, row := range table(t, "matter_pairs.csv") {
			if row["half"] != want.half {
				continue
			}
			like := m.Read(row["a"]).Likeness(m.Read(row["b"]))
			if back := m.Read(row["b"]).Likeness(m.Read(row["a"])); math.Abs(back-like) > 1e-9 {
				t.Errorf("%q and %q: got %v one way and %v the other", row["a"], row["b"], like, back)
			}
			switch alike := like >= mahalla.AlikeEnough; {
			case alike && row["same"] == "yes":
				found++
			case alike:
				wrong++
			case row["same"] == "yes":
				missed++
			default:
				apart++
			}
		}
		recall := float64(found) / float64(found+missed)
		precision := float64(found) / float64(found+wrong)
		t.Logf("%-8s %d pairs: recall %.3f, precision %.3f", want.half, found+missed+wrong+apart, recall, precision)
		if recall < want.recall || precision < want.precision {
			t.Errorf("%s: got recall %.3f and precision %.3f, want %.2f and %.2f", want.half, recall, precision, want.recall, want.precision)
		}
	}
}

// TestSpellingsOfOneComplaintMeet: the same words in every script are the same
// matter beyond doubt.
func TestSpellingsOfOneComplaintMeet(t *testing.T) {
	m := locales.NewMatters()
	const latin = "Qoʻshnimiz gʻishtlarni koʻchaga toʻkib, yoʻlakni yopib qoʻygan"
	for name, other := range map[string]string{
		"Cyrillic":         "Қўшнимиз ғиштларни кўчага тўкиб, йўлакни ёпиб қўйган",
		"Russian keyboard": "Кушнимиз гиштларни кучага тукиб, йулакни ёпиб куйган",
		"no apostrophes":   "qoshnimiz gishtlarni kochaga tokib yolakni yopib qoygan",
		"slang":            "qowni gishtlarni kochaga tokb yolakni yopvoribdi",
		"other endings":    "қўшнининг ғишти кўчада тўкилган, йўлак ёпилган",
	} {
		if like := m.Read(latin).Likeness(m.Read(other)); like < 0.6 {
			t.Errorf("%s: got %.2f, want 0.6", name, like)
		}
	}
	a := m.Read(latin)
	if like := a.Likeness(a); math.Abs(like-1) > 1e-9 {
		t.Errorf("itself: got %v, want 1", like)
	}
	for _, nothing := range []string{"", "👍", "assalomu alaykum, iltimos", "12 5 2024", "ва у бу"} {
		b := m.Read(nothing)
		if !b.Empty() || a.Likeness(b) != 0 || b.Likeness(b) != 0 || a.Holds(b) {
			t.Errorf("%q is taken for a matter", nothing)
		}
	}
}

func TestWordsAreSearchedInAnyScript(t *testing.T) {
	m := locales.NewMatters()
	text := m.Read("12-uy oldida, har kecha, baland МУСИҚА; qoʻshnimiz Ғанишернинг gʻishtlari. Dom 7a")
	for query, want := range map[string]bool{
		"musiqa": true, "мусика": true, "musiqalar": true, "мусиқанинг": true, "musi": true, "muzeyga": false,
		"gʻisht": true, "гишт": true, "g'ishtni": true, "Ganisher": true, "ганишер": true, "ganishr": true, "Gulnora": false,
		"musiqa gisht": true, "musiqa lift": false, "uy 12": true, "12-uy": true, "uy 13": false, "7a dom": true,
		"музыка": true, "kolonka": true, "": false, "va": false, "👍": false,
	} {
		if got := text.Holds(m.Read(query)); got != want {
			t.Errorf("%q: got %v, want %v", query, got, want)
		}
	}
}

// TestSharedShowsNothingOfTheOther: what may be shown stands in the writer's own
// text, letter for letter.
func TestSharedShowsNothingOfTheOther(t *testing.T) {
	m := locales.NewMatters()
	const mine = "Salom! 12-uyda kechasi MUZIKA baland, Lola kafesida 👍"
	got := m.Read(mine).Shared(mine, m.Read("мен Азизаман, телефоним 901234567, Лола кафеси ёнидаги 12 уйда мусиқа"))
	if want := []string{"12", "MUZIKA", "Lola", "kafesida"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, row := range table(t, "matter_pairs.csv") {
		for _, w := range m.Read(row["a"]).Shared(row["a"], m.Read(row["b"])) {
			if !strings.Contains(row["a"], w) || strings.ContainsAny(w, " ,.") {
				t.Errorf("%q is not a word of %q", w, row["a"])
			}
		}
	}
}

func FuzzMatter(f *testing.F) {
	f.Add("12-uy musiqa", "´ a\xff ь 👍")
	m := locales.NewMatters()
	f.Fuzz(func(t *testing.T, one, other string) {
		a, b := m.Read(one), m.Read(other)
		if like := a.Likeness(b); like < 0 || like > 1 || math.Abs(like-b.Likeness(a)) > 1e-9 {
			t.Fatalf("%q and %q: %v and %v", one, other, like, b.Likeness(a))
		}
		for _, w := range a.Shared(one, b) {
			if !strings.Contains(one, w) {
				t.Fatalf("%q is not of %q", w, one)
			}
		}
		a.Holds(b)
	})
}

func BenchmarkLikeness(b *testing.B) {
	m := locales.NewMatters()
	var others []string
	for i := range 200 {
		others = append(others, fmt.Sprintf("%d-uy oldida har kecha baland musiqa qoʻyishadi, bolalar uxlolmayapti, inspektor bir kelib ketdi, foydasi boʻlmadi", i))
	}
	b.Run("200 cases", func(b *testing.B) {
		for b.Loop() {
			mine := m.Read("12-уй олдида ҳар кеча баланд мусиқа, ухлаб бўлмаяпти, чора кўринг")
			for _, o := range others {
				mine.Likeness(m.Read(o))
			}
		}
	})
}

func TestNameWithin(t *testing.T) {
	for _, c := range []struct {
		text, name, rest string
		ok               bool
	}{
		{"Gʻuncha", "Gʻuncha", "", true},
		{"ғунча маҳалласида мусиқа", "Gʻuncha", "musika", true},
		{"musiqa Gʻunchadagilar", "Ғунча", "musika", true},
		{"Sharq yulduzi MFY, it", "Sharq yulduzi", "it", true},
		{"шарк юлдузида ит", "Sharq yulduzi", "it", true},
		{"sharq it", "Sharq yulduzi", "", false},
		{"дустлик кучаси", "Doʻstlik mahallasi", "kuchasi", true},
		{"Namuna tumani", "Namuna tumani", "", true},
		{"gunch", "Gʻuncha", "", false},
		{"gunchalik-munchalik-shunchalik", "Gʻuncha", "munchalik shunchalik", true},
		{"itlar", "It", "", false}, // a short name has no endings
		{"", "Gʻuncha", "", false},
		{"gʻuncha", "", "", false},
		{"mahalla", "mahalla", "", true},
	} {
		if rest, ok := locales.NameWithin(c.text, c.name); rest != c.rest || ok != c.ok {
			t.Errorf("%q in %q: got %q, %v, want %q, %v", c.name, c.text, rest, ok, c.rest, c.ok)
		}
	}
}
