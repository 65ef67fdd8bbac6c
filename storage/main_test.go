package storage_test

import (
	"context"
	"testing"

	"koprik/storage"
	"koprik/storage/storagetest"
)

func TestMain(m *testing.M) {
	storagetest.Template(func(ctx context.Context, url string) error {
		_, err := storage.Migrate(ctx, url)
		return err
	})
	storagetest.Main(m)
}

// openDB opens a database of the test's own.
func openDB(t *testing.T) *storage.DB {
	t.Helper()
	seals, err := storage.NewSeals()
	if err != nil {
		t.Fatal(err)
	}
	db, err := storage.Open(t.Context(), storage.Options{URL: storagetest.Postgres(t)}, seals)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db
}
