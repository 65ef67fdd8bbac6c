package bot

import (
	"fmt"
	"runtime"
	"strings"
)

// crash is a panic as an error. It says where, never with what: values may be
// personal.
type crash struct{ where string }

func (c *crash) Error() string { return "panic at " + c.where }

// safely runs fn; a panic becomes an error. It is the one place where panics of
// handlers and renderers end.
func safely(fn func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &crash{where: stack(4)}
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
