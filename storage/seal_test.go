package storage_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"koprik/mahalla"
	"koprik/storage"
)

const secret = "oʻta maxfiy: +998901234567 <b>"

// errUnopened stands for what is claimed all the same, to be put aside.
var errUnopened = errors.New("wrong key or damaged value")

// sealedField is a field that stands sealed in the database: how it gets there,
// how it comes back, and from where it must not be moved into its place.
type sealedField struct {
	name  string
	write func(w *world) // the secret into the first row, something else into the others
	read  func(w *world, db *storage.DB) (string, error)
	raw   string   // the value as it stands
	moves []string // from another row, from another column
}

// readIn reads one text in a transaction of the database.
func readIn(w *world, db *storage.DB, fn func(*storage.Tx) (string, error)) (text string, err error) {
	err = db.InTx(w.ctx, func(tx *storage.Tx) (err error) {
		text, err = fn(tx)
		return err
	})
	return text, err
}

func sealedFields() []sealedField {
	report := func(words, file, caption string) storage.Report {
		return storage.Report{Kind: storage.KindReport, Words: words, At: morning,
			Media: []mahalla.Media{{Kind: mahalla.Photo, File: file, Caption: caption}}}
	}
	reports := func(first, second storage.Report) func(*world) {
		return func(w *world) {
			one, two := w.filed(1), w.filed(2)
			first.Person, second.Person = w.resident.ID, w.resident.ID
			w.tx(func(tx *storage.Tx) error {
				return errors.Join(tx.AddReport(one.ID, first), tx.AddReport(two.ID, second))
			})
		}
	}
	told := func(part func(storage.Report) string) func(*world, *storage.DB) (string, error) {
		return func(w *world, db *storage.DB) (string, error) {
			return readIn(w, db, func(tx *storage.Tx) (string, error) {
				list, err := tx.Reports(1001)
				if err != nil {
					return "", err
				}
				return part(list[0]), nil
			})
		}
	}
	return []sealedField{
		{
			name: "a person's name",
			write: func(w *world) {
				w.tx(func(tx *storage.Tx) error {
					return errors.Join(tx.SetName(w.resident.ID, secret), tx.SetPhone(w.resident.ID, "+1"))
				})
			},
			read: func(w *world, db *storage.DB) (string, error) {
				return readIn(w, db, func(tx *storage.Tx) (string, error) { return tx.Name(w.resident.ID) })
			},
			raw: "SELECT name FROM people WHERE telegram_id = 1",
			moves: []string{"UPDATE people SET name = (SELECT name FROM people WHERE telegram_id = 2) WHERE telegram_id = 1",
				"UPDATE people SET name = phone WHERE telegram_id = 1"},
		},
		{
			name: "a person's telephone number",
			write: func(w *world) {
				w.tx(func(tx *storage.Tx) error {
					return errors.Join(tx.SetPhone(w.resident.ID, secret), tx.SetPhone(w.officer.ID, secret))
				})
			},
			read: func(w *world, db *storage.DB) (string, error) {
				var sealed []byte
				w.must(w.conn.QueryRow(w.ctx, "SELECT phone FROM people WHERE telegram_id = 1").Scan(&sealed))
				return db.Unseal("people", "phone", strconv.FormatInt(int64(w.resident.ID), 10), sealed)
			},
			raw: "SELECT phone || phone_mac FROM people WHERE telegram_id = 1",
			moves: []string{"UPDATE people SET phone = (SELECT phone FROM people WHERE telegram_id = 2) WHERE telegram_id = 1",
				"UPDATE people SET phone = name WHERE telegram_id = 1"},
		},
		{
			name: "what a person is asked",
			write: func(w *world) {
				w.tx(func(tx *storage.Tx) error {
					for c, words := range map[*storage.Contact]string{w.resident: secret, w.officer: "x"} {
						c.Dialogue.Draft = &mahalla.Draft{Began: morning, Parts: []mahalla.Part{{Message: 1, Words: words}}}
						if err := tx.SaveDialogue(c, morning); err != nil {
							return err
						}
					}
					return nil
				})
			},
			read: func(w *world, db *storage.DB) (string, error) {
				return readIn(w, db, func(tx *storage.Tx) (string, error) {
					c, err := tx.ContactByTelegram(1)
					if err != nil {
						return "", err
					}
					return c.Dialogue.Draft.Words(), nil
				})
			},
			raw: "SELECT data FROM dialogues JOIN people ON people.id = person_id WHERE telegram_id = 1",
			moves: []string{
				`UPDATE dialogues SET data = (SELECT data FROM dialogues JOIN people ON people.id = person_id WHERE telegram_id = 2)
					FROM people WHERE people.id = person_id AND telegram_id = 1`,
				"UPDATE dialogues SET data = name FROM people WHERE people.id = person_id"},
		},
		{
			name:  "the words of a report",
			write: reports(report(secret, "f", ""), report("x", "f", "")),
			read:  told(func(r storage.Report) string { return r.Words }),
			raw:   "SELECT words FROM reports WHERE case_id = 1001",
			moves: []string{"UPDATE reports SET words = (SELECT words FROM reports WHERE case_id = 1002) WHERE case_id = 1001",
				"UPDATE reports SET words = file FROM attachments WHERE report_id = reports.id"},
		},
		{
			name:  "the id of a file",
			write: reports(report("x", secret, "c"), report("x", "f", "c")),
			read:  told(func(r storage.Report) string { return r.Media[0].File }),
			raw:   "SELECT file FROM attachments JOIN reports ON reports.id = report_id WHERE case_id = 1001",
			moves: []string{"UPDATE attachments SET file = (SELECT file FROM attachments ORDER BY id DESC LIMIT 1)",
				"UPDATE attachments SET file = caption"},
		},
		{
			name:  "the caption of a picture",
			write: reports(report("x", "f", secret), report("x", "f", "c")),
			read:  told(func(r storage.Report) string { return r.Media[0].Caption }),
			raw:   "SELECT caption FROM attachments JOIN reports ON reports.id = report_id WHERE case_id = 1001",
			moves: []string{"UPDATE attachments SET caption = (SELECT caption FROM attachments ORDER BY id DESC LIMIT 1)",
				"UPDATE attachments SET caption = file"},
		},
		{
			name: "the words in the history",
			write: func(w *world) {
				w.filed(1)
				w.tx(func(tx *storage.Tx) error {
					return errors.Join(tx.AddEvent(1001, mahalla.Event{Kind: mahalla.EventClosed, At: morning, Text: secret}),
						tx.AddEvent(1001, mahalla.Event{Kind: mahalla.EventAdded, At: morning, Text: "x"}))
				})
				w.exec("ALTER TABLE case_events DISABLE TRIGGER ALL")
			},
			read: func(w *world, db *storage.DB) (string, error) {
				return readIn(w, db, func(tx *storage.Tx) (string, error) {
					list, err := tx.Events(1001)
					if err != nil {
						return "", err
					}
					return list[0].Text, nil
				})
			},
			raw: "SELECT words FROM case_events WHERE kind = 'closed'",
			moves: []string{"UPDATE case_events SET words = (SELECT words FROM case_events WHERE kind = 'added')",
				"UPDATE case_events SET words = (SELECT name FROM people WHERE id > 0 LIMIT 1)"},
		},
		{
			name: "an update",
			write: func(w *world) {
				_, err := w.db.StoreUpdates(w.ctx, []storage.Update{
					{Dedup: "m:1:1", UpdateID: 1, Chat: 1, Payload: []byte(secret)}, {Dedup: "m:1:2", UpdateID: 2, Chat: 1, Payload: []byte("x")}})
				w.must(err)
			},
			read: func(w *world, db *storage.DB) (string, error) {
				return readIn(w, db, func(tx *storage.Tx) (string, error) {
					u, err := tx.ClaimUpdate()
					if err == nil && u.Payload == nil {
						err = errUnopened
					}
					return string(u.Payload), err
				})
			},
			raw: "SELECT payload FROM inbox WHERE dedup = 'm:1:1'",
			moves: []string{"UPDATE inbox SET payload = (SELECT payload FROM inbox WHERE dedup = 'm:1:2')",
				"UPDATE inbox SET payload = (SELECT name FROM people WHERE id > 0 LIMIT 1)"},
		},
		{
			name: "the arguments of a message",
			write: func(w *world) {
				w.tx(func(tx *storage.Tx) error {
					send := func(kind mahalla.NoticeKind, text string) error {
						n := mahalla.Notice{Kind: kind, Args: map[string]string{"text": text}}
						return tx.Send(w.resident.Recipient(), n, 7, morning, morning)
					}
					return errors.Join(send("say", secret), send("nudge", "x"))
				})
			},
			read: func(w *world, db *storage.DB) (string, error) {
				return readIn(w, db, func(tx *storage.Tx) (string, error) {
					list, err := tx.ClaimMessages(1, 0)
					if err != nil {
						return "", err
					}
					if list[0].Unreadable {
						return "", errUnopened
					}
					return list[0].Args["text"], nil
				})
			},
			raw: "SELECT args FROM outbox WHERE kind = 'say'",
			moves: []string{"UPDATE outbox SET args = (SELECT args FROM outbox WHERE kind = 'nudge')",
				"UPDATE outbox SET args = (SELECT name FROM people WHERE id > 0 LIMIT 1)"},
		},
	}
}

func TestASealedFieldComesBackAsItWasAndIsNotSeenInTheDatabase(t *testing.T) {
	t.Parallel()
	for _, f := range sealedFields() {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			f.write(w)
			var raw []byte
			w.must(w.conn.QueryRow(w.ctx, f.raw).Scan(&raw))
			if len(raw) == 0 || bytes.Contains(raw, []byte("maxfiy")) || bytes.Contains(raw, []byte("99890")) {
				t.Errorf("in the database: got %q, want it sealed", raw)
			}
			if got, err := f.read(w, w.db); err != nil || got != secret {
				t.Errorf("got %q, %v, want %q", got, err, secret)
			}
		})
	}
}

func TestASealedValueCannotBeOpenedElsewhereNorWithAnotherKey(t *testing.T) {
	t.Parallel()
	for _, f := range sealedFields() {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			f.write(w)
			other, err := storage.NewSeals()
			w.must(err)
			if got, err := f.read(w, w.open(other)); err == nil || !strings.Contains(err.Error(), "wrong key or damaged value") {
				t.Errorf("with another key: got %q, %v, want an error in words", got, err)
			}
			for _, move := range f.moves {
				w.exec(move)
				if f.name == "the arguments of a message" {
					w.exec("UPDATE outbox_chats SET ready_at = '-infinity'")
				}
				if got, err := f.read(w, w.db); err == nil || !strings.Contains(err.Error(), "wrong key or damaged value") {
					t.Errorf("after %s: got %q, %v, want an error in words", move, got, err)
				} else if strings.Contains(err.Error(), "maxfiy") {
					t.Errorf("the error says what was sealed: %v", err)
				}
			}
		})
	}
}

func TestWhatIsEmptyIsNotSealed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.tx(func(tx *storage.Tx) error { return tx.SetName(w.resident.ID, "") })
	if n := w.number("SELECT count(*) FROM people WHERE name IS NULL AND id > 0"); n != 1 {
		t.Errorf("got %d people without a name, want 1", n)
	}
	if got, err := readIn(w, w.db, func(tx *storage.Tx) (string, error) { return tx.Name(w.resident.ID) }); err != nil || got != "" {
		t.Errorf("got %q, %v, want nothing", got, err)
	}
}

func TestTheKeyFileIsMadeOnceForItsOwnerAlone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "keys", "koprik.key")
	if _, err := storage.OpenSeals(path, false); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("without making it: got %v, want that there is none", err)
	}
	first, err := storage.OpenSeals(path, true)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("got %v, %v, want it readable by its owner only", info.Mode(), err)
	}
	for _, create := range []bool{true, false} {
		again, err := storage.OpenSeals(path, create)
		if err != nil || !bytes.Equal(again.PressKey(), first.PressKey()) {
			t.Errorf("create %v: got other keys, or %v", create, err)
		}
	}
	if other, err := storage.NewSeals(); err != nil || bytes.Equal(other.PressKey(), first.PressKey()) {
		t.Errorf("two installations have the same keys, or %v", err)
	}
}

func TestAValueOfOneRunIsOpenedByTheNextWithTheSameKeyFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	path := filepath.Join(t.TempDir(), "koprik.key")
	for range 2 {
		seals, err := storage.OpenSeals(path, true)
		w.must(err)
		db := w.open(seals)
		if _, err := readIn(w, db, func(tx *storage.Tx) (string, error) { return tx.Name(w.resident.ID) }); err == nil {
			t.Fatal("a name was opened with keys that did not seal it")
		}
		w.must(db.InTx(w.ctx, func(tx *storage.Tx) error {
			c, err := tx.AddPerson(77, "Lola", mahalla.Ru, morning)
			if err != nil {
				return err
			}
			name, err := tx.Name(c.ID)
			if name != "Lola" {
				t.Errorf("got %q, %v", name, err)
			}
			return err
		}))
	}
}

func TestADamagedKeyFileIsRefusedInWords(t *testing.T) {
	t.Parallel()
	whole := filepath.Join(t.TempDir(), "koprik.key")
	if _, err := storage.OpenSeals(whole, true); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	change := func(field string, value any) []byte {
		var parts map[string]any
		if err := json.Unmarshal(raw, &parts); err != nil {
			t.Fatal(err)
		}
		parts[field] = value
		changed, err := json.Marshal(parts)
		if err != nil {
			t.Fatal(err)
		}
		return changed
	}
	for _, test := range []struct {
		name, want string
		raw        []byte
	}{
		{"empty", "key file: not one of ours", nil},
		{"cut off", "key file: not one of ours", raw[:len(raw)/2]},
		{"something else", "key file: not one of ours", []byte("-----BEGIN PRIVATE KEY-----")},
		{"no keyset", "key file: its keyset cannot be read", []byte("{}")},
		{"a keyset of something else", "key file: its keyset cannot be read", change("seal", map[string]any{"primaryKeyId": 1})},
		{"a short look-up key", "key file: a key has the wrong length", change("lookup", "AAAA")},
		{"no key for buttons", "key file: a key has the wrong length", change("press", nil)},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "koprik.key")
			if err := os.WriteFile(path, test.raw, 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := storage.OpenSeals(path, true); err == nil || err.Error() != test.want {
				t.Errorf("got %v, want %q", err, test.want)
			}
			if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, test.raw) {
				t.Errorf("the file was written over: %q, %v", now, err)
			}
		})
	}
}
