package storage_test

import (
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

func TestAnApprovalIsAnsweredOnceAndByAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var id int64
	w.tx(func(tx *storage.Tx) error {
		token, err := tx.Invite(mahalla.PreventionInspector, mahalla.RootTerritory, morning, morning.Add(time.Hour))
		if err != nil {
			return err
		}
		i, err := tx.Invitation(token, morning)
		id = i.ID
		tx.UseInvitation(i, w.resident.ID, morning)
		tx.AddApproval(&storage.Approval{ID: i.ID, Person: w.resident.ID, AskedAt: morning, Asked: 1, LookAt: morning.Add(time.Hour)})
		return err
	})
	w.tx(func(tx *storage.Tx) error {
		if due, err := tx.DueApprovals(morning, 9); err != nil || len(due) != 0 {
			t.Errorf("due at once: got %v, %v", due, err)
		}
		if due, err := tx.DueApprovals(morning.Add(time.Hour), 9); err != nil || len(due) != 1 || due[0] != id {
			t.Errorf("due later: got %v, %v, want it", due, err)
		}
		if next, err := tx.NextDue(); err != nil || !next.Equal(morning.Add(time.Hour)) {
			t.Errorf("the next thing due: got %v, %v", next, err)
		}
		list, err := tx.OpenApprovals([]mahalla.TerritoryID{mahalla.RootTerritory}, 9)
		if err != nil || len(list) != 1 || !list[0].Open() || list[0].Role != mahalla.PreventionInspector {
			t.Errorf("open: got %v, %v, want one", list, err)
		}
		a, err := tx.ApprovalOf(w.resident.ID)
		if err != nil || a == nil {
			t.Fatalf("of who waits: got %v, %v", a, err)
		}
		a.AnsweredAt, a.AnsweredBy, a.Granted, a.LookAt = morning, w.officer.ID, true, time.Time{}
		tx.SaveApproval(a)
		if a, err = tx.LockApproval(id); err != nil || a.Open() || !a.Granted || a.AnsweredBy != w.officer.ID {
			t.Errorf("answered: got %+v, %v", a, err)
		}
		if a, err := tx.ApprovalOf(w.resident.ID); err != nil || a != nil {
			t.Errorf("afterwards nobody waits: got %v, %v", a, err)
		}
		tx.DropApprovals(w.resident.ID) // only what is open
		if a, err = tx.Approval(id); err != nil || a == nil {
			t.Errorf("an answer that was dropped: got %v, %v", a, err)
		}
		return err
	})
	err := w.db.InTx(w.ctx, func(tx *storage.Tx) error {
		a, err := tx.Approval(id)
		if err == nil {
			a.AnsweredBy = w.resident.ID
			tx.SaveApproval(a)
		}
		return err
	})
	if err == nil {
		t.Error("one's own approval: got no error, want the database to refuse it")
	}
}

func TestHowARoleCameIsInTheAuditLogAndBound(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.tx(func(tx *storage.Tx) error {
		tx.AuditRole(w.officer.ID, storage.ActJoinedAlone, morning)
		acts, cases, err := tx.Readings(w.officer.ID, storage.ActJoinedAlone, morning)
		if acts != 1 || cases != 0 {
			t.Errorf("got %d acts of %d cases, want one of none", acts, cases)
		}
		return err
	})
	if v, err := w.db.VerifyHistory(w.ctx, ""); err != nil || v.Rows+v.Loose == 0 {
		t.Errorf("the history: got %+v, %v, want it in order", v, err)
	}
}
