package local

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/alicebob/miniredis/v2"
)

// RedisServer is a Redis inside this process. What it holds is gone with it.
type RedisServer struct {
	inside *miniredis.Miniredis
	secret string
}

// Redis starts a Redis inside this process, on a free port of 127.0.0.1 and
// behind a password, since other users of the machine reach that port too.
// Keys expire by the machine's clock.
func Redis() (*RedisServer, error) {
	s := &RedisServer{inside: miniredis.NewMiniRedis(), secret: rand.Text()}
	s.inside.RequireAuth(s.secret)
	s.inside.ClockTTL(true)
	if err := s.inside.StartAddr("127.0.0.1:0"); err != nil {
		return nil, fmt.Errorf("redis: %w", err)
	}
	return s, nil
}

// URL returns the address of the server for go-redis. It holds the password.
func (s *RedisServer) URL() string {
	return (&url.URL{Scheme: "redis", User: url.UserPassword("", s.secret), Host: s.inside.Addr(), Path: "/0"}).String()
}

// Stop cuts off all clients and ends the server. It may be called more than once.
func (s *RedisServer) Stop() { s.inside.Close() }

// RedisChild is a running redis-server or valkey-server of ours.
type RedisChild struct {
	socket string
	child  *child
	lock   *os.File
	once   sync.Once
}

// Databases is the number of logical databases of a RedisChild.
const Databases = 512

// RedisProcess starts a redis-server that keeps nothing on disk and listens on
// a unix socket in a private directory only; dir is made if missing. It
// returns when the server answers. The context bounds the start only. Errors
// are those of Postgres.
func RedisProcess(ctx context.Context, dir string) (*RedisChild, error) {
	program, err := redisProgram()
	if err != nil {
		return nil, err
	}
	if dir, err = makeDir(dir); err != nil {
		return nil, err
	}
	held, err := lock(dir, "redis.lock")
	if err != nil {
		return nil, err
	}
	s := &RedisChild{lock: held}
	if err := s.start(ctx, program, dir); err != nil {
		s.Kill()
		return nil, err
	}
	return s, nil
}

func (s *RedisChild) start(ctx context.Context, program, dir string) error {
	folder, err := socketDir(dir, "redis", "redis.sock", nil)
	if err != nil {
		return err
	}
	s.socket = filepath.Join(folder, "redis.sock")
	cmd := exec.Command(program, "--port", "0", "--unixsocket", s.socket, "--unixsocketperm", "700",
		"--save", "", "--appendonly", "no", "--databases", strconv.Itoa(Databases),
		"--dir", dir, "--daemonize", "no")
	if s.child, err = begin(cmd, nil, syscall.SIGKILL, slog.New(slog.DiscardHandler)); err != nil {
		return err
	}
	return s.awaitReady(ctx)
}

func redisProgram() (string, error) {
	for _, name := range []string{"redis-server", "valkey-server"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errNoRedis
}

func (s *RedisChild) awaitReady(ctx context.Context) error {
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for {
		// With nothing to load, it answers as soon as it listens.
		if conn, err := net.Dial("unix", s.socket); err == nil {
			return conn.Close()
		}
		select {
		case <-s.child.done:
			return fmt.Errorf("redis-server did not start: %s", s.child.said.reason())
		case <-ctx.Done():
			return fmt.Errorf("waiting for redis-server to start: %w", ctx.Err())
		case <-tick.C:
		}
	}
}

// URL returns the address of the server for go-redis. It stays the same when
// the server is started again in the same directory.
func (s *RedisChild) URL() string {
	return (&url.URL{Scheme: "unix", Path: s.socket, RawQuery: "db=0"}).String()
}

// Done is closed when the server has ended, also when nobody asked it to.
func (s *RedisChild) Done() <-chan struct{} { return s.child.done }

// Stop ends the server. It may be called more than once.
func (s *RedisChild) Stop() error {
	s.Kill()
	return nil
}

// Kill ends the server as a crash would and returns when it is gone. There is
// nothing that a slower end would save.
func (s *RedisChild) Kill() {
	s.once.Do(func() {
		defer s.lock.Close()
		if s.child != nil {
			s.child.kill()
		}
		if s.socket != "" {
			_ = os.RemoveAll(filepath.Dir(s.socket)) // made again by the next start
		}
	})
}
