// Package storagetest gives every test a PostgreSQL database and a Redis of
// its own, on real servers that start with the first test that asks.
//
// A test fails where a server's program is missing, except under -short, where
// it is skipped. The servers end with the test program, also when it panics.
// The package does not know the schema: a test program says with Template how
// a database gets it. Nothing but tests may import it.
package storagetest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"koprik/storage/local"
)

// Main runs the tests and stops the servers. A TestMain that does nothing else
// is not needed: the servers end by themselves, and the next run clears up.
func Main(m *testing.M) {
	defer process.stop()
	m.Run() // its result becomes the exit code when TestMain returns
}

// Template says how an empty database becomes what the tests expect: usually
// storage's migrations. It is called in TestMain, before any test, and runs
// once, when the first test asks for a database.
func Template(migrate func(ctx context.Context, url string) error) {
	process.mu.Lock()
	defer process.mu.Unlock()
	if process.postgres != nil {
		panic("storagetest: Template is called before the first test, in TestMain")
	}
	process.migrate = migrate
}

// Dir returns a temporary directory that PostgreSQL's own user can reach, as
// t.TempDir() is not when root runs the tests: for tests that start, kill and
// start again a server of their own with local.Postgres.
func Dir(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Chmod(filepath.Dir(dir), 0o711); err != nil {
		t.Fatal(err)
	}
	return dir
}

// servers are what the tests of one process share.
type servers struct {
	mu       sync.Mutex
	migrate  func(ctx context.Context, url string) error
	postgres *postgres
	redis    *redisServer
}

// process is this test program's, of which there is one.
var process servers

const patience = time.Minute

func (s *servers) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.postgres != nil {
		s.postgres.stop()
	}
	if s.redis != nil {
		s.redis.stop()
	}
}

// needs fails the test for an error of a start, and skips it under -short if
// the error is that a program is missing.
func needs(t testing.TB, err error) {
	t.Helper()
	var missing *local.MissingError
	switch {
	case err == nil:
	case errors.As(err, &missing) && testing.Short():
		t.Skip(err)
	default:
		t.Fatal(err)
	}
}

// inSlot starts a server in the first directory that no other test process
// has. The few directories are used again and again, so that what a killed
// process leaves there does not pile up.
func inSlot[S any](kind string, start func(dir string) (S, error)) (S, error) {
	home, err := slots()
	for n := 0; err == nil; n++ {
		server, failed := start(filepath.Join(home, fmt.Sprint(kind, n)))
		if !errors.Is(failed, local.ErrInUse) {
			return server, failed
		}
	}
	var none S
	return none, err
}

// slots is where the directories are: of this user, in memory if there is room.
func slots() (string, error) {
	home := filepath.Join(parent(), fmt.Sprint("koprik-tests-", os.Geteuid()))
	if err := os.Mkdir(home, 0o711); err != nil && !os.IsExist(err) {
		return "", err
	}
	info, err := os.Lstat(home)
	if err != nil {
		return "", err
	}
	stat, known := info.Sys().(*syscall.Stat_t)
	if !info.IsDir() || !known || int(stat.Uid) != os.Geteuid() {
		return "", fmt.Errorf("%s belongs to somebody else: remove it", home)
	}
	return home, nil
}

// parent is Linux's file system in memory unless TMPDIR is set or there is
// little room: a database is a thousand files, which a slow disk takes 300 ms
// to make, and memory 13.
func parent() string {
	const memory, room = "/dev/shm", 1 << 30
	var free syscall.Statfs_t
	if os.Getenv("TMPDIR") == "" && syscall.Statfs(memory, &free) == nil && uint64(free.Bavail)*uint64(free.Bsize) >= room {
		return memory
	}
	return os.TempDir()
}
