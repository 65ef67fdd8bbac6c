package casework

import (
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// bringShared brings somebody who is back the results of the cases for which the own
// ones were given up, as far as they were closed since a moment and can still be judged.
// It tells of which cases the person was sent cards.
func (d *Desk) bringShared(tx *storage.Tx, who *storage.Contact, since, now time.Time) ([]mahalla.CaseID, error) {
	if since.IsZero() {
		return nil, nil
	}
	ids, err := tx.GivenUpClosed(who.ID, since)
	if err != nil {
		return nil, err
	}
	var told []mahalla.CaseID
	for _, id := range ids {
		own, err := tx.Case(id)
		if err != nil {
			return nil, err
		}
		into, err := tx.Case(own.MergedInto)
		if err != nil {
			return nil, err
		}
		if own.MayReopenFrom(into, who.ID, now) != nil {
			continue
		}
		about, n := own.CardBeside(into)
		if n.Kind == mahalla.CardJoined && !into.HasJoined(who.ID) {
			continue
		}
		reports, err := tx.Reports(into.ID)
		if err != nil {
			return nil, err
		}
		if err := d.send(tx, about, mediaFirst([]mahalla.Notice{n}, n.Kind, evidence(reports)), now); err != nil {
			return nil, err
		}
		told = append(told, about.ID)
	}
	return told, nil
}
