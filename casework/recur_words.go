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
func (d *Desk) saysOneOf(key, folded string) bool { return folded != "" && d.wordsUnder(key)[folded] }

// wordsUnder are the words that stand under a key in all languages, folded. They are
// folded once: a line asks for each of its words whether it is one.
func (d *Desk) wordsUnder(key string) map[string]bool {
	if set, ok := d.wordSets.Load(key); ok {
		return set.(map[string]bool)
	}
	set := map[string]bool{}
	for _, lang := range mahalla.Languages() {
		text, err := d.catalogue.Text(lang, key, nil)
		if err != nil {
			continue
		}
		for _, word := range strings.Fields(text) {
			set[locales.Fold(word)] = true
		}
	}
	d.wordSets.Store(key, set)
	return set
}

// weekdayNamed finds the day of the week that a folded word means, in any of its
// forms.
func (d *Desk) weekdayNamed(folded string) (time.Weekday, bool) {
	for day := time.Sunday; day <= time.Saturday; day++ {
		for _, stem := range d.weekdayStems(day) {
			if strings.HasPrefix(folded, stem) {
				return day, true
			}
		}
	}
	return 0, false
}

// weekdayStems are the names of a day of the week in all languages, without their last
// letter.
func (d *Desk) weekdayStems(day time.Weekday) []string {
	var list []string
	for _, lang := range mahalla.Languages() {
		name := locales.Fold(d.catalogue.Weekday(lang, time.Date(2026, 11, 1+int(day), 12, 0, 0, 0, locales.Tashkent()))) // the 1st is a Sunday
		list = append(list, name[:len(name)-1])
	}
	return list
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
	clock                                            time.Duration
	day                                              time.Weekday
	nth                                              int
	clocked, dayed, weeks, two, month, working, each bool
	unknown                                          bool
}

// rule tells whether the words are about what comes again.
func (h heardRule) rule() bool {
	return !h.unknown && (h.each || h.dayed || h.month || h.working || h.weeks)
}

// hearRule listens to each word.
func (d *Desk) hearRule(typed string) heardRule {
	var h heardRule
	list := lineWords(strings.NewReplacer("–", " ", "—", " ", ",", " ", ";", " ").Replace(locales.Clean(typed)))
	for i := 0; i < len(list); {
		if next := d.hearClock(&h, list, i); next > i {
			i = next
			continue
		}
		for _, part := range splitNumber(list[i].text) {
			d.hearWord(&h, part)
		}
		i++
	}
	return h
}

// hearClock hears the time of day that begins at a word. A number alone is an hour at the
// end of a line, where it cannot be the day of a month.
func (d *Desk) hearClock(h *heardRule, list []lineWord, i int) int {
	if h.clocked {
		return i
	}
	last := i == len(list)-1 && (h.dayed || h.working || h.each) && (!h.month || h.nth != 0)
	heard, next := d.clockAt(list, i, last, true)
	if next == i || next < len(list) && (d.saysOneOf("recur.words.weeks", list[next].folded) || d.saysOneOf("recur.words.month", list[next].folded)) {
		return i // "раз в 2 недели"
	}
	h.clock, h.clocked = heard.clock, true
	return next
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
	if day, ok := d.weekdayNamed(folded); ok {
		h.day, h.dayed = day, true
		return
	}
	switch {
	case strings.Trim(word, "-") == "":
	case d.saysOneOf("recur.words.every", folded):
		h.each = true
	case d.saysOneOf("recur.words.weeks", folded):
		h.weeks = true
	case d.saysOneOf("recur.words.two", folded):
		h.two = true
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
	if !h.rule() {
		at, _, err := d.parseMoment(typed, now)
		if err != nil {
			return mahalla.Recurrence{}, mahalla.Refuse(mahalla.Invalid, "recur_unreadable")
		}
		return d.proved(mahalla.At(at), now)
	}
	r, err := h.recurrence(mahalla.DateOf(now.In(d.Calendar().Zone)))
	if err != nil {
		return r, err
	}
	r.Holidays = usualRule(r)
	return d.proved(r, now)
}

// recurrence is the plain choice that the words mean. "Every second Saturday" is every
// other one; "the second Saturday" is that of a month only where the month is named.
func (h heardRule) recurrence(today mahalla.Date) (mahalla.Recurrence, error) {
	clock := h.clock
	if !h.clocked {
		clock = 9 * time.Hour
	}
	other := h.weeks && (h.two || h.nth == 2) || h.each && h.nth == 2 && !h.month
	switch {
	case h.working && h.nth == mahalla.LastOfMonth:
		return mahalla.LastWorkingDayOf(clock), nil
	case h.working:
		return mahalla.EachWorkingDay(clock), nil
	case h.dayed && other:
		return mahalla.EveryOther(h.day, clock, today), nil
	case h.dayed && h.nth != 0 && !h.month && h.nth != mahalla.LastOfMonth:
		return mahalla.Recurrence{}, mahalla.Refuse(mahalla.Invalid, "recur_second") // of the month, or every other one?
	case h.dayed && h.nth != 0 && h.nth <= 4:
		return mahalla.NthOfMonth(h.nth, h.day, clock), nil
	case h.dayed && h.nth == 0:
		return mahalla.Weekly(h.day, clock), nil
	case h.month && h.nth > 0 && !h.dayed:
		return mahalla.Monthly(h.nth, clock), nil
	case h.each && h.nth == 0 && !h.month && !h.weeks:
		return mahalla.EveryDay(clock), nil
	}
	return mahalla.Recurrence{}, mahalla.Refuse(mahalla.Invalid, "recur_unreadable")
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

// rule says a recurrence of reminders in words.
func (w *words) rule(r mahalla.Recurrence) string { return w.ruleOf(r, false) }

// sittings says a recurrence of meetings in words: on a holiday a reminder does not come,
// and a meeting is not held.
func (w *words) sittings(r mahalla.Recurrence) string { return w.ruleOf(r, true) }

func (w *words) ruleOf(r mahalla.Recurrence, sittings bool) string {
	if !r.Once.IsZero() {
		return w.say("recur.once", "when", w.when(r.Once))
	}
	day := strings.ToLower(r.Weekday().String())
	clock := clockOf(r.Clock())
	text := ""
	switch r.Plain {
	case mahalla.PlainDaily:
		text = w.say("recur.daily", "clock", clock)
	case mahalla.PlainEvery:
		text = w.say("recur.every_day", "clock", clock)
	case mahalla.PlainWeekly:
		text = w.say("recur.weekly."+day, "clock", clock)
	case mahalla.PlainOther:
		text = w.say("recur.other."+day, "clock", clock)
	case mahalla.PlainNth:
		if text = w.say("recur.nth."+day, "clock", clock, "n", r.Nth); r.Nth < 0 {
			text = w.say("recur.last."+day, "clock", clock)
		}
	case mahalla.PlainMonthly:
		text = w.say("recur.monthly", "clock", clock, "day", r.MonthDay())
	case mahalla.PlainLastDay:
		text = w.say("recur.last_day", "clock", clock)
	case mahalla.PlainCron:
		text = w.say("recur.cron", "cron", r.Cron)
	}
	if r.Plain == mahalla.PlainDaily || r.Plain == mahalla.PlainLastDay {
		return text
	}
	return text + " · " + w.holidayRule(r.Holidays, sittings)
}

// holidayRule says what becomes of reminders, or of meetings, on a holiday.
func (w *words) holidayRule(rule mahalla.HolidayRule, sittings bool) string {
	switch {
	case rule == mahalla.HolidayStays && sittings:
		return w.say("recur.sitting.stays")
	case rule == mahalla.HolidayStays:
		return w.say("recur.holiday.stays")
	case rule == mahalla.HolidaySkip && sittings:
		return w.say("recur.sitting.skip")
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
