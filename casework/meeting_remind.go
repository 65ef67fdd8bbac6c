package casework

import (
	"koprik/mahalla"
	"koprik/storage"
)

// drawMeetingReminder words a reminder of a meeting. There is no meeting of whose
// it could be.
func (d *Desk) drawMeetingReminder(*storage.Tx, *words, *storage.Contact, mahalla.Reminder) (mahalla.Screen, error) {
	return mahalla.Screen{}, ErrPointless
}

// drawFollowUp words a reminder of what a commission has decided. There is no
// decision of which it could be.
func (d *Desk) drawFollowUp(*storage.Tx, *words, *storage.Contact, mahalla.Reminder) (mahalla.Screen, error) {
	return mahalla.Screen{}, ErrPointless
}

// secretaryOf is who is told that a reminder of a meeting or a decision was
// missed; 0 is nobody.
func (d *Desk) secretaryOf(*storage.Tx, mahalla.Reminder) (mahalla.PersonID, error) { return 0, nil }

// missedLine names what a missed reminder was about, for its secretary; empty
// where there is no more to say than its kind.
func (d *Desk) missedLine(*storage.Tx, *words, mahalla.Reminder) (string, error) { return "", nil }
