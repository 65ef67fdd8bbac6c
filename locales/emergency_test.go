package locales_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"koprik/locales"
)

// stems loads the table of the program.
func stems(t testing.TB) *locales.Stems {
	t.Helper()
	s, err := locales.EmergencyStems()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// checkNumber fails unless the message brings up the number, or nothing for
// none.
func checkNumber(t *testing.T, s *locales.Stems, text, number string) {
	t.Helper()
	hits := s.Match(text)
	if number == "" || number == "none" {
		if len(hits) > 0 {
			t.Errorf("%q: got %v by %q, want nothing", text, hits[0].Numbers, hits[0].Stem)
		}
		return
	}
	for _, h := range hits {
		if slices.Contains(h.Numbers, number) {
			return
		}
	}
	t.Errorf("%q: got %v, want %s", text, hits, number)
}

func TestSampleMessages(t *testing.T) {
	s := stems(t)
	for _, row := range table(t, "sample_messages.csv") {
		var f figures
		if f.weigh(s, row["text"], strings.TrimPrefix(row["emergency_number"], "none")); f.right+f.quiet != 1 {
			t.Errorf("%q: got %+v, want %s first", row["text"], s.Match(row["text"]), row["emergency_number"])
		}
	}
}

func TestDangerAndItsTraps(t *testing.T) {
	s := stems(t)
	for _, row := range table(t, "danger.csv") {
		checkNumber(t, s, row["text"], row["number"])
	}
}

func TestTheFirstListStillMatches(t *testing.T) {
	s := stems(t)
	replaced := []string{"hozir ur", "ozini os", "uzini os", "povesit", "erim meni uri", "is gazi"}
	for _, row := range table(t, "emergency_seed.csv") {
		if !slices.Contains(replaced, row["stem_folded"]) {
			checkNumber(t, s, row["stem_folded"], strings.Split(row["number"], ";")[0])
		}
	}
	checkNumber(t, s, "is gazi", "103")
}

func TestTheMostUrgentComesFirst(t *testing.T) {
	hits := stems(t).Match("укради телефон, пожар, украл, pojar, o'g'ri")
	if len(hits) != 2 || hits[0].Numbers[0] != "101" || hits[0].Category != "fire_gas" || hits[1].Category != "theft" {
		t.Errorf("got %+v, want fire, then theft, once each", hits)
	}
}

func TestLoadStems(t *testing.T) {
	const table = "stem,number,category,unless\nis$ gazi,103;104,a,gazi yoʻq\nдом,101,b,\n"
	s, err := locales.LoadStems(strings.NewReader(table), nil)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]int{
		"is gazi":              1,
		"is kelyapti gazidan":  1,
		"is bir ikki gazi":     1,
		"is bir ikki uch gazi": 0,
		"ish gazi":             0,
		"gazi is":              0,
		"is gazi yoq":          0,
		"is gazi bor yo'q":     1,
		"is gazi yoq is gazi":  1,
		"дома is gazi":         2,
		"":                     0,
	} {
		if got := s.Match(text); len(got) != want {
			t.Errorf("%q: got %+v, want %d", text, got, want)
		}
	}
	f, err := os.Open("testdata/emergency_seed.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := locales.LoadStems(f, nil); err != nil {
		t.Errorf("a table with stem_folded: %v", err)
	}
	for name, bad := range map[string]string{
		"nothing":    "",
		"no column":  "stem,category\na,b\n",
		"no stem":    "stem,number,category\n!,101,b\n",
		"no number":  "stem,number,category\na,,b\n",
		"torn table": "stem,number,category\na\n",
	} {
		if _, err := locales.LoadStems(strings.NewReader(bad), nil); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func BenchmarkMatch(b *testing.B) {
	s := stems(b)
	for name, text := range map[string]string{
		"message": "Ассалому алайкум, кўчамизда икки кундан бери нотаниш машина турибди, ичида одам ўтиради",
		"long":    strings.Repeat("bolam erim meni is tok ot odam ", 130),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				s.Match(text)
			}
		})
	}
}
