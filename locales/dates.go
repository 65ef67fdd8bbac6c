package locales

import (
	"fmt"
	"strings"
	"time"

	"koprik/mahalla"
)

// Tashkent returns the one time zone of the republic: UTC+5, no summer time. It
// is a fixed zone, so that it needs no zone files.
func Tashkent() *time.Location { return time.FixedZone("Asia/Tashkent", 5*60*60) }

// Clock shows the time of day in Tashkent: "09:05".
func Clock(t time.Time) string { return t.In(Tashkent()).Format("15:04") }

// Day shows the day of t as seen on the day of now: yesterday, today and
// tomorrow by their words, other days by number and month, with the year when
// it is another one. An unknown language is answered in the source language.
func (c *Catalogue) Day(lang mahalla.Language, t, now time.Time) string {
	t = t.In(Tashkent())
	switch daysBetween(now.In(Tashkent()), t) {
	case -1:
		return c.word(lang, "date.yesterday")
	case 0:
		return c.word(lang, "date.today")
	case 1:
		return c.word(lang, "date.tomorrow")
	}
	return c.Date(lang, t, now)
}

// Date shows the day of t by number and month, with the year when it is another
// one than that of now.
func (c *Catalogue) Date(lang mahalla.Language, t, now time.Time) string {
	t = t.In(Tashkent())
	key := "date.day_of_month"
	if t.Year() != now.In(Tashkent()).Year() {
		key = "date.day_of_year"
	}
	return c.proven(lang, key, map[string]any{
		"day": t.Day(), "month": c.word(lang, monthKey(t.Month())), "year": t.Year(),
	})
}

// When shows day and time of day: "bugun 11:40", "24-noyabr 09:00", "вчера в 11:00".
func (c *Catalogue) When(lang mahalla.Language, t, now time.Time) string {
	return c.proven(lang, "date.when", map[string]any{"day": c.Day(lang, t, now), "clock": Clock(t)})
}

// Weekday names the day of the week of t in Tashkent.
func (c *Catalogue) Weekday(lang mahalla.Language, t time.Time) string {
	return c.word(lang, weekdayKey(t.In(Tashkent()).Weekday()))
}

// Duration shows a length of time, rounded up so that a promise is never shown
// shorter than it is, in at most two units: below a day in hours and minutes, "1 soat
// 20 daqiqa", below two days in hours, "44 soat", below three in days and hours, "2 kun
// 5 soat", and from there in days, to the nearest. A negative length is shown without
// its sign.
func (c *Catalogue) Duration(lang mahalla.Language, d time.Duration) string {
	minutes := ceil(d.Abs(), time.Minute)
	days, hours := 0, minutes/60
	minutes %= 60
	if hours >= 24 {
		hours, minutes = ceil(d.Abs(), time.Hour), 0
	}
	if hours >= 48 {
		days, hours = hours/24, hours%24
	}
	if days >= 3 {
		days, hours = (days*24+hours+12)/24, 0
	}
	var parts []string
	for _, u := range [...]struct {
		key string
		n   int
	}{{"date.days", days}, {"date.hours", hours}, {"date.minutes", minutes}} {
		if u.n > 0 {
			parts = append(parts, c.count(lang, u.key, u.n))
		}
	}
	if len(parts) == 0 {
		return c.count(lang, "date.minutes", 0)
	}
	return strings.Join(parts, " ")
}

// ceil divides d by unit and rounds up.
func ceil(d, unit time.Duration) int { return int((d + unit - 1) / unit) }

// daysBetween counts the midnights from a to b, both in one zone.
func daysBetween(a, b time.Time) int {
	return int(midnight(b).Sub(midnight(a)) / (24 * time.Hour))
}

// midnight returns the beginning of the day of t.
func midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}

// monthKey is the message of a month's name.
func monthKey(m time.Month) string { return "date.month." + strings.ToLower(m.String()) }

// weekdayKey is the message of a weekday's name.
func weekdayKey(d time.Weekday) string { return "date.weekday." + strings.ToLower(d.String()) }

// proveDates renders every message that the dates use, in every language, so
// that afterwards none of them can fail.
func (c *Catalogue) proveDates() error {
	args := map[string]any{"day": 1, "month": "m", "year": 2000, "clock": "00:00"}
	keys := []string{"date.yesterday", "date.today", "date.tomorrow",
		"date.day_of_month", "date.day_of_year", "date.when"}
	for m := time.January; m <= time.December; m++ {
		keys = append(keys, monthKey(m))
	}
	for d := time.Sunday; d <= time.Saturday; d++ {
		keys = append(keys, weekdayKey(d))
	}
	for _, lang := range mahalla.Languages() {
		for _, key := range keys {
			if _, err := c.Text(lang, key, args); err != nil {
				return err
			}
		}
		for _, key := range []string{"date.days", "date.hours", "date.minutes"} {
			for _, n := range []int{0, 1, 2, 5} {
				if _, err := c.Plural(lang, key, n, nil); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// word renders a message without arguments that proveDates has rendered.
func (c *Catalogue) word(lang mahalla.Language, key string) string { return c.proven(lang, key, nil) }

// proven renders a message that proveDates has rendered with the same arguments.
func (c *Catalogue) proven(lang mahalla.Language, key string, args map[string]any) string {
	text, err := c.Text(c.known(lang), key, args)
	return proved(text, err)
}

// count renders a number of units that proveDates has rendered.
func (c *Catalogue) count(lang mahalla.Language, key string, n int) string {
	text, err := c.Plural(c.known(lang), key, n, nil)
	return proved(text, err)
}

// known returns lang, or the source language for one that does not exist.
func (c *Catalogue) known(lang mahalla.Language) mahalla.Language {
	if c.localizers[lang] == nil {
		return mahalla.UzLatn
	}
	return lang
}

// proved returns text; an error here means that proveDates lists too little.
func proved(text string, err error) string {
	if err != nil {
		panic(fmt.Sprintf("locales: unproved message: %v", err))
	}
	return text
}
