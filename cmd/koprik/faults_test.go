//go:build faults

// The suite of faults: experiments F1 to F20 of docs/faults.md, each against the
// real program as processes, a real PostgreSQL and redis-server, and the strict
// simulator as Telegram. `make faults` runs all of them, `make faults-short` a
// short form of those that need no hours.
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// programTags are the tags with which the program is built for the faults.
const programTags = "failpoints"

// faults says how much is done: flags of the test binary.
var faults = struct {
	seeds *int
	full  *bool
	table *string
}{
	flag.Int("seeds", 1, "how often each experiment is made, each time with another seed"),
	flag.Bool("full", false, "the long form: 200 kills, long outages, ten thousand presses"),
	flag.String("table", "", "write the table of the results to this file, in Markdown"),
}

// experiment is one row of the table in docs/faults.md, with what it must keep to.
type experiment struct {
	name string // F1
	what string
	run  func(t *trial)
	most limits
}

// limits are the times that are promised, of the 99th of a hundred: how late an
// escalation may be, how long a card may take from the tap that files, and how
// long after the fault something may still wait. 0 is no promise: while Telegram
// itself is in trouble nothing is promised of cards, and a ladder may wait for as
// long as the database was held up.
type limits struct{ late, card, recovery time.Duration }

// promised is docs/faults.md, 2, 3 and I9: a card within 30 s, an escalation 30 s
// after a crash, and a minute after the fault nothing waits for longer than 10 s.
var promised = limits{late: 30 * time.Second, card: 30 * time.Second, recovery: 70 * time.Second}

// unbroken is docs/faults.md, 3, where neither the program nor the database dies: an
// escalation is at most 5 s late.
var unbroken = limits{late: 5 * time.Second, card: promised.card, recovery: promised.recovery}

// atTelegram is what is promised while the trouble is Telegram's own.
var atTelegram = limits{late: unbroken.late, recovery: promised.recovery}

func (l limits) broken(t *trial) (list []string) {
	check := func(what string, got, most time.Duration) {
		if most > 0 && got > most {
			list = append(list, fmt.Sprintf("%s: got %s, want at most %s", what, short(got), most))
		}
	}
	check("escalations late, p99", worst(t.late), l.late)
	check("cards, p99", worst(t.cards), l.card)
	check("recovery", t.recovery, l.recovery)
	return list
}

// trial is one experiment with one seed.
type trial struct {
	*testing.T
	*rand.Rand
	full bool

	// What it found.
	mu                              sync.Mutex // of the sum
	reports, lost, doubled, allowed int
	late                            []time.Duration // escalations, against their beats
	cards                           []time.Duration // from the tap that files to the officer's card
	recovery                        time.Duration
	remarks                         []string
	unmade                          bool // or a part of it
	judged                          bool // reports, and what came twice, were counted
}

// pick is the long form or the short one.
func pick[T any](t *trial, full, short T) T {
	if t.full {
		return full
	}
	return short
}

func experiments() []experiment {
	return []experiment{
		{"F1", "kill -9 at random", killedAtRandom, limits{late: 30 * time.Second, card: 30 * time.Second, recovery: 10 * time.Second}},
		{"F2", "kill -9 at named points", killedAtPoints, promised},
		{"F3", "PostgreSQL crashes", postgresCrashes, promised},
		{"F4", "replies to COMMIT lost", commitsLost, promised},
		{"F5", "Redis FLUSHALL again and again", redisFlushed, unbroken},
		{"F6", "Redis gone, back empty; Redis hangs", redisGone, promised},
		{"F7", "429 storms", tooManyRequests, atTelegram},
		{"F8", "500, 502, garbage from Telegram", garbage, atTelegram},
		{"F9", "answers lost, calls that hang", answersLost, atTelegram},
		{"F10", "updates doubled, shuffled, lower ids", updatesAgain, unbroken},
		{"F11", "poison updates, a panicking handler", poison, promised},
		{"F12", "officers block the bot", officersBlock, limits{late: time.Minute, card: promised.card, recovery: promised.recovery}},
		{"F13", "the webhook abused", webhookAbused, unbroken},
		{"F14", "the disk full under PostgreSQL", diskFull, promised},
		{"F15", "two press, two replicas: one wins", races, limits{}},
		{"F16", "the clock jumps", clockJumps, limits{}},
		{"F17", "slow database, a lock held, pool exhausted", slowDatabase, limits{late: time.Minute, card: time.Minute, recovery: promised.recovery}},
		{"F18", "SIGTERM in mid-send, rolling restart", rollingRestart, unbroken},
		{"F19", "migrations at once, killed; the old program", migrations, limits{}},
		{"F20", "a long outage", longOutage, limits{}},
	}
}

func TestFaults(t *testing.T) {
	var table strings.Builder
	for _, x := range experiments() {
		t.Run(x.name, func(t *testing.T) {
			sum := &trial{}
			t.Run("seeds", func(t *testing.T) { // which returns when all of them are through
				for seed := range *faults.seeds {
					t.Run(fmt.Sprint(seed+1), func(t *testing.T) {
						t.Parallel() // they wait for most of the time; -parallel says how many at once
						one := &trial{T: t, Rand: rand.New(rand.NewPCG(uint64(seed+1), 0)), full: *faults.full}
						defer sum.add(one)
						x.run(one)
					})
				}
			})
			for _, broken := range x.most.broken(sum) {
				t.Error(broken)
			}
			held := "held"
			switch {
			case t.Failed():
				held = "BROKEN"
			case sum.unmade:
				held = "NOT MADE"
			}
			line := sum.line(x, held)
			fmt.Println(strings.Join(line, "  "))
			fmt.Fprintf(&table, "| %s |\n", strings.Join(line, " | "))
		})
	}
	if *faults.table != "" {
		if err := os.WriteFile(*faults.table, []byte(table.String()), 0o644); err != nil {
			t.Error(err)
		}
	}
}

// mostRemarks of many seeds stand in their line.
const mostRemarks = 6

func (t *trial) add(one *trial) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.reports, t.lost, t.doubled, t.allowed = t.reports+one.reports, t.lost+one.lost, t.doubled+one.doubled, t.allowed+one.allowed
	t.late, t.cards = append(t.late, one.late...), append(t.cards, one.cards...)
	t.recovery, t.unmade, t.judged = max(t.recovery, one.recovery), t.unmade || one.unmade, t.judged || one.judged
	for _, r := range one.remarks {
		if !slices.Contains(t.remarks, r) && len(t.remarks) < mostRemarks {
			t.remarks = append(t.remarks, r)
		}
	}
}

func (t *trial) line(x experiment, held string) []string {
	lost, doubled := "lost -", "doubled -"
	if t.judged {
		lost, doubled = fmt.Sprintf("lost %d", t.lost), fmt.Sprintf("doubled %d of at most %d", t.doubled, t.allowed)
	}
	return []string{
		fmt.Sprintf("%-3s", x.name), fmt.Sprintf("%-45s", x.what), fmt.Sprintf("seeds %d", *faults.seeds), fmt.Sprintf("reports %d", t.reports),
		lost, doubled,
		"late p99 " + short(worst(t.late)), "card p99 " + short(worst(t.cards)), "recovery " + short(t.recovery), held,
		strings.Join(t.remarks, "; "),
	}
}

func short(d time.Duration) string {
	if d == 0 {
		return "-"
	}
	return d.Round(cmp.Or(map[bool]time.Duration{true: time.Millisecond}[d < time.Second], 10*time.Millisecond)).String()
}

func (t *trial) remark(format string, args ...any) {
	t.remarks = append(t.remarks, fmt.Sprintf(format, args...))
}

// besiege lets trouble run against a siege and judges it. Trouble returns when it
// is over; recovery is counted from then.
func (t *trial) besiege(p plan, ripe int, trouble func(ctx context.Context, s *siege)) *siege {
	s := newSiege(t.T, p)
	s.gather()
	calmly := s.goroutines()
	if ripe > 0 {
		s.ripen(ripe, 2*time.Second, p.lasts)
	}
	var calm time.Time
	s.rage(func(ctx context.Context) {
		trouble(ctx, s)
		calm = time.Now()
	})
	t.recovery = max(0, s.recover(calm))
	t.found(s)
	s.bounded(t, mostMemory, calmly)
	return s
}

// found keeps the verdict of a siege, and fails for what breaks a promise.
func (t *trial) found(s *siege) *verdict {
	s.lastBeat()
	v := s.judge()
	t.judged = true
	t.reports, t.lost, t.doubled, t.allowed = v.reports, v.lost, v.doubled+v.copies, v.allowed
	t.late, t.cards = v.late, v.cards
	for _, broken := range v.fails() {
		t.Error(broken)
	}
	return v
}

// roughly is a time between half and one and a half of d.
func (t *trial) roughly(d time.Duration) time.Duration {
	return d/2 + time.Duration(t.Int64N(int64(d)))
}

// sleep waits, unless everything is over.
func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}
