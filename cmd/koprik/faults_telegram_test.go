//go:build faults

package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"koprik/bot/simulator"
)

// chance is a source of chance that many goroutines may ask.
type chance struct {
	mu sync.Mutex
	r  *rand.Rand
}

func (c *chance) float() float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.r.Float64()
}

func (c *chance) intN(n int) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.r.IntN(n)
}

// writing tells whether a call sends or changes something in a chat.
func writing(method string) bool {
	return strings.HasPrefix(method, "send") || strings.HasPrefix(method, "edit") || strings.HasPrefix(method, "copy")
}

// tooManyRequests (F7): Telegram says 429 to three calls of ten, and wants up to
// forty seconds of silence. Nothing is said to a chat during its pause. Its limits are
// kept, by the program and by the simulator.
func tooManyRequests(t *trial) {
	luck := &chance{r: t.Rand}
	s := t.besiege(plan{replicas: 2, people: 60, rate: pick(t, 5, 10), limits: true, lasts: pick(t, 123*time.Second, 7*time.Second), clear: true}, 5, func(ctx context.Context, s *siege) {
		for range pick(t, 3, 1) {
			s.telegram.SetFault(func(method string, chat int64) *simulator.Fault {
				if writing(method) && luck.float() < 0.3 {
					return &simulator.Fault{RetryAfter: 1 + luck.intN(pick(t, 40, 3))}
				}
				return nil
			})
			sleep(ctx, pick(t, 40*time.Second, 6*time.Second))
			s.telegram.SetFault(nil)
			sleep(ctx, time.Second)
		}
	})
	storms, broken := s.pausesBroken()
	t.remark("%d answers of 429", storms)
	if broken > 0 {
		t.Errorf("calls to a chat during its pause: got %d, want 0", broken)
	}
}

// pausesBroken counts the answers of 429, and the calls that were made to a chat
// before its pause was over.
func (s *siege) pausesBroken() (storms, broken int) {
	until := map[int64]time.Time{}
	for _, c := range s.telegram.Calls() {
		if !writing(c.Method) {
			continue
		}
		if c.Time.Add(50 * time.Millisecond).Before(until[c.ChatID]) {
			broken++
		}
		if c.Status == 429 {
			storms++
			_, seconds, _ := strings.Cut(c.Description, "retry after ")
			if wait, err := time.ParseDuration(seconds + "s"); err == nil {
				until[c.ChatID] = c.Time.Add(wait)
			}
		}
	}
	return storms, broken
}

// garbage (F8): 500, 502 in HTML, and bodies that are no answer. Nobody panics,
// and memory stays bounded.
func garbage(t *trial) {
	luck := &chance{r: t.Rand}
	huge := `{"ok":true,"result":{"message_id":1,"text":"` + strings.Repeat("x", 30<<20) + `"}}`
	faults := []simulator.Fault{
		{Status: 500}, {Status: 502, Body: "<html><body>Bad Gateway</body></html>"}, {Status: 200, Body: "}{"},
		{Status: 200, Body: `{"ok":`}, {Status: 200, Body: `{"ok":true}`}, {Status: 200, Body: `null`}, {Status: 200, Body: `{"ok":false}`},
		{Status: 404, Body: `{"ok":false,"error_code":404,"description":"Not Found"}`},
	}
	var given atomic.Int64
	s := t.besiege(plan{replicas: 2, people: 60, rate: 10, lasts: pick(t, 40*time.Second, 6*time.Second)}, 5, func(ctx context.Context, s *siege) {
		s.telegram.SetFault(func(method string, _ int64) *simulator.Fault {
			if method == "getMe" || luck.float() > 0.25 {
				return nil
			}
			if given.Add(1)%10 == 5 {
				return &simulator.Fault{Status: 200, Body: huge}
			}
			fault := faults[luck.intN(len(faults))]
			return &fault
		})
		sleep(ctx, pick(t, 40*time.Second, 6*time.Second))
		s.telegram.SetFault(nil)
	})
	t.remark("%d answers were garbage", given.Load())
	if copies, _ := s.copies(); copies > int(given.Load()) {
		t.Errorf("cards sent twice: got %d, want at most the %d answers that were garbage", copies, given.Load())
	}
}

const (
	mostMemory   = 400 << 20 // of a replica after any fault: 30 MB of garbage leave their mark
	mostRoutines = 200       // more than before: connections to Telegram that are kept open have two each
)

// bounded checks that no replica holds more memory than that after the fault, and
// that its goroutines have gone back to about what they were.
func (s *siege) bounded(t *trial, memory, calmly float64) {
	for _, p := range s.replicas {
		if held := p.metric("process_resident_memory_bytes"); held == 0 || held > memory {
			t.Errorf("resident memory: got %.0f MB, want at most %.0f", held/(1<<20), memory/(1<<20))
		}
	}
	got := 0.0
	for end := time.Now().Add(waiting); time.Now().Before(end); time.Sleep(time.Second) {
		if got = s.goroutines(); got > 0 && got <= calmly+mostRoutines {
			return
		}
	}
	t.Errorf("goroutines after the fault: got %.0f, before it %.0f", got, calmly)
}

// goroutines is how many the replica has that has most.
func (s *siege) goroutines() (most float64) {
	for _, p := range s.replicas {
		most = max(most, p.metric("go_goroutines"))
	}
	return most
}

// answersLost (F9): Telegram has done what was asked and the connection breaks
// before it says so, or it says nothing at all. What comes twice is at most what
// was ambiguous.
func answersLost(t *trial) {
	luck := &chance{r: t.Rand}
	var lost atomic.Int64
	s := t.besiege(plan{replicas: 2, people: 60, rate: 10, lasts: pick(t, 40*time.Second, 8*time.Second)}, 5, func(ctx context.Context, s *siege) {
		s.telegram.SetFault(func(method string, _ int64) *simulator.Fault {
			switch n := luck.float(); {
			case n < 0.1:
				if writing(method) {
					lost.Add(1)
				}
				return &simulator.Fault{LoseAnswer: true}
			case n < 0.12 && method != "getUpdates": // a poll that hangs is given up after half a minute
				return &simulator.Fault{Hang: true}
			}
			return nil
		})
		sleep(ctx, pick(t, 40*time.Second, 8*time.Second))
		s.telegram.SetFault(nil)
	})
	t.remark("%d answers lost", lost.Load())
	if copies, _ := s.copies(); copies > int(lost.Load()) {
		t.Errorf("cards sent twice: got %d, want at most the %d that were ambiguous", copies, lost.Load())
	}
}

// officersBlock (F12): an officer stops the bot, and then another leaves Telegram, while
// cases come in. Whatever was theirs alone reaches the next officer at once.
func officersBlock(t *trial) {
	s := newSiege(t.T, plan{replicas: 2, people: 80, rate: 20})
	s.gather()
	leavers := siegePlaces[siegeAccepting : siegeAccepting+2]
	left := map[string]time.Time{}
	s.rage(func(ctx context.Context) {
		for i, n := range t.Perm(2) {
			sleep(ctx, 3*time.Second)
			left[leavers[n]] = time.Now()
			if i == 0 {
				s.officers[leavers[n]].Block()
			} else {
				s.officers[leavers[n]].Deactivate()
			}
		}
		sleep(ctx, 4*time.Second)
	})
	t.recovery = s.recover(time.Now().Add(-4 * time.Second))
	type row struct{ After float64 }
	for _, leaver := range leavers {
		waits := rows[row](s.town, `SELECT extract(epoch FROM min(outbox.finished_at) - greatest($2::timestamptz, cases.filed_at))::float8
			FROM cases JOIN territories ON territories.id = place_id JOIN outbox ON outbox.case_id = cases.id AND outbox.kind = 'card.officer' AND state = 2
			WHERE code = $1 AND accepted_at IS NULL AND outbox.person_id = (SELECT id FROM people WHERE telegram_id = $3) GROUP BY cases.id`,
			leaver, left[leaver], s.senior.ID())
		if len(waits) == 0 {
			t.Errorf("%s: no case went on to the next officer", leaver)
		}
		for _, w := range waits {
			t.late = append(t.late, time.Duration(w.After*float64(time.Second)))
		}
	}
	t.remark("%d cases went on to the next officer", len(t.late))
	if late := worst(t.late); late > 60*time.Second {
		t.Errorf("the next officer was told after %s, want within 60 s", late)
	}
	s.gone = append(s.gone, leavers...)
	v := s.judge()
	v.early = 0 // what goes on because somebody is out of reach is in time
	t.judged = true
	t.reports, t.lost, t.doubled, t.allowed, t.cards = v.reports, v.lost, v.doubled+v.copies, v.allowed, v.cards
	for _, broken := range v.fails() {
		t.Error(broken)
	}
}

// metric reads one figure of the process; 0 when it is not there.
func (p *process) metric(name string) (value float64) {
	_, text := fetch(p.at, "/metrics")
	for line := range strings.SplitSeq(text, "\n") {
		if rest, ok := strings.CutPrefix(line, name+" "); ok {
			_, _ = fmt.Sscan(rest, &value)
		}
	}
	return value
}
