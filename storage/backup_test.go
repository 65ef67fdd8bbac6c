package storage_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/storage"
	"koprik/storage/storagetest"
)

// schemaOf is every table, column, index, constraint and trigger of a database.
func schemaOf(w *world, url string) string {
	w.Helper()
	conn, err := pgx.Connect(w.ctx, url)
	w.must(err)
	defer conn.Close(context.Background())
	var text string
	w.must(conn.QueryRow(w.ctx, `SELECT string_agg(line, E'\n' ORDER BY line) FROM (
		SELECT format('%s.%s %s %s', table_name, column_name, data_type, column_default) AS line FROM information_schema.columns WHERE table_schema = 'public'
		UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
		UNION ALL SELECT format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
		UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal) AS lines`).Scan(&text))
	return text
}

// empty is a database without anything.
func (w *world) empty() string {
	w.Helper()
	url := storagetest.Postgres(w)
	conn, err := pgx.Connect(w.ctx, url)
	w.must(err)
	defer conn.Close(context.Background())
	_, err = conn.Exec(w.ctx, "DROP SCHEMA public CASCADE; CREATE SCHEMA public")
	w.must(err)
	return url
}

// backedUp is a world with something in it, and its backup.
func backedUp(t *testing.T) (w *world, path string, backup []byte, c storage.Contents) {
	t.Helper()
	w, path = sealedWorld(t)
	id := w.filed(1).ID
	w.said(w.db, id, "words that travel")
	w.happened(id, 3)
	w.must(w.db.AnchorNow(w.ctx))
	w.everySealedColumn(id)
	var to bytes.Buffer
	c, err := storage.Backup(w.ctx, w.url, "test", "", morning, &to)
	w.must(err)
	return w, path, to.Bytes(), c
}

func TestABackupIsPutBackAsItWas(t *testing.T) {
	t.Parallel()
	w, path, backup, c := backedUp(t)
	if c.Rows["reports"] != 1 || c.Rows["case_events"] != 4 || c.Rows["keys"] != 3 || c.All() < 20 {
		t.Errorf("rows: got %v", c.Rows)
	}
	url := w.empty()
	m, got, err := storage.PutBack(w.ctx, url, path, bytes.NewReader(backup))
	w.must(err)
	same(t, "what is back", got, c)
	same(t, "when it was made", m.Made, morning)
	if a, b := schemaOf(w, w.url), schemaOf(w, url); a != b {
		t.Errorf("the schema is another one:\n%s\n\n%s", a, b)
	}
	back := &world{TB: t, ctx: w.ctx, url: url}
	back.conn, err = pgx.Connect(w.ctx, url)
	w.must(err)
	defer back.conn.Close(context.Background())
	back.db = back.opened(path)
	back.resident, back.officer = w.resident, w.officer
	if found, err := back.db.Sample(w.ctx); err != nil || !found {
		t.Errorf("a case: got %v, %v, want it readable", found, err)
	}
	if v, found := back.verified(""); found != "" || v.Rows != 7 {
		t.Errorf("the history: got %+v, %q", v, found)
	}
	back.read(func(tx *storage.Tx) error {
		list, err := tx.Reports(1001)
		if len(list) != 1 || list[0].Words != "words that travel" || list[0].Media[0].Caption != "caption of words that travel" {
			t.Errorf("words: got %+v", list)
		}
		return err
	})
	back.person(77, "Yangi") // ids go on behind those that were given
	if n := back.number("SELECT count(*) FROM people WHERE name IS NOT NULL"); n != 4 {
		t.Errorf("people: got %d, want 4", n)
	}
	if _, _, err := storage.PutBack(w.ctx, url, path, bytes.NewReader(backup)); !errors.Is(err, storage.ErrNotEmpty) {
		t.Errorf("once more: got %v, want it refused", err)
	}
}

func TestWhatCannotBePutBackChangesNothing(t *testing.T) {
	t.Parallel()
	w, path, backup, _ := backedUp(t)
	url := w.empty()
	none := filepath.Join(t.TempDir(), "none.json")
	other := filepath.Join(t.TempDir(), "other.json")
	_, err := storage.OpenSeals(other, true)
	w.must(err)
	for _, test := range []struct {
		name, keys string
		from       io.Reader
		want       error
	}{
		{"no key file", none, bytes.NewReader(backup), storage.ErrNoKeys},
		{"other keys", other, bytes.NewReader(backup), storage.ErrOtherKeys},
		{"something else", path, bytes.NewReader([]byte("PK\x03\x04 something else")), storage.ErrNoBackup},
		{"nothing", path, bytes.NewReader(nil), storage.ErrNoBackup},
	} {
		if _, _, err := storage.PutBack(w.ctx, url, test.keys, test.from); !errors.Is(err, test.want) {
			t.Errorf("%s: got %v, want %v", test.name, err, test.want)
		}
	}
	for _, share := range []int{2, 10, 50, 90, 99} { // of a hundred
		if _, _, err := storage.PutBack(w.ctx, url, path, bytes.NewReader(backup[:len(backup)*share/100])); err == nil {
			t.Errorf("%d %% of it: got no error", share)
		}
	}
	ctx, cancel := context.WithTimeout(w.ctx, 100*time.Millisecond)
	if _, _, err := storage.PutBack(ctx, url, path, io.MultiReader(bytes.NewReader(backup[:len(backup)/2]), waits{ctx})); err == nil {
		t.Error("killed half-way: got no error")
	}
	cancel()
	if _, _, err := storage.PutBack(w.ctx, url, path, bytes.NewReader(backup)); err != nil {
		t.Errorf("after all that: got %v, want it restored", err)
	}
	if _, _, err := storage.PutBack(w.ctx, w.url, path, bytes.NewReader(backup)); !errors.Is(err, storage.ErrNotEmpty) {
		t.Errorf("into a database that is used: got %v, want it refused", err)
	}
	foreign := w.empty()
	conn, err := pgx.Connect(w.ctx, foreign)
	w.must(err)
	defer conn.Close(context.Background())
	_, err = conn.Exec(w.ctx, "CREATE TABLE theirs ()")
	w.must(err)
	if _, _, err := storage.PutBack(w.ctx, foreign, path, bytes.NewReader(backup)); !errors.Is(err, storage.ErrNotEmpty) {
		t.Errorf("into somebody else's: got %v, want it refused", err)
	}
}

// waits is a stream that says nothing more.
type waits struct{ ctx context.Context }

func (w waits) Read([]byte) (int, error) {
	<-w.ctx.Done()
	return 0, w.ctx.Err()
}

func TestABackupMayHoldTheKeyFile(t *testing.T) {
	t.Parallel()
	w, path, backup, _ := backedUp(t)
	kept, err := os.ReadFile(path)
	w.must(err)
	if bytes.Contains(backup, []byte("primaryKeyId")) {
		t.Error("the keys stand in a backup that was to have none")
	}
	var with bytes.Buffer
	_, err = storage.Backup(w.ctx, w.url, "test", path, morning, &with)
	w.must(err)
	fresh := filepath.Join(t.TempDir(), "data", "keys.json")
	_, _, err = storage.PutBack(w.ctx, w.empty(), fresh, &with)
	w.must(err)
	if got, err := os.ReadFile(fresh); err != nil || !bytes.Equal(got, kept) {
		t.Errorf("the key file: got %v, want it as it was", err)
	}
	if info, err := os.Stat(fresh); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("its rights: got %v, %v", info.Mode(), err)
	}
}
