package storage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"koprik/mahalla"
)

// Tx is one transaction. Statements that return nothing are held back and sent
// together with the next one that does, or with COMMIT, so that a use case
// costs few round trips; their errors surface there.
type Tx struct {
	ctx     context.Context // lives exactly as long as the transaction
	db      *DB
	conn    *pgxpool.Conn
	attempt int // the first is 1
	sent    int // how often something was sent
	held    pgx.Batch
	depth   int // of savepoints
	after   []func()
	notices []notice                // for the outbox, written at commit
	matters []matter                // changes of reminders, written at commit
	cards   map[cardKey]int         // where the cards stand among them; nil is not known
	links   map[mahalla.CaseID]link // of the cases that were read
	failed  error                   // of something that returns none; the next read or the commit does
	reading bool                    // no transaction at all: nothing may be written
	refused error                   // a write where only reading is allowed
	instead func(error) error       // at a COMMIT that fails; see Instead
}

// InTx runs fn in a transaction and commits it when fn returns nil. Conflicts
// with other transactions (SQLSTATE class 40) are tried again, so fn must be
// free of effects outside the transaction; those go through Tx.AfterCommit. A panic
// of fn is an error like others.
func (db *DB) InTx(ctx context.Context, fn func(*Tx) error) error {
	for attempt := 1; ; attempt++ {
		err := db.inTx(ctx, attempt, fn)
		db.unwritten.tookWork(err)
		if attempt < mostAttempts && serialization(err) && ctx.Err() == nil {
			continue
		}
		return err
	}
}

// mostAttempts is how often a transaction is run at most.
const mostAttempts = 5

// errOvertaken says that what a transaction was about to do has been overtaken.
var errOvertaken = errors.New("storage: overtaken")

// Overtaken is the error with which fn has itself run anew: what it decided upon was
// changed by another transaction meanwhile. It is nil when that was done often enough.
func (tx *Tx) Overtaken() error {
	if tx.attempt < mostAttempts-1 {
		return errOvertaken
	}
	return nil
}

func (db *DB) inTx(ctx context.Context, attempt int, fn func(*Tx) error) error {
	conn, err := db.work.Acquire(ctx)
	if err != nil {
		return unasked(err)
	}
	tx := &Tx{ctx: ctx, db: db, conn: conn, attempt: attempt}
	defer tx.release()
	if err := db.sure(ctx, conn); err != nil {
		return err
	}
	tx.held.Queue("BEGIN")
	if err := Safely(func() error { return fn(tx) }); err != nil {
		return err
	}
	if err := tx.rescue(tx.commit()); err != nil {
		return err
	}
	tx.release() // what follows may wait for Redis, and must not hold a connection
	for _, f := range tx.after {
		f()
	}
	return nil
}

// serialization tells whether PostgreSQL undid the transaction for the sake of
// another one, or it gave way itself. Only then is it safe to run it again.
func serialization(err error) bool {
	var pg *pgconn.PgError
	return errors.Is(err, errOvertaken) || errors.As(err, &pg) && len(pg.Code) == 5 && pg.Code[:2] == "40"
}

// AfterCommit puts off something that must happen only if the transaction
// stands: Redis, the answer to a press, waking a sender.
func (tx *Tx) AfterCommit(f func()) { tx.after = append(tx.after, f) }

var errReading = errors.New("storage: only reading is allowed here")

// Read runs fn without a transaction: every statement sees the newest state by
// itself, and none may write.
func (db *DB) Read(ctx context.Context, fn func(*Tx) error) error {
	conn, err := db.work.Acquire(ctx)
	if err != nil {
		return unasked(err)
	}
	tx := &Tx{ctx: ctx, db: db, conn: conn, reading: true}
	defer tx.release()
	if err := fn(tx); err != nil {
		return err
	}
	return tx.refused
}

// Try runs fn inside a savepoint: when it fails, what it wrote is undone and
// the transaction can go on. A savepoint that stood is not released, so an
// inner one must not bear the name of the outer one.
func (tx *Tx) Try(fn func() error) error {
	if tx.reading {
		return fn()
	}
	mark, sent := tx.held.Len(), tx.sent
	after := len(tx.after)
	notices := slices.Clone(tx.notices) // Send may take earlier ones out
	matters := slices.Clone(tx.matters)
	tx.depth++
	defer func() { tx.depth-- }()
	name := "try" + strconv.Itoa(tx.depth)
	tx.held.Queue("SAVEPOINT " + name)
	err := fn()
	if err == nil {
		return nil
	}
	tx.after, tx.notices, tx.matters, tx.cards, tx.links, tx.failed = tx.after[:after], notices, matters, nil, nil, nil
	if tx.sent == sent { // nothing of it has reached the server
		tx.held.QueuedQueries = tx.held.QueuedQueries[:mark]
		return err
	}
	tx.held = pgx.Batch{}
	if _, rollback := tx.conn.Exec(tx.ctx, "ROLLBACK TO SAVEPOINT "+name); rollback != nil {
		return errors.Join(err, fmt.Errorf("storage: %w", rollback))
	}
	return err
}

// Instead sets what is done in the same transaction when its COMMIT fails for
// the sake of a statement that was held back: everything since the last Try is
// undone then, and f is told why. A transaction that PostgreSQL undid for the
// sake of another one is tried again as a whole.
func (tx *Tx) Instead(f func(cause error) error) { tx.instead = f }

// rescue does so, where there is still a transaction and a savepoint in it.
func (tx *Tx) rescue(cause error) error {
	f := tx.instead
	if cause == nil || f == nil || serialization(cause) || tx.conn.Conn().PgConn().TxStatus() != 'E' {
		return cause
	}
	if _, err := tx.conn.Exec(tx.ctx, "ROLLBACK TO SAVEPOINT try1"); err != nil {
		return cause
	}
	tx.instead, tx.after, tx.notices, tx.matters, tx.cards, tx.links, tx.failed = nil, nil, nil, nil, nil, nil, nil
	if err := f(cause); err != nil {
		return err
	}
	return tx.commit()
}

// write holds a statement back until the next read or the commit.
func (tx *Tx) write(sql string, args ...any) {
	if tx.reading {
		tx.refused = errReading
		return
	}
	tx.held.Queue(sql, args...)
}

// read sends what was held back and then the query, in one round trip, and
// gives its rows to each.
func (tx *Tx) read(sql string, each func(pgx.Rows) error, args ...any) error {
	return tx.readAll([]query{{sql, args, each}})
}

// query is one statement of readAll.
type query struct {
	sql  string
	args []any
	each func(pgx.Rows) error
}

// readAll sends what was held back and then the queries, in one round trip.
func (tx *Tx) readAll(queries []query) error {
	if tx.failed != nil {
		return tx.failed
	}
	batch, count := tx.held, tx.held.Len()
	tx.held = pgx.Batch{}
	for _, q := range queries {
		batch.Queue(q.sql, q.args...)
	}
	tx.sent++
	results := tx.conn.SendBatch(tx.ctx, &batch)
	defer results.Close()
	for range count {
		if _, err := results.Exec(); err != nil {
			return fmt.Errorf("storage: %w", err)
		}
	}
	for _, q := range queries {
		if err := drain(results, q.each); err != nil {
			return err
		}
	}
	if err := results.Close(); err != nil {
		return fmt.Errorf("storage: %w", err)
	}
	return nil
}

func drain(results pgx.BatchResults, each func(pgx.Rows) error) error {
	rows, err := results.Query()
	if err != nil {
		return fmt.Errorf("storage: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows); err != nil {
			return wrap(err)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("storage: %w", err)
	}
	return nil
}

// commit sends what is left together with COMMIT.
func (tx *Tx) commit() error {
	if err := tx.post(); err != nil {
		return err
	}
	if tx.failed != nil {
		return tx.failed
	}
	if tx.sent == 0 && tx.held.Len() == 1 {
		return nil // nothing but BEGIN: the transaction never began
	}
	tx.held.Queue("COMMIT")
	batch := tx.held
	tx.held = pgx.Batch{}
	results := tx.conn.SendBatch(tx.ctx, &batch)
	defer results.Close()
	for i := range batch.Len() {
		tag, err := results.Exec()
		if err != nil {
			return fmt.Errorf("storage: %w", err)
		}
		if i == batch.Len()-1 && tag.String() != "COMMIT" {
			return errors.New("storage: the transaction was rolled back")
		}
	}
	return nil
}

// release gives the connection back, out of any transaction.
func (tx *Tx) release() {
	if tx.conn == nil {
		return
	}
	if tx.conn.Conn().PgConn().TxStatus() != 'I' {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(tx.ctx), 5*time.Second)
		_, _ = tx.conn.Exec(ctx, "ROLLBACK") // a failure closes the connection below
		cancel()
	}
	tx.conn.Release()
	tx.conn = nil
}
