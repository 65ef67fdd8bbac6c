package mahalla

import (
	"strings"
	"time"
)

// Dialogue is what the bot waits to hear from one person: at most one question
// and at most one draft. A question is answered first.
type Dialogue struct {
	Serial   int       `json:"serial"` // of the last question asked
	Question *Question `json:"question,omitempty"`
	Draft    *Draft    `json:"draft,omitempty"`
}

// Question is something the bot has asked.
type Question struct {
	Flow   string            `json:"flow"`   // which dialogue step hears the answer
	Serial int               `json:"serial"` // a button of another serial is an old one
	Case   CaseID            `json:"case,omitempty"`
	Round  int               `json:"round,omitempty"`
	Data   map[string]string `json:"data,omitempty"`
}

// Ask puts a question; one asked before and not answered is forgotten.
func (d *Dialogue) Ask(q Question) {
	d.Serial++
	q.Serial = d.Serial
	d.Question = &q
}

// Draft is a report in the making. Parts may come in any order, minutes apart.
type Draft struct {
	Began  time.Time   `json:"began"`
	Serial int         `json:"serial"` // a press on the card of another draft is stale
	Place  TerritoryID `json:"place,omitempty"`
	Parts  []Part      `json:"parts"`
	More   int         `json:"more,omitempty"` // page of categories that the card shows
	Page   int         `json:"page,omitempty"` // of the list that the card shows
	Pick   *Picker     `json:"pick,omitempty"` // the card asks for the place
}

// Picker is how far the choice of a place has got.
type Picker struct {
	Under TerritoryID   `json:"under,omitempty"` // list what lies below it
	Found []TerritoryID `json:"found,omitempty"` // candidates for a typed name
	Typed bool          `json:"typed,omitempty"` // a name was typed and not found
}

// Part is one message of a draft.
type Part struct {
	Message int64  `json:"message"`
	Words   string `json:"words,omitempty"`
	Media   *Media `json:"media,omitempty"`
}

// MostParts bounds a draft; what comes after is refused in words.
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
