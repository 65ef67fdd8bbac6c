package casework

import (
	"html"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"koprik/locales"
	"koprik/mahalla"
)

// minutesPage is what the document of minutes says, in words of one language. It
// is plain text: nothing is escaped.
type minutesPage struct {
	title, footer string
	at            time.Time // of the document, so that the same minutes make the same file
	head          []string  // commission, day, place
	parts         []minutesPart
	signatures    [][2]string // as what, and the name
}

// minutesPart is a piece of the document under a heading.
type minutesPart struct {
	heading string
	lines   []minutesLine
	later   bool // it was added once all was signed
}

// minutesLine is one paragraph.
type minutesLine struct {
	text   string
	strong bool
	inner  bool // set in a little
}

// settingNames is the setting of a place that lets minutes name the sides of an
// item in full; else initials stand there.
const settingNames = "minutes_names"

// fullNames tells whether the minutes of a commission name the sides in full.
func (d *Desk) fullNames(commission mahalla.TerritoryID) bool {
	names, _ := d.setting(commission, settingNames)
	return names == "full"
}

// initials is a name by the first letters of its words: "K. A.".
func initials(name string) string {
	var list []string
	for _, word := range strings.Fields(name) {
		for _, r := range word {
			if unicode.IsLetter(r) {
				list = append(list, string(unicode.ToUpper(r))+".")
				break
			}
		}
	}
	if len(list) == 0 {
		return "–"
	}
	return strings.Join(list[:min(len(list), 3)], " ")
}

// plainSay is say for the document: markup and escapes are not wanted there.
func (w *words) plainSay(key string, pairs ...any) string {
	for i := 1; i < len(pairs); i += 2 {
		if s, ok := pairs[i].(string); ok {
			pairs[i] = HTML(s)
		}
	}
	return w.say(key, pairs...)
}

// date is a day with its year, whatever day it is now.
func (w *words) date(t time.Time) string { return w.desk.catalogue.Date(w.lang, t, time.Time{}) }

// minutesPage words the document.
func (w *words) minutesPage(v *heldView) minutesPage {
	m := v.m
	p := minutesPage{title: w.plainSay("paper.draft"), at: m.HeldAt}
	if m.Status == mahalla.MeetingLocked {
		p.title, p.at = w.plainSay("paper.title", "number", w.minutesNumber(m)), m.LockedAt
	}
	for _, c := range v.more {
		p.at = c.At
	}
	p.footer = p.title
	place := w.plainSay("paper.no_place")
	if m.Place != "" {
		place = m.Place
	}
	p.head = []string{
		w.plainSay("paper.commission", "commission", html.UnescapeString(capital(w.commission(m.Commission))), "place", html.UnescapeString(w.place(m.Commission))),
		w.plainSay("paper.day", "day", w.date(m.At), "clock", locales.Clock(m.At)),
		w.plainSay("paper.place", "place", place),
	}
	p.parts = append(p.parts, w.presencePart(v), w.agendaPart(v))
	for n := range m.Agenda {
		p.parts = append(p.parts, w.hearingPart(v, n+1))
	}
	p.parts = append(p.parts, w.reviewedPart(v), w.decisionsPart(v, 0, w.plainSay("paper.decisions")))
	if m.Status == mahalla.MeetingLocked {
		p.parts = append(p.parts, minutesPart{lines: []minutesLine{{text: w.plainSay("paper.confirmed", "name", personName(v.names[m.LockedBy]), "day", w.date(m.LockedAt))}}})
	}
	p.signatures = w.signatures(v)
	p.parts = append(p.parts, w.correctionsPart(v))
	p.parts = slices.DeleteFunc(p.parts, func(part minutesPart) bool { return len(part.lines) == 0 })
	return p
}

// presencePart says who was there and who was not, and whether they were enough.
func (w *words) presencePart(v *heldView) minutesPart {
	part := minutesPart{heading: w.plainSay("paper.present")}
	var absent []minutesLine
	for _, p := range v.m.Sitters() {
		name := w.plainSay("paper.sitter", "name", personName(v.names[p.Person]), "seat", w.plainSay("held.seat."+string(p.Seat)))
		if p.Seat == mahalla.SeatSubstitute {
			name += " " + w.plainSay("held.for", "name", personName(v.names[p.InFor]))
		}
		if p.Presence == mahalla.Present {
			part.lines = append(part.lines, minutesLine{text: name, inner: true})
		} else {
			absent = append(absent, minutesLine{text: name, inner: true})
		}
	}
	if len(absent) > 0 {
		part.lines = append(append(part.lines, minutesLine{text: w.plainSay("paper.absent"), strong: true}), absent...)
	}
	if v.m.Mediation {
		return w.mediated(v, part)
	}
	key := "paper.quorum"
	if !v.m.Attended(0).Met() {
		key = "paper.no_quorum"
	}
	part.lines = append(part.lines, minutesLine{text: w.plainSay(key, "n", v.m.Attended(0).Come, "quorum", v.m.Quorum)})
	return part
}

// agendaPart lists the items.
func (w *words) agendaPart(v *heldView) minutesPart {
	part := minutesPart{heading: w.plainSay("paper.agenda")}
	n := 0
	for n < len(v.m.Agenda) {
		n++
		part.lines = append(part.lines, minutesLine{text: strconv.Itoa(n) + ". " + w.plainMatter(v, v.m.Agenda[n-1].Item), inner: true})
	}
	if len(v.reviewed) > 0 {
		part.lines = append(part.lines, minutesLine{text: strconv.Itoa(n+1) + ". " + w.plainSay("paper.reviewed"), inner: true})
	}
	return part
}

// plainMatter names the case of an item for the document.
func (w *words) plainMatter(v *heldView, item mahalla.ItemID) string {
	return html.UnescapeString(w.matter(v, item))
}

// hearingPart is one item: who came, who took no part, what came of it, what was
// noted and decided.
func (w *words) hearingPart(v *heldView, n int) minutesPart {
	h := v.m.Agenda[n-1]
	part := minutesPart{heading: strconv.Itoa(n) + ". " + w.plainMatter(v, h.Item)}
	add := func(text string) { part.lines = append(part.lines, minutesLine{text: text, inner: true}) }
	for side := 1; side <= 2; side++ {
		key := "paper.side_absent"
		if slices.Contains(h.Came, side) {
			key = "paper.side_present"
		}
		name := v.sideName(h.Item, side)
		if !w.desk.fullNames(v.m.Commission) {
			name = initials(name)
		}
		add(w.plainSay(key, "side", side, "name", name))
	}
	if names := html.UnescapeString(w.excluded(v, h.Item, true)); names != "" {
		add(names)
	}
	outcome := w.plainSay("paper.not_heard")
	if h.Outcome != "" {
		outcome = html.UnescapeString(w.outcome(v, h))
	}
	part.lines = append(part.lines, minutesLine{text: w.plainSay("paper.outcome", "outcome", outcome), strong: true, inner: true})
	if h.Note != "" {
		add(h.Note)
	}
	part.lines = append(part.lines, w.decisionsPart(v, h.Item, "").lines...)
	return part
}

// decisionsPart lists the decisions about an item, or those about none.
func (w *words) decisionsPart(v *heldView, item mahalla.ItemID, heading string) minutesPart {
	part := minutesPart{heading: heading}
	for _, one := range v.decisions {
		if one.Item == item {
			part.lines = append(part.lines, w.decisionLines(v, one)...)
		}
	}
	return part
}

func (w *words) decisionLines(v *heldView, one *mahalla.Decision) []minutesLine {
	name := v.responsible(one)
	if p := v.m.Participant(one.Person); p != nil && p.Seat == mahalla.SeatParty && !w.desk.fullNames(v.m.Commission) {
		name = initials(name)
	}
	return []minutesLine{
		{text: w.plainSay("paper.decided", "words", one.Words), inner: true},
		{text: w.plainSay("paper.responsible", "name", name, "day", w.date(one.Due)), inner: true},
	}
}

// reviewedPart lists the earlier decisions that were not carried out in time.
func (w *words) reviewedPart(v *heldView) minutesPart {
	part := minutesPart{heading: w.plainSay("paper.reviewed")}
	for _, one := range v.reviewed {
		part.lines = append(part.lines, w.decisionLines(v, one)...)
	}
	return part
}

// mediated names in the place of the quorum who mediated.
func (w *words) mediated(v *heldView, part minutesPart) minutesPart {
	name, key := "", "paper.no_mediator"
	if p := v.m.Mediator(); p != nil {
		name = personName(v.names[p.Person])
	}
	if v.m.Attended(0).Met() {
		key = "paper.mediator"
	}
	part.lines = append(part.lines, minutesLine{text: w.plainSay(key, "name", name)})
	return part
}

// signatures are the lines to sign on.
func (w *words) signatures(v *heldView) [][2]string {
	var list [][2]string
	seats := []mahalla.Seat{mahalla.SeatChair, mahalla.SeatSecretary}
	if v.m.Mediation {
		seats[0] = mahalla.SeatMediator
	}
	for _, seat := range seats {
		name := ""
		for _, p := range v.m.Participants {
			if p.Seat == seat && (name == "" || p.Presence == mahalla.Present) {
				name = personName(v.names[p.Person])
			}
		}
		list = append(list, [2]string{w.plainSay("paper.sign." + string(seat)), name})
	}
	return list
}

// correctionsPart lists what was added after the minutes were confirmed.
func (w *words) correctionsPart(v *heldView) minutesPart {
	part := minutesPart{heading: w.plainSay("paper.corrections"), later: true}
	for _, c := range v.more {
		part.lines = append(part.lines,
			minutesLine{text: w.plainSay("paper.correction", "name", personName(v.names[c.By]), "day", w.date(c.At), "clock", locales.Clock(c.At)), strong: true, inner: true},
			minutesLine{text: c.Words, inner: true})
	}
	return part
}
