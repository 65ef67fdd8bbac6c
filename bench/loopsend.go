package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// send empties the outbox: claims of as many messages as the bot claims at
// once, the reads before each message is drawn, and records of as many at once
// as the bot records.
func (l *loop) send(ctx context.Context) error {
	total := int64(0)
	for _, j := range l.jobs {
		total += int64(l.path.kinds[j.kind].messages)
	}
	s := &sending{loop: l, drawing: make(chan message, 128), done: make(chan message, 128), failed: make(chan error, readers+1)}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var readersDone, recorderDone sync.WaitGroup
	for range readers {
		readersDone.Go(func() { s.fail(s.read(ctx)) })
	}
	recorderDone.Go(func() { s.fail(s.record(ctx, total)) })
	s.fail(s.claim(ctx, total))
	close(s.drawing)
	readersDone.Wait()
	close(s.done)
	recorderDone.Wait()
	select {
	case err := <-s.failed:
		return fmt.Errorf("sender: %w", err)
	default:
		return nil
	}
}

// sending is the sender's side of the loop.
type sending struct {
	*loop
	drawing, done chan message
	failed        chan error
}

func (s *sending) fail(err error) {
	if err != nil {
		s.failed <- err
	}
}

// claim takes messages once there are as many as the bot finds.
func (s *sending) claim(ctx context.Context, total int64) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	claimed := int64(0)
	for claimed < total && ctx.Err() == nil && len(s.failed) == 0 {
		there := s.posted.Load() - claimed
		if there < min(int64(s.sizes.claim+0.5), total-claimed) || there == 0 {
			time.Sleep(200 * time.Microsecond)
			continue
		}
		list, err := s.claimOnce(ctx, conn.Conn())
		if err != nil {
			return err
		}
		if len(list) == 0 {
			time.Sleep(time.Millisecond) // all chats are being written to
		}
		claimed += int64(len(list))
		for _, m := range list {
			s.drawing <- m
		}
	}
	return ctx.Err()
}

// claimOnce is one transaction of the sender.
func (s *sending) claimOnce(ctx context.Context, conn *pgx.Conn) ([]message, error) {
	var chats []int64
	var list []message
	for i, t := range s.path.claim {
		args := recorded(t)
		if i == 0 {
			args[len(args)-1] = append([]any{claimLimit}, args[len(args)-1][1:]...)
		}
		if i == 1 {
			if len(chats) == 0 {
				_, err := conn.Exec(ctx, "COMMIT")
				return nil, err
			}
			args[0] = []any{chats}
		}
		err := exchange(ctx, conn, t, args, func(rows pgx.Rows) error {
			if i == 0 {
				var chat int64
				err := rows.Scan(&chat)
				chats = append(chats, chat)
				return err
			}
			var m message
			err := scanNamed(rows, map[string]any{
				"id": &m.id, "person_id": &m.person, "chat_id": &m.chat, "kind": &m.kind, "case_id": &m.about, "attempts": &m.attempts})
			list = append(list, m)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

// claimLimit is the most that the sender claims at once.
const claimLimit = 64

// swapMessage puts a claimed message in the place of the recorded one. A
// message in a chat has one number for good, as when a card is edited.
func (s *sending) swapMessage(m message) (recordedMessage, *swap) {
	r := s.path.draw[m.kind]
	number := m.about % firstRow * 2
	if m.kind == "card.officer" {
		number++
	}
	return r, &swap{shift: time.Since(s.began), ids: map[int64]int64{
		r.id: m.id, r.message: number, r.to.telegram: m.chat, int64(r.to.id): int64(m.person), r.caseID: m.about,
	}}
}

// read reads what a message would show.
func (s *sending) read(ctx context.Context) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	for m := range s.drawing {
		r, swapped := s.swapMessage(m)
		for _, t := range r.reads[:s.readsOf(r)] {
			if err := exchange(ctx, conn.Conn(), t, s.fill(t, swapped), nil); err != nil {
				return err
			}
		}
		s.done <- m
	}
	return nil
}

// readsOf is how much of what is read before drawing belongs to this run.
func (l *loop) readsOf(r recordedMessage) int {
	if l.reads {
		return len(r.reads)
	}
	return 0
}

// record writes that messages were sent.
func (s *sending) record(ctx context.Context, total int64) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	size := max(1, int(s.sizes.finish+0.5))
	var group []message
	for m := range s.done {
		group = append(group, m)
		last := s.sent.Load()+int64(len(group)) == total
		if len(group) < size && !last && (len(s.done) > 0 || len(s.drawing) > 0) {
			continue
		}
		if err := s.recordGroup(ctx, conn.Conn(), group); err != nil {
			return err
		}
		s.sent.Add(int64(len(group)))
		group = nil
	}
	if len(group) > 0 {
		return s.recordGroup(ctx, conn.Conn(), group)
	}
	return nil
}

// recordGroup is one transaction: what each card leaves behind, between what counts for
// all.
func (s *sending) recordGroup(ctx context.Context, conn *pgx.Conn, group []message) error {
	var many []*swap
	var t trip
	var args [][]any
	for _, m := range group {
		_, swapped := s.swapMessage(m)
		many = append(many, swapped)
	}
	t.batch = true
	add := func(statement statement, with []any) {
		t.statements, args = append(t.statements, statement), append(args, with)
	}
	for i, m := range group {
		r := s.path.draw[m.kind]
		if i == 0 {
			for _, st := range r.finish.statements[:finishHead] {
				add(st, s.widenRecord(st, group, many))
			}
		}
		for _, st := range r.finish.statements[finishHead : len(r.finish.statements)-finishTail] {
			add(st, many[i].args(st.args, &s.counters))
		}
	}
	end := s.path.draw[group[0].kind].finish.statements
	add(end[len(end)-2], s.widenRecord(end[len(end)-2], group, many))
	add(end[len(end)-1], nil)
	return exchange(ctx, conn, t, args, nil)
}

// finishHead are BEGIN and the lock of the chats; finishTail the record of all messages
// and COMMIT.
const (
	finishHead = 2
	finishTail = 2
)

// widenRecord makes the record of one message that of a group, whose members
// were recorded in records of their own.
func (s *sending) widenRecord(st statement, group []message, many []*swap) []any {
	r := s.path.draw[group[0].kind]
	alike := make([]*swap, len(many))
	for i, m := range group {
		of := s.path.draw[m.kind]
		alike[i] = &swap{ids: map[int64]int64{
			r.id: many[i].ids[of.id], r.message: many[i].ids[of.message], r.to.telegram: m.chat,
		}}
	}
	return widen(st.args, alike, &s.counters)
}
