package casework

import (
	"strings"
	"testing"
	"time"

	"koprik/locales"
	"koprik/mahalla"
)

func TestRulesAreUnderstoodInEveryLanguage(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, locales.Tashkent()) // a Monday
	for typed, want := range map[string]string{
		"har dushanba 09:00":       "0 9 * * 1",
		"ҳар душанба 09:00":        "0 9 * * 1",
		"каждый понедельник 09:00": "0 9 * * 1",
		"har juma":                              "0 9 * * 5",
		"Har SHANBA kuni soat 10:30 da":         "30 10 * * 6",
		"каждую среду в 08:15":                  "15 8 * * 3",
		"oyning 2-shanbasi 10:00":               "0 10 * * 6 nth 2",
		"oyning ikkinchi shanbasi 10:00":        "0 10 * * 6 nth 2",
		"ойнинг 2-шанбаси 10:00":                "0 10 * * 6 nth 2",
		"вторая суббота месяца 10:00":           "0 10 * * 6 nth 2",
		"каждую четвёртую пятницу месяца 10:00": "0 10 * * 5 nth 4",
		"oyning oxirgi juma kuni 09:30":         "30 9 * * 5 nth -1",
		"последняя пятница месяца 09:30":        "30 9 * * 5 nth -1",
		"ikki haftada bir shanba 10:00":         "0 10 * * 6 other",
		"2 haftada bir shanba 10:00":            "0 10 * * 6 other",
		"раз в две недели, суббота 10:00":       "0 10 * * 6 other",
		"har ish kuni 09:00":                    "0 9 * * *",
		"каждый рабочий день 09:00":             "0 9 * * *",
		"har kuni 08:00":                        "0 8 * * *",
		"oyning oxirgi ish kuni 18:00":          "0 18 12-31 * * last_day",
		"последний рабочий день месяца 18:00":   "0 18 12-31 * * last_day",
		"har oyning 10-kuni 09:00":              "0 9 10 * *",
		"10 числа каждого месяца 09:00":         "0 9 10 * *",
		"0 9 29 2 *":                "0 9 29 2 *",
		"0 9 * * 1,4":               "0 9 * * 1,4",
		"25.11 15:00":               "once 2026-11-25 15:00",
		"ertaga 09:00":              "once 2026-11-24 09:00",
		"завтра 09:00":              "once 2026-11-24 09:00",
		"har ikkinchi shanba 10:00": "0 10 * * 6 other",
		"ҳар иккинчи шанба 10:00":   "0 10 * * 6 other",
		"каждую вторую субботу 10:00":             "0 10 * * 6 other",
		"каждая 2-я суббота 10:00":                "0 10 * * 6 other",
		"ikkinchi shanba 10:00":                   "recur_second",
		"2-я суббота 10:00":                       "recur_second",
		"2-я суббота месяца 10:00":                "0 10 * * 6 nth 2",
		"каждую 2-ю субботу месяца в 10":          "0 10 * * 6 nth 2",
		"har juma soat 15 da":                     "0 15 * * 5",
		"har juma 15da":                           "0 15 * * 5",
		"ҳар жума соат 15 да":                     "0 15 * * 5",
		"har juma kuni kechqurun 6 da":            "0 18 * * 5",
		"каждую пятницу в 15":                     "0 15 * * 5",
		"каждую пятницу в 3 дня":                  "0 15 * * 5",
		"каждый понедельник в 9 утра":             "0 9 * * 1",
		"по пятницам в 15.00":                     "0 15 * * 5",
		"har dushanba 9.00":                       "0 9 * * 1",
		"har dushanba 9":                          "0 9 * * 1",
		"har dushanba 9-30":                       "30 9 * * 1",
		"har juma 3 da":                           "0 15 * * 5", // the card shows it before it is kept
		"ish kunlari 9:00":                        "0 9 * * *",
		"иш кунлари 9:00":                         "0 9 * * *",
		"по будням в 9":                           "0 9 * * *",
		"har haftada juma 15:00":                  "0 15 * * 5",
		"каждую неделю в пятницу в 15:00":         "0 15 * * 5",
		"раз в неделю по средам 10:00":            "0 10 * * 3",
		"раз в 2 недели, суббота 10:00":           "0 10 * * 6 other",
		"har ikki haftada shanba 10:00":           "0 10 * * 6 other",
		"27 noyabr soat 15 da":                    "once 2026-11-27 15:00",
		"27 ноября в 15.00":                       "once 2026-11-27 15:00",
		"в 15":                                    "once 2026-11-23 15:00",
		"har oyning 10-kuni 9 da":                 "0 9 10 * *",
		"":                                        "recur_unreadable",
		"qachondir":                               "recur_unreadable",
		"har":                                     "0 9 * * *",
		"haftada":                                 "recur_unreadable",
		"oyning 31-shanbasi":                      "recur_unreadable",
		"20.11.2026 15:00":                        "recur_past",
		"0 9 30 2 *":                              "recur_never",
		"* * * * *":                               "recur_often",
		"0 */6 * * *":                             "recur_often",
		"har dushanba 23:00":                      "recur_quiet",
		"@daily":                                  "recur_unreadable",
		"TZ=UTC 0 9 * * 1":                        "recur_unreadable",
		"@every 1s x x x":                         "recur_unreadable",
		"0 9 * * 9":                               "recur_unreadable",
		"0 9 * * 1 2027":                          "recur_unreadable",
		strings.Repeat("har ", 500) + "dushanba":  "0 9 * * 1",
		"har dushanba <b>09:00</b>":               "recur_unreadable",
		"har oyning 31-kuni 10:00":                "0 10 31 * *",
		"har payshanba 09:00 nimadir tushunarsiz": "recur_unreadable",
	} {
		r, err := g.desk.ParseRule(typed, now)
		got := r.Cron
		switch {
		case err != nil:
			refusal, ok := err.(*mahalla.Error)
			if !ok {
				t.Fatalf("%q: %v", typed, err)
			}
			got = refusal.Reason
		case !r.Once.IsZero():
			got = "once " + r.Once.Format("2006-01-02 15:04")
		case r.Only == mahalla.OnlyNth:
			got += " nth " + map[int]string{-1: "-1", 1: "1", 2: "2", 3: "3", 4: "4"}[r.Nth]
		case r.Only != mahalla.OnlyAll:
			got += " " + string(r.Only)
		}
		if got != want {
			t.Errorf("%.60q: got %q, want %q", typed, got, want)
		}
	}
}

// What a rule says of itself in words, when it is a plain one, is understood as
// the same rule where people write so.
func TestEveryRuleIsSaidInEveryLanguage(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	nine := 9 * time.Hour
	seen := map[string]bool{}
	for _, r := range []mahalla.Recurrence{mahalla.EachWorkingDay(nine), mahalla.EveryDay(nine), mahalla.Weekly(time.Monday, nine),
		mahalla.EveryOther(time.Monday, nine, mahalla.DateOf(day)), mahalla.NthOfMonth(2, time.Saturday, nine), mahalla.NthOfMonth(mahalla.LastOfMonth, time.Saturday, nine),
		mahalla.Monthly(10, nine), mahalla.LastWorkingDayOf(nine), {Cron: "0 9 * * 1"}, mahalla.At(day)} {
		for _, lang := range mahalla.Languages() {
			for _, r.Holidays = range mahalla.HolidayRules() {
				w := g.desk.speak(lang, day)
				text := w.rule(r)
				if w.err != nil || text == "" || !strings.ContainsAny(text, "0123456789") {
					t.Errorf("%v in %s: got %q, %v", r, lang, text, w.err)
				}
				seen[string(lang)+text] = true
			}
		}
	}
	if len(seen) < 3*(7*4+3) {
		t.Errorf("only %d differ", len(seen))
	}
}

func TestATextIsTakenApartByLanguages(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]map[mahalla.Language]string{
		"Hisobot":                        {mahalla.UzLatn: "Hisobot"},
		"Отчёт":                          {mahalla.UzLatn: "Отчёт"},
		"Soat 9:00 / 10:00 da":           {mahalla.UzLatn: "Soat 9:00 / 10:00 da"},
		"uz: Hisobot / ru: Отчёт":        {mahalla.UzLatn: "Hisobot", mahalla.Ru: "Отчёт"},
		"ru: Отчёт\nuz: Hisobot\nertaga": {mahalla.UzLatn: "Hisobot\nertaga", mahalla.Ru: "Отчёт"},
		"ўз: Ҳисобот / РУ: Отчёт":        {mahalla.UzCyrl: "Ҳисобот", mahalla.Ru: "Отчёт"},
		"oʻz: Hisobot":                   {mahalla.UzLatn: "Hisobot"},
		"uz: / ru: ":                     {},
	} {
		got := splitLanguages(words)
		if len(got) != len(want) {
			t.Errorf("%q: got %q, want %q", words, got, want)
		}
		for lang, text := range want {
			if got[lang] != text {
				t.Errorf("%q in %s: got %q, want %q", words, lang, got[lang], text)
			}
		}
	}
	both := map[mahalla.Language]string{mahalla.UzLatn: "Hisobot", mahalla.Ru: "Отчёт"}
	for lang, want := range map[mahalla.Language]string{mahalla.UzLatn: "Hisobot", mahalla.UzCyrl: "Ҳисобот", mahalla.Ru: "Отчёт"} {
		if got := textFor(both, lang); got != want {
			t.Errorf("%s: got %q, want %q", lang, got, want)
		}
	}
	if got := textFor(map[mahalla.Language]string{mahalla.UzLatn: "План"}, mahalla.UzCyrl); got != "План" {
		t.Errorf("one text for all stays as it is: got %q", got)
	}
	if textFor(nil, mahalla.Ru) != "" {
		t.Error("nothing is something")
	}
}
