package storage_test

import (
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

func TestAPersonIsLostOnceAndRegainedWithTheMoment(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.resident.ID
	w.tx(func(tx *storage.Tx) error {
		first, err := tx.Lose(p, morning)
		again, err2 := tx.Lose(p, morning.Add(time.Hour))
		if !first || again || err != nil || err2 != nil {
			t.Errorf("lost: got %v and %v, %v, %v", first, again, err, err2)
		}
		return nil
	})
	same(t, "reach", w.contact(1).Reach, mahalla.Blocked)
	w.tx(func(tx *storage.Tx) error {
		since, err := tx.Regain(p)
		if !since.Equal(morning) {
			t.Errorf("since %v, want the first moment", since)
		}
		never, err2 := tx.Regain(p)
		if !never.IsZero() || err2 != nil {
			t.Errorf("regained twice: got %v, %v", never, err2)
		}
		return err
	})
	same(t, "reach", w.contact(1).Reach, mahalla.Reachable)
}

func TestReportsThatWantSomethingAreFoundByTheirReporter(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	set := func(n int, change func(*mahalla.Case)) mahalla.CaseID {
		c := w.filed(n)
		w.save(c.ID, change)
		return c.ID
	}
	closed := func(c *mahalla.Case) {
		c.Status, c.Owner, c.AcceptedAt = mahalla.Closed, w.officer.ID, morning
		c.Closing, c.ClosedAt = mahalla.Solved, morning
	}
	judged := func(v mahalla.Verdict, at time.Time) func(*mahalla.Case) {
		return func(c *mahalla.Case) { closed(c); c.Verdict, c.JudgedAt = v, at }
	}
	want := []mahalla.CaseID{
		set(1, func(*mahalla.Case) {}), set(2, closed), set(3, judged(mahalla.VerdictSilent, morning.Add(time.Hour))),
	}
	set(4, judged(mahalla.VerdictSilent, morning.Add(-time.Hour)))
	set(5, judged(mahalla.VerdictSolved, morning.Add(time.Hour)))
	set(6, func(c *mahalla.Case) { c.Status, c.WithdrawnAt = mahalla.Withdrawn, morning })
	w.read(func(tx *storage.Tx) error {
		got, err := tx.ReportedBy(w.resident.ID, morning)
		same(t, "reported", got, want)
		none, err2 := tx.ReportedBy(w.officer.ID, morning)
		if len(none) != 0 || err2 != nil {
			t.Errorf("by the officer: got %v, %v", none, err2)
		}
		return err
	})
}

func TestTheBotRemembersUntilWhenItHasHeard(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, step := range []struct{ until, before time.Duration }{
		{0, 0}, // the very first time there is no gap
		{15 * time.Second, 0},
		{10 * time.Second, 15 * time.Second}, // another replica is behind
		{5 * time.Minute, 15 * time.Second},
		{6 * time.Minute, 5 * time.Minute},
	} {
		w.tx(func(tx *storage.Tx) error {
			before, err := tx.Heard(morning.Add(step.until))
			if !before.Equal(morning.Add(step.before)) {
				t.Errorf("%v: got %v, want %v", step.until, before.Sub(morning), step.before)
			}
			return err
		})
	}
}

func TestCardsThatWaitForAPressAreThoseThatAskSomething(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	adopt := func(p *storage.Contact, kind mahalla.NoticeKind, c mahalla.CaseID) {
		w.tx(func(tx *storage.Tx) error { tx.AdoptCard(p.ID, kind, c, int64(c)); return nil })
	}
	file := func(n int, change func(*mahalla.Case)) mahalla.CaseID {
		c := w.filed(n)
		w.save(c.ID, change)
		adopt(w.officer, mahalla.CardOfficer, c.ID)
		adopt(w.resident, mahalla.CardReporter, c.ID)
		return c.ID
	}
	accepted := func(c *mahalla.Case) { c.Status, c.Owner, c.AcceptedAt = mahalla.Accepted, w.officer.ID, morning }
	closed := func(c *mahalla.Case) {
		accepted(c)
		c.Status, c.Closing, c.ClosedAt = mahalla.Closed, mahalla.Solved, morning
	}
	waiting := file(1, func(*mahalla.Case) {})
	urgent := file(2, func(c *mahalla.Case) { c.Urgency = mahalla.Emergency })
	file(3, accepted)
	file(4, func(c *mahalla.Case) { c.Assignments[0].Unreachable = true })
	asked := file(5, closed)
	adopt(w.resident, mahalla.CardResult, asked)
	done := file(6, func(c *mahalla.Case) { closed(c); c.Verdict, c.JudgedAt = mahalla.VerdictSolved, morning })
	adopt(w.resident, mahalla.CardResult, done)
	adopt(w.stranger, mahalla.CardOfficer, waiting) // looked at it, and was never told
	cards := func() (list []storage.Asking) {
		w.read(func(tx *storage.Tx) (err error) {
			upto, end, err := tx.CardsAfter(0, 1000)
			same(t, "all in one stretch", end, true)
			w.must(err)
			list, err = tx.AskingCards(0, upto, 5, storage.Outage{Since: morning, Until: morning.Add(time.Hour)})
			return err
		})
		return list
	}
	want := []storage.Asking{
		{To: w.resident.Recipient(), Kind: mahalla.CardResult, Case: asked, Cards: 1, Results: 1},
		{To: w.officer.Recipient(), Kind: mahalla.CardOfficer, Case: urgent, Cards: 2, Urgent: true},
		{To: w.officer.Recipient(), Kind: mahalla.CardOfficer, Case: waiting, Cards: 2},
	}
	same(t, "asking", cards(), want)
	w.tx(func(tx *storage.Tx) error { _, err := tx.Lose(w.officer.ID, morning); return err })
	same(t, "without those out of reach", cards(), want[:1])
}
