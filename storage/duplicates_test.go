package storage_test

import (
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// TestACaseThatAnOfficerGaveUp: what its reporter says stays there, officers of the
// other one read it, and no row of that one names anybody.
func TestACaseThatAnOfficerGaveUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	into, own := w.filed(1), w.unnamed(2)
	w.tx(func(tx *storage.Tx) error {
		return tx.AddReport(own.ID, storage.Report{Kind: storage.KindNote, Person: w.officer.ID, Words: "note", At: morning})
	})
	w.save(own.ID, func(c *mahalla.Case) {
		c.Status, c.WithdrawnAt, c.MergedInto, c.MergedBy = mahalla.Withdrawn, morning.Add(time.Hour), into.ID, w.officer.ID
	})
	got := w.stored(own.ID)
	same(t, "by whom", got.MergedBy, w.officer.ID)
	same(t, "reporter", got.Reporter, w.resident.ID)
	same(t, "the other", w.stored(into.ID).Duplicates, []mahalla.Duplicate{{Case: own.ID}})
	same(t, "rows that name both", w.clear(own), 0)

	words := func(id mahalla.CaseID) (list []string) {
		w.read(func(tx *storage.Tx) error {
			v, err := tx.View(id, w.officer.ID)
			w.must(err)
			reports, err := tx.Reports(id)
			w.must(err)
			same(t, "both ways", v.Reports, reports)
			for _, r := range reports {
				list = append(list, string(r.Kind)+" "+r.Words+" "+r.Of.String())
				if r.Kind == storage.KindDuplicate && r.Person != 0 {
					t.Errorf("words of a duplicate name %d", r.Person)
				}
			}
			return nil
		})
		return list
	}
	same(t, "words there", words(into.ID), []string{"duplicate a " + own.Number.String()})
	same(t, "words here", words(own.ID), []string{"report a 0000-0000", "note note 0000-0000"})

	w.save(into.ID, func(c *mahalla.Case) { c.Status, c.Owner, c.AcceptedAt = mahalla.Accepted, w.officer.ID, morning })
	w.read(func(tx *storage.Tx) error {
		lines, _, err := tx.CasesOfReporter(w.resident.ID, 0, 5)
		w.must(err)
		list := map[mahalla.CaseID]mahalla.Status{}
		for _, l := range lines {
			list[l.ID] = l.Status
		}
		same(t, "as its reporter sees it", list[own.ID], mahalla.Accepted)
		merged, err := tx.MergedInto(into.ID)
		w.must(err)
		same(t, "merged", merged, []mahalla.CaseID{own.ID})
		about, err := tx.CaseOfMessage(w.resident.Telegram, 70)
		w.must(err)
		same(t, "a message about it", about, own.ID)
		open, err := tx.OpenCards(w.resident.ID, time.Time{})
		same(t, "its card", open, []storage.OpenCard{{Kind: mahalla.CardReporter, Case: own.ID}})
		return err
	})

	w.exec("UPDATE cases SET status = 'new', withdrawn_at = NULL, merged_into = NULL WHERE id = $1", own.ID) // as a previous release does
	same(t, "by nobody any more", w.stored(own.ID).MergedBy, mahalla.PersonID(0))
	same(t, "nothing is left there", words(into.ID), []string(nil))
	same(t, "nor here", len(w.stored(into.ID).Duplicates), 0)
}

func TestANamedDuplicateTellsWhoseItIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	into, own := w.filed(1), w.draft(2)
	own.Reporter = w.stranger.ID
	w.tx(func(tx *storage.Tx) error {
		tx.Concern(w.stranger.Telegram, []int64{5}, own.ID)
		return tx.AddCase(own)
	})
	w.save(own.ID, func(c *mahalla.Case) {
		c.Status, c.WithdrawnAt, c.MergedInto, c.MergedBy = mahalla.Withdrawn, morning.Add(time.Hour), into.ID, w.officer.ID
	})
	same(t, "the other", w.stored(into.ID).Duplicates, []mahalla.Duplicate{{Case: own.ID, Reporter: w.stranger.ID}})
	w.read(func(tx *storage.Tx) error {
		about, err := tx.CaseOfMessage(w.stranger.Telegram, 5)
		same(t, "a message about it", about, own.ID)
		return err
	})
	said := func() (said bool) {
		w.read(func(tx *storage.Tx) (err error) {
			said, err = tx.SaidApart(own.ID)
			return err
		})
		return said
	}
	same(t, "nobody has objected", said(), false)
	w.tx(func(tx *storage.Tx) error {
		return tx.AddEvent(own.ID, mahalla.Event{Kind: mahalla.EventUnmerged, At: morning, By: w.stranger.ID, Note: "apart"})
	})
	same(t, "the reporter has", said(), true)
}

func TestWhoConfirmedIsKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.filed(1)
	w.save(c.ID, func(c *mahalla.Case) { c.ConfirmedBy = w.officer.ID })
	same(t, "kept", w.stored(c.ID).ConfirmedBy, w.officer.ID)
	w.save(c.ID, func(c *mahalla.Case) { c.ConfirmedBy = 0 })
	same(t, "forgotten", w.stored(c.ID).ConfirmedBy, mahalla.PersonID(0))
}
