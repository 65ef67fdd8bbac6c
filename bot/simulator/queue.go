package simulator

import (
	"encoding/json"
	"slices"
	"time"
)

// How long an update waits for the bot.
const (
	pressLives  = 150 * time.Second
	updateLives = 24 * time.Hour
)

// update is one entry of the queue.
type update struct {
	id      int64
	chatID  int64
	raw     json.RawMessage
	expires time.Time
	served  bool // handed to the bot at least once
	taken   bool // confirmed by the bot
	foreign bool // injected or repeated: confirmed only after it was served
}

// queue holds the updates that the bot has not confirmed, in the order in
// which they are handed out.
type queue struct {
	pending  []*update
	recent   ring[*update]
	next     int64 // the next update_id
	last     int64 // the highest update_id so far
	foreign  int
	earliest time.Time // before it nothing expires; zero when unknown
	arrived  signal
	allowed  []string // nil means the default
	poll     chan struct{}
	polls    int // getUpdates that were begun
}

// optIn are the update types that a bot must ask for.
var optIn = []string{"chat_member", "message_reaction", "message_reaction_count"}

func (q *queue) wants(kind string) bool {
	if len(q.allowed) == 0 {
		return !slices.Contains(optIn, kind)
	}
	return slices.Contains(q.allowed, kind)
}

// push queues an update of a kind; the lock is held.
func (s *Server) push(kind string, chatID int64, payload any) {
	if !s.queue.wants(kind) {
		return
	}
	body, err := json.Marshal(payload)
	if err != nil {
		panic(err) // payloads are our own structures
	}
	q := &s.queue
	u := &update{id: q.next, chatID: chatID}
	q.next++
	u.raw = make(json.RawMessage, 0, len(body)+len(kind)+40)
	u.raw = append(u.raw, `{"update_id":`...)
	u.raw = appendInt(u.raw, u.id)
	u.raw = append(u.raw, `,"`+kind+`":`...)
	u.raw = append(append(u.raw, body...), '}')
	lives := updateLives
	if kind == "callback_query" {
		lives = pressLives
	}
	u.expires = s.now().Add(lives)
	s.enqueue(u)
}

func (s *Server) enqueue(u *update) {
	q := &s.queue
	q.last = max(q.last, u.id)
	q.next = max(q.next, q.last+1)
	if u.foreign {
		q.foreign++
	}
	if q.earliest.IsZero() || u.expires.Before(q.earliest) {
		q.earliest = u.expires
	}
	q.pending = append(q.pending, u)
	q.recent.keep = 1000
	q.recent.add(u)
	q.arrived.raise()
	s.changed.raise()
}

// Inject puts a raw update into the queue as it is, whatever it holds. It
// stays until it has been handed out once and an offset above its update_id
// (or any offset, where it has none) confirms it.
func (s *Server) Inject(raw json.RawMessage) {
	var head struct {
		ID int64 `json:"update_id"`
	}
	if json.Unmarshal(raw, &head) != nil {
		head.ID = 0 // poison is the point of injecting
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.enqueue(&update{id: head.ID, raw: slices.Clone(raw), expires: s.now().Add(updateLives), foreign: true})
}

// Repeat queues one of the last 1000 updates once more, unchanged.
func (s *Server) Repeat(updateID int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, u := range slices.Backward(s.queue.recent.all()) {
		if u.id == updateID {
			again := *u
			again.served, again.taken, again.foreign, again.expires = false, false, true, s.now().Add(updateLives)
			s.enqueue(&again)
			return
		}
	}
}

// Polls is how many times the bot has asked for updates.
func (s *Server) Polls() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.queue.polls
}

// LastUpdateID is the highest update_id so far.
func (s *Server) LastUpdateID() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.queue.last
}

// Pending is how many updates are not yet confirmed.
func (s *Server) Pending() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue.expire(s.now())
	return len(s.queue.pending)
}

// Confirmed are the ids of those of the last 1000 updates that the bot has
// confirmed: it must never lose them. What it has not confirmed waits here.
func (s *Server) Confirmed() []int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	ids := []int64{}
	for _, u := range s.queue.recent.all() {
		if u.taken && u.id != 0 {
			ids = append(ids, u.id)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids) // one that was repeated stands there twice
}

// expire drops what has waited too long.
func (q *queue) expire(now time.Time) {
	if len(q.pending) == 0 || now.Before(q.earliest) {
		return
	}
	q.earliest = time.Time{}
	q.filter(func(u *update) bool {
		if !now.Before(u.expires) {
			return false
		}
		if q.earliest.IsZero() || u.expires.Before(q.earliest) {
			q.earliest = u.expires
		}
		return true
	})
}

// confirm drops everything below offset; without foreign updates the queue
// ascends, so that only its beginning is looked at.
func (q *queue) confirm(offset int64) {
	if q.foreign == 0 {
		n := 0
		for n < len(q.pending) && q.pending[n].id < offset {
			q.pending[n].taken = true
			q.pending[n] = nil
			n++
		}
		q.pending = q.pending[n:]
		return
	}
	q.filter(func(u *update) bool {
		u.taken = u.id < offset && (u.served || !u.foreign)
		return !u.taken
	})
}

// drop takes out one update, which is near the front.
func (q *queue) drop(u *update) {
	i := slices.Index(q.pending, u)
	if i < 0 {
		return
	}
	u.taken = true
	copy(q.pending[1:i+1], q.pending[:i])
	q.pending[0] = nil
	q.pending = q.pending[1:]
	if u.foreign {
		q.foreign--
	}
}

// keepLast forgets all but the last n updates.
func (q *queue) keepLast(n int) {
	if drop := len(q.pending) - n; drop > 0 {
		gone := map[*update]bool{}
		for _, u := range q.pending[:drop] {
			gone[u] = true
		}
		q.filter(func(u *update) bool { return !gone[u] })
	}
}

func (q *queue) filter(keep func(*update) bool) {
	kept := q.pending[:0:0]
	q.foreign = 0
	for _, u := range q.pending {
		if !keep(u) {
			continue
		}
		kept = append(kept, u)
		if u.foreign {
			q.foreign++
		}
	}
	q.pending = kept
}

// batch is the answer to getUpdates with what is there now, nil when that is
// nothing.
func (q *queue) batch(limit int) []byte {
	n := min(limit, len(q.pending))
	if n == 0 {
		return nil
	}
	size := 2
	for _, u := range q.pending[:n] {
		size += len(u.raw) + 1
	}
	out := make([]byte, 0, size)
	out = append(out, '[')
	for i, u := range q.pending[:n] {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, u.raw...)
		u.served = true
	}
	return append(out, ']')
}
