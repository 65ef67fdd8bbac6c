package casework

import (
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

// ParseMeeting understands "12.12 10:00 place", any part of which may be missing. A
// bare hour is one behind the day, or alone where that was asked.
func (d *Desk) ParseMeeting(typed string, bare bool, now time.Time) (MeetingWords, error) {
	now = now.In(locales.Tashkent())
	w := MeetingWords{Clock: -1}
	rest := strings.TrimSpace(locales.Clean(typed))
	for rest != "" {
		first, after := firstWord(rest)
		field := strings.Trim(strings.ToLower(first), ",;")
		hour, minute, isClock := parseClock(field)
		day, isDay := d.dayNamed(field, now)
		switch {
		case isDay && w.Day.IsZero() && w.Clock < 0:
			w.Day = day
		case isClock && w.Clock < 0 && (strings.Contains(field, ":") || bare || !w.Day.IsZero()):
			w.Clock = time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute
		case looksLikeDay(field) && w.Day.IsZero() && w.Clock < 0:
			return w, mahalla.Refuse(mahalla.Invalid, "meeting_unreadable")
		default:
			w.Place = rest
			return w, nil
		}
		rest = after
	}
	return w, nil
}

// looksLikeDay tells whether a word was meant to be a date and is none.
func looksLikeDay(field string) bool {
	return strings.Contains(field, ".") && strings.Trim(field, "0123456789.") == "" && strings.Trim(field, ".") != ""
}

// dayNamed reads a date, or the word for today or tomorrow in any language.
func (d *Desk) dayNamed(field string, now time.Time) (time.Time, bool) {
	switch {
	case d.isWord("date.today", field):
		return now, true
	case d.isWord("date.tomorrow", field):
		return now.AddDate(0, 0, 1), true
	case strings.Contains(field, "."):
		return parseDay(strings.Trim(field, "."), now)
	}
	return time.Time{}, false
}

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
