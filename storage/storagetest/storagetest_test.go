package storagetest

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"

	"koprik/storage/local"
)

var migrated atomic.Int32

func TestMain(m *testing.M) {
	Template(func(ctx context.Context, url string) error {
		migrated.Add(1)
		conn, err := pgx.Connect(ctx, url)
		if err != nil {
			return err
		}
		defer conn.Close(ctx)
		_, err = conn.Exec(ctx, "CREATE TABLE words (word text)")
		return err
	})
	Main(m)
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func client(t *testing.T, url string) *redis.Client {
	t.Helper()
	options, err := redis.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	c := redis.NewClient(options)
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func TestEachTestHasADatabaseOfItsOwnFromATemplateMadeOnce(t *testing.T) {
	for n := range 4 {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			conn := connect(t, Postgres(t))
			t.Logf("copy and connect: %v", time.Since(began).Round(time.Millisecond))
			var rows int
			err := conn.QueryRow(t.Context(), "WITH i AS (INSERT INTO words VALUES ('mine')) SELECT count(*) FROM words").Scan(&rows)
			if err != nil || rows != 0 {
				t.Errorf("rows of others: got %d, %v; want 0", rows, err)
			}
		})
	}
	t.Cleanup(func() {
		if n := migrated.Load(); n > 1 {
			t.Errorf("the template was made %d times, want once at most", n)
		}
	})
}

func TestTheDatabaseIsDroppedAfterTheTestThoughSessionsAreOpen(t *testing.T) {
	var name string
	t.Run("inner", func(t *testing.T) {
		url := Postgres(t)
		conn, err := pgx.Connect(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		name = conn.Config().Database // and the session stays open
	})
	var left int
	err := connect(t, Postgres(t)).QueryRow(t.Context(), "SELECT count(*) FROM pg_database WHERE datname = $1", name).Scan(&left)
	if err != nil || left != 0 {
		t.Errorf("database %s: got %d, %v; want it gone", name, left, err)
	}
}

func TestEachTestHasAnEmptyRedisOfItsOwn(t *testing.T) {
	a, b := client(t, Redis(t)), client(t, Redis(t))
	if err := a.Set(t.Context(), "k", 1, 0).Err(); err != nil {
		t.Fatal(err)
	}
	if n := b.Exists(t.Context(), "k").Val(); n != 0 {
		t.Error("one test sees the keys of another")
	}
}

func TestALogicalDatabaseIsFlushedBeforeItIsGivenOutAgain(t *testing.T) {
	for n := range local.Databases + 1 {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			c := client(t, Redis(t))
			if n, err := c.DBSize(t.Context()).Result(); n != 0 || err != nil {
				t.Fatalf("keys: got %d, %v; want 0", n, err)
			}
			if err := c.Set(t.Context(), "k", 1, 0).Err(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// TestInnerPanic is run by the test below, in a process of its own.
func TestInnerPanic(t *testing.T) {
	if os.Getenv("STORAGETEST_PANIC") != "" {
		fmt.Printf("\nPOSTGRES %s\nREDIS %s\n", Postgres(t), Redis(t))
		panic("on purpose")
	}
}

func TestServersEndWithATestProgramThatPanics(t *testing.T) {
	Postgres(t) // this process has the first slots; the other takes the next
	Redis(t)
	cmd := exec.Command(os.Args[0], "-test.run=^TestInnerPanic$")
	cmd.Env = append(os.Environ(), "STORAGETEST_PANIC=1")
	said, err := cmd.Output()
	if err == nil {
		t.Fatalf("the inner test did not panic:\n%s", said)
	}
	addresses := map[string]string{}
	for line := range strings.Lines(string(said)) {
		kind, url, _ := strings.Cut(strings.TrimSpace(line), " ")
		addresses[kind] = url
	}
	if addresses["POSTGRES"] == "" || addresses["REDIS"] == "" {
		t.Fatalf("the inner test got no servers:\n%s", said)
	}
	eventually(t, "PostgreSQL ends", func() bool {
		_, err := pgx.Connect(context.Background(), addresses["POSTGRES"])
		return err != nil
	})
	eventually(t, "redis-server ends", func() bool {
		options, err := redis.ParseURL(addresses["REDIS"])
		if err != nil {
			t.Fatal(err)
		}
		conn, err := net.Dial("unix", options.Addr)
		if err == nil {
			_ = conn.Close()
		}
		return err != nil
	})
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(20 * time.Second)
	for !holds() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("%s: not within 20 s", what)
		}
	}
}

// outcome notes how a test ended, in place of ending one.
type outcome struct {
	testing.TB
	failed, skipped bool
}

func (o *outcome) Helper()      {}
func (o *outcome) Fatal(...any) { o.failed = true; runtime.Goexit() }
func (o *outcome) Skip(...any)  { o.skipped = true; runtime.Goexit() }

func TestAMissingProgramFailsATestAndSkipsItUnderShort(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, missing := local.RedisProcess(t.Context(), t.TempDir())
	short := flag.Lookup("test.short").Value
	before := short.String()
	t.Cleanup(func() { _ = short.Set(before) })
	for _, test := range []struct {
		short           string
		err             error
		failed, skipped bool
	}{
		{"false", missing, true, false},
		{"true", missing, false, true},
		{"true", errors.New("something else"), true, false},
		{"false", nil, false, false},
	} {
		_ = short.Set(test.short)
		got := &outcome{TB: t}
		done := make(chan struct{})
		go func() { defer close(done); needs(got, test.err) }()
		<-done
		if got.failed != test.failed || got.skipped != test.skipped {
			t.Errorf("short %s, %v: got failed %v, skipped %v", test.short, test.err, got.failed, got.skipped)
		}
	}
}
