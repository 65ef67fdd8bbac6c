package storage_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"koprik/mahalla"
	"koprik/storage"
)

func TestADatabaseThatIsAwayIsOneAndTheSameForTheLog(t *testing.T) {
	t.Parallel()
	seals, err := storage.NewSeals()
	if err != nil {
		t.Fatal(err)
	}
	_, err = storage.Open(t.Context(), storage.Options{URL: "postgres://u:geheim@127.0.0.1:1/x"}, seals)
	if !storage.Away(err) || !storage.Passing(err) || storage.Loggable(err) != storage.Silence {
		t.Errorf("nobody listens: got %v, want away", err)
	}
	w := newWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := w.db.InTx(ctx, func(*storage.Tx) error { return nil }); storage.Away(err) || !storage.Passing(err) {
		t.Errorf("the program stops: got %v, want passing and not away", err)
	}
	err = w.db.InTx(w.ctx, func(tx *storage.Tx) error {
		tx.SetLanguage(w.resident.ID, "Klingon")
		return nil
	})
	if storage.Away(err) || storage.Passing(err) {
		t.Errorf("a broken rule: got %v, want that it does not pass", err)
	}
	if n := strings.Count(err.Error(), "storage: "); n != 1 {
		t.Errorf("got %q, want the prefix once", err)
	}
}

func TestWhyAServerDoesNotLetUsInIsSaidWithoutItsAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, test := range []struct{ name, url, want string }{
		{"nobody listens", "postgres://u:geheim@127.0.0.1:1/x", "nothing answers at its address"},
		{"no such host", "postgres://u:geheim@nowhere.invalid/x", "its host is not known by name"},
		{"no address", "nonsense geheim", "its address cannot be read"},
		{"no such database", strings.Replace(w.url, "/"+databaseOf(w.url), "/geheim", 1), "it has no such database: createdb"},
	} {
		_, _, err := storage.Schema(t.Context(), test.url)
		if got := storage.Reason(err); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

// databaseOf is the name in an address.
func databaseOf(url string) string {
	url, _, _ = strings.Cut(url, "?")
	return url[strings.LastIndexByte(url, '/')+1:]
}

func TestATransactionWhoseCommitFailsDoesSomethingInstead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var why error
	err := w.db.InTx(w.ctx, func(tx *storage.Tx) error {
		if _, err := tx.ServerTime(); err != nil { // so that the transaction has begun
			return err
		}
		tx.Instead(func(cause error) error {
			why = cause
			tx.SetLanguage(w.resident.ID, mahalla.UzCyrl)
			return nil
		})
		return tx.Try(func() error {
			tx.SetLanguage(w.resident.ID, mahalla.Ru)
			tx.SetLanguage(w.resident.ID, "Klingon")
			return nil
		})
	})
	if err != nil || why == nil {
		t.Fatalf("got %v, want that it was committed, because of %v", err, why)
	}
	w.must(w.db.Read(w.ctx, func(tx *storage.Tx) error {
		who, err := tx.Contact(w.resident.ID)
		if err == nil && who.Language != mahalla.UzCyrl {
			err = errors.New("the language is " + string(who.Language))
		}
		return err
	}))
}
