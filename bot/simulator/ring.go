package simulator

// ring is a log that keeps its newest entries; all when keep is 0. Every entry
// has a number, counted from 1, that stays when older ones are forgotten.
type ring[T any] struct {
	keep    int
	first   int // number of entries[0] less one
	entries []T
}

func (r *ring[T]) add(entry T) int {
	if r.keep > 0 && len(r.entries) >= 2*r.keep {
		cut := len(r.entries) - r.keep + 1
		r.entries = append(r.entries[:0:0], r.entries[cut:]...)
		r.first += cut
	}
	r.entries = append(r.entries, entry)
	return r.first + len(r.entries)
}

// all are the kept entries, oldest first.
func (r *ring[T]) all() []T {
	if r.keep > 0 && len(r.entries) > r.keep {
		return r.entries[len(r.entries)-r.keep:]
	}
	return r.entries
}

// numbered gives an entry by its number.
func (r *ring[T]) numbered(n int) (T, bool) {
	if i := n - r.first - 1; i >= 0 && i < len(r.entries) {
		return r.entries[i], true
	}
	var none T
	return none, false
}
