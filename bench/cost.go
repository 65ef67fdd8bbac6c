package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// cost is processor time: of this process, which is the bot and the simulator,
// of PostgreSQL, and of everything that runs on the machine.
type cost struct{ self, postgres, machine time.Duration }

// lap is one round: how fast it was, and what it cost.
type lap struct {
	perSecond float64
	took      time.Duration
	updates   int
	cost      cost
}

// best is the fastest of some rounds: the one that was disturbed least.
func best(laps []lap) lap {
	return slices.MaxFunc(laps, func(a, b lap) int { return cmp.Compare(a.perSecond, b.perSecond) })
}

// time measures a round of so many updates.
func (c *crew) time(ctx context.Context, updates int, run func() error) (lap, error) {
	before, began := c.cost(ctx), time.Now()
	if err := run(); err != nil {
		return lap{}, err
	}
	took, after := time.Since(began), c.cost(ctx)
	return lap{
		perSecond: float64(updates) / took.Seconds(), took: took, updates: updates,
		cost: cost{after.self - before.self, after.postgres - before.postgres, after.machine - before.machine},
	}, nil
}

// others is the share of the machine that other programs took during a round.
func (l lap) others() float64 {
	idle := l.took * time.Duration(runtime.NumCPU())
	return max(0, (l.cost.machine-l.cost.self-l.cost.postgres).Seconds()/idle.Seconds())
}

// each is what an update cost.
func (l lap) each() cost {
	n := time.Duration(max(1, l.updates))
	return cost{l.cost.self / n, l.cost.postgres / n, l.cost.machine / n}
}

// cost reads what has been spent so far.
func (c *crew) cost(ctx context.Context) cost {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // the address is good
	total := cost{self: time.Duration(u.Utime.Nano() + u.Stime.Nano()), machine: busy()}
	rows, err := c.look.Query(ctx, "SELECT pid FROM pg_stat_activity")
	if err != nil {
		return total
	}
	defer rows.Close()
	for rows.Next() {
		var pid int
		if rows.Scan(&pid) == nil {
			total.postgres += spent(pid)
		}
	}
	return total
}

// tick is the kernel's unit of processor time.
const tick = 10 * time.Millisecond

// spent is the processor time of a process.
func spent(pid int) time.Duration {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(raw), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * tick
}

// busy is how long the processors have worked, or were taken away by the host.
func busy() time.Duration {
	raw, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0
	}
	line, _, _ := strings.Cut(string(raw), "\n")
	var total time.Duration
	for i, field := range strings.Fields(line) {
		ticks, err := strconv.Atoi(field)
		if err != nil || i == 4 || i == 5 || i > 8 { // the name; idle, waiting; guests, who are counted already
			continue
		}
		total += time.Duration(ticks) * tick
	}
	return total
}
