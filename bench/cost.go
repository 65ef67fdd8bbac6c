package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// cost is processor time: of this process, which is the bot and the simulator,
// and of PostgreSQL.
type cost struct{ self, postgres time.Duration }

// cost reads what has been spent so far.
func (c *crew) cost(ctx context.Context) cost {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // the address is good
	total := cost{self: time.Duration(u.Utime.Nano() + u.Stime.Nano())}
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

// spent is the processor time of a process, in the kernel's ticks of 10 ms.
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
	return time.Duration(user+system) * 10 * time.Millisecond
}

// less is what was spent since, on each of so many updates.
func (c cost) less(before cost, updates int) cost {
	n := time.Duration(max(1, updates))
	return cost{(c.self - before.self) / n, (c.postgres - before.postgres) / n}
}
