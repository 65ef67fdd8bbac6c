package storage_test

import (
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

func TestACaseThatWasMerged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	into, own := w.filed(1), w.draft(2)
	own.Reporter, own.Offered = w.stranger.ID, []mahalla.CaseID{into.ID, 77}
	w.tx(func(tx *storage.Tx) error {
		tx.Concern(w.stranger.Telegram, []int64{5}, own.ID)
		tx.Concern(w.officer.Telegram, []int64{5}, own.ID)
		return tx.AddCase(own)
	})
	same(t, "filed", *w.stored(own.ID), *own)
	about := func(chat int64) (id mahalla.CaseID) {
		w.read(func(tx *storage.Tx) (err error) {
			id, err = tx.CaseOfMessage(chat, 5)
			return err
		})
		return id
	}
	look := func(what string, offer mahalla.CaseID, merged, mine []mahalla.CaseID, count int) {
		t.Helper()
		w.read(func(tx *storage.Tx) error {
			gotOffer, err := tx.LatestOffer(w.stranger.ID)
			w.must(err)
			same(t, what+": the latest offer", gotOffer, offer)
			gotMerged, err := tx.MergedInto(into.ID)
			w.must(err)
			same(t, what+": merged", gotMerged, merged)
			lines, total, err := tx.CasesOfReporter(w.stranger.ID, 0, 9)
			w.must(err)
			var got []mahalla.CaseID
			for _, l := range lines {
				got = append(got, l.ID)
			}
			same(t, what+": mine", got, mine)
			same(t, what+": how many", total, len(mine))
			weeks, err := tx.WeeksAt([]mahalla.TerritoryID{mahalla.RootTerritory}, "", []time.Time{morning.AddDate(0, 0, -1), morning.AddDate(0, 0, 1)})
			w.must(err)
			same(t, what+": filed", weeks[0].Filed, count)
			return nil
		})
	}
	look("before", own.ID, nil, []mahalla.CaseID{own.ID}, 2)
	same(t, "the message", about(w.stranger.Telegram), own.ID)

	w.save(own.ID, func(c *mahalla.Case) {
		c.Status, c.WithdrawnAt, c.MergedInto, c.Offered = mahalla.Withdrawn, morning.Add(time.Hour), into.ID, nil
	})
	w.tx(func(tx *storage.Tx) error {
		tx.AddJoin(into.ID, w.stranger.ID, morning)
		return nil
	})
	look("merged", 0, []mahalla.CaseID{own.ID}, []mahalla.CaseID{into.ID}, 1)
	same(t, "merged into", w.stored(own.ID).MergedInto, into.ID)
	same(t, "the message to its reporter", about(w.stranger.Telegram), into.ID)
	same(t, "the message to an officer", about(w.officer.Telegram), own.ID)

	w.save(own.ID, func(c *mahalla.Case) {
		c.Status, c.WithdrawnAt, c.MergedInto, c.Round = mahalla.New, time.Time{}, 0, 2
	})
	w.tx(func(tx *storage.Tx) error {
		tx.UndoJoin(into.ID, w.stranger.ID, morning.Add(2*time.Hour))
		return nil
	})
	look("after the undo", 0, nil, []mahalla.CaseID{own.ID}, 2)
}

func TestOpenCasesTellWhatWasJoinedAndWhatIsOpenStill(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	one, two, three := w.filed(1), w.filed(2), w.filed(3)
	w.tx(func(tx *storage.Tx) error {
		for _, c := range []*mahalla.Case{one, two, three} {
			r := storage.Report{Kind: storage.KindReport, Person: c.Reporter, Words: "Musiqa " + c.Number.String(), At: morning}
			if err := tx.AddReport(c.ID, r); err != nil {
				return err
			}
		}
		tx.AddJoin(two.ID, w.stranger.ID, morning)
		tx.AddJoin(one.ID, w.stranger.ID, morning)
		tx.UndoJoin(one.ID, w.stranger.ID, morning)
		return nil
	})
	w.save(three.ID, func(c *mahalla.Case) { c.Status, c.WithdrawnAt = mahalla.Withdrawn, morning })
	w.read(func(tx *storage.Tx) error {
		list, err := tx.OpenCases(mahalla.RootTerritory, "noise", w.stranger.ID, morning, 9)
		w.must(err)
		var joined []mahalla.CaseID
		for _, c := range list {
			if c.Joined {
				joined = append(joined, c.Case)
			}
		}
		same(t, "open", len(list), 2)
		same(t, "joined", joined, []mahalla.CaseID{two.ID})
		among, err := tx.OpenAmong([]mahalla.CaseID{two.ID, three.ID, 77, one.ID})
		w.must(err)
		var words []string
		for _, c := range among {
			words = append(words, c.Words)
		}
		same(t, "open of those asked for, in their order", words, []string{"Musiqa " + two.Number.String(), "Musiqa " + one.Number.String()})
		return nil
	})
}
