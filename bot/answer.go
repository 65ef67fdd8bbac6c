package bot

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// answer is what a person gets at once, outside the outbox: the end of a
// button's waiting, or an emoji below a message. It is lost when the program
// stops; nothing hangs on it.
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
	mostQueued = 1024
	answerTime = 5 * time.Second
)

// answers gives answers beside the workers, a bounded number at once.
type answers struct {
	client  *Client
	metrics *Metrics
	log     *slog.Logger
	queue   chan *job
}

// start begins to answer; what it returns waits until all is answered.
func (a *answers) start() (stop func()) {
	a.queue = make(chan *job, mostQueued)
	var running sync.WaitGroup
	for range answerers {
		running.Go(func() {
			for j := range a.queue {
				a.say(context.Background(), j)
			}
		})
	}
	return func() { close(a.queue); running.Wait() }
}

// put hands an answer over. Telegram being slow must not slow the workers, so
// what does not fit is dropped.
func (a *answers) put(j *job) {
	if j.answer == nil {
		return
	}
	select {
	case a.queue <- j:
	default:
		a.metrics.presses.WithLabelValues("dropped").Inc()
	}
}

// say gives one answer.
func (a *answers) say(ctx context.Context, j *job) {
	if j.answer == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	if j.answer.press != "" {
		a.note(j, a.client.AnswerPress(ctx, j.answer.press, j.answer.toast))
	}
	if j.answer.emoji != "" {
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
