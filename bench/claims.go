package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"koprik/storage"
)

// aimLong is how much dearer a claim may be on a long queue.
const aimLong = 3

// claims measures (e): how long a worker takes to get hold of an update, with
// many waiting, half of them in one chat, and with hardly any. Every update is
// finished after it is claimed, so that the queue ages as in life.
func claims(ctx context.Context, b *bench) error {
	long, err := b.openQueue(ctx)
	if err != nil {
		return err
	}
	defer long.close()
	short, err := b.openQueue(ctx)
	if err != nil {
		return err
	}
	defer short.close()
	half := b.sizes.waiting / 2
	if err := long.fill(ctx, half, 1); err != nil {
		return err
	}
	if err := long.fill(ctx, half, half/10); err != nil {
		return err
	}
	// Within a minute autovacuum makes PostgreSQL know how long the queue is.
	if err := b.servers.exec(ctx, long.address, "VACUUM (ANALYZE)"); err != nil {
		return err
	}
	var few, many []time.Duration
	const stretch = 500 // claims; the short queue is never longer
	for done := 0; done < b.sizes.claims; done += stretch {
		if err := short.fill(ctx, stretch, stretch/2); err != nil {
			return err
		}
		list, err := short.claim(ctx, stretch)
		if err != nil {
			return err
		}
		few = append(few, list...)
		if list, err = long.claim(ctx, stretch); err != nil {
			return err
		}
		many = append(many, list...)
	}
	b.table.note("e", fmt.Sprintf("claim with at most %d waiting, %d workers: median, p99", stretch, workers),
		span(quantile(few, 0.5))+", "+span(quantile(few, 0.99)))
	b.table.note("e", fmt.Sprintf("claim with %d waiting, half in one chat: median, p99", b.sizes.waiting),
		span(quantile(many, 0.5))+", "+span(quantile(many, 0.99)))
	for _, q := range []struct {
		name  string
		share float64
	}{{"median", 0.5}, {"p99", 0.99}} {
		times := quantile(many, q.share).Seconds() / quantile(few, q.share).Seconds()
		b.table.result("e", "  times the "+q.name+" of the short queue", fmt.Sprintf("%.2f", times), fmt.Sprintf("≤ %d", aimLong), times <= aimLong)
	}
	return nil
}

// queue is an inbox with nobody but the benchmark at it.
type queue struct {
	db      *storage.DB
	address string
	close   func()
	next    int64 // update
}

func (b *bench) openQueue(ctx context.Context) (*queue, error) {
	address, err := b.servers.database(ctx)
	if err != nil {
		return nil, err
	}
	db, err := storage.Open(ctx, storage.Options{URL: address}, b.servers.seals)
	if err != nil {
		return nil, err
	}
	return &queue{db: db, address: address, close: func() {
		db.Close()
		_ = b.servers.drop(context.WithoutCancel(ctx), address) // all of it goes at the end anyway
	}}, nil
}

// fill stores updates, spread over so many chats, as the intake does.
func (q *queue) fill(ctx context.Context, updates, chats int) error {
	payload := make([]byte, 500)
	for updates > 0 {
		var batch []storage.Update
		for range min(updates, 1000) {
			q.next++
			batch = append(batch, storage.Update{
				Dedup: fmt.Sprintf("m:%d", q.next), UpdateID: q.next, Payload: payload,
				Chat: firstTelegram + int64(chats)*1_000_000 + q.next%int64(chats),
			})
		}
		if _, err := q.db.StoreUpdates(ctx, batch); err != nil {
			return err
		}
		updates -= len(batch)
	}
	return nil
}

// claim has the workers serve so many updates and tells how long each waited
// for the one it got, attempts that came to nothing included.
func (q *queue) claim(ctx context.Context, count int) ([]time.Duration, error) {
	var left atomic.Int64
	left.Store(int64(count))
	var mu sync.Mutex
	var all []time.Duration
	tasks := make([]func(context.Context) error, workers)
	for i := range tasks {
		tasks[i] = func(ctx context.Context) error {
			for left.Add(-1) >= 0 {
				took, err := q.one(ctx)
				if err != nil {
					return err
				}
				mu.Lock()
				all = append(all, took)
				mu.Unlock()
			}
			return nil
		}
	}
	return all, together(ctx, tasks...)
}

// one claims an update and finishes it.
func (q *queue) one(ctx context.Context) (took time.Duration, err error) {
	for {
		again := false
		err := q.db.InTx(ctx, func(tx *storage.Tx) error {
			began := time.Now()
			u, err := tx.ClaimUpdate()
			took += time.Since(began)
			if again = errors.Is(err, storage.ErrAgain) || errors.Is(err, storage.ErrNothing); again {
				return nil // every chat that has something is being served
			}
			if err != nil {
				return err
			}
			return tx.FinishUpdate(u)
		})
		if err != nil || !again {
			return took, err
		}
	}
}
