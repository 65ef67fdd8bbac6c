package casework

import (
	"errors"
	"testing"

	"koprik/mahalla"
	"koprik/storage"
)

func TestTheDeskKnowsOnlyWhatTheDatabaseHolds(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	undone := errors.New("undone")
	holiday := func(end error) {
		err := g.db.InTx(t.Context(), func(tx *storage.Tx) error {
			tx.PutHoliday(day, "test")
			tx.BumpReference()
			changed, err := g.desk.Refresh(tx, day)
			if !changed || g.desk.Calendar().Holidays[mahalla.DateOf(day)] {
				t.Error("the transaction has not ended, and the desk knows of it")
			}
			return errors.Join(err, end)
		})
		if !errors.Is(err, end) {
			t.Fatal(err)
		}
	}
	holiday(undone)
	if g.desk.Calendar().Holidays[mahalla.DateOf(day)] {
		t.Error("the desk knows a holiday that was undone")
	}
	holiday(nil)
	if !g.desk.Calendar().Holidays[mahalla.DateOf(day)] {
		t.Error("the desk does not know a holiday that the database holds")
	}
	version := g.desk.Reference().Version
	g.desk.learn(&known{Reference: &storage.Reference{Version: version - 1}})
	if g.desk.Reference().Version != version {
		t.Error("what is older took the place of what is newer")
	}
}
