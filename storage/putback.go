package storage

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"
)

// What keeps a backup from being put back.
var (
	// ErrNotEmpty says that there are data already, which stay as they are.
	ErrNotEmpty = errors.New("storage: the database is not empty")
	// ErrNoBackup says that the stream is something else.
	ErrNoBackup = errors.New("storage: this is no backup of koprik")
	// ErrNewerBackup says that a newer release has made it.
	ErrNewerBackup = errors.New("storage: the backup was made by a newer release")
)

// PutBack reads a backup into an empty database, all of it or nothing. The key
// file must hold the keys that the backup names; where there is none and the
// backup has it, it is made. The rows are copied into tables without indexes,
// constraints and working triggers, which are there again after them as they were.
func PutBack(ctx context.Context, url, keys string, from io.Reader) (m Manifest, c Contents, err error) {
	unpacked, err := gzip.NewReader(opened{from})
	if err != nil {
		return m, c, notOurs(err)
	}
	magic := make([]byte, len(backupMagic))
	if _, err := io.ReadFull(unpacked, magic); err != nil || string(magic) != backupMagic {
		return m, c, notOurs(err)
	}
	parts := &pieces{from: unpacked}
	if err := parts.object(&m); err != nil {
		return m, c, wrap(err)
	}
	stands, newest, err := Schema(ctx, url)
	switch {
	case err != nil:
		return m, c, err
	case m.Schema > newest:
		return m, c, ErrNewerBackup
	case stands > m.Schema:
		return m, c, ErrNotEmpty
	}
	if err := mayMigrate(ctx, url, stands); err != nil {
		return m, c, err
	}
	made, err := fitting(m, keys)
	if err == nil {
		c, err = putBack(ctx, url, m, parts)
	}
	if err != nil {
		if made { // of a backup of which nothing is there
			err = errors.Join(err, os.Remove(keys))
		}
		return m, c, err
	}
	_, err = Migrate(ctx, url)
	return m, c, err
}

// putBack reads the tables into the schema that they were made with.
func putBack(ctx context.Context, url string, m Manifest, parts *pieces) (c Contents, err error) {
	if _, err := migrateTo(ctx, url, m.Schema); err != nil {
		return c, err
	}
	c, err = fill(ctx, url, m, parts)
	return c, wrap(err)
}

// notOurs keeps what went wrong while decrypting apart from what is no backup.
func notOurs(err error) error {
	if err == nil || errors.Is(err, gzip.ErrHeader) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return ErrNoBackup
	}
	return wrap(err)
}

// fitting looks whether the key file is the one of the backup, before anything is
// done to the database, and says whether it was made.
func fitting(m Manifest, keys string) (made bool, err error) {
	s, err := OpenSeals(keys, false)
	if isMissing(err) && m.File != nil {
		if made, err = putKeyFile(keys, m.File); err != nil {
			return made, &KeyFileError{err}
		}
		s, err = OpenSeals(keys, false)
	}
	switch {
	case isMissing(err):
		return made, ErrNoKeys
	case err != nil:
		return made, &KeyFileError{err}
	case !m.fits(s):
		return made, ErrOtherKeys
	}
	return made, nil
}

// putKeyFile writes a key file where there is none.
func putKeyFile(path string, raw []byte) (made bool, err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return false, fmt.Errorf("key file: %w", err)
	}
	fresh, err := writeBeside(path, raw)
	if err != nil {
		return false, fmt.Errorf("key file: %w", err)
	}
	defer func() { _ = os.Remove(fresh) }()
	if err := os.Link(fresh, path); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return false, nil // somebody else was faster: it is looked at like any other
		}
		return false, fmt.Errorf("key file: %w", err)
	}
	return true, syncDir(filepath.Dir(path))
}

// mayMigrate refuses a database in which something lives. Once the tables are locked
// that is looked at again.
func mayMigrate(ctx context.Context, url string, stands int) error {
	conn, err := connect(ctx, url)
	if err != nil {
		return err
	}
	defer closeSoon(conn)
	lives := "SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migrations')"
	if stands >= 2 { // then all of these tables are there
		lives = "SELECT " + inUse
	}
	var used bool
	err = conn.QueryRow(ctx, lives).Scan(&used)
	if err == nil && used {
		return ErrNotEmpty
	}
	return wrap(err)
}

// inUse tells whether there is more in a database than what the schema has put there.
const inUse = `EXISTS (SELECT FROM people WHERE id > 0) OR EXISTS (SELECT FROM cases) OR EXISTS (SELECT FROM keys)
		OR EXISTS (SELECT FROM inbox) OR EXISTS (SELECT FROM categories) OR EXISTS (SELECT FROM settings)`

// fill reads the tables in one transaction.
func fill(ctx context.Context, url string, m Manifest, parts *pieces) (c Contents, err error) {
	conn, err := connect(ctx, url)
	if err != nil {
		return c, err
	}
	defer closeSoon(conn)
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if err := clear(ctx, tx, m.Tables); err != nil {
			return err
		}
		rebuild, err := strip(ctx, tx)
		if err != nil {
			return err
		}
		for _, t := range m.Tables {
			// The rows are frozen: nobody has to come after them.
			_, err := conn.PgConn().CopyFrom(ctx, parts, "COPY "+t.sql()+" FROM STDIN (FORMAT binary, FREEZE)")
			switch {
			case parts.torn != nil:
				return parts.torn
			case err != nil:
				return fmt.Errorf("%s: %w", t.Name, err)
			}
			parts.next()
		}
		if err := parts.object(&c); err != nil {
			return err
		}
		for _, sql := range rebuild {
			if _, err := tx.Exec(ctx, sql); err != nil {
				return err
			}
		}
		if err := agree(ctx, tx, c); err != nil {
			return err
		}
		return skipIDs(ctx, tx)
	})
	if err == nil {
		_, err = conn.Exec(ctx, "ANALYZE")
	}
	return c, err
}

// clear takes every table for itself, and empties those that hold nothing but what
// the schema has put there.
func clear(ctx context.Context, tx pgx.Tx, tables []Table) error {
	names := make([]string, len(tables))
	for i, t := range tables {
		names[i] = pgx.Identifier{t.Name}.Sanitize()
	}
	if _, err := tx.Exec(ctx, "LOCK TABLE "+strings.Join(names, ", ")+" IN ACCESS EXCLUSIVE MODE"); err != nil {
		return err
	}
	var used bool
	err := tx.QueryRow(ctx, "SELECT "+inUse).Scan(&used)
	switch {
	case err != nil:
		return err
	case used:
		return ErrNotEmpty
	}
	_, err = tx.Exec(ctx, "TRUNCATE "+strings.Join(names, ", "))
	return err
}

// strip takes the indexes and those constraints away that have or need one, lets the
// triggers rest, for they refuse rows of what is confirmed already, and returns what
// makes it all again.
func strip(ctx context.Context, tx pgx.Tx) (rebuild []string, err error) {
	rows, err := tx.Query(ctx, `
		SELECT DISTINCT 4, format('ALTER TABLE %s DISABLE TRIGGER USER', tgrelid::regclass), format('ALTER TABLE %s ENABLE TRIGGER USER', tgrelid::regclass)
		FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE relnamespace = 'public'::regnamespace AND NOT tgisinternal
		UNION ALL SELECT 3, format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
			format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
		FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype = 'f'
		UNION ALL SELECT 2, format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
			format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
		FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype IN ('p', 'u')
		UNION ALL SELECT 1, format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
		FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
		WHERE relnamespace = 'public'::regnamespace AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
		ORDER BY 1 DESC`)
	if err != nil {
		return nil, err
	}
	var kind int
	var drop, make string
	var drops []string
	kinds := map[int][]string{}
	_, err = pgx.ForEachRow(rows, []any{&kind, &drop, &make}, func() error {
		drops, kinds[kind] = append(drops, drop), append(kinds[kind], make)
		return nil
	})
	for _, sql := range drops {
		if err == nil {
			_, err = tx.Exec(ctx, sql)
		}
	}
	rebuild = append(rebuild, "SET LOCAL maintenance_work_mem = '128MB'")
	rebuild = append(rebuild, kinds[2]...)
	rebuild = append(rebuild, kinds[1]...)
	rebuild = append(rebuild, kinds[3]...)
	return append(rebuild, kinds[4]...), err
}

// agree compares what is there with what the backup says, and sets the sequences.
func agree(ctx context.Context, tx pgx.Tx, c Contents) error {
	for name, s := range c.Sequences {
		if _, err := tx.Exec(ctx, "SELECT setval($1::regclass, $2, $3)", pgx.Identifier{name}.Sanitize(), s.Last, s.Called); err != nil {
			return err
		}
	}
	for table, want := range c.Rows {
		var got int64
		if err := tx.QueryRow(ctx, "SELECT count(*) FROM "+pgx.Identifier{table}.Sanitize()).Scan(&got); err != nil {
			return err
		}
		if got != want {
			return fmt.Errorf("storage: %s has %d rows, the backup %d", table, got, want)
		}
	}
	return nil
}

// noLimit is where Migrate goes up to.
const noLimit = math.MaxInt

// Sample opens everything that was said about some case, to see that it can be
// read. It is false where there is none.
func (db *DB) Sample(ctx context.Context) (found bool, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		list, err := tx.caseIDs(`SELECT case_id FROM reports WHERE words IS NOT NULL AND id >= (
			SELECT min(id) + floor(random() * (max(id) - min(id) + 1))::bigint FROM reports WHERE words IS NOT NULL) ORDER BY id LIMIT 1`)
		if err != nil || len(list) == 0 {
			return err
		}
		found = true
		_, err = tx.Reports(list[0])
		return err
	})
	return found, err
}
