package storage_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
	"koprik/storage"
)

// sealedWorld is a world whose keys stand in a file.
func sealedWorld(t *testing.T) (*world, string) {
	t.Helper()
	w := newBare(t)
	path := filepath.Join(t.TempDir(), "keys.json")
	w.db = w.opened(path)
	w.exec(`INSERT INTO categories (code, grp, name_uz_latn, name_uz_cyrl, name_ru, rank, urgency, primary_role, resolve, secrecy,
			reconciliation, anonymous_ok)
		VALUES ('noise', 'order', 'a', 'b', 'c', 1, 'normal', 'prevention_inspector', '1d', 'internal', 'never', 'no')`)
	w.resident, w.officer, w.stranger = w.person(1, "Aziza"), w.person(2, "Botir"), w.person(3, "Sanjar")
	return w, path
}

// opened opens the database as a program does that starts with a key file.
func (w *world) opened(path string) *storage.DB {
	w.Helper()
	seals, err := storage.KeepSeals(w.ctx, w.url, path)
	w.must(err)
	return w.open(seals)
}

// said stores a report of a case with everything in it that is sealed.
func (w *world) said(db *storage.DB, c mahalla.CaseID, words string) {
	w.Helper()
	w.must(db.InTx(w.ctx, func(tx *storage.Tx) error {
		return errors.Join(
			tx.AddReport(c, storage.Report{Kind: storage.KindAddition, Person: w.resident.ID, Words: words, At: morning,
				Media: []mahalla.Media{{Kind: mahalla.Photo, File: "file of " + words, Caption: "caption of " + words}}}),
			tx.AddEvent(c, mahalla.Event{Kind: mahalla.EventAdded, At: morning, By: w.resident.ID, Text: words}))
	}))
}

// rotate goes through the steps as the command does.
func rotate(ctx context.Context, db *storage.DB) error {
	id, _, err := db.OfferKey(ctx)
	if err != nil {
		return err
	}
	for behind := new(storage.BehindError); ; {
		if err = db.EveryReplicaHolds(ctx, id); !errors.As(err, &behind) {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if err != nil {
		return err
	}
	if err := db.Promote(ctx, id); err != nil {
		return err
	}
	for {
		if err := db.Reseal(ctx, func(string, int) {}); err != nil {
			return err
		}
		left, err := db.Left(ctx)
		if errors.As(err, new(*storage.BehindError)) {
			continue
		}
		if err != nil || left == 0 {
			return err
		}
	}
}

// wordsOf are what was said about a case, in order.
func (w *world) wordsOf(db *storage.DB, c mahalla.CaseID) (words []string) {
	w.Helper()
	w.must(db.Read(w.ctx, func(tx *storage.Tx) error {
		list, err := tx.Reports(c)
		for _, r := range list {
			words = append(words, r.Words)
			if len(r.Media) != 1 || r.Media[0].File != "file of "+r.Words || r.Media[0].Caption != "caption of "+r.Words {
				w.Errorf("%q: got %v, want its file and caption", r.Words, r.Media)
			}
		}
		events, err2 := tx.Events(c)
		if len(events) != len(list) {
			w.Errorf("got %d events, want one for each of %d reports", len(events), len(list))
		}
		return errors.Join(err, err2)
	}))
	slices.Sort(words)
	return words
}

func TestEveryColumnOfBytesIsSealedByARotatingKeyOrSaysWhyNot(t *testing.T) {
	t.Parallel()
	w := newBare(t)
	known := storage.UnsealedColumns()
	for _, c := range storage.SealedColumns() {
		if known[c] != "" {
			t.Errorf("%s is in both lists", c)
		}
		known[c] = "sealed"
	}
	rows, err := w.conn.Query(w.ctx, `SELECT table_name || '.' || column_name FROM information_schema.columns
		WHERE table_schema = 'public' AND data_type = 'bytea'`)
	w.must(err)
	columns, err := pgx.CollectRows(rows, pgx.RowTo[string])
	w.must(err)
	for _, c := range columns {
		if known[c] == "" {
			t.Errorf("%s is in no list: sealedColumns if a rotating key seals it, else unsealedColumns", c)
		}
		delete(known, c)
	}
	if len(known) > 0 {
		t.Errorf("in a list and not in the schema: %v", known)
	}
}

func TestEverythingIsReadableAfterTheKeysRotatedUnderWritersAndTheOldOneIsDropped(t *testing.T) {
	t.Parallel()
	w, path := sealedWorld(t)
	c := w.filed(1).ID
	var want []string
	for n := range 500 { // four sealed values each
		want = append(want, fmt.Sprintf("before %04d", n))
		w.said(w.db, c, want[n])
	}
	others := w.everySealedColumn(c)
	old := w.keyIDs()[0]

	// Two replicas with the old file in their memory write all the while.
	writing, stop := context.WithCancel(w.ctx)
	var group sync.WaitGroup
	var mu sync.Mutex
	for replica := range 2 {
		db := w.opened(path)
		leave, err := db.Appear(w.ctx)
		w.must(err)
		t.Cleanup(leave)
		group.Go(func() {
			for n := 0; writing.Err() == nil; n++ {
				words := fmt.Sprintf("during %d %04d", replica, n)
				w.said(db, c, words)
				mu.Lock()
				want = append(want, words)
				mu.Unlock()
			}
		})
	}
	w.must(rotate(w.ctx, w.db))
	stop()
	group.Wait()
	if left, err := w.db.Left(w.ctx); err != nil || left != 0 {
		t.Errorf("sealed with the old key: got %d, %v, want none", left, err)
	}
	if err := w.db.DropKey(w.ctx, w.keyIDs()[1]); !errors.Is(err, storage.ErrKeyInUse) {
		t.Errorf("dropping the new key: got %v, want it refused", err)
	}
	if err := w.db.DropKey(w.ctx, 77); !errors.Is(err, storage.ErrNoSuchKey) {
		t.Errorf("dropping no key: got %v, want it refused", err)
	}
	w.must(w.db.DropKey(w.ctx, old))
	fresh := w.opened(path) // as after a restart
	if ids := w.keyIDs(); len(ids) != 1 || ids[0] == old {
		t.Errorf("keys after the old one was dropped: got %v, want the new one alone", ids)
	}
	slices.Sort(want)
	if got := w.wordsOf(fresh, c); !slices.Equal(got, want) {
		t.Errorf("got %d readable, want all %d as they were", len(got), len(want))
	}
	others(fresh)
	t.Logf("rotation: values %d, of which written during it %d", 4*len(want)+6, 4*(len(want)-500))
}

// everySealedColumn writes something into each of the columns that said does not
// reach, and returns how to look whether it is still there.
func (w *world) everySealedColumn(c mahalla.CaseID) func(*storage.DB) {
	w.Helper()
	var token string
	w.resident.Dialogue.Serial = 7
	w.must(w.db.StoreQuarantined(w.ctx, "odd", []byte("odd payload"), "odd"))
	_, err := w.db.StoreUpdates(w.ctx, []storage.Update{{Dedup: "u", UpdateID: 1, Chat: 1, Payload: []byte("waiting payload")}})
	w.must(err)
	w.tx(func(tx *storage.Tx) (err error) {
		token, err = tx.HandOver(storage.Handover{Telegram: 1, Territory: mahalla.RootTerritory, Words: "handed over"}, morning.Add(time.Hour))
		return errors.Join(err,
			tx.SaveDialogue(w.resident, morning), tx.SetPhone(w.resident.ID, "+998901234567"),
			tx.AddBehalf(c, mahalla.Behalf{Agreed: mahalla.AgreedNamed, Name: "Zulfiya", Phone: "+998907654321"}),
			tx.Send(w.resident.Recipient(), mahalla.Notice{Kind: "help", Args: map[string]string{"a": "arguments"}}, 0, morning, time.Time{}))
	})
	return func(db *storage.DB) {
		w.Helper()
		w.must(db.InTx(w.ctx, func(tx *storage.Tx) error {
			u, err := tx.ClaimUpdate()
			if err != nil || string(u.Payload) != "waiting payload" {
				w.Errorf("the waiting update: got %q, %v", u.Payload, err)
			}
			contact, err := tx.Contact(w.resident.ID)
			if err != nil || contact.Dialogue.Serial != 7 {
				w.Errorf("the dialogue: got %+v, %v", contact, err)
			}
			h, found, err := tx.Fetch(token, 1, morning)
			if err != nil || !found || h.Words != "handed over" {
				w.Errorf("what was handed over: got %+v, %v", h, err)
			}
			view, err := tx.View(c, w.officer.ID)
			if err != nil || view.Behalf.Name != "Zulfiya" || view.Behalf.Phone != "+998907654321" || view.ReporterName != "Aziza" {
				w.Errorf("the card: got %+v, %v", view.Behalf, err)
			}
			list, err := tx.ClaimMessages(1, time.Minute)
			if err != nil || len(list) != 1 || list[0].Args["a"] != "arguments" {
				w.Errorf("the message: got %+v, %v", list, err)
			}
			return nil
		}))
		for _, of := range [][2]string{{"people", "phone"}, {"inbox", "payload"}} {
			column := of[0] + "." + of[1]
			if !slices.Contains(storage.SealedColumns(), column) {
				w.Errorf("%s is not looked at", column)
			}
		}
	}
}

// keyIDs are the keys that seal, the oldest first.
func (w *world) keyIDs() (ids []int64) {
	w.Helper()
	rows, err := w.conn.Query(w.ctx, "SELECT key_id FROM keys WHERE kind = 'seal' AND dropped_at IS NULL ORDER BY since, key_id")
	w.must(err)
	ids, err = pgx.CollectRows(rows, pgx.RowTo[int64])
	w.must(err)
	return ids
}

func TestARotationThatIsKilledAnywhereGoesOn(t *testing.T) {
	t.Parallel()
	w, path := sealedWorld(t)
	c := w.filed(1).ID
	var want []string
	for n := range 300 {
		want = append(want, fmt.Sprintf("words %04d", n))
		w.said(w.db, c, want[n])
	}
	old := w.keyIDs()
	kills := 0
	for patience := time.Millisecond; ; patience += time.Duration(rand.IntN(4)) * time.Millisecond {
		db := w.opened(path) // each time as a program that starts
		ctx, cancel := context.WithTimeout(w.ctx, patience)
		err := rotate(ctx, db)
		if ctx.Err() == nil {
			w.must(err)
		}
		cancel()
		if got := w.wordsOf(db, c); !slices.Equal(got, want) {
			t.Fatalf("after %d kills: got %d readable, want %d", kills, len(got), len(want))
		}
		db.Close()
		if err == nil {
			break
		}
		kills++
	}
	last := w.opened(path)
	list, err := last.Keys(w.ctx)
	w.must(err)
	for _, k := range list {
		if k.Primary != (k.Rows > 0) || k.Missing {
			t.Errorf("got %+v, want that the primary key alone has sealed anything", k)
		}
		if !k.Primary {
			w.must(last.DropKey(w.ctx, k.ID))
		}
	}
	if slices.Contains(w.keyIDs(), old[0]) || kills == 0 {
		t.Errorf("after %d kills: got keys %v, want the old one gone", kills, w.keyIDs())
	}
	if got := w.wordsOf(w.opened(path), c); !slices.Equal(got, want) {
		t.Errorf("at last: got %d readable, want %d", len(got), len(want))
	}
	t.Logf("rotation: kills %d, keys made %d", kills, len(list)-1)
}

func TestNothingGoesOnBeforeEveryReplicaHasTheNewKey(t *testing.T) {
	t.Parallel()
	w, path := sealedWorld(t)
	elsewhere := filepath.Join(t.TempDir(), "keys.json") // a replica on another machine
	before, err := os.ReadFile(path)
	w.must(err)
	w.must(os.WriteFile(elsewhere, before, 0o600))
	far := w.opened(elsewhere)
	leave, err := far.Appear(w.ctx)
	w.must(err)
	defer leave()

	id, begun, err := w.db.OfferKey(w.ctx)
	if err != nil || !begun {
		t.Fatalf("got %v, %v, want a rotation to begin", begun, err)
	}
	if err := w.db.EveryReplicaHolds(w.ctx, id); !errors.As(err, new(*storage.BehindError)) {
		t.Errorf("a replica lacks the key: got %v, want it named", err)
	}
	if _, err := storage.KeepSeals(w.ctx, w.url, elsewhere); !errors.Is(err, storage.ErrOtherKeys) {
		t.Errorf("a start with the old file: got %v, want it refused", err)
	}
	if again, begun, err := w.db.OfferKey(w.ctx); err != nil || begun || again != id {
		t.Errorf("called again: got key %d, %v, %v, want %d once more", again, begun, err, id)
	}
	copied, err := os.ReadFile(path)
	w.must(err)
	w.must(os.WriteFile(elsewhere, copied, 0o600))
	eventually(t, "the replica takes the key", func() bool { return w.db.EveryReplicaHolds(w.ctx, id) == nil })
	w.must(w.db.Promote(w.ctx, id))
	eventually(t, "the replica seals with it", func() bool { _, err := w.db.Left(w.ctx); return err == nil })
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key file: got %v, %v, want that only its owner reads it", info.Mode(), err)
	}
	w.exec("INSERT INTO replicas (id) OVERRIDING SYSTEM VALUE VALUES (900)") // of a release that knows nothing of this
	if err := w.db.EveryReplicaHolds(w.ctx, id); !errors.As(err, new(*storage.BehindError)) {
		t.Errorf("a replica of an old release: got %v, want it named", err)
	}
}
