package local

import (
	"context"
	"fmt"
	"time"
)

// How a server that ended by itself is started again.
const (
	mostFalls  = 5                // in a row, before it is given up
	longestGap = 8 * time.Second  // between two starts; the first follows at once
	steady     = time.Minute      // a server that ran for so long has recovered
	restart    = 10 * time.Minute // a long log may have to be gone through
)

// Keep starts the server again whenever it ends by itself, on the same data and
// at the same address, and returns nil when ctx ends. Its error is that the
// server could not be brought back. Stop, Kill and Done may be called once Keep
// has returned.
func (s *Server) Keep(ctx context.Context) error {
	for falls := 0; ; {
		began := time.Now()
		select {
		case <-ctx.Done():
			return nil
		case <-s.child.done:
		}
		if time.Since(began) > steady {
			falls = 0
		}
		reason := s.child.said.reason()
		for back := false; !back; falls++ {
			if falls == mostFalls && ctx.Err() == nil {
				return fmt.Errorf("PostgreSQL ended and could not be started again: %s", reason)
			}
			s.options.Log.Warn("PostgreSQL ended and is started again", "attempt", falls+1)
			if !rest(ctx, falls) {
				return nil
			}
			if err := s.again(ctx); err != nil {
				reason = err.Error()
				continue
			}
			back = true
		}
	}
}

// rest waits longer with every fall; it is false when ctx ends first.
func rest(ctx context.Context, falls int) bool {
	gap := time.Duration(0)
	if falls > 0 {
		gap = min(longestGap, time.Second<<(falls-1))
	}
	select {
	case <-ctx.Done():
		return false
	case <-time.After(gap):
		return true
	}
}

// again clears away what is left of the server that ended, and starts it.
func (s *Server) again(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, restart)
	defer cancel()
	if err := stopLeftovers(ctx, s.place, s.gentle()); err != nil {
		return err
	}
	err := s.serve(ctx, s.options)
	if err != nil && s.child != nil && ctx.Err() == nil {
		s.child.kill() // one that never came to answer must not run on
	}
	return err
}
