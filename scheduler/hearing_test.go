package scheduler

import (
	"fmt"
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
	"koprik/storage/storagetest"
)

func TestAfterAnOutageEverybodyIsAskedAgainOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t, storagetest.Redis(t))
	r, other := s.replica(), s.replica()
	s.file(r, 2)
	s.exec(`INSERT INTO cards (person_id, kind, case_id, message_id, hash) SELECT $1, 'card.officer', id, id, '' FROM cases`, s.inspector.ID)
	s.exec("DELETE FROM outbox")
	heard := morning
	listen := func(want int) {
		t.Helper()
		for _, replica := range []*Scheduler{r, other} {
			replica.Heard = func() time.Time { return heard }
			s.must(replica.Listen(s.ctx))
		}
		if n := s.number("SELECT count(*) FROM outbox WHERE ring"); n != want {
			t.Errorf("%v after the morning: asked again %d times, want %d", heard.Sub(morning), n, want)
		}
	}
	listen(0)
	heard = morning.Add(2 * time.Minute)
	listen(0)
	heard = heard.Add(2*time.Minute + time.Second)
	listen(1) // of two replicas one asks, in one list
	heard = heard.Add(15 * time.Second)
	listen(1)
	heard = time.Time{} // a replica that has not heard anything yet
	listen(1)
	heard = morning // and one that is behind
	listen(1)
	r.Heard = nil
	s.must(r.Listen(s.ctx))
}

// asked puts so many people with a card each into the database that still asks
// for a press.
func (s *stage) asked(people int) {
	s.Helper()
	s.exec(`INSERT INTO people (id, telegram_id, language, reach, created_at)
		SELECT 1000000 + n, 1000000 + n, 'ru', 'reachable', now() FROM generate_series(1, $1) AS n`, people)
	s.exec(`INSERT INTO assignments (case_id, round, person_id, ordinal, role, level, told_at, due_at)
		SELECT max(cases.id), 1, people.id, people.id, 'substitute', 1, max(filed_at), max(filed_at)
		FROM people, cases WHERE people.id > 1000000 GROUP BY people.id`)
	s.exec(`INSERT INTO cards (person_id, kind, case_id, message_id, hash)
		SELECT person_id, 'card.officer', case_id, 1, '' FROM assignments WHERE person_id > 1000000`)
	s.exec("DELETE FROM outbox")
}

func TestAReplicaThatDiesWhileItAsksAgainLeavesTheRestToTheOthers(t *testing.T) {
	t.Parallel()
	s := newStage(t, storagetest.Redis(t))
	r, other := s.replica(), s.replica()
	s.file(r, 1)
	s.asked(2500)
	heard := morning
	r.Heard, other.Heard = func() time.Time { return heard }, func() time.Time { return heard }
	s.must(r.Listen(s.ctx))
	heard = heard.Add(time.Hour)
	s.must(s.db.InTx(s.ctx, func(tx *storage.Tx) error { return r.noteOutage(tx, heard) }))
	more, err := r.askAgain(s.ctx, storage.Outage{Since: morning, Until: heard})
	some := s.number("SELECT count(*) FROM outbox")
	if err != nil || !more || some == 0 || some >= 2500 {
		t.Fatalf("the first transaction: got %d asked, more %v, %v", some, more, err)
	}
	if at := s.number("SELECT extract(epoch FROM heard_at)::int FROM hearing"); int64(at) != heard.Unix() {
		t.Errorf("heard until %d, want %d: the next look would find the outage again", at, heard.Unix())
	}
	// It dies here. The other one hears as well, and finds what is left.
	heard = heard.Add(15 * time.Second)
	s.must(other.Listen(s.ctx))
	s.must(r.Listen(s.ctx))
	if n := s.number("SELECT count(DISTINCT person_id) FROM outbox"); n != 2500 {
		t.Errorf("asked: got %d people, want 2500", n)
	}
	if n := s.number("SELECT count(*) FROM outbox"); n != 2500 {
		t.Errorf("asked: got %d times, want 2500", n)
	}
	if n := s.number("SELECT count(*) FROM ticks WHERE since IS NOT NULL AND state = 1"); n != 1 {
		t.Errorf("outages that are done: got %d, want 1", n)
	}
}

func TestAnOfficerWithManyCardsIsAskedOfAFewAndAnUrgentCaseDoesNotWaitForTheRest(t *testing.T) {
	t.Parallel()
	s := newStage(t, storagetest.Redis(t))
	r := s.replica()
	s.file(r, 1)
	s.exec("UPDATE cases SET next_beat_at = NULL, status = 'withdrawn', withdrawn_at = now()")
	s.exec(`INSERT INTO cases (id, number, reporter_id, place_id, category, urgency, secrecy, status, round, level, filed_at, ladder)
		SELECT 1000 + n, n, reporter_id, place_id, category, 'normal', secrecy, 'new', 1, 0, filed_at + n * interval '1 s', ladder
		FROM cases, generate_series(1, 200) AS n`)
	s.exec("UPDATE cases SET urgency = 'high' WHERE id = 1077")
	s.exec(`INSERT INTO assignments (case_id, round, person_id, ordinal, role, level, told_at, due_at)
		SELECT id, 1, $1, 1, 'prevention_inspector', 1, filed_at, filed_at FROM cases WHERE status = 'new'`, s.inspector.ID)
	s.exec("INSERT INTO cards (person_id, kind, case_id, message_id, hash) SELECT $1, 'card.officer', id, id, '' FROM cases WHERE status = 'new'", s.inspector.ID)
	s.exec("DELETE FROM outbox")
	s.exec("DELETE FROM outbox_chats")
	heard := morning
	r.Heard = func() time.Time { return heard }
	s.must(r.Listen(s.ctx))
	heard = heard.Add(time.Hour)
	s.must(r.Listen(s.ctx))
	s.must(s.db.InTx(s.ctx, func(tx *storage.Tx) error { // a call for help
		n := mahalla.Notice{Kind: mahalla.CardOfficer, Lane: mahalla.LaneUrgent, Ring: true}
		return tx.Send(s.inspector.Recipient(), n, 9999, morning, time.Time{})
	}))
	var sent []string
	for {
		var list []storage.Message
		s.must(s.db.InTx(s.ctx, func(tx *storage.Tx) (err error) {
			list, err = tx.ClaimMessages(1, time.Minute)
			return err
		}))
		if len(list) == 0 {
			break
		}
		m := list[0]
		sent = append(sent, fmt.Sprint(m.Kind, " ", m.Case, " ", m.Args["key"], m.Args["n"]))
		s.must(s.db.InTx(s.ctx, func(tx *storage.Tx) error {
			return tx.FinishMessages([]storage.Delivery{{Message: m, Fate: storage.FateDropped}}, storage.Pace{})
		}))
	}
	want := "[card.officer 1077  card.work 0  card.officer 9999 ]"
	if got := fmt.Sprint(sent); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
