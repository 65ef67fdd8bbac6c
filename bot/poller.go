package bot

import (
	"context"
	"encoding/json"
	"log/slog"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"koprik/storage"
)

// PollerOptions are what a poller needs.
type PollerOptions struct {
	DB      *storage.DB
	Client  *Client
	Intake  *Intake
	Timeout time.Duration    // of one long poll; 30 s when 0
	Retry   time.Duration    // the first wait after a failure; 1 s when 0
	Wall    func() time.Time // the real clock, for Heard and Lame
	Metrics *Metrics
	Log     *slog.Logger
}

// Poller fetches updates where there is no webhook. Of all replicas one polls.
// An update is confirmed to Telegram by the poll after its commit, never
// before.
type Poller struct {
	o      PollerOptions
	heard  atomic.Int64 // when everything that was there had been stored, Unix ns
	lame   atomic.Int64 // since when polling fails, Unix ns; 0: it does not, or is another's business
	offset int64        // confirms what is below it; 0 confirms nothing
	limit  int
}

const (
	mostPolled  = 100
	longestRest = 30 * time.Second
)

// NewPoller makes a poller.
func NewPoller(o PollerOptions) *Poller {
	if o.Timeout == 0 {
		o.Timeout = 30 * time.Second
	}
	if o.Retry == 0 {
		o.Retry = time.Second
	}
	if o.Metrics == nil {
		o.Metrics = NewMetrics(nil)
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Poller{o: o, limit: mostPolled}
}

// Run polls whenever it is this replica's turn, until ctx ends.
func (p *Poller) Run(ctx context.Context) {
	for ctx.Err() == nil {
		held, resign, err := p.o.DB.Elect(ctx, storage.TaskPoll)
		if err != nil {
			if ctx.Err() == nil {
				p.o.Log.Error("nobody can be elected to poll", "error", storage.Loggable(err))
				pause(ctx, p.o.Retry)
			}
			continue
		}
		p.term(held)
		p.lame.Store(0)
		resign()
	}
}

// term is the time in which this replica polls. It begins by clearing away a
// webhook, with what waits behind it kept.
func (p *Poller) term(ctx context.Context) {
	p.offset = 0
	var t trouble
	for ctx.Err() == nil {
		err := p.o.Client.DeleteWebhook(ctx)
		if err == nil {
			break
		}
		p.rest(ctx, &t, err)
	}
	for ctx.Err() == nil {
		if err := p.Once(ctx); err != nil {
			p.rest(ctx, &t, err)
			continue
		}
		t = trouble{}
	}
}

// Once polls once, stores what comes and moves the offset. It is for tools and
// tests; Run calls it all the time.
//
// An answer without updates means that the offset has done its work. It is
// forgotten then: ids may begin again lower, and an old offset would confirm
// them unseen.
func (p *Poller) Once(ctx context.Context) error {
	batch, err := p.o.Client.Poll(ctx, p.offset, p.limit, p.o.Timeout)
	if f := FailureOf(err); f != nil {
		if f.Cause == TooLarge {
			p.limit = max(1, p.limit/4)
		}
		return f
	}
	p.limit = mostPolled
	next, err := p.store(ctx, batch)
	if err != nil {
		return err
	}
	p.o.Metrics.polls.WithLabelValues("ok").Inc()
	p.lame.Store(0)
	if p.o.Wall != nil {
		p.heard.Store(p.o.Wall().UnixNano())
	}
	if next == 0 && len(batch) > 0 { // none has an id: any offset lets go of them
		next = max(p.offset, 1)
		pause(ctx, p.o.Retry)
	}
	p.offset = next
	return nil
}

// Heard tells until when everything that people did has been stored; the zero
// time before the first poll, and without a clock.
func (p *Poller) Heard() time.Time {
	if ns := p.heard.Load(); ns != 0 {
		return time.Unix(0, ns)
	}
	return time.Time{}
}

// Lame tells since when this replica, whose turn it is, gets no updates; the
// zero time when it does, when another one polls, and without a clock.
func (p *Poller) Lame() time.Time {
	if ns := p.lame.Load(); ns != 0 {
		return time.Unix(0, ns)
	}
	return time.Time{}
}

// store keeps a batch also when the program is told to stop: it is here.
func (p *Poller) store(ctx context.Context, batch []json.RawMessage) (int64, error) {
	if len(batch) == 0 {
		return 0, nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return p.o.Intake.Store(ctx, batch)
}

// trouble is a row of failures.
type trouble struct {
	count int
	cause Cause
}

// rest waits longer with every failure in a row, by chance a little more or
// less. Each cause is said once.
func (p *Poller) rest(ctx context.Context, t *trouble, err error) {
	if ctx.Err() != nil {
		return
	}
	f := FailureOf(err)
	p.o.Metrics.polls.WithLabelValues(string(f.Cause)).Inc()
	if p.o.Wall != nil {
		p.lame.CompareAndSwap(0, p.o.Wall().UnixNano())
	}
	if f.Cause != t.cause {
		p.say(f, err)
	}
	t.count, t.cause = t.count+1, f.Cause
	wait := max(f.Wait, min(longestRest, p.o.Retry<<min(t.count-1, 6)))
	pause(ctx, wait*3/4+time.Duration(rand.Int64N(int64(wait)/2+1)))
}

func (p *Poller) say(f *Failure, err error) {
	switch {
	case f.Cause == Contested:
		p.o.Log.Error("another program takes this bot's updates; stop it, or give this one a token of its own")
	case f.Method == "?":
		p.o.Log.Error("updates cannot be stored", "error", storage.Loggable(err))
	default:
		p.o.Log.Warn("updates cannot be fetched", "error", f)
	}
}
