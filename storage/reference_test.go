package storage_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

func TestTheSeedIsWrittenOnceAndLeavesWhatAnAdministratorChanged(t *testing.T) {
	t.Parallel()
	db, conn := land(t)
	before := reference(t, db)
	for _, sql := range []string{
		"UPDATE categories SET name_ru = 'Наш шум', rank = 999 WHERE code = 'noise'",
		"UPDATE territories SET name_ru = 'Наш город' WHERE code = '1726'",
		"UPDATE phone_numbers SET printable = false WHERE number = '102'",
		"UPDATE holidays SET kind = 'ours'",
		"DELETE FROM categories WHERE code = 'fraud'",
	} {
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		change(t, db, func(tx *storage.Tx) error { return tx.Seed(time.Unix(0, 0)) })
	}
	after := reference(t, db)
	if after.Version != before.Version {
		t.Errorf("version: got %d, want %d", after.Version, before.Version)
	}
	if c := after.Categories["noise"]; c.Names.Ru != "Наш шум" || c.Rank != 999 {
		t.Errorf("the category: got %+v", c)
	}
	if after.Territories[after.ByCode["1726"]].Names.Ru != "Наш город" {
		t.Error("the name of a region was written over")
	}
	if slices.ContainsFunc(after.Phones, func(p storage.Phone) bool { return p.Number == "102" }) {
		t.Error("a number that was taken back is shown again")
	}
	if _, there := after.Categories["fraud"]; !there {
		t.Error("what is missing was not written")
	}
	if len(after.Categories) != len(before.Categories) || len(after.Holidays) != len(before.Holidays) || len(after.Territories) != len(before.Territories) {
		t.Error("something was doubled")
	}
}

func TestOfSeveralThatSeedAtOnceEachSucceeds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec("DELETE FROM categories")
	results := make(chan error, 3)
	for range cap(results) {
		go func() {
			results <- w.db.InTx(w.ctx, func(tx *storage.Tx) error { return tx.Seed(morning) })
		}()
	}
	for range cap(results) {
		if err := <-results; err != nil {
			t.Error(storage.Loggable(err))
		}
	}
	if n := w.number("SELECT version FROM reference"); n != 2 {
		t.Errorf("version: got %d, want it grown once", n)
	}
}

func TestTheReferenceIsWhatThePeopleOfAPlaceNeed(t *testing.T) {
	t.Parallel()
	db, conn := land(t)
	change(t, db, func(tx *storage.Tx) error {
		tx.PutTerritories(village())
		tx.PutHoliday(time.Date(2031, 5, 5, 0, 0, 0, 0, time.UTC), "extra")
		tx.PutHoliday(time.Date(2031, 5, 5, 0, 0, 0, 0, time.UTC), "extra")
		tx.BumpReference()
		return nil
	})
	r := reference(t, db)
	if r.Version != 3 {
		t.Errorf("version: got %d, want 3", r.Version)
	}
	if n := len(r.Holidays); r.Holidays[n-1] != (mahalla.Date{Year: 2031, Month: 5, Day: 5}) || r.Holidays[n-2] == r.Holidays[n-1] {
		t.Errorf("the last holidays: got %v", r.Holidays[n-2:])
	}
	if d := r.Above(7, mahalla.District); d == nil || d.ID != 6 || r.Above(7, mahalla.Sector) != nil || r.Above(999, mahalla.District) != nil {
		t.Errorf("the district of a mahalla: got %+v", d)
	}
	if path := r.Path(999); !reflect.DeepEqual(path, []mahalla.TerritoryID{mahalla.RootTerritory}) {
		t.Errorf("the path of an unknown place: got %v", path)
	}
	if !reflect.DeepEqual(r.Children[6], []mahalla.TerritoryID{7}) {
		t.Errorf("children: got %v", r.Children[6])
	}
	if _, err := conn.Exec(t.Context(), "UPDATE territories SET retired_at = now() WHERE id = 7"); err != nil {
		t.Fatal(err)
	}
	if r = reference(t, db); len(r.Children[6]) != 0 || !r.Territories[7].Retired {
		t.Errorf("retired: got %v, %+v", r.Children[6], r.Territories[7])
	}
	for code, c := range r.Categories {
		if c.Names.UzLatn == "" || c.Names.UzCyrl == "" || c.Names.Ru == "" || c.Resolve == (mahalla.Span{}) {
			t.Errorf("%s: got %+v", code, c)
		}
	}
}

func TestTheCategoriesThatAreUsedMostComeFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.tx(func(tx *storage.Tx) error { return tx.Seed(morning) })
	first := func(now time.Time) (code mahalla.CategoryCode) {
		w.read(func(tx *storage.Tx) error {
			r, err := tx.Reference(now)
			if err == nil {
				code = r.ByUse[0]
			}
			return err
		})
		return code
	}
	before := first(morning)
	c := w.draft(1)
	c.Category = "fraud"
	w.tx(func(tx *storage.Tx) error { return tx.AddCase(c) })
	if got := first(morning); got != "fraud" || before == "fraud" {
		t.Errorf("got %s after %s, want what was used", got, before)
	}
	if got := first(morning.Add(91 * 24 * time.Hour)); got != before {
		t.Errorf("a quarter later: got %s, want %s again", got, before)
	}
}

func TestIdsAreNeverGivenTwice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	seals, err := storage.NewSeals()
	w.must(err)
	other := w.open(seals)
	ids := make(chan int64, 4000)
	done := make(chan error, 4)
	for n := range cap(done) {
		go func() {
			db := []*storage.DB{w.db, other}[n%2]
			done <- db.InTx(w.ctx, func(tx *storage.Tx) error {
				for range 1000 {
					id, err := tx.NewID()
					if err != nil {
						return err
					}
					ids <- id
				}
				return nil
			})
		}()
	}
	for range cap(done) {
		w.must(<-done)
	}
	close(ids)
	seen := map[int64]bool{int64(mahalla.RootTerritory): true}
	for id := range ids {
		if seen[id] {
			t.Fatalf("id %d was given twice", id)
		}
		seen[id] = true
	}
}
