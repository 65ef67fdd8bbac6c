package mahalla

import (
	"slices"
	"strings"
	"time"
	"unicode"
)

// Dialogue is what the bot waits to hear from one person: at most one question
// and at most one draft. A question is answered first; the rest of an album that
// is coming in comes before both.
type Dialogue struct {
	Serial   int       `json:"serial"` // of the last question asked
	Question *Question `json:"question,omitempty"`
	Draft    *Draft    `json:"draft,omitempty"`
	Album    *Album    `json:"album,omitempty"`
	Search   *Search   `json:"search,omitempty"`
	Apart    time.Time `json:"apart,omitzero"` // words are no answer to what an officer asked before
	// Guesses are when the person asked for numbers of others, the oldest first.
	Guesses []time.Time `json:"guesses,omitempty"`
}

// Search is what a person last looked for, so that its pages can be turned.
type Search struct {
	Serial int       `json:"serial"` // a button of another serial is an old one
	Typed  string    `json:"typed"`
	Before time.Time `json:"before,omitzero"` // only cases filed before are looked at; zero: all
	Since  time.Time `json:"since,omitzero"`  // older ones were not looked at; zero: all were
}

// Look begins a search; the pages of one before are old.
func (d *Dialogue) Look(typed string, before time.Time) *Search {
	d.Serial++
	d.Search = &Search{Serial: d.Serial, Typed: typed, Before: before}
	return d.Search
}

// leastSearched is how many letters and digits a search has at least.
const leastSearched = 3

// Searchable tells whether something is enough to search by.
func Searchable(typed string) bool {
	n := 0
	for _, r := range typed {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			n++
		}
	}
	return n >= leastSearched
}

// How long the bot waits for a person.
const (
	QuestionLife = 24 * time.Hour   // then words are no answer any more
	OfferAfter   = 20 * time.Minute // of silence a draft is offered again, once
	DraftLife    = 48 * time.Hour   // of silence, and its words are gone
	AlbumLife    = 5 * time.Minute  // for the parts of an album to come in
	SearchLife   = 10 * time.Minute // then words are not what to search for
)

// Wake is when the dialogue wants attention though nobody writes; zero is never.
func (d *Dialogue) Wake(consented bool) time.Time {
	var next time.Time
	soonest := func(t time.Time) {
		if !t.IsZero() && (next.IsZero() || t.Before(next)) {
			next = t
		}
	}
	if d.Question != nil {
		soonest(d.Question.Until)
	}
	if d.Draft != nil {
		soonest(d.Draft.offerAt())
		soonest(d.Draft.end(consented))
	}
	return next
}

// Question is something the bot has asked.
type Question struct {
	Flow   string            `json:"flow"`   // which dialogue step hears the answer
	Serial int               `json:"serial"` // a button of another serial is an old one
	Case   CaseID            `json:"case,omitempty"`
	Round  int               `json:"round,omitempty"`
	Data   map[string]string `json:"data,omitempty"`
	Until  time.Time         `json:"until,omitzero"` // zero: it stays until it is answered
}

// Over tells whether the question has waited long enough.
func (q *Question) Over(now time.Time) bool { return !q.Until.IsZero() && !now.Before(q.Until) }

// Ask puts a question; one asked before and not answered is forgotten.
func (d *Dialogue) Ask(q Question) {
	d.Serial++
	q.Serial = d.Serial
	d.Question = &q
}

// Album is something that was said with the first picture of an album, to which
// the other pictures belong: Telegram sends each as a message of its own.
type Album struct {
	Group  string    `json:"group"` // Telegram's name of the album
	Case   CaseID    `json:"case"`
	Report int64     `json:"report,omitempty"` // what was said; 0: it was filed, and the rest is an addition
	Until  time.Time `json:"until"`
}

// Continues tells whether an attachment belongs to the album that is coming in.
func (d *Dialogue) Continues(m *Media, now time.Time) bool {
	return m != nil && m.Group != "" && d.Album != nil && d.Album.Group == m.Group && now.Before(d.Album.Until)
}

// Draft is a report in the making. Parts may come in any order, minutes apart.
type Draft struct {
	Began   time.Time   `json:"began"`
	Touched time.Time   `json:"touched,omitzero"` // when the person last did something with it
	Offered bool        `json:"offered,omitempty"`
	Serial  int         `json:"serial"` // a press on the card of another draft is stale
	Place   TerritoryID `json:"place,omitempty"`
	Parts   []Part      `json:"parts"`
	More    int         `json:"more,omitempty"`   // page of categories that the card shows
	Page    int         `json:"page,omitempty"`   // of the list that the card shows
	Pick    *Picker     `json:"pick,omitempty"`   // the card asks for the place
	Keyed   bool        `json:"keyed,omitempty"`  // the key that sends a location stands below the chat
	Asks    []CaseID    `json:"asks,omitempty"`   // the card asks whether it belongs to one of these
	Behalf  *Behalf     `json:"behalf,omitempty"` // for whom it is reported; nil: for oneself
	Veil    Veil        `json:"veil,omitempty"`
	Instead *Error      `json:"instead,omitempty"` // why its words are not what they were meant for; nil: they are
	Told    int         `json:"told,omitempty"`    // so many of its parts may tell who the person is
}

// Limits of asking whether a new message belongs to an open case.
const (
	AskedWithin = 14 * 24 * time.Hour // of its filing
	MostAsked   = 2                   // cases: as many as fit in a row
)

// AskAbout picks of a person's open cases those to which a new message may
// belong. Who has more is somebody who reports for many, and is not asked each
// time.
func AskAbout(open []CaseID) []CaseID {
	if len(open) > MostAsked {
		return nil
	}
	return open
}

// DropPin takes out the pin that the draft has. Words that came with it stay.
func (d *Draft) DropPin() {
	for i := range d.Parts {
		if m := d.Parts[i].Media; m != nil && m.Kind == Location {
			d.Parts[i].Media = nil
		}
	}
	d.Parts = slices.DeleteFunc(d.Parts, func(p Part) bool { return p.Words == "" && p.Media == nil })
}

// touched is when the silence began.
func (d *Draft) touched() time.Time {
	if d.Touched.After(d.Began) {
		return d.Touched
	}
	return d.Began
}

// offerAt is when the draft is to be offered again; zero when it is not.
func (d *Draft) offerAt() time.Time {
	if d.Offered || len(d.Parts) == 0 {
		return time.Time{}
	}
	return d.touched().Add(OfferAfter)
}

// end is when the draft and its words are deleted. Words of somebody who has not
// agreed to the terms are kept no longer, however often something is added.
func (d *Draft) end(consented bool) time.Time {
	if consented {
		return d.touched().Add(DraftLife)
	}
	return d.Began.Add(DraftLife)
}

// Forgotten tells whether the draft is to be offered again.
func (d *Draft) Forgotten(now time.Time) bool {
	at := d.offerAt()
	return !at.IsZero() && !now.Before(at)
}

// Over tells whether the draft has waited long enough.
func (d *Draft) Over(consented bool, now time.Time) bool { return !now.Before(d.end(consented)) }

// Picker is how far the choice of a place has got.
type Picker struct {
	Under TerritoryID   `json:"under,omitempty"` // list what lies below it
	Found []TerritoryID `json:"found,omitempty"` // candidates for a typed name
	Typed bool          `json:"typed,omitempty"` // a name was typed and not found
	Kept  bool          `json:"kept,omitempty"`  // and what was typed is a part of the report now
	Pin   PinNews       `json:"pin,omitempty"`   // what came of a pin on the map
	Away  []int         `json:"away,omitempty"`  // how many metres each of Found is from it
}

// PinNews is what came of a pin that did not find its mahalla.
type PinNews string

// The news of pins.
const (
	PinNear   PinNews = "near"   // it lies close to a border, and may be of any of Found
	PinInside PinNews = "inside" // it lies in the district Under, and no more is known
	PinLost   PinNews = "lost"   // it lies in no place that is known
	PinNone   PinNews = "none"   // there is none: the client does not share locations
)

// Forget leaves nothing of a case in the dialogue.
func (d *Dialogue) Forget(c CaseID) {
	if d.Album != nil && d.Album.Case == c {
		d.Album = nil
	}
	if d.Question != nil && d.Question.Case == c {
		d.Question = nil
	}
	if d.Draft != nil {
		d.Draft.Asks = slices.DeleteFunc(d.Draft.Asks, func(other CaseID) bool { return other == c })
	}
}

// Part is one message of a draft.
type Part struct {
	Message int64  `json:"message"`
	Words   string `json:"words,omitempty"`
	Media   *Media `json:"media,omitempty"`
}

// MostParts bounds a draft; what comes after is refused in words, and words of
// danger only beyond twice as much.
const MostParts = 20

// Words joins what was written, in the order in which it came.
func (d *Draft) Words() string {
	var b strings.Builder
	for _, p := range d.Parts {
		if p.Words == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(p.Words)
	}
	return b.String()
}

// Messages lists the messages of the draft.
func (d *Draft) Messages() []int64 {
	list := make([]int64, len(d.Parts))
	for i, p := range d.Parts {
		list[i] = p.Message
	}
	return list
}

// Media lists what was attached, in the order in which it came.
func (d *Draft) Media() []Media {
	var list []Media
	for _, p := range d.Parts {
		if p.Media != nil {
			list = append(list, *p.Media)
		}
	}
	return list
}
