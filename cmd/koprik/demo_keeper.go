package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os/exec"
	"strconv"
	"sync"
	"time"

	"koprik/bot/simulator"
	"koprik/storage"
)

const (
	mostFallsOfBot = 5                // in a row by itself, before the demo gives up
	lastWords      = 25 * time.Second // for the bot to finish what it has in hand
	settling       = time.Minute      // for working off what waited while the bot was dead
)

// keeper runs the demo's bot as a process of its own, so that killing it is
// real: what it had in memory is gone, and its Redis with it.
type keeper struct {
	program  string
	environ  []string
	errs     io.Writer
	telegram *simulator.Server
	db       *storage.DB
	log      *slog.Logger
	wishes   chan wish // of somebody who wants the bot dead
	others   sync.WaitGroup

	mu      sync.Mutex // guards what follows
	bot     *botProcess
	kills   []*kill
	flushes []*flush
	keys    int64 // in its Redis, when it was last complete
	whole   bool
}

type wish struct{ granted chan struct{} }

// kill is what became of one end of the bot's process, in real time.
type kill struct {
	At      time.Time `json:"at"` // by the demo's clock
	Itself  bool      `json:"itself,omitempty"`
	Back    int64     `json:"back_ms,omitempty"`    // until the next process asked for updates
	Settled int64     `json:"settled_ms,omitempty"` // until everything that waited was done
	Updates int       `json:"updates"`              // that the bot had confirmed to Telegram, of the last 1000
	Waiting int       `json:"waiting"`              // updates and messages that were in hand
	Cases   int       `json:"cases"`
	Lost    int       `json:"lost"` // updates, cases and dialogues that are not there any more
	began   time.Time
}

// flush is what became of one emptying of Redis.
type flush struct {
	At    time.Time `json:"at"`
	Keys  int64     `json:"keys"`
	Whole int64     `json:"whole_ms,omitempty"` // until it was complete again
	began time.Time
}

// botProcess is one life of the bot.
type botProcess struct {
	cmd   *exec.Cmd
	in    io.WriteCloser
	began time.Time
	told  time.Duration // how far the clock is ahead
	ended chan struct{}
}

// run keeps the bot alive until the context ends, and ends it in order then.
// Up is called once, when the bot has asked Telegram for updates.
func (k *keeper) run(ctx context.Context, up func()) error {
	defer k.others.Wait()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	k.others.Go(func() { k.keepTime(ctx) })
	polls := k.telegram.Polls()
	p, err := k.start()
	if err != nil {
		return err
	}
	k.others.Go(func() {
		if k.telegram.Wait(ctx, func() bool { return k.telegram.Polls() > polls }) == nil {
			up()
		}
	})
	for falls := 0; ; {
		end, granted := &kill{Itself: true}, make(chan struct{})
		select {
		case <-ctx.Done():
			p.leave()
			return nil
		case w := <-k.wishes:
			end.Itself, granted = false, w.granted
			end.began = time.Now()
			_ = p.cmd.Process.Kill() // it may have ended just now
			<-p.ended
			falls = 0
		case <-p.ended:
			end.began = time.Now()
			k.log.Error("the bot's process ended by itself and is started again", "how", p.cmd.ProcessState)
			if falls++; falls == mostFallsOfBot {
				return errors.New("the bot's process ends again and again")
			}
		}
		if p, err = k.again(ctx, end); err != nil {
			return err
		}
		close(granted)
	}
}

// again looks what PostgreSQL holds while the bot is dead, starts it and
// compares afterwards.
func (k *keeper) again(ctx context.Context, end *kill) (*botProcess, error) {
	polls, confirmed := k.telegram.Polls(), k.telegram.Confirmed()
	before, err := k.tally(ctx, confirmed)
	end.At, end.Updates, end.Cases = k.telegram.Now(), len(confirmed), before.Cases
	end.Waiting = before.Incoming + before.Outgoing + k.telegram.Pending()
	k.mu.Lock()
	k.kills = append(k.kills, end)
	k.mu.Unlock()
	p, startErr := k.start()
	switch {
	case startErr != nil:
		return nil, startErr
	case err != nil:
		k.log.Warn("what the bot kept could not be counted", "error", storage.Loggable(err))
	default:
		k.others.Go(func() { k.compare(ctx, end, polls, confirmed, before) })
	}
	return p, nil
}

// compare waits until the bot has taken up its work again and has done what
// waited, and counts what is missing.
func (k *keeper) compare(ctx context.Context, end *kill, polls int, confirmed []int64, before storage.Tally) {
	ctx, cancel := context.WithTimeout(ctx, settling)
	defer cancel()
	if k.telegram.Wait(ctx, func() bool { return k.telegram.Polls() > polls }) != nil {
		return
	}
	k.mu.Lock()
	end.Back = max(1, time.Since(end.began).Milliseconds())
	k.mu.Unlock()
	var after storage.Tally
	quiet := func() (ok bool) {
		var err error
		after, err = k.tally(ctx, confirmed)
		return err == nil && after.Incoming == 0 && after.Outgoing == 0 && k.telegram.Pending() == 0
	}
	_ = k.telegram.Wait(ctx, quiet) // what is missing is counted in any case
	k.mu.Lock()
	defer k.mu.Unlock()
	end.Settled = max(1, time.Since(end.began).Milliseconds())
	end.Lost = len(confirmed) - after.Updates + max(0, before.Cases-after.Cases) + max(0, before.Dialogues-after.Dialogues)
}

func (k *keeper) tally(ctx context.Context, updates []int64) (t storage.Tally, err error) {
	err = k.db.Read(ctx, func(tx *storage.Tx) (err error) {
		t, err = tx.Tally(updates)
		return err
	})
	return t, err
}

// start begins a life of the bot.
func (k *keeper) start() (*botProcess, error) {
	p := &botProcess{cmd: exec.Command(k.program, "demo-bot"), ended: make(chan struct{}), began: time.Now()}
	p.cmd.Env, p.cmd.Stderr = k.environ, k.errs
	in, err := p.cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("the bot's process: %w", err)
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("the bot's process: %w", err)
	}
	p.in = in
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("the bot's process: %w", err)
	}
	k.mu.Lock()
	k.bot, k.whole = p, false
	k.tellTime(p)
	k.mu.Unlock()
	k.others.Go(func() {
		defer close(p.ended)
		words(out, k.hear)
		_ = p.cmd.Wait() // how it ended is in ProcessState
	})
	return p, nil
}

// leave ends the bot in order.
func (p *botProcess) leave() {
	_ = p.in.Close() // this is how it is told
	select {
	case <-p.ended:
	case <-time.After(lastWords):
		_ = p.cmd.Process.Kill()
		<-p.ended
	}
}

// keepTime tells the bot whenever the demo's clock is pushed.
func (k *keeper) keepTime(ctx context.Context) {
	for {
		changed := k.telegram.Changed()
		k.mu.Lock()
		if p := k.bot; p != nil && p.told != k.telegram.Ahead() {
			k.tellTime(p)
		}
		k.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return
		}
	}
}

// tellTime is called under the lock.
func (k *keeper) tellTime(p *botProcess) {
	p.told = k.telegram.Ahead()
	_, _ = io.WriteString(p.in, "clock "+strconv.FormatInt(int64(p.told), 10)+"\n") // the next life hears it at once
}

// hear notes what the bot says of its Redis.
func (k *keeper) hear(w demoWord) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.whole, k.keys = !w.Flushed, w.Keys
	if w.Flushed {
		k.flushes = append(k.flushes, &flush{At: k.telegram.Now(), Keys: w.Keys, began: time.Now()})
		return
	}
	for _, f := range k.flushes {
		if f.Whole == 0 {
			f.Whole = max(1, time.Since(f.began).Milliseconds())
		}
	}
}

// kill ends the bot's process hard and returns when the next one was started.
func (k *keeper) kill(ctx context.Context) error {
	w := wish{make(chan struct{})}
	select {
	case k.wishes <- w:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-w.granted:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// forget empties the bot's Redis.
func (k *keeper) forget() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.bot == nil {
		return errors.New("the bot is not there")
	}
	_, err := io.WriteString(k.bot.in, "flush\n")
	return err
}
