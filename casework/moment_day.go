package casework

import (
	"strconv"
	"strings"
	"time"

	"koprik/locales"
)

// lineWord is a word of a line: where it begins, how it is compared, and its key.
type lineWord struct {
	start        int
	text, folded string
}

// lineWords cuts a line into words. What stands around a word, and dots at its ends, are
// left out; every dash is the same.
func lineWords(line string) []lineWord {
	var list []lineWord
	for start := 0; start < len(line); {
		end := start + strings.IndexAny(line[start:]+" ", " \n")
		if end > start {
			text := strings.ToLower(strings.NewReplacer("–", "-", "—", "-").Replace(line[start:end]))
			text = strings.Trim(text, ".,;()")
			list = append(list, lineWord{start: start, text: text, folded: locales.Fold(text)})
		}
		start = end + 1
	}
	return list
}

// numeral splits "27-noyabr" and "15da" into digits, with what stands between them, and
// letters.
func (t lineWord) numeral() (head, tail string) {
	end := strings.IndexFunc(t.text, func(r rune) bool { return !strings.ContainsRune("0123456789.:-", r) })
	if end < 0 {
		end = len(t.text)
	}
	head, tail = t.text[:end], t.text[end:]
	if tail != "" {
		head = strings.TrimRight(head, "-.")
	}
	if head == "" || head[0] < '0' || head[0] > '9' {
		return "", ""
	}
	return head, tail
}

// clockOfDigits reads "15:00", "15.00", "15-00" and "15". Full tells that there are
// minutes.
func clockOfDigits(s string) (hour, minute int, full, ok bool) {
	at := strings.IndexAny(s, ":.-")
	if at < 0 {
		hour, err := strconv.Atoi(s)
		return hour, 0, false, err == nil && len(s) <= 2 && hour <= 23
	}
	h, m := s[:at], s[at+1:]
	hour, bad := strconv.Atoi(h)
	minute, err := strconv.Atoi(m)
	if bad != nil || err != nil || len(h) > 2 || len(m) > 2 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || strings.ContainsAny(m, "+-") {
		return 0, 0, false, false
	}
	return hour, minute, true, s[at] == ':' || len(m) == 2 && h != "0"
}

// heardDay is a day in words.
type heardDay struct {
	at      time.Time
	weekday bool // it was named by that of the week
}

// dayAt reads the day that begins at a word: a date in digits or with the name of the
// month, a word such as tomorrow, a day of the week. Where it ends is i when there is
// none.
func (d *Desk) dayAt(list []lineWord, i int, now time.Time) (heardDay, int) {
	j := i
	if j+1 < len(list) && (d.saysOneOf("when.words.on", list[j].folded) || d.saysOneOf("when.words.at", list[j].folded)) {
		j++
	}
	if j == len(list) {
		return heardDay{}, i
	}
	word, weekday := list[j], false
	day, next := d.dateAt(list, j, now)
	switch {
	case next > j:
	case d.isWord("date.today", word.text):
		day, next = midnight(now), j+1
	case d.isWord("date.tomorrow", word.text):
		day, next = midnight(now).AddDate(0, 0, 1), j+1
	case d.saysOneOf("when.words.after_tomorrow", word.folded):
		day, next = midnight(now).AddDate(0, 0, 2), j+1
	default:
		which, ok := d.weekdayAlone(word.folded)
		if !ok {
			return heardDay{}, i
		}
		day, weekday, next = midnight(now).AddDate(0, 0, (int(which-now.Weekday())+7)%7), true, j+1
	}
	if next < len(list) && (d.saysOneOf("when.words.day", list[next].folded) || d.saysOneOf("when.words.day_end", list[next].folded)) {
		next++
	}
	if weekday && next < len(list) && !d.clockFollows(list, next) && !d.dateFollows(list, next, now) && strings.Trim(list[next].text, "-") != "" {
		return heardDay{}, i // "Juma masjidi" is a place
	}
	return heardDay{at: day, weekday: weekday}, next
}

func (d *Desk) dateFollows(list []lineWord, i int, now time.Time) bool {
	_, next := d.dateAt(list, i, now)
	return next > i
}

// weekdayAlone finds the day of the week that a word means and nothing else.
func (d *Desk) weekdayAlone(folded string) (time.Weekday, bool) {
	day, ok := d.weekdayNamed(folded)
	return day, ok && len(folded) <= len(d.weekdayStem(day, folded))+3
}

// weekdayStem is the beginning of the name of a day of the week with which a word begins.
func (d *Desk) weekdayStem(day time.Weekday, folded string) string {
	longest := ""
	for _, stem := range d.weekdayStems(day) {
		if strings.HasPrefix(folded, stem) && len(stem) > len(longest) {
			longest = stem
		}
	}
	return longest
}

// dateAt reads a date: "27.11", "27.11.2026", "27 noyabr", "27-noyabr 2026",
// "2026-yil 27-noyabr".
func (d *Desk) dateAt(list []lineWord, i int, now time.Time) (time.Time, int) {
	head, tail := list[i].numeral()
	switch {
	case head == "":
		return time.Time{}, i
	case strings.Contains(head, "."):
		day, ok := parseDay(strings.TrimRight(head, "."), now)
		if !ok || tail != "" && !d.saysOneOf("when.words.day_end", locales.Fold(tail)) {
			return time.Time{}, i
		}
		return day, d.skipYear(list, i+1)
	}
	if len(head) == 4 { // the year first
		next := d.skipYear(list, i+1)
		if tail != "" && !d.saysOneOf("when.words.year", locales.Fold(tail)) || tail == "" && next == i+1 || next == len(list) {
			return time.Time{}, i
		}
		if number, month, after := d.dayOfMonth(list, next); after > next {
			if day, ok := parseDay(number+"."+month+"."+head, now); ok {
				return day, after
			}
		}
		return time.Time{}, i
	}
	number, month, next := d.dayOfMonth(list, i)
	if next == i {
		return time.Time{}, i
	}
	typed := number + "." + month
	if next < len(list) {
		if year, end := list[next].numeral(); len(year) == 4 && strings.Trim(year, "0123456789") == "" && (end == "" || d.saysOneOf("when.words.year", locales.Fold(end))) {
			typed, next = typed+"."+year, d.skipYear(list, next+1)
		}
	}
	day, ok := parseDay(typed, now)
	if !ok {
		return time.Time{}, i
	}
	return day, next
}

// skipYear passes over the word for a year.
func (d *Desk) skipYear(list []lineWord, i int) int {
	if i < len(list) && d.saysOneOf("when.words.year", list[i].folded) {
		return i + 1
	}
	return i
}

// dayOfMonth reads "27 noyabr" and "27-noyabr".
func (d *Desk) dayOfMonth(list []lineWord, i int) (day, month string, next int) {
	head, tail := list[i].numeral()
	if n, err := strconv.Atoi(head); err != nil || n < 1 || n > 31 || len(head) > 2 {
		return "", "", i
	}
	if tail != "" {
		if month := d.monthNamed(locales.Fold(tail)); month != 0 {
			return head, strconv.Itoa(month), i + 1
		}
		return "", "", i
	}
	if i+1 < len(list) {
		if month := d.monthNamed(list[i+1].folded); month != 0 {
			return head, strconv.Itoa(month), i + 2
		}
	}
	return "", "", i
}

// monthNamed is the month that a word means, from 1; 0 when none.
func (d *Desk) monthNamed(folded string) int {
	for i, key := range []string{"when.words.january", "when.words.february", "when.words.march", "when.words.april", "when.words.may", "when.words.june",
		"when.words.july", "when.words.august", "when.words.september", "when.words.october", "when.words.november", "when.words.december"} {
		if d.saysOneOf(key, folded) {
			return i + 1
		}
	}
	return 0
}

// OnlyDay reads a line that is one day of the calendar and nothing else.
func (d *Desk) OnlyDay(typed string, now time.Time) (time.Time, bool) {
	list := lineWords(locales.Clean(typed))
	if len(list) == 0 {
		return time.Time{}, false
	}
	day, next := d.dayAt(list, 0, now.In(locales.Tashkent()))
	return day.at, next == len(list) && !day.weekday
}

// beginsDay tells whether a line begins with a day: "1 dekabr" is not the first of a list.
func (d *Desk) beginsDay(typed string, now time.Time) bool {
	list := lineWords(locales.Clean(typed))
	if len(list) == 0 {
		return false
	}
	_, next := d.dayAt(list, 0, now.In(locales.Tashkent()))
	return next > 0
}

// dayOfRange reads a day, or a number whose month stands behind the next one: "27-30
// noyabr".
func (d *Desk) dayOfRange(list []lineWord, i int, now time.Time) (time.Time, int) {
	if day, next := d.dayAt(list, i, now); next > i {
		return day.at, next
	}
	n, err := strconv.Atoi(list[i].text)
	other := i + 1
	for other < len(list) && d.saysOneOf("when.words.range", list[other].folded) {
		other++
	}
	if err != nil || n < 1 || other == len(list) {
		return time.Time{}, i
	}
	_, month, after := d.dayOfMonth(list, other)
	if after == other {
		return time.Time{}, i
	}
	day, ok := parseDay(strconv.Itoa(n)+"."+month, now)
	if !ok {
		return time.Time{}, i
	}
	return day, other
}
