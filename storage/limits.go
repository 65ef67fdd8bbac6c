package storage

import (
	"context"
	"sync"
	"time"

	"github.com/go-redis/redis_rate/v10"
	"github.com/redis/go-redis/v9"
)

// Limits keeps Telegram's limit over all chats across replicas. Redis counts;
// while it is away every replica keeps to its share of the rate by itself.
type Limits struct {
	redis    *redis_rate.Limiter
	rate     int
	replicas func() int
	now      func() time.Time

	mu     sync.Mutex
	tokens float64
	filled time.Time
	away   time.Time // ask Redis again after this moment
}

const (
	limitKey   = "telegram"
	limitBurst = 4           // so that no second sees much more than the rate
	awayFor    = time.Second // between two tries while Redis does not answer
)

// NewLimits allows so many messages a second over all replicas, of which there
// are as many as replicas says at the moment. Now is the real clock, also where
// the rest of the program has another one.
func NewLimits(client redis.UniversalClient, rate int, replicas func() int, now func() time.Time) *Limits {
	return &Limits{redis: redis_rate.NewLimiter(client), rate: rate, replicas: replicas, now: now, tokens: 1, filled: now()}
}

// Take asks for up to n messages. With none granted it says how long to wait.
func (l *Limits) Take(ctx context.Context, n int) (granted int, wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.now().Before(l.away) {
		limit := redis_rate.Limit{Rate: l.rate, Burst: limitBurst, Period: time.Second}
		answer, err := l.redis.AllowAtMost(ctx, limitKey, limit, n)
		if err == nil {
			return answer.Allowed, max(0, answer.RetryAfter)
		}
		l.away = l.now().Add(awayFor)
	}
	return l.local(n)
}

// local is a bucket that fills with this replica's share.
func (l *Limits) local(n int) (int, time.Duration) {
	now := l.now()
	share := float64(l.rate) / float64(max(1, l.replicas()))
	if passed := now.Sub(l.filled).Seconds(); passed > 0 {
		l.tokens = min(limitBurst, l.tokens+passed*share)
	}
	l.filled = now
	if l.tokens < 1 {
		return 0, time.Duration((1-l.tokens)/share*float64(time.Second)) + time.Millisecond
	}
	granted := min(n, int(l.tokens))
	l.tokens -= float64(granted)
	return granted, 0
}
