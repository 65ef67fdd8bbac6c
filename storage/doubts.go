package storage

import (
	"maps"
	"slices"
	"sync"

	"koprik/mahalla"
)

// mostDoubts is how many cases are remembered one by one.
const mostDoubts = 10000

// doubts are the cases of which Redis may not have heard what PostgreSQL knows:
// a write to it failed. They are forgotten with the process; the reconciler's
// walk finds those.
type doubts struct {
	mu    sync.Mutex
	cases map[mahalla.CaseID]bool
	many  bool
}

func (d *doubts) add(list ...mahalla.CaseID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.cases == nil {
		d.cases = map[mahalla.CaseID]bool{}
	}
	for _, c := range list {
		d.cases[c] = true
	}
	if len(d.cases) > mostDoubts {
		d.cases, d.many = nil, true
	}
}

// Doubts gives the cases that Redis may have missed, and forgets them. Many says
// that they were too many to remember: then any case may be one of them.
func (a *Acks) Doubts() (list []mahalla.CaseID, many bool) {
	a.doubts.mu.Lock()
	defer a.doubts.mu.Unlock()
	list, many = slices.Sorted(maps.Keys(a.doubts.cases)), a.doubts.many
	a.doubts.cases, a.doubts.many = nil, false
	return list, many
}

// Doubt adds to the Doubts.
func (a *Acks) Doubt(list ...mahalla.CaseID) { a.doubts.add(list...) }

// DoubtAll says that Redis may have missed any case.
func (a *Acks) DoubtAll() {
	a.doubts.mu.Lock()
	defer a.doubts.mu.Unlock()
	a.doubts.many = true
}
