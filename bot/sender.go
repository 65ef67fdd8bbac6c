package bot

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// Render works out what a message says, from the state of this moment and in
// the reader's language. It may only read. ErrPointless drops the message.
type Render func(*storage.Tx, storage.Message) (mahalla.Screen, error)

// ErrPointless says that there is nothing to say any more.
var ErrPointless = errors.New("bot: there is nothing to say any more")

// Limiter keeps Telegram's limit over all chats. Take asks for up to n
// messages; with none granted it says how long to wait.
type Limiter interface {
	Take(ctx context.Context, n int) (granted int, wait time.Duration)
}

// SenderOptions are what a sender needs. Now is the clock of the rules, Wall
// the real one.
type SenderOptions struct {
	DB          *storage.DB
	Client      *Client
	Render      Render
	Unreachable func(*storage.Tx, storage.Message) error // somebody cannot be told any more
	// Refused hears of a message that Telegram takes in no way, and of one of
	// whose parts it takes some: the others are given, counted from 1.
	Refused func(*storage.Tx, storage.Message, []int) error
	Limiter Limiter      // nil: without limits
	Pace    storage.Pace // of one chat
	Now     func() time.Time
	Wall    func() time.Time                // Now when nil
	Retry   func(attempt int) time.Duration // wait after a passing failure; doubling from 1 s when nil
	Metrics *Metrics
	Log     *slog.Logger
}

// Pace is how fast Telegram lets one chat be written to, with a margin.
func Pace() storage.Pace {
	return storage.Pace{Private: time.Second, PrivateBurst: 3, Group: time.Minute / 18, GroupBurst: 5}
}

const (
	mostSending  = mostCalls        // at once
	mostClaimed  = 64               // in one transaction
	fewFree      = 16               // below it, claiming waits for more
	mostFinished = 64               // in one transaction
	mostReading  = 4                // connections that renderers may hold
	mostPermits  = 4                // taken in advance
	longest      = 20 * time.Second // for a message: drawing it, and its calls
	lease        = 30 * time.Second // longer than that and the record; a dead replica's end sooner
	queueTime    = 10 * time.Second // for the database, a free connection included
	stopTime     = 6 * time.Second  // for what is on its way at a stop
	mostRenders  = 5                // tries of a message that cannot be drawn
	mostFiles    = 3                // tries of a file that Telegram does not take
	mostPatience = 5 * time.Second  // with a limit in the middle of an album
)

// Sender takes messages out of the outbox and sends them: claim, call, record.
// In a chat one after the other, the chats side by side.
type Sender struct {
	o       SenderOptions
	bell    bell
	reading chan struct{}
	pause   brake
	mu      sync.Mutex
	broken  map[int64]int  // failed drawings by message
	spent   map[int64]bool // messages of which nothing can be recorded; not sent again
}

// NewSender makes a sender that does nothing yet.
func NewSender(o SenderOptions) *Sender {
	if o.Wall == nil {
		o.Wall = o.Now
	}
	if o.Retry == nil {
		o.Retry = doubling
	}
	if o.Metrics == nil {
		o.Metrics = NewMetrics(nil)
	}
	if o.Unreachable == nil {
		o.Unreachable = func(*storage.Tx, storage.Message) error { return nil }
	}
	if o.Refused == nil {
		o.Refused = func(*storage.Tx, storage.Message, []int) error { return nil }
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Sender{o: o, bell: newBell(1), reading: make(chan struct{}, mostReading), broken: map[int64]int{}, spent: map[int64]bool{}}
}

// doubling waits 1, 2, 4 … 60 seconds.
func doubling(attempt int) time.Duration {
	return min(time.Minute, time.Second<<min(max(attempt-1, 0), 6))
}

// Wake says that there is something in the outbox.
func (s *Sender) Wake() { s.bell.ring() }

// Drain sends everything that is ready now, in order and one at a time, and
// tells how many messages that were.
func (s *Sender) Drain(ctx context.Context) (int, error) {
	for done := 0; ; done++ {
		if s.pause.left(s.o.Wall()) > 0 {
			return done, nil
		}
		list, err := s.claim(ctx, 1)
		if err != nil || len(list) == 0 {
			return done, err
		}
		for _, m := range list {
			r := s.deliver(ctx, m)
			if err := s.record(ctx, []result{r}); err != nil {
				return done, err
			}
		}
	}
}

// claim takes messages in hand. A claim that has begun is carried through when the
// program is to stop: what it took is sent on the way out. What was not committed is
// not in hand, and is sent by whoever claims it.
func (s *Sender) claim(ctx context.Context, limit int) (list []storage.Message, err error) {
	ctx = context.WithoutCancel(ctx)
	one, cancel := context.WithTimeout(ctx, queueTime)
	defer cancel()
	err = s.o.DB.InTx(one, func(tx *storage.Tx) (err error) {
		list, err = tx.ClaimMessages(limit, lease)
		return err
	})
	if err == nil {
		return list, nil
	}
	if len(list) > 0 { // it may be committed all the same: nobody waits for its lease to end
		back, cancel := context.WithTimeout(ctx, queueTime)
		defer cancel()
		_ = s.o.DB.InTx(back, func(tx *storage.Tx) error { tx.Unclaim(list); return nil })
	}
	return nil, err
}

// Run sends until ctx ends, and then finishes what is on its way.
func (s *Sender) Run(ctx context.Context) {
	// Calls outlive ctx by stopTime, and their records by a little more.
	calls, cutCalls := context.WithCancel(context.WithoutCancel(ctx))
	records, cutRecords := context.WithCancel(context.WithoutCancel(ctx))
	defer cutCalls()
	defer cutRecords()
	f := newFlight(s)
	var recorder, ticker sync.WaitGroup
	recorder.Go(func() { f.record(records) })
	ticker.Go(func() { s.bell.tick(ctx) })
	f.dispatch(ctx, calls)
	cutter := time.AfterFunc(stopTime, cutCalls)
	cutter2 := time.AfterFunc(stopTime+2*time.Second, cutRecords)
	f.sending.Wait()
	close(f.results)
	recorder.Wait()
	cutter.Stop()
	cutter2.Stop()
	ticker.Wait()
}

// flight is what one Run has on its way. A seat is held from the claim until
// the result is recorded.
type flight struct {
	*Sender
	seats   chan struct{}
	results chan result
	sending sync.WaitGroup
	permits int
}

func newFlight(s *Sender) *flight {
	return &flight{Sender: s, seats: make(chan struct{}, mostSending), results: make(chan result, mostSending)}
}

// dispatch claims what is ready and lets it fly, until ctx ends.
func (f *flight) dispatch(ctx, calls context.Context) {
	for ctx.Err() == nil {
		if wait := f.pause.left(f.o.Wall()); wait > 0 {
			pause(ctx, wait)
			continue
		}
		free := cap(f.seats) - len(f.seats)
		if free < fewFree {
			f.bell.wait(ctx) // the recorder rings
			continue
		}
		limit, wait := f.permit(ctx, min(free, mostClaimed))
		if limit == 0 {
			pause(ctx, wait)
			continue
		}
		list, err := f.claim(ctx, limit)
		if err != nil && ctx.Err() == nil {
			f.o.Log.Error("the outbox cannot be served", "error", storage.Loggable(err))
			pause(ctx, time.Second)
		}
		if f.o.Limiter != nil {
			f.permits -= len(list)
		}
		for _, m := range list {
			f.seats <- struct{}{}
			f.sending.Go(func() { f.results <- f.deliver(calls, m) })
		}
		if len(list) < limit {
			f.bell.wait(ctx)
		}
	}
}

// permit says how many messages may go now. What was granted and not used is
// kept: an idle sender must not take from the busy ones.
func (f *flight) permit(ctx context.Context, want int) (int, time.Duration) {
	if f.o.Limiter == nil {
		return want, 0
	}
	if f.permits == 0 {
		granted, wait := f.o.Limiter.Take(ctx, min(want, mostPermits))
		if granted == 0 {
			return 0, max(wait, 10*time.Millisecond)
		}
		f.permits = granted
	}
	return min(want, f.permits), 0
}

// toll waits for permits beyond the one that every message has: for the other
// parts of an album, and for a second call.
func (s *Sender) toll(ctx context.Context, n int) { take(ctx, s.o.Limiter, n) }

// take waits for n permits, and is false when ctx ends first.
func take(ctx context.Context, limiter Limiter, n int) bool {
	for limiter != nil && n > 0 {
		granted, wait := limiter.Take(ctx, min(n, mostPermits))
		if n -= granted; granted == 0 && !pause(ctx, max(wait, 10*time.Millisecond)) {
			return false
		}
	}
	return ctx.Err() == nil
}

// record writes results down, as many at a time as there are.
func (f *flight) record(ctx context.Context) {
	for r := range f.results {
		group := []result{r}
	gather:
		for len(group) < mostFinished {
			select {
			case next, open := <-f.results:
				if !open {
					break gather
				}
				group = append(group, next)
			default:
				break gather
			}
		}
		f.keep(ctx, group)
		for range group {
			<-f.seats
		}
		f.bell.ring()
	}
}

// record writes what became of messages and measures it.
func (s *Sender) record(ctx context.Context, group []result) error {
	ctx, cancel := context.WithTimeout(ctx, queueTime)
	defer cancel()
	list := make([]storage.Delivery, 0, len(group))
	for _, r := range group {
		if !r.recorded {
			list = append(list, r.Delivery)
		}
	}
	if len(list) > 0 {
		err := s.o.DB.InTx(ctx, func(tx *storage.Tx) error { return tx.FinishMessages(list, s.o.Pace) })
		if err != nil {
			return err
		}
	}
	for _, r := range group {
		s.measure(r)
	}
	return nil
}

func (s *Sender) measure(r result) {
	m, fate := r.Message, fateName(r.Fate)
	s.o.Metrics.messages.WithLabelValues(fate, r.Reason).Inc()
	if r.Fate == storage.FateRefused {
		s.o.Metrics.refused.WithLabelValues(string(m.Kind)).Inc()
	}
	if r.Fate == storage.FateSent && r.called && !m.Filed.IsZero() {
		s.o.Metrics.cardSeconds.Observe(r.at.Sub(m.Filed).Seconds())
	}
	if lost := len(r.lost); lost > 0 && r.Fate == storage.FateSent {
		s.o.Metrics.lostParts.Add(float64(lost))
		s.o.Log.Warn("parts of a message were not sent", "message", m.ID, "kind", m.Kind, "case", m.Logged(), "lost", lost)
	}
	if r.Fate != storage.FateRetry {
		s.mu.Lock()
		delete(s.broken, m.ID)
		delete(s.spent, m.ID)
		s.mu.Unlock()
	}
	if r.Reason != "" && r.Fate != storage.FateDropped {
		s.o.Log.Warn("a message was not sent", "message", m.ID, "kind", m.Kind, "case", m.Logged(),
			"attempt", m.Attempts, "fate", fate, "reason", r.Reason)
	}
}

func fateName(f storage.Fate) string {
	switch f {
	case storage.FateSent:
		return "sent"
	case storage.FateRefused:
		return "refused"
	case storage.FateDropped:
		return "dropped"
	}
	return "retry"
}
