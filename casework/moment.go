package casework

import (
	"errors"
	"strings"
	"time"

	"koprik/locales"
	"koprik/mahalla"
)

// Asked is what a line about a moment was asked for: it decides what "10.12" and a bare
// hour are.
type Asked int

// What may be asked for.
const (
	AskedLine   Asked = iota // anything: a bare number is an hour only behind a day
	AskedEither              // a day, a time of day, or both
	AskedClock               // the day is known
)

// noClock stands for a time of day that was not said.
const noClock = time.Duration(-1)

// moment is what words have said of a day and a time of day.
type moment struct {
	day     time.Time // midnight; zero: none
	weekday bool      // the day was named by that of the week alone
	clock   time.Duration
	vague   bool // an hour from 1 to 7 was read as one of the afternoon
}

// said tells whether anything was.
func (m moment) said() bool { return !m.day.IsZero() || m.clock >= 0 }

// readMoment reads what a line says of a moment from its beginning, and tells how many
// words that is.
func (d *Desk) readMoment(list []lineWord, asked Asked, now time.Time) (m moment, used int) {
	m.clock = noClock
	for i := 0; i < len(list); {
		if m.said() && strings.Trim(list[i].text, "-") == "" {
			i++ // a dash between the day and the time counts only with what follows
			continue
		}
		next := d.readPart(&m, list, i, asked, now)
		if next == i {
			break
		}
		i, used = next, next
	}
	if m.weekday && m.day.Equal(midnight(now)) && (m.clock < 0 || !m.day.Add(m.clock).After(now)) {
		m.day = m.day.AddDate(0, 0, 7)
	}
	return m, used
}

// readPart reads a day or a time of day that begins at a word, and tells where it ends.
func (d *Desk) readPart(m *moment, list []lineWord, i int, asked Asked, now time.Time) int {
	day, afterDay := d.dayAt(list, i, now)
	bare := asked != AskedLine || !m.day.IsZero()
	heard, afterClock := d.clockAt(list, i, bare, !m.day.IsZero())
	isDay, isClock := afterDay > i && m.fits(day), afterClock > i && m.clock < 0
	if isDay && isClock {
		isClock = afterClock >= afterDay && heard.strong || asked == AskedClock && afterClock >= afterDay && !d.clockFollows(list, afterClock)
	}
	switch {
	case isClock:
		m.clock, m.vague = heard.clock, heard.vague
		return afterClock
	case isDay:
		if m.day.IsZero() || m.weekday {
			m.day, m.weekday = day.at, day.weekday
		}
		return afterDay
	}
	return i
}

// fits tells whether a day may be said besides what was: none was, or one of the two
// is only the day of the week of the other.
func (m moment) fits(day heardDay) bool {
	return m.day.IsZero() || m.weekday != day.weekday && m.day.Weekday() == day.at.Weekday()
}

// clockFollows tells whether the next words are a time of day.
func (d *Desk) clockFollows(list []lineWord, i int) bool {
	_, next := d.clockAt(list, i, true, true)
	return next > i
}

// heardClock is a time of day in words.
type heardClock struct {
	clock  time.Duration
	vague  bool
	strong bool // a word says that it is one
}

// clockAt reads the time of day that begins at a word: "15:00", "soat 10 da", "в 3 дня",
// "kechqurun 6 da". A bare hour is one only where bare is set. Where it ends is i when
// there is none. Dayed tells that a day was said.
func (d *Desk) clockAt(list []lineWord, i int, bare, dayed bool) (heardClock, int) {
	j, part, before, strong := i, "", false, false // before: a word that says so stands before the number
	for ; j < len(list); j++ {
		if found := d.partNamed(list[j].folded); found != "" && part == "" {
			part, strong = found, true
			if j+1 < len(list) && d.saysOneOf("when.words.after_part", list[j+1].folded) {
				j++
			}
			continue
		}
		at := d.saysOneOf("when.words.at", list[j].folded)
		if !at && !d.saysOneOf("when.words.on", list[j].folded) {
			break
		}
		before, strong = before || at, strong || at
	}
	if j == len(list) {
		return heardClock{}, i
	}
	head, tail := list[j].numeral()
	hour, minute, full, ok := clockOfDigits(head)
	sharp := tail != "" && d.saysOneOf("when.words.sharp", locales.Fold(tail))
	if !ok || tail != "" && !sharp {
		return heardClock{}, i
	}
	if j++; !full && tail == "" && j < len(list) && (list[j].text == "00" || list[j].text == "30") {
		if full = true; list[j].text == "30" {
			minute = 30
		}
		j++
	}
	for ; j < len(list); j++ {
		if d.saysOneOf("when.words.sharp", list[j].folded) {
			sharp = true
			continue
		}
		found := d.partNamed(list[j].folded)
		if found == "" || part != "" || found == partNoon && !before && !dayed && !full { // "3 дня" may be three days
			break
		}
		part, strong = found, true
	}
	hour, vague, ok := hourOf(hour, part, head[0] == '0')
	if !ok || !full && !before && !sharp && part == "" && !bare {
		return heardClock{}, i
	}
	return heardClock{clock: time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute, vague: vague, strong: strong}, j
}

// The parts of a day.
const (
	partMorning = "morning"
	partNoon    = "noon"
	partEvening = "evening"
	partNight   = "night"
)

// partNamed is the part of the day that a word means; empty when none.
func (d *Desk) partNamed(folded string) string {
	switch {
	case d.saysOneOf("when.words.morning", folded):
		return partMorning
	case d.saysOneOf("when.words.noon", folded):
		return partNoon
	case d.saysOneOf("when.words.evening", folded):
		return partEvening
	case d.saysOneOf("when.words.night", folded):
		return partNight
	}
	return ""
}

// hourOf is the hour of twenty-four that is meant in a part of the day. Without one an
// hour from 1 to 7 is that of the afternoon, unless it was written as 07.
func hourOf(hour int, part string, exact bool) (of24 int, vague, ok bool) {
	switch part {
	case partMorning:
		return hour, false, hour < 12
	case partNoon:
		if hour <= 7 {
			hour += 12
		}
		return hour, false, hour >= 10 && hour <= 19
	case partEvening:
		if hour < 12 {
			hour += 12
		}
		return hour, false, hour >= 16
	case partNight:
		switch {
		case hour == 12:
			hour = 0
		case hour == 10 || hour == 11:
			hour += 12
		}
		return hour, false, hour >= 22 || hour <= 5
	}
	if hour >= 1 && hour <= 7 && !exact {
		return hour + 12, true, true
	}
	return hour, false, true
}

// onlyClock reads a line that is a time of day and nothing else.
func (d *Desk) onlyClock(typed string) (time.Duration, bool) {
	list := lineWords(typed)
	heard, used := d.clockAt(list, 0, true, true)
	return heard.clock, used > 0 && used == len(list)
}

// VagueHour refuses an hour that may be meant in two ways, where it would not be shown
// before it counts.
func VagueHour(clock time.Duration) error {
	return mahalla.Refuse(mahalla.Invalid, "when_vague", "late", clockOf(clock), "early", clockOf(clock-12*time.Hour))
}

// IsVague tells whether a refusal is that of VagueHour.
func IsVague(err error) bool {
	var refusal *mahalla.Error
	return errors.As(err, &refusal) && refusal.Reason == "when_vague"
}

func midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}
