package simulator

import (
	"context"
	"net/http"
	"strconv"
	"time"
)

// maxPoll is the longest long poll that Telegram holds.
const maxPoll = 50 * time.Second

// conflict is the 409 of two ways of taking updates at once.
func conflict(text string) *refusal {
	return &refusal{status: 409, description: "Conflict: " + text}
}

// servePoll answers getUpdates. Only refused calls are logged.
func (s *Server) servePoll(w http.ResponseWriter, r *http.Request, c *call, bad *refusal) {
	_, decide := s.trouble()
	fault := decide(c)
	if bad == nil && fault != nil && !fault.LoseAnswer {
		s.serveFault(w, r, c, fault)
		return
	}
	var batch []byte
	if bad == nil {
		batch, bad = s.poll(r.Context(), c)
	}
	switch {
	case bad != nil:
		s.record(c, bad)
		writeRefusal(w, bad)
	case fault != nil:
		cut(w)
	default:
		writeOK(w, batch)
	}
}

// poll confirms by the offset, then waits for something to hand out.
func (s *Server) poll(ctx context.Context, c *call) ([]byte, *refusal) {
	wait := min(time.Duration(c.num("timeout"))*time.Second, maxPoll)
	deadline := time.NewTimer(wait)
	defer deadline.Stop()
	mine, bad := s.beginPoll(c)
	if bad != nil {
		return nil, bad
	}
	defer s.endPoll(mine)
	limit := 100
	if c.has("limit") {
		limit = int(c.num("limit"))
	}
	for {
		batch, arrived := s.take(mine, limit)
		if batch != nil {
			return batch, nil
		}
		select {
		case <-arrived:
		case <-mine:
			return nil, s.displaced()
		case <-deadline.C:
			return []byte("[]"), nil
		case <-ctx.Done():
			return []byte("[]"), nil
		case <-s.closing:
			return []byte("[]"), nil
		}
	}
}

// beginPoll ends an older poll with 409, as Telegram does, and takes its place.
func (s *Server) beginPoll(c *call) (chan struct{}, *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.hook.url != "" {
		return nil, conflict("can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")
	}
	q := &s.queue
	if q.poll != nil {
		close(q.poll)
	}
	q.poll = make(chan struct{})
	q.polls++
	if c.has("allowed_updates") {
		q.allow(c.list("allowed_updates"))
	}
	q.expire(s.now())
	if offset := c.num("offset"); offset >= 0 {
		q.confirm(offset)
	} else {
		q.keepLast(int(min(-offset, 1<<30)))
	}
	s.changed.raise()
	return q.poll, nil
}

func (q *queue) allow(list []any) {
	q.allowed = nil
	for _, name := range list {
		q.allowed = append(q.allowed, name.(string))
	}
}

func (s *Server) endPoll(mine chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.queue.poll == mine {
		s.queue.poll = nil
	}
}

// take hands out a batch, or gives the signal to wait for. A poll that lost
// its place takes nothing.
func (s *Server) take(mine chan struct{}, limit int) ([]byte, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.queue.poll != mine {
		return nil, nil
	}
	s.queue.expire(s.now())
	if batch := s.queue.batch(limit); batch != nil {
		return batch, nil
	}
	return nil, s.queue.arrived.wait()
}

func appendInt(out []byte, n int64) []byte { return strconv.AppendInt(out, n, 10) }

// displaced says what has ended a poll.
func (s *Server) displaced() *refusal {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.hook.url != "" {
		return conflict("terminated by setWebhook request")
	}
	return conflict("terminated by other getUpdates request; make sure that only one bot instance is running")
}
