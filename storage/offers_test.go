package storage_test

import (
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

func TestOffersAreReadBackAndOneIsOpenAtMost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.filed(1)
	first := mahalla.Offer{Kind: mahalla.OfferElsewhere, By: w.officer.ID, To: w.resident.ID, Place: c.Place, At: morning, Due: morning.Add(time.Hour), Round: 1}
	w.save(c.ID, func(c *mahalla.Case) { c.Offers = []mahalla.Offer{first} })
	w.read(func(tx *storage.Tx) error {
		ids, err := tx.AskedOfOfficer(w.resident.ID)
		same(t, "asked", ids, []mahalla.CaseID{c.ID})
		return err
	})
	refused := first
	refused.Answer, refused.AnsweredAt = mahalla.OfferRefused, morning.Add(time.Minute)
	second := first
	second.Kind, second.Place, second.Due = mahalla.OfferArbiter, 0, morning.Add(2*time.Hour)
	w.save(c.ID, func(c *mahalla.Case) { c.Offers = []mahalla.Offer{refused, second} })
	w.read(func(tx *storage.Tx) error {
		got, err := tx.Case(c.ID)
		if err != nil || len(got.Offers) != 2 {
			t.Fatalf("got %v, %v", got, err)
		}
		for i, want := range []mahalla.Offer{refused, second} {
			f := got.Offers[i]
			if !f.At.Equal(want.At) || !f.Due.Equal(want.Due) || !f.AnsweredAt.Equal(want.AnsweredAt) || f.AnsweredAt.IsZero() != want.AnsweredAt.IsZero() {
				t.Errorf("times of offer %d: got %+v, want %+v", i, f, want)
			}
			f.At, f.Due, f.AnsweredAt = want.At, want.Due, want.AnsweredAt
			same(t, "offer", f, want)
		}
		return nil
	})
	_, err := w.conn.Exec(w.ctx, "UPDATE offers SET answer = '', answered_at = NULL")
	same(t, "two open ones", code(err), "23505")
}

func TestWhoIsAwayIsNotResponsible(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec("INSERT INTO memberships (person_id, role, territory_id, valid_from) VALUES ($1, 'prevention_inspector', 1, $2)", w.officer.ID, morning.Add(-time.Hour))
	responsible := func(at time.Time) (n int) {
		w.read(func(tx *storage.Tx) error {
			list, err := tx.Responsibilities([]mahalla.TerritoryID{1}, at)
			for _, r := range list {
				if r.Person == w.officer.ID {
					n++
				}
			}
			return err
		})
		return n
	}
	a := &mahalla.Absence{ID: 7, Person: w.officer.ID, From: morning, Until: morning.Add(24 * time.Hour), State: mahalla.AbsencePlanned,
		Substitute: w.resident.ID, Answer: mahalla.StandInAgreed, Refused: []mahalla.PersonID{w.resident.ID}}
	w.tx(func(tx *storage.Tx) error {
		tx.SaveAbsence(a)
		tx.StandIn(a, []mahalla.Membership{{Role: mahalla.PreventionInspector, Territory: 1}})
		return nil
	})
	before := responsible(morning.Add(-time.Minute))
	if before == 0 {
		t.Fatal("nobody is responsible before")
	}
	same(t, "away", responsible(morning), 0)
	same(t, "back", responsible(morning.Add(24*time.Hour)), before)
	w.read(func(tx *storage.Tx) error {
		substitute, err := tx.Contact(w.resident.ID)
		if err != nil {
			return err
		}
		same(t, "the substitute answers", substitute.Has(mahalla.MayAnswer, morning), true)
		same(t, "until the end", substitute.Has(mahalla.MayAnswer, morning.Add(24*time.Hour)), false)
		due, err := tx.DueAbsences(morning, 9)
		same(t, "due", due, []mahalla.AbsenceID{7})
		return err
	})
	w.tx(func(tx *storage.Tx) error {
		back, err := tx.LockAbsence(7)
		if err != nil {
			return err
		}
		same(t, "refused", back.Refused, a.Refused)
		if err := back.Cancel(w.officer.ID); err != nil {
			return err
		}
		tx.SaveAbsence(back)
		tx.StandDown(7, morning.Add(time.Hour))
		return nil
	})
	same(t, "back early", responsible(morning.Add(2*time.Hour)), before)
	w.read(func(tx *storage.Tx) error {
		substitute, err := tx.Contact(w.resident.ID)
		same(t, "the substitute has stood down", substitute.Has(mahalla.MayAnswer, morning.Add(2*time.Hour)), false)
		return err
	})
}
