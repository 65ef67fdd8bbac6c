package storage_test

import (
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

func TestWhoSharesACaseWaitsForItsResultUntilItIsJudged(t *testing.T) {
	t.Parallel()
	for _, by := range []string{"the reporter", "an officer"} {
		w := newWorld(t)
		into, own := w.draft(1), w.filed(2)
		into.Reporter = w.stranger.ID
		w.tx(func(tx *storage.Tx) error { return tx.AddCase(into) })
		about, kind, joined := into.ID, mahalla.CardJoined, own.ID
		if by == "an officer" {
			about, kind, joined = own.ID, mahalla.CardReporter, 0
		}
		w.save(own.ID, func(c *mahalla.Case) {
			c.Status, c.WithdrawnAt, c.MergedInto = mahalla.Withdrawn, morning, into.ID
			if joined == 0 {
				c.MergedBy = w.officer.ID
			}
		})
		w.tx(func(tx *storage.Tx) error { tx.AdoptCard(w.resident.ID, kind, about, 1); return nil })
		look := func(what string, closed []mahalla.CaseID, asking []storage.Asking) {
			t.Helper()
			w.read(func(tx *storage.Tx) error {
				id, err := tx.GivenUpFor(w.resident.ID, into.ID)
				w.must(err)
				same(t, by+", "+what+": given up", id, joined)
				got, err := tx.GivenUpClosed(w.resident.ID, morning)
				w.must(err)
				same(t, by+", "+what+": closed", got, closed)
				late, err := tx.GivenUpClosed(w.resident.ID, morning.Add(time.Hour))
				w.must(err)
				same(t, by+", "+what+": closed before", late, []mahalla.CaseID(nil))
				list, err := tx.AskingCards(0, 1000, 5, storage.Outage{Since: morning, Until: morning.Add(2 * time.Hour)})
				same(t, by+", "+what+": asked again", list, asking)
				return err
			})
		}
		look("open", nil, nil)
		w.save(into.ID, func(c *mahalla.Case) {
			c.Status, c.Owner, c.AcceptedAt, c.Closing, c.ClosedAt = mahalla.Closed, w.officer.ID, morning, mahalla.Solved, morning.Add(time.Minute)
		})
		look("closed", []mahalla.CaseID{own.ID}, []storage.Asking{{To: w.resident.Recipient(), Kind: kind, Case: about, Cards: 1, Results: 1}})
		w.save(own.ID, func(c *mahalla.Case) { c.Verdict, c.JudgedAt = mahalla.VerdictSolved, morning.Add(2*time.Minute) })
		look("judged", nil, nil)
	}
}
