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
	Limiter Limiter          // of reactions; nil: without limits
	Metrics *Metrics
	Log     *slog.Logger
}

// Worker takes updates out of the inbox and has them handled: one transaction
// an update, in order within a chat.
type Worker struct {
	o       WorkerOptions
	bell    bell
	answers answers
	ear     atomic.Pointer[Ear]
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
	w.ear.Store(&o.Ear)
	w.answers = answers{db: o.DB, client: o.Client, limiter: o.Limiter, metrics: o.Metrics, log: o.Log}
	return w
}

// Call tells the worker the name of the bot, where it was not known at first.
func (w *Worker) Call(username string) {
	ear := *w.ear.Load()
	ear.Username = username
	w.ear.Store(&ear)
}

// Wake says that there is something in the inbox.
func (w *Worker) Wake() { w.bell.ring() }

// Run works until ctx ends, and then finishes the updates in hand.
func (w *Worker) Run(ctx context.Context) {
	var running sync.WaitGroup
	running.Go(func() { w.bell.tick(ctx) })
	stop := w.answers.start()
	hand, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	over := context.AfterFunc(ctx, func() { time.AfterFunc(longestStop, cut) })
	defer over()
	for range w.o.Count {
		running.Go(func() { w.work(ctx, hand) })
	}
	running.Wait()
	stop()
}

const (
	longestUpdate = 15 * time.Second
	longestStop   = 5 * time.Second // for what is in hand when the program stops
	longestRecord = 3 * time.Second // of a failure; not out of the time of what failed
)

// work handles updates one after the other. Whoever finds one wakes the next
// worker, so that a burst is met by all and silence costs one look each tick.
func (w *Worker) work(ctx, hand context.Context) {
	for ctx.Err() == nil {
		one, cancel := context.WithTimeout(hand, longestUpdate)
		j, err := w.next(one)
		cancel()
		switch {
		case err == nil:
			w.answers.put(j)
		case errors.Is(err, storage.ErrNothing):
			if !w.bell.wait(ctx) {
				return
			}
		case !errors.Is(err, storage.ErrAgain) && hand.Err() == nil:
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
	outcome string
	answer  *answer // to the press, or a reaction; nil when there is none
	cause   error   // why it failed; nil when it did not
}

// next handles one update; its error is ErrNothing, ErrAgain, or that the
// database does not do its part.
func (w *Worker) next(ctx context.Context) (*job, error) {
	j := &job{}
	again, suspect := false, false
	err := storage.Safely(func() error {
		return w.o.DB.InTx(ctx, func(tx *storage.Tx) error {
			*j, again, suspect = job{}, false, false
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
			if suspect = u.Suspect; suspect {
				return w.suspect(tx, j)
			}
			return w.attempt(tx, j)
		})
	})
	if suspect && err == nil && j.cause == nil {
		held := false
		held, err = w.resume(ctx, j)
		again = err == nil && !held
	}
	switch {
	case again && err == nil:
		return nil, storage.ErrAgain
	case err != nil && (j.update.ID == 0 || passed(err)):
		return nil, err // nothing is known against the update
	case err != nil:
		return j, w.setAside(ctx, j, err)
	}
	w.measure(j)
	return j, nil
}

// passed tells whether an update was left where it was through no fault of its own.
func passed(err error) bool { return storage.Away(err) || errors.Is(err, context.Canceled) }

// measure counts what became of an update, and says why it failed.
func (w *Worker) measure(j *job) {
	w.o.Metrics.handled.WithLabelValues(j.outcome).Inc()
	if j.cause == nil {
		w.o.Metrics.updateSeconds.Observe(w.o.Wall().Sub(j.update.Stored).Seconds())
		return
	}
	last := w.last(j)
	w.o.Log.Error("an update failed", "update", j.update.ID, "attempt", j.update.Attempts+1, "last", last,
		"cause", storage.Loggable(j.cause)) // under a name of its own: never taken for an outage
	if last {
		w.o.Metrics.quarantined.WithLabelValues(reason(j.cause)).Inc()
	}
}

// attempt does what the update asks for and marks it as done. A failure is
// undone and recorded in the same transaction, which still holds the chat: after
// its end another worker would take up the update before that is known.
func (w *Worker) attempt(tx *storage.Tx, j *job) error {
	tx.Instead(func(cause error) error { return w.putOff(tx, j, cause) })
	try := func(do func() error) error { return tx.Try(func() error { return storage.Safely(do) }) }
	err := try(func() error { return w.handle(tx, j) })
	if refusal := (*mahalla.Error)(nil); errors.As(err, &refusal) {
		err = try(func() error { return w.refuse(tx, j, refusal) })
	}
	if err == nil || storage.Passing(err) {
		return err
	}
	return w.putOff(tx, j, err)
}

// handle finds the handler and runs it.
func (w *Worker) handle(tx *storage.Tx, j *job) error {
	event, wanted, err := w.ear.Load().Hear(j.update.Payload)
	if j.event, j.outcome = event, "ignored"; err != nil || !wanted {
		return w.finish(tx, j, nil, err)
	}
	q, err := w.request(tx, event)
	if err != nil {
		return err
	}
	handler := w.o.Router.Find(q)
	if handler == nil {
		return w.finish(tx, j, nil, nil)
	}
	j.outcome = "done"
	storage.FailOn(event.Text)
	return w.finish(tx, j, q, handler(q))
}

// refuse puts into words why the handler, whose effect is undone, did nothing.
func (w *Worker) refuse(tx *storage.Tx, j *job, refusal *mahalla.Error) error {
	j.outcome = "refused"
	q, err := w.request(tx, j.event) // the handler's traces are in the old one
	if err != nil {
		return err
	}
	return w.finish(tx, j, q, w.o.Router.refuse(q, refusal))
}

// finish keeps what was heard of the person, if anybody did, and marks the
// update as done.
func (w *Worker) finish(tx *storage.Tx, j *job, q *Request, err error) error {
	if err != nil {
		return err
	}
	if q != nil && !q.Event.Kind.OfGroup() { // the person's chat is not held then
		j.answer = q.answer(j.update.Attempts == 0)
		if err := tx.SaveDialogue(q.Contact, q.Now); err != nil {
			return err
		}
	}
	j.owePress(tx)
	return tx.FinishUpdate(j.update)
}

// owePress notes that the press must be answered, in the transaction of its
// effect or of its failure: after the first attempt, so that nobody waits for it.
func (j *job) owePress(tx *storage.Tx) {
	if j.answer == nil && j.event.PressID != "" && j.update.Attempts == 0 {
		j.answer = &answer{press: j.event.PressID}
	}
	if j.answer != nil && j.answer.press != "" {
		tx.Owe(storage.Owed{Inbox: j.update.ID, Press: j.answer.press}, owedTime)
	}
}

// request loads who did it; a stranger becomes known.
func (w *Worker) request(tx *storage.Tx, e Event) (*Request, error) {
	q := &Request{Tx: tx, Now: w.o.Now(), Event: e}
	var err error
	if q.Contact, err = tx.ContactByTelegram(e.From.ID); err != nil || q.Contact != nil || e.Kind.OfGroup() {
		return q, err // nobody becomes known by what is said in a group
	}
	q.Contact, err = tx.AddPerson(e.From.ID, e.From.Name, mahalla.GuessLanguage(e.From.Language), q.Now)
	if err == nil && q.Contact == nil {
		err = errors.New("bot: a person who was just added is not there")
	}
	return q, err
}

// putOff records that an update failed: for a later try, or for good, with a
// word to the person.
func (w *Worker) putOff(tx *storage.Tx, j *job, cause error) error {
	u := j.update
	j.answer, j.cause, j.outcome = nil, cause, "failed"
	j.owePress(tx)
	if !w.last(j) {
		return tx.PostponeUpdate(u, w.o.Backoff[u.Attempts], reason(cause))
	}
	w.apologise(tx, j)
	return tx.QuarantineUpdate(u, reason(cause))
}

// last tells whether an update that failed is not tried again.
func (w *Worker) last(j *job) bool {
	return j.update.Attempts >= len(w.o.Backoff) || errors.Is(j.cause, errOdd) || errors.Is(j.cause, errDeadly)
}

// setAside does so in a transaction of its own, where that of the update is
// lost. Another worker may have taken the update up meanwhile.
func (w *Worker) setAside(ctx context.Context, j *job, cause error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), longestRecord)
	defer cancel()
	var mine bool
	err := w.o.DB.InTx(ctx, func(tx *storage.Tx) (err error) {
		if mine, err = tx.HoldUpdate(j.update); err != nil || !mine {
			return err
		}
		return w.putOff(tx, j, cause)
	})
	if err == nil && mine {
		w.measure(j)
	}
	return err
}

// apologise tells the person that something broke, if that much works.
func (w *Worker) apologise(tx *storage.Tx, j *job) {
	err := tx.Try(func() error {
		return storage.Safely(func() error {
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
	case errors.Is(cause, errDeadly):
		return "deadly"
	case errors.As(cause, new(*storage.Crash)):
		return "panic"
	}
	return "error"
}
