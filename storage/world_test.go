package storage_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
	"koprik/storage"
	"koprik/storage/storagetest"
)

// morning is when the cases of the tests are filed.
var morning = time.Date(2026, 11, 5, 4, 0, 0, 0, time.UTC)

// world is a database of a test's own with one category, the people of the
// tests, and an open hand on its tables.
type world struct {
	testing.TB
	ctx                         context.Context
	url                         string
	db                          *storage.DB
	conn                        *pgx.Conn
	resident, officer, stranger *storage.Contact
}

func newWorld(t testing.TB) *world { return newWorldWith(t, "") }

// newWorldWith sets something for every session of the database first.
func newWorldWith(t testing.TB, setting string) *world {
	t.Helper()
	w := &world{TB: t, ctx: t.Context(), url: storagetest.Postgres(t)}
	var err error
	w.conn, err = pgx.Connect(w.ctx, w.url)
	w.must(err)
	t.Cleanup(func() { _ = w.conn.Close(context.Background()) })
	if setting != "" {
		w.exec("ALTER DATABASE " + w.conn.Config().Database + " SET " + setting)
	}
	seals, err := storage.NewSeals()
	w.must(err)
	w.db = w.open(seals)
	w.exec(`INSERT INTO categories (code, grp, name_uz_latn, name_uz_cyrl, name_ru, rank, urgency, primary_role, resolve, secrecy,
			reconciliation, anonymous_ok)
		VALUES ('noise', 'order', 'a', 'b', 'c', 1, 'normal', 'prevention_inspector', '1d', 'internal', 'never', 'no')`)
	w.resident, w.officer, w.stranger = w.person(1, "Aziza"), w.person(2, "Botir"), w.person(3, "Sanjar")
	return w
}

func (w *world) open(seals *storage.Seals) *storage.DB {
	w.Helper()
	db, err := storage.Open(w.ctx, storage.Options{URL: w.url, Wall: time.Now}, seals)
	w.must(err)
	w.Cleanup(db.Close)
	return db
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) exec(sql string, args ...any) {
	w.Helper()
	_, err := w.conn.Exec(w.ctx, sql, args...)
	w.must(err)
}

// number reads one number.
func (w *world) number(sql string, args ...any) (n int) {
	w.Helper()
	w.must(w.conn.QueryRow(w.ctx, sql, args...).Scan(&n))
	return n
}

func (w *world) tx(fn func(*storage.Tx) error) {
	w.Helper()
	w.must(w.db.InTx(w.ctx, fn))
}

func (w *world) read(fn func(*storage.Tx) error) {
	w.Helper()
	w.must(w.db.Read(w.ctx, fn))
}

func (w *world) person(telegram int64, name string) (c *storage.Contact) {
	w.Helper()
	w.tx(func(tx *storage.Tx) (err error) {
		c, err = tx.AddPerson(telegram, name, mahalla.UzLatn, morning)
		return err
	})
	return c
}

// draft is a case of the resident that the officer was told of, not stored yet.
func (w *world) draft(n int) *mahalla.Case {
	due := morning.Add(time.Hour)
	return &mahalla.Case{
		ID: mahalla.CaseID(1000 + n), Number: mahalla.NumberFrom(uint64(n)), Reporter: w.resident.ID, Place: mahalla.RootTerritory,
		Category: "noise", Urgency: mahalla.Normal, Secrecy: mahalla.Internal, Status: mahalla.New, Round: 1,
		FiledAt: morning.Add(time.Duration(n) * time.Minute),
		Ladder: mahalla.Ladder{Class: mahalla.Ordinary, Starts: morning, Due: due, Left: -1, Repeat: mahalla.Span{Days: 1, Working: true},
			Beats: []mahalla.Beat{{At: due, Kind: mahalla.Nudge}, {At: due.Add(time.Hour), Kind: mahalla.Step, Level: mahalla.LevelSenior}}},
		Assignments: []mahalla.Assignment{{Person: w.officer.ID, Role: mahalla.PreventionInspector, Told: morning}},
	}
}

// filed stores a case that the officer was told of.
func (w *world) filed(n int) *mahalla.Case {
	w.Helper()
	c := w.draft(n)
	w.tx(func(tx *storage.Tx) error { return tx.AddCase(c) })
	return c
}

// refused fails unless the error is a refusal for that reason.
func refused(t testing.TB, err error, reason string) {
	t.Helper()
	var refusal *mahalla.Error
	if !errors.As(err, &refusal) || refusal.Reason != reason {
		t.Errorf("got %v, want the refusal %s", err, reason)
	}
}

// eventually waits for a condition.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(30 * time.Second)
	for !holds() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("%s: not within 30 s", what)
		}
	}
}

// same fails unless both print alike.
func same(t testing.TB, what string, got, want any) {
	t.Helper()
	if g, w := fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", want); g != w {
		t.Errorf("%s:\n got %s\nwant %s", what, g, w)
	}
}

// text reads one value as text.
func (w *world) text(sql string, args ...any) (s string) {
	w.Helper()
	var id int64
	w.must(w.conn.QueryRow(w.ctx, sql, args...).Scan(&id))
	return fmt.Sprint(id)
}
