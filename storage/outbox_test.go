package storage_test

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// send puts notices to one reader into the outbox, in one transaction.
func (w *world) send(to *storage.Contact, list ...mahalla.Notice) {
	w.Helper()
	w.tx(func(tx *storage.Tx) error {
		for _, n := range list {
			if err := tx.Send(to.Recipient(), n, 7, morning, time.Time{}); err != nil {
				return err
			}
		}
		return nil
	})
}

// say is a notice that can be told from others.
func say(n int) mahalla.Notice {
	return mahalla.Notice{Kind: "say", Args: map[string]string{"n": strconv.Itoa(n)}}
}

func card(n int, ring bool) mahalla.Notice {
	c := say(n)
	c.Kind, c.Ring = mahalla.CardOfficer, ring
	return c
}

// claim takes messages and holds their chats for an hour.
func (w *world) claim(limit int) (list []storage.Message) {
	w.Helper()
	w.tx(func(tx *storage.Tx) (err error) {
		list, err = tx.ClaimMessages(limit, time.Hour)
		return err
	})
	return list
}

func (w *world) finish(pace storage.Pace, list ...storage.Delivery) {
	w.Helper()
	w.tx(func(tx *storage.Tx) error { return tx.FinishMessages(list, pace) })
}

// sent takes and sends everything, and lists the marks in order.
func (w *world) sent() (marks []string) {
	w.Helper()
	for len(marks) < 100 {
		list := w.claim(1)
		if len(list) == 0 {
			break
		}
		marks = append(marks, fmt.Sprintf("%d:%s%s", list[0].Chat, list[0].Args["n"], map[bool]string{true: "!"}[list[0].Ring]))
		w.finish(storage.Pace{}, storage.Delivery{Message: list[0], Fate: storage.FateSent, MessageID: 1, Hash: []byte("h")})
	}
	return marks
}

func TestAMessageComesOutOfTheOutboxAsItWentIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := mahalla.Notice{Kind: mahalla.CardOfficer, Round: 2, Lane: mahalla.LaneEscalation, Ring: true, Args: map[string]string{"a": "<b>\x00"}}
	w.tx(func(tx *storage.Tx) error {
		tx.SetLanguage(w.officer.ID, mahalla.Ru)
		return tx.Send(w.officer.Recipient(), n, 7, morning, morning)
	})
	m := w.claim(9)[0]
	m.Filed = m.Filed.UTC()
	same(t, "message", m, storage.Message{ID: m.ID, Person: w.officer.ID, Chat: 2, Language: mahalla.Ru, Kind: n.Kind, Case: 7, Row: 7, Round: 2,
		Lane: n.Lane, Ring: true, Args: n.Args, Attempts: 1, Filed: morning})
	if !m.IsCard() || (storage.Message{Kind: "say"}).IsCard() {
		t.Error("cards are not told from other messages")
	}
	w.finish(storage.Pace{}, storage.Delivery{Message: m, Fate: storage.FateSent, MessageID: 70, Others: []int64{68, 69}, Hash: []byte("h")})
	w.read(func(tx *storage.Tx) error {
		c, err := tx.Card(w.officer.ID, n.Kind, 7)
		if c.MessageID != 70 || string(c.Hash) != "h" {
			t.Errorf("card: got %+v", c)
		}
		for message, want := range map[int64]mahalla.CaseID{68: 7, 69: 7, 70: 7, 71: 0} {
			about, err2 := tx.CaseOfMessage(2, message)
			if err = errors.Join(err, err2); about != want {
				t.Errorf("message %d: got case %d, want %d", message, about, want)
			}
		}
		return err
	})
	if n := w.number("SELECT count(*) FROM outbox WHERE args IS NOT NULL"); n != 0 {
		t.Error("a message that was sent still says what it said")
	}
}

func TestAWaitingCardIsNotDoubledAndTakesTheNewestArguments(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		list []mahalla.Notice
		want []string
	}{
		{"a silent one keeps its place", []mahalla.Notice{card(1, false), say(2), card(3, false)}, []string{"2:3", "2:2"}},
		{"a ringing one moves behind", []mahalla.Notice{card(1, false), say(2), card(3, true)}, []string{"2:2", "2:3!"}},
		{"what rang goes on ringing in its place", []mahalla.Notice{card(1, true), say(2), card(3, false)}, []string{"2:3!", "2:2"}},
		{"a message is no card", []mahalla.Notice{say(1), say(2)}, []string{"2:1", "2:2"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			for _, n := range test.list {
				w.send(w.officer, n) // each in a transaction of its own
			}
			same(t, "sent", w.sent(), test.want)
		})
	}
}

func TestCardsOfOneTransactionAreOneAndItsLaterPlaceCounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.send(w.officer, card(1, true), say(2), card(3, false))
	same(t, "sent", w.sent(), []string{"2:2", "2:3!"})
	w.send(w.officer, card(4, false))
	w.send(w.stranger, card(5, false))
	w.tx(func(tx *storage.Tx) error {
		return tx.Send(w.officer.Recipient(), card(6, false), 8, morning, time.Time{}) // of another case
	})
	got := w.sent()
	slices.Sort(got)
	same(t, "readers and cases", got, []string{"2:4", "2:6", "3:5"})
}

func TestACardThatIsBeingSentIsNotChangedButFollowed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.send(w.officer, card(1, false))
	first := w.claim(1)[0]
	w.send(w.officer, card(2, false))
	if more := w.claim(9); len(more) != 0 {
		t.Errorf("the chat is held: got %+v", more)
	}
	w.finish(storage.Pace{}, storage.Delivery{Message: first, Fate: storage.FateSent, MessageID: 1, Hash: []byte("h")})
	same(t, "sent", w.sent(), []string{"2:2"})
}

func TestTheOrderOfAChatIsTheOrderOfCommits(t *testing.T) {
	t.Parallel()
	const writers, each = 4, 50
	w := newWorld(t)
	type span struct{ begin, end int64 }
	spans := make([]span, writers*each)
	var clock atomic.Int64
	var group sync.WaitGroup
	for writer := range writers {
		group.Go(func() {
			for i := range each {
				n := writer*each + i
				people := []*storage.Contact{w.officer, w.stranger}
				if n%2 == 1 {
					slices.Reverse(people) // the order of chats is storage's business
				}
				begin := clock.Add(1)
				err := w.db.InTx(w.ctx, func(tx *storage.Tx) error {
					for _, p := range people {
						if err := tx.Send(p.Recipient(), say(n), 0, morning, time.Time{}); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					t.Error(storage.Loggable(err))
				}
				spans[n] = span{begin, clock.Add(1)}
			}
		})
	}
	group.Wait()
	order := map[int64][]int{}
	for range writers * each {
		for _, m := range w.claim(2) {
			n, err := strconv.Atoi(m.Args["n"])
			w.must(err)
			order[m.Chat] = append(order[m.Chat], n)
			w.finish(storage.Pace{}, storage.Delivery{Message: m, Fate: storage.FateDropped})
		}
	}
	if len(order[2]) != writers*each || !slices.Equal(order[2], order[3]) {
		t.Fatalf("two chats that each transaction wrote to: %d and %d messages, not in one order", len(order[2]), len(order[3]))
	}
	latest := int64(0)
	for _, n := range order[2] {
		if spans[n].end < latest {
			t.Fatalf("transaction %d was over before one began that stands before it", n)
		}
		latest = max(latest, spans[n].begin)
	}
}

func TestWhatASenderDidNotFinishIsSentByTheNext(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.send(w.officer, say(1), say(2))
	slow := w.claim(1)[0]
	if list := w.claim(9); len(list) != 0 {
		t.Fatalf("within the lease: got %+v", list)
	}
	w.exec("UPDATE outbox_chats SET ready_at = now()") // the lease is over
	next := w.claim(1)[0]
	if next.ID != slow.ID || next.Attempts != 2 {
		t.Errorf("got message %d, attempt %d; want the same, once more", next.ID, next.Attempts)
	}
	w.finish(storage.Pace{}, storage.Delivery{Message: slow, Fate: storage.FateRefused, Reason: "blocked"})
	if list := w.claim(9); len(list) != 0 {
		t.Fatalf("the slower sender freed the chat of the other: got %+v", list)
	}
	w.finish(storage.Pace{}, storage.Delivery{Message: next, Fate: storage.FateSent, MessageID: 5})
	if n := w.number("SELECT count(*) FROM outbox WHERE state = 2 AND message_id = 5 AND reason = ''"); n != 1 {
		t.Error("what the slower sender said counts")
	}
	w.finish(storage.Pace{}, storage.Delivery{Message: slow, Fate: storage.FateRetry})
	same(t, "sent", w.sent(), []string{"2:2"})
}

func TestAMessageToBeTriedAgainWaitsAtTheHeadOfItsChatOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.send(w.officer, say(1), say(2))
	w.send(w.stranger, say(3))
	for _, m := range w.claim(9) {
		d := storage.Delivery{Message: m, Fate: storage.FateRetry, Reason: "busy"}
		if m.Chat == 2 {
			d.Wait = time.Hour
		}
		w.finish(storage.Pace{}, d)
	}
	same(t, "the other chat", w.sent(), []string{"3:3"})
	w.exec("UPDATE outbox_chats SET ready_at = now()")
	same(t, "after the wait", w.sent(), []string{"2:1", "2:2"})
}

func TestTheMostUrgentLaneIsSentFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	in := func(lane mahalla.Lane) mahalla.Notice {
		n := say(int(lane))
		n.Lane = lane
		return n
	}
	w.send(w.stranger, in(mahalla.LaneBroadcast))
	w.send(w.officer, in(mahalla.LaneReminder))
	w.send(w.resident, in(mahalla.LaneEscalation), in(mahalla.LaneReminder))
	w.send(w.officer, in(mahalla.LaneUrgent)) // lifts its whole chat, the order of which stays
	same(t, "sent", w.sent(), []string{"2:3", "2:1", "1:2", "1:3", "3:4"})
}

func TestAChatIsWrittenToAtItsPace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	group := *w.stranger
	group.Telegram = -3
	for _, to := range []*storage.Contact{w.officer, &group} {
		w.send(to, say(1), say(2), say(3), say(4))
	}
	pace := storage.Pace{Private: time.Hour, PrivateBurst: 3, Group: time.Hour, GroupBurst: 1}
	got := map[int64]int{}
	for range 9 {
		for _, m := range w.claim(9) {
			got[m.Chat]++
			w.finish(pace, storage.Delivery{Message: m, Fate: storage.FateSent, MessageID: 1, Hash: []byte("h")})
		}
	}
	same(t, "within the hour", got, map[int64]int{2: 3, -3: 1})
	w.exec("UPDATE outbox_chats SET ready_at = ready_at - interval '1 hour', pace_at = pace_at - interval '1 hour'")
	for _, m := range w.claim(9) {
		got[m.Chat]++
	}
	same(t, "an hour later", got, map[int64]int{2: 4, -3: 2})
}

func TestACounterWithoutAMessageIsMendedByTheNextClaim(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.send(w.officer, say(1))
	w.exec("DELETE FROM outbox")
	if list := w.claim(9); len(list) != 0 {
		t.Errorf("got %+v", list)
	}
	if n := w.number("SELECT sum(waiting) FROM outbox_chats"); n != 0 {
		t.Errorf("still waiting: %d", n)
	}
	w.send(w.officer, say(2))
	same(t, "sent", w.sent(), []string{"2:2"})
}

func TestAClaimThatIsUndoneTookNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.send(w.officer, say(1))
	err := w.db.InTx(w.ctx, func(tx *storage.Tx) error {
		list, err := tx.ClaimMessages(1, time.Hour)
		return errors.Join(err, errTest, fmt.Errorf("%d claimed", len(list)))
	})
	if !errors.Is(err, errTest) {
		t.Error(err)
	}
	if m := w.claim(1); len(m) != 1 || m[0].Attempts != 1 {
		t.Errorf("got %+v, want the first attempt", m)
	}
}

// TestARecordWhoseAnswerWasLostIsNotMadeTwice lets the card that was sent become another
// one before the sender, which does not know that its record is committed, makes it
// again.
func TestARecordWhoseAnswerWasLostIsNotMadeTwice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.filed(1)
	w.send(w.resident, mahalla.Notice{Kind: mahalla.CardReporter}) // about case 7
	list := w.claim(1)
	if len(list) != 1 {
		t.Fatalf("claimed: got %d", len(list))
	}
	sent := storage.Delivery{Message: list[0], Fate: storage.FateSent, MessageID: 77, Hash: []byte("hash")}
	w.finish(storage.Pace{}, sent)
	w.tx(func(tx *storage.Tx) error {
		tx.MoveCard(w.resident.ID, mahalla.CardReporter, 7, mahalla.CardReporter, c.ID)
		return nil
	})
	w.finish(storage.Pace{}, sent)
	w.read(func(tx *storage.Tx) error {
		before, err := tx.Card(w.resident.ID, mahalla.CardReporter, 7)
		w.must(err)
		now, err := tx.Card(w.resident.ID, mahalla.CardReporter, c.ID)
		w.must(err)
		same(t, "messages of the card before and now", []int64{before.MessageID, now.MessageID}, []int64{0, 77})
		return nil
	})
}
