package casework

import (
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// noteRepetition looks whether a case that was just accepted is the third of its
// reporter or of its matter, for a suggestion on the owner's card. The texts are
// compared in memory and no person reads them.
func (d *Desk) noteRepetition(tx *storage.Tx, c *mahalla.Case, now time.Time) error {
	category := d.Reference().Categories[c.Category]
	if c.Reconcilable(category, now) != nil {
		return nil
	}
	past, err := tx.PastCases(c, c.FiledAt.Add(-mahalla.RepeatWithin), mostCompared)
	if err != nil || len(past) < mahalla.RepeatFrom-1 {
		return err
	}
	reports, err := tx.Reports(c.ID)
	if err != nil {
		return err
	}
	words := firstWords(reports)
	mine := d.matters.Read(words)
	list := make([]mahalla.Past, len(past))
	for n, p := range past {
		list[n] = p.Past
		if p.Words == "" || mine.Empty() {
			continue
		}
		theirs := d.matters.Read(p.Words)
		if list[n].Likeness = mine.Likeness(theirs); list[n].Likeness >= mahalla.AlikeEnough {
			list[n].Shared = len(mine.Shared(words, theirs))
		}
	}
	kind, cases := mahalla.RepeatOf(c, category, false, list, now)
	if kind != "" { // to look for words of danger costs more than all before it
		kind, cases = mahalla.RepeatOf(c, category, d.Danger(wordsOf(reports, c.Reporter)), list, now)
	}
	tx.SetRepetition(c.ID, kind, cases)
	return nil
}
