package local

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Options say where a PostgreSQL keeps its data and how careful it is.
type Options struct {
	// Dir holds the data, made if missing. One process at a time can use it.
	Dir string
	// Durable data survive a power cut. Others survive the death of any
	// process, not that of the machine; that is for the demo and the tests.
	Durable bool
	// Temporary data are thrown away at the start and by Stop.
	Temporary bool
	// NoFetch never downloads PostgreSQL's programs where there are none.
	NoFetch bool
	// Log gets what PostgreSQL says at debug level; nil is nowhere.
	Log *slog.Logger
}

// Server is a running PostgreSQL of ours.
type Server struct {
	place     place
	bin       string // the folder of the programs that serve it
	options   Options
	temporary bool
	child     *child
	lock      *os.File
	once      sync.Once
}

// Postgres starts a PostgreSQL and returns when it accepts connections. The
// context bounds the start only: the caller ends the server with Stop. An
// error is one line: a *MissingError where there are no programs, ErrInUse
// where another process holds the directory.
func Postgres(ctx context.Context, o Options) (*Server, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	dir, err := makeDir(o.Dir)
	if err != nil {
		return nil, err
	}
	held, err := lock(dir, "postgres.lock")
	if err != nil {
		return nil, err
	}
	s := &Server{lock: held, options: o, temporary: o.Temporary}
	if err := s.start(ctx, dir, o); err != nil {
		s.Kill()
		return nil, err
	}
	return s, nil
}

func (s *Server) start(ctx context.Context, dir string, o Options) (err error) {
	if s.place, err = choosePlace(dir, o.Durable, o.Log); err != nil {
		return err
	}
	if err = stopLeftovers(ctx, s.place, s.gentle()); err != nil {
		return err
	}
	if s.temporary {
		if err = os.RemoveAll(s.place.data); err != nil {
			return err
		}
	}
	return s.serve(ctx, o)
}

// serve starts the server on the data that are there, and makes them if there
// are none.
func (s *Server) serve(ctx context.Context, o Options) error {
	use, err := onThisMachine(o).forData(ctx, s.place, o.Log)
	if err != nil {
		return err
	}
	if err = initialise(ctx, use, s.place, o); err != nil {
		return err
	}
	s.bin = use.bin
	cmd := exec.Command(filepath.Join(use.bin, "postgres"), arguments(s.place, o.Durable)...)
	cmd.Dir = s.place.data
	// SIGINT is the fast shutdown: sessions are cut off, the data written.
	if s.child, err = begin(cmd, s.place.as, syscall.SIGINT, o.Log); err != nil {
		return err
	}
	return s.awaitReady(ctx)
}

// initialise makes the data directory if there is none. It is made beside its
// place and moved there, so that a killed initdb leaves nothing that looks
// like one.
func initialise(ctx context.Context, use programs, where place, o Options) error {
	if major, err := majorOf(where.data); err != nil || major > 0 {
		return err
	}
	if entries, _ := os.ReadDir(where.data); len(entries) > 0 {
		return fmt.Errorf("%s holds something else than PostgreSQL's data: move it away", where.data)
	}
	fresh := where.data + ".new"
	var said string
	for _, locale := range []string{"C.UTF-8", "C"} { // not every system has the first
		if err := os.RemoveAll(fresh); err != nil {
			return err
		}
		if err := where.as.privateDir(fresh); err != nil {
			return err
		}
		ok, reason, err := initdb(ctx, use, fresh, locale, where.as, o)
		if err != nil {
			return err
		}
		if ok {
			return os.Rename(fresh, where.data)
		}
		said = reason
	}
	return fmt.Errorf("initdb: %s", said)
}

func initdb(ctx context.Context, use programs, data, locale string, as *account, o Options) (ok bool, reason string, err error) {
	args := []string{"-D", data, "-U", superuser, "-E", "UTF8", "--locale=" + locale, "--auth=trust"}
	if !o.Durable {
		args = append(args, "--no-sync")
	}
	cmd := exec.Command(filepath.Join(use.bin, "initdb"), args...)
	cmd.Dir = data
	c, err := begin(cmd, as, syscall.SIGKILL, o.Log)
	if err != nil {
		return false, "", err
	}
	select {
	case <-c.done:
		return cmd.ProcessState.Success(), c.said.reason(), nil
	case <-ctx.Done():
		c.kill()
		return false, "", ctx.Err()
	}
}

// superuser is the only one; whoever may enter the socket's directory is it.
const superuser = "koprik"

// arguments are the settings of a small server without TCP. What it logs holds
// no statement and no value of a row.
func arguments(where place, durable bool) []string {
	settings := []string{
		"listen_addresses=",
		"port=5432",
		"unix_socket_directories=" + where.socket,
		"unix_socket_permissions=0700",
		"shared_buffers=64MB",
		"max_wal_size=256MB",
		"timezone=UTC",
		"log_timezone=UTC",
		"log_line_prefix=",
		"log_min_error_statement=panic",
		"log_error_verbosity=terse",
		"jit=off",
	}
	if durable {
		settings = append(settings, "max_connections=100")
	} else {
		// A commit is still handed to the system before it is answered
		// (synchronous_commit), so a killed server has lost none. Shared memory
		// lies with the data, so that one that is killed leaves none in /dev/shm.
		settings = append(settings, "max_connections=400", "fsync=off", "full_page_writes=off",
			"wal_level=minimal", "max_wal_senders=0", "dynamic_shared_memory_type=mmap")
	}
	args := []string{"-D", where.data}
	for _, setting := range settings {
		args = append(args, "-c", setting)
	}
	return args
}

// awaitReady returns when a session can be opened. A recovery may take long:
// only the end of the server or of the context gives up.
func (s *Server) awaitReady(ctx context.Context) error {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		conn, err := pgx.Connect(ctx, s.URL())
		if err == nil {
			return conn.Close(ctx)
		}
		var refusal *pgconn.PgError
		if errors.As(err, &refusal) && refusal.Code != "57P03" { // cannot connect now
			return fmt.Errorf("PostgreSQL in %s: %s", s.place.data, refusal.Message)
		}
		select {
		case <-s.child.done:
			return fmt.Errorf("PostgreSQL did not start: %s", s.child.said.reason())
		case <-ctx.Done():
			return fmt.Errorf("waiting for PostgreSQL to start: %w", ctx.Err())
		case <-tick.C:
		}
	}
}

// URL returns the address of the server for pgx and psql: a unix socket, so
// nothing listens on the network. It stays the same when the server is
// started again in the same directory.
func (s *Server) URL() string {
	where := url.Values{"host": {s.place.socket}, "port": {"5432"}, "sslmode": {"disable"}}
	return (&url.URL{Scheme: "postgres", User: url.User(superuser), Path: "/postgres", RawQuery: where.Encode()}).String()
}

// Base is the directory that holds the data: the one of the Options, or one
// outside it where the user that PostgreSQL runs as cannot reach that.
func (s *Server) Base() string { return s.place.base }

// Tool finds another program of PostgreSQL, such as pg_restore: of the release
// that serves the data, else of the system.
func (s *Server) Tool(name string) (string, bool) {
	for _, path := range []string{filepath.Join(s.bin, name), name} {
		if found, err := exec.LookPath(path); err == nil {
			return found, true
		}
	}
	return "", false
}

// Done is closed when the server has ended, also when nobody asked it to.
func (s *Server) Done() <-chan struct{} { return s.child.done }

// Stop cuts off all sessions, waits until the data are written and the server
// is gone, and lets go of the directory. It may be called more than once.
func (s *Server) Stop() (err error) {
	s.once.Do(func() {
		err = s.end(s.gentle())
		if s.temporary {
			err = errors.Join(err, os.RemoveAll(s.place.data))
		}
		_ = s.lock.Close()
	})
	return err
}

// gentle is the signal that ends PostgreSQL with its data written: the fast
// shutdown. Nothing needs to be written of what is thrown away.
func (s *Server) gentle() syscall.Signal {
	if s.temporary {
		return syscall.SIGQUIT
	}
	return syscall.SIGINT
}

// Kill ends the server as a crash would, without writing its data: the next
// start recovers them from the log. It returns when the server is gone.
func (s *Server) Kill() {
	s.once.Do(func() {
		_ = s.end(syscall.SIGQUIT)
		_ = s.lock.Close()
	})
}

func (s *Server) end(sig syscall.Signal) (err error) {
	if s.child != nil && !s.child.signal(sig, 6*time.Second) && !s.child.signal(syscall.SIGQUIT, 2*time.Second) {
		s.child.kill()
		err = errors.New("PostgreSQL did not stop within 8 s and was killed; the next start recovers its data")
	}
	if s.place.socket != "" {
		_ = os.RemoveAll(s.place.socket) // made again by the next start
	}
	return err
}
