package simulator

import (
	"context"
	"fmt"
	"time"
)

// signal tells any number of waiters that something happened. Server.mu
// guards it.
type signal struct{ ch chan struct{} }

func (g *signal) wait() <-chan struct{} {
	if g.ch == nil {
		g.ch = make(chan struct{})
	}
	return g.ch
}

func (g *signal) raise() {
	if g.ch != nil {
		close(g.ch)
		g.ch = nil
	}
}

// Changed gives a channel that is closed at the next change of anything: a
// message, a call, an update, the clock.
func (s *Server) Changed() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.changed.wait()
}

// settle is how often Wait looks again though nothing changed here, for
// conditions that also look at the bot's own state.
const settle = 50 * time.Millisecond

// Wait returns nil as soon as cond is true. It is evaluated at every change
// and at least every 50 ms; cond runs without locks and may call the Server.
func (s *Server) Wait(ctx context.Context, cond func() bool) error {
	tick := time.NewTicker(settle)
	defer tick.Stop()
	for {
		changed := s.Changed()
		if cond() {
			return nil
		}
		select {
		case <-changed:
		case <-tick.C:
		case <-s.closing:
			return fmt.Errorf("simulator is closed while waiting")
		case <-ctx.Done():
			return fmt.Errorf("simulator: condition is not met: %w", ctx.Err())
		}
	}
}
