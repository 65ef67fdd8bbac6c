package storage_test

import (
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// TestTheWordsOfASittingGoWithTheCase, also of confirmed minutes; outcome and day
// stay.
func TestTheWordsOfASittingGoWithTheCase(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.filed(1)
	at := time.Date(2026, 12, 12, 10, 0, 0, 0, time.UTC)
	m, d := w.heldMeeting(c, 7_000_000, at)
	w.tx(func(tx *storage.Tx) error {
		item, err := tx.Item(mahalla.ItemID(m.ID + 1))
		if err != nil {
			return err
		}
		item.Parties = []mahalla.Party{{Side: 1, Person: w.resident.ID}, {Side: 2, Name: secret, Phone: secret}}
		if err := tx.SaveItem(item); err != nil {
			return err
		}
		return tx.LockMinutes(m, w.officer.ID, at)
	})
	w.tx(func(tx *storage.Tx) error {
		c.ErasedAt = at
		tx.EraseWords(c)
		return nil
	})
	w.tx(func(tx *storage.Tx) error {
		meeting, err := tx.Meeting(m.ID)
		if err != nil || meeting.Agenda[0].Note != "" || meeting.Agenda[0].Outcome != mahalla.OutcomeAgreed || meeting.Place != secret {
			t.Errorf("the meeting: got %+v, %v", meeting, err)
		}
		item, err := tx.Item(mahalla.ItemID(m.ID + 1))
		if err != nil || item.Parties[1].Name != "" || item.Parties[1].Phone != "" {
			t.Errorf("the sides: got %+v, %v", item, err)
		}
		decision, err := tx.Decision(d.ID)
		if err != nil || decision.Words != "" || decision.Name != "" || !decision.Due.Equal(d.Due) {
			t.Errorf("the decision: got %+v, %v", decision, err)
		}
		return nil
	})
	if _, err := w.conn.Exec(w.ctx, "UPDATE hearings SET outcome = 'referred'"); err == nil {
		t.Error("confirmed minutes were changed")
	}
}
