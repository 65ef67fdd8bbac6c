package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"koprik/mahalla"
)

// path is everything that PostgreSQL is told on the way of one update of each
// kind, as the running bot told it: round trip by round trip, pipelines kept.
// Each stage begins with the one before it committed.
type path struct {
	intake trip
	kinds  [kinds]recordedUpdate
	claim  []trip                                 // of the sender: a transaction for many messages
	draw   map[mahalla.NoticeKind]recordedMessage // reads before a message is sent, and its record
}

// recordedUpdate is what the worker did, and for whom, so that the loop can put
// somebody else there.
type recordedUpdate struct {
	worker   []trip
	paid     []trip // after it: that the press was answered; of a press only
	dedup    string
	payload  []byte
	chat     int64
	resident citizen
	officer  citizen
	caseID   int64
	messages int // put into the outbox
}

// recordedMessage is what the sender did for one message of a kind.
type recordedMessage struct {
	reads   []trip
	finish  trip
	id      int64
	message int64 // in the chat
	to      citizen
	caseID  int64
}

// recordPath has one resident write, file and be accepted, step by step, and
// notes every statement. A second resident goes before, so that nothing in it
// happens for the first time.
func recordPath(ctx context.Context, s *servers, address string) (*path, error) {
	r := &recorder{}
	c, err := newCrew(ctx, s, address, r)
	if err != nil {
		return nil, err
	}
	defer c.close()
	p := &path{draw: map[mahalla.NoticeKind]recordedMessage{}}
	for _, who := range s.town.residents[:2] {
		for k := range kinds {
			if err := p.record(ctx, c, r, k, who); err != nil {
				return nil, fmt.Errorf("recording %v: %w", k, err)
			}
		}
	}
	return p, c.honest(ctx)
}

func (p *path) record(ctx context.Context, c *crew, r *recorder, k kind, who citizen) error {
	if err := c.do(k, who); err != nil {
		return err
	}
	r.take()
	if err := c.poller.Once(ctx); err != nil {
		return err
	}
	if err := p.keepIntake(r.take()); err != nil {
		return err
	}
	if n, err := c.worker.Drain(ctx); err != nil || n != 1 {
		return fmt.Errorf("%d updates were handled: %w", n, err)
	}
	u, err := p.keepWorker(r.take(), c, k, who)
	if err != nil {
		return err
	}
	if u.messages, err = c.sender.Drain(ctx); err != nil {
		return err
	}
	p.kinds[k] = u
	return p.keepSender(r.take(), u)
}

func (p *path) keepIntake(list []trip) error {
	if len(list) != 1 || len(list[0].statements) != 1 {
		return fmt.Errorf("the intake made %d round trips", len(list))
	}
	p.intake = list[0]
	return nil
}

// keepWorker keeps the transaction of the update, and what strikes out that its
// press is owed an answer; what follows found nothing.
func (p *path) keepWorker(list []trip, c *crew, k kind, who citizen) (recordedUpdate, error) {
	groups := transactions(list)
	if presses := k != words; presses && len(groups) == 3 && len(groups[1]) == 1 || !presses && len(groups) == 2 {
		groups = groups[:len(groups)-1]
	} else {
		return recordedUpdate{}, fmt.Errorf("the worker began %d transactions", len(groups))
	}
	u := recordedUpdate{worker: groups[0], resident: who, officer: c.town.inspectors[who.officer], chat: who.telegram}
	if k != words {
		u.paid = groups[1]
	}
	if k == accept {
		u.chat = u.officer.telegram
	}
	u.dedup, u.payload = p.intake.stringArg(), p.intake.bytesArg()
	for _, t := range u.worker {
		for _, s := range t.statements {
			if begins(s.sql, "INSERT INTO cases") || begins(s.sql, "UPDATE cases") {
				u.caseID = int64(s.args[0].(mahalla.CaseID))
			}
		}
	}
	return u, nil
}

// row is the update in the inbox.
func (u *recordedUpdate) row() int64 {
	for _, t := range u.worker {
		for _, statement := range t.statements {
			if begins(statement.sql, "UPDATE inbox SET") {
				return statement.args[0].(int64)
			}
		}
	}
	return 0
}

// keepSender splits what the sender did into claims, reads and records, one of
// each for every message.
func (p *path) keepSender(list []trip, u recordedUpdate) error {
	groups := transactions(list)
	if len(groups) != 3*u.messages+1 {
		return fmt.Errorf("the sender made %d steps for %d messages", len(groups), u.messages)
	}
	for i := range u.messages {
		claim, reads, finish := groups[3*i], groups[3*i+1], groups[3*i+2]
		if len(finish) != 1 || len(claim) != len(groups[0]) {
			return errors.New("the sender claims or records in another way than the loop knows")
		}
		p.claim = claim
		m := recordedMessage{reads: reads, finish: finish[0]}
		kind, to, ok := m.identify(u)
		if !ok {
			return errors.New("a message is no card")
		}
		m.to = to
		if before, ok := p.draw[kind]; ok && sqlOf(before.finish) != sqlOf(m.finish) {
			return fmt.Errorf("%s is recorded in more than one way", kind)
		}
		p.draw[kind] = m
	}
	return nil
}

// identify finds in the record of a message which it was, and whose.
func (m *recordedMessage) identify(u recordedUpdate) (kind mahalla.NoticeKind, to citizen, ok bool) {
	for _, s := range m.finish.statements {
		switch {
		case begins(s.sql, "WITH done AS"):
			m.id, m.message = s.args[0].([]int64)[0], s.args[3].([]int64)[0]
		case begins(s.sql, "INSERT INTO cards"):
			to = u.resident
			if s.args[0].(mahalla.PersonID) == u.officer.id {
				to = u.officer
			}
			m.caseID = int64(s.args[2].(mahalla.CaseID))
			kind = s.args[1].(mahalla.NoticeKind)
		}
	}
	return kind, to, kind != "" && m.id != 0
}

// transactions splits round trips: from BEGIN to its end, and what is read
// between two of them.
func transactions(list []trip) [][]trip {
	var groups [][]trip
	inside, reading := false, false
	for _, t := range list {
		begin := t.first() == "BEGIN"
		if begin || !inside && !reading {
			groups = append(groups, nil)
		}
		groups[len(groups)-1] = append(groups[len(groups)-1], t)
		inside = (inside || begin) && t.last() != "COMMIT" && t.last() != "ROLLBACK"
		reading = !begin && !inside && t.last() != "COMMIT" && t.last() != "ROLLBACK"
	}
	return groups
}

// stringArg is the first text in an argument of the intake: the natural key.
func (t trip) stringArg() string { return t.statements[0].args[0].([]string)[0] }

// bytesArg is the sealed update.
func (t trip) bytesArg() []byte { return t.statements[0].args[3].([][]byte)[0] }

// sqlOf writes a round trip as text, for comparing.
func sqlOf(trips ...trip) string {
	var b strings.Builder
	for _, t := range trips {
		for _, s := range t.statements {
			b.WriteString(strings.Join(strings.Fields(s.sql), " "))
			b.WriteString("\n")
		}
		b.WriteString("--\n")
	}
	return b.String()
}

// statementsOf counts the statements and the round trips of one report's whole
// way: an update of each kind with its messages.
func (p *path) statementsOf() (statements, trips int) {
	count := func(list ...trip) {
		for _, t := range list {
			trips++
			statements += len(t.statements)
		}
	}
	for k := range kinds {
		count(p.intake)
		count(p.kinds[k].worker...)
		count(p.kinds[k].paid...)
	}
	for _, kind := range sentInOrder {
		count(p.claim...)
		count(p.draw[kind].reads...)
		count(p.draw[kind].finish)
	}
	return statements, trips
}

// sentInOrder are the messages of one report: those of the three updates.
var sentInOrder = []mahalla.NoticeKind{"card.draft", mahalla.CardOfficer, mahalla.CardReporter, mahalla.CardOfficer, mahalla.CardReporter}

// complete tells whether the loop knows every message.
func (p *path) complete() error {
	total := 0
	for _, u := range p.kinds {
		total += u.messages
	}
	if total != len(sentInOrder) {
		return fmt.Errorf("a report sends %d messages, and not %d", total, len(sentInOrder))
	}
	for _, kind := range sentInOrder {
		if _, ok := p.draw[kind]; !ok {
			return fmt.Errorf("no %s was recorded, only %v", kind, slices.Collect(keys(p.draw)))
		}
	}
	return nil
}

func keys[K comparable, V any](m map[K]V) func(func(K) bool) {
	return func(yield func(K) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}
