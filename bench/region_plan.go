package main

import (
	"container/heap"
	"fmt"
	"slices"
	"time"
)

// concern is one report of the day, as it is planned and as it went.
type concern struct {
	mark   string // at the end of its words, and nowhere else
	who    citizen
	matter *matter
	at     time.Time
	close  bool
	judge  bool

	tapped   time.Time // when the category was tapped
	number   int       // that the receipt told
	accepted time.Time // when the inspector pressed
	closing  bool
	judged   bool
}

// matter is what people report: the button, and what the program must make of it.
type matter struct {
	button, code string
	urgent       bool
	result       time.Duration // from the acceptance
	share        int           // of a thousand
	words        []string
}

// matters are mixed as a mahalla mixes them; all of them go to the inspector, for
// the region has neither chairs nor duty units.
var matters = []*matter{
	{"🔊", "noise", false, 5 * day, 300, []string{"har kecha baland musiqa", "tungi toʻy, uxlay olmayapmiz", "kechasi taʼmirlash shovqini"}},
	{"🏘", "neighbour_dispute", false, 15 * day, 150, []string{"qoʻshni devor ustida kelisha olmayapmiz", "qoʻshni suv yoʻlini toʻsib qoʻydi"}},
	{"💡", "communal", false, 15 * day, 460, []string{"koʻcha chirogʻi yonmaydi", "chiqindi olib ketilmayapti", "yoʻl oʻyilib ketgan", "suv kelmayapti"}},
	{"⚠️", "public_order", true, 3 * day, 45, []string{"maktab oldida bezorilik", "bekatda yoshlar toʻpolon qilyapti"}},
	{"🔓", "theft", true, 3 * day, 35, []string{"velosiped yoʻqoldi", "omborxona qulfi buzilgan"}},
	{"🔥", "fire_gas", true, day, 10, []string{"podyezdda gaz hidi kelyapti"}},
}

// byHour is how many reports come in each hour, of all of them.
var byHour = [24]int{3, 2, 1, 1, 1, 2, 6, 15, 35, 60, 65, 60, 55, 50, 55, 55, 55, 60, 60, 60, 50, 35, 20, 8}

// lastReport is how long before midnight the last one is written: it is to be
// filed within the day.
const lastReport = 15 * time.Minute

// planDay decides what people will do.
func (r *dayOf) planDay() {
	var moments []time.Time
	for range r.size.reports {
		hour := drawn(r.chance.IntN, byHour[:])
		at := r.begin.Add(time.Duration(hour)*time.Hour + time.Duration(r.chance.Int64N(int64(time.Hour))))
		moments = append(moments, earlierOf(at, r.end.Add(-lastReport)))
	}
	slices.SortFunc(moments, time.Time.Compare)
	// Everybody writes in turn, so that hours pass between two reports of a person.
	order := r.chance.Perm(len(r.residents))
	var shares []int
	for _, m := range matters {
		shares = append(shares, m.share)
	}
	for n, at := range moments {
		c := &concern{mark: fmt.Sprintf("(r%d)", n+1), who: r.residents[order[n%len(order)]], matter: matters[drawn(r.chance.IntN, shares)], at: at}
		c.close, c.judge = r.chance.IntN(100) < 60, r.chance.IntN(100) < 80
		r.reports = append(r.reports, c)
		r.later(at, func() error { return r.write(c) })
	}
}

// drawn picks an index by its weight.
func drawn(chance func(int) int, weights []int) int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	at := chance(sum)
	for i, w := range weights {
		if at -= w; at < 0 {
			return i
		}
	}
	return len(weights) - 1
}

// patience decides when the inspector accepts what was filed now: most in time,
// some late, and some never.
func (r *dayOf) patience(c *concern, now time.Time) (at time.Time, ever bool) {
	fate := r.chance.IntN(100)
	between := func(from, to int) time.Duration {
		return time.Duration(from)*time.Minute + time.Duration(r.chance.Int64N(int64(to-from)*int64(time.Minute)))
	}
	switch {
	case fate < 15:
		return time.Time{}, false
	case c.matter.urgent && fate < 80:
		return now.Add(between(0, 4)), true
	case c.matter.urgent:
		return now.Add(between(4, 90)), true
	}
	// Whoever is not at work sees it at once, or when work begins.
	if start := afterWork(now, 0); start.After(now) && r.chance.IntN(3) > 0 {
		now = start
	}
	if fate < 80 {
		return now.Add(between(0, 25)), true
	}
	return now.Add(between(25, 300)), true
}

// deed is something that somebody does at a moment.
type deed struct {
	at  time.Time
	seq int
	do  func() error
}

// agenda holds what is still to be done, the earliest first.
type agenda struct {
	list []deed
	seq  int
}

// Len, Less, Swap, Push and Pop are those of a heap.
func (a *agenda) Len() int { return len(a.list) }

// Less puts the earlier first.
func (a *agenda) Less(i, j int) bool {
	if !a.list[i].at.Equal(a.list[j].at) {
		return a.list[i].at.Before(a.list[j].at)
	}
	return a.list[i].seq < a.list[j].seq
}

// Swap changes two places.
func (a *agenda) Swap(i, j int) { a.list[i], a.list[j] = a.list[j], a.list[i] }

// Push is for package heap.
func (a *agenda) Push(x any) { a.list = append(a.list, x.(deed)) }

// Pop is for package heap.
func (a *agenda) Pop() any {
	last := a.list[len(a.list)-1]
	a.list = a.list[:len(a.list)-1]
	return last
}

// later plans a deed.
func (r *dayOf) later(at time.Time, do func() error) {
	r.agenda.seq++
	heap.Push(&r.agenda, deed{at, r.agenda.seq, do})
}

// dueBy takes the next deed off that is due by a moment.
func (r *dayOf) dueBy(t time.Time) (deed, bool) {
	if r.agenda.Len() == 0 || r.agenda.list[0].at.After(t) {
		return deed{}, false
	}
	return heap.Pop(&r.agenda).(deed), true
}

func earlierOf(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
