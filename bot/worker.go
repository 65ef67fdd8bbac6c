package bot

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// WorkerOptions are what workers need. Now is the clock of the rules, Wall the
// real one, for measuring only.
type WorkerOptions struct {
	DB      *storage.DB
	Client  *Client
	Router  *Router
	Ear     Ear
	Now     func() time.Time
	Wall    func() time.Time // Now when nil
	Count   int              // of workers; 8 when 0
	Backoff []time.Duration  // waits after failures; when they are used up the update is put aside
	Metrics *Metrics
	Log     *slog.Logger
}

// Worker takes updates out of the inbox and has them handled: one transaction
// an update, in order within a chat.
type Worker struct {
	o       WorkerOptions
	bell    bell
	answers answers
	again   atomic.Int64 // the last chat that turned out to have nothing
}

// NewWorker makes a worker that does nothing yet.
func NewWorker(o WorkerOptions) *Worker {
	if o.Count == 0 {
		o.Count = 8
	}
	if o.Backoff == nil {
		o.Backoff = []time.Duration{time.Second, 5 * time.Second}
	}
	if o.Wall == nil {
		o.Wall = o.Now
	}
	if o.Metrics == nil {
		o.Metrics = NewMetrics(nil)
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	w := &Worker{o: o, bell: newBell(o.Count)}
	w.answers = answers{client: o.Client, metrics: o.Metrics, log: o.Log}
	return w
}

// Wake says that there is something in the inbox.
func (w *Worker) Wake() { w.bell.ring() }

// Run works until ctx ends, and then finishes the updates in hand.
func (w *Worker) Run(ctx context.Context) {
	var running sync.WaitGroup
	running.Go(func() { w.bell.tick(ctx) })
	stop := w.answers.start()
	for range w.o.Count {
		running.Go(func() { w.work(ctx) })
	}
	running.Wait()
	stop()
}

const (
	longestUpdate = 15 * time.Second // so that a stop never takes much longer
	longestRecord = 5 * time.Second  // of a failure; not out of the time of what failed
)

// work handles updates one after the other. Whoever finds one wakes the next
// worker, so that a burst is met by all and silence costs one look each tick.
func (w *Worker) work(ctx context.Context) {
	for ctx.Err() == nil {
		one, cancel := context.WithTimeout(context.WithoutCancel(ctx), longestUpdate)
		j, err := w.next(one)
		cancel()
		switch {
		case err == nil:
			w.answers.put(j)
		case errors.Is(err, storage.ErrNothing):
			if !w.bell.wait(ctx) {
				return
			}
		case !errors.Is(err, storage.ErrAgain):
			w.o.Log.Error("the inbox cannot be served", "error", storage.Loggable(err))
			pause(ctx, time.Second)
		}
	}
}

// Drain handles everything that waits now, in the caller's goroutine, answers
// to presses included, and tells how many updates that were.
func (w *Worker) Drain(ctx context.Context) (int, error) {
	for done := 0; ; done++ {
		j, err := w.next(ctx)
		for errors.Is(err, storage.ErrAgain) {
			j, err = w.next(ctx)
		}
		if errors.Is(err, storage.ErrNothing) {
			return done, nil
		}
		if err != nil {
			return done, err
		}
		w.answers.say(ctx, j)
	}
}

// job is one update on its way through a worker.
type job struct {
	update  storage.Update
	event   Event
	wanted  bool
	outcome string
	answer  *answer // to the press, or a reaction; nil when there is none
}

// next handles one update; its error is ErrNothing, ErrAgain, or that the
// database does not do its part.
func (w *Worker) next(ctx context.Context) (*job, error) {
	j := &job{}
	again := false
	err := safely(func() error {
		return w.o.DB.InTx(ctx, func(tx *storage.Tx) error {
			*j, again = job{}, false
			u, err := tx.ClaimUpdate()
			if errors.Is(err, storage.ErrAgain) {
				again = true
				if w.again.Swap(u.Chat) == u.Chat {
					tx.RecountInbox(u.Chat)
				}
				return nil
			}
			if err != nil {
				return err
			}
			w.bell.ring()
			j.update = u
			return w.handle(tx, j)
		})
	})
	switch {
	case again && err == nil:
		return nil, storage.ErrAgain
	case err != nil && j.update.ID == 0:
		return nil, err
	case err != nil:
		return j, w.setAside(ctx, j, err)
	}
	w.o.Metrics.handled.WithLabelValues(j.outcome).Inc()
	w.o.Metrics.updateSeconds.Observe(w.o.Wall().Sub(j.update.Stored).Seconds())
	return j, nil
}

// handle does what the update asks for and marks it as done.
func (w *Worker) handle(tx *storage.Tx, j *job) error {
	var err error
	j.outcome = "ignored"
	if j.event, j.wanted, err = w.o.Ear.Hear(j.update.Payload); err != nil {
		return err
	}
	if j.wanted {
		if err := w.serve(tx, j); err != nil {
			return err
		}
	}
	if j.answer == nil && j.event.PressID != "" && j.update.Attempts == 0 {
		j.answer = &answer{press: j.event.PressID}
	}
	return tx.FinishUpdate(j.update)
}

// serve finds the handler and runs it. A refusal undoes what the handler wrote
// and is put into words in the same transaction.
func (w *Worker) serve(tx *storage.Tx, j *job) error {
	q, err := w.request(tx, j.event)
	if err != nil {
		return err
	}
	handler := w.o.Router.Find(q)
	if handler == nil {
		return nil
	}
	j.outcome = "done"
	err = tx.Try(func() error { return handler(q) })
	if refusal := (*mahalla.Error)(nil); errors.As(err, &refusal) {
		j.outcome = "refused"
		if q, err = w.request(tx, j.event); err == nil { // the handler's traces are in the old one
			err = w.o.Router.refuse(q, refusal)
		}
	}
	if err != nil {
		return err
	}
	j.answer = q.answer(j.update.Attempts == 0)
	return tx.SaveDialogue(q.Contact, q.Now)
}

// request loads who did it; a stranger becomes known.
func (w *Worker) request(tx *storage.Tx, e Event) (*Request, error) {
	q := &Request{Tx: tx, Now: w.o.Now(), Event: e}
	var err error
	if q.Contact, err = tx.ContactByTelegram(e.From.ID); err != nil || q.Contact != nil {
		return q, err
	}
	q.Contact, err = tx.AddPerson(e.From.ID, e.From.Name, mahalla.GuessLanguage(e.From.Language), q.Now)
	if err == nil && q.Contact == nil {
		err = errors.New("bot: a person who was just added is not there")
	}
	return q, err
}

// setAside records, in a transaction of its own, that an update failed: for a
// later try, or for good, with a word to the person. A press is answered after
// the first failure, so that nobody waits for it.
func (w *Worker) setAside(ctx context.Context, j *job, cause error) error {
	u := j.update
	last := u.Attempts >= len(w.o.Backoff) || errors.Is(cause, errOdd)
	w.o.Log.Error("an update failed", "update", u.ID, "attempt", u.Attempts+1, "last", last,
		"error", storage.Loggable(cause))
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), longestRecord)
	defer cancel()
	var mine bool
	err := w.o.DB.InTx(ctx, func(tx *storage.Tx) (err error) {
		if mine, err = tx.HoldUpdate(u); err != nil || !mine {
			return err
		}
		if !last {
			return tx.PostponeUpdate(u, w.o.Backoff[u.Attempts], reason(cause))
		}
		w.apologise(tx, j)
		return tx.QuarantineUpdate(u, reason(cause))
	})
	if err != nil {
		return err
	}
	j.answer = nil
	if j.event.PressID != "" && u.Attempts == 0 {
		j.answer = &answer{press: j.event.PressID}
	}
	w.o.Metrics.handled.WithLabelValues("failed").Inc()
	if last && mine {
		w.o.Metrics.quarantined.WithLabelValues(reason(cause)).Inc()
	}
	return nil
}

// apologise tells the person that something broke, if that much works.
func (w *Worker) apologise(tx *storage.Tx, j *job) {
	err := tx.Try(func() error {
		return safely(func() error {
			contact, err := tx.ContactByTelegram(j.update.Chat)
			if err != nil || contact == nil {
				return err
			}
			q := &Request{Tx: tx, Now: w.o.Now(), Contact: contact, Event: j.event}
			if err := w.o.Router.sorry(q); err != nil {
				return err
			}
			return tx.SaveDialogue(contact, q.Now)
		})
	})
	if err != nil {
		w.o.Log.Error("no word to the person", "update", j.update.ID, "error", storage.Loggable(err))
	}
}

// reason is the code that is kept with a failed update.
func reason(cause error) string {
	switch {
	case errors.Is(cause, errOdd):
		return "unreadable"
	case errors.As(cause, new(*crash)):
		return "panic"
	}
	return "error"
}
