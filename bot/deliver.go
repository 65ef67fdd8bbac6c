package bot

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// result is what became of one attempt to send.
type result struct {
	storage.Delivery
	called   bool      // Telegram took something
	at       time.Time // when, by the clock of the rules
	recorded bool      // in a transaction of its own
}

// deliver draws a message and brings it to Telegram. It never fails: whatever
// happens is a result.
func (s *Sender) deliver(ctx context.Context, m storage.Message) result {
	r := result{Delivery: storage.Delivery{Message: m}}
	d, card, err := s.prepare(ctx, m)
	if err == nil {
		err = s.bring(ctx, &r, d, card)
	}
	r.at = s.o.Now()
	if err != nil {
		s.judge(ctx, &r, err)
	}
	return r
}

// prepare reads what the message says, and where its card stands.
func (s *Sender) prepare(ctx context.Context, m storage.Message) (d drawing, card storage.Card, err error) {
	if m.Unreadable {
		return d, card, undrawable("unreadable")
	}
	s.reading <- struct{}{}
	defer func() { <-s.reading }()
	ctx, cancel := context.WithTimeout(ctx, queueTime)
	defer cancel()
	var screen mahalla.Screen
	err = safely(func() error {
		return s.o.DB.Read(ctx, func(tx *storage.Tx) (err error) {
			if screen, err = s.o.Render(tx, m); err != nil || !m.IsCard() {
				return err
			}
			card, err = tx.Card(m.Person, m.Kind, m.Case)
			return err
		})
	})
	if err != nil {
		return d, card, &undrawn{err}
	}
	d, err = draw(screen, m.Chat, s.o.Client.sign)
	return d, card, err
}

// undrawn says that a message could not be drawn.
type undrawn struct{ cause error }

func (e *undrawn) Error() string { return e.cause.Error() }
func (e *undrawn) Unwrap() error { return e.cause }

// bring sends the message, or changes the card that stands for it already.
func (s *Sender) bring(ctx context.Context, r *result, d drawing, card storage.Card) error {
	m := r.Message
	if !m.IsCard() {
		return s.fresh(ctx, r, d)
	}
	r.Hash = d.hash()
	if m.Ring || card.MessageID == 0 {
		return s.replace(ctx, r, d, card)
	}
	r.Fate, r.MessageID = storage.FateSent, card.MessageID
	if bytes.Equal(r.Hash, card.Hash) {
		return nil
	}
	err := s.timed(func() error { return s.o.Client.edit(ctx, m.Chat, card.MessageID, d) })
	if f := FailureOf(err); f != nil && f.Cause == EditGone {
		return s.fresh(ctx, r, d)
	}
	r.called = err == nil
	return err
}

// replace sends a card anew and takes the buttons off the older message, so
// that one card is alive. That the older one is gone or cannot be changed does
// not matter: its buttons are checked when they are pressed.
func (s *Sender) replace(ctx context.Context, r *result, d drawing, card storage.Card) error {
	if err := s.fresh(ctx, r, d); err != nil || card.MessageID == 0 {
		return err
	}
	if f := FailureOf(s.o.Client.Disarm(ctx, r.Message.Chat, card.MessageID)); f != nil && f.Kind == RetryAfter {
		r.Wait = f.Wait
	}
	return nil
}

func (s *Sender) fresh(ctx context.Context, r *result, d drawing) error {
	var ids []int64
	err := s.timed(func() (err error) {
		ids, err = s.o.Client.send(ctx, r.Message.Chat, d)
		return err
	})
	if err != nil {
		return err
	}
	r.Fate, r.called = storage.FateSent, true
	if len(ids) > 0 {
		r.MessageID, r.Others = ids[0], ids[1:]
	}
	return nil
}

func (s *Sender) timed(call func() error) error {
	began := s.o.Wall()
	err := call()
	s.o.Metrics.callSeconds.Observe(s.o.Wall().Sub(began).Seconds())
	return err
}

// judge decides what a failure means for the message.
func (s *Sender) judge(ctx context.Context, r *result, err error) {
	broken := (*undrawn)(nil)
	switch {
	case errors.Is(err, ErrPointless):
		r.Fate, r.Reason = storage.FateDropped, "pointless"
	case errors.As(err, &broken):
		s.judgeDrawing(r, broken)
	default:
		s.judgeCall(ctx, r, FailureOf(err))
	}
}

// judgeDrawing counts failures in memory: attempts in the database also count
// those of the network.
func (s *Sender) judgeDrawing(r *result, broken *undrawn) {
	m := r.Message
	s.mu.Lock()
	s.broken[m.ID]++
	times := s.broken[m.ID]
	s.mu.Unlock()
	s.o.Log.Error("a message cannot be drawn", "message", m.ID, "kind", m.Kind, "case", m.Case,
		"time", times, "error", storage.Loggable(broken.cause))
	r.Fate, r.Reason, r.Wait = storage.FateRetry, "undrawn", s.o.Retry(times)
	if times >= mostRenders {
		r.Fate = storage.FateRefused
	}
}

func (s *Sender) judgeCall(ctx context.Context, r *result, f *Failure) {
	m := r.Message
	r.Fate, r.Reason = storage.FateRetry, string(f.Cause)
	switch {
	case f.Kind == RetryAfter:
		r.Wait = f.Wait
		s.pause.hit(m.Chat, s.o.Wall(), f.Wait)
	case f.Cause == BadFile && m.Attempts >= mostFiles, f.Kind == Refused:
		r.Fate = storage.FateRefused
	default:
		r.Wait = s.o.Retry(m.Attempts)
	}
	if f.Kind == Unknown {
		s.o.Metrics.ambiguous.Inc()
	}
	if r.Fate == storage.FateRefused && f.Gone() {
		s.escalate(ctx, r)
	}
}

// escalate passes on that somebody cannot be told any more, in the transaction
// that gives the message up. If that fails it is not given up.
func (s *Sender) escalate(ctx context.Context, r *result) {
	if s.o.Unreachable == nil {
		return
	}
	s.reading <- struct{}{}
	defer func() { <-s.reading }()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), queueTime)
	defer cancel()
	err := safely(func() error {
		return s.o.DB.InTx(ctx, func(tx *storage.Tx) error {
			// The case comes before the counters of the queues.
			if err := s.o.Unreachable(tx, r.Message); err != nil {
				return err
			}
			return tx.FinishMessages([]storage.Delivery{r.Delivery}, s.o.Pace)
		})
	})
	if err != nil {
		s.o.Log.Error("somebody is out of reach, and nobody could be told", "message", r.Message.ID,
			"case", r.Message.Case, "error", storage.Loggable(err))
		r.Fate, r.Wait = storage.FateRetry, s.o.Retry(r.Message.Attempts)
		return
	}
	r.recorded = true
	s.bell.ring()
}

// brake stops all sending when Telegram holds up two chats at about the same
// time: then it means the bot and not the chat.
type brake struct {
	mu    sync.Mutex
	chat  int64
	at    time.Time
	until time.Time
}

const brakeWindow = 5 * time.Second

func (b *brake) hit(chat int64, now time.Time, wait time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.chat != 0 && b.chat != chat && now.Sub(b.at) < brakeWindow && now.Add(wait).After(b.until) {
		b.until = now.Add(wait)
	}
	b.chat, b.at = chat, now
}

// left is how long nothing may be sent.
func (b *brake) left(now time.Time) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.until.Sub(now)
}
