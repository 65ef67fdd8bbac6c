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
		granted, wait, err := l.ask(ctx, limit, n)
		if err == nil {
			return granted, wait
		}
		l.away = l.now().Add(awayFor)
	}
	return l.local(n)
}

// ask asks Redis for n, or else for one. AllowAtMost is not asked: it takes the
// fraction of a message that is there beyond the whole ones and gives it to nobody,
// which at Telegram's limit is every third message.
func (l *Limits) ask(ctx context.Context, limit redis_rate.Limit, n int) (granted int, wait time.Duration, err error) {
	for _, n := range []int{n, 1} {
		answer, err := l.redis.AllowN(ctx, limitKey, limit, n)
		if err != nil {
			return 0, 0, err
		}
		if answer.Allowed > 0 {
			return answer.Allowed, 0, nil
		}
		wait = max(0, answer.RetryAfter)
	}
	return 0, wait, nil
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
