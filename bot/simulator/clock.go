package simulator

import "time"

// Now is the time in this Telegram.
func (s *Server) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now()
}

// now is Now for holders of the lock.
func (s *Server) now() time.Time { return s.cfg.Now().Add(s.offset) }

// Advance moves the clock forward: what has expired by then is gone.
func (s *Server) Advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.offset += d
	s.queue.expire(s.now())
	s.happen(event{kind: "clock"})
}

// Ahead is how far the clock is ahead of Config.Now.
func (s *Server) Ahead() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.offset
}
