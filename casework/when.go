package casework

import (
	"strconv"
	"strings"
	"time"

	"koprik/locales"
	"koprik/mahalla"
)

// defaultHour is meant when a day is named without a time of day.
const defaultHour = 18

// The years that people mean.
const (
	firstYear = 1900
	lastYear  = 2999
)

// When shows a moment in a language: "bugun 11:40".
func (d *Desk) When(lang mahalla.Language, t, now time.Time) (string, error) {
	w := d.speak(lang, now)
	return w.when(t), w.err
}

// ParseWhen understands a moment as people type it: "25.11 15:00", "27 noyabr soat 15 da",
// "завтра в 9", a day or a time of day alone. A date without a year is explained at
// parseDay. An hour that may be meant in two ways is refused: what is read counts at once.
func (d *Desk) ParseWhen(typed string, now time.Time) (time.Time, error) {
	at, m, err := d.parseMoment(typed, now)
	if err == nil && m.vague {
		return time.Time{}, VagueHour(m.clock)
	}
	return at, err
}

// parseMoment reads a line that is a moment and nothing else.
func (d *Desk) parseMoment(typed string, now time.Time) (time.Time, moment, error) {
	now = now.In(locales.Tashkent())
	list := lineWords(locales.Clean(typed))
	m, used := d.readMoment(list, AskedEither, now)
	if !m.said() || used < len(list) {
		return time.Time{}, m, mahalla.Refuse(mahalla.Invalid, "promise_unreadable")
	}
	day, clock := m.day, m.clock
	if day.IsZero() {
		day = midnight(now)
	}
	if clock < 0 {
		clock = defaultHour * time.Hour
	}
	return day.Add(clock), m, nil
}

// Yes tells whether a typed word agrees, in any of the languages.
func (d *Desk) Yes(typed string) bool { return d.isWord("word.yes", typed) }

// No tells whether a word says no, in any language.
func (d *Desk) No(typed string) bool { return d.isWord("word.no", typed) }

// Later tells whether a word says that it is not the time, in any language.
func (d *Desk) Later(typed string) bool { return d.isWord("word.later", typed) }

// IsWord tells whether a typed word is the text of a key in any language.
func (d *Desk) IsWord(key, typed string) bool { return d.isWord(key, typed) }

// isWord tells whether a word is the text of a key in any language.
func (d *Desk) isWord(key, word string) bool {
	for _, lang := range mahalla.Languages() {
		text, err := d.catalogue.Text(lang, key, nil)
		if err == nil && locales.Fold(text) == locales.Fold(word) {
			return true
		}
	}
	return false
}

// parseDay reads "25.11", "25.11.2026" or "25.11.26". Without a year the next
// such day is meant, which for 29.02 may be years away, unless that day was
// within the last half year: yesterday's date means yesterday.
func parseDay(s string, now time.Time) (time.Time, bool) {
	parts := strings.Split(s, ".")
	if len(parts) < 2 || len(parts) > 3 {
		return time.Time{}, false
	}
	numbers := make([]int, len(parts))
	for i, p := range parts {
		n, err := strconv.Atoi(p)
		if err != nil {
			return time.Time{}, false
		}
		numbers[i] = n
	}
	if len(numbers) == 3 {
		year := numbers[2]
		if year >= 0 && year < 100 {
			year += 2000
		}
		if year < firstYear || year > lastYear {
			return time.Time{}, false
		}
		return dayOf(year, numbers[1], numbers[0], now.Location())
	}
	lately := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location()).AddDate(0, -6, 0)
	for year := lately.Year(); year <= now.Year()+8; year++ {
		if t, ok := dayOf(year, numbers[1], numbers[0], now.Location()); ok && t.After(lately) {
			return t, true
		}
	}
	return time.Time{}, false
}

// dayOf is a day of the calendar; 31.02 and the like are none.
func dayOf(year, month, day int, zone *time.Location) (time.Time, bool) {
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, zone)
	return t, t.Day() == day && int(t.Month()) == month
}

// CategoryNamed finds the category that typed words mean: the beginning of a
// name in any language, or the code.
func (d *Desk) CategoryNamed(typed string) (mahalla.CategoryCode, bool) {
	key := locales.Fold(typed)
	if len(key) < leastNamed {
		return "", false
	}
	for _, code := range d.Reference().ByUse {
		c := d.Reference().Categories[code]
		names := []string{string(code), c.Names.UzLatn, c.Names.UzCyrl, c.Names.Ru}
		for _, lang := range mahalla.Languages() {
			if short, err := d.catalogue.Text(lang, "category."+string(code), nil); err == nil {
				names = append(names, short)
			}
		}
		for _, name := range names {
			if hasWords(locales.Fold(name), key) {
				return code, true
			}
		}
	}
	return "", false
}

// leastNamed is how many letters of a category's name have to be typed: what is typed
// files a report, and a letter or two may be a slip.
const leastNamed = 3

// hasWords tells whether the words of a key begin somewhere at a word of a name.
func hasWords(name, key string) bool {
	return strings.HasPrefix(name, key) || strings.Contains(name, " "+key)
}

// LanguageNamed finds the language that a typed word means: the beginning of
// its name as the bot shows it, or of its tag.
func (d *Desk) LanguageNamed(typed string) (mahalla.Language, bool) {
	typed = strings.ToLower(locales.Apostrophes(strings.TrimSpace(typed)))
	if typed == "" {
		return "", false
	}
	for _, lang := range mahalla.Languages() {
		name, err := d.catalogue.Text(lang, "language."+string(lang), nil)
		if err == nil && (strings.HasPrefix(strings.ToLower(name), typed) || strings.HasPrefix(strings.ToLower(string(lang)), typed)) {
			return lang, true
		}
	}
	return "", false
}

// ClosingNamed splits "outcome: sentence" where an outcome is named in any
// language; otherwise the case was solved and everything is the sentence.
func (d *Desk) ClosingNamed(typed string) (closing mahalla.Closing, sentence string, named bool) {
	head, rest, ok := strings.Cut(typed, ":")
	if key := locales.Fold(head); ok && key != "" {
		for _, with := range mahalla.Closings() {
			for _, lang := range mahalla.Languages() {
				label, err := d.catalogue.Text(lang, "officer.closing."+string(with), nil)
				if err == nil && strings.HasPrefix(locales.Fold(label), key) {
					return with, strings.TrimSpace(rest), true
				}
			}
		}
	}
	return mahalla.Solved, typed, false
}
