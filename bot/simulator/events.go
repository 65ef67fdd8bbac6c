package simulator

// keptEvents is how far back a page that was away can resume.
const keptEvents = 8192

// event says that one thing has changed; what it is now is looked up when the
// event is sent.
type event struct {
	kind   string // "message", "chat", "press", "call", "clock", "commands", "profile"
	chatID int64
	id     int // of a message
	number int // of a call
	press  *Press
}

type eventLog = ring[event]

// happen tells everybody who waits that something changed; the lock is held.
func (s *Server) happen(e event) {
	s.events.add(e)
	s.changed.raise()
}
