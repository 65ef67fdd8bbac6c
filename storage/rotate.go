package storage

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"
)

// Keys rotate in steps, each of which leaves every replica able to read what
// any other one writes, and each of which may be the last before a kill:
//
//  1. The key file gets another key, and the database its fingerprint. Nobody
//     seals with it. From here on no replica starts without it.
//  2. The replicas that live read the file again, within a second of seeing the
//     fingerprint, and say in their row that they hold the key. Nothing goes on
//     before all have.
//  3. The database names the key as the one that seals; the replicas follow.
//  4. What other keys have sealed is sealed anew, a few rows at a time, until
//     there is nothing left and no replica seals with another key.
//
// The old key stays in the file until it is dropped. How far a rotation has come
// is seen in these rows and in the sealed values, so calling Rotate again goes on
// where it was.

// primaryKey reads which key seals; 0 where the key file decides that.
const primaryKey = `SELECT coalesce((SELECT key_id FROM keys WHERE primary_at IS NOT NULL AND dropped_at IS NULL
	ORDER BY primary_at DESC, key_id LIMIT 1), 0)`

// knownKeyIDs lists the keys that were not dropped.
const knownKeyIDs = "SELECT key_id FROM keys WHERE kind = 'seal' AND dropped_at IS NULL AND key_id IS NOT NULL"

// Key is one of the keys that seal.
type Key struct {
	ID      int64
	Since   time.Time // when the database met it; zero when it does not know it
	Primary bool
	Rows    int  // values that it has sealed
	Missing bool // from the key file
}

// queryer is what can be asked: a pool, a transaction.
type queryer interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// Keys lists the keys that seal, the oldest first, with how many values each has
// sealed. A key that only such values name is listed too.
func (db *DB) Keys(ctx context.Context) ([]Key, error) { return db.keys(ctx, db.work) }

func (db *DB) keys(ctx context.Context, from queryer) ([]Key, error) {
	counts, err := countSealed(ctx, from)
	if err != nil {
		return nil, wrap(err)
	}
	held, primary := db.seals.held()
	rows, err := from.Query(ctx, `SELECT key_id, since FROM keys
		WHERE kind = 'seal' AND dropped_at IS NULL AND key_id IS NOT NULL ORDER BY since, key_id`)
	if err != nil {
		return nil, wrap(err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (k Key, err error) {
		err = row.Scan(&k.ID, &k.Since)
		k.Primary, k.Rows, k.Missing = k.ID == primary, counts[k.ID], !slices.Contains(held, k.ID)
		delete(counts, k.ID)
		return k, err
	})
	if err != nil {
		return nil, wrap(err)
	}
	for _, id := range slices.Sorted(maps.Keys(counts)) {
		list = append(list, Key{ID: id, Rows: counts[id], Missing: !slices.Contains(held, id)})
	}
	return list, nil
}

// countSealed counts the values that each key has sealed.
func countSealed(ctx context.Context, from queryer) (map[int64]int, error) {
	counts := map[int64]int{}
	for _, c := range sealedColumns() {
		rows, err := from.Query(ctx, c.count)
		if err != nil {
			return nil, err
		}
		var prefix []byte
		var n int
		if _, err := pgx.ForEachRow(rows, []any{&prefix, &n}, func() error { counts[idOf(prefix)] += n; return nil }); err != nil {
			return nil, err
		}
	}
	return counts, nil
}

// What keeps a rotation from going on, or a key from being dropped.
var (
	// ErrMemoryKeys says that the keys stand in no file.
	ErrMemoryKeys = errors.New("storage: the keys live in memory")
	// ErrNoSuchKey says that no key has that id.
	ErrNoSuchKey = errors.New("storage: there is no such key")
	// ErrKeyInUse says that a key seals, or has sealed something that is still there.
	ErrKeyInUse = errors.New("storage: the key is in use")
)

// BehindError says that replicas live that do not have the newest keys.
type BehindError struct{ Replicas []int }

// Error says which ones.
func (e *BehindError) Error() string {
	return fmt.Sprintf("storage: replicas %v lack the newest keys", e.Replicas)
}

// OfferKey is the first step: it gives the key file another key. A rotation that
// is under way goes on: then begun is false, and the key is the one it was about.
func (db *DB) OfferKey(ctx context.Context) (id int64, begun bool, err error) {
	if db.seals.path == "" {
		return 0, false, ErrMemoryKeys
	}
	err = pgx.BeginFunc(ctx, db.work, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "LOCK TABLE keys IN SHARE ROW EXCLUSIVE MODE"); err != nil {
			return err
		}
		if id, err = db.openRotation(ctx, tx); err != nil || id != 0 {
			return err
		}
		begun = true
		id, err = db.newKey(ctx, tx)
		return err
	})
	return id, begun, wrap(err)
}

// openRotation finds the key of a rotation that is not over; 0 when there is none. A
// value that no key opens keeps none open.
func (db *DB) openRotation(ctx context.Context, tx pgx.Tx) (id int64, err error) {
	err = tx.QueryRow(ctx, `SELECT coalesce((SELECT key_id FROM keys
		WHERE offered_at IS NOT NULL AND primary_at IS NULL AND dropped_at IS NULL ORDER BY offered_at DESC LIMIT 1), 0)`).Scan(&id)
	if err != nil || id != 0 {
		return id, err
	}
	if found, err := db.anyOld(ctx, tx, 0); err != nil || !found {
		return 0, err
	}
	_, primary := db.seals.held()
	return primary, nil
}

// newKey makes one. The file comes first: a key that the database does not know
// harms nobody, one that it names and that no file holds stops every start.
func (db *DB) newKey(ctx context.Context, tx pgx.Tx) (int64, error) {
	var made uint32
	err := changeKeyFile(db.seals.path, func(m *keyset.Manager) (err error) {
		made, err = m.Add(aead.AES256GCMKeyTemplate())
		return err
	})
	if err != nil {
		return 0, err
	}
	_, primary := db.seals.held()
	if err := db.seals.sealWithKeyOf(db.seals.path, primary); err != nil {
		return 0, err
	}
	for _, p := range db.seals.ring.Load().prints {
		_, err := tx.Exec(ctx, `INSERT INTO keys (fingerprint, kind, key_id, offered_at)
			VALUES ($1, 'seal', $2, CASE WHEN $3 THEN now() END) ON CONFLICT DO NOTHING`, p.print, p.id, p.id == int64(made))
		if err != nil {
			return 0, err
		}
	}
	return int64(made), nil
}

// EveryReplicaHolds is the second step: it fails with a BehindError while a
// replica lives that does not hold the key.
func (db *DB) EveryReplicaHolds(ctx context.Context, id int64) error {
	return db.behind(ctx, "SELECT id FROM replicas WHERE seen_at > now() - interval '10 seconds' AND NOT coalesce($1 = ANY(holds), false) ORDER BY id", id)
}

// everyReplicaSealsWith fails so while one seals with another key.
func (db *DB) everyReplicaSealsWith(ctx context.Context, id int64) error {
	return db.behind(ctx, "SELECT id FROM replicas WHERE seen_at > now() - interval '10 seconds' AND seals_with IS DISTINCT FROM $1 ORDER BY id", id)
}

func (db *DB) behind(ctx context.Context, sql string, id int64) error {
	rows, err := db.work.Query(ctx, sql, id)
	if err != nil {
		return wrap(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[int])
	if err == nil && len(list) > 0 {
		return &BehindError{list}
	}
	return wrap(err)
}

// Promote is the third step: from now on the key seals.
func (db *DB) Promote(ctx context.Context, id int64) error {
	if err := changeKeyFile(db.seals.path, func(m *keyset.Manager) error { return m.SetPrimary(uint32(id)) }); err != nil {
		return err
	}
	if _, err := db.work.Exec(ctx, "UPDATE keys SET primary_at = clock_timestamp() WHERE key_id = $1 AND primary_at IS NULL", id); err != nil {
		return wrap(err)
	}
	return db.seals.sealWithKeyOf(db.seals.path, id)
}

// resealBatch is how many values are sealed anew in one statement.
const resealBatch = 200

// Reseal is the fourth step: it goes once over all sealed values and seals those
// of other keys anew. It tells after each batch how many those are by now. Values
// in somebody's hands are passed over: Left counts what is left.
func (db *DB) Reseal(ctx context.Context, progress func(table string, done int)) error {
	_, primary := db.seals.held()
	done := 0
	for _, c := range sealedColumns() {
		for after := int64(math.MinInt64); ; {
			found, renewed, last, err := db.reseal(ctx, c, prefixOf(primary), after)
			if err != nil {
				return fmt.Errorf("storage: sealing %s.%s anew: %w", c.table, c.column, err)
			}
			if done += renewed; renewed > 0 {
				progress(c.table, done)
			}
			if after = last; found < resealBatch {
				break
			}
		}
	}
	return nil
}

// reseal does one batch: it reads without holding anything, and writes in one
// statement what nobody has changed or holds meanwhile.
func (db *DB) reseal(ctx context.Context, c sealedColumn, prefix []byte, after int64) (found, renewed int, last int64, err error) {
	if err := db.sure(ctx, db.work); err != nil {
		return 0, 0, 0, err
	}
	rows, err := db.work.Query(ctx, c.next, after, prefix, resealBatch)
	if err != nil {
		return 0, 0, 0, err
	}
	var ids []int64
	var old, fresh [][]byte
	var id int64
	var row string
	var sealed []byte
	_, err = pgx.ForEachRow(rows, []any{&id, &row, &sealed}, func() error {
		found, last = found+1, id
		plain, err := db.seals.open(c.table, c.column, row, sealed)
		if err != nil {
			return nil // nobody can read it: it is counted as left, under its key
		}
		renewed, err := db.seals.seal(c.table, c.column, row, plain)
		ids, old, fresh = append(ids, id), append(old, slices.Clone(sealed)), append(fresh, renewed)
		return err
	})
	if err != nil || len(ids) == 0 {
		return found, 0, last, err
	}
	tag, err := db.work.Exec(ctx, c.put, ids, old, fresh)
	return found, int(tag.RowsAffected()), last, err
}

// Left counts the values that other keys than the primary one have sealed and that
// can be opened; Damaged lists the others. While a replica seals with another key
// that is no last word: the error says so.
func (db *DB) Left(ctx context.Context) (left int, err error) {
	_, primary := db.seals.held()
	if err := db.everyReplicaSealsWith(ctx, primary); err != nil {
		return 0, err
	}
	err = db.olds(ctx, db.work, func(o oldValue) bool {
		if o.opens {
			left++
		}
		return true
	})
	return left, wrap(err)
}

// DropKey takes a key out for good: out of the database first, which from then on
// starts without it, and then out of the key file. It fails with ErrKeyInUse where
// the key seals or has sealed anything that is there and can be opened, and with
// ErrUnsettled where somebody may still bring such a value.
func (db *DB) DropKey(ctx context.Context, id int64) error {
	if db.seals.path == "" {
		return ErrMemoryKeys
	}
	_, primary := db.seals.held()
	if err := db.everyReplicaSealsWith(ctx, primary); err != nil {
		return err
	}
	if err := db.droppable(ctx, db.work, id); err != nil {
		return err
	}
	if err := db.outlived(ctx); err != nil {
		return err
	}
	if err := db.everyReplicaSealsWith(ctx, primary); err != nil {
		return err
	}
	if err := db.settled(ctx); err != nil {
		return err
	}
	err := pgx.BeginFunc(ctx, db.work, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "LOCK TABLE keys IN SHARE ROW EXCLUSIVE MODE"); err != nil {
			return err
		}
		err := db.droppable(ctx, tx, id)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "UPDATE keys SET dropped_at = now() WHERE key_id = $1", id)
		return err
	})
	if err != nil {
		return wrap(err)
	}
	if held, _ := db.seals.held(); !slices.Contains(held, id) {
		return nil
	}
	if err := changeKeyFile(db.seals.path, func(m *keyset.Manager) error { return m.Delete(uint32(id)) }); err != nil {
		return err
	}
	return db.seals.sealWithKeyOf(db.seals.path, primary)
}

// droppable looks whether a key is one that seals nothing and has sealed nothing that
// can be opened.
func (db *DB) droppable(ctx context.Context, from queryer, id int64) error {
	list, err := db.keys(ctx, from)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(list, func(k Key) bool { return k.ID == id })
	switch {
	case at < 0:
		return ErrNoSuchKey
	case list[at].Primary:
		return ErrKeyInUse
	case list[at].Rows == 0:
		return nil
	}
	used, err := db.anyOld(ctx, from, id)
	if err == nil && used {
		return ErrKeyInUse
	}
	return wrap(err)
}
