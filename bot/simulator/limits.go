package simulator

import (
	"math"
	"time"
)

// Telegram's sending limits.
const (
	overallRate  = 30.0 // messages a second over all chats
	privateRate  = 1.0  // a second in one private chat
	privateBurst = 5.0
	groupRate    = 20.0 / 60 // a second in one group
	groupBurst   = 20.0
)

// bucket is a token bucket; it may run into debt, as an album is admitted
// whole.
type bucket struct {
	tokens float64
	at     time.Time
}

// limiter counts what the bot sends and edits.
type limiter struct {
	on      bool
	overall bucket
	chats   map[int64]*bucket
}

// SetLimits switches Telegram's sending limits on or off.
func (s *Server) SetLimits(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limits = limiter{on: on}
	s.happen(event{kind: "clock"})
}

// wait is how long until one more is admitted.
func (b *bucket) wait(now time.Time, rate, burst float64) time.Duration {
	if b.at.IsZero() {
		b.tokens = burst
	} else if passed := now.Sub(b.at).Seconds(); passed > 0 {
		b.tokens = math.Min(burst, b.tokens+passed*rate)
	}
	b.at = now
	if b.tokens >= 1-1e-9 {
		return 0
	}
	return time.Duration((1 - b.tokens) / rate * float64(time.Second))
}

// admit takes n messages of the chat out of the limits, or refuses them all.
func (l *limiter) admit(c *chat, n int, now time.Time) *refusal {
	if !l.on {
		return nil
	}
	rate, burst := privateRate, privateBurst
	if c.group != nil {
		rate, burst = groupRate, groupBurst
	}
	if l.chats == nil {
		l.chats = map[int64]*bucket{}
	}
	own := l.chats[c.id]
	if own == nil {
		own = &bucket{}
		l.chats[c.id] = own
	}
	wait := max(l.overall.wait(now, overallRate, overallRate), own.wait(now, rate, burst))
	if wait > 0 {
		return tooMany(int(math.Ceil(wait.Seconds())))
	}
	l.overall.tokens -= float64(n)
	own.tokens -= float64(n)
	return nil
}
