package casework

import (
	"html"
	"strconv"
	"strings"
	"time"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// drawWeekly is the picture of eight weeks. Its caption says the same in words:
// nothing is in the picture alone.
func (d *Desk) drawWeekly(tx *storage.Tx, w *words, reader *storage.Contact, nodes []mahalla.TerritoryID) (mahalla.Screen, error) {
	bounds := d.Calendar().Weeks(w.now, mahalla.WeeksShown)
	weeks, err := tx.WeeksAt(d.below(nodes), mahalla.HiddenInDigests(reader.Memberships, w.now), bounds)
	if err != nil {
		return mahalla.Screen{}, err
	}
	if mahalla.NoWeeks(weeks) {
		return mahalla.Screen{}, ErrPointless
	}
	picture := w.weeksPicture(nodes, weeks, bounds[len(bounds)-1])
	return mahalla.Screen{
		Protect: true,
		Text:    w.weekly(nodes, weeks),
		Picture: func() ([]byte, error) { return d.studio.weeks(picture) },
	}, nil
}

// weekly is the caption: a line for each week.
func (w *words) weekly(nodes []mahalla.TerritoryID, weeks []mahalla.WeekFigures) string {
	text := lines(bold(w.say("weekly.title", "place", w.grounds(nodes))), w.say("weekly.columns"))
	for _, week := range weeks {
		wait := w.say("weekly.none")
		if week.Accepted > 0 {
			wait = w.length(week.Median)
		}
		text = lines(text, w.say("weekly.line", "day", dayShort(week.Begins), "filed", week.Filed, "closed", week.Closed, "wait", wait))
	}
	return lines(text, w.say("weekly.hint"))
}

// weeksPicture words the picture. It is plain text: nothing is escaped.
func (w *words) weeksPicture(nodes []mahalla.TerritoryID, weeks []mahalla.WeekFigures, end time.Time) weeksPicture {
	last := end.AddDate(0, 0, -1)
	p := weeksPicture{
		title:  w.grounds(nodes),
		span:   w.count("weekly.span", len(weeks), "from", dayShort(weeks[0].Begins), "to", dayShort(last)+"."+strconv.Itoa(last.Year())),
		filed:  w.say("weekly.filed"),
		closed: w.say("weekly.closed"),
		median: w.say("weekly.median"),
		none:   w.say("weekly.none"),
	}
	for _, week := range weeks {
		bars := weekBars{label: dayShort(week.Begins), filed: week.Filed, closed: week.Closed}
		if week.Accepted > 0 {
			bars.wait, bars.waitLabel = week.Median, w.lengthShort(week.Median)
		}
		p.weeks = append(p.weeks, bars)
	}
	for _, text := range []*string{&p.span, &p.filed, &p.closed, &p.median, &p.none} {
		*text = html.UnescapeString(*text)
	}
	return p
}

// dayShort is a day in figures: "28.09".
func dayShort(t time.Time) string { return t.In(locales.Tashkent()).Format("02.01") }

// lengthShort is a length of time in one unit, for a label of a few letters.
func (w *words) lengthShort(d time.Duration) string {
	switch {
	case d < time.Hour-30*time.Second:
		return w.say("weekly.minutes", "n", strconv.Itoa(max(1, int(d.Round(time.Minute)/time.Minute))))
	case d < 48*time.Hour:
		return w.say("weekly.hours", "n", oneDecimal(d.Hours()))
	}
	return w.say("weekly.days", "n", oneDecimal(d.Hours()/24))
}

// oneDecimal writes a number below ten with one decimal, others without.
func oneDecimal(f float64) string {
	if f >= 9.95 {
		return strconv.FormatFloat(f, 'f', 0, 64)
	}
	return strings.TrimSuffix(strings.Replace(strconv.FormatFloat(f, 'f', 1, 64), ".", ",", 1), ",0")
}
