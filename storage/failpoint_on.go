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

// FailPoint ends the program as kill -9 does, at the place and with the pass that
// KOPRIK_FAIL names: "after_send:12". "panic" panics with every update of which
// the words hold what follows: "panic:☠".
func FailPoint(place string) {
	where, what, _ := strings.Cut(os.Getenv("KOPRIK_FAIL"), ":")
	pass, err := strconv.ParseInt(what, 10, 64)
	if where == place && err == nil && failHits.Add(1) == pass {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	}
}

// FailOn panics for words that hold what KOPRIK_FAIL names: "panic:poison".
func FailOn(words string) {
	where, what, _ := strings.Cut(os.Getenv("KOPRIK_FAIL"), ":")
	if where == "panic" && strings.Contains(words, what) {
		panic("a fail point")
	}
}
