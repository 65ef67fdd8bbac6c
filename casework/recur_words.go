package casework

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"koprik/locales"
	"koprik/mahalla"
)

// saysOneOf tells whether a folded word is one of those that stand under a key,
// in any language.
func (d *Desk) saysOneOf(key, folded string) bool {
	for _, lang := range mahalla.Languages() {
		text, err := d.catalogue.Text(lang, key, nil)
		if err != nil {
			continue
		}
		for _, word := range strings.Fields(text) {
			if locales.Fold(word) == folded {
				return true
			}
		}
	}
	return false
}

// weekdayNamed finds the day of the week that a folded word means, in any of its
// forms.
func (d *Desk) weekdayNamed(folded string) (time.Weekday, bool) {
	for _, lang := range mahalla.Languages() {
		for day := time.Sunday; day <= time.Saturday; day++ {
			stem := locales.Fold(d.catalogue.Weekday(lang, time.Date(2026, 11, 1+int(day), 12, 0, 0, 0, locales.Tashkent()))) // the 1st is a Sunday
			if stem = stem[:len(stem)-1]; strings.HasPrefix(folded, stem) {
				return day, true
			}
		}
	}
	return 0, false
}

// ordinal finds the number that a word means: "2", "2-", "ikkinchi", the last as
// mahalla.LastOfMonth.
func (d *Desk) ordinal(word, folded string) (int, bool) {
	if n, err := strconv.Atoi(strings.TrimRight(word, "-.")); err == nil && n > 0 && n <= 31 {
		return n, true
	}
	for n, key := range []string{"recur.words.last", "recur.words.first", "recur.words.second", "recur.words.third", "recur.words.fourth"} {
		if d.saysOneOf(key, folded) {
			if n == 0 {
				return mahalla.LastOfMonth, true
			}
			return n, true
		}
	}
	return 0, false
}

// heardRule is what words about a recurrence have said so far.
type heardRule struct {
	clock                                       time.Duration
	day                                         time.Weekday
	nth                                         int
	clocked, dayed, other, month, working, each bool
	unknown                                     bool
}

// hearRule listens to each word.
func (d *Desk) hearRule(typed string) heardRule {
	var h heardRule
	typed = strings.ToLower(locales.Clean(typed))
	for _, word := range strings.FieldsFunc(typed, func(r rune) bool { return strings.ContainsRune(" \n,;–—", r) }) {
		for _, part := range splitNumber(word) {
			d.hearWord(&h, part)
		}
	}
	return h
}

// splitNumber takes "2-shanbasi" apart.
func splitNumber(word string) []string {
	if head, rest, ok := strings.Cut(word, "-"); ok && rest != "" {
		if _, err := strconv.Atoi(head); err == nil {
			return []string{head, rest}
		}
	}
	return []string{word}
}

func (d *Desk) hearWord(h *heardRule, word string) {
	folded := locales.Fold(word)
	if hour, minute, ok := parseClock(word); ok && strings.Contains(word, ":") {
		h.clock, h.clocked = time.Duration(hour)*time.Hour+time.Duration(minute)*time.Minute, true
		return
	}
	if day, ok := d.weekdayNamed(folded); ok {
		h.day, h.dayed = day, true
		return
	}
	switch {
	case d.saysOneOf("recur.words.every", folded):
		h.each = true
	case d.saysOneOf("recur.words.weeks", folded):
		h.other = true
	case d.saysOneOf("recur.words.month", folded):
		h.month = true
	case d.saysOneOf("recur.words.working", folded):
		h.working = true
	case d.saysOneOf("recur.words.filler", folded):
	default:
		if n, ok := d.ordinal(word, folded); ok {
			h.nth = n
			return
		}
		h.unknown = true
	}
}

// ParseRule understands when something is to come again as people type it: words
// such as "every Monday 09:00" in any language, a cron expression, or one moment.
func (d *Desk) ParseRule(typed string, now time.Time) (mahalla.Recurrence, error) {
	if fields := strings.Fields(typed); len(fields) == cronFields && !strings.Contains(typed, ":") {
		if _, err := ParseCron(typed); err == nil {
			return d.proved(mahalla.Recurrence{Cron: strings.Join(fields, " ")}, now)
		}
	}
	h := d.hearRule(typed)
	if h.unknown || !h.each && !h.dayed && !h.month && !h.working && !h.other {
		at, err := d.ParseWhen(typed, now)
		if err != nil {
			return mahalla.Recurrence{}, mahalla.Refuse(mahalla.Invalid, "recur_unreadable")
		}
		return d.proved(mahalla.At(at), now)
	}
	if !h.clocked {
		h.clock = 9 * time.Hour
	}
	var r mahalla.Recurrence
	switch {
	case h.working && h.nth == mahalla.LastOfMonth:
		r = mahalla.LastWorkingDayOf(h.clock)
	case h.working:
		r = mahalla.EachWorkingDay(h.clock)
	case h.dayed && h.other:
		r = mahalla.EveryOther(h.day, h.clock, mahalla.DateOf(now.In(d.Calendar().Zone)))
	case h.dayed && h.nth != 0 && !h.month && h.nth != mahalla.LastOfMonth:
		return r, mahalla.Refuse(mahalla.Invalid, "recur_second") // of the month, or every other one?
	case h.dayed && h.nth != 0 && h.nth <= 4:
		r = mahalla.NthOfMonth(h.nth, h.day, h.clock)
	case h.dayed && h.nth == 0:
		r = mahalla.Weekly(h.day, h.clock)
	case h.month && h.nth > 0 && !h.dayed:
		r = mahalla.Monthly(h.nth, h.clock)
	case h.each && h.nth == 0 && !h.month && !h.other:
		r = mahalla.EveryDay(h.clock)
	default:
		return r, mahalla.Refuse(mahalla.Invalid, "recur_unreadable")
	}
	r.Holidays = usualRule(r)
	return d.proved(r, now)
}

// usualRule is the rule for holidays of a choice, until another one is made.
func usualRule(r mahalla.Recurrence) mahalla.HolidayRule {
	switch r.Plain {
	case mahalla.PlainDaily:
		return mahalla.HolidaySkip
	case mahalla.PlainEvery:
		return mahalla.HolidayStays
	case mahalla.PlainLastDay, mahalla.PlainCron:
		return mahalla.HolidayStays
	case mahalla.PlainMonthly:
		return mahalla.HolidayBefore
	case mahalla.PlainWeekly, mahalla.PlainOther, mahalla.PlainNth:
	}
	return mahalla.HolidayAfter
}

// proved refuses a recurrence that never comes, or too often.
func (d *Desk) proved(r mahalla.Recurrence, now time.Time) (mahalla.Recurrence, error) {
	if often(r, now) {
		return r, mahalla.Refuse(mahalla.Invalid, "recur_often")
	}
	dates := d.NextDates(r, now, mahalla.DatesForeseen)
	switch {
	case len(dates) == 0 && !r.Once.IsZero():
		return r, mahalla.Refuse(mahalla.Invalid, "recur_past")
	case len(dates) == 0:
		return r, mahalla.Refuse(mahalla.Invalid, "recur_never")
	case slices.ContainsFunc(dates, d.Calendar().IsQuiet):
		return r, mahalla.Refuse(mahalla.Invalid, "recur_quiet")
	}
	return r, nil
}

// often tells whether the moments of the expression follow each other too closely,
// before holidays and single days are looked at.
func often(r mahalla.Recurrence, now time.Time) bool {
	schedule, err := ParseCron(r.Cron)
	if err != nil {
		return false
	}
	var list []time.Time
	for range mahalla.DatesForeseen {
		if now = schedule.Next(now); now.IsZero() {
			break
		}
		list = append(list, now)
	}
	return mahalla.TooOften(list)
}

// rule says a recurrence in words.
func (w *words) rule(r mahalla.Recurrence) string {
	if !r.Once.IsZero() {
		return w.say("recur.once", "when", w.when(r.Once))
	}
	noon := time.Date(2026, 11, 1+int(r.Weekday()), 12, 0, 0, 0, locales.Tashkent())
	args := []any{"clock", clockOf(r.Clock()), "weekday", w.desk.catalogue.Weekday(w.lang, noon), "n", r.Nth, "day", r.MonthDay(), "cron", r.Cron}
	text := ""
	switch r.Plain {
	case mahalla.PlainDaily:
		text = w.say("recur.daily", args...)
	case mahalla.PlainEvery:
		text = w.say("recur.every_day", args...)
	case mahalla.PlainWeekly:
		text = w.say("recur.weekly", args...)
	case mahalla.PlainOther:
		text = w.say("recur.other", args...)
	case mahalla.PlainNth:
		if text = w.say("recur.nth", args...); r.Nth < 0 {
			text = w.say("recur.last", args...)
		}
	case mahalla.PlainMonthly:
		text = w.say("recur.monthly", args...)
	case mahalla.PlainLastDay:
		text = w.say("recur.last_day", args...)
	case mahalla.PlainCron:
		text = w.say("recur.cron", args...)
	}
	if r.Plain == mahalla.PlainDaily || r.Plain == mahalla.PlainLastDay {
		return text
	}
	return text + " · " + w.holidayRule(r.Holidays)
}

// holidayRule says what becomes of it on a holiday.
func (w *words) holidayRule(rule mahalla.HolidayRule) string {
	if rule == mahalla.HolidayStays {
		return w.say("recur.holiday.stays")
	}
	return w.say("recur.holiday." + string(rule))
}

func clockOf(clock time.Duration) string {
	return locales.Clock(time.Date(2026, 1, 1, 0, 0, 0, 0, locales.Tashkent()).Add(clock))
}

// dates lists moments, one a line, each with its weekday.
func (w *words) dates(list []time.Time) string {
	var rows []string
	for _, at := range list {
		rows = append(rows, w.say("recur.date", "day", w.desk.catalogue.Date(w.lang, at, w.now), "weekday", w.desk.catalogue.Weekday(w.lang, at), "clock", locales.Clock(at)))
	}
	return lines(rows...)
}
