package storagetest

import (
	"context"
	"fmt"
	"net/url"
	"testing"

	"github.com/redis/go-redis/v9"

	"koprik/storage/local"
)

// Redis returns the address of an empty logical database of a real Redis,
// which no other test has until this one ends. Channels of publish and
// subscribe, loaded scripts and FLUSHALL belong to the server, so tests that
// run in parallel share those: name channels apart, and never FLUSHALL.
func Redis(t testing.TB) string {
	t.Helper()
	r, err := process.startedRedis()
	needs(t, err)
	select {
	case number := <-r.free:
		t.Cleanup(func() { r.free <- number })
		address := r.url(number)
		if err := flush(t.Context(), address); err != nil {
			t.Fatal(err)
		}
		return address
	default:
		t.Fatalf("more than %d tests use Redis at once", local.Databases)
		return ""
	}
}

// redisServer is the one server, or why there is none.
type redisServer struct {
	server *local.RedisChild
	free   chan int // the logical databases that no test has
	err    error
}

func (s *servers) startedRedis() (*redisServer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.redis == nil {
		s.redis = &redisServer{free: make(chan int, local.Databases)}
		s.redis.err = s.redis.start()
	}
	return s.redis, s.redis.err
}

func (r *redisServer) start() (err error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	r.server, err = inSlot("redis", func(dir string) (*local.RedisChild, error) {
		return local.RedisProcess(ctx, dir)
	})
	for number := range local.Databases {
		r.free <- number
	}
	return err
}

func (r *redisServer) url(number int) string {
	address, err := url.Parse(r.server.URL())
	if err != nil {
		panic(err) // we made it
	}
	address.RawQuery = fmt.Sprint("db=", number)
	return address.String()
}

func flush(ctx context.Context, address string) error {
	options, err := redis.ParseURL(address)
	if err != nil {
		return err
	}
	client := redis.NewClient(options)
	defer client.Close()
	return client.FlushDB(ctx).Err()
}

func (r *redisServer) stop() {
	if r.server != nil {
		r.server.Kill()
	}
}
