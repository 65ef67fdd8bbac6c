package storage_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"koprik/mahalla"
	"koprik/storage"
)

// broken makes the server refuse something inside the transaction.
func broken(tx *storage.Tx) error {
	tx.PutTerritories([]*mahalla.Territory{{ID: 8, Kind: mahalla.District, Code: "no code", Parent: 1, Path: []mahalla.TerritoryID{8}}})
	_, err := tx.ServerTime()
	return err
}

// meeting lets two goroutines go on when both have come, once.
type meeting struct{ once [2]sync.Once }

func (m *meeting) wait(who int, mine, other chan struct{}) {
	m.once[who].Do(func() {
		close(mine)
		<-other
	})
}

// both runs two transactions at once and tells how many attempts they took.
func (w *world) both(first, second func(*storage.Tx, func()) error) int64 {
	w.Helper()
	var m meeting
	var attempts atomic.Int64
	came := [2]chan struct{}{make(chan struct{}), make(chan struct{})}
	results := make(chan error, 2)
	for who, fn := range []func(*storage.Tx, func()) error{first, second} {
		go func() {
			results <- w.db.InTx(w.ctx, func(tx *storage.Tx) error {
				attempts.Add(1)
				return fn(tx, func() { m.wait(who, came[who], came[1-who]) })
			})
		}()
	}
	w.must(errors.Join(<-results, <-results))
	return attempts.Load()
}

func TestADeadlockIsTriedAgain(t *testing.T) {
	t.Parallel()
	w := newWorldWith(t, "deadlock_timeout = '20ms'")
	lock := func(ids ...mahalla.PersonID) func(*storage.Tx, func()) error {
		return func(tx *storage.Tx, meet func()) error {
			tx.LockContact(ids[0])
			if _, err := tx.ServerTime(); err != nil { // reaches the server
				return err
			}
			meet()
			tx.LockContact(ids[1])
			tx.SetLanguage(ids[0], mahalla.Ru)
			_, err := tx.ServerTime()
			return err
		}
	}
	if n := w.both(lock(w.resident.ID, w.officer.ID), lock(w.officer.ID, w.resident.ID)); n < 3 {
		t.Errorf("got %d attempts, want more than transactions", n)
	}
	if n := w.number("SELECT count(*) FROM people WHERE language = 'ru'"); n != 2 {
		t.Errorf("got the effect of %d transactions, want both", n)
	}
}

func TestASerializationFailureIsTriedAgain(t *testing.T) {
	t.Parallel()
	w := newWorldWith(t, "default_transaction_isolation = 'serializable'")
	// Each counts the Russians and adds one: one after the other sees the first.
	add := func(p mahalla.PersonID) func(*storage.Tx, func()) error {
		return func(tx *storage.Tx, meet func()) error {
			c, err := tx.Contact(w.stranger.ID)
			if err != nil {
				return err
			}
			meet()
			if c.Language == mahalla.UzLatn {
				tx.SetLanguage(w.stranger.ID, mahalla.Ru)
			} else {
				tx.SetLanguage(w.stranger.ID, mahalla.UzCyrl)
			}
			return nil
		}
	}
	if n := w.both(add(w.resident.ID), add(w.officer.ID)); n != 3 {
		t.Errorf("got %d attempts, want one more than transactions", n)
	}
	if got := w.contact(3).Language; got != mahalla.UzCyrl {
		t.Errorf("got %s, want what both together make", got)
	}
}

func TestOnlyConflictsAreTriedAgainAndNotForEver(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	gone, cancel := context.WithCancel(w.ctx)
	defer cancel()
	for _, test := range []struct {
		name string
		ctx  context.Context
		err  error
		want int
	}{
		{"a deadlock each time", w.ctx, &pgconn.PgError{Code: "40P01"}, 5},
		{"a serialization failure each time", w.ctx, &pgconn.PgError{Code: "40001"}, 5},
		{"a constraint", w.ctx, &pgconn.PgError{Code: "23505"}, 1},
		{"a lost connection", w.ctx, &pgconn.PgError{Code: "57P01"}, 1},
		{"nonsense", w.ctx, &pgconn.PgError{Code: "40"}, 1},
		{"an error of ours", w.ctx, errTest, 1},
		{"a refusal", w.ctx, mahalla.Refuse(mahalla.Conflict, "stale"), 1},
		{"a conflict after the end", gone, &pgconn.PgError{Code: "40001"}, 1},
	} {
		attempts := 0
		err := w.db.InTx(test.ctx, func(*storage.Tx) error {
			attempts++
			if test.ctx == gone {
				cancel()
			}
			return test.err
		})
		if !errors.Is(err, test.err) || attempts != test.want {
			t.Errorf("%s: got %v after %d attempts, want %d", test.name, err, attempts, test.want)
		}
	}
}

func TestACommitThatRollsBackIsAnError(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	after := 0
	err := w.db.InTx(w.ctx, func(tx *storage.Tx) error {
		tx.AfterCommit(func() { after++ })
		tx.SetLanguage(w.resident.ID, mahalla.Ru)
		if err := broken(tx); err == nil {
			t.Error("the server took nonsense")
		}
		return nil // as if nothing had happened
	})
	if err == nil || after != 0 {
		t.Errorf("got %v, and AfterCommit %d times; want an error alone", err, after)
	}
	if got := w.contact(1).Language; got != mahalla.UzLatn {
		t.Errorf("got %s, want nothing written", got)
	}
}

func TestAStatementThatFailsAtTheCommitIsAnError(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	after := 0
	err := w.db.InTx(w.ctx, func(tx *storage.Tx) error {
		tx.AfterCommit(func() { after++ })
		tx.SetHome(w.resident.ID, 12345) // there is no such place
		return nil
	})
	if code(err) != "23503" || after != 0 {
		t.Errorf("got %v, and AfterCommit %d times; want the constraint", err, after)
	}
}

func TestWhatComesAfterTheCommitSeesItAndComesOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var order []string
	attempts := 0
	w.tx(func(tx *storage.Tx) error {
		attempts++
		tx.SetLanguage(w.resident.ID, mahalla.Ru)
		tx.AfterCommit(func() { order = append(order, string(w.contact(1).Language)) })
		tx.AfterCommit(func() { order = append(order, "second") })
		if attempts == 1 {
			return &pgconn.PgError{Code: "40001"}
		}
		return nil
	})
	if got := strings.Join(order, " "); got != "ru second" {
		t.Errorf("got %q, want each once and in order, after the commit", got)
	}
	err := w.db.InTx(w.ctx, func(tx *storage.Tx) error {
		tx.AfterCommit(func() { t.Error("a transaction that failed has an afterwards") })
		return errTest
	})
	if !errors.Is(err, errTest) {
		t.Error(err)
	}
}

func TestTheSenderIsWokenForNoticesOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	woken := 0
	w.db.OnNotice(func() { woken++ })
	send := func(tx *storage.Tx) error {
		return tx.Send(w.resident.Recipient(), mahalla.Notice{Kind: "say"}, 0, morning, morning)
	}
	for _, test := range []struct {
		name string
		fn   func(*storage.Tx) error
		want int
	}{
		{"nothing", func(*storage.Tx) error { return nil }, 0},
		{"a change", func(tx *storage.Tx) error { tx.SetLanguage(w.resident.ID, mahalla.Ru); return nil }, 0},
		{"two notices", func(tx *storage.Tx) error { return errors.Join(send(tx), send(tx)) }, 1},
		{"an undone notice", func(tx *storage.Tx) error {
			_ = tx.Try(func() error { return errors.Join(send(tx), errTest) })
			return nil
		}, 0},
		{"a notice that failed", func(tx *storage.Tx) error { return errors.Join(send(tx), errTest) }, 0},
	} {
		woken = 0
		_ = w.db.InTx(w.ctx, test.fn)
		if woken != test.want {
			t.Errorf("%s: woken %d times, want %d", test.name, woken, test.want)
		}
	}
}

func TestAFailedTryIsUndoneWhetherOrNotItReachedTheServer(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func(*storage.Tx) error{
		"before it reached the server": func(*storage.Tx) error { return errTest },
		"after it reached the server": func(tx *storage.Tx) error {
			_, err := tx.ServerTime()
			return errors.Join(err, errTest)
		},
		"because the server refused": broken,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			var after []string
			note := func(tx *storage.Tx, what string) error {
				tx.AfterCommit(func() { after = append(after, what) })
				n := mahalla.Notice{Kind: "say", Args: map[string]string{"text": what}}
				return tx.Send(w.resident.Recipient(), n, 0, morning, morning)
			}
			w.tx(func(tx *storage.Tx) error {
				tx.SetLanguage(w.resident.ID, mahalla.Ru)
				if err := note(tx, "before"); err != nil {
					return err
				}
				err := tx.Try(func() error {
					tx.SetLanguage(w.officer.ID, mahalla.Ru)
					return errors.Join(note(tx, "inside"), fail(tx))
				})
				if err == nil {
					t.Error("the try says that it stood")
				}
				if err := tx.Try(func() error { return note(tx, "second try") }); err != nil {
					return err
				}
				tx.SetLanguage(w.stranger.ID, mahalla.Ru)
				return note(tx, "afterwards")
			})
			if a, b, c := w.contact(1).Language, w.contact(2).Language, w.contact(3).Language; a != mahalla.Ru || b != mahalla.UzLatn || c != mahalla.Ru {
				t.Errorf("got %s, %s, %s, want only what the try did undone", a, b, c)
			}
			if got := strings.Join(after, ", "); got != "before, second try, afterwards" {
				t.Errorf("after the commit: got %s", got)
			}
			if n := w.number("SELECT count(*) FROM outbox"); n != 3 {
				t.Errorf("notices: got %d, want three", n)
			}
		})
	}
}

func TestATryWhoseSavepointWasNeverMadeFailsTheTransaction(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	err := w.db.InTx(w.ctx, func(tx *storage.Tx) error {
		tx.SetHome(w.resident.ID, 12345) // refused, but not sent yet
		_ = tx.Try(func() error {
			_, err := tx.ServerTime()
			return err
		})
		tx.SetLanguage(w.resident.ID, mahalla.Ru)
		return nil
	})
	if err == nil {
		t.Error("the transaction says that it stands")
	}
	if got := w.contact(1).Language; got != mahalla.UzLatn {
		t.Errorf("got %s, want nothing written", got)
	}
}

func TestAConnectionComesBackFromATransactionThatPanicsOrIsCutOff(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	seals, err := storage.NewSeals()
	w.must(err)
	one, err := storage.Open(w.ctx, storage.Options{URL: w.url, Connections: 1}, seals)
	w.must(err)
	t.Cleanup(one.Close)
	func() {
		defer func() { _ = recover() }()
		_ = one.InTx(w.ctx, func(tx *storage.Tx) error {
			tx.SetLanguage(w.resident.ID, mahalla.Ru)
			_, _ = tx.ServerTime()
			panic("on purpose")
		})
	}()
	ctx, cancel := context.WithCancel(w.ctx)
	defer cancel()
	if err := one.InTx(ctx, func(tx *storage.Tx) error {
		tx.SetLanguage(w.resident.ID, mahalla.Ru)
		_, _ = tx.ServerTime()
		cancel()
		_, err := tx.ServerTime()
		return err
	}); err == nil {
		t.Error("a transaction that was cut off says that it stands")
	}
	w.must(one.InTx(w.ctx, func(tx *storage.Tx) error {
		c, err := tx.ContactByTelegram(1)
		if err == nil && c.Language != mahalla.UzLatn {
			t.Errorf("got %s, want nothing written", c.Language)
		}
		return err
	}))
}

func TestWhatMayBeLoggedOfAnErrorNamesNoValue(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	err := w.db.InTx(w.ctx, func(tx *storage.Tx) error {
		tx.SetLanguage(w.resident.ID, "Aziza's own words")
		return nil
	})
	if got := storage.Loggable(err); got != "SQLSTATE 23514 people people_language_check" {
		t.Errorf("got %q", got)
	}
	if got := storage.Loggable(errTest); got != errTest.Error() {
		t.Errorf("of an error of ours: got %q", got)
	}
}

func TestADatabaseThatCannotBeReachedIsAnErrorWithoutItsPassword(t *testing.T) {
	t.Parallel()
	seals, err := storage.NewSeals()
	if err != nil {
		t.Fatal(err)
	}
	for _, url := range []string{"postgres://u:geheim@127.0.0.1:1/x?connect_timeout=5", "nonsense geheim"} {
		_, err := storage.Open(t.Context(), storage.Options{URL: url}, seals)
		if err == nil || strings.Contains(err.Error(), "geheim") {
			t.Errorf("got %v, want an error without the password", err)
		}
		if _, err := storage.Migrate(t.Context(), url); err == nil || strings.Contains(err.Error(), "geheim") {
			t.Errorf("migrating: got %v, want an error without the password", err)
		}
	}
}
