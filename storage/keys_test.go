package storage_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"koprik/storage"
	"koprik/storage/storagetest"
)

// newBare is a world without people, in which nothing is sealed yet.
func newBare(t *testing.T) *world {
	t.Helper()
	w := &world{TB: t, ctx: t.Context(), url: storagetest.Postgres(t)}
	var err error
	w.conn, err = pgx.Connect(w.ctx, w.url)
	w.must(err)
	t.Cleanup(func() { _ = w.conn.Close(context.Background()) })
	return w
}

func TestADatabaseThatWasSealedBeforeItKnewFingerprintsIsOpenedWithItsKeysOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	path := filepath.Join(t.TempDir(), "keys.json")
	if _, err := storage.KeepSeals(w.ctx, w.url, path); !errors.Is(err, storage.ErrNoKeys) {
		t.Errorf("without a file: got %v, want that it is missing", err)
	}
	seals, err := storage.OpenSeals(path, true)
	w.must(err)
	if _, err := storage.KeepSeals(w.ctx, w.url, path); !errors.Is(err, storage.ErrOtherKeys) {
		t.Errorf("with another file: got %v, want it refused", err)
	}
	w.must(w.open(seals).InTx(w.ctx, func(tx *storage.Tx) error {
		return errors.Join(tx.SetName(w.resident.ID, "a"), tx.SetName(w.officer.ID, "b"), tx.SetName(w.stranger.ID, "c"))
	}))
	for range 2 {
		if _, err := storage.KeepSeals(w.ctx, w.url, path); err != nil {
			t.Errorf("with its own file: got %v", err)
		}
	}
}

func TestKeysAreMadeOnlyForADatabaseThatWasNeverSealed(t *testing.T) {
	t.Parallel()
	w := newBare(t)
	path := filepath.Join(t.TempDir(), "keys", "keys.json")
	first, err := storage.KeepSeals(w.ctx, w.url, path)
	w.must(err)
	again, err := storage.KeepSeals(w.ctx, w.url, path)
	if err != nil || !bytes.Equal(again.PressKey(), first.PressKey()) {
		t.Fatalf("the same file again: got %v, want its keys", err)
	}
	copied, err := os.ReadFile(path)
	w.must(err)

	w.must(os.Remove(path))
	if _, err := storage.KeepSeals(w.ctx, w.url, path); !errors.Is(err, storage.ErrNoKeys) {
		t.Errorf("the file is lost: got %v, want that it is missing", err)
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("the file is lost: got %v, want none to be made", err)
	}
	if _, err := storage.OpenSeals(path, true); err != nil {
		t.Fatal(err)
	}
	other, err := os.ReadFile(path)
	w.must(err)
	if _, err := storage.KeepSeals(w.ctx, w.url, path); !errors.Is(err, storage.ErrOtherKeys) {
		t.Errorf("another file: got %v, want that its keys are others", err)
	}
	if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, other) {
		t.Errorf("another file was changed, or %v", err)
	}
	w.must(os.WriteFile(path, copied, 0o600))
	if _, err := storage.KeepSeals(w.ctx, w.url, path); err != nil {
		t.Errorf("the copy put back: got %v", err)
	}
	if _, err := storage.KeepSeals(w.ctx, storagetest.Postgres(t), path); err != nil {
		t.Errorf("a second database with the same file: got %v", err)
	}
}

func TestAKeyMayBeAddedAndAnOldOneTakenOutWhenTheDatabaseHasForgottenIt(t *testing.T) {
	t.Parallel()
	w := newBare(t)
	path := filepath.Join(t.TempDir(), "keys.json")
	_, err := storage.KeepSeals(w.ctx, w.url, path)
	w.must(err)
	before, err := os.ReadFile(path)
	w.must(err)
	both, fresh, err := storage.AddedKey(before)
	w.must(err)
	w.must(os.WriteFile(path, both, 0o600))
	if _, err := storage.KeepSeals(w.ctx, w.url, path); err != nil {
		t.Fatalf("with a second key: got %v", err)
	}
	if n := w.number("SELECT count(*) FROM keys WHERE kind = 'seal'"); n != 2 {
		t.Errorf("got %d keys of seals, want the old and the new one", n)
	}
	w.must(os.WriteFile(path, before, 0o600)) // a replica that was not given the second key
	if _, err := storage.KeepSeals(w.ctx, w.url, path); !errors.Is(err, storage.ErrOtherKeys) {
		t.Errorf("without the second key: got %v, want it refused", err)
	}
	w.must(os.WriteFile(path, fresh, 0o600))
	if _, err := storage.KeepSeals(w.ctx, w.url, path); !errors.Is(err, storage.ErrOtherKeys) {
		t.Errorf("without the first key: got %v, want it refused", err)
	}
	w.exec("DELETE FROM keys WHERE since = (SELECT min(since) FROM keys) AND kind = 'seal'") // everything was sealed anew
	if _, err := storage.KeepSeals(w.ctx, w.url, path); err != nil {
		t.Errorf("after the first key was retired: got %v", err)
	}
}

func TestOfManyFirstStartsOneMakesTheKeysAndAllHaveThem(t *testing.T) {
	t.Parallel()
	w := newBare(t)
	dir := t.TempDir()
	var mu sync.Mutex
	different := map[string]bool{}
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			s, err := storage.KeepSeals(w.ctx, w.url, filepath.Join(dir, "keys.json"))
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			different[string(s.PressKey())] = true
		})
	}
	group.Wait()
	if len(different) != 1 {
		t.Errorf("got %d different keys, want 1", len(different))
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1 {
		t.Errorf("left: %v, %v, want the key file alone", files, err)
	}
}

func TestOfManyWhoMakeTheFileWithoutADatabaseAllHaveTheSameKeys(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "keys.json")
	keys := make(chan []byte, 16)
	for range cap(keys) {
		go func() {
			s, err := storage.OpenSeals(path, true)
			if err != nil {
				t.Error(err)
				keys <- nil
				return
			}
			keys <- s.PressKey()
		}()
	}
	first := <-keys
	for range cap(keys) - 1 {
		if !bytes.Equal(<-keys, first) {
			t.Error("two have different keys")
		}
	}
}

func TestAFingerprintSaysNothingOfTheKey(t *testing.T) {
	t.Parallel()
	w := newBare(t)
	path := filepath.Join(t.TempDir(), "keys.json")
	_, err := storage.KeepSeals(w.ctx, w.url, path)
	w.must(err)
	raw, err := os.ReadFile(path)
	w.must(err)
	rows, err := w.conn.Query(w.ctx, "SELECT encode(fingerprint, 'base64') FROM keys")
	w.must(err)
	defer rows.Close()
	count := 0
	for rows.Next() {
		var print string
		w.must(rows.Scan(&print))
		if count++; strings.Contains(string(raw), print) {
			t.Errorf("a fingerprint stands in the key file")
		}
	}
	if count != 3 {
		t.Errorf("got %d fingerprints, want one of seals, one of look-ups and one of links", count)
	}
}
