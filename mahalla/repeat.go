package mahalla

import (
	"slices"
	"time"
)

// Repetition is what comes again and again.
type Repetition string

// The repeats; none is the zero value.
const (
	RepeatedPeople Repetition = "people" // the same reporter
	RepeatedPlace  Repetition = "place"  // the same matter in the same mahalla
)

// When something is repeated.
const (
	RepeatWithin = 60 * 24 * time.Hour
	RepeatFrom   = 3 // cases, this one included
)

// Past is a case of before that may be of the same people or matter.
type Past struct {
	Case      CaseID
	Reporter  PersonID
	Anonymous bool
	Place     TerritoryID
	Category  CategoryCode
	Secrecy   Secrecy
	Urgency   Urgency
	Status    Status
	Closing   Closing
	FiledAt   time.Time
	Reconcile bool    // its category is one for a commission
	Likeness  float64 // of its words and this case's
	Shared    int     // words that both have
}

// counts tells whether the case of before is one more of its kind.
func (p Past) counts(c *Case) bool {
	near := !p.FiledAt.After(c.FiledAt) && c.FiledAt.Sub(p.FiledAt) <= RepeatWithin
	return near && p.Case != c.ID && p.Reconcile && !p.Anonymous && p.Status != Withdrawn && p.Closing != False
}

// grave tells whether the case of before is one in which nobody is brought to one
// table.
func (p Past) grave() bool { return p.Secrecy == Secret || p.Urgency == Emergency }

// RepeatOf tells whether a case is the third of its reporter or of its matter in
// sixty days, and how many they are. It only suggests: a person proposes. Nothing
// is suggested where there was violence, or secrecy, between the same people.
func RepeatOf(c *Case, category Category, danger bool, past []Past, now time.Time) (Repetition, int) {
	if danger || c.Reconcilable(category, now) != nil {
		return "", 0
	}
	same := func(p Past) bool { return p.Reporter == c.Reporter && !p.Anonymous }
	if slices.ContainsFunc(past, func(p Past) bool { return same(p) && p.grave() }) {
		return "", 0
	}
	people, place := 1, 1
	for _, p := range past {
		if !p.counts(c) || p.grave() {
			continue
		}
		if same(p) {
			people++
		}
		if p.Place == c.Place && p.Category == c.Category && (same(p) || p.Likeness >= AlikeEnough && p.Shared >= LeastShared) {
			place++
		}
	}
	switch {
	case people >= RepeatFrom:
		return RepeatedPeople, people
	case place >= RepeatFrom:
		return RepeatedPlace, place
	}
	return "", 0
}
