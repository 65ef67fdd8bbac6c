package casework

import (
	"errors"
	"strings"
	"testing"
	"time"

	"koprik/locales"
	"koprik/mahalla"
)

// at reads a moment in Tashkent.
func at(t *testing.T, text string) time.Time {
	t.Helper()
	moment, err := time.ParseInLocation("2006-01-02 15:04", text, locales.Tashkent())
	if err != nil {
		t.Fatal(err)
	}
	return moment
}

// plainDesk is a desk without a database, for what needs words only.
func plainDesk(t testing.TB) *Desk {
	t.Helper()
	catalogue, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	return NewDesk(catalogue, nil, nil)
}

func TestAMomentIsUnderstoodAsOfficersTypeIt(t *testing.T) {
	t.Parallel()
	d := plainDesk(t)
	for _, test := range []struct{ now, typed, want string }{
		{"2026-11-04 12:00", "25.11 15:00", "2026-11-25 15:00"},
		{"2026-11-04 12:00", "25.11", "2026-11-25 18:00"},
		{"2026-11-04 12:00", "25.11.2026 9:05", "2026-11-25 09:05"},
		{"2026-11-04 12:00", "25.11.26", "2026-11-25 18:00"},
		{"2026-11-04 12:00", "25.11.2027", "2027-11-25 18:00"},
		{"2026-11-04 12:00", "1.12", "2026-12-01 18:00"},
		{"2026-11-04 12:00", "3.11 15:00", "2026-11-03 15:00"}, // yesterday: a promise refuses it as past
		{"2026-11-04 12:00", "5.5 15:00", "2026-05-05 15:00"},
		{"2026-11-04 12:00", "4.5 15:00", "2027-05-04 15:00"},
		{"2026-11-04 12:00", "15:00", "2026-11-04 15:00"},
		{"2026-11-04 12:00", "15", "2026-11-04 15:00"},
		{"2026-11-04 12:00", "0:00", "2026-11-04 00:00"},
		{"2026-11-04 12:00", "23:59", "2026-11-04 23:59"},
		{"2026-11-04 12:00", "15:00 25.11", "2026-11-25 15:00"},
		{"2026-11-04 12:00", "25.11, 15:00.", "2026-11-25 15:00"},
		{"2026-11-04 12:00", "  25.11.  15:00 ", "2026-11-25 15:00"},
		{"2026-11-04 12:00", "\u202a25.11\u202c\u00a015:00", "2026-11-25 15:00"},
		// Words, in every language and whichever letters the phone has.
		{"2026-11-04 12:00", "bugun", "2026-11-04 18:00"},
		{"2026-11-04 12:00", "Bugun 17:30", "2026-11-04 17:30"},
		{"2026-11-04 12:00", "ertaga 10:00", "2026-11-05 10:00"},
		{"2026-11-04 12:00", "ERTAGA", "2026-11-05 18:00"},
		{"2026-11-04 12:00", "бугун 17", "2026-11-04 17:00"},
		{"2026-11-04 12:00", "эртага 9:00", "2026-11-05 09:00"},
		{"2026-11-04 12:00", "сегодня", "2026-11-04 18:00"},
		{"2026-11-04 12:00", "Завтра, 10:00", "2026-11-05 10:00"},
		{"2026-11-04 12:00", "10:00 завтра", "2026-11-05 10:00"},
		// The day that is meant.
		{"2026-11-04 12:00", "04.11", "2026-11-04 18:00"},
		{"2026-11-04 12:00", "04.11 08:00", "2026-11-04 08:00"},
		{"2026-11-04 12:00", "03.11", "2026-11-03 18:00"},
		{"2026-11-04 00:00", "03.11", "2026-11-03 18:00"},
		{"2026-11-04 23:59", "04.11 23:59", "2026-11-04 23:59"},
		// Around the end of a year, a month, a day.
		{"2026-12-31 12:00", "ertaga", "2027-01-01 18:00"},
		{"2026-12-31 12:00", "01.01 10:00", "2027-01-01 10:00"},
		{"2026-12-20 12:00", "05.01", "2027-01-05 18:00"},
		{"2027-01-01 00:30", "31.12", "2026-12-31 18:00"},
		{"2027-02-28 12:00", "завтра", "2027-03-01 18:00"},
		// 29 February.
		{"2028-02-10 12:00", "29.02 10:00", "2028-02-29 10:00"},
		{"2028-02-29 12:00", "29.02 15:00", "2028-02-29 15:00"},
		{"2028-02-28 12:00", "ertaga", "2028-02-29 18:00"},
		{"2027-12-31 12:00", "29.02", "2028-02-29 18:00"},
		{"2028-03-01 12:00", "29.02", "2028-02-29 18:00"},
		{"2028-09-01 12:00", "29.02", "2032-02-29 18:00"},
		{"2028-02-10 12:00", "29.02.2028", "2028-02-29 18:00"},
	} {
		got, err := d.ParseWhen(test.typed, at(t, test.now))
		if err != nil || !got.Equal(at(t, test.want)) {
			t.Errorf("%q at %s: got %s, %v, want %s", test.typed, test.now, got.Format("2006-01-02 15:04"), err, test.want)
		}
	}
}

// What people write who have never seen a format.
func TestAMomentIsUnderstoodAsPeopleWriteIt(t *testing.T) {
	t.Parallel()
	d := plainDesk(t)
	const now = "2026-11-23 12:00" // a Monday
	for typed, want := range map[string]string{
		"27.11 15.00":                  "2026-11-27 15:00",
		"27.11 15-00":                  "2026-11-27 15:00",
		"27.11. 15:00":                 "2026-11-27 15:00",
		"27.11 – 15:00":                "2026-11-27 15:00",
		"27.11 15 00":                  "2026-11-27 15:00",
		"27.11 15:00 da":               "2026-11-27 15:00",
		"27.11 kuni soat 15 da":        "2026-11-27 15:00",
		"27.11.2026-yil soat 15da":     "2026-11-27 15:00",
		"27.11 (juma) 15:00":           "2026-11-27 15:00",
		"15.00 27.11":                  "2026-11-27 15:00",
		"15.30":                        "2026-11-23 15:30",
		"10.12":                        "2026-12-10 18:00",
		"10.12 10.12":                  "2026-12-10 10:12",
		"10.12 da soat 9 da":           "2026-12-10 09:00",
		"ertaga 10.12":                 "2026-11-24 10:12",
		"soat 10":                      "2026-11-23 10:00",
		"soat 10 da":                   "2026-11-23 10:00",
		"soat 10da":                    "2026-11-23 10:00",
		"соат 10 да":                   "2026-11-23 10:00",
		"10 da":                        "2026-11-23 10:00",
		"10да":                         "2026-11-23 10:00",
		"soat 10.12":                   "2026-11-23 10:12",
		"ertaga soat 9 da":             "2026-11-24 09:00",
		"эртага соат 9 да":             "2026-11-24 09:00",
		"indin 9 da":                   "2026-11-25 09:00",
		"в 10":                         "2026-11-23 10:00",
		"в 10:30":                      "2026-11-23 10:30",
		"завтра в 9":                   "2026-11-24 09:00",
		"послезавтра в 9.30":           "2026-11-25 09:30",
		"на завтра, на 10:00":          "2026-11-24 10:00",
		"завтра к 10 часам":            "",
		"завтра в 10 часов":            "2026-11-24 10:00",
		"в 10 утра":                    "2026-11-23 10:00",
		"завтра утром в 8":             "2026-11-24 08:00",
		"в 3 дня":                      "2026-11-23 15:00",
		"3 дня":                        "", // in three days?
		"завтра 3 дня":                 "2026-11-24 15:00",
		"в 7 вечера":                   "2026-11-23 19:00",
		"завтра вечером в 6":           "2026-11-24 18:00",
		"в 15 утра":                    "",
		"kechqurun 6 da":               "2026-11-23 18:00",
		"кечқурун 6 да":                "2026-11-23 18:00",
		"ertaga ertalab soat 7 da":     "2026-11-24 07:00",
		"tushdan keyin 3 da":           "2026-11-23 15:00",
		"ertaga kunduzi soat 2 da":     "2026-11-24 14:00",
		"27 noyabr 15:00":              "2026-11-27 15:00",
		"27-noyabr 15:00":              "2026-11-27 15:00",
		"27-noyabr, juma, soat 15 da":  "2026-11-27 15:00",
		"27-ноябрь соат 15 да":         "2026-11-27 15:00",
		"27 ноябрда 15:00":             "2026-11-27 15:00",
		"27-noyabr soat 15 da":         "2026-11-27 15:00",
		"27 ноября в 15.00":            "2026-11-27 15:00",
		"27 нояб. 15:00":               "2026-11-27 15:00",
		"27 ноября 2026 года в 15":     "2026-11-27 15:00",
		"2026-yil 27-noyabr 15:00":     "2026-11-27 15:00",
		"2026 yil 27 noyabr soat 15da": "2026-11-27 15:00",
		"1 dekabr":                     "2026-12-01 18:00",
		"5 may":                        "2027-05-05 18:00",
		"31 noyabr":                    "",
		"32 noyabr":                    "",
		"juma 15:00":                   "2026-11-27 15:00",
		"juma kuni soat 15 da":         "2026-11-27 15:00",
		"в пятницу в 15":               "2026-11-27 15:00",
		"жума 15.00":                   "2026-11-27 15:00",
		"dushanba 15:00":               "2026-11-23 15:00",
		"dushanba 09:00":               "2026-11-30 09:00", // today it is over
		"понедельник":                  "2026-11-30 18:00",
		"shanba 27.11 15:00":           "", // a Friday
		"juma 27.11 15:00":             "2026-11-27 15:00",
		"27.11 28.11":                  "",
		"15:00 16:00":                  "",
		"27.11 juma shanba":            "",
		"через 2 часа":                 "",
		"2 soatdan keyin":              "",
		"soat 07":                      "2026-11-23 07:00", // written as a clock has it
		"07:00":                        "2026-11-23 07:00",
		"7:00":                         "when_vague 19:00 07:00",
		"soat 3 da":                    "when_vague 15:00 03:00",
		"ertaga 5":                     "when_vague 17:00 05:00",
		"в 3":                          "when_vague 15:00 03:00",
	} {
		moment, err := d.ParseWhen(typed, at(t, now))
		got := moment.Format("2006-01-02 15:04")
		if refusal := (*mahalla.Error)(nil); errors.As(err, &refusal) {
			if got = ""; refusal.Reason == "when_vague" {
				got = "when_vague " + refusal.Args["late"] + " " + refusal.Args["early"]
			}
		}
		if got != want {
			t.Errorf("%q: got %q, %v, want %q", typed, got, err, want)
		}
	}
}

// What was asked decides what the same words mean, and what is no moment is a place.
func TestWordsOfAMeeting(t *testing.T) {
	t.Parallel()
	d := plainDesk(t)
	now := at(t, "2026-11-23 12:00")
	for _, test := range []struct {
		typed string
		asked Asked
		want  string
	}{
		{"10.12", AskedLine, "10.12 - "},
		{"10.12", AskedEither, "10.12 - "},
		{"10.12", AskedClock, "- 10:12 "},
		{"10.12 15:00", AskedClock, "10.12 15:00 "},
		{"10.30", AskedEither, "- 10:30 "},
		{"10.30", AskedLine, "- 10:30 "},
		{"10", AskedClock, "- 10:00 "},
		{"10", AskedLine, "- - 10"},
		{"soat 10 da", AskedLine, "- 10:00 "},
		{"3", AskedClock, "- 15:00? "},
		{"soat 9 yarim", AskedClock, "- 09:00 yarim"},
		{"27.11 15.00 Mahalla idorasi, 2-xona", AskedLine, "27.11 15:00 Mahalla idorasi, 2-xona"},
		{"27 noyabr soat 15 da MFY binosi", AskedLine, "27.11 15:00 MFY binosi"},
		{"27 ноября в 15:00 Здание СГМ", AskedLine, "27.11 15:00 Здание СГМ"},
		{"12.12 10:00 Juma masjidi yonida", AskedLine, "12.12 10:00 Juma masjidi yonida"},
		{"12.12 Juma masjidi yonida", AskedLine, "12.12 - Juma masjidi yonida"},
		{"12.12 5-maktab", AskedLine, "12.12 - 5-maktab"},
		{"Juma masjidi", AskedLine, "- - Juma masjidi"},
		{"shanba", AskedLine, "28.11 - "},
		{"juma kuni 15 da", AskedLine, "27.11 15:00 "},
		{"Idora 12.12 10:00", AskedLine, "- - Idora 12.12 10:00"},
		{"31.02", AskedLine, "refused"},
		{"juma 28 noyabr 10:00 MFY", AskedLine, "refused"}, // a Saturday
		{"ertaga 28 noyabr 10:00 MFY", AskedLine, "refused"},
		{"ertaga kech 6 da MFY", AskedLine, "24.11 18:00 MFY"},
		{"keyingi juma 10:00", AskedLine, "refused"},
		{"следующая пятница 10:00", AskedLine, "refused"},
		{"27/11 10:00", AskedLine, "refused"},
		{"27.11.2026y. 10:00", AskedLine, "refused"},
		{"27.11 15:00 8-mart koʻchasi 12/4", AskedLine, "27.11 15:00 8-mart koʻchasi 12/4"},
	} {
		w, err := d.ParseMeeting(test.typed, test.asked, now)
		day, clock := "-", "-"
		if !w.Day.IsZero() {
			day = w.Day.Format("02.01")
		}
		if w.Clock >= 0 {
			clock = clockOf(w.Clock)
		}
		if w.Vague {
			clock += "?"
		}
		got := day + " " + clock + " " + w.Place
		if err != nil {
			got = "refused"
		}
		if got != test.want {
			t.Errorf("%q asked %d: got %q, want %q", test.typed, test.asked, got, test.want)
		}
	}
}

func TestDaysOfAbsenceAreUnderstood(t *testing.T) {
	t.Parallel()
	d := plainDesk(t)
	now := at(t, "2026-11-23 12:00")
	for typed, want := range map[string]string{
		"25.11-30.11":                "25.11 30.11",
		"25.11 – 30.11":              "25.11 30.11",
		"25.11dan 30.11gacha":        "25.11 30.11",
		"25 noyabr - 5 dekabr":       "25.11 05.12",
		"27-30 noyabr":               "27.11 30.11",
		"с 25 по 30 ноября":          "25.11 30.11",
		"25-noyabrdan 5-dekabrgacha": "25.11 05.12",
		"ertaga":                     "24.11 24.11",
		"сегодня":                    "23.11 23.11",
		"25.11 26.11 27.11":          "",
		"25-30":                      "",
		"keyin":                      "",
	} {
		from, until, err := d.ParseDays(typed, now)
		got := from.Format("02.01") + " " + until.AddDate(0, 0, -1).Format("02.01")
		if err != nil {
			got = ""
		}
		if got != want {
			t.Errorf("%q: got %q, %v, want %q", typed, got, err, want)
		}
	}
}

func TestTheDayIsThatOfTashkentWhereverTheClockStands(t *testing.T) {
	t.Parallel()
	d := plainDesk(t)
	now := time.Date(2026, 11, 4, 20, 0, 0, 0, time.UTC) // one at night in Tashkent
	if got, err := d.ParseWhen("bugun 9:00", now); err != nil || !got.Equal(at(t, "2026-11-05 09:00")) {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestWhatIsNoMomentIsRefused(t *testing.T) {
	t.Parallel()
	d := plainDesk(t)
	for _, typed := range []string{
		"", "   ", "keyin", "soat", "25", "24:00", "15:60", "15:", ":30", "-1", "15:-1", "1500", "12:00:00",
		"25.13", "32.11", "0.11", "31.02", "30.02", "29.02.2027", "31.04", "25.11.2026.1", ".", "..", "25.", "a.b", "25.11.x",
		"99999999999999999999.11", "25-11", "25/11", "bugun keyin", "15:00 emas", "2026.11.25", "-5.11",
	} {
		got, err := d.ParseWhen(typed, at(t, "2026-11-04 12:00"))
		var refusal *mahalla.Error
		if !errors.As(err, &refusal) || refusal.Reason != "promise_unreadable" || refusal.Code != mahalla.Invalid || !got.IsZero() {
			t.Errorf("%q: got %v, %v, want it refused", typed, got, err)
		}
	}
}

func TestTheUsualMomentsAreThoseStillToCome(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ now, want string }{
		{"2026-11-04 00:00", "today13 04 13:00, today18 04 18:00, tomorrow 05 10:00"},
		{"2026-11-04 12:59", "today13 04 13:00, today18 04 18:00, tomorrow 05 10:00"},
		{"2026-11-04 13:00", "today18 04 18:00, tomorrow 05 10:00"},
		{"2026-11-04 18:00", "tomorrow 05 10:00"},
		{"2026-11-04 23:59", "tomorrow 05 10:00"},
		{"2026-12-31 19:00", "tomorrow 01 10:00"},
	} {
		for _, zone := range []*time.Location{locales.Tashkent(), time.UTC} {
			var list []string
			for _, p := range Promises(at(t, test.now).In(zone)) {
				list = append(list, p.Arg+p.At.Format(" 02 15:04"))
				if p.Tomorrow != (p.Arg == "tomorrow") {
					t.Errorf("%s: tomorrow is %v", p.Arg, p.Tomorrow)
				}
			}
			if got := strings.Join(list, ", "); got != test.want {
				t.Errorf("at %s: got %s, want %s", test.now, got, test.want)
			}
		}
	}
}

func TestAMomentIsShownInEveryLanguage(t *testing.T) {
	t.Parallel()
	d := plainDesk(t)
	for lang, want := range map[mahalla.Language]string{mahalla.UzLatn: "ertaga 10:00", mahalla.UzCyrl: "эртага 10:00", mahalla.Ru: "завтра в 10:00"} {
		if got, err := d.When(lang, at(t, "2026-11-05 10:00"), at(t, "2026-11-04 12:00")); err != nil || got != want {
			t.Errorf("%s: got %q, %v, want %q", lang, got, err, want)
		}
	}
}

func TestACategoryIsFoundByTheBeginningOfItsNameInAnyLanguage(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	for _, test := range []struct {
		typed string
		want  mahalla.CategoryCode
	}{
		{"shovqin", "noise"},
		{"SHOVQIN", "noise"},
		{"шовқин", "noise"},
		{"шум", "noise"},
		{"noise", "noise"},
		{"tungi", "noise"},
		{"нарушение тиш", "noise"},
		{"o'g'ri", "theft"},
		{"oʻgʻrilik", "theft"},
		{"ўғрилик", "theft"},
		{"краж", "theft"},
		{"inspector_complaint", mahalla.OfficerComplaint},
		{"vqin", ""},
		{"<b>", ""}, // a slip files nothing
		{"sh", ""},
		{"ob-havo", ""},
		{"", ""},
		{"  ", ""},
		{"?!", ""},
	} {
		got, found := g.desk.CategoryNamed(test.typed)
		if got != test.want || found != (test.want != "") {
			t.Errorf("%q: got %q, %v, want %q", test.typed, got, found, test.want)
		}
	}
	for code, c := range g.desk.Reference().Categories {
		for _, lang := range mahalla.Languages() {
			short, err := g.desk.Word(lang, day, "category."+string(code))
			if err != nil {
				t.Fatal(err)
			}
			for _, typed := range []string{string(code), c.Names.In(lang), short} {
				if got, found := g.desk.CategoryNamed(typed); !found || got != code {
					t.Errorf("%q: got %q, want %q", typed, got, code)
				}
			}
		}
	}
}

func TestALanguageAndAnOutcomeAreFoundByTheirNames(t *testing.T) {
	t.Parallel()
	d := plainDesk(t)
	for typed, want := range map[string]mahalla.Language{
		"o'zbekcha": mahalla.UzLatn, "Oʻzb": mahalla.UzLatn, "ўзбекча": mahalla.UzCyrl, "Рус": mahalla.Ru, "ru": mahalla.Ru, "uz": mahalla.UzLatn, "uz-cyrl": mahalla.UzCyrl,
		"": "", "english": "",
	} {
		if got, ok := d.LanguageNamed(typed); got != want || ok != (want != "") {
			t.Errorf("%q: got %q, %v, want %q", typed, got, ok, want)
		}
	}
	for typed, want := range map[string]string{
		"bajarildi":                  "solved/bajarildi",
		"Ogohlantirildi: gaplashdim": "warned/gaplashdim",
		"ogoh: a: b":                 "warned/a: b",
		"Бошқа: туман":               "redirected/туман",
		"не подтвердилось: пусто":      "unconfirmed/пусто",
		"soat 15:00 da: hammasi joyda": "solved/soat 15:00 da: hammasi joyda",
		": nuqta":                      "solved/: nuqta",
	} {
		with, words, named := d.ClosingNamed(typed)
		if string(with)+"/"+words != want || named == (with == mahalla.Solved) {
			t.Errorf("%q: got %s/%s, %v, want %s", typed, with, words, named, want)
		}
	}
}

func TestOnlyWordsThatSayNothingElseAnswerAnInvitation(t *testing.T) {
	t.Parallel()
	d := plainDesk(t)
	for typed, want := range map[string]mahalla.RSVP{
		"приду":     mahalla.RSVPYes,
		"Да, приду": mahalla.RSVPYes,
		"Да, обязательно приду!": mahalla.RSVPYes,
		"keladi":                mahalla.RSVPYes,
		"Kelaman":               mahalla.RSVPYes,
		"Ha, kelaman.":          mahalla.RSVPYes,
		"келаман":               mahalla.RSVPYes,
		"Ҳа, бораман":           mahalla.RSVPYes,
		"приду 👍":               mahalla.RSVPYes,
		"bora olmayman":         mahalla.RSVPNo,
		"Yo'q, kela olmayman":   mahalla.RSVPNo,
		"йўқ, бора олмайман":    mahalla.RSVPNo,
		"не смогу":              mahalla.RSVPNo,
		"Нет, не приду":         mahalla.RSVPNo,
		"К сожалению, не смогу": mahalla.RSVPNo,
		"приду?":                "",
		"ha":                    "", // to what?
		"да":                    "",
		"нет":                   "",
		"да, не смогу":          "",
		"yoʻq, kelaman":         "",
		"приду, но сосед опять шумит": "",
		"не смогу открыть дверь":      "",
		"kelaman dedi, lekin kelmadi": "",
		"kelaman\nqoʻshnim urdi":      "",
		"участковый не приду сказал":  "",
		"da, keladi":                   mahalla.RSVPYes, // of the two alphabets no matter which
		"приду не смогу":               "",
		"":                             "",
		"👍":                            "",
		"qachon kelaman":               "",
		"bora olmayman, kasalxonadama": "",
	} {
		if got := d.HearComing(typed); got != want {
			t.Errorf("%q: got %q, want %q", typed, got, want)
		}
	}
}

func TestWithdraws(t *testing.T) {
	t.Parallel()
	d := plainDesk(t)
	for typed, want := range map[string]bool{
		"Rozi emasman": true, "yoʻq, rozi emasman": true, "не согласна": true, "Передумал": true, "фикримдан қайтдим": true,
		"yoʻq": false, "kela olmayman": false, "нет": false, "не смогу": false, "Roziman": false,
	} {
		if got := d.Withdraws(typed); got != want {
			t.Errorf("%q: %v", typed, got)
		}
	}
}
