package casework

import (
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// PressNote asks for a note that only officers read.
const PressNote = "note"

// Note keeps words that only officers read. A round other than zero must be the
// present one.
func (d *Desk) Note(tx *storage.Tx, who *storage.Contact, id mahalla.CaseID, round int, said Said, now time.Time) (*mahalla.Case, error) {
	c, err := d.lockRound(tx, id, round)
	if err != nil {
		return nil, err
	}
	o, err := c.Note(who.Person, now)
	if err != nil {
		return nil, err
	}
	if said.Words == "" || len(said.Media) > 0 {
		return nil, mahalla.Refuse(mahalla.Invalid, "note_words")
	}
	if _, err := d.keep(tx, who, c, storage.KindNote, said, now); err != nil {
		return nil, err
	}
	return c, d.apply(tx, c, o, now)
}
