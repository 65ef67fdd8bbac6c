package storage_test

import (
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// root is the place of the cases of the tests.
var root = []mahalla.TerritoryID{mahalla.RootTerritory}

func TestListsShowOnlyWhereThePersonStillHasARole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	told, own, given, taken, refused := w.filed(1), w.filed(2), w.filed(3), w.filed(4), w.filed(5)
	w.save(own.ID, func(c *mahalla.Case) { c.Status, c.Owner, c.AcceptedAt = mahalla.Accepted, w.officer.ID, morning })
	w.save(given.ID, func(c *mahalla.Case) {
		c.Offers = []mahalla.Offer{{Kind: mahalla.OfferGiven, By: w.stranger.ID, To: w.officer.ID, At: morning, Due: morning, Round: 1, Answer: mahalla.OfferDecided, AnsweredAt: morning}}
	})
	for c, came := range map[*mahalla.Case]mahalla.OfferAnswer{taken: mahalla.OfferTaken, refused: mahalla.OfferRefused} { // from a supervisor who had it
		w.save(c.ID, func(c *mahalla.Case) {
			c.Offers = []mahalla.Offer{{Kind: mahalla.OfferElsewhere, By: w.stranger.ID, To: w.officer.ID, At: morning, Due: morning, Round: 1, Answer: came, AnsweredAt: morning}}
		})
	}
	for _, test := range []struct {
		name          string
		at            []mahalla.TerritoryID
		work, overdue []mahalla.CaseID
	}{
		{"over the place", root, []mahalla.CaseID{told.ID, given.ID, taken.ID, refused.ID, own.ID}, []mahalla.CaseID{told.ID, given.ID, taken.ID, refused.ID}},
		{"elsewhere", []mahalla.TerritoryID{77}, []mahalla.CaseID{given.ID, taken.ID, own.ID}, []mahalla.CaseID{given.ID, taken.ID}},
		{"without any role", nil, nil, nil},
	} {
		w.read(func(tx *storage.Tx) error {
			work, total, err := tx.CasesOfOfficer(w.officer.ID, test.at, 0, 9)
			w.must(err)
			same(t, test.name+": work", idsOf(work), test.work)
			same(t, test.name+": so many", total, len(test.work))
			late, total, err := tx.OverdueOf(w.officer.ID, test.at, morning.AddDate(0, 0, 1).Add(time.Hour), 0, 9)
			same(t, test.name+": overdue", idsOf(late), test.overdue)
			same(t, test.name+": so many overdue", total, len(test.overdue))
			return err
		})
	}
}

func idsOf(lines []storage.CaseLine) (ids []mahalla.CaseID) {
	for _, l := range lines {
		ids = append(ids, l.ID)
	}
	return ids
}
