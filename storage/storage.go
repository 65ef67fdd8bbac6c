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
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
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
	died     atomic.Int64 // until when, Unix µs, a replica may have lived of which it is known that it died

	unwritten unwritten
}

// Options say how to reach the database.
type Options struct {
	URL         string
	Connections int // of workers and senders; 0 is a sensible number
	Tracer      pgx.QueryTracer
	Wall        func() time.Time // the real clock, for Writes and for being sure of the keys
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
	db := &DB{work: work, intake: intake, seals: seals, unwritten: unwritten{wall: o.Wall}}
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
