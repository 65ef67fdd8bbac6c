package storage

import "koprik/mahalla"

// Watch records that a person has been shown the card of a case.
func (tx *Tx) Watch(c mahalla.CaseID, p mahalla.PersonID) {
	tx.write("INSERT INTO watchers (case_id, person_id) VALUES ($1, $2) ON CONFLICT DO NOTHING", c, p)
}

// Unwatch records that a person is not to see any more of a case.
func (tx *Tx) Unwatch(c mahalla.CaseID, p mahalla.PersonID) {
	tx.write("DELETE FROM watchers WHERE case_id = $1 AND person_id = $2", c, p)
}
