package scheduler

import (
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

func TestWhoReportedWithoutANameIsForgottenSomeTimeAfterTheEnd(t *testing.T) {
	t.Parallel()
	s := newStage(t, closedPort)
	r := s.replica()
	job, err := Unlinking(r.Desk)
	s.must(err)
	r.Jobs = []Job{job}
	var ids []mahalla.CaseID
	for range 3 {
		s.resident.Dialogue.Draft = &mahalla.Draft{Place: mahalla.RootTerritory, Veil: mahalla.VeilWorn, Parts: []mahalla.Part{{Words: "shovqin"}}}
		s.must(s.db.InTx(s.ctx, func(tx *storage.Tx) error {
			c, err := r.Desk.FileDraft(tx, s.resident, "noise", 0, s.now)
			if err == nil {
				ids = append(ids, c.ID)
			}
			return err
		}))
	}
	s.must(s.db.InTx(s.ctx, func(tx *storage.Tx) error { // the first two end, and the last words were about the first
		for _, id := range ids[:2] {
			if _, err := r.Desk.Withdraw(tx, s.resident, id, 0, s.now); err != nil {
				return err
			}
		}
		s.resident.Dialogue.Album = &mahalla.Album{Group: "g", Case: ids[0]}
		return tx.SaveDialogue(s.resident, s.now)
	}))
	links := func() int { return s.number("SELECT count(*) FROM links") }
	night := func(days int) {
		s.now = time.Date(2026, 11, 4+days, 4, 0, 0, 0, r.Desk.Calendar().Zone)
		s.must(r.runJobs(s.ctx))
	}
	night(30)
	if got := links(); got != 3 {
		t.Errorf("after 29 days and a half: got %d links, want 3", got)
	}
	busy, err := s.conn.Begin(s.ctx)
	s.must(err)
	_, err = busy.Exec(s.ctx, "SELECT pg_advisory_xact_lock(1, hashint8(1))") // the person is being heard
	s.must(err)
	night(31)
	if got := links(); got != 3 {
		t.Errorf("while the person is heard: got %d links, want 3", got)
	}
	s.must(busy.Rollback(s.ctx))
	night(32)
	if got := links(); got != 1 {
		t.Errorf("after 32 days: got %d links, want that of the open case", got)
	}
	s.must(s.db.Read(s.ctx, func(tx *storage.Tx) error {
		who, err := tx.Contact(s.resident.ID)
		if err == nil && who.Dialogue.Album != nil {
			t.Error("the dialogue still names the case")
		}
		_, mine, err2 := tx.CasesOfReporter(s.resident.ID, 0, 9)
		if mine != 1 {
			t.Errorf("own cases: got %d, want 1", mine)
		}
		if err2 != nil {
			return err2
		}
		return err
	}))
	if got := s.events(mahalla.EventUnlinked); got != 2 {
		t.Errorf("events: got %d, want 2", got)
	}
	if got := s.number("SELECT count(*) FROM cases"); got != 3 {
		t.Errorf("cases: got %d, want all 3", got)
	}
}

func TestTheTimeIsASettingButNotShorterThanACaseMayBeReopened(t *testing.T) {
	t.Parallel()
	s := newStage(t, closedPort)
	r := s.replica()
	set := func(days int) error {
		return s.db.InTx(s.ctx, func(tx *storage.Tx) error { return r.Desk.SetLinkKept(tx, mahalla.RootTerritory, days) })
	}
	if set(14) == nil {
		t.Error("14 days were taken")
	}
	s.must(set(20))
	s.must(r.Refresh(s.ctx))
	s.resident.Dialogue.Draft = &mahalla.Draft{Place: mahalla.RootTerritory, Veil: mahalla.VeilWorn, Parts: []mahalla.Part{{Words: "shovqin"}}}
	s.must(s.db.InTx(s.ctx, func(tx *storage.Tx) error {
		c, err := r.Desk.FileDraft(tx, s.resident, "noise", 0, s.now)
		if err != nil {
			return err
		}
		_, err = r.Desk.Withdraw(tx, s.resident, c.ID, 0, s.now)
		return err
	}))
	for _, test := range []struct{ days, want int }{{19, 1}, {21, 0}} {
		s.must(unlink(s.ctx, s.db, r.Desk, morning.AddDate(0, 0, test.days)))
		if got := s.number("SELECT count(*) FROM links"); got != test.want {
			t.Errorf("after %d days: got %d links, want %d", test.days, got, test.want)
		}
	}
}
