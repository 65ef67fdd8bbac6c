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

	"koprik/mahalla"
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
		UNION ALL SELECT pg_get_triggerdef(oid) || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal) AS lines`).Scan(&text))
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
	filed := w.filed(1)
	id := filed.ID
	w.said(w.db, id, "words that travel")
	w.happened(id, 3)
	w.must(w.db.AnchorNow(w.ctx))
	w.everySealedColumn(id)
	w.confirmedMinutes(filed)
	var to bytes.Buffer
	c, err := storage.Backup(w.ctx, w.url, "test", "", morning, &to)
	w.must(err)
	return w, path, to.Bytes(), c
}

// confirmedMinutes are of a meeting with all that minutes may hold: who came, an item
// with its sides, a decision, one of an earlier meeting, and a correction.
func (w *world) confirmedMinutes(c *mahalla.Case) {
	w.Helper()
	earlier, left := w.heldMeeting(c, 7_000_000, morning.AddDate(0, 0, 7))
	item := mahalla.ItemID(earlier.ID + 1)
	later := *earlier
	later.ID, later.At, later.Agenda = 8_000_000, morning.AddDate(0, 0, 14), nil
	w.tx(func(tx *storage.Tx) error {
		one, err := tx.Item(item)
		if err != nil {
			return err
		}
		one.Parties = []mahalla.Party{{Side: 1, Person: w.resident.ID}, {Side: 2, Name: secret, Phone: secret}}
		if err := errors.Join(tx.SaveItem(one), tx.SaveMeeting(&later)); err != nil {
			return err
		}
		tx.Review(later.ID, []mahalla.DecisionID{left.ID})
		return nil
	})
	w.tx(func(tx *storage.Tx) error {
		for _, m := range []*mahalla.Meeting{earlier, &later} {
			s := &mahalla.Sitting{Meeting: m.ID, At: m.At, Stage: mahalla.SittingReturned, SentAt: m.At, SentTo: w.officer.ID, Remark: secret}
			if err := errors.Join(tx.SaveSitting(s), tx.LockMinutes(m, w.officer.ID, m.At)); err != nil {
				return err
			}
		}
		return tx.AddCorrection(earlier.ID, mahalla.Correction{By: w.officer.ID, At: morning, Words: secret})
	})
}

// newIDs gives out some ids.
func (w *world) newIDs(n int) map[int64]bool {
	w.Helper()
	list := map[int64]bool{}
	w.tx(func(tx *storage.Tx) error {
		for range n {
			id, err := tx.NewID()
			if err != nil {
				return err
			}
			list[id] = true
		}
		return nil
	})
	return list
}

func TestABackupIsPutBackAsItWas(t *testing.T) {
	t.Parallel()
	w, path, backup, c := backedUp(t)
	if c.Rows["reports"] != 1 || c.Rows["case_events"] != 4 || c.Rows["keys"] != 3 || c.All() < 20 {
		t.Errorf("rows: got %v", c.Rows)
	}
	rows, err := w.conn.Query(w.ctx, "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal")
	w.must(err)
	guarded, err := pgx.CollectRows(rows, pgx.RowTo[string])
	w.must(err)
	for _, table := range guarded {
		if c.Rows[table] == 0 {
			t.Errorf("%s has a trigger and no rows: what it refuses would not be seen", table)
		}
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
	given := w.newIDs(1000) // after the backup
	for id := range back.newIDs(1000) {
		if given[id] || id < 1<<32 {
			t.Fatalf("id %d was given again, want those far beyond what was given", id)
		}
	}
	back.person(77, "Yangi")
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
	for name, refused := range map[string]struct {
		url string
		of  []byte
	}{"into a database that is used": {w.url, with.Bytes()}, "cut off": {w.empty(), with.Bytes()[:with.Len()*9/10]}} {
		if _, _, err := storage.PutBack(w.ctx, refused.url, fresh, bytes.NewReader(refused.of)); err == nil {
			t.Errorf("%s: got no error", name)
		}
		if _, err := os.Stat(fresh); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: got %v, want no key file left behind", name, err)
		}
	}
	_, _, err = storage.PutBack(w.ctx, w.empty(), fresh, &with)
	w.must(err)
	if got, err := os.ReadFile(fresh); err != nil || !bytes.Equal(got, kept) {
		t.Errorf("the key file: got %v, want it as it was", err)
	}
	if info, err := os.Stat(fresh); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("its rights: got %v, %v", info.Mode(), err)
	}
}
