package storage_test

import (
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"koprik/storage"
	"koprik/storage/storagetest"
)

func redisOf(t *testing.T) redis.UniversalClient {
	t.Helper()
	client, err := storage.OpenRedis(storagetest.Redis(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return client
}

func TestReplicasShareTheLimit(t *testing.T) {
	t.Parallel()
	client := redisOf(t)
	var mu sync.Mutex
	total := 0
	began := time.Now()
	var replicas sync.WaitGroup
	for range 3 {
		limits := storage.NewLimits(client, 25, func() int { return 3 }, time.Now)
		replicas.Go(func() {
			for time.Since(began) < 2*time.Second { // a call that is cut short would fall back to the own share
				n, wait := limits.Take(t.Context(), 4)
				mu.Lock()
				total += n
				mu.Unlock()
				time.Sleep(wait)
			}
		})
	}
	replicas.Wait()
	most := 6 + int(25*time.Since(began).Seconds())
	if total < 5 || total > most {
		t.Errorf("granted in 2 s: got %d, want no more than %d", total, most)
	}
}

// TestNoPermitIsLostBetweenTwoTakes asks at moments between which one message and a
// half may go: the halves are not to be lost.
func TestNoPermitIsLostBetweenTwoTakes(t *testing.T) {
	t.Parallel()
	const rate, bucket = 25, 4.0
	limits := storage.NewLimits(redisOf(t), rate, func() int { return 1 }, time.Now)
	total, allowed, before := 0, bucket, time.Now()
	for range 30 {
		n, _ := limits.Take(t.Context(), 4)
		total += n
		time.Sleep(1500 * time.Millisecond / rate)
		allowed += min(bucket, rate*time.Since(before).Seconds()) // a longer stall fills no more than the bucket
		before = time.Now()
	}
	if float64(total) < 0.9*allowed-bucket {
		t.Errorf("granted: got %d of %.0f", total, allowed)
	}
}

func TestWithoutRedisAReplicaKeepsToItsShare(t *testing.T) {
	t.Parallel()
	client := redisOf(t)
	_ = client.Close()
	now := time.Date(2026, 7, 1, 9, 0, 0, 0, time.UTC)
	replicas := 3
	limits := storage.NewLimits(client, 24, func() int { return replicas }, func() time.Time { return now })
	tenSeconds := func() (total int) {
		for range 2000 { // in steps of 5 ms
			now = now.Add(5 * time.Millisecond)
			n, wait := limits.Take(t.Context(), 4)
			if n == 0 && (wait <= 0 || wait > time.Second) {
				t.Fatalf("wait: got %v", wait)
			}
			total += n
		}
		return total
	}
	if total := tenSeconds(); total < 79 || total > 86 {
		t.Errorf("granted to one of three in 10 s: got %d, want 8 a second and a small burst", total)
	}
	replicas = 2 // one is gone
	if total := tenSeconds(); total < 119 || total > 126 {
		t.Errorf("granted to one of two in 10 s: got %d, want 12 a second and a small burst", total)
	}
}
