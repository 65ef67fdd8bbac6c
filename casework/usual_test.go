package casework

import (
	"testing"

	"koprik/mahalla"
	"koprik/storage"
)

// TestAMediatorsPlaceIsNobodysUsualOne: what is heard without public does not tell the next
// meeting where to be.
func TestAMediatorsPlaceIsNobodysUsualOne(t *testing.T) {
	t.Parallel()
	g := newGallery(t)
	g.tx(func(tx *storage.Tx) error {
		for i, place := range []string{"idora", "vositachi xonasi"} {
			m := &mahalla.Meeting{ID: mahalla.MeetingID(9_100_001 + i), Commission: g.district, Status: mahalla.MeetingHeld, At: day.AddDate(0, 0, i), Minutes: 60, Place: place,
				Language: mahalla.Ru, Quorum: 1, MadeBy: g.officer.ID, MadeAt: day, CalledAt: day, HeldAt: day.AddDate(0, 0, i+1), Mediation: i == 1}
			if err := tx.SaveMeeting(m); err != nil {
				return err
			}
		}
		last, place, err := g.desk.usual(tx, &mahalla.Meeting{Commission: g.district})
		if err == nil && (place != "idora" || last.ID != 9_100_001) {
			t.Errorf("got %q, %+v", place, last)
		}
		return err
	})
}
