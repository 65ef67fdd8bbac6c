package mahalla

import (
	"slices"
	"time"
)

// Limits of "the same matter".
const (
	SameWithin     = 72 * time.Hour // between the reports
	AlikeEnough    = 0.42           // from this likeness on, of 0 to 1: measured in locales
	LeastShared    = 3              // words: one or two alone ("loud music") are no matter
	MostSimilar    = 3              // proposals at most
	OfferWithin    = 24 * time.Hour // of filing, the receipt asks
	UndoJoinWithin = 24 * time.Hour // a wrong join is taken back
)

// joiningRaises are the numbers of people who joined a case at which its urgency
// rises by one step, each once. The reporter is not counted.
var joiningRaises = []int{3, 10}

// Candidate is a case that may be the same matter as a new report.
type Candidate struct {
	Case      CaseID
	Reporter  PersonID
	Anonymous bool // the reporter is not named
	Place     TerritoryID
	Category  CategoryCode
	Secrecy   Secrecy
	Status    Status
	FiledAt   time.Time
	Joined    bool    // by the person whose report it is compared with
	Likeness  float64 // of the words, 0 to 1
	Shared    int     // words that both have
}

// Joinable tells whether others may join a case of this kind. To propose a case
// is to tell that it is there, so what is confidential is never proposed, nor is
// a complaint about an officer.
func Joinable(category CategoryCode, secrecy Secrecy) bool {
	return category != OfficerComplaint && (secrecy == Public || secrecy == Internal)
}

// SameMatter picks the cases that a new report at a place may be about: open, of
// the same mahalla and category, filed within three days, alike enough, and none
// that the person reported or joined, nor of anybody who is not named. The
// likeliest come first, of equal ones the older, so that a crowd gathers at one
// case.
func SameMatter(list []Candidate, by PersonID, place TerritoryID, category CategoryCode, now time.Time) []Candidate {
	var found []Candidate
	for _, c := range list {
		open := c.Status == New || c.Status == Accepted || c.Status == Waiting
		near := c.Place == place && c.Category == category && now.Sub(c.FiledAt) <= SameWithin
		theirs := c.Reporter != by && !c.Joined && !c.Anonymous
		if open && near && theirs && Joinable(c.Category, c.Secrecy) && c.Likeness >= AlikeEnough && c.Shared >= LeastShared {
			found = append(found, c)
		}
	}
	slices.SortStableFunc(found, func(a, b Candidate) int {
		switch {
		case a.Likeness > b.Likeness:
			return -1
		case a.Likeness < b.Likeness:
			return 1
		}
		return a.FiledAt.Compare(b.FiledAt)
	})
	return found[:min(len(found), MostSimilar)]
}

// RaisedByJoining is the urgency of a case once so many people have joined it:
// one step above that of its category for every threshold reached, but never an
// emergency, which only words of danger make. Who takes a join back does not
// lower it, so a caller keeps the higher of this and what the case has.
func RaisedByJoining(of Urgency, joined int) Urgency {
	steps := []Urgency{Low, Normal, High}
	at := slices.Index(steps, of)
	if at < 0 {
		return of
	}
	for _, enough := range joiningRaises {
		if joined >= enough && at < len(steps)-1 {
			at++
		}
	}
	return steps[at]
}
