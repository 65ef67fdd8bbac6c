package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

type demoBotCommand struct{}

// Run is the bot as the demo runs it: what `run` does, on the demo's clock. The
// demo may kill it at any moment; it ends by itself with its standard input,
// which is also where the demo tells it the time.
func (demoBotCommand) Run(c *call) error {
	config, err := readConfig(c.environ)
	if err != nil {
		return err
	}
	c.log = logger(c.errs, config.LogLevel)
	b := &demoBot{out: json.NewEncoder(c.out)}
	lines := bufio.NewScanner(os.Stdin)
	if !lines.Scan() { // the time must be right before anything begins
		return nil
	}
	b.hear(lines.Text())
	// Ctrl-C reaches every process of a terminal; the demo says when to go.
	ctx, stop := context.WithCancel(context.WithoutCancel(c.ctx))
	defer stop()
	h, err := openHouse(ctx, config, false, b.now, c.log)
	if err != nil {
		return err
	}
	defer h.Close()
	s, err := newService(h)
	if err != nil {
		return err
	}
	go func() {
		defer stop()
		for lines.Scan() {
			b.hear(lines.Text())
		}
	}()
	go b.tell(ctx, h)
	return s.work(ctx, func() error { return nil }, func() {})
}

// demoBot is what passes between the demo and its bot: lines such as
// "clock 3600000000000" and "flush" one way, demoWord the other.
type demoBot struct {
	out   *json.Encoder
	ahead atomic.Int64
	flush atomic.Bool
}

// demoWord is what the bot says of its Redis.
type demoWord struct {
	Flushed bool  `json:"flushed,omitempty"` // it has just been emptied
	Keys    int64 `json:"keys"`              // that it held then, or holds now that it is whole
}

func (b *demoBot) now() time.Time { return time.Now().Add(time.Duration(b.ahead.Load())) }

func (b *demoBot) hear(line string) {
	word, rest, _ := strings.Cut(line, " ")
	switch word {
	case "clock":
		if ahead, err := strconv.ParseInt(rest, 10, 64); err == nil {
			b.ahead.Store(ahead)
		}
	case "flush":
		b.flush.Store(true)
	}
}

// tell empties Redis when it is asked to, and says when the clock in it is
// complete again.
func (b *demoBot) tell(ctx context.Context, h *house) {
	ticker := time.NewTicker(25 * time.Millisecond)
	defer ticker.Stop()
	for whole := false; ; {
		if b.flush.CompareAndSwap(true, false) {
			keys := h.redis.DBSize(ctx).Val()
			if h.redis.FlushAll(ctx).Err() == nil {
				whole = false
				b.say(demoWord{Flushed: true, Keys: keys})
			}
		}
		if !whole {
			if whole, _ = h.acks.Whole(ctx); whole {
				b.say(demoWord{Keys: h.redis.DBSize(ctx).Val()})
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

func (b *demoBot) say(w demoWord) { _ = b.out.Encode(w) } // the demo may be gone

// demoBotEnviron is the environment of the bot's process: what the system
// needs, and the demo's own settings.
func demoBotEnviron(environ []string, c config) []string {
	var list []string
	for _, pair := range environ {
		switch name, _, _ := strings.Cut(pair, "="); name {
		case "PATH", "HOME", "TMPDIR", "GOCOVERDIR", "SYSTEMROOT", "USERPROFILE":
			list = append(list, pair)
		}
	}
	return append(list,
		"TELEGRAM_TOKEN="+c.Token, "TELEGRAM_API_URL="+c.APIURL, "DATABASE_URL="+c.DatabaseURL,
		"DATA_DIR="+c.DataDir, "KEY_FILE="+c.KeyFile, "LOG_LEVEL="+c.LogLevel.String())
}

// words reads what the bot says until it has gone.
func words(from io.Reader, hear func(demoWord)) {
	lines := json.NewDecoder(from)
	for {
		var w demoWord
		if lines.Decode(&w) != nil {
			return
		}
		hear(w)
	}
}
