package local

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// stopLeftovers ends the PostgreSQL of a process that was killed, and removes
// the notes it may have left: they would keep the next one from starting while
// its number belongs to another process, or to one that nobody has buried yet.
// The caller holds the directory's lock.
func stopLeftovers(ctx context.Context, where place, sig syscall.Signal) error {
	patience := time.After(10 * time.Second)
	for {
		left := postgresIn(where.data)
		if len(left) == 0 {
			return forget(where)
		}
		signalAll(left, postmaster(where.data), sig)
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for the PostgreSQL of an earlier run (process %d) to stop: %w", left[0], ctx.Err())
		case <-patience:
			sig = syscall.SIGKILL
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// signalAll tells the postmaster, which passes it on, or the orphans at once.
func signalAll(left []int, postmaster int, sig syscall.Signal) {
	led := slices.Contains(left, postmaster)
	for _, pid := range left {
		switch { // one that is gone by now is as good
		case sig == syscall.SIGKILL || pid == postmaster:
			_ = syscall.Kill(pid, sig)
		case !led:
			_ = syscall.Kill(pid, syscall.SIGQUIT)
		}
	}
}

func forget(where place) error {
	for _, note := range []string{
		filepath.Join(where.data, "postmaster.pid"),
		filepath.Join(where.socket, ".s.PGSQL.5432.lock"),
		filepath.Join(where.socket, ".s.PGSQL.5432"),
	} {
		if err := os.Remove(note); err != nil && !os.IsNotExist(err) {
			return err
		}
	}
	return nil
}

// postmaster returns the process that a data directory says is serving it.
func postmaster(data string) int {
	text, _ := os.ReadFile(filepath.Join(data, "postmaster.pid"))
	line, _, _ := strings.Cut(string(text), "\n")
	pid, _ := strconv.Atoi(strings.TrimSpace(line))
	return pid
}
