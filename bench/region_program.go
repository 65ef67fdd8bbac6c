package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"koprik/storage"
)

// clocked is the program on a clock that is told to it, which is how the demo
// runs it: `run` without an HTTP server.
type clocked struct {
	running
	in io.WriteCloser

	heardAudit time.Time // when the last audit was, on its clock
	nextAudit  time.Time // when it makes the next one, on the real clock

	mu    sync.Mutex
	wrong []string // what it logged as a warning or an error
}

// startClocked starts the program, and waits until it is ready.
func (r *dayOf) startClocked(ctx context.Context) error {
	binary := filepath.Join(r.servers.dir, "koprik-region")
	if err := build(ctx, binary); err != nil {
		return err
	}
	redis := r.servers.redisURL()
	client, err := storage.OpenRedis(redis)
	if err != nil {
		return err
	}
	r.closers = append(r.closers, func() { _ = client.Close() })
	r.acks = storage.NewAcks(client)
	p := &clocked{running: running{command: exec.CommandContext(ctx, binary, "demo-bot"), over: make(chan struct{})}}
	p.command.Env = []string{
		"TELEGRAM_TOKEN=" + r.telegram.Token(), "TELEGRAM_API_URL=" + r.client, "TELEGRAM_NO_LIMITS=true",
		"DATABASE_URL=" + r.address, "REDIS_URL=" + redis, "KEY_FILE=" + r.keys, "DATA_DIR=" + filepath.Join(r.servers.dir, "region"),
	}
	log, err := p.command.StderrPipe()
	if err != nil {
		return err
	}
	if p.in, err = p.command.StdinPipe(); err != nil {
		return err
	}
	if err := p.command.Start(); err != nil {
		return err
	}
	r.program = p
	ready := make(chan struct{})
	go p.read(log, ready)
	if err := p.tell(r.ahead); err != nil {
		return err
	}
	select {
	case <-ready:
		return nil
	case <-p.over:
		return fmt.Errorf("the program ended: %s", strings.Join(p.troubles(), "; "))
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(time.Minute):
		return errors.New("the program is not ready after a minute")
	}
}

// read keeps what the log says of trouble, until the program ends.
func (p *clocked) read(log io.Reader, ready chan<- struct{}) {
	defer close(p.over)
	for lines := bufio.NewScanner(log); lines.Scan(); {
		line := lines.Text()
		if ready != nil && strings.Contains(line, "msg=ready") {
			close(ready)
			ready = nil
		}
		if !strings.Contains(line, "level=WARN") && !strings.Contains(line, "level=ERROR") && strings.HasPrefix(line, "time=") {
			continue
		}
		p.mu.Lock()
		p.wrong = append(p.wrong, line)
		p.mu.Unlock()
	}
}

// troubles is what the log said of trouble.
func (p *clocked) troubles() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.wrong)
}

// tell puts its clock so far ahead of the real one.
func (p *clocked) tell(ahead time.Duration) error {
	_, err := fmt.Fprintf(p.in, "clock %d\n", int64(ahead))
	return err
}

// stop lets the program end, as it does with its standard input.
func (p *clocked) stop() {
	_ = p.in.Close()
	select {
	case <-p.over:
	case <-time.After(30 * time.Second):
		_ = p.command.Process.Kill() // it is ours, and nobody waits for its data
		<-p.over
	}
	_ = p.command.Wait() // the figures are taken; how it ends does not change them
}
