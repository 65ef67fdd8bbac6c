package scheduler

import (
	"strings"
	"testing"
	"time"

	"koprik/storage"
	"koprik/storage/storagetest"
)

func TestAnAuditIsKeptAndToldAndLoggedOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t, storagetest.Redis(t))
	c := s.replica()
	var told []storage.Findings
	c.Audited = func(f storage.Findings) { told = append(told, f) }
	s.must(c.audit(s.ctx))
	s.exec("INSERT INTO outbox_chats (chat_id, waiting, lane, ready_at) VALUES (77, 1, 0, clock_timestamp() - interval '2 minutes')")
	for range 2 {
		s.now = s.now.Add(time.Minute)
		s.must(c.audit(s.ctx))
	}
	if len(told) != 3 || told[0].Sum() != 0 || told[2] != (storage.Findings{Stuck: 1}) {
		t.Errorf("told: got %+v", told)
	}
	if n := strings.Count(s.said.String(), "must not be"); n != 1 {
		t.Errorf("logged: got %d times, want once: %s", n, s.said)
	}
	s.must(s.db.InTx(s.ctx, func(tx *storage.Tx) error {
		f, at, clean, err := tx.LastAudit()
		if err != nil || f.Stuck != 1 || !at.Equal(s.now) || !clean.Equal(s.now.Add(-2*time.Minute)) {
			t.Errorf("kept: got %+v, %s, clean %s, %v", f, at, clean, err)
		}
		return nil
	}))
}
