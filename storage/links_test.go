package storage_test

import (
	"errors"
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// unnamed stores a case of the resident, who is not named.
func (w *world) unnamed(n int) *mahalla.Case {
	w.Helper()
	c := w.draft(n)
	c.Alias = "7F3"
	w.tx(func(tx *storage.Tx) error {
		if err := tx.AddCase(c); err != nil {
			return err
		}
		if err := tx.Link(c.ID, w.resident.Recipient()); err != nil {
			return err
		}
		if err := tx.AddEvent(c.ID, mahalla.Event{Kind: mahalla.EventFiled, At: morning, By: w.resident.ID}); err != nil {
			return err
		}
		tx.Concern(w.resident.Telegram, []int64{70}, c.ID)
		tx.AdoptCard(w.resident.ID, mahalla.CardReporter, c.ID, 71)
		tx.AdoptCard(w.officer.ID, mahalla.CardOfficer, c.ID, 72)
		return tx.AddReport(c.ID, storage.Report{Kind: storage.KindReport, Person: w.resident.ID, Words: "a", At: morning})
	})
	return c
}

// clear counts the rows in which the resident stands beside a case.
func (w *world) clear(c *mahalla.Case) int {
	return w.number(`SELECT (SELECT count(*) FROM cases WHERE id = $1 AND reporter_id = $2)
		+ (SELECT count(*) FROM reports WHERE case_id = $1 AND person_id = $2)
		+ (SELECT count(*) FROM case_events WHERE case_id = $1 AND (by_id = $2 OR about_id = $2))
		+ (SELECT count(*) FROM cards WHERE case_id = $1 AND person_id = $2)
		+ (SELECT count(*) FROM messages WHERE case_id = $1 AND chat_id = $3)
		+ (SELECT count(*) FROM outbox WHERE case_id = $1 AND person_id = $2)`, c.ID, w.resident.ID, w.resident.Telegram)
}

func TestARowNamesTheReporterOrTheCaseButNotBoth(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.unnamed(1)
	w.tx(func(tx *storage.Tx) error {
		return tx.Send(w.resident.Recipient(), mahalla.Notice{Kind: mahalla.CardReporter, Args: map[string]string{"a": "b"}}, c.ID, morning, time.Time{})
	})
	same(t, "rows that name both", w.clear(c), 0)
	same(t, "the officer's card", w.number("SELECT count(*) FROM cards WHERE case_id = $1", c.ID), 1)
	same(t, "moments of the message", w.number("SELECT count(*) FROM outbox WHERE created_at = $1", morning), 0)

	w.tx(func(tx *storage.Tx) error {
		got, err := tx.LockCase(c.ID)
		w.must(err)
		same(t, "reporter and alias", []any{got.Reporter, got.Alias}, []any{w.resident.ID, "7F3"})
		card, err := tx.Card(w.resident.ID, mahalla.CardReporter, c.ID)
		w.must(err)
		same(t, "card", card.MessageID, int64(71))
		about, err := tx.CaseOfMessage(w.resident.Telegram, 70)
		w.must(err)
		same(t, "message", about, c.ID)
		_, mine, err := tx.CasesOfReporter(w.resident.ID, 0, 5)
		w.must(err)
		_, others, err := tx.CasesOfReporter(w.stranger.ID, 0, 5)
		w.must(err)
		same(t, "own cases", []int{mine, others}, []int{1, 0})
		times, err := tx.FiledSince(w.resident.ID, morning)
		w.must(err)
		same(t, "they count", len(times), 1)
		open, err := tx.OpenCards(w.resident.ID, time.Time{})
		w.must(err)
		same(t, "open cards", open, []storage.OpenCard{{Kind: mahalla.CardReporter, Case: c.ID}})
		v, err := tx.View(c.ID, w.officer.ID)
		same(t, "name, lost, words of", []any{v.ReporterName, v.ReporterLost, v.Reports[0].Person}, []any{"", false, w.resident.ID})
		return err
	})

	m := w.claim(1)[0]
	same(t, "the message", []any{m.Case, m.Args, m.Person}, []any{c.ID, map[string]string{"a": "b"}, w.resident.ID})
	if m.Logged() >= 0 || m.Logged() != m.Row {
		t.Errorf("a log would name the case: %d", m.Logged())
	}
	w.finish(storage.Pace{}, storage.Delivery{Message: m, Fate: storage.FateSent, MessageID: 80, Hash: []byte("h")})
	same(t, "messages left", w.number("SELECT count(*) FROM outbox"), 0)
	same(t, "waiting", w.number("SELECT waiting FROM outbox_chats WHERE chat_id = $1", w.resident.Telegram), 0)
	same(t, "rows that name both, afterwards", w.clear(c), 0)
}

func TestTwoCasesOfOnePersonDoNotLookAlike(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for n := range 40 {
		w.unnamed(n + 1)
	}
	if n := w.number("SELECT count(DISTINCT look_up) FROM links"); n != 32 {
		t.Errorf("look-ups: got %d, want 32", n)
	}
	w.tx(func(tx *storage.Tx) error {
		_, mine, err := tx.CasesOfReporter(w.resident.ID, 0, 5)
		same(t, "own cases", mine, 40)
		return err
	})
}

func TestAnotherKeyDoesNotOpenTheLink(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.unnamed(1)
	seals, err := storage.NewSeals()
	w.must(err)
	err = w.open(seals).InTx(w.ctx, func(tx *storage.Tx) error {
		_, err := tx.Case(c.ID)
		return err
	})
	if err == nil {
		t.Error("the link was opened with another key")
	}
	w.exec("UPDATE links SET case_id = 1002 WHERE false")
	other := w.unnamed(2)
	w.exec("UPDATE links SET person = (SELECT person FROM links WHERE case_id = $1) WHERE case_id = $2", c.ID, other.ID)
	err = w.db.InTx(w.ctx, func(tx *storage.Tx) error {
		_, err := tx.Case(other.ID)
		return err
	})
	if err == nil {
		t.Error("the link of another case was opened")
	}
}

func TestAfterTheRevealRowsSayWhoItIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.unnamed(1)
	w.tx(func(tx *storage.Tx) error {
		return tx.Send(w.resident.Recipient(), mahalla.Notice{Kind: mahalla.CardReporter}, c.ID, morning, time.Time{})
	})
	m := w.claim(1)[0]
	w.tx(func(tx *storage.Tx) error {
		if _, err := tx.LockCase(c.ID); err != nil {
			return err
		}
		return tx.Reveal(c.ID)
	})
	w.finish(storage.Pace{}, storage.Delivery{Message: m, Fate: storage.FateSent, MessageID: 80, Hash: []byte("h")})
	w.tx(func(tx *storage.Tx) error {
		got, err := tx.Case(c.ID)
		w.must(err)
		same(t, "reporter and alias", []any{got.Reporter, got.Alias}, []any{w.resident.ID, ""})
		card, err := tx.Card(w.resident.ID, mahalla.CardReporter, c.ID)
		w.must(err)
		same(t, "card", card.MessageID, int64(80))
		about, err := tx.CaseOfMessage(w.resident.Telegram, 70)
		same(t, "message", about, c.ID)
		return err
	})
	same(t, "cards", w.number("SELECT count(*) FROM cards WHERE person_id = $1", w.resident.ID), 1)
	same(t, "masks left", w.number("SELECT (SELECT count(*) FROM messages WHERE case_id < 0) + (SELECT count(*) FROM links)"), 0)
}

func TestAfterTheLinkWasDroppedNobodyFindsTheReporter(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.unnamed(1)
	w.exec("UPDATE cases SET status = 'withdrawn', next_beat_at = NULL, withdrawn_at = $1 WHERE id = $2", morning, c.ID)
	due := func(end time.Time) (list []mahalla.CaseID) {
		w.tx(func(tx *storage.Tx) (err error) {
			list, err = tx.LinkedBefore(end, 0, 5)
			return err
		})
		return list
	}
	same(t, "too early", len(due(morning.Add(-time.Second))), 0)
	same(t, "due", due(morning), []mahalla.CaseID{c.ID})
	w.tx(func(tx *storage.Tx) error { return tx.Unlink(c.ID) })
	same(t, "dropped", len(due(morning)), 0)
	w.tx(func(tx *storage.Tx) error {
		got, err := tx.LockCase(c.ID)
		w.must(err)
		same(t, "reporter and alias", []any{got.Reporter, got.Alias}, []any{mahalla.PersonID(0), "7F3"})
		_, mine, err := tx.CasesOfReporter(w.resident.ID, 0, 5)
		w.must(err)
		same(t, "own cases", mine, 0)
		about, err := tx.CaseOfMessage(w.resident.Telegram, 70)
		w.must(err)
		same(t, "message", about, mahalla.CaseID(0))
		_, err = tx.View(c.ID, w.officer.ID)
		return err
	})
	same(t, "masks left", w.number("SELECT (SELECT count(*) FROM messages WHERE case_id < 0) + (SELECT count(*) FROM cards WHERE case_id < 0)"), 0)
	same(t, "the case stays", w.number("SELECT count(*) FROM cases"), 1)
}

// TestAColleaguesRowsLookLikeThoseOfAnyOther: a reporter who is not named may be an
// officer who is told of the case.
func TestAColleaguesRowsLookLikeThoseOfAnyOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.unnamed(1)
	for _, to := range []*storage.Contact{w.resident, w.stranger} {
		w.tx(func(tx *storage.Tx) error {
			for _, kind := range []mahalla.NoticeKind{mahalla.CardOffer, mahalla.CardOfficer, mahalla.NoticeMedia} {
				if err := tx.Send(to.Recipient(), mahalla.Notice{Kind: kind, Args: map[string]string{"a": "b"}}, c.ID, morning, time.Time{}); err != nil {
					return err
				}
			}
			return errors.Join(tx.AddEvent(c.ID, mahalla.Event{Kind: mahalla.EventEscalated, At: morning, About: to.ID}),
				tx.AddEvent(c.ID, mahalla.Event{Kind: mahalla.EventUnreachable, At: morning, About: to.ID}))
		})
		for range 3 {
			m := w.claim(1)[0]
			same(t, "to", m.Person, to.ID)
			same(t, "row", m.Row, c.ID)
			w.finish(storage.Pace{}, storage.Delivery{Message: m, Fate: storage.FateSent, MessageID: 90 + m.ID%7, Hash: []byte("h")})
		}
	}
	look := func(who *storage.Contact) []int {
		return []int{w.number("SELECT count(*) FROM outbox WHERE case_id = $1 AND person_id = $2", c.ID, who.ID),
			w.number("SELECT count(*) FROM cards WHERE case_id = $1 AND person_id = $2", c.ID, who.ID),
			w.number("SELECT count(*) FROM case_events WHERE case_id = $1 AND about_id = $2", c.ID, who.ID),
			w.number("SELECT count(*) FROM cards WHERE case_id < 0 AND person_id = $1 AND kind <> 'card.reporter'", who.ID)}
	}
	same(t, "the reporter's rows as an officer", look(w.resident), look(w.stranger))
	same(t, "so many", look(w.stranger), []int{3, 2, 2, 0})
	same(t, "what is the reporter's own stays masked", w.number("SELECT count(*) FROM cards WHERE case_id < 0 AND person_id = $1", w.resident.ID), 1)
}

func TestAMessageOfADamagedLinkIsDroppedAndHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	for _, fate := range []storage.Fate{storage.FateRetry, storage.FateSent, storage.FateRefused, storage.FateDropped} {
		w := newWorld(t)
		c := w.unnamed(1)
		w.tx(func(tx *storage.Tx) error {
			return errors.Join(
				tx.Send(w.stranger.Recipient(), mahalla.Notice{Kind: "other"}, 0, morning, time.Time{}),
				tx.Send(w.resident.Recipient(), mahalla.Notice{Kind: mahalla.CardReporter, Args: map[string]string{"a": "b"}}, c.ID, morning, time.Time{}))
		})
		w.exec("UPDATE links SET person = set_byte(person, 20, get_byte(person, 20) # 1)")
		var group []storage.Delivery
		w.tx(func(tx *storage.Tx) error {
			list, err := tx.ClaimMessages(10, time.Minute)
			for _, m := range list {
				d := storage.Delivery{Message: m, Fate: storage.FateSent, MessageID: 5}
				if m.Row < 0 {
					d.Fate = fate
				}
				group = append(group, d)
			}
			return err
		})
		w.tx(func(tx *storage.Tx) error { return tx.FinishMessages(group, storage.Pace{}) })
		same(t, "messages, as they are sent and as they wait", []int{
			w.number("SELECT count(*) FROM outbox WHERE state = 2"), w.number("SELECT count(*) FROM outbox WHERE state <> 2"),
			w.number("SELECT sum(waiting) FROM outbox_chats")}, []int{1, 0, 0})
	}
}
