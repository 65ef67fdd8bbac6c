package main

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"koprik/storage"
)

// calm is a log in which a server that is away is one matter, however many
// loops of the program run into it: a line when it begins, one each half minute,
// and one when it is over.
type calm struct {
	slog.Handler
	database *outage
}

// newCalm makes a log of another one.
func newCalm(h slog.Handler) *calm {
	return &calm{h, &outage{what: "the database does not answer; Telegram keeps what people send meanwhile", over: "the database answers again"}}
}

// Handle lets everything pass but what says only that the database is away.
func (c *calm) Handle(ctx context.Context, r slog.Record) error {
	away := false
	r.Attrs(func(a slog.Attr) bool {
		away = away || a.Key == "error" && a.Value.String() == storage.Silence
		return !away
	})
	if !away {
		return c.Handler.Handle(ctx, r)
	}
	return c.database.begin(ctx, c.Handler, r.Time)
}

// WithAttrs is the same log with more said in each line.
func (c *calm) WithAttrs(list []slog.Attr) slog.Handler {
	return &calm{c.Handler.WithAttrs(list), c.database}
}

// WithGroup is the same log with a name before what is said in each line.
func (c *calm) WithGroup(name string) slog.Handler {
	return &calm{c.Handler.WithGroup(name), c.database}
}

// sayEvery is how often an outage that lasts is said.
const sayEvery = 30 * time.Second

// outage is a time in which a server is away.
type outage struct {
	what, over string

	mu          sync.Mutex
	since, said time.Time // zero while the server is there
}

// begin notes that the server is away, and says so when it is time to.
func (o *outage) begin(ctx context.Context, h slog.Handler, now time.Time) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.since.IsZero() {
		o.since = now
	} else if now.Sub(o.said) < sayEvery {
		return nil
	}
	o.said = now
	return o.say(ctx, h, slog.LevelError, o.what, now)
}

// end notes that the server is there.
func (o *outage) end(ctx context.Context, h slog.Handler, now time.Time) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.since.IsZero() {
		return nil
	}
	err := o.say(ctx, h, slog.LevelInfo, o.over, now)
	o.since, o.said = time.Time{}, time.Time{}
	return err
}

// say is called under the lock.
func (o *outage) say(ctx context.Context, h slog.Handler, level slog.Level, text string, now time.Time) error {
	if !h.Enabled(ctx, level) {
		return nil
	}
	r := slog.NewRecord(now, level, text, 0)
	if away := now.Sub(o.since).Round(time.Second); away > 0 {
		r.AddAttrs(slog.Duration("away", away))
	}
	return h.Handle(ctx, r)
}

// under tells whether the server is thought to be away.
func (o *outage) under() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return !o.since.IsZero()
}

// watch finds out when the database is there again, and looks after Redis, of
// which nobody else says that it is away: the work goes on without it.
func (s *service) watch(ctx context.Context) {
	log, ok := s.log.Handler().(*calm)
	if !ok {
		return
	}
	redis := &outage{what: "Redis does not answer; the clock runs on PostgreSQL meanwhile", over: "Redis answers again"}
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if log.database.under() && answers(ctx, s.db.Ping) == nil {
			_ = log.database.end(ctx, log.Handler, time.Now())
		}
		err := answers(ctx, func(ctx context.Context) error { return s.redis.Ping(ctx).Err() })
		switch {
		case ctx.Err() != nil:
		case err != nil:
			_ = redis.begin(ctx, log.Handler, time.Now()) // what cannot be logged is lost
		default:
			_ = redis.end(ctx, log.Handler, time.Now())
		}
	}
}

// answers asks a server whether it is there.
func answers(ctx context.Context, ask func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	return ask(ctx)
}
