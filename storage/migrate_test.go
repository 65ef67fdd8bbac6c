package storage_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"koprik/storage"
	"koprik/storage/storagetest"
)

// emptyDatabase makes a database without any schema, and a session in it.
func emptyDatabase(t *testing.T) (string, *pgx.Conn) {
	t.Helper()
	address, err := url.Parse(storagetest.Postgres(t))
	if err != nil {
		t.Fatal(err)
	}
	admin, err := pgx.Connect(t.Context(), address.String())
	if err != nil {
		t.Fatal(err)
	}
	name := "empty" + strings.TrimPrefix(address.Path, "/")
	if _, err := admin.Exec(t.Context(), "CREATE DATABASE "+name+" TEMPLATE template0"); err != nil {
		t.Fatal(err)
	}
	address.Path = "/" + name
	conn, err := pgx.Connect(t.Context(), address.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = conn.Close(context.Background())
		if _, err := admin.Exec(context.Background(), "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Error(err)
		}
		_ = admin.Close(context.Background())
	})
	return address.String(), conn
}

// tables lists what stands in the database.
func tables(t *testing.T, conn *pgx.Conn) string {
	t.Helper()
	var list string
	err := conn.QueryRow(t.Context(), `SELECT coalesce(string_agg(relname, ' ' ORDER BY relname), '')
		FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S')`).Scan(&list)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestOfFiveThatMigrateAtOnceOneDoes(t *testing.T) {
	t.Parallel()
	address, conn := emptyDatabase(t)
	type result struct {
		done []string
		err  error
	}
	results := make(chan result, 5)
	for range cap(results) {
		go func() {
			done, err := storage.Migrate(t.Context(), address)
			results <- result{done, err}
		}()
	}
	worked := 0
	for range cap(results) {
		r := <-results
		if r.err != nil {
			t.Error(r.err)
		}
		if len(r.done) > 0 {
			worked++
			if r.done[0] != "0001_ground.sql" {
				t.Errorf("applied first: %v", r.done)
			}
		}
	}
	if worked != 1 {
		t.Errorf("%d of them applied something, want one", worked)
	}
	if again, err := storage.Migrate(t.Context(), address); err != nil || len(again) != 0 {
		t.Errorf("once more: got %v, %v, want nothing to do", again, err)
	}
	if list := tables(t, conn); !strings.Contains(list, "cases") || !strings.Contains(list, "migrations") {
		t.Errorf("got the tables %s", list)
	}
}

func TestAMigrationThatFailsLeavesNothing(t *testing.T) {
	t.Parallel()
	address, conn := emptyDatabase(t)
	if _, err := conn.Exec(t.Context(), "CREATE TABLE cards (x int)"); err != nil {
		t.Fatal(err)
	}
	done, err := storage.Migrate(t.Context(), address)
	if err == nil || len(done) != 0 || !strings.Contains(err.Error(), "0001_ground.sql") {
		t.Errorf("got %v, %v, want the name of the file that failed", done, err)
	}
	if list := tables(t, conn); list != "cards migrations" {
		t.Errorf("left: %s", list)
	}
	if _, err := conn.Exec(t.Context(), "DROP TABLE cards"); err != nil {
		t.Fatal(err)
	}
	if done, err := storage.Migrate(t.Context(), address); err != nil || len(done) == 0 {
		t.Errorf("after the cause was removed: got %v, %v", done, err)
	}
}

func TestAMigrationThatIsKilledHalfWayLeavesNothing(t *testing.T) {
	t.Parallel()
	address, conn := emptyDatabase(t)
	// The last table of the first file cannot be made while this stands.
	block, err := conn.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := block.Exec(t.Context(), "CREATE TABLE cards (x int)"); err != nil {
		t.Fatal(err)
	}
	watcher, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = watcher.Close(context.Background()) })
	failed := make(chan error, 1)
	go func() {
		_, err := storage.Migrate(t.Context(), address)
		failed <- err
	}()
	eventually(t, "the migration waits", func() bool {
		var killed bool
		err := watcher.QueryRow(t.Context(), `SELECT coalesce(bool_or(pg_terminate_backend(pid)), false) FROM pg_stat_activity
			WHERE datname = current_database() AND wait_event_type = 'Lock' AND wait_event <> 'advisory'`).Scan(&killed)
		return err == nil && killed
	})
	if err := <-failed; err == nil {
		t.Error("a migration that was killed says that it is done")
	}
	if err := block.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if list := tables(t, conn); list != "migrations" {
		t.Errorf("left: %s", list)
	}
	if done, err := storage.Migrate(t.Context(), address); err != nil || len(done) == 0 {
		t.Errorf("once more: got %v, %v", done, err)
	}
}

func TestAnIndexThatWasLeftHalfMadeIsMadeAnew(t *testing.T) {
	t.Parallel()
	address, conn := emptyDatabase(t)
	exec := func(sql string) {
		t.Helper()
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	halves := func() (n int) {
		t.Helper()
		if err := conn.QueryRow(t.Context(), "SELECT count(*) FROM pg_index WHERE NOT indisvalid").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if _, err := storage.Migrate(t.Context(), address); err != nil {
		t.Fatal(err)
	}
	exec("DELETE FROM migrations WHERE number = 19")
	exec("DROP INDEX cases_place_filed")
	// Somebody is writing a case: the index is begun, and waits for the end of that.
	writer, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = writer.Close(context.Background()) })
	writing, err := writer.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := writing.Exec(t.Context(), "UPDATE cases SET id = id WHERE false"); err != nil {
		t.Fatal(err)
	}
	failed := make(chan error, 1)
	go func() {
		_, err := storage.Migrate(t.Context(), address)
		failed <- err
	}()
	eventually(t, "the migration waits", func() bool {
		var killed bool
		err := conn.QueryRow(t.Context(), `SELECT coalesce(bool_or(pg_terminate_backend(pid)), false) FROM pg_stat_activity
			WHERE datname = current_database() AND wait_event_type = 'Lock'`).Scan(&killed)
		return err == nil && killed
	})
	if err := <-failed; err == nil {
		t.Error("a migration that was killed says that it is done")
	}
	if err := writing.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := halves(); n != 1 {
		t.Errorf("indexes that are half made: got %d, want 1", n)
	}
	if done, err := storage.Migrate(t.Context(), address); err != nil || len(done) == 0 {
		t.Errorf("once more: got %v, %v", done, err)
	}
	if n := halves(); n != 0 {
		t.Errorf("indexes that are half made: got %d, want none", n)
	}
	exec("DROP INDEX cases_place_filed") // so it is there
}
