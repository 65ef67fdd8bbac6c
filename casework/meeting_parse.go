package casework

import (
	"regexp"
	"strings"
	"time"

	"koprik/locales"
	"koprik/mahalla"
)

// firstWord splits off the first word of a line.
func firstWord(typed string) (first, rest string) {
	first, rest, _ = strings.Cut(strings.TrimSpace(typed), " ")
	return first, strings.TrimSpace(rest)
}

// MeetingWords is what a typed line says of a meeting.
type MeetingWords struct {
	Day   time.Time     // zero: none
	Clock time.Duration // since midnight; -1: none
	Vague bool          // the hour may be meant in two ways
	Place string
}

// At is the moment, once both the day and the time of day are known; other is the
// day that is meant where none was typed.
func (w MeetingWords) At(other time.Time) time.Time {
	if w.Clock < 0 {
		return time.Time{}
	}
	day := w.Day
	if day.IsZero() {
		day = other
	}
	if day.IsZero() {
		return time.Time{}
	}
	day = day.In(locales.Tashkent())
	return time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, day.Location()).Add(w.Clock)
}

// ParseMeeting understands "12.12 10:00 place", any part of which may be missing. What
// was asked decides what "10.12" is, and whether a bare hour is one.
func (d *Desk) ParseMeeting(typed string, asked Asked, now time.Time) (MeetingWords, error) {
	now = now.In(locales.Tashkent())
	line := locales.Clean(typed)
	list := lineWords(line)
	m, used := d.readMoment(list, asked, now)
	w := MeetingWords{Day: m.day, Clock: m.clock, Vague: m.vague}
	if used == len(list) {
		return w, nil
	}
	if m.clock < 0 && d.misses(m, list, used, now) {
		return w, mahalla.Refuse(mahalla.Invalid, "meeting_unreadable")
	}
	w.Place = line[list[used].start:]
	return w, nil
}

// misses tells whether the words that are left begin with a moment that was not
// understood, or contradicts the day that was: it would be lost in the place.
func (d *Desk) misses(m moment, list []lineWord, used int, now time.Time) bool {
	if m.day.IsZero() {
		return looksLikeDay(list[used].text) || d.saysOneOf("when.words.coming", list[used].folded)
	}
	_, next := d.dateAt(list, used, now)
	return next > used && (m.weekday || d.clockFollows(list, next))
}

// likeDay is what somebody means as a date: 31.02, 27/11, 27.11.2026y.
var likeDay = regexp.MustCompile(`^\d+\.+[\d.]*$|^\d{1,4}[./-]\d{1,2}([./-]\d{1,4}\pL{0,4}\.?)?$`)

// looksLikeDay tells whether a word was meant to be a date and is none.
func looksLikeDay(field string) bool { return likeDay.MatchString(field) }

// Orders of a typed line about a meeting, each a word in every language.
const (
	OrderNext       = "word.next"
	OrderBack       = "word.back"
	OrderDrop       = "word.remove"
	OrderCall       = "word.call"
	OrderNudge      = "word.nudge"
	OrderMove       = "word.move"
	OrderCancel     = "word.cancel_meeting"
	OrderSubstitute = "word.substitute"
	OrderMember     = "word.member"
	OrderItem       = "word.agenda"
	OrderPlace      = "word.place"
	OrderRecord     = "word.answer"
)

// orders lists them.
var orders = []string{OrderNext, OrderBack, OrderDrop, OrderCall, OrderNudge, OrderMove, OrderCancel, OrderSubstitute, OrderMember, OrderItem, OrderPlace, OrderRecord}

// OrderNamed splits "order rest" where an order is named in any language; its key
// is empty otherwise.
func (d *Desk) OrderNamed(typed string) (order, rest string) {
	first, rest := firstWord(typed)
	for _, key := range orders {
		if first != "" && d.isWord(key, first) {
			return key, rest
		}
	}
	return "", strings.TrimSpace(typed)
}
