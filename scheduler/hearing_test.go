package scheduler

import (
	"testing"
	"time"

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
	listen(2) // of two replicas one asks
	heard = heard.Add(15 * time.Second)
	listen(2)
	heard = time.Time{} // a replica that has not heard anything yet
	listen(2)
	heard = morning // and one that is behind
	listen(2)
	r.Heard = nil
	s.must(r.Listen(s.ctx))
}
