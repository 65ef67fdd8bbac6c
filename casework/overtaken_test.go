package casework

import (
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// As when an officer is found to have left Telegram by another transaction, between the
// decision whom to tell of a new case and the telling.
func TestWhoLeftSinceItWasDecidedToTellThemStandsForNobody(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	for _, row := range []struct {
		name string
		told time.Time
		left bool
		want int // how often it is decided
	}{
		{"within reach", day, false, 1},
		{"told long ago", day.Add(-time.Hour), true, 1},
		{"told now", day, true, 4}, // and goes on where it is always so
	} {
		times := 0
		err := g.db.InTx(g.Context(), func(tx *storage.Tx) error {
			times++
			c, err := g.theCase(tx, func(c *mahalla.Case) { c.Assignments[0].Told = row.told }, "words")
			if err != nil {
				return err
			}
			if row.left {
				tx.SetReach(g.officer.ID, mahalla.Blocked)
			}
			n := mahalla.Notice{Kind: mahalla.CardOfficer, To: g.officer.ID, Ring: true}
			if err := g.desk.send(tx, c, []mahalla.Notice{n}, day); err != nil {
				return err
			}
			return errUndo
		})
		if err != errUndo || times != row.want {
			t.Errorf("%s: decided %d times, %v, want %d", row.name, times, err, row.want)
		}
	}
}
