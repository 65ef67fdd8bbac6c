package scheduler

import (
	"strings"
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
	"koprik/storage/storagetest"
)

func TestDialoguesThatCannotBeWokenDoNotStandInTheWayOfOthers(t *testing.T) {
	t.Parallel()
	s := newStage(t, storagetest.Redis(t))
	s.exec("UPDATE people SET consented_at = $1", morning)
	s.left()
	s.exec(`INSERT INTO people (id, telegram_id, language, reach, created_at)
		SELECT 1000000 + n, 1000000 + n, 'ru', 'reachable', now() FROM generate_series(1, $1) AS n`, batch)
	s.exec("INSERT INTO dialogues (person_id, data, updated_at, wake_at) SELECT id, 'no seal', now(), $1 FROM people WHERE id > 1000000", morning)
	r := s.replica()
	s.now = morning.Add(30 * time.Minute)
	s.tick(r) // these have waited longest
	s.tick(r)
	if !s.draft().Offered {
		t.Error("the draft was not offered")
	}
	waits := func() int {
		return s.number("SELECT max(extract(epoch FROM wake_at - $1::timestamptz))::int FROM dialogues WHERE person_id > 1000000", s.now)
	}
	if got := waits(); got != 60 {
		t.Errorf("tried again after %d s, want 60", got)
	}
	s.now = s.now.Add(time.Minute)
	s.tick(r)
	s.tick(r)
	if got := waits(); got != 120 {
		t.Errorf("tried a third time after %d s, want 120", got)
	}
	if n := strings.Count(s.said.String(), "person=1000001 "); n != 2 {
		t.Errorf("one of them: logged %d times, want once a try", n)
	}
}

func TestATimerThatFailsIsPutOffAndDoneOnceItCanBe(t *testing.T) {
	t.Parallel()
	s := newStage(t, storagetest.Redis(t))
	r := s.replica()
	id := s.file(r, 1)[0]
	s.must(s.db.InTx(s.ctx, func(tx *storage.Tx) error {
		tx.SetTimer(id, mahalla.Timer{Kind: mahalla.TimerVerdict, Due: morning})
		return nil
	}))
	ladder := ""
	s.must(s.conn.QueryRow(s.ctx, "SELECT ladder::text FROM cases").Scan(&ladder))
	s.exec(`UPDATE cases SET ladder = '"nonsense"', next_beat_at = NULL, status = 'withdrawn', withdrawn_at = now()`)
	s.tick(r)
	s.tick(r)
	if n := strings.Count(s.said.String(), "a timer failed"); n != 1 {
		t.Errorf("logged %d times, want once", n)
	}
	s.exec("UPDATE cases SET ladder = $1", ladder)
	s.now = s.now.Add(time.Minute)
	s.tick(r)
	if n := s.number("SELECT count(*) FROM timers"); n != 0 || len(r.setbacks) != 0 {
		t.Errorf("got %d timers and setbacks %v, want none", n, r.setbacks)
	}
}
