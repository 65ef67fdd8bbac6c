package storage_test

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"koprik/mahalla"
	"koprik/storage"
	"koprik/storage/storagetest"
)

// land is a database with the seed, and an open hand on its tables.
func land(t *testing.T) (*storage.DB, *pgx.Conn) {
	t.Helper()
	url := storagetest.Postgres(t)
	seals, err := storage.NewSeals()
	if err != nil {
		t.Fatal(err)
	}
	db, err := storage.Open(t.Context(), storage.Options{URL: url}, seals)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(t.Context()) })
	change(t, db, func(tx *storage.Tx) error { return tx.Seed(time.Unix(0, 0)) })
	return db, conn
}

func change(t *testing.T, db *storage.DB, fn func(*storage.Tx) error) {
	t.Helper()
	if err := db.InTx(t.Context(), fn); err != nil {
		t.Fatal(storage.Loggable(err))
	}
}

func reference(t *testing.T, db *storage.DB) (r *storage.Reference) {
	t.Helper()
	err := db.Read(t.Context(), func(tx *storage.Tx) (err error) {
		r, err = tx.Reference(time.Unix(0, 0))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// village is a district below the republic with a mahalla, which comes first.
func village() []*mahalla.Territory {
	return []*mahalla.Territory{
		{ID: 7, Parent: 6, Kind: mahalla.Mahalla, Code: "M", Point: "1-1", Path: []mahalla.TerritoryID{7, 6, 1},
			Names: mahalla.Names{UzLatn: "Chinor", UzCyrl: "Чинор", Ru: "Чинар"}},
		{ID: 6, Parent: 1, Kind: mahalla.District, Code: "D", Path: []mahalla.TerritoryID{6, 1},
			Names: mahalla.Names{UzLatn: "Namuna", UzCyrl: "Намуна", Ru: "Намуна"}},
	}
}

func TestTheSeedIsEveryRegionAndDistrictAndIsWrittenOnce(t *testing.T) {
	t.Parallel()
	db, _ := land(t)
	before := reference(t, db)
	kinds := map[mahalla.TerritoryKind]int{}
	for id, node := range before.Territories {
		kinds[node.Kind]++
		if path := append([]mahalla.TerritoryID{id}, before.Path(node.Parent)...); node.Parent != 0 && !reflect.DeepEqual(node.Path, path) {
			t.Errorf("the path of %s: got %v, want %v", node.Code, node.Path, path)
		}
	}
	if want := (map[mahalla.TerritoryKind]int{mahalla.Republic: 1, mahalla.Region: 14, mahalla.District: 209}); !reflect.DeepEqual(kinds, want) {
		t.Errorf("got %v, want %v", kinds, want)
	}
	official, err := storage.OfficialCodes()
	if err != nil || len(official) != 14+209 || !official["1703"] || !official["1703202"] || official["UZ"] {
		t.Errorf("official codes: got %d, %v", len(official), err)
	}
	change(t, db, func(tx *storage.Tx) error { return tx.Seed(time.Unix(0, 0)) })
	if after := reference(t, db); !reflect.DeepEqual(after.Territories, before.Territories) {
		t.Error("the second time changed something")
	}
}

func TestTerritoriesAreWrittenInAnyOrderAndChangedByTheirID(t *testing.T) {
	t.Parallel()
	db, _ := land(t)
	list := village()
	change(t, db, func(tx *storage.Tx) error { tx.PutTerritories(list); return nil })
	list[0].Names.Ru, list[0].Point, list[0].Parent, list[0].Path = "Чинор", "", 1, []mahalla.TerritoryID{7, 1}
	change(t, db, func(tx *storage.Tx) error { tx.PutTerritories(list[:1]); return nil })
	change(t, db, func(tx *storage.Tx) error { tx.PutTerritories(nil); return nil })
	r := reference(t, db)
	for _, want := range list {
		if got := r.Territories[want.ID]; !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
}

func TestACodeThatIsTakenFailsTheTransaction(t *testing.T) {
	t.Parallel()
	db, _ := land(t)
	list := village()
	list[0].Code = "1703"
	err := db.InTx(t.Context(), func(tx *storage.Tx) error { tx.PutTerritories(list); return nil })
	var pg *pgconn.PgError
	if !errors.As(err, &pg) || pg.ConstraintName != "territories_code_key" {
		t.Errorf("got %v, want the constraint of codes", err)
	}
	if _, known := reference(t, db).ByCode["D"]; known {
		t.Error("the district was written all the same")
	}
}

func TestARetiredTerritoryReturnsWhenItIsPutAndNotWhenItIsMoved(t *testing.T) {
	t.Parallel()
	db, conn := land(t)
	list := village()
	change(t, db, func(tx *storage.Tx) error { tx.PutTerritories(list); return nil })
	if _, err := conn.Exec(t.Context(), "UPDATE territories SET retired_at = '2026-01-01' WHERE code = 'M'"); err != nil {
		t.Fatal(err)
	}
	moved := *list[0]
	moved.Path = []mahalla.TerritoryID{7, 1}
	change(t, db, func(tx *storage.Tx) error { tx.SetPaths([]*mahalla.Territory{&moved}); return nil })
	got := reference(t, db).Territories[7]
	if !got.Retired || !reflect.DeepEqual(got.Path, moved.Path) || got.Names != moved.Names {
		t.Errorf("moved: got %+v", got)
	}
	change(t, db, func(tx *storage.Tx) error { tx.PutTerritories(list); return nil })
	if got := reference(t, db).Territories[7]; got.Retired {
		t.Errorf("put: got %+v", got)
	}
}
