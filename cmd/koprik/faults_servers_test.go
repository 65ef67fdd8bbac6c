//go:build faults

package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/storage/local"
	"koprik/storage/storagetest"
)

// postgresCrashes (F3): PostgreSQL ends without writing its data and comes back.
func postgresCrashes(t *trial) {
	t.besiege(plan{replicas: 2, people: 80, rate: 20, own: true, lasts: pick(t, 2*time.Minute, 10*time.Second)}, 10, func(ctx context.Context, s *siege) {
		for range pick(t, 4, 2) {
			sleep(ctx, t.roughly(pick(t, 30*time.Second, 2*time.Second)))
			s.forgetDatabase()
			s.postgres.Kill()
			sleep(ctx, time.Duration(t.Int64N(int64(2*time.Second))))
			s.startPostgres()
		}
	})
}

// commitsLost (F4): PostgreSQL has committed, and the connection breaks before
// the program learns of it.
func commitsLost(t *trial) {
	s := t.besiege(plan{replicas: 2, people: 60, rate: 20, wire: true, lasts: pick(t, 60*time.Second, 8*time.Second)}, 10, func(ctx context.Context, s *siege) {
		for end := time.Now().Add(pick(t, 60*time.Second, 8*time.Second)); time.Now().Before(end); {
			sleep(ctx, t.roughly(250*time.Millisecond))
			s.wire.cut.Store(1)
		}
		s.wire.cut.Store(0)
	})
	t.remark("%d commits", s.wire.lost.Load())
	if s.wire.lost.Load() == 0 {
		t.Error("no reply to a COMMIT was lost")
	}
}

// redisFlushed (F5): Redis forgets everything, again and again. No escalation may
// come before its time or twice.
func redisFlushed(t *trial) {
	flushes := 0
	t.besiege(plan{replicas: 2, people: 60, rate: 20, lasts: pick(t, 2*time.Minute, 8*time.Second), clear: true}, 30, func(ctx context.Context, s *siege) {
		for range pick(t, 6, 4) {
			sleep(ctx, pick(t, 20*time.Second, 2*time.Second))
			if err := s.client.FlushAll(ctx).Err(); err != nil {
				t.Error(err)
			}
			flushes++
		}
	})
	t.remark("%d flushes", flushes)
}

// redisGone (F6): Redis is gone and comes back empty; then it hangs. Reports are
// filed and accepted meanwhile.
func redisGone(t *trial) {
	t.besiege(plan{replicas: 2, people: 80, rate: pick(t, 5, 15), lasts: pick(t, 363*time.Second, 10*time.Second), clear: true}, 20, func(ctx context.Context, s *siege) {
		s.redis.Kill()
		sleep(ctx, pick(t, 5*time.Minute, 4*time.Second))
		again, err := local.RedisProcess(context.WithoutCancel(t.Context()), s.redisDir)
		if err != nil {
			t.Fatal(err)
		}
		s.redis = again
		sleep(ctx, 2*time.Second)
		pid := s.redisPid()
		_ = syscall.Kill(pid, syscall.SIGSTOP)
		sleep(ctx, pick(t, time.Minute, 4*time.Second))
		_ = syscall.Kill(pid, syscall.SIGCONT)
	})
}

// diskFull (F14): the file system under PostgreSQL is full for a while.
func diskFull(t *trial) {
	dir := storagetest.Dir(t.T)
	if err := exec.Command("mount", "-t", "tmpfs", "-o", "size=700m", "tmpfs", dir).Run(); err != nil {
		t.unmade = true
		t.remark("mounting a small file system needs root: %v", err)
		t.Skip("needs root")
	}
	defer func() { _ = exec.Command("umount", "-l", dir).Run() }()
	_ = os.Chmod(dir, 0o711)
	var down int
	s := t.besiege(plan{replicas: 2, people: 60, rate: 20, own: true, dir: filepath.Join(dir, "pg"), lasts: pick(t, 35*time.Second, 9*time.Second)}, 0, func(ctx context.Context, s *siege) {
		sleep(ctx, 2*time.Second)
		filler := filepath.Join(dir, "filler")
		fill(filler)
		for end := time.Now().Add(pick(t, 30*time.Second, 5*time.Second)); time.Now().Before(end); {
			for _, r := range s.replicas {
				if status(r.at, "/readyz") == http.StatusServiceUnavailable {
					down++
				}
			}
			sleep(ctx, 200*time.Millisecond)
		}
		if err := os.Remove(filler); err != nil {
			t.Error(err)
		}
		select {
		case <-s.postgres.Done(): // it could not even recover
			s.forgetDatabase()
			s.postgres.Kill()
			s.startPostgres()
		case <-time.After(time.Second):
		}
	})
	t.remark("not ready was said %d times", down)
	if down == 0 {
		t.Error("PostgreSQL could write nothing, and every replica said that it was ready")
	}
	s.postgres.Kill()
}

// fill writes until the file system has no room.
func fill(path string) {
	f, err := os.Create(path)
	if err != nil {
		return
	}
	defer f.Close()
	block := make([]byte, 1<<20)
	for {
		if _, err := f.Write(block); err != nil {
			for n := len(block) / 2; n > 0; n /= 2 {
				_, _ = f.Write(block[:n])
			}
			return
		}
	}
}

// leastHeld is how many connections are held up when every worker of two replicas waits.
const leastHeld = 16

// slowDatabase (F17): every answer of PostgreSQL is late; then somebody holds a
// lock on the cases, so that no connection of the workers is free. What people send is
// taken in meanwhile all the same.
func slowDatabase(t *trial) {
	var most, taken, held int
	t.besiege(plan{replicas: 2, people: 60, rate: 10, wire: true, lasts: pick(t, time.Minute, 8*time.Second), clear: true}, 10, func(ctx context.Context, s *siege) {
		s.wire.delay.Store(int64(20 * time.Millisecond))
		sleep(ctx, pick(t, 30*time.Second, 4*time.Second))
		s.wire.delay.Store(0)
		conn, err := pgx.Connect(ctx, s.databaseURL())
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close(context.WithoutCancel(ctx))
		until := time.Now().Add(pick(t, 30*time.Second, 4*time.Second))
		if _, err := conn.Exec(ctx, "BEGIN; LOCK TABLE cases IN ACCESS EXCLUSIVE MODE"); err != nil {
			t.Error(err)
			return
		}
		for time.Now().Before(until) {
			most = max(most, s.telegram.Pending())
			waits := 0
			if err := conn.QueryRow(ctx, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'").Scan(&waits); err != nil {
				t.Error(err)
			}
			held = max(held, waits)
			sleep(ctx, 100*time.Millisecond)
		}
		if err := conn.QueryRow(ctx, "SELECT count(*) FROM inbox WHERE state = 0").Scan(&taken); err != nil {
			t.Error(err)
		}
		if _, err := conn.Exec(ctx, "ROLLBACK"); err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	t.remark("while the cases were locked %d connections were held up, %d updates were taken in and at most %d waited at Telegram", held, taken, most)
	if held < leastHeld {
		t.Errorf("connections that were held up: got %d, want those of the workers, at least %d", held, leastHeld)
	}
	if taken < 20 || most > taken/2 {
		t.Errorf("while the cases were locked: got %d updates taken in and %d left at Telegram, want them taken in", taken, most)
	}
}

// redisPid is the number of Redis's process.
func (s *siege) redisPid() (pid int) {
	s.t.Helper()
	for line := range strings.SplitSeq(s.client.Info(s.t.Context(), "server").Val(), "\r\n") {
		if rest, ok := strings.CutPrefix(line, "process_id:"); ok {
			_, _ = fmt.Sscan(rest, &pid)
		}
	}
	if pid == 0 {
		s.t.Fatal("the number of Redis's process is not known")
	}
	return pid
}
