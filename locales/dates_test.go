package locales_test

import (
	"testing"
	"time"

	"koprik/locales"
	"koprik/mahalla"
)

// at is a moment of November 2026 in Tashkent.
func at(day, hour, minute int) time.Time {
	return time.Date(2026, time.November, day, hour, minute, 0, 0, locales.Tashkent())
}

func TestWhen(t *testing.T) {
	c := catalogue(t)
	now := at(23, 10, 40)
	for _, want := range []struct {
		t                   time.Time
		latn, cyrl, russian string
	}{
		{at(23, 11, 40), "bugun 11:40", "бугун 11:40", "сегодня в 11:40"},
		{at(23, 0, 0), "bugun 00:00", "бугун 00:00", "сегодня в 00:00"},
		{at(24, 9, 0), "ertaga 09:00", "эртага 09:00", "завтра в 09:00"},
		{at(22, 23, 59), "kecha 23:59", "кеча 23:59", "вчера в 23:59"},
		{at(25, 9, 5), "25-noyabr 09:05", "25-ноябрь 09:05", "25 ноября в 09:05"},
		{at(61, 9, 0), "31-dekabr 09:00", "31-декабрь 09:00", "31 декабря в 09:00"},
		{at(62, 9, 0), "2027-yil 1-yanvar 09:00", "2027-йил 1-январь 09:00", "1 января 2027 года в 09:00"},
		// The day is Tashkent's: 20:00 UTC is the next day there.
		{time.Date(2026, time.November, 23, 20, 0, 0, 0, time.UTC), "ertaga 01:00", "эртага 01:00", "завтра в 01:00"},
	} {
		for lang, text := range map[mahalla.Language]string{mahalla.UzLatn: want.latn, mahalla.UzCyrl: want.cyrl, mahalla.Ru: want.russian} {
			if got := c.When(lang, want.t, now.UTC()); got != text {
				t.Errorf("%s: When(%v) = %q, want %q", lang, want.t, got, text)
			}
		}
	}
	if got := c.Date(mahalla.UzLatn, now, now); got != "23-noyabr" {
		t.Errorf("Date = %q", got)
	}
	if got := c.When("en", now, now); got != "bugun 10:40" {
		t.Errorf("an unknown language: got %q", got)
	}
}

func TestEveryMonthAndWeekdayHasItsName(t *testing.T) {
	c := catalogue(t)
	for _, lang := range mahalla.Languages() {
		seen := make(map[string]bool)
		for i := range 12 {
			seen[c.Date(lang, time.Date(2026, time.January+time.Month(i), 5, 12, 0, 0, 0, locales.Tashkent()), at(1, 0, 0))] = true
		}
		for i := range 7 {
			seen[c.Weekday(lang, at(1+i, 0, 0))] = true
		}
		if len(seen) != 19 {
			t.Errorf("%s: %d different names, want 19: %v", lang, len(seen), seen)
		}
	}
	if got := c.Weekday(mahalla.UzCyrl, at(26, 3, 0)); got != "пайшанба" {
		t.Errorf("26 November 2026 is a Thursday, got %q", got)
	}
}

func TestDuration(t *testing.T) {
	c := catalogue(t)
	for _, want := range []struct {
		d           time.Duration
		uz, russian string
	}{
		{0, "0 daqiqa", "0 мин"},
		{time.Second, "1 daqiqa", "1 мин"},
		{45 * time.Minute, "45 daqiqa", "45 мин"},
		{2 * time.Hour, "2 soat", "2 часа"},
		{80 * time.Minute, "1 soat 20 daqiqa", "1 час 20 мин"},
		{59*time.Minute + time.Second, "1 soat", "1 час"},
		{23*time.Hour + 25*time.Minute, "23 soat 25 daqiqa", "23 часа 25 мин"},
		{24 * time.Hour, "24 soat", "24 часа"},
		{43*time.Hour + 25*time.Minute, "44 soat", "44 часа"},
		{47*time.Hour + time.Minute, "2 kun", "2 дня"},
		{48 * time.Hour, "2 kun", "2 дня"},
		{50*time.Hour + time.Minute, "2 kun 3 soat", "2 дня 3 часа"},
		{71*time.Hour + time.Minute, "3 kun", "3 дня"},
		{73*time.Hour + time.Minute, "3 kun", "3 дня"},
		{15*24*time.Hour + 2*time.Hour, "15 kun", "15 дней"},
		{15*24*time.Hour + 13*time.Hour, "16 kun", "16 дней"},
		{21 * 24 * time.Hour, "21 kun", "21 день"},
		{-5 * time.Minute, "5 daqiqa", "5 мин"},
	} {
		if got := c.Duration(mahalla.UzLatn, want.d); got != want.uz {
			t.Errorf("uz: Duration(%v) = %q, want %q", want.d, got, want.uz)
		}
		if got := c.Duration(mahalla.Ru, want.d); got != want.russian {
			t.Errorf("ru: Duration(%v) = %q, want %q", want.d, got, want.russian)
		}
	}
}
