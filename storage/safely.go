package storage

import (
	"fmt"
	"runtime"
	"strings"
)

// Crash is a panic as an error. It says where, never with what: values may be
// personal.
type Crash struct{ where string }

func (c *Crash) Error() string { return "panic at " + c.where }

// Safely runs fn; a panic becomes a Crash. Whatever is done for one person, case or
// message ends there and not the program: every transaction runs in it.
func Safely(fn func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &Crash{where: stack(4)}
		}
	}()
	return fn()
}

// stack lists function and line of the callers, without arguments.
func stack(skip int) string {
	var pcs [24]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(skip, pcs[:])])
	var lines []string
	for {
		f, more := frames.Next()
		lines = append(lines, fmt.Sprintf("%s:%d", f.Function, f.Line))
		if !more {
			return strings.Join(lines, " < ")
		}
	}
}
