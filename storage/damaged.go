package storage

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"
)

// Damaged is a sealed value that none of the keys in the key file opens: its bytes
// were changed, or its key is lost. It can only come back from a backup.
type Damaged struct{ Table, Column, Row string }

// String tells whoever has to look for it where it is.
func (d Damaged) String() string { return fmt.Sprintf("%s.%s of %s", d.Table, d.Column, d.Row) }

// oldValue is one that another key than the primary one has sealed.
type oldValue struct {
	at    Damaged
	key   int64
	opens bool
}

// olds goes over the values that other keys than the primary one have sealed, as long
// as whoever looks at them wants to go on.
func (db *DB) olds(ctx context.Context, from queryer, see func(oldValue) (goOn bool)) error {
	_, primary := db.seals.held()
	for _, c := range sealedColumns() {
		for after, more := int64(math.MinInt64), true; more; {
			rows, err := from.Query(ctx, c.next, after, prefixOf(primary), resealBatch)
			if err != nil {
				return err
			}
			found, goOn := 0, true
			for goOn && rows.Next() {
				var row string
				var sealed []byte
				if err := rows.Scan(&after, &row, &sealed); err != nil {
					rows.Close()
					return err
				}
				_, err := db.seals.open(c.table, c.column, row, sealed)
				found++
				goOn = see(oldValue{at: Damaged{c.table, c.column, row}, key: idOf(sealed[:min(5, len(sealed))]), opens: err == nil})
			}
			rows.Close()
			if err := rows.Err(); err != nil || !goOn {
				return err
			}
			more = found == resealBatch
		}
	}
	return nil
}

// anyOld tells whether there is a value of another key that can be opened: of the
// given one, or with 0 of any.
func (db *DB) anyOld(ctx context.Context, from queryer, key int64) (found bool, err error) {
	err = db.olds(ctx, from, func(o oldValue) bool {
		found = o.opens && (key == 0 || o.key == key)
		return !found
	})
	return found, err
}

// Damaged lists values that stand under other keys than the primary one and cannot be
// opened, so that no rotation can seal them anew; and how many of them there are.
func (db *DB) Damaged(ctx context.Context, limit int) (list []Damaged, all int, err error) {
	err = db.olds(ctx, db.work, func(o oldValue) bool {
		if !o.opens {
			if all++; all <= limit {
				list = append(list, o.at)
			}
		}
		return true
	})
	return list, all, wrap(err)
}

// ErrUnsettled says that a transaction goes on which may have sealed with an old key.
var ErrUnsettled = errors.New("storage: a transaction goes on that began before every replica sealed with the newest key")

// How long a replica may have a sealed value in its hands before it begins to write
// it, and how long and how often a transaction is waited for.
const (
	inHands     = time.Second
	settlePause = 100 * time.Millisecond
	settleGoes  = 50
)

// settled waits until whoever may have sealed with an old key has ended, now that
// every replica seals with the new one.
func (db *DB) settled(ctx context.Context) error {
	if err := pause(ctx, inHands); err != nil {
		return err
	}
	var since time.Time
	if err := db.work.QueryRow(ctx, "SELECT clock_timestamp()").Scan(&since); err != nil {
		return wrap(err)
	}
	for range settleGoes {
		var before bool
		err := db.work.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()
			AND backend_type = 'client backend' AND pid <> pg_backend_pid() AND xact_start <= $1)`, since).Scan(&before)
		switch {
		case err != nil:
			return wrap(err)
		case !before:
			return nil
		}
		if err := pause(ctx, settlePause); err != nil {
			return err
		}
	}
	return ErrUnsettled
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
