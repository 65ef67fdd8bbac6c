package storage

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

// Nobody may seal with a key that was dropped: no key would open what people wrote. So
// a program seals only as long as it is sure which key is to, and that is for some
// seconds after it was told, counted from before it asked. A replica is told with each
// of its signs of life, which costs nothing. Whoever has no sign (one whose connection
// for it is gone, a command) asks before a transaction, when it was told too long ago.
//
// DropKey counts on it: it passes over nobody but those that gave no sign for longer,
// and waits for longer since the key that seals was named.
const (
	askAfter = 4 * time.Second
	sureFor  = 8 * time.Second
	unsureBy = 10 * time.Second // from then on nobody seals with what was named before
)

// errUnsure says that a program does not know whether its key is still to seal. It
// passes: the next transaction asks.
var errUnsure = fmt.Errorf("%w that could say which key seals", errUnasked)

// told is when a program was told which key seals.
type told struct {
	at   time.Time
	wall func() time.Time
}

// within tells whether that is less than so long ago, by the clock on the wall as
// well as by the one that cannot be set.
func (t *told) within(d time.Duration) bool {
	now := t.wall()
	by, set := now.Sub(t.at), now.Round(0).Sub(t.at.Round(0))
	return by >= 0 && set >= 0 && by < d && set < d
}

// maySeal tells whether what was told still holds. Keys of memory change never, and
// where there is no clock nothing is known.
func (s *Seals) maySeal() error {
	if t := s.told.Load(); t != nil && !t.within(sureFor) {
		return errUnsure
	}
	return nil
}

// mustAsk tells whether it is time to ask.
func (db *DB) mustAsk() bool {
	if db.seals.path == "" || db.unwritten.wall == nil {
		return false
	}
	t := db.seals.told.Load()
	return t == nil || !t.within(askAfter)
}

// moment is the real clock's; zero where there is none.
func (db *DB) moment() (at time.Time) {
	if db.unwritten.wall != nil {
		at = db.unwritten.wall()
	}
	return at
}

// asker is what one row can be asked of.
type asker interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// sure asks which key seals when it is time to, and follows.
func (db *DB) sure(ctx context.Context, from asker) error {
	if !db.mustAsk() {
		return nil
	}
	asked := db.moment()
	var wanted wantedKeys
	if err := from.QueryRow(ctx, "SELECT ARRAY("+knownKeyIDs+"), ("+primaryKey+")").Scan(&wanted.ids, &wanted.primary); err != nil {
		return wrap(err)
	}
	db.learn(wanted, asked, false)
	return nil
}

// learn follows what was told, and notes when it was asked for. Somebody else may have
// asked later and be done: then that stands. Who cannot follow is only sure with a sign
// of life, which says so, and never of a key that was dropped.
func (db *DB) learn(wanted wantedKeys, asked time.Time, sign bool) {
	s := db.seals
	s.learning.Lock()
	defer s.learning.Unlock()
	if t := s.told.Load(); t != nil && t.at.After(asked) && t.within(sureFor) {
		return
	}
	s.follow(wanted)
	_, primary := s.held()
	fits := wanted.primary == 0 || wanted.primary == primary || sign
	if s.path == "" || asked.IsZero() || !fits || len(wanted.ids) > 0 && !slices.Contains(wanted.ids, primary) {
		return
	}
	s.told.Store(&told{asked, db.unwritten.wall})
}

// outlived waits until nobody can be sure any more of what was told before the key
// that seals was named.
func (db *DB) outlived(ctx context.Context) error {
	var seconds float64
	err := db.work.QueryRow(ctx, `SELECT coalesce(extract(epoch FROM max(primary_at) - clock_timestamp()), '-infinity')::float8
		FROM keys WHERE dropped_at IS NULL`).Scan(&seconds)
	if err != nil {
		return wrap(err)
	}
	if left := unsureBy + time.Duration(max(seconds, -unsureBy.Seconds())*float64(time.Second)); left > 0 {
		return pause(ctx, min(left, unsureBy)) // a clock that was set back holds up nobody for longer
	}
	return nil
}
