package casework

import (
	"sync"

	"koprik/locales"
)

// mostHeard bounds what is kept of messages that were looked at for danger.
const mostHeard = 256

// heard keeps the dangers of the latest messages: the same words are looked at
// when they are taken in, filed, and shown on every card.
type heard struct {
	mu   sync.Mutex
	hits map[string][]locales.Hit
}

// match is stems.Match of words that may have been looked at before.
func (h *heard) match(stems *locales.Stems, words string) []locales.Hit {
	h.mu.Lock()
	hits, known := h.hits[words]
	h.mu.Unlock()
	if known {
		return hits
	}
	hits = stems.Match(words)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.hits == nil || len(h.hits) >= mostHeard {
		h.hits = make(map[string][]locales.Hit, mostHeard)
	}
	h.hits[words] = hits
	return hits
}
