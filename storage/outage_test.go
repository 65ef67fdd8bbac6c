package storage_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

func TestTwoSendersThatTellEachOthersChatSomethingDoNotLockEachOtherOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 60 {
		w.send(w.officer, say(i))
		w.send(w.stranger, say(i))
		list := w.claim(2)
		var both sync.WaitGroup
		var tries atomic.Int32 // PostgreSQL undoes one of two that lock each other out, and it is tried again
		for j := range list {
			m, other := list[j], list[1-j]
			both.Go(func() {
				w.tx(func(tx *storage.Tx) error {
					tries.Add(1)
					err := tx.Send(storage.Recipient{Person: other.Person, Chat: other.Chat}, say(1000+i), 7, morning, time.Time{})
					if err != nil {
						return err
					}
					return tx.FinishMessages([]storage.Delivery{{Message: m, Fate: storage.FateRefused}}, storage.Pace{})
				})
			})
		}
		both.Wait()
		if n := tries.Load(); n != 2 {
			t.Fatalf("round %d: got %d tries of two transactions", i, n)
		}
		for _, m := range w.claim(9) {
			w.finish(storage.Pace{}, storage.Delivery{Message: m, Fate: storage.FateSent})
		}
	}
	if n := w.number("SELECT sum(waiting) FROM outbox_chats"); n != 0 {
		t.Errorf("the counters promise %d messages, want none", n)
	}
}

func TestAHundredThousandCardsOfOneTransactionAreMergedWithoutComparingAll(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	began := time.Now()
	err := w.db.InTx(w.ctx, func(tx *storage.Tx) error {
		for i := range 100_000 {
			to := storage.Recipient{Person: w.officer.ID, Chat: int64(i / 20)}
			if err := tx.Send(to, mahalla.Notice{Kind: mahalla.CardOfficer}, mahalla.CaseID(i+1), morning, time.Time{}); err != nil {
				return err
			}
		}
		return errTest
	})
	if took := time.Since(began); took > 15*time.Second { // comparing all of them takes a minute
		t.Errorf("took %s: %v", took, err)
	}
}

func TestOfTwoNoticesOfACardInATransactionTheLaterStandsInItsPlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.tx(func(tx *storage.Tx) error {
		send := func(about mahalla.CaseID, ring bool) {
			w.must(tx.Send(w.officer.Recipient(), mahalla.Notice{Kind: mahalla.CardOfficer, Ring: ring}, about, morning, time.Time{}))
		}
		send(1, true)
		send(2, false)
		_ = tx.Try(func() error { // what is undone has merged nothing
			send(2, true)
			return errTest
		})
		send(1, false)
		return nil
	})
	var got []string
	for list := w.claim(1); len(list) > 0; list = w.claim(1) {
		m := list[0]
		ring := map[bool]string{true: " rings"}[m.Ring]
		got = append(got, string(rune('0'+m.Case))+ring)
		w.finish(storage.Pace{}, storage.Delivery{Message: m, Fate: storage.FateDropped})
	}
	same(t, "sent", got, []string{"2", "1 rings"})
}

func TestACardRingsForAnOutageOnlyIfNothingElseRings(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	away := mahalla.Notice{Ring: true, Again: true, Args: map[string]string{"away": "1 2"}}
	change, news := mahalla.Notice{}, mahalla.Notice{Ring: true}
	choose := mahalla.Notice{Args: map[string]string{"choose": "yes"}}
	for _, test := range []struct {
		name        string
		first, then mahalla.Notice
		ring, again bool
		args        map[string]string
	}{
		{"twice", away, away, true, true, away.Args},
		{"a change after it keeps what it says", away, change, true, true, away.Args},
		{"a change with words of its own", away, choose, true, true, choose.Args},
		{"a change before it", change, away, true, true, away.Args},
		{"news after it", away, news, true, false, away.Args},
		{"news before it", news, away, true, false, away.Args},
		{"neither", change, change, false, false, nil},
	} {
		for _, once := range []bool{true, false} { // in one transaction, or in two
			send := func(list ...mahalla.Notice) {
				w.tx(func(tx *storage.Tx) error {
					for _, n := range list {
						n.Kind = mahalla.CardOfficer
						w.must(tx.Send(w.officer.Recipient(), n, 1, morning, time.Time{}))
					}
					return nil
				})
			}
			if once {
				send(test.first, test.then)
			} else {
				send(test.first)
				send(test.then)
			}
			m := w.claim(1)[0]
			same(t, test.name, []any{m.Ring, m.Again, m.Args}, []any{test.ring, test.again, test.args})
			w.finish(storage.Pace{}, storage.Delivery{Message: m, Fate: storage.FateDropped})
		}
	}
}

func TestANewerOutageTakesOverWhatAnOlderOneHasLeft(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	at := func(minutes int) time.Time { return morning.Add(time.Duration(minutes) * time.Minute) }
	under := func() (list []storage.Outage) {
		w.read(func(tx *storage.Tx) (err error) {
			list, err = tx.OutagesUnderWay()
			for i := range list {
				list[i] = storage.Outage{Since: list[i].Since.UTC(), Until: list[i].Until.UTC()}
			}
			return err
		})
		return list
	}
	older, newer := storage.Outage{Since: at(0), Until: at(5)}, storage.Outage{Since: at(6), Until: at(20)}
	w.tx(func(tx *storage.Tx) error { tx.NoteOutage(older); return nil })
	w.tx(func(tx *storage.Tx) error { tx.NoteOutage(older); return nil })
	w.tx(func(tx *storage.Tx) error { tx.NoteOutage(newer); return nil })
	same(t, "under way", under(), []storage.Outage{newer})
	w.read(func(tx *storage.Tx) error {
		list, err := tx.TicksUnderWay()
		same(t, "digests under way", len(list), 0)
		return err
	})
}

func TestWhoeverWasLostBeforeThatWasWrittenDownIsBroughtUpToDateFromTheBeginning(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	regain := func() (since time.Time) {
		w.tx(func(tx *storage.Tx) (err error) {
			since, err = tx.Regain(w.officer.ID)
			return err
		})
		return since.UTC()
	}
	w.exec("UPDATE people SET reach = 'blocked', lost_at = NULL WHERE id = $1", w.officer.ID)
	same(t, "lost, nobody knows when", regain(), time.Unix(0, 0).UTC())
	same(t, "never lost", regain(), time.Time{})
}

func TestAnAnswerIsNotOwedForEverAndStaysWithWhoeverHasItInHand(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owe := func(id int64) {
		w.tx(func(tx *storage.Tx) error { tx.Owe(storage.Owed{Inbox: id, Press: "p"}, 0); return nil })
	}
	owe(1)
	owe(2)
	list, err := w.db.ClaimOwed(w.ctx, []int64{1}, 9, 0)
	w.must(err)
	same(t, "but for the one in hand", list, []storage.Owed{{Inbox: 2, Press: "p"}})
	if _, err = w.db.ClaimOwed(w.ctx, []int64{1}, 9, time.Hour); err != nil {
		t.Error(err)
	}
	list, err = w.db.ClaimOwed(w.ctx, nil, 9, time.Hour) // another replica
	w.must(err)
	same(t, "while somebody has it in hand", list, []storage.Owed{})
	w.exec("UPDATE owed SET due_at = now(), since = now() - interval '4 minutes'")
	list, err = w.db.ClaimOwed(w.ctx, []int64{2}, 9, 0)
	w.must(err)
	same(t, "too old to be waited for", list, []storage.Owed{})
	same(t, "left", w.number("SELECT count(*) FROM owed"), 0)
}

func TestWhatFailsIsPutOffUnlessItHasChangedMeanwhile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.filed(1)
	timer := mahalla.Timer{Kind: mahalla.TimerVerdict, Due: morning}
	later := morning.Add(time.Hour)
	due := func(now time.Time) (list []storage.DueTimer) {
		w.read(func(tx *storage.Tx) (err error) {
			list, err = tx.DueTimers(now, 9)
			return err
		})
		return list
	}
	w.tx(func(tx *storage.Tx) error { tx.SetTimer(c.ID, timer); return nil })
	seen := due(morning)[0]
	w.tx(func(tx *storage.Tx) error { tx.PutOffTimer(seen, later); return nil })
	same(t, "due now, and later", []int{len(due(morning)), len(due(later))}, []int{0, 1})
	w.tx(func(tx *storage.Tx) error { tx.SetTimer(c.ID, timer); tx.PutOffTimer(due(later)[0], later); return nil })
	w.tx(func(tx *storage.Tx) error { tx.SetTimer(c.ID, mahalla.Timer{Kind: timer.Kind, Due: later}); return nil })
	w.tx(func(tx *storage.Tx) error { tx.PutOffTimer(seen, later.Add(time.Hour)); return nil })
	same(t, "set anew meanwhile", len(due(later)), 1)
}
