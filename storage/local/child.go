package local

import (
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

// child is a running program that does not outlive this process.
type child struct {
	cmd  *exec.Cmd
	said *tail
	done chan struct{} // closed when the program has ended
}

// begin starts a program in a process group of its own, so that Ctrl-C reaches
// this process only and the order of stopping stays ours. Where the system
// can, the program is sent atDeath when this process ends without stopping it.
func begin(cmd *exec.Cmd, as *account, atDeath syscall.Signal, log *slog.Logger) (*child, error) {
	c := &child{cmd: cmd, said: &tail{log: log}, done: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = c.said, c.said
	cmd.WaitDelay = time.Second
	cmd.Env = bareEnvironment(cmd.Path)
	cmd.SysProcAttr = attributes(as, atDeath)
	started := make(chan error)
	go func() {
		// The kernel sends the signal when the thread that forked ends, not
		// the process, so this thread is kept for as long as the child runs.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // how it ended is in cmd.ProcessState
			close(c.done)
		}
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("starting %s: %w", filepath.Base(cmd.Path), err)
	}
	return c, nil
}

// signal sends sig and reports whether the program ended within patience.
func (c *child) signal(sig syscall.Signal, patience time.Duration) bool {
	_ = c.cmd.Process.Signal(sig) // it may have ended already; done tells
	select {
	case <-c.done:
		return true
	case <-time.After(patience):
		return false
	}
}

// kill ends the program at once and waits until it is gone.
func (c *child) kill() {
	_ = c.cmd.Process.Kill()
	<-c.done
}

// bareEnvironment keeps our settings and secrets away from the program, and
// the person's PG… variables too. The time zone saves initdb a long search.
func bareEnvironment(program string) []string {
	return []string{
		"PATH=" + filepath.Dir(program) + ":" + os.Getenv("PATH"),
		"LC_ALL=C",
		"TZ=UTC",
	}
}

// tail logs what a program says at debug level and keeps its last lines for
// the error of a failed start.
type tail struct {
	log   *slog.Logger
	mu    sync.Mutex
	rest  string
	lines []string
}

const tailLines = 20

// Write takes output in pieces of any size.
func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rest += string(p)
	for {
		line, rest, found := strings.Cut(t.rest, "\n")
		if !found {
			return len(p), nil
		}
		t.rest = rest
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		t.log.Debug(line)
		t.lines = append(t.lines, line)
		t.lines = t.lines[max(0, len(t.lines)-tailLines):]
	}
}

// reason returns the last line that names an error, or else the last line.
func (t *tail) reason() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	reason := "it said nothing"
	for _, line := range t.lines {
		if isReason(line) || !isReason(reason) {
			reason = line
		}
	}
	return reason
}

func isReason(line string) bool {
	lower := strings.ToLower(line)
	return strings.Contains(lower, "fatal") || strings.Contains(lower, "error") || strings.Contains(lower, "panic")
}
