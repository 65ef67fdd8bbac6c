package storage_test

import (
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// accepted stores a case that the officer took, with a clock towards its result.
func (w *world) accepted(n int, due time.Time) *mahalla.Case {
	w.Helper()
	c := w.filed(n)
	c.Status, c.Owner, c.AcceptedAt = mahalla.Accepted, w.officer.ID, morning
	c.Resolution = mahalla.Resolution{Span: mahalla.Span{Days: 5}, Done: 1, Told: mahalla.SectorHead,
		Beats: []time.Time{due.Add(-time.Hour), due.Add(-time.Minute), due, due.Add(time.Hour)}}
	w.tx(func(tx *storage.Tx) error { return tx.SaveCase(c) })
	return c
}

func TestTheClockTowardsTheResultIsKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	due := morning.Add(5 * 24 * time.Hour)
	c := w.accepted(1, due)
	for _, paused := range []time.Time{{}, morning.Add(time.Hour)} {
		c.Resolution.Paused = paused
		w.tx(func(tx *storage.Tx) error { return tx.SaveCase(c) })
		w.read(func(tx *storage.Tx) error {
			got, err := tx.Case(c.ID)
			w.must(err)
			same(t, "span", got.Resolution.Span, c.Resolution.Span)
			same(t, "told", got.Resolution.Told, c.Resolution.Told)
			same(t, "done", got.Resolution.Done, 1)
			same(t, "due", got.Resolution.Due().Equal(due), true)
			same(t, "paused", got.Resolution.Paused.Equal(paused), true)
			same(t, "beats", len(got.Resolution.Beats), 4)
			return nil
		})
	}
}

func TestAMissingResultCountsAsOverdueAndAClosingTakenBackAsNone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	due := morning.Add(24 * time.Hour)
	c := w.accepted(1, due)
	figures := func(now time.Time) (overdue, closed int) {
		w.read(func(tx *storage.Tx) error {
			standing, err := tx.StandingAt(republic, "", now)
			w.must(err)
			for _, s := range standing {
				overdue += s.Overdue
			}
			_, closed, err = tx.DoneAt(republic, "", morning, morning.AddDate(0, 1, 0))
			w.must(err)
			weeks, err := tx.WeeksAt(republic, "", []time.Time{morning, morning.AddDate(0, 0, 7)})
			w.must(err)
			list, err := tx.ClosedAt(republic, morning, morning.AddDate(0, 1, 0), []mahalla.Secrecy{mahalla.Internal})
			w.must(err)
			same(t, "the same by week and by category", []int{weeks[0].Closed, len(list)}, []int{closed, closed})
			return nil
		})
		return overdue, closed
	}
	step := func(what string, now time.Time, wantOverdue, wantClosed int) {
		t.Helper()
		overdue, closed := figures(now)
		same(t, what, []int{overdue, closed}, []int{wantOverdue, wantClosed})
	}
	officer := mahalla.Person{ID: w.officer.ID, Memberships: []mahalla.Membership{{Role: mahalla.PreventionInspector, Territory: mahalla.RootTerritory}}}
	ground := mahalla.Ground{Path: republic, Calendar: mahalla.DefaultCalendar(time.UTC, nil)}
	step("in time", due, 0, 0)
	step("overdue", due.Add(time.Minute), 1, 0)
	_, err := c.Close(officer, mahalla.Solved, "", due.Add(time.Minute))
	w.must(err)
	w.tx(func(tx *storage.Tx) error { return tx.SaveCase(c) })
	step("closed", due.Add(2*time.Minute), 0, 1)
	_, err = c.Undo(officer, ground, due.Add(2*time.Minute))
	w.must(err)
	w.tx(func(tx *storage.Tx) error { return tx.SaveCase(c) })
	step("taken back", due.Add(time.Hour), 1, 0)
}

func TestAClaimIsKeptAndCountsOnWhoeverWasAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.accepted(1, morning.AddDate(0, 0, 5))
	c.Assignments = append(c.Assignments, mahalla.Assignment{Person: w.stranger.ID, Role: mahalla.SeniorInspector, Level: mahalla.LevelSenior, Told: morning})
	held := func() (list []mahalla.CaseID) {
		w.tx(func(tx *storage.Tx) (err error) {
			if err = tx.SaveCase(c); err == nil {
				list, err = tx.HeldBy(w.stranger.ID)
			}
			return err
		})
		return list
	}
	same(t, "held before", held(), []mahalla.CaseID{})
	c.Claim = mahalla.Claim{At: morning, Since: morning, Asked: []mahalla.PersonID{7, w.stranger.ID}}
	same(t, "held while asked", held(), []mahalla.CaseID{c.ID})
	w.read(func(tx *storage.Tx) error {
		got, err := tx.Case(c.ID)
		w.must(err)
		same(t, "asked", got.Claim.Asked, c.Claim.Asked)
		same(t, "since", got.Claim.At.Equal(morning) && got.Claim.Since.Equal(morning), true)
		return nil
	})
	c.Claim = mahalla.Claim{}
	same(t, "held afterwards", held(), []mahalla.CaseID{})
	same(t, "left", w.number("SELECT count(*) FROM cases WHERE claim IS NOT NULL"), 0)
}

func TestAFalseReportIsNothingThatWasDone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for n, with := range []mahalla.Closing{mahalla.Solved, mahalla.False} {
		c := w.accepted(n+1, morning.AddDate(0, 0, 5))
		c.Status, c.Closing, c.ClosedAt, c.Resolution.Paused = mahalla.Closed, with, morning, morning
		w.tx(func(tx *storage.Tx) error { return tx.SaveCase(c) })
	}
	w.read(func(tx *storage.Tx) error {
		list, err := tx.ClosedAt(republic, morning, morning.Add(time.Hour), []mahalla.Secrecy{mahalla.Internal})
		w.must(err)
		same(t, "closed", list, []storage.ClosedIn{{Place: 1, Category: "noise", Count: 1}})
		return nil
	})
}
