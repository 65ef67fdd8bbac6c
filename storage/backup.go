package storage

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// A backup is one stream: a line that says what it is, a manifest, each table as
// PostgreSQL's binary COPY has it, and what the tables and sequences held, for
// comparing. It needs no program beside this one, is read at one moment of the
// database, and is read back into a schema that this program makes. Whoever calls
// encrypts it.

const backupMagic = "koprik backup 1\n"

// Manifest says what is in a backup.
type Manifest struct {
	Made    time.Time `json:"made"`
	Release string    `json:"release"`
	Schema  int       `json:"schema"`         // the newest migration
	Keys    []string  `json:"keys"`           // fingerprints
	File    []byte    `json:"file,omitempty"` // the key file, where it was asked for
	Tables  []Table   `json:"tables"`
}

// Table is one of a backup.
type Table struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
}

// Contents are what a backup holds, written at its end.
type Contents struct {
	Rows      map[string]int64    `json:"rows"`
	Sequences map[string]sequence `json:"sequences"`
}

type sequence struct {
	Last   int64 `json:"last"`
	Called bool  `json:"called"`
}

// All is how many rows there are.
func (c Contents) All() (all int64) {
	for _, n := range c.Rows {
		all += n
	}
	return all
}

// notKept are tables that a backup leaves out: what the schema itself writes, and
// who lives at this moment.
var notKept = []string{"migrations", "replicas"}

// Backup writes a database to a stream. With keys, so it does the key file.
func Backup(ctx context.Context, url, release, keys string, now time.Time, to io.Writer) (c Contents, err error) {
	conn, err := connect(ctx, url)
	if err != nil {
		return c, err
	}
	defer closeSoon(conn)
	packed, err := gzip.NewWriterLevel(to, gzip.BestSpeed)
	if err != nil {
		return c, wrap(err)
	}
	m := Manifest{Made: now, Release: release}
	if keys != "" {
		if m.File, err = os.ReadFile(keys); err != nil {
			return c, &KeyFileError{fmt.Errorf("key file: %w", err)}
		}
	}
	err = pgx.BeginTxFunc(ctx, conn, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		c, err = backup(ctx, tx, m, &frames{to: packed})
		return err
	})
	if err == nil {
		err = packed.Close()
	}
	return c, wrap(err)
}

func backup(ctx context.Context, tx pgx.Tx, m Manifest, to *frames) (c Contents, err error) {
	if err := m.describe(ctx, tx); err != nil {
		return c, err
	}
	if _, err := io.WriteString(to.to, backupMagic); err != nil {
		return c, err
	}
	if err := to.object(m); err != nil {
		return c, err
	}
	c.Rows = map[string]int64{}
	for _, t := range m.Tables {
		buffered := bufio.NewWriterSize(to, frameSize)
		tag, err := tx.Conn().PgConn().CopyTo(ctx, buffered, "COPY "+t.sql()+" TO STDOUT (FORMAT binary)")
		if err != nil {
			return c, fmt.Errorf("%s: %w", t.Name, err)
		}
		if err := errors.Join(buffered.Flush(), to.end()); err != nil {
			return c, err
		}
		c.Rows[t.Name] = tag.RowsAffected()
	}
	if c.Sequences, err = sequences(ctx, tx); err != nil {
		return c, err
	}
	return c, to.object(c)
}

// describe reads what there is to back up.
func (m *Manifest) describe(ctx context.Context, tx pgx.Tx) error {
	if err := tx.QueryRow(ctx, "SELECT max(number) FROM migrations").Scan(&m.Schema); err != nil {
		return err
	}
	rows, err := tx.Query(ctx, "SELECT encode(fingerprint, 'hex') FROM keys WHERE dropped_at IS NULL ORDER BY 1")
	if err != nil {
		return err
	}
	if m.Keys, err = pgx.CollectRows(rows, pgx.RowTo[string]); err != nil {
		return err
	}
	rows, err = tx.Query(ctx, `SELECT relname, array_agg(attname::text ORDER BY attnum) FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
		WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped
			AND relname <> ALL ($1) GROUP BY 1 ORDER BY 1`, notKept)
	if err != nil {
		return err
	}
	m.Tables, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Table])
	return err
}

// sql is the table with its columns as a statement names them.
func (t Table) sql() string {
	quoted := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		quoted[i] = pgx.Identifier{c}.Sanitize()
	}
	return pgx.Identifier{t.Name}.Sanitize() + " (" + strings.Join(quoted, ", ") + ")"
}

// sequences reads where the sequences stand. They run ahead of what the backup
// sees, never behind it.
func sequences(ctx context.Context, tx pgx.Tx) (map[string]sequence, error) {
	rows, err := tx.Query(ctx, "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' AND sequencename <> 'replicas_id_seq'")
	if err != nil {
		return nil, err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, err
	}
	all := map[string]sequence{}
	for _, name := range names {
		var s sequence
		if err := tx.QueryRow(ctx, "TABLE "+pgx.Identifier{name}.Sanitize()).Scan(&s.Last, nil, &s.Called); err != nil {
			return nil, err
		}
		all[name] = s
	}
	return all, nil
}

// frameSize is the most that a frame holds.
const frameSize = 64 << 10

// frames writes parts of unknown length: pieces with their length before them, and
// an empty one at the end of each part.
type frames struct{ to io.Writer }

// Write writes a part, or a piece of one.
func (f *frames) Write(p []byte) (int, error) {
	for piece := range slices.Chunk(p, frameSize) {
		if err := f.piece(piece); err != nil {
			return 0, err
		}
	}
	return len(p), nil
}

func (f *frames) piece(p []byte) error {
	if err := binary.Write(f.to, binary.BigEndian, uint32(len(p))); err != nil {
		return err
	}
	_, err := f.to.Write(p)
	return err
}

func (f *frames) end() error { return f.piece(nil) }

func (f *frames) object(v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = f.Write(raw)
	return errors.Join(err, f.end())
}

// pieces reads one part after the other.
type pieces struct {
	from io.Reader
	left uint32
	over bool
	torn error // what reading it failed with; PostgreSQL would not hand it back
}

// Read ends with each part; next begins the one after it.
func (p *pieces) Read(to []byte) (int, error) {
	n, err := p.read(to)
	if err != nil && !errors.Is(err, io.EOF) {
		p.torn = err
	}
	return n, err
}

func (p *pieces) read(to []byte) (int, error) {
	if p.over {
		return 0, io.EOF
	}
	for p.left == 0 {
		if err := binary.Read(p.from, binary.BigEndian, &p.left); err != nil {
			return 0, torn(err)
		}
		if p.left > frameSize {
			return 0, ErrDamaged
		}
		if p.left == 0 {
			p.over = true
			return 0, io.EOF
		}
	}
	n, err := p.from.Read(to[:min(len(to), int(p.left))])
	p.left -= uint32(n)
	return n, torn(err)
}

func (p *pieces) next() { p.over = false }

// ErrDamaged says that a backup is not as it was written, or not all of it.
var ErrDamaged = errors.New("storage: the backup is damaged or was cut off")

// torn is what an end in the middle of something means, and whatever cannot be
// decrypted or unpacked. A file that cannot be read may be whole.
func torn(err error) error {
	if err == nil || errors.As(err, new(*fs.PathError)) {
		return err
	}
	return ErrDamaged
}

// opened reads what somebody else decrypts.
type opened struct{ from io.Reader }

// Read fails with ErrDamaged where it cannot be decrypted.
func (o opened) Read(to []byte) (int, error) {
	n, err := o.from.Read(to)
	if errors.Is(err, io.EOF) {
		return n, io.EOF
	}
	return n, torn(err)
}

func (p *pieces) object(v any) error {
	raw, err := io.ReadAll(io.LimitReader(p, 64<<20))
	if err != nil {
		return err
	}
	p.next()
	if json.Unmarshal(raw, v) != nil {
		return ErrDamaged
	}
	return nil
}

// fits tells whether all keys that the backup names are among ours.
func (m *Manifest) fits(s *Seals) bool {
	known := make([][]byte, 0, len(m.Keys))
	for _, k := range m.Keys {
		raw, err := hex.DecodeString(k)
		if err != nil {
			return false
		}
		known = append(known, raw)
	}
	return s.have(known)
}
