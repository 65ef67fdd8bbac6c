package storage

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"errors"

	"github.com/jackc/pgx/v5"
)

// What can be wrong between a key file and its database. What was sealed could
// not be read, or new words would be sealed with keys that nobody keeps.
var (
	// ErrNoKeys says that the key file is missing though the database was sealed.
	ErrNoKeys = errors.New("storage: the database was sealed, and the key file is missing")
	// ErrOtherKeys says that the database was sealed with keys that are not in
	// the key file.
	ErrOtherKeys = errors.New("storage: the database was sealed with other keys")
	// ErrUnsealed says that there is neither a key file nor anything sealed.
	ErrUnsealed = errors.New("storage: there are no keys yet")
)

// KeyFileError says that the key file itself cannot be read, made or used.
type KeyFileError struct{ cause error }

// Error says what is wrong with it, without what it holds.
func (e *KeyFileError) Error() string { return e.cause.Error() }

// Unwrap is the cause.
func (e *KeyFileError) Unwrap() error { return e.cause }

// KeepSeals opens the key file that belongs to a database whose schema is up to
// date. The database remembers fingerprints of the keys: where it has none and
// nothing is sealed in it, a missing file is made, and from then on the file must
// hold every key that the database names. Keys that the file has besides are
// remembered too, so that a file may be given another key, and an old one be
// taken out once nothing is sealed with it.
//
// Of replicas that start at once one makes the file and the others read it.
func KeepSeals(ctx context.Context, url, path string) (s *Seals, err error) {
	return sealsOf(ctx, url, path, true)
}

// FindSeals does the same and makes no file: where KeepSeals would, the error is
// ErrUnsealed.
func FindSeals(ctx context.Context, url, path string) (s *Seals, err error) {
	return sealsOf(ctx, url, path, false)
}

func sealsOf(ctx context.Context, url, path string, create bool) (s *Seals, err error) {
	conn, err := connect(ctx, url)
	if err != nil {
		return nil, err
	}
	defer closeSoon(conn)
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		s, err = keepSeals(ctx, tx, path, create)
		return err
	})
	if errors.As(err, new(*KeyFileError)) || errors.Is(err, ErrNoKeys) || errors.Is(err, ErrOtherKeys) || errors.Is(err, ErrUnsealed) {
		return nil, err
	}
	if err != nil {
		return nil, wrap(err)
	}
	return s, nil
}

func keepSeals(ctx context.Context, tx pgx.Tx, path string, create bool) (*Seals, error) {
	if _, err := tx.Exec(ctx, "LOCK TABLE keys IN SHARE ROW EXCLUSIVE MODE"); err != nil {
		return nil, err
	}
	known, primary, err := knownKeys(ctx, tx)
	if err != nil {
		return nil, err
	}
	sealed, err := sealedBefore(ctx, tx, len(known) > 0)
	if err != nil {
		return nil, err
	}
	fresh := len(known) == 0 && sealed == nil
	s, err := OpenSeals(path, fresh && create)
	switch {
	case isMissing(err) && fresh:
		return nil, ErrUnsealed
	case isMissing(err):
		return nil, ErrNoKeys
	case err != nil:
		return nil, &KeyFileError{err}
	case !s.have(known), sealed != nil && sealed(s) != nil:
		return nil, ErrOtherKeys
	}
	for _, p := range s.allPrints() {
		_, err := tx.Exec(ctx, `INSERT INTO keys (fingerprint, kind, key_id) VALUES ($1, $2, nullif($3::bigint, 0))
			ON CONFLICT (fingerprint) DO UPDATE SET key_id = excluded.key_id WHERE keys.key_id IS NULL`, p.print, p.kind, p.id)
		if err != nil {
			return nil, err
		}
	}
	return s, s.sealWith(primary)
}

// knownKeys reads the fingerprints of the keys that were not taken out, and which
// key seals; 0 where that is the key file's own matter.
func knownKeys(ctx context.Context, tx pgx.Tx) (known [][]byte, primary int64, err error) {
	rows, err := tx.Query(ctx, "SELECT fingerprint FROM keys WHERE dropped_at IS NULL")
	if err != nil {
		return nil, 0, err
	}
	if known, err = pgx.CollectRows(rows, pgx.RowTo[[]byte]); err != nil {
		return nil, 0, err
	}
	err = tx.QueryRow(ctx, primaryKey).Scan(&primary)
	return known, primary, err
}

// sealedBefore finds something that was sealed before the database knew
// fingerprints: what it returns tries to open it, and is nil where there is
// nothing.
func sealedBefore(ctx context.Context, tx pgx.Tx, printed bool) (func(*Seals) error, error) {
	if printed {
		return nil, nil
	}
	var id int64
	var name []byte
	err := tx.QueryRow(ctx, "SELECT id, name FROM people WHERE name IS NOT NULL LIMIT 1").Scan(&id, &name)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	return func(s *Seals) error {
		_, err := s.open("people", "name", rowID(id), name)
		return err
	}, err
}

// fingerprint tells a key from others.
type fingerprint struct {
	kind  string
	print []byte
	id    int64 // of a key that seals, as it stands before what it has sealed; else 0
}

// printOf is a keyed hash of a fixed text, so it says of a random key only
// whether it is the same.
func printOf(kind string, key []byte) fingerprint {
	h := hmac.New(sha256.New, key)
	h.Write([]byte("koprik fingerprint " + kind))
	return fingerprint{kind: kind, print: h.Sum(nil)}
}

// have tells whether all those keys are among ours.
func (s *Seals) have(known [][]byte) bool {
	for _, k := range known {
		found := false
		for _, p := range s.allPrints() {
			found = found || bytes.Equal(p.print, k)
		}
		if !found {
			return false
		}
	}
	return true
}
