package locales_test

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"koprik/locales"
)

// settlements is the index of all settlements by their Uzbek names; the Russian
// names are left out on purpose, they are the queries.
func settlements(t testing.TB, times int) (*locales.Index, []map[string]string) {
	t.Helper()
	district := make(map[string]string)
	for _, row := range table(t, "districts.csv") {
		district[row["soato"]] = row["name_uz_latn"]
	}
	rows := table(t, "settlements.csv")
	var places []locales.Place
	for range times {
		for i, row := range rows {
			row["district"] = district[row["district_soato"]]
			places = append(places, locales.Place{
				ID:      int64(i),
				Names:   []string{row["name_uz_latn"], row["name_uz_cyrl"]},
				Context: row["district"],
			})
		}
	}
	return locales.NewIndex(places), rows
}

// lose leaves out one letter of a name that has at least four.
func lose(name string, r *rand.Rand) string {
	letters := []rune(name)
	if len(letters) < 4 {
		return name
	}
	i := r.IntN(len(letters))
	return string(slices.Delete(letters, i, i+1))
}

func TestBadlyTypedNamesAreFoundAmongTheFirstFive(t *testing.T) {
	x, rows := settlements(t, 1)
	r := rand.New(rand.NewPCG(1, 2))
	for _, c := range []struct {
		name  string
		least float64
		query func(row map[string]string) string
		place bool // the very place, not a namesake
	}{
		{"exact", 1, func(row map[string]string) string { return row["name_uz_latn"] }, false},
		{"russian spelling", 0.90, func(row map[string]string) string { return row["name_ru"] }, false},
		{"latin, a letter lost", 0.90, func(row map[string]string) string { return lose(row["name_uz_latn"], r) }, false},
		{"cyrillic, a letter lost", 0.90, func(row map[string]string) string { return lose(row["name_uz_cyrl"], r) }, false},
		{"russian, a letter lost", 0.90, func(row map[string]string) string { return lose(row["name_ru"], r) }, false},
		{"russian and district", 0.90, func(row map[string]string) string { return row["name_ru"] + " " + row["district"] }, true},
		{"district, MFY, a letter lost", 0.90, func(row map[string]string) string {
			return row["district"] + ", " + lose(row["name_uz_latn"], r) + " MFY"
		}, true},
	} {
		found := 0
		for i, row := range rows {
			for _, id := range x.Find(c.query(row), 5) {
				if int(id) == i || !c.place && locales.Fold(rows[id]["name_uz_latn"]) == locales.Fold(row["name_uz_latn"]) {
					found++
					break
				}
			}
		}
		share := float64(found) / float64(len(rows))
		t.Logf("%-30s %.4f", c.name, share)
		if share < c.least {
			t.Errorf("%s: found %.4f, want at least %.2f", c.name, share, c.least)
		}
	}
}

func TestFind(t *testing.T) {
	x := locales.NewIndex([]locales.Place{
		{1, []string{"Doʻstlik", "Дўстлик"}, "Chilonzor tumani"},
		{2, []string{"Doʻstlik", "Дўстлик"}, "Yunusobod tumani"},
		{3, []string{"Oltin Doʻstlik"}, "Yunusobod tumani"},
		{4, []string{"Olmaliq"}, "Toshkent viloyati"},
		{5, []string{"Chilonzor"}, "Chilonzor tumani"},
		{6, []string{"Yangi shahar"}, "Asaka tumani"},
		{7, []string{"Yangi"}, "Asaka tumani"},
		{8, []string{"Toʻqimachi 2"}, "Asaka tumani"},
		{9, []string{"Jizzax"}, "Jizzax viloyati"},
	})
	for _, c := range []struct {
		query string
		want  []int64 // the first ones
	}{
		{"dostlik", []int64{1, 2, 3}},
		{"ДУСТЛИК МФЙ", []int64{1, 2, 3}},
		{"Dostlik mahallasi Yunusobod", []int64{2}},
		{"юнусабадский район махалля Дустлик", []int64{2}},
		{"Алмалык", []int64{4}},
		{"г. Алмалык", []int64{4}},
		{"olmaliq shahri", []int64{4}},
		{"chilonzor", []int64{5}},
		{"чиланзар", []int64{5}},
		{"Чилонзор Чилонзор тумани", []int64{5}},
		{"yangi shahar", []int64{6, 7}},
		{"yangi", []int64{7, 6}},
		{"tuqimachi-2", []int64{8}},
		{"Джизак", []int64{9}},
		{"olt", []int64{3}},
	} {
		got := x.Find(c.query, 5)
		if len(got) < len(c.want) || !slices.Equal(got[:len(c.want)], c.want) {
			t.Errorf("Find(%q) = %v, want first %v", c.query, got, c.want)
		}
	}
	for _, query := range []string{"", "   ", "👍", "\xff", "ь", "zzzzzz"} {
		if got := x.Find(query, 5); len(got) != 0 {
			t.Errorf("Find(%q) = %v, want none", query, got)
		}
	}
	if got := x.Find("dostlik", 1); !slices.Equal(got, []int64{1}) {
		t.Errorf("limit 1: got %v", got)
	}
	if got := x.Find("dostlik", 0); got != nil {
		t.Errorf("limit 0: got %v", got)
	}
	if got := locales.NewIndex(nil).Find("dostlik", 5); len(got) != 0 {
		t.Errorf("an empty index: got %v", got)
	}
}

func TestManySearchAtOnce(t *testing.T) {
	x, rows := settlements(t, 1)
	want := x.Find(rows[100]["name_ru"], 5)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for i := range 200 {
				x.Find(rows[i]["name_ru"], 5)
				if got := x.Find(rows[100]["name_ru"], 5); !slices.Equal(got, want) {
					t.Errorf("got %v, want %v", got, want)
				}
			}
		})
	}
	all.Wait()
}

func FuzzFind(f *testing.F) {
	x, _ := settlements(f, 1)
	f.Add("Дустлик махалля")
	f.Add("a b c d e f g h i j k")
	f.Fuzz(func(t *testing.T, query string) {
		if got := x.Find(query, 5); len(got) > 5 {
			t.Fatalf("%d places for %q", len(got), query)
		}
	})
}

func BenchmarkFind(b *testing.B) {
	x, _ := settlements(b, 4) // 10,520 places
	for name, query := range map[string]string{
		"exact":   "Олмалиқ",
		"slip":    "Navbaor mahallasi",
		"prefix":  "ya",
		"context": "Асака район махалля Истиклол",
		"long":    "Yangi hayot Chilonzor tumani Toshkent shahri MFY",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				x.Find(query, 5)
			}
		})
	}
}
