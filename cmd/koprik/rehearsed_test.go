package main

import (
	"errors"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// confirmed writes the minutes of two meetings about the only case, as a year of a
// commission leaves them: who came, an item with its sides, a decision, which the
// later meeting went over, a reading and a correction. Every table that refuses
// something has a row then.
func (w *town) confirmed(b birds) {
	w.t.Helper()
	found := rows[struct{ Case, Place, Person int64 }](w, "SELECT id, place_id, reporter_id FROM cases")[0]
	id, by, at := mahalla.CaseID(found.Case), mahalla.PersonID(found.Person), time.Now().AddDate(0, -1, 0).UTC().Truncate(time.Second)
	place := mahalla.TerritoryID(found.Place)
	item := &mahalla.Item{ID: 7_000_001, Commission: place, Case: id, ProposedBy: by, ProposedAt: at, State: mahalla.ItemSettled,
		Violence: mahalla.ReplyNo, Crime: mahalla.ReplyNo, AskedBy: by, ReadyAt: at, EndedAt: at, Cause: "agreed",
		Parties: []mahalla.Party{{Side: 1, Person: by}, {Side: 2, Name: b.bird("side"), Phone: "+998901112233"}}}
	earlier := &mahalla.Meeting{ID: 7_000_000, Commission: place, Status: mahalla.MeetingHeld, At: at, Minutes: 60, Place: b.bird("place"),
		Language: mahalla.Ru, Quorum: 1, MadeBy: by, MadeAt: at, CalledAt: at, HeldAt: at,
		Participants: []mahalla.Participant{{Person: by, Seat: mahalla.SeatSecretary, Presence: mahalla.Present}},
		Agenda:       []mahalla.Hearing{{Item: item.ID, Outcome: mahalla.OutcomeAgreed, Came: []int{1, 2}, Note: b.bird("note")}}}
	later := *earlier
	later.ID, later.At, later.Agenda = 8_000_000, at.AddDate(0, 0, 7), nil
	decision := &mahalla.Decision{ID: 7_000_002, Commission: place, Meeting: earlier.ID, Item: item.ID, Words: b.bird("decision"), Name: b.bird("who"), Due: at, MadeBy: by, MadeAt: at}
	err := w.db().InTx(w.t.Context(), func(tx *storage.Tx) error {
		if err := errors.Join(tx.SaveItem(item), tx.SaveMeeting(earlier), tx.SaveMeeting(&later), tx.AddDecision(decision)); err != nil {
			return err
		}
		tx.Review(later.ID, []mahalla.DecisionID{decision.ID})
		tx.AuditCase(by, storage.ActLook, id, "delay", at)
		return errors.Join(tx.LockMinutes(earlier, by, at), tx.LockMinutes(&later, by, later.At),
			tx.AddCorrection(earlier.ID, mahalla.Correction{By: by, At: at, Words: b.bird("correction")}))
	})
	if err != nil {
		w.t.Fatal(err)
	}
	if err := w.db().Anchor(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	for _, table := range rows[struct{ Name string }](w, "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal") {
		if !rows[struct{ Found bool }](w, "SELECT EXISTS (SELECT FROM "+table.Name+")")[0].Found {
			w.t.Errorf("%s refuses something and has no rows", table.Name)
		}
	}
}
