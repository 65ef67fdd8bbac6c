package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Aims of the program as it is installed.
const (
	aimMemory = 60 // MB
	aimBinary = 40
	aimReady  = 2 * time.Second
)

// program measures (g): the size of the program as `make build` makes it, how
// soon it is ready, and what it holds in memory when nothing happens.
func program(ctx context.Context, b *bench) error {
	binary := filepath.Join(b.servers.dir, "koprik")
	if err := build(ctx, binary); err != nil {
		return err
	}
	info, err := os.Stat(binary)
	if err != nil {
		return err
	}
	size := float64(info.Size()) / 1e6
	b.table.result("g", "size of the static program", fmt.Sprintf("%.1f MB", size), fmt.Sprintf("< %d MB", aimBinary), size < aimBinary)
	address, err := b.servers.empty(ctx)
	if err != nil {
		return err
	}
	// The simulator of a crew that does not work.
	c := &crew{now: time.Now}
	defer c.close()
	telegram, err := c.openTelegram()
	if err != nil {
		return err
	}
	p, err := startProgram(ctx, binary, []string{
		"TELEGRAM_TOKEN=" + c.telegram.Token(), "TELEGRAM_API_URL=" + telegram, "DATABASE_URL=" + address,
		"REDIS_URL=" + b.servers.redisURL(), "DATA_DIR=" + filepath.Join(b.servers.dir, "data"), "HTTP_ADDR=" + freePort(),
	})
	if err != nil {
		return err
	}
	defer p.end()
	b.table.result("g", "start to ready, database and Redis running and empty", span(p.ready), "< "+span(aimReady), p.ready < aimReady)
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(b.sizes.idle):
	}
	memory, err := p.resident()
	if err != nil {
		return err
	}
	b.table.result("g", fmt.Sprintf("resident memory, idle for %.0f s, without PostgreSQL of its own", b.sizes.idle.Seconds()),
		fmt.Sprintf("%.1f MB", memory), fmt.Sprintf("< %d MB", aimMemory), memory < aimMemory)
	return nil
}

// build runs the command of `make build`, with another place for the result.
func build(ctx context.Context, binary string) error {
	recipe, err := exec.CommandContext(ctx, "make", "--no-print-directory", "-n", "build").Output()
	if err != nil {
		return fmt.Errorf("make -n build: %w", err)
	}
	for _, line := range strings.Split(string(recipe), "\n") {
		if !strings.Contains(line, "go build") {
			continue
		}
		command := exec.CommandContext(ctx, "sh", "-c", strings.ReplaceAll(line, "bin/koprik", binary))
		if out, err := command.CombinedOutput(); err != nil {
			return fmt.Errorf("make build: %w: %s", err, out)
		}
		return nil
	}
	return errors.New("make build does not build with go")
}

// freePort is an address that nobody listens on just now.
func freePort() string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "127.0.0.1:8099"
	}
	defer listener.Close()
	return listener.Addr().String()
}

// running is the program at work.
type running struct {
	command *exec.Cmd
	ready   time.Duration
	over    chan struct{}
}

// startProgram returns when the program says that it is ready.
func startProgram(ctx context.Context, binary string, environ []string) (*running, error) {
	p := &running{command: exec.CommandContext(ctx, binary, "run"), over: make(chan struct{})}
	p.command.Env = environ
	log, err := p.command.StderrPipe()
	if err != nil {
		return nil, err
	}
	began := time.Now()
	if err := p.command.Start(); err != nil {
		return nil, err
	}
	ready := make(chan time.Time, 1)
	var said strings.Builder
	go func() {
		defer close(p.over)
		lines := bufio.NewScanner(log)
		for lines.Scan() {
			if strings.Contains(lines.Text(), "msg=ready") || strings.Contains(lines.Text(), `"msg":"ready"`) {
				ready <- time.Now()
			}
			said.WriteString(lines.Text() + "\n")
		}
	}()
	select {
	case at := <-ready:
		p.ready = at.Sub(began)
		return p, nil
	case <-p.over:
		return nil, fmt.Errorf("koprik run ended: %s", said.String())
	case <-time.After(30 * time.Second):
		p.end()
		return nil, errors.New("koprik run is not ready after 30 s")
	}
}

// end stops the program and waits until it is gone.
func (p *running) end() {
	_ = p.command.Process.Signal(syscall.SIGTERM) // it may have ended already
	<-p.over
	_ = p.command.Wait() // the figures are taken; how it ends does not change them
}

// resident is the memory that the program holds, in MB of a million bytes.
func (p *running) resident() (float64, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.command.Process.Pid))
	if err != nil {
		return 0, err
	}
	for _, line := range strings.Split(string(raw), "\n") {
		if value, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kilo, err := strconv.ParseFloat(strings.Fields(value)[0], 64)
			return kilo * 1024 / 1e6, err
		}
	}
	return 0, errors.New("the system does not tell resident memory")
}
