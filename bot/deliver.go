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
	lost     []int     // parts of an album that Telegram does not take, counted from 1
}

// deliver draws a message and brings it to Telegram. It never fails: whatever
// happens is a result.
func (s *Sender) deliver(ctx context.Context, m storage.Message) result {
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	r := result{Delivery: storage.Delivery{Message: m}}
	if s.isSpent(m.ID) {
		return r.unrecordable()
	}
	d, card, err := s.prepare(ctx, m)
	if err == nil {
		r.Upto, r.Report = d.upto, d.result
		s.paint(&d, m)
		s.compose(&d, m)
		err = s.bring(ctx, &r, d, card)
	}
	r.at = s.o.Now()
	if err != nil {
		s.judge(ctx, &r, err)
	}
	if r.Fate == storage.FateRefused || r.Fate == storage.FateSent && len(r.lost) > 0 {
		s.passOn(ctx, &r, FailureOf(err))
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
	err = storage.Safely(func() error {
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
	if m.Ring && !d.stay || card.MessageID == 0 {
		return s.replace(ctx, r, d, card)
	}
	r.Fate, r.MessageID = storage.FateSent, card.MessageID
	if bytes.Equal(r.Hash, card.Hash) {
		return nil
	}
	err := s.timed(func() error { return s.o.Client.edit(ctx, m.Chat, card.MessageID, d) })
	if f := FailureOf(err); f != nil && f.Cause == EditGone && d.still {
		return ErrPointless
	}
	if f := FailureOf(err); f != nil && f.Cause == EditGone {
		s.toll(ctx, 1)
		return s.fresh(ctx, r, d)
	}
	r.called = err == nil
	return err
}

// replace sends a card anew and takes the older message away, or its words and the
// buttons off it, so that one card is alive. That the older one is gone or cannot be
// changed does not matter: its buttons are checked when they are pressed.
func (s *Sender) replace(ctx context.Context, r *result, d drawing, card storage.Card) error {
	if err := s.fresh(ctx, r, d); err != nil || card.MessageID == 0 || len(card.Hash) == bareHash && d.former == "" {
		return err
	}
	s.toll(ctx, 1)
	end := s.o.Client.Disarm
	switch {
	case d.alone:
		end = s.o.Client.remove
	case d.former != "":
		end = func(ctx context.Context, chat, message int64) error {
			return s.o.Client.edit(ctx, chat, message, drawing{text: d.former})
		}
	}
	if f := FailureOf(end(ctx, r.Message.Chat, card.MessageID)); f != nil && f.Kind == RetryAfter {
		r.Wait = f.Wait
	}
	return nil
}

func (s *Sender) fresh(ctx context.Context, r *result, d drawing) error {
	s.toll(ctx, max(len(d.media), len(d.wipe))-1)
	err := s.send(ctx, r, d)
	if d.picture != nil && final(r.Message, FailureOf(err)) {
		d.picture = nil // the text says all of it too
		return s.send(ctx, r, d)
	}
	if d.made != nil && final(r.Message, FailureOf(err)) {
		d.unfiled()
		return s.send(ctx, r, d)
	}
	if len(d.media) > 1 && final(r.Message, FailureOf(err)) {
		return s.salvage(ctx, r, d, max(0, d.upto-len(d.media)), err)
	}
	return err
}

func (s *Sender) send(ctx context.Context, r *result, d drawing) error {
	var ids []int64
	storage.FailPoint("before_send")
	err := s.timed(func() (err error) {
		ids, err = s.o.Client.send(ctx, r.Message.Chat, d)
		return err
	})
	if err != nil {
		return err
	}
	storage.FailPoint("after_send")
	if !r.called && len(ids) > 0 {
		r.MessageID, ids = ids[0], ids[1:]
	}
	r.Fate, r.called = storage.FateSent, true
	r.Others = append(r.Others, ids...)
	return nil
}

// salvage sends what Telegram takes of an album that it has refused, by halves,
// and notes which parts it does not take; first is how many parts of the whole
// come before. When it takes none the refusal stands.
func (s *Sender) salvage(ctx context.Context, r *result, d drawing, first int, refusal error) error {
	if len(d.media) == 1 {
		r.lost = append(r.lost, first+1)
		return refusal
	}
	half := (len(d.media) + 1) / 2
	for _, span := range [][2]int{{0, half}, {half, len(d.media)}} {
		part := d
		part.media = d.media[span[0]:span[1]]
		s.toll(ctx, len(part.media))
		err := s.send(ctx, r, part)
		if f := FailureOf(err); f != nil && f.Kind == RetryAfter && f.Wait <= mostPatience && pause(ctx, f.Wait) {
			err = s.send(ctx, r, part)
		}
		if final(r.Message, FailureOf(err)) {
			err = s.salvage(ctx, r, part, first+span[0], err)
		}
		if err != nil && !final(r.Message, FailureOf(err)) {
			return err // all of it is tried again: a part may come twice, and none is lost
		}
	}
	if r.called {
		return nil
	}
	return refusal
}

// final tells whether a failure is one of the message, which no repetition
// mends. A file that is not accepted may hide a passing fault.
func final(m storage.Message, f *Failure) bool {
	return f != nil && !f.Gone() && (f.Kind == Refused || f.Cause == BadFile && m.Attempts >= mostFiles)
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
// those of the network. That the database is away says nothing of the message.
func (s *Sender) judgeDrawing(r *result, broken *undrawn) {
	m := r.Message
	if storage.Passing(broken.cause) {
		s.o.Log.Warn("a message waits for the database", "message", m.ID, "error", storage.Loggable(broken.cause))
		r.Fate, r.Reason, r.Wait = storage.FateRetry, "database", s.o.Retry(1)
		return
	}
	s.mu.Lock()
	s.broken[m.ID]++
	times := s.broken[m.ID]
	s.mu.Unlock()
	s.o.Log.Error("a message cannot be drawn", "message", m.ID, "kind", m.Kind, "case", m.Logged(),
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
	case f.Gone(), final(m, f):
		r.Fate = storage.FateRefused
	default:
		r.Wait = s.o.Retry(m.Attempts)
	}
	if f.Kind == Unknown {
		s.o.Metrics.ambiguous.Inc()
	}
}

// passOn tells the rules what did not arrive, in the transaction that gives the
// message up: that its reader cannot be told any more, or that Telegram takes
// the message, or parts of it, in no way. If that fails it is not given up.
func (s *Sender) passOn(ctx context.Context, r *result, f *Failure) {
	tell := func(tx *storage.Tx) error { return s.o.Unreachable(tx, r.Message) }
	if f != nil && f.Gone() {
		r.Upto = 0 // whoever returns is shown what is left
	} else {
		tell = func(tx *storage.Tx) error { return s.o.Refused(tx, r.Message, r.lost) }
	}
	s.reading <- struct{}{}
	defer func() { <-s.reading }()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), queueTime)
	defer cancel()
	err := storage.Safely(func() error {
		return s.o.DB.InTx(ctx, func(tx *storage.Tx) error {
			// The case comes before the counters of the queues.
			if err := tell(tx); err != nil {
				return err
			}
			return tx.FinishMessages([]storage.Delivery{r.Delivery}, s.o.Pace)
		})
	})
	if err != nil {
		s.o.Log.Error("a message did not arrive, and nobody could be told", "message", r.Message.ID,
			"case", r.Message.Logged(), "error", storage.Loggable(err))
		if r.Fate == storage.FateSent && storage.Lasting(err) {
			return // what was sent is not sent again for what nobody can be told
		}
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
