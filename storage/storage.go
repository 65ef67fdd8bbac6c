// Package storage holds every SQL statement and every Redis command of Koʻprik,
// and seals personal fields before they reach the database.
//
// DB.InTx is the only way to a transaction. Methods of Tx are named by what is
// special about them (LockCase, ClaimUpdate) and decide nothing: rules live in
// mahalla. A row's moment comes from the caller's clock; the database's own
// now() is used for leases and queues only.
//
// Lock order, everywhere: the queue row, then the case, then its children; the
// counters of the queues come last, ordered by chat.
package storage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"koprik/mahalla"
)

// DB is the PostgreSQL side of the store. Intake has a small pool of its own,
// so that updates are stored even when every worker waits for the database.
type DB struct {
	work   *pgxpool.Pool
	intake *pgxpool.Pool
	seals  *Seals
	ids    blocks
	wake   func() // after the commit of a notice; may be nil

	replica  atomic.Int32 // who we are to the other replicas; 0 is not known
	replicas atomic.Int32 // how many there are
}

// Options say how to reach the database.
type Options struct {
	URL         string
	Connections int // of workers and senders; 0 is a sensible number
	Tracer      pgx.QueryTracer
}

// Open connects to PostgreSQL and checks that it answers and is new enough.
func Open(ctx context.Context, o Options, seals *Seals) (*DB, error) {
	if o.Connections == 0 {
		o.Connections = 16
	}
	work, err := pool(ctx, o, o.Connections)
	if err != nil {
		return nil, err
	}
	intake, err := pool(ctx, o, 3)
	if err != nil {
		work.Close()
		return nil, err
	}
	db := &DB{work: work, intake: intake, seals: seals}
	var version int
	err = work.QueryRow(ctx, "SELECT current_setting('server_version_num')::int").Scan(&version)
	if err == nil && version < 140000 {
		err = &VersionError{version / 10000}
	}
	if err != nil {
		db.Close()
		return nil, fmt.Errorf("storage: %w", err)
	}
	return db, nil
}

// VersionError says that the database server is too old.
type VersionError struct{ Major int }

// Error says so in one line.
func (e *VersionError) Error() string {
	return fmt.Sprintf("PostgreSQL 14 or later is needed, this is %d", e.Major)
}

func pool(ctx context.Context, o Options, connections int) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(o.URL)
	if err != nil {
		return nil, ErrURL
	}
	patient(&config.ConnConfig.Config)
	config.MaxConns = int32(connections)
	config.MaxConnIdleTime = 5 * time.Minute
	config.ConnConfig.Tracer = o.Tracer
	config.ConnConfig.RuntimeParams["application_name"] = "koprik"
	config.ConnConfig.RuntimeParams["timezone"] = "UTC"
	// A statement that hangs must not hold a worker for ever.
	config.ConnConfig.RuntimeParams["statement_timeout"] = "30s"
	config.ConnConfig.RuntimeParams["idle_in_transaction_session_timeout"] = "60s"
	// Queue statements are cheap, and compiling them would cost more than running them.
	config.ConnConfig.RuntimeParams["jit"] = "off"
	// So would planning those with arrays anew each time. All look rows up by key
	// or walk an index, whatever the arguments are.
	config.ConnConfig.RuntimeParams["plan_cache_mode"] = "force_generic_plan"
	p, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("storage: %w", err)
	}
	return p, nil
}

// ErrURL says that the address of a server cannot be read. Its cause would quote
// the address, and with it the password.
var ErrURL = errors.New("storage: the address cannot be read")

// closeTime is the patience with a server at the end.
const closeTime = 2 * time.Second

// connectTime bounds how long a server that says nothing is waited for.
const connectTime = 10 * time.Second

// patient bounds connecting, and notices within seconds here and within some
// more there that the other end has vanished.
func patient(c *pgconn.Config) {
	if c.ConnectTimeout == 0 {
		c.ConnectTimeout = connectTime
	}
	c.RuntimeParams["tcp_keepalives_idle"] = "5"
	c.RuntimeParams["tcp_keepalives_interval"] = "3"
	c.RuntimeParams["tcp_keepalives_count"] = "2"
}

// connect opens a connection outside the pools.
func connect(ctx context.Context, url string) (*pgx.Conn, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, ErrURL
	}
	patient(&config.Config)
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("storage: %w", err)
	}
	return conn, nil
}

// Close ends every connection. A server that says nothing is not waited for: it
// would hold up the end of the program by a quarter of a minute for each.
func (db *DB) Close() {
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		db.work.Close()
		db.intake.Close()
	}()
	select {
	case <-closed:
	case <-time.After(closeTime):
	}
}

// Ping tells whether the database answers.
func (db *DB) Ping(ctx context.Context) error { return db.work.Ping(ctx) }

// Tx is one transaction. Statements that return nothing are held back and sent
// together with the next one that does, or with COMMIT, so that a use case
// costs few round trips; their errors surface there.
type Tx struct {
	ctx     context.Context // lives exactly as long as the transaction
	db      *DB
	conn    *pgxpool.Conn
	sent    int // how often something was sent
	held    pgx.Batch
	depth   int // of savepoints
	after   []func()
	notices []notice                // for the outbox, written at commit
	cards   map[cardKey]int         // where the cards stand among them; nil is not known
	links   map[mahalla.CaseID]link // of the cases that were read
	failed  error                   // of something that returns none; the next read or the commit does
	reading bool                    // no transaction at all: nothing may be written
	refused error                   // a write where only reading is allowed
	instead func(error) error       // at a COMMIT that fails; see Instead
}

// InTx runs fn in a transaction and commits it when fn returns nil. Conflicts
// with other transactions (SQLSTATE class 40) are tried again, so fn must be
// free of effects outside the transaction; those go through Tx.AfterCommit.
func (db *DB) InTx(ctx context.Context, fn func(*Tx) error) error {
	for attempt := 1; ; attempt++ {
		err := db.inTx(ctx, fn)
		if attempt < 5 && serialization(err) && ctx.Err() == nil {
			continue
		}
		return err
	}
}

func (db *DB) inTx(ctx context.Context, fn func(*Tx) error) error {
	conn, err := db.work.Acquire(ctx)
	if err != nil {
		return unasked(err)
	}
	tx := &Tx{ctx: ctx, db: db, conn: conn}
	defer tx.release()
	tx.held.Queue("BEGIN")
	if err := fn(tx); err != nil {
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
// another one. Only then is it safe to run it again.
func serialization(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && len(pg.Code) == 5 && pg.Code[:2] == "40"
}

// AfterCommit puts off something that must happen only if the transaction
// stands: Redis, the answer to a press, waking a sender.
func (tx *Tx) AfterCommit(f func()) { tx.after = append(tx.after, f) }

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

// OnNotice sets what is called after the commit of every transaction that put
// something into the outbox. It must be set before the first transaction.
func (db *DB) OnNotice(wake func()) { db.wake = wake }

// Loggable is what may be logged of an error: of one from PostgreSQL only its
// code and the constraint, because its text may quote a value, and of a
// database that is away or says nothing in time that it is, because the text
// names its address.
func Loggable(err error) string {
	if Away(err) || pgconn.Timeout(err) {
		return Silence
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return "SQLSTATE " + pg.Code + " " + pg.TableName + " " + pg.ConstraintName
	}
	return err.Error()
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
	tx.depth++
	defer func() { tx.depth-- }()
	name := "try" + strconv.Itoa(tx.depth)
	tx.held.Queue("SAVEPOINT " + name)
	err := fn()
	if err == nil {
		return nil
	}
	tx.after, tx.notices, tx.cards, tx.links, tx.failed = tx.after[:after], notices, nil, nil, nil
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
	tx.instead, tx.after, tx.notices, tx.cards, tx.links, tx.failed = nil, nil, nil, nil, nil, nil
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

var errReading = errors.New("storage: only reading is allowed here")

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
