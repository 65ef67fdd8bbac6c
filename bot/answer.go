package bot

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"koprik/storage"
)

// answer is what a person gets at once, outside the outbox: the end of a
// button's waiting, or an emoji below a message. That a press is owed an answer
// stands in the database until it was given; its words, and an emoji, are lost
// when the program dies.
type answer struct {
	press         string
	toast         Toast
	chat, message int64
	emoji         string
}

// answer is what a handler asked for; nil when that is nothing. A press is
// answered at the first attempt only.
func (r *Request) answer(first bool) *answer {
	a := &answer{chat: r.Event.Chat, message: r.Event.Message, emoji: r.emoji}
	if first {
		a.press = r.Event.PressID
	}
	if r.toast != nil {
		a.toast = *r.toast
	}
	if a.press == "" && a.emoji == "" {
		return nil
	}
	return a
}

const (
	answerers  = 32
	reactors   = 8
	mostQueued = 1024
	answerTime = 5 * time.Second
	// An answer that fails is given again while somebody may wait for it.
	answerAgain = 3
	answerPause = 200 * time.Millisecond
	// owedTime is how long a press is left to the replica that handled it. It is
	// longer than a full queue of a slow Telegram usually takes.
	owedTime  = 8 * time.Second
	owedEvery = time.Second
	mostOwed  = 64
	// lastWords is how long answers may take when the program stops; what is
	// owed then is given by the next replica.
	lastWords = 3 * time.Second
)

// answers gives answers beside the workers, a bounded number at once. Presses
// do not wait for emojis, which wait for Telegram's limit.
type answers struct {
	db      *storage.DB
	client  *Client
	limiter Limiter // nil: without limits
	metrics *Metrics
	log     *slog.Logger

	presses, emojis chan *job
	paid            chan int64

	mu     sync.Mutex
	inHand map[int64]bool // updates whose press stands in the queue, or is being answered
}

// start begins to answer; what it returns waits until all is answered, for a
// while.
func (a *answers) start() (stop func()) {
	a.presses, a.emojis = make(chan *job, mostQueued), make(chan *job, mostQueued)
	a.paid, a.inHand = make(chan int64, mostQueued), map[int64]bool{}
	ctx, cut := context.WithCancel(context.Background())
	var speaking, booking sync.WaitGroup
	for range answerers {
		speaking.Go(func() {
			for j := range a.presses {
				paid := a.sayPress(ctx, j)
				a.drop(j)
				if paid {
					a.paid <- j.update.ID
				}
			}
		})
	}
	for range reactors {
		speaking.Go(func() {
			for j := range a.emojis {
				a.sayEmoji(ctx, j)
			}
		})
	}
	booking.Go(a.book)
	sweeping, stopSweeping := context.WithCancel(ctx)
	var sweeper sync.WaitGroup
	sweeper.Go(func() { a.sweep(sweeping) })
	return func() {
		stopSweeping()
		sweeper.Wait()
		cutter := time.AfterFunc(lastWords, cut)
		close(a.presses)
		close(a.emojis)
		speaking.Wait()
		cutter.Stop()
		cut()
		close(a.paid)
		booking.Wait()
	}
}

// put hands an answer over. Telegram being slow must not slow the workers: a
// press that does not fit stays owed, an emoji is dropped.
func (a *answers) put(j *job) {
	if j.answer == nil {
		return
	}
	if j.answer.press != "" {
		a.queuePress(j)
	}
	if j.answer.emoji != "" {
		a.queue(a.emojis, j)
	}
}

// queuePress takes a press in hand, unless it is: what is owed has no words, and
// must not be given before the answer that has them.
func (a *answers) queuePress(j *job) {
	a.mu.Lock()
	twice := a.inHand[j.update.ID]
	a.inHand[j.update.ID] = true
	a.mu.Unlock()
	if !twice && !a.queue(a.presses, j) {
		a.drop(j)
	}
}

// drop forgets a press that is not in hand any more.
func (a *answers) drop(j *job) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.inHand, j.update.ID)
}

// held lists the updates whose press is in hand.
func (a *answers) held() []int64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.AppendSeq(make([]int64, 0, len(a.inHand)), maps.Keys(a.inHand))
}

func (a *answers) queue(c chan *job, j *job) bool {
	select {
	case c <- j:
		return true
	default:
		a.metrics.presses.WithLabelValues("put_off").Inc()
		return false
	}
}

// say gives an answer in the caller's goroutine.
func (a *answers) say(ctx context.Context, j *job) {
	if j.answer == nil {
		return
	}
	if j.answer.press != "" && a.sayPress(ctx, j) {
		a.pay(ctx, []int64{j.update.ID})
	}
	if j.answer.emoji != "" {
		a.sayEmoji(ctx, j)
	}
}

// sayPress ends the waiting of a button, and tells whether nothing is owed any
// more: it was answered, or never can be.
func (a *answers) sayPress(ctx context.Context, j *job) bool {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	err := a.client.AnswerPress(ctx, j.answer.press, j.answer.toast)
	for attempt := 1; attempt <= answerAgain && passes(err); attempt++ {
		if !pause(ctx, wait(err, attempt)) {
			break
		}
		err = a.client.AnswerPress(ctx, j.answer.press, j.answer.toast)
	}
	a.note(j, err)
	return err == nil || FailureOf(err).Kind == Refused
}

// passes tells whether what has failed may be tried again.
func passes(err error) bool {
	f := FailureOf(err)
	return f != nil && f.Kind != Refused
}

// wait is how long to leave Telegram alone after an attempt that failed: as long
// as it says, or a little longer each time.
func wait(err error, attempt int) time.Duration {
	if f := FailureOf(err); f.Kind == RetryAfter {
		return f.Wait
	}
	return time.Duration(attempt) * answerPause
}

// sayEmoji puts an emoji below a message, if the limit lets it in time.
func (a *answers) sayEmoji(ctx context.Context, j *job) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	if take(ctx, a.limiter, 1) {
		a.note(j, a.client.React(ctx, j.answer.chat, j.answer.message, j.answer.emoji))
	}
}

func (a *answers) note(j *job, err error) {
	if err == nil {
		a.metrics.presses.WithLabelValues("answered").Inc()
		return
	}
	a.metrics.presses.WithLabelValues("failed").Inc()
	a.log.Warn("no answer to a press", "update", j.update.ID, "error", err)
}

// book strikes out what was owed, as much at a time as there is.
func (a *answers) book() {
	for id := range a.paid {
		list := []int64{id}
	gather:
		for len(list) < mostOwed {
			select {
			case next, open := <-a.paid:
				if !open {
					break gather
				}
				list = append(list, next)
			default:
				break gather
			}
		}
		a.pay(context.Background(), list)
	}
}

func (a *answers) pay(ctx context.Context, list []int64) {
	ctx, cancel := context.WithTimeout(ctx, lastWords)
	defer cancel()
	if err := a.db.Paid(ctx, list); err != nil { // they are answered again, which does no harm
		a.log.Warn("answers to presses cannot be recorded", "count", len(list), "error", storage.Loggable(err))
	}
}

// sweep ends the waiting of buttons that nobody has answered, until ctx ends:
// their replica died, or Telegram did not take the answer.
func (a *answers) sweep(ctx context.Context) {
	for pause(ctx, owedEvery) {
		one, cancel := context.WithTimeout(ctx, queueTime)
		list, err := a.db.ClaimOwed(one, a.held(), mostOwed, owedTime)
		cancel()
		if err != nil {
			continue // the workers say so
		}
		for _, o := range list {
			a.queuePress(&job{update: storage.Update{ID: o.Inbox}, answer: &answer{press: o.Press}})
		}
	}
}
