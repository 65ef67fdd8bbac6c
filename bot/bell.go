package bot

import (
	"context"
	"time"
)

// idle is how long what was not announced may wait.
const idle = 250 * time.Millisecond

// bell wakes those who wait for work, one a ring. Rings that nobody waits for
// are kept, up to the number of those who may come to wait.
type bell chan struct{}

func newBell(waiters int) bell { return make(bell, waiters) }

// ring wakes one; it never blocks.
func (b bell) ring() {
	select {
	case b <- struct{}{}:
	default:
	}
}

// wait returns when the bell rings, and false when ctx ends.
func (b bell) wait(ctx context.Context) bool {
	select {
	case <-b:
		return true
	case <-ctx.Done():
		return false
	}
}

// tick rings now and then, for work that was announced in another process or
// falls due.
func (b bell) tick(ctx context.Context) {
	ticker := time.NewTicker(idle)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			b.ring()
		case <-ctx.Done():
			return
		}
	}
}

// pause waits for d, and is false when ctx ends first.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
