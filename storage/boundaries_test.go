package storage_test

import (
	"bytes"
	"crypto/sha256"
	"reflect"
	"testing"

	"koprik/storage"
)

func TestABoundaryIsKeptAsItWasGivenLast(t *testing.T) {
	t.Parallel()
	db, conn := land(t)
	first := storage.Boundary{Territory: 7, Geometry: []byte("one"), West: 64, South: 41, East: 64.5, North: 41.5, Area: 12.5}
	last := storage.Boundary{Territory: 7, Geometry: []byte{0, 1, 255}, West: 65, South: 42, East: 65.5, North: 42.5, Area: 3}
	other := storage.Boundary{Territory: 6, Geometry: []byte("two"), West: 64, South: 41, East: 66, North: 43, Area: 100}
	before := reference(t, db)
	change(t, db, func(tx *storage.Tx) error {
		tx.PutTerritories(village())
		tx.PutBoundaries([]storage.Boundary{first, other})
		tx.PutBoundaries([]storage.Boundary{last})
		tx.PutBoundaries(nil)
		tx.BumpBoundaries()
		return nil
	})
	var got []storage.Boundary
	sums := map[string]bool{}
	err := db.Read(t.Context(), func(tx *storage.Tx) error {
		have, err := tx.BoundarySums()
		if err != nil {
			return err
		}
		for id, sum := range have {
			sums[string(rune('0'+id))+string(sum[:])] = true
		}
		return tx.Boundaries(func(b storage.Boundary) error {
			b.Geometry = bytes.Clone(b.Geometry)
			got = append(got, b)
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := []storage.Boundary{other, last}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	one, two := sha256.Sum256(last.Geometry), sha256.Sum256(other.Geometry)
	if want := map[string]bool{"7" + string(one[:]): true, "6" + string(two[:]): true}; !reflect.DeepEqual(sums, want) {
		t.Errorf("sums: got %v, want %v", sums, want)
	}
	after := reference(t, db)
	if after.Version != before.Version+1 || after.Boundaries != after.Version || before.Boundaries != 0 {
		t.Errorf("versions: got %d and %d after %d and %d", after.Version, after.Boundaries, before.Version, before.Boundaries)
	}
	for name, sql := range map[string]string{
		"east of its west":       "UPDATE boundaries SET east = west - 1 WHERE territory_id = 7",
		"no height":              "UPDATE boundaries SET north = south WHERE territory_id = 7",
		"off the Earth":          "UPDATE boundaries SET north = 91 WHERE territory_id = 7",
		"no area":                "UPDATE boundaries SET area = 0 WHERE territory_id = 7",
		"of a place that is not": "UPDATE boundaries SET territory_id = 999 WHERE territory_id = 7",
	} {
		if _, err := conn.Exec(t.Context(), sql); err == nil {
			t.Errorf("%s: got it allowed, want a constraint", name)
		}
	}
}
