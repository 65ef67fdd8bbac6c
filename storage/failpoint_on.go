//go:build failpoints

package storage

import (
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
)

// failHits counts how often the place that KOPRIK_FAIL names was passed.
var failHits atomic.Int64

// failures are what KOPRIK_FAIL asks for: "after_send:12", "panic:poison,kill:deadly".
func failures(yield func(where, what string) bool) {
	for one := range strings.SplitSeq(os.Getenv("KOPRIK_FAIL"), ",") {
		if where, what, found := strings.Cut(one, ":"); found && !yield(where, what) {
			return
		}
	}
}

// FailPoint ends the program as kill -9 does, at the place and with the pass that
// KOPRIK_FAIL names.
func FailPoint(place string) {
	for where, what := range failures {
		pass, err := strconv.ParseInt(what, 10, 64)
		if where == place && err == nil && failHits.Add(1) == pass {
			die()
		}
	}
}

// FailOn panics for words that hold what KOPRIK_FAIL names, or ends the program as a
// fault of the runtime does.
func FailOn(words string) {
	for where, what := range failures {
		switch {
		case where == "panic" && strings.Contains(words, what):
			panic("a fail point")
		case where == "kill" && strings.Contains(words, what):
			die()
		}
	}
}

func die() {
	_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {}
}
