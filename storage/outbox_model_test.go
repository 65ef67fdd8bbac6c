package storage_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"koprik/mahalla"
	"koprik/storage"
)

// mail is a message as the model of the outbox knows it.
type mail struct {
	kind     mahalla.NoticeKind
	about    mahalla.CaseID
	mark     string // of the newest arguments
	ring     bool
	lane     mahalla.Lane
	taken    bool
	attempts int
}

func (m *mail) String() string {
	return fmt.Sprintf("%s/%d/%s ring=%t lane=%d taken=%t attempts=%d", m.kind, m.about, m.mark, m.ring, m.lane, m.taken, m.attempts)
}

// outbox is the model: a list for each chat, and which chats are held.
type outbox struct {
	w      *world
	people []*storage.Contact
	chats  map[int64][]*mail
	held   map[int64]bool
	out    []storage.Message // with a sender
	of     map[string]*mail  // by id and attempt, while that attempt counts
	marks  int
}

func attemptOf(m storage.Message) string { return fmt.Sprint(m.ID, "#", m.Attempts) }

type letter struct {
	chat int64
	mail *mail
}

// transaction draws what one transaction sends.
func (o *outbox) transaction(t *rapid.T) []letter {
	var list []letter
	for range rapid.IntRange(1, 4).Draw(t, "letters") {
		o.marks++
		list = append(list, letter{
			chat: rapid.SampledFrom(o.people).Draw(t, "to").Telegram,
			mail: &mail{
				kind:  rapid.SampledFrom([]mahalla.NoticeKind{"say", mahalla.CardOfficer, mahalla.CardReporter}).Draw(t, "kind"),
				about: mahalla.CaseID(rapid.IntRange(0, 1).Draw(t, "case")),
				ring:  rapid.Bool().Draw(t, "ring"), lane: mahalla.Lane(rapid.IntRange(0, 4).Draw(t, "lane")),
				mark: fmt.Sprint(o.marks),
			}})
	}
	return list
}

// write sends the letters in one transaction that ends with that error.
func (o *outbox) write(list []letter, end error) error {
	return o.w.db.InTx(o.w.ctx, func(tx *storage.Tx) error {
		for _, l := range list {
			i := slices.IndexFunc(o.people, func(c *storage.Contact) bool { return c.Telegram == l.chat })
			n := mahalla.Notice{Kind: l.mail.kind, Ring: l.mail.ring, Lane: l.mail.lane, Args: map[string]string{"mark": l.mail.mark}}
			if err := tx.Send(o.people[i].Recipient(), n, l.mail.about, morning, time.Time{}); err != nil {
				return err
			}
		}
		return end
	})
}

func sameCard(a, b *mail) bool {
	return strings.HasPrefix(string(a.kind), "card.") && a.kind == b.kind && a.about == b.about
}

// post is what the model makes of a transaction: of a card twice in it only
// the later place counts, and a waiting card takes up a later one.
func (o *outbox) post(list []letter) {
	var merged []letter
	for _, l := range list {
		i := slices.IndexFunc(merged, func(e letter) bool { return e.chat == l.chat && sameCard(e.mail, l.mail) })
		if i >= 0 {
			l.mail.ring, l.mail.lane = l.mail.ring || merged[i].mail.ring, min(l.mail.lane, merged[i].mail.lane)
			merged = slices.Delete(merged, i, i+1)
		}
		merged = append(merged, l)
	}
	for _, l := range merged {
		queue := o.chats[l.chat]
		i := slices.IndexFunc(queue, func(m *mail) bool { return !m.taken && sameCard(m, l.mail) })
		if i < 0 {
			o.chats[l.chat] = append(queue, l.mail)
			continue
		}
		m := queue[i]
		m.mark, m.lane = l.mail.mark, min(m.lane, l.mail.lane)
		if l.mail.ring {
			queue = append(slices.Delete(queue, i, i+1), m)
		}
		m.ring = m.ring || l.mail.ring
		o.chats[l.chat] = queue
	}
}

// claim compares what is claimed with the heads of the chats that are free.
func (o *outbox) claim(t *rapid.T, keep bool) {
	limit := rapid.IntRange(1, 3).Draw(t, "limit")
	free := 0
	for chat, queue := range o.chats {
		if len(queue) > 0 && !o.held[chat] {
			free++
		}
	}
	var list []storage.Message
	err := o.w.db.InTx(o.w.ctx, func(tx *storage.Tx) (err error) {
		if list, err = tx.ClaimMessages(limit, time.Hour); err == nil && !keep {
			err = errTest
		}
		return err
	})
	if keep && err != nil || !keep && !errors.Is(err, errTest) {
		t.Fatalf("claim: %v", err)
	}
	if len(list) != min(limit, free) {
		t.Fatalf("got %d messages, want %d of %d chats", len(list), limit, free)
	}
	for _, m := range list {
		head := o.chats[m.Chat][0]
		if o.held[m.Chat] || m.Kind != head.kind || m.Case != head.about || m.Args["mark"] != head.mark || m.Ring != head.ring || m.Attempts != head.attempts+1 {
			t.Fatalf("chat %d (held %v): got %+v, want the head %v", m.Chat, o.held[m.Chat], m, head)
		}
		if !keep {
			continue
		}
		head.taken, o.held[m.Chat] = true, true
		head.attempts++
		o.of[attemptOf(m)] = head
		o.out = append(o.out, m)
	}
}

// finish lets a sender, slow or not, say what became of its message.
func (o *outbox) finish(t *rapid.T) {
	if len(o.out) == 0 {
		t.Skip("nobody sends anything")
	}
	i := rapid.IntRange(0, len(o.out)-1).Draw(t, "which")
	m := o.out[i]
	o.out = slices.Delete(o.out, i, i+1)
	fate := rapid.SampledFrom([]storage.Fate{storage.FateSent, storage.FateRefused, storage.FateDropped, storage.FateRetry}).Draw(t, "fate")
	o.w.finish(storage.Pace{}, storage.Delivery{Message: m, Fate: fate, MessageID: 1, Hash: []byte("h")})
	head := o.of[attemptOf(m)]
	if head.attempts != m.Attempts || o.chats[m.Chat][0] != head {
		return // somebody else took it over
	}
	o.held[m.Chat] = false
	if fate != storage.FateRetry {
		o.chats[m.Chat] = o.chats[m.Chat][1:]
	}
}

// check compares every row and every counter with the model.
func (o *outbox) check(t *rapid.T) {
	for _, p := range o.people {
		var got, want []string
		rows, err := o.w.conn.Query(o.w.ctx, `SELECT kind, case_id, ring, lane, state = 1, attempts FROM outbox
			WHERE chat_id = $1 AND state IN (0, 1) ORDER BY seq`, p.Telegram)
		o.w.must(err)
		for rows.Next() {
			m := &mail{mark: "?"}
			o.w.must(rows.Scan(&m.kind, &m.about, &m.ring, &m.lane, &m.taken, &m.attempts))
			got = append(got, m.String())
		}
		for _, m := range o.chats[p.Telegram] {
			shown := *m
			shown.mark = "?"
			want = append(want, shown.String())
		}
		if !slices.Equal(got, want) {
			t.Fatalf("chat %d:\n got %s\nwant %s", p.Telegram, strings.Join(got, "\n     "), strings.Join(want, "\n     "))
		}
		if n := o.w.number("SELECT coalesce((SELECT waiting FROM outbox_chats WHERE chat_id = $1), 0)", p.Telegram); n != len(want) {
			t.Fatalf("chat %d: the counter says %d, there are %d", p.Telegram, n, len(want))
		}
	}
}

func TestTheOutboxKeepsWhatItPromisesInAnyMixture(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rapid.Check(t, func(t *rapid.T) {
		w.exec("TRUNCATE outbox, outbox_chats, cards, messages")
		o := &outbox{w: w, people: []*storage.Contact{w.resident, w.officer, w.stranger},
			chats: map[int64][]*mail{}, held: map[int64]bool{}, of: map[string]*mail{}}
		t.Repeat(map[string]func(*rapid.T){
			"send": func(t *rapid.T) {
				list := o.transaction(t)
				w.must(o.write(list, nil))
				o.post(list)
			},
			"send and undo": func(t *rapid.T) {
				if err := o.write(o.transaction(t), errTest); !errors.Is(err, errTest) {
					t.Fatal(err)
				}
			},
			"claim":          func(t *rapid.T) { o.claim(t, true) },
			"claim and undo": func(t *rapid.T) { o.claim(t, false) },
			"finish":         func(t *rapid.T) { o.finish(t) },
			"the lease ends": func(t *rapid.T) {
				p := rapid.SampledFrom(o.people).Draw(t, "whose")
				w.exec("UPDATE outbox_chats SET ready_at = '-infinity' WHERE chat_id = $1", p.Telegram)
				o.held[p.Telegram] = false
			},
			"": o.check,
		})
	})
}
