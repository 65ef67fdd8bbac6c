package storage

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrationLock is the advisory lock under which migrations run.
const migrationLock = 0x6b6f7072

// Migrate brings the schema up to date and says which migrations it applied.
// Any number of programs may call it at once: one works, the others wait.
func Migrate(ctx context.Context, url string) ([]string, error) { return migrateTo(ctx, url, noLimit) }

// migrateTo brings the schema up to a migration, this one included.
func migrateTo(ctx context.Context, url string, limit int) ([]string, error) {
	conn, err := connect(ctx, url)
	if err != nil {
		return nil, fmt.Errorf("migrate: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if err := lockMigrations(ctx, conn); err != nil {
		return nil, fmt.Errorf("migrate: %w", err)
	}
	if _, err := conn.Exec(ctx, `CREATE TABLE IF NOT EXISTS migrations (
		number     int PRIMARY KEY,
		name       text NOT NULL,
		applied_at timestamptz NOT NULL DEFAULT now())`); err != nil {
		return nil, fmt.Errorf("migrate: %w", err)
	}
	var applied []int
	if err := conn.QueryRow(ctx, "SELECT coalesce(array_agg(number), '{}') FROM migrations").Scan(&applied); err != nil {
		return nil, fmt.Errorf("migrate: %w", err)
	}
	files, err := migrationFiles()
	if err != nil {
		return nil, err
	}
	var done []string
	for _, f := range files {
		if slices.Contains(applied, f.number) || f.number > limit {
			continue
		}
		if err := f.apply(ctx, conn); err != nil {
			return done, fmt.Errorf("migrate: %s: %w", f.name, err)
		}
		done = append(done, f.name)
	}
	return done, nil
}

// Schema tells which migration the database stands at, 0 when it has none of
// ours, and which is the newest that this program knows.
func Schema(ctx context.Context, url string) (stands, newest int, err error) {
	files, err := migrationFiles()
	if err != nil {
		return 0, 0, err
	}
	conn, err := connect(ctx, url)
	if err != nil {
		return 0, 0, err
	}
	defer closeSoon(conn)
	// Asked in one go, the second question would fail where there is no table.
	var ours bool
	if err := conn.QueryRow(ctx, "SELECT to_regclass('migrations') IS NOT NULL").Scan(&ours); err != nil {
		return 0, 0, wrap(err)
	}
	if ours {
		err = conn.QueryRow(ctx, "SELECT coalesce(max(number), 0) FROM migrations").Scan(&stands)
	}
	return stands, files[len(files)-1].number, wrap(err)
}

type migration struct {
	number int
	name   string
}

func migrationFiles() ([]migration, error) {
	entries, err := fs.ReadDir(migrations, "migrations")
	if err != nil {
		return nil, fmt.Errorf("migrate: %w", err)
	}
	var list []migration
	for _, e := range entries {
		digits, _, _ := strings.Cut(e.Name(), "_")
		number, err := strconv.Atoi(digits)
		if err != nil {
			return nil, fmt.Errorf("migrate: %s has no number", e.Name())
		}
		list = append(list, migration{number, e.Name()})
	}
	sort.Slice(list, func(i, j int) bool { return list[i].number < list[j].number })
	return list, nil
}

// lockMigrations waits until no other program migrates. It asks again and again:
// whoever waits within a statement is waited for by CREATE INDEX CONCURRENTLY.
func lockMigrations(ctx context.Context, conn *pgx.Conn) error {
	for {
		mine := false
		err := conn.QueryRow(ctx, "SELECT pg_try_advisory_lock($1)", migrationLock).Scan(&mine)
		if err != nil || mine {
			return err
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// bare is the first line of a file whose statements are run one by one, each in
// a transaction of its own. They must be such that all of them can be run again:
// it is noted as applied only after the last.
const bare = "-- no transaction\n"

// apply runs one file and notes it, in one transaction unless it is bare.
func (m migration) apply(ctx context.Context, conn *pgx.Conn) error {
	sql, err := migrations.ReadFile("migrations/" + m.name)
	if err != nil {
		return err
	}
	const note = "INSERT INTO migrations (number, name) VALUES ($1, $2)"
	if strings.HasPrefix(string(sql), bare) {
		if err := runBare(ctx, conn, string(sql)); err != nil {
			return err
		}
		_, err := conn.Exec(ctx, note, m.number, m.name)
		return err
	}
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, string(sql)); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, note, m.number, m.name)
		return err
	})
}

// runBare runs the statements of a file, each of which ends with a line.
func runBare(ctx context.Context, conn *pgx.Conn, sql string) error {
	for statement := range strings.SplitSeq(sql, ";\n") {
		if name := indexMade.FindStringSubmatch(statement); name != nil {
			if err := dropHalf(ctx, conn, name[1]); err != nil {
				return err
			}
		}
		if _, err := conn.Exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// indexMade finds the name of the index that a statement makes.
var indexMade = regexp.MustCompile(`CREATE (?:UNIQUE )?INDEX CONCURRENTLY IF NOT EXISTS (\w+)`)

// dropHalf drops an index that was not finished: it is there, and good for
// nothing.
func dropHalf(ctx context.Context, conn *pgx.Conn, name string) error {
	var half bool
	err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass($1) AND NOT indisvalid)", name).Scan(&half)
	if err != nil || !half {
		return err
	}
	_, err = conn.Exec(ctx, "DROP INDEX CONCURRENTLY "+pgx.Identifier{name}.Sanitize())
	return err
}
