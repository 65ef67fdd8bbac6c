package storage_test

import (
	"bytes"
	"testing"

	"koprik/mahalla"
	"koprik/storage"
)

func TestTheNeighbourIsSealedToTheCase(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, second := w.filed(1), w.filed(2)
	want := mahalla.Behalf{Agreed: mahalla.AgreedNamed, Name: secret, Phone: secret + "1"}
	w.tx(func(tx *storage.Tx) error {
		if err := tx.AddBehalf(first.ID, want); err != nil {
			return err
		}
		return tx.AddBehalf(second.ID, mahalla.Behalf{Agreed: mahalla.AgreedUnnamed})
	})
	view := func(id mahalla.CaseID) (v storage.View, err error) {
		err = w.db.Read(w.ctx, func(tx *storage.Tx) (err error) {
			v, err = tx.View(id, w.officer.ID)
			return err
		})
		return v, err
	}
	for id, want := range map[mahalla.CaseID]mahalla.Behalf{first.ID: want, second.ID: {Agreed: mahalla.AgreedUnnamed}} {
		if v, err := view(id); err != nil || v.Behalf != want {
			t.Errorf("got %v, %v, want %v", v.Behalf, err, want)
		}
	}
	var raw []byte
	w.must(w.conn.QueryRow(w.ctx, "SELECT name || phone FROM behalves WHERE case_id = $1", first.ID).Scan(&raw))
	if bytes.Contains(raw, []byte(secret[:8])) {
		t.Error("the name stands in the clear")
	}
	for _, move := range []string{
		"UPDATE behalves SET agreed = 'named', name = (SELECT name FROM behalves WHERE case_id = $1) WHERE case_id = $2",
		"UPDATE behalves SET agreed = 'named', name = (SELECT phone FROM behalves WHERE case_id = $1) WHERE case_id = $2",
	} {
		w.exec(move, first.ID, second.ID)
		if v, err := view(second.ID); err == nil {
			t.Errorf("moved to another case it reads %q, want an error", v.Behalf.Name)
		}
	}
}

func TestTheSchemaRefusesANameThatMayNotBeTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.filed(1)
	for _, values := range []string{"'unnamed', 'x', NULL", "'saw', NULL, 'x'", "'named', NULL, NULL", "'maybe', NULL, NULL"} {
		_, err := w.conn.Exec(w.ctx, "INSERT INTO behalves (case_id, agreed, name, phone) VALUES ($1, "+values+")", c.ID)
		if code(err) != "23514" {
			t.Errorf("%s: got %v, want a constraint", values, err)
		}
	}
}
