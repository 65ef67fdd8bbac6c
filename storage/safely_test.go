package storage_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"koprik/storage"
)

func TestAPanicEndsItsTransactionAndNotTheProgram(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.number("SELECT count(*) FROM people")
	for range 20 { // more often than there are connections
		err := w.db.InTx(w.ctx, func(tx *storage.Tx) error {
			if _, err := tx.AddPerson(4711, "Aziza Karimova", "ru", time.Now()); err != nil {
				return err
			}
			panic("Aziza Karimova")
		})
		if !errors.As(err, new(*storage.Crash)) || !strings.Contains(err.Error(), "safely_test.go") && !strings.Contains(err.Error(), "TestAPanic") || strings.Contains(err.Error(), "Aziza") {
			t.Fatalf("got %v, want where it was and nothing of what", err)
		}
	}
	if got := w.number("SELECT count(*) FROM people"); got != before {
		t.Errorf("got %d people, want %d", got, before)
	}
}
