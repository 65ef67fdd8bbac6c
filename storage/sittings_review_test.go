package storage_test

import (
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// TestASittingThatCouldNotBeOpenedIsStillToBeOpened after the wait: nobody has got
// its card. One that is under way is put off whatever has become of its meeting.
func TestASittingThatCouldNotBeOpenedIsStillToBeOpened(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.filed(1)
	at := time.Date(2026, 12, 12, 10, 0, 0, 0, time.UTC)
	m, _ := w.heldMeeting(c, 7_000_000, at)
	m.Status, m.HeldAt = mahalla.MeetingCalled, time.Time{}
	w.tx(func(tx *storage.Tx) error { return tx.SaveMeeting(m) })
	due := func(now time.Time) (n int) {
		w.tx(func(tx *storage.Tx) error {
			list, err := tx.DueSittings(now, 10)
			n = len(list)
			return err
		})
		return n
	}
	opened := func() (found bool) {
		w.tx(func(tx *storage.Tx) error {
			s, err := tx.Sitting(m.ID)
			found = s != nil && s.At.Equal(m.At)
			return err
		})
		return found
	}
	later := at.Add(time.Hour)
	w.tx(func(tx *storage.Tx) error { tx.PutOffSitting(m.ID, at, later); return nil })
	if due(at) != 0 || due(later) != 1 || opened() {
		t.Errorf("put off: due now %d, later %d, opened %t", due(at), due(later), opened())
	}
	w.tx(func(tx *storage.Tx) error {
		return tx.SaveSitting(&mahalla.Sitting{Meeting: m.ID, At: at, Stage: mahalla.SittingOpen, WakeAt: at})
	})
	m.At = at.Add(time.Minute) // it was moved after somebody had begun to write
	w.tx(func(tx *storage.Tx) error { return tx.SaveMeeting(m) })
	w.tx(func(tx *storage.Tx) error { tx.PutOffSitting(m.ID, m.At, later); return nil })
	if due(m.At) != 0 || due(later) != 1 || opened() {
		t.Errorf("moved and put off: due now %d, later %d, opened %t", due(m.At), due(later), opened())
	}
	m.Status, m.HeldAt = mahalla.MeetingHeld, m.At
	w.tx(func(tx *storage.Tx) error {
		if err := tx.SaveSitting(&mahalla.Sitting{Meeting: m.ID, At: m.At, Stage: mahalla.SittingOpen, WakeAt: m.At}); err != nil {
			return err
		}
		return tx.SaveMeeting(m)
	})
	w.tx(func(tx *storage.Tx) error { tx.PutOffSitting(m.ID, m.At, later); return nil })
	if due(m.At) != 0 || due(later) != 1 || !opened() {
		t.Errorf("held and put off: due now %d, later %d, opened %t", due(m.At), due(later), opened())
	}
}

// TestADraftOfEachCommissionIsFound though another one was begun later.
func TestADraftOfEachCommissionIsFound(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.filed(1)
	at := time.Date(2026, 12, 12, 10, 0, 0, 0, time.UTC)
	draft := func(id mahalla.MeetingID, commission mahalla.TerritoryID, made time.Time) {
		w.tx(func(tx *storage.Tx) error {
			return tx.SaveMeeting(&mahalla.Meeting{ID: id, Commission: commission, Status: mahalla.MeetingDraft, Minutes: 60, Language: mahalla.Ru,
				Quorum: 1, MadeBy: w.officer.ID, MadeAt: made, Step: mahalla.StepDay})
		})
	}
	const other = 1_000_950
	w.tx(func(tx *storage.Tx) error {
		tx.PutTerritories([]*mahalla.Territory{{ID: other, Parent: 1, Kind: mahalla.District, Code: "OTHER", Path: []mahalla.TerritoryID{other, 1},
			Names: mahalla.Names{UzLatn: "Boshqa", UzCyrl: "Бошқа", Ru: "Другой"}}})
		return nil
	})
	draft(7_000_001, c.Place, at)
	draft(7_000_002, other, at.Add(time.Hour))
	w.tx(func(tx *storage.Tx) error {
		for commission, want := range map[mahalla.TerritoryID]mahalla.MeetingID{0: 7_000_002, other: 7_000_002, c.Place: 7_000_001} {
			got, err := tx.DraftedBy(w.officer.ID, commission)
			if err != nil || got == nil || got.ID != want {
				t.Errorf("of %d: got %+v, %v", commission, got, err)
			}
		}
		return nil
	})
}
