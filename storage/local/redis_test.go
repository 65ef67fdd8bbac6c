package local

import (
	"errors"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

func startRedisProcess(t *testing.T, dir string) *RedisChild {
	t.Helper()
	s, err := RedisProcess(t.Context(), dir)
	var missing *MissingError
	if errors.As(err, &missing) && testing.Short() {
		t.Skip(err)
	}
	fatal(t, err)
	t.Cleanup(func() { fatal(t, s.Stop()) })
	return s
}

func client(t *testing.T, url string) *redis.Client {
	t.Helper()
	options, err := redis.ParseURL(url)
	fatal(t, err)
	options.MaxRetries, options.DialerRetries = -1, 1
	c := redis.NewClient(options)
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// both runs a test against the Redis inside the process and a real one.
func both(t *testing.T, test func(t *testing.T, c *redis.Client)) {
	t.Helper()
	t.Run("inside", func(t *testing.T) {
		s, err := Redis()
		fatal(t, err)
		t.Cleanup(s.Stop)
		test(t, client(t, s.URL()))
	})
	t.Run("process", func(t *testing.T) {
		test(t, client(t, startRedisProcess(t, t.TempDir()).URL()))
	})
}

func TestKeysExpireInRealTime(t *testing.T) {
	both(t, func(t *testing.T, c *redis.Client) {
		began := time.Now()
		fatal(t, c.Set(t.Context(), "short", 1, 30*time.Millisecond).Err())
		fatal(t, c.Set(t.Context(), "long", 1, time.Hour).Err())
		eventually(t, "the key expires", func() bool { return c.Exists(t.Context(), "short").Val() == 0 })
		if lasted := time.Since(began); lasted < 30*time.Millisecond {
			t.Errorf("the key lasted %v, want 30 ms", lasted)
		}
		if ttl := c.PTTL(t.Context(), "long").Val(); ttl <= time.Hour-time.Minute || ttl >= time.Hour {
			t.Errorf("time to live of the other: got %v, want a little less than an hour", ttl)
		}
	})
}

func TestMessagesReachASubscriber(t *testing.T) {
	both(t, func(t *testing.T, c *redis.Client) {
		ear := c.Subscribe(t.Context(), "wake")
		defer ear.Close()
		_, err := ear.Receive(t.Context()) // the subscription stands
		fatal(t, err)
		fatal(t, c.Publish(t.Context(), "wake", "outbox").Err())
		got, err := ear.ReceiveMessage(t.Context())
		fatal(t, err)
		if got.Payload != "outbox" {
			t.Errorf("got %q, want %q", got.Payload, "outbox")
		}
	})
}

func TestScriptsRunByTheirHash(t *testing.T) {
	script := redis.NewScript(`
		redis.replicate_commands()
		local due = cjson.decode(ARGV[1])
		redis.call('ZADD', KEYS[1], 'NX', due.at, due.case)
		redis.call('HSET', KEYS[2], 'at', due.at)
		local now = redis.call('TIME')
		local ready = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now[1], 'LIMIT', 0, 10)
		return cjson.encode(ready)`)
	both(t, func(t *testing.T, c *redis.Client) {
		fatal(t, script.Load(t.Context(), c).Err())
		got, err := script.EvalSha(t.Context(), c, []string{"due", "case:7"}, `{"case":"7","at":1}`).Text()
		fatal(t, err)
		if got != `["7"]` {
			t.Errorf("got %s, want %s", got, `["7"]`)
		}
		err = redis.NewScript("return 1").EvalSha(t.Context(), c, nil).Err()
		if err == nil || !strings.HasPrefix(err.Error(), "NOSCRIPT") {
			t.Errorf("an unknown script: got %v, want NOSCRIPT", err)
		}
	})
}

func TestTheRedisInsideRefusesClientsWithoutThePassword(t *testing.T) {
	s, err := Redis()
	fatal(t, err)
	defer s.Stop()
	address, err := url.Parse(s.URL())
	fatal(t, err)
	if err := client(t, "redis://"+address.Host).Get(t.Context(), "k").Err(); err == nil || !strings.HasPrefix(err.Error(), "NOAUTH") {
		t.Errorf("got %v, want NOAUTH", err)
	}
	s.Stop()
}

func TestAKilledRedisComesBackEmptyAtTheSameAddress(t *testing.T) {
	dir := t.TempDir()
	first := startRedisProcess(t, dir)
	c := client(t, first.URL())
	fatal(t, c.Set(t.Context(), "k", 1, 0).Err())
	first.Kill()
	<-first.Done()
	if err := c.Ping(t.Context()).Err(); err == nil {
		t.Error("a killed server answered")
	}
	startRedisProcess(t, dir)
	if n, err := c.DBSize(t.Context()).Result(); n != 0 || err != nil {
		t.Errorf("keys after the restart: got %d, %v; want 0", n, err)
	}
}

func TestRedisEndsByItselfWhenTheParentIsKilled(t *testing.T) {
	startRedisProcess(t, t.TempDir())
	url, kill := runParent(t, "redis", t.TempDir())
	options, err := redis.ParseURL(url)
	fatal(t, err)
	answers := func() bool {
		conn, err := net.Dial("unix", options.Addr)
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	}
	if !answers() {
		t.Fatalf("nothing listens at %s", url)
	}
	kill()
	eventually(t, "redis-server ends", func() bool { return !answers() })
}

func TestASecondRedisIsToldThatTheDirectoryIsInUse(t *testing.T) {
	dir := t.TempDir()
	startRedisProcess(t, dir)
	if _, err := RedisProcess(t.Context(), dir); !errors.Is(err, ErrInUse) {
		t.Errorf("got %v, want %v", err, ErrInUse)
	}
}

func TestAMissingRedisIsOneLineThatSaysWhatToInstall(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := RedisProcess(t.Context(), t.TempDir())
	want := "redis-server was not found: install it with: apt-get install redis-server"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
