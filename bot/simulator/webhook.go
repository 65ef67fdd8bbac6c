package simulator

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Repeats of an unanswered update, in real time and much quicker than
// Telegram's, so that tests need not wait.
const (
	firstBackoff = 50 * time.Millisecond
	lastBackoff  = 5 * time.Second
	hookTimeout  = 60 * time.Second
)

// webhook is where updates are sent, and what is on its way.
type webhook struct {
	url       string
	secret    string
	most      int // connections at once
	cancel    context.CancelFunc
	busy      map[int64]bool // chats with an update on its way or in back-off
	flying    int
	failures  map[int64]int // in a row, by chat
	lastError string
	failedAt  time.Time
}

// stop ends deliveries; the lock is held.
func (h *webhook) stop() {
	if h.cancel != nil {
		h.cancel()
	}
	*h = webhook{}
}

// hookable allows what Telegram allows, and plain HTTP to this machine.
func hookable(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return false
	}
	host := u.Hostname()
	return u.Scheme == "https" || u.Scheme == "http" && (host == "localhost" || host == "::1" || strings.HasPrefix(host, "127."))
}

func (s *Server) setWebhook(c *call) (any, *refusal) {
	s.hook.stop()
	if c.yes("drop_pending_updates") {
		s.queue.keepLast(0)
	}
	if c.has("allowed_updates") {
		s.queue.allow(c.list("allowed_updates"))
	}
	if c.str("url") == "" {
		return true, nil
	}
	if s.queue.poll != nil {
		close(s.queue.poll)
		s.queue.poll = nil
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.hook = webhook{
		url: c.str("url"), secret: c.str("secret_token"), most: 40, cancel: cancel,
		busy: map[int64]bool{}, failures: map[int64]int{},
	}
	if c.has("max_connections") {
		s.hook.most = int(c.num("max_connections"))
	}
	s.owned.Go(func() { s.dispatch(ctx) })
	return true, nil
}

func (s *Server) deleteWebhook(c *call) (any, *refusal) {
	s.hook.stop()
	if c.yes("drop_pending_updates") {
		s.queue.keepLast(0)
	}
	return true, nil
}

func (s *Server) getWebhookInfo(*call) (any, *refusal) {
	info := map[string]any{
		"url": s.hook.url, "has_custom_certificate": false, "pending_update_count": len(s.queue.pending),
	}
	if s.hook.url != "" {
		info["max_connections"] = s.hook.most
	}
	if s.hook.lastError != "" {
		info["last_error_message"], info["last_error_date"] = s.hook.lastError, s.hook.failedAt.Unix()
	}
	if len(s.queue.allowed) > 0 {
		info["allowed_updates"] = s.queue.allowed
	}
	return info, nil
}

// dispatch starts a delivery whenever a chat is free and has an update.
func (s *Server) dispatch(ctx context.Context) {
	client := &http.Client{
		Timeout:       hookTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport:     &http.Transport{MaxIdleConnsPerHost: 100},
	}
	defer client.CloseIdleConnections()
	for {
		u, arrived := s.nextDelivery(ctx)
		if u != nil {
			s.owned.Go(func() { s.post(ctx, client, u) })
			continue
		}
		select {
		case <-arrived:
		case <-ctx.Done():
			return
		case <-s.closing:
			return
		}
	}
}

// nextDelivery is the oldest update of a chat that has none on its way.
func (s *Server) nextDelivery(ctx context.Context) (*update, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if ctx.Err() != nil {
		return nil, nil
	}
	s.queue.expire(s.now())
	if s.hook.flying < s.hook.most {
		for _, u := range s.queue.pending {
			if !s.hook.busy[u.chatID] {
				s.hook.busy[u.chatID] = true
				s.hook.flying++
				return u, nil
			}
		}
	}
	return nil, s.queue.arrived.wait()
}

// post delivers one update once; a failure frees its chat after a pause.
func (s *Server) post(ctx context.Context, client *http.Client, u *update) {
	err := s.postOnce(ctx, client, u)
	pause := s.landed(ctx, u, err)
	if pause > 0 && !s.pause(ctx, pause) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if ctx.Err() == nil {
		delete(s.hook.busy, u.chatID)
		s.queue.arrived.raise()
	}
}

// landed keeps the outcome and gives the pause before the next attempt.
func (s *Server) landed(ctx context.Context, u *update, err error) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if ctx.Err() != nil {
		return 0
	}
	s.hook.flying--
	s.changed.raise()
	if err == nil {
		delete(s.hook.failures, u.chatID)
		s.queue.drop(u)
		return 0
	}
	s.hook.lastError, s.hook.failedAt = err.Error(), s.now()
	n := s.hook.failures[u.chatID]
	s.hook.failures[u.chatID] = n + 1
	s.queue.arrived.raise()
	return min(firstBackoff<<min(n, 10), lastBackoff)
}

func (s *Server) postOnce(ctx context.Context, client *http.Client, u *update) error {
	s.mu.Lock()
	address, secret := s.hook.url, s.hook.secret
	u.served = true
	s.mu.Unlock()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(u.raw))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	if secret != "" {
		r.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
	}
	answer, err := client.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, 1<<20))
	if err != nil {
		return err
	}
	if answer.StatusCode/100 != 2 {
		return errors.New("Wrong response from the webhook: " + answer.Status)
	}
	s.runAnswer(body)
	return nil
}

// runAnswer carries out the call that a webhook's answer may hold.
func (s *Server) runAnswer(body []byte) {
	v, err := decodeJSON(body)
	object, ok := v.(map[string]any)
	if err != nil || !ok {
		return
	}
	name, ok := object["method"].(string)
	if !ok {
		return
	}
	delete(object, "method")
	c, raw := &call{name: name, params: map[string]any{}}, &rawParams{}
	if err := raw.addObject(object); err != nil {
		s.record(c, departs("%v", err))
		return
	}
	s.run(c, c.check(raw))
}
