package storage_test

import (
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// TestWhatCommissionsSealRotatesAlsoOnceTheMinutesAreConfirmed goes through every
// sealed column of commissions and reminders.
func TestWhatCommissionsSealRotatesAlsoOnceTheMinutesAreConfirmed(t *testing.T) {
	t.Parallel()
	w, path := sealedWorld(t)
	c := w.filed(1)
	at := time.Date(2026, 12, 12, 10, 0, 0, 0, time.UTC)
	m, d := w.heldMeeting(c, 7_000_000, at)
	recurring := &storage.Recurring{Kind: mahalla.RemindCustom, Author: w.officer.ID, State: storage.RecurringOn, Roles: []mahalla.Role{mahalla.PreventionInspector},
		Place: mahalla.RootTerritory, Texts: map[mahalla.Language]string{mahalla.Ru: secret}, Created: at}
	w.tx(func(tx *storage.Tx) error {
		item, err := tx.Item(mahalla.ItemID(m.ID + 1))
		if err != nil {
			return err
		}
		item.Parties = []mahalla.Party{{Side: 1, Person: w.resident.ID}, {Side: 2, Name: secret, Phone: secret + "2"}}
		if err := tx.SaveItem(item); err != nil {
			return err
		}
		m.Pin, m.Cause = "41.1,64.1", secret+"3"
		if err := tx.SaveMeeting(m); err != nil {
			return err
		}
		if err := tx.SaveSitting(&mahalla.Sitting{Meeting: m.ID, At: at, Stage: mahalla.SittingReturned, SentAt: at, SentTo: w.officer.ID, Remark: secret + "4"}); err != nil {
			return err
		}
		if err := tx.LockMinutes(m, w.officer.ID, at); err != nil {
			return err
		}
		if err := tx.AddCorrection(m.ID, mahalla.Correction{By: w.officer.ID, At: at, Words: secret + "5"}); err != nil {
			return err
		}
		return tx.SaveRecurring(recurring)
	})
	old := w.keyIDs()[0]
	w.must(rotate(w.ctx, w.db))
	if left, err := w.db.Left(w.ctx); err != nil || left != 0 {
		t.Errorf("sealed with the old key: got %d, %v, want none", left, err)
	}
	w.must(w.db.DropKey(w.ctx, old))
	db := w.opened(path)
	w.must(db.InTx(w.ctx, func(tx *storage.Tx) error {
		meeting, err := tx.Meeting(m.ID)
		if err != nil || meeting.Place != secret || meeting.Pin != m.Pin || meeting.Cause != m.Cause || meeting.Agenda[0].Note != secret {
			t.Errorf("the meeting: got %+v, %v", meeting, err)
		}
		item, err := tx.Item(mahalla.ItemID(m.ID + 1))
		if err != nil || item.Parties[1].Name != secret || item.Parties[1].Phone != secret+"2" {
			t.Errorf("the item: got %+v, %v", item, err)
		}
		sitting, err := tx.Sitting(m.ID)
		if err != nil || sitting.Remark != secret+"4" {
			t.Errorf("the sitting: got %+v, %v", sitting, err)
		}
		decision, err := tx.Decision(d.ID)
		if err != nil || decision.Words != d.Words || decision.Name != d.Name {
			t.Errorf("the decision: got %+v, %v", decision, err)
		}
		corrections, err := tx.Corrections(m.ID)
		if err != nil || len(corrections) != 1 || corrections[0].Words != secret+"5" {
			t.Errorf("the corrections: got %+v, %v", corrections, err)
		}
		again, err := tx.Recurring(recurring.ID)
		if err != nil || again.Texts[mahalla.Ru] != secret {
			t.Errorf("the reminder: got %+v, %v", again, err)
		}
		return nil
	}))
}
