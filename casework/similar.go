package casework

import (
	"slices"
	"time"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// mostCompared is with how many open cases a new report is compared, the newest
// first. Every tap that files pays for it, and when a whole street reports the
// same it is all the same with which of the last fifty.
const mostCompared = 50

// Similar is an open case that a new report may be about.
type Similar struct {
	Nth     int // of those found, from 1
	Case    mahalla.CaseID
	FiledAt time.Time
	Status  mahalla.Status
	// Shared are the words of the new report, as its writer has them, that the
	// case speaks of too. Nothing else may be shown of it to somebody who has not
	// joined: not its number, and not a word or a name of whoever reported it.
	Shared []string
}

// Similar finds at most three open cases that a report is about, if its words
// are: of the same mahalla and category, within 72 hours, the likeliest first.
// There are none where the place is no mahalla, where the category is one that
// is not spoken of, and where the words speak of danger: then nobody is asked
// anything. The texts are compared in memory and no person reads them, so no
// reading is recorded.
func (d *Desk) Similar(tx *storage.Tx, place mahalla.TerritoryID, code mahalla.CategoryCode, words string, who *storage.Contact, now time.Time) ([]Similar, error) {
	known := d.known.Load()
	category, exists := known.Categories[code]
	where := known.Territories[place]
	mine := d.matters.Read(words)
	if !exists || where == nil || where.Kind != mahalla.Mahalla || mine.Empty() || !mahalla.Joinable(code, category.Secrecy) || d.Danger(words) {
		return nil, nil
	}
	open, err := tx.OpenCases(place, code, who.ID, now.Add(-mahalla.SameWithin), mostCompared)
	if err != nil {
		return nil, err
	}
	return d.alike(mine, words, open, who, place, code, now), nil
}

// alike picks those of some open cases that words are about.
func (d *Desk) alike(mine locales.Matter, words string, open []storage.OpenCase, who *storage.Contact, place mahalla.TerritoryID, code mahalla.CategoryCode, now time.Time) []Similar {
	candidates := make([]mahalla.Candidate, len(open))
	theirs := make(map[mahalla.CaseID]locales.Matter, len(open))
	for i, c := range open {
		matter := d.matters.Read(c.Words)
		candidates[i], theirs[c.Case] = c.Candidate, matter
		if candidates[i].Likeness = mine.Likeness(matter); candidates[i].Likeness >= mahalla.AlikeEnough {
			candidates[i].Shared = len(mine.Shared(words, matter))
		}
	}
	var list []Similar
	for _, c := range mahalla.SameMatter(candidates, who.ID, place, code, now) {
		list = append(list, Similar{Nth: len(list) + 1, Case: c.Case, FiledAt: c.FiledAt, Status: c.Status, Shared: mine.Shared(words, theirs[c.Case])})
	}
	return list
}

// offers are the cases of which the receipt of a report asks whether one is the
// same matter. Where it may be urgent nobody is asked anything, nor is who is
// not named.
func (d *Desk) offers(tx *storage.Tx, who *storage.Contact, draft *mahalla.Draft, category mahalla.Category, now time.Time) ([]mahalla.CaseID, error) {
	if draft.Anonymous() || !mahalla.Limited(category, d.Danger(draft.Words())) {
		return nil, nil
	}
	similar, err := d.Similar(tx, draft.Place, category.Code, draft.Words(), who, now)
	var ids []mahalla.CaseID
	for _, s := range similar {
		ids = append(ids, s.Case)
	}
	return ids, err
}

// offered are those of them that the receipt still asks about, with the words
// of the report that they share.
func (d *Desk) offered(tx *storage.Tx, c *mahalla.Case, words string, now time.Time) ([]Similar, error) {
	ids := c.Alike(now)
	if len(ids) == 0 {
		return nil, nil
	}
	open, err := tx.OpenAmong(ids)
	if err != nil {
		return nil, err
	}
	mine := d.matters.Read(words)
	var list []Similar
	for _, o := range open {
		list = append(list, Similar{Nth: slices.Index(ids, o.Case) + 1, Case: o.Case, FiledAt: o.FiledAt, Status: o.Status,
			Shared: mine.Shared(words, d.matters.Read(o.Words))})
	}
	return list, nil
}
