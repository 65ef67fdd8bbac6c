package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net"
	"net/http"
	"net/netip"
	"regexp"
	"strings"
	"sync"
	"time"

	"koprik/casework"
)

// Bounds of the calendars. Many people's calendars are fetched from the few
// addresses of one company.
const (
	feedPatience  = 5 * time.Second
	feedAtOnce    = 4
	feedsAMinute  = 120 // of one address
	mostAddresses = 10_000
)

// feedName is what the address of a calendar ends in.
var feedName = regexp.MustCompile(`^([A-Za-z0-9_-]{43})\.ics$`)

// feeds answers the private calendars of people. What it is asked for is a
// secret: it stands in no log, no metric and no answer.
type feeds struct {
	calendar func(ctx context.Context, token string) ([]byte, error)
	now      func() time.Time
	hands    chan struct{}

	mu    sync.Mutex
	since time.Time
	asked map[netip.Addr]int // in the minute from since
}

func newFeeds(o Options) *feeds {
	return &feeds{calendar: o.Calendar, now: o.Now, hands: make(chan struct{}, feedAtOnce), asked: map[netip.Addr]int{}}
}

// ServeHTTP answers an address that was revoked like one that never was.
func (f *feeds) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "private, no-cache")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Robots-Tag", "noindex")
	if !f.admit(caller(r)) {
		h.Set("Retry-After", "60")
		answer(w, http.StatusTooManyRequests, "too many")
		return
	}
	name := feedName.FindStringSubmatch(strings.TrimPrefix(r.URL.Path, casework.CalendarPath))
	if name == nil {
		answer(w, http.StatusNotFound, "not found")
		return
	}
	select {
	case f.hands <- struct{}{}:
		defer func() { <-f.hands }()
	case <-r.Context().Done():
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), feedPatience)
	defer cancel()
	file, err := f.calendar(ctx, name[1])
	switch {
	case err != nil:
		h.Set("Retry-After", "60")
		answer(w, http.StatusServiceUnavailable, "later")
	case file == nil:
		answer(w, http.StatusNotFound, "not found")
	default:
		give(w, r, file)
	}
}

// give sends a calendar, unless the client has this very one.
func give(w http.ResponseWriter, r *http.Request, file []byte) {
	sum := sha256.Sum256(file)
	tag := `"` + hex.EncodeToString(sum[:16]) + `"`
	w.Header().Set("ETag", tag)
	for have := range strings.SplitSeq(r.Header.Get("If-None-Match"), ",") {
		if have = strings.TrimPrefix(strings.TrimSpace(have), "W/"); have == tag || have == "*" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
	w.Header().Set("Content-Disposition", `inline; filename="koprik.ics"`)
	_, _ = w.Write(file) // the client may be gone
}

// admit counts how often an address has asked in this minute. More addresses than
// there is room for are let in uncounted: the hands bound what they can do.
func (f *feeds) admit(from netip.Addr) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now := f.now(); now.Sub(f.since) >= time.Minute {
		f.since, f.asked = now, map[netip.Addr]int{}
	}
	if f.asked[from] == 0 && len(f.asked) >= mostAddresses {
		return true
	}
	f.asked[from]++
	return f.asked[from] <= feedsAMinute
}

// caller is the address that asks. A proxy on this machine or in its network says
// for whom it asks in the last part of X-Forwarded-For; nobody else is believed.
func caller(r *http.Request) netip.Addr {
	host, _, _ := net.SplitHostPort(r.RemoteAddr)
	from, _ := netip.ParseAddr(host)
	from = from.Unmap()
	if !from.IsLoopback() && !from.IsPrivate() {
		return from
	}
	list := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	if said, err := netip.ParseAddr(strings.TrimSpace(list[len(list)-1])); err == nil {
		return said.Unmap()
	}
	return from
}
