package casework

import (
	"fmt"
	"slices"
	"strconv"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// seriesDates is how many dates are shown before a series is saved, and after.
const seriesDates = 3

func seriesPress(subject int64, arg, text string, style mahalla.Style) mahalla.Button {
	return mahalla.Button{Label: text, Style: style, Press: mahalla.Press{Verb: PressSeries, Subject: subject, Arg: arg}}
}

// drawSeries is the card of what comes again: the series in the making, or one of
// those that there are.
func (d *Desk) drawSeries(tx *storage.Tx, w *words, reader *storage.Contact, args map[string]string) (mahalla.Screen, error) {
	if p := planning(reader); p != nil {
		return d.drawPlan(w, reader, p), nil
	}
	own := Convenes(reader, w.now)
	if len(own) == 0 {
		return mahalla.Screen{Text: w.say("series.none")}, nil
	}
	list, err := tx.SeriesOf(own)
	if err != nil {
		return mahalla.Screen{}, err
	}
	if len(list) == 0 {
		return mahalla.Screen{Text: w.say("series.none"), Rows: [][]mahalla.Button{{seriesPress(0, "new", w.say("series.new"), mahalla.Primary)}}}, nil
	}
	page := max(0, slices.IndexFunc(list, func(s *mahalla.Series) bool { return strconv.FormatInt(s.ID, 10) == args["open"] }))
	return d.drawOneSeries(w, list, page, args["sure"] != ""), nil
}

func (d *Desk) drawOneSeries(w *words, list []*mahalla.Series, page int, sure bool) mahalla.Screen {
	s := list[page]
	next := d.NextDates(s.Rule, w.now, seriesDates)
	screen := mahalla.Screen{Text: lines(bold(w.say("series.title")), w.place(s.Commission),
		w.say("series.rule", "rule", HTML(w.sittings(s.Rule))), w.dates(next))}
	if sure {
		screen.Text = lines(screen.Text, w.say("series.sure"))
		screen.Rows = [][]mahalla.Button{{seriesPress(s.ID, "end_yes", w.say("series.end_yes"), mahalla.Danger), seriesPress(s.ID, "open", w.say("button.back"), "")}}
		return screen
	}
	screen.Text = lines(screen.Text, w.say("series.ahead", "days", d.lead(s.Commission)))
	var leave []mahalla.Button
	for _, at := range next {
		at = at.In(locales.Tashkent())
		leave = append(leave, seriesPress(s.ID, "leave_"+at.Format("20060102"), w.say("series.leave", "day", at.Format("02.01")), ""))
	}
	last := []mahalla.Button{seriesPress(0, "new", w.say("series.new"), "")}
	if len(list) > 1 {
		last = append(last, seriesPress(list[(page+1)%len(list)].ID, "open", w.say("series.other", "n", page+1, "all", len(list)), ""))
	}
	screen.Rows = [][]mahalla.Button{leave,
		{seriesPress(s.ID, "holiday", w.say("custom.holiday"), ""), seriesPress(s.ID, "end", w.say("series.end"), mahalla.Danger)}, last}
	return screen
}

// mostOffered is how many commissions are offered; nobody convenes as many.
const mostOffered = 6

// drawPlan asks what the series in the making still wants, or shows all of it.
func (d *Desk) drawPlan(w *words, reader *storage.Contact, p *planned) mahalla.Screen {
	serial := int64(reader.Dialogue.Question.Serial)
	press := func(arg, text string, style mahalla.Style) mahalla.Button {
		return seriesPress(serial, arg, text, style)
	}
	s := mahalla.Screen{Text: bold(w.say("series.title_new"))}
	drop := press("drop", w.say("custom.drop"), mahalla.Danger)
	switch {
	case p.Commission == 0:
		s.Text = lines(s.Text, w.say("series.ask_where"))
		own := Convenes(reader, w.now)
		var list []mahalla.Button
		for _, c := range own[:min(len(own), mostOffered)] {
			list = append(list, press(fmt.Sprintf("at_%d", c), label(w.placeShort(c)), ""))
		}
		s.Rows = append(rows(list), []mahalla.Button{drop})
	case p.Rule == nil:
		s.Text = lines(s.Text, w.place(p.Commission), w.say("series.ask_when"))
		var list []mahalla.Button
		for n := range mahalla.UsualSeries(mahalla.Date{}) {
			list = append(list, press(fmt.Sprintf("rule_%d", n), w.say(fmt.Sprintf("series.usual_%d", n)), ""))
		}
		list[0].Style = mahalla.Primary
		s.Rows = append(s.Rows, list[:1], list[1:3], list[3:], []mahalla.Button{drop})
	default:
		s.Text = lines(s.Text, w.place(p.Commission), w.say("series.rule", "rule", HTML(w.sittings(*p.Rule))),
			w.say("series.dates"), w.dates(d.NextDates(*p.Rule, w.now, seriesDates)))
		s.Rows = [][]mahalla.Button{{press("save", w.say("custom.save"), mahalla.Success)},
			{press("holiday", w.say("custom.holiday"), ""), press("anew", w.say("button.back"), "")}, {drop}}
	}
	return s
}
