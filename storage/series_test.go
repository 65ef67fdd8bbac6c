package storage_test

import (
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// TestAnOccurrenceFindsItsMeeting by its day, by the day of its moment as an older version
// named it, and by the moment of a meeting that is not off.
func TestAnOccurrenceFindsItsMeeting(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.filed(1)
	day := func(d int) time.Time { return time.Date(2026, 12, d, 0, 0, 0, 0, time.UTC) }
	s := &mahalla.Series{Commission: c.Place, Rule: mahalla.Weekly(time.Monday, 10*time.Hour), Minutes: 60, MadeBy: w.officer.ID, MadeAt: c.FiledAt}
	w.tx(func(tx *storage.Tx) error { return tx.SaveSeries(s) })
	for i, m := range []struct {
		on     int
		at     time.Time
		status mahalla.MeetingStatus
	}{
		{8, day(9).Add(10 * time.Hour), mahalla.MeetingCalled},      // of an older version: the 7th, put off to the 8th, then moved
		{14, day(14).Add(10 * time.Hour), mahalla.MeetingCancelled}, // thrown away
		{20, day(22).Add(10 * time.Hour), mahalla.MeetingCancelled}, // moved, then off
		{27, day(29).Add(10 * time.Hour), mahalla.MeetingCalled},    // moved
	} {
		one := &mahalla.Meeting{ID: mahalla.MeetingID(7_000_100 + i), Commission: c.Place, Series: s.ID, OccursOn: day(m.on), At: m.at, Status: m.status,
			Minutes: 60, Language: mahalla.Ru, Quorum: 1, MadeBy: w.officer.ID, MadeAt: c.FiledAt, CalledAt: c.FiledAt}
		if m.status == mahalla.MeetingCancelled {
			one.CancelledAt = c.FiledAt
		}
		w.tx(func(tx *storage.Tx) error { return tx.SaveMeeting(one) })
	}
	for _, c := range []struct {
		name    string
		on, at  int
		meeting mahalla.MeetingID
	}{
		{"of an older version", 7, 8, 7_000_100},
		{"whatever became of it", 14, 15, 7_000_101},
		{"another that is off at its moment", 21, 22, 0},
		{"another at its moment", 28, 29, 7_000_103},
		{"none", 5, 5, 0},
	} {
		w.tx(func(tx *storage.Tx) error {
			m, err := tx.SeriesMeeting(s.ID, mahalla.Occurrence{Day: mahalla.DateOf(day(c.on)), At: day(c.at).Add(10 * time.Hour)})
			if err != nil || (m == nil) != (c.meeting == 0) || m != nil && m.ID != c.meeting {
				t.Errorf("%s: got %+v, %v", c.name, m, err)
			}
			return nil
		})
	}
}
