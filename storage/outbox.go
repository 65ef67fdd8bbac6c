package storage

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

// Message is a notice on its way to a person, as it waits in the outbox.
type Message struct {
	ID         int64
	Person     mahalla.PersonID
	Chat       int64
	Language   mahalla.Language
	Kind       mahalla.NoticeKind
	Case       mahalla.CaseID
	Round      int
	Lane       mahalla.Lane
	Ring       bool
	Again      bool // rings only as long as it asks for a press
	Args       map[string]string
	Attempts   int            // this one included; also the token that fences off slower senders
	Unreadable bool           // its arguments cannot be opened
	Filed      time.Time      // of the case, on its first card; else zero
	Row        mahalla.CaseID // how its row names the case: by a mask where its reader is its reporter and not named
}

// Logged is how a log may name the case: beside a message of its reporter, who
// is not named, by its mask.
func (m Message) Logged() mahalla.CaseID { return m.Row }

// IsCard tells whether the message is a living one, edited in place.
func (m Message) IsCard() bool { return isCard(m.Kind) }

func isCard(kind mahalla.NoticeKind) bool { return strings.HasPrefix(string(kind), "card.") }

// Recipient is somebody to whom something is sent.
type Recipient struct {
	Person mahalla.PersonID
	Chat   int64
}

// notice is a message that is to be written to the outbox at commit.
type notice struct {
	id    int64
	to    Recipient
	n     mahalla.Notice
	about mahalla.CaseID
	now   time.Time
	filed *time.Time
	args  []byte
	gone  bool // a later one of the same card stands for it
}

// cardKey is what there is one waiting card of.
type cardKey struct {
	to    Recipient
	kind  mahalla.NoticeKind
	about mahalla.CaseID
}

func (m notice) key() cardKey { return cardKey{m.to, m.n.Kind, m.about} }

// Send puts a notice into the outbox when the transaction commits. A card that
// already waits for the same reader and case is not doubled: it is drawn from
// the newest state when its turn comes. Filed is the moment of filing on the
// first card of a case, else zero.
func (tx *Tx) Send(to Recipient, n mahalla.Notice, about mahalla.CaseID, now, filed time.Time) error {
	if tx.reading {
		return errReading
	}
	id, err := tx.NewID()
	if err != nil {
		return err
	}
	m := notice{id: id, to: to, n: n, about: about, now: now}
	if m.about, err = tx.rowCase(to.Person, n.Kind, about); err != nil {
		return err
	}
	if m.about < 0 {
		m.now, n.Args = day(now), withCase(n.Args, about)
	}
	if !filed.IsZero() {
		m.filed = &filed
	}
	if len(n.Args) > 0 {
		plain, err := json.Marshal(n.Args)
		if err != nil {
			return wrap(err)
		}
		if m.args, err = tx.db.seals.seal("outbox", "args", argsRow(to.Person, n.Kind, m.about), plain); err != nil {
			return err
		}
	}
	if isCard(n.Kind) {
		m = tx.merge(m)
	}
	tx.notices = append(tx.notices, m)
	return nil
}

// argsRow binds the arguments of a notice to reader, kind and case rather than
// to the row: a card that waits takes over the arguments of a later one.
func argsRow(p mahalla.PersonID, kind mahalla.NoticeKind, about mahalla.CaseID) string {
	return fmt.Sprintf("%d.%s.%d", p, kind, about)
}

// merge takes an earlier notice of the same card out of the transaction; the
// later one stands in for both, in the later place.
func (tx *Tx) merge(m notice) notice {
	if tx.cards == nil {
		tx.cards = map[cardKey]int{}
		for i, other := range tx.notices {
			if isCard(other.n.Kind) && !other.gone {
				tx.cards[other.key()] = i
			}
		}
	}
	if i, ok := tx.cards[m.key()]; ok {
		other := &tx.notices[i]
		if other.n.Again && m.args == nil {
			m.args = other.args
		}
		m.n.Again = onlyAgain(m.n, other.n)
		m.n.Ring = m.n.Ring || other.n.Ring
		m.n.Lane = min(m.n.Lane, other.n.Lane)
		if m.filed == nil {
			m.filed = other.filed
		}
		other.gone = true
	}
	tx.cards[m.key()] = len(tx.notices)
	return m
}

// onlyAgain tells whether of two notices of a card every one that rings does so
// only as long as the card asks.
func onlyAgain(a, b mahalla.Notice) bool {
	return (a.Again || b.Again) && (a.Again || !a.Ring) && (b.Again || !b.Ring)
}

// post writes the notices of the transaction. The counters come first and in
// the order of chats: whoever writes to a chat's outbox holds its counter, so
// that the order of a chat is the order of commits and two writers cannot lock
// each other out.
func (tx *Tx) post() error {
	tx.postReminders()
	list := slices.DeleteFunc(tx.notices, func(m notice) bool { return m.gone })
	tx.notices, tx.cards = nil, nil
	if len(list) == 0 {
		return nil
	}
	slices.SortStableFunc(list, func(a, b notice) int { return int(min(1, max(-1, a.to.Chat-b.to.Chat))) })
	chats, counts, lanes := perChat(list)
	tx.write(`
		INSERT INTO outbox_chats (chat_id, waiting, lane, ready_at)
		SELECT chat, count, lane, clock_timestamp()
		FROM unnest($1::bigint[], $2::int[], $3::smallint[]) AS new (chat, count, lane)
		ORDER BY chat
		ON CONFLICT (chat_id) DO UPDATE SET
			waiting = outbox_chats.waiting + excluded.waiting,
			lane = CASE WHEN outbox_chats.waiting = 0 THEN excluded.lane ELSE least(outbox_chats.lane, excluded.lane) END,
			ready_at = CASE WHEN outbox_chats.waiting = 0 THEN greatest(outbox_chats.ready_at, excluded.ready_at) ELSE outbox_chats.ready_at END`,
		chats, counts, lanes)
	tx.insertNotices(list)
	if tx.db.wake != nil {
		tx.AfterCommit(tx.db.wake)
	}
	return nil
}

// perChat counts the notices of each chat, in the order of chats.
func perChat(list []notice) (chats []int64, counts, lanes []int) {
	for _, m := range list {
		last := len(chats) - 1
		if last < 0 || chats[last] != m.to.Chat {
			chats, counts, lanes = append(chats, m.to.Chat), append(counts, 1), append(lanes, int(m.n.Lane))
			continue
		}
		counts[last]++
		lanes[last] = min(lanes[last], int(m.n.Lane))
	}
	return chats, counts, lanes
}

// insertNotices writes the rows; a card that was merged into a waiting row is
// taken off the counter again. xmax is zero on a row that the statement made.
func (tx *Tx) insertNotices(list []notice) {
	n := len(list)
	ids, people, chats := make([]int64, n), make([]int64, n), make([]int64, n)
	kinds, cases, rounds, lanes := make([]string, n), make([]int64, n), make([]int, n), make([]int, n)
	rings, args, created, filed := make([]bool, n), make([][]byte, n), make([]time.Time, n), make([]*time.Time, n)
	agains := make([]bool, n)
	for i, m := range list {
		ids[i], people[i], chats[i] = m.id, int64(m.to.Person), m.to.Chat
		kinds[i], cases[i], rounds[i], lanes[i] = string(m.n.Kind), int64(m.about), m.n.Round, int(m.n.Lane)
		rings[i], args[i], created[i], filed[i] = m.n.Ring, m.args, m.now, m.filed
		agains[i] = m.n.Again
	}
	tx.write(`
		WITH posted AS (
			INSERT INTO outbox (id, person_id, chat_id, kind, case_id, round, lane, ring, args, created_at, filed_at, again)
			SELECT id, person, chat, kind, about, round, lane, ring, args, created, filed, again
			FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::bigint[], $6::int[],
				$7::smallint[], $8::bool[], $9::bytea[], $10::timestamptz[], $11::timestamptz[], $12::bool[])
				WITH ORDINALITY AS new (id, person, chat, kind, about, round, lane, ring, args, created, filed, again, place)
			ORDER BY place
			ON CONFLICT (person_id, kind, case_id) WHERE state = 0 AND kind LIKE 'card.%' DO UPDATE SET
				ring = outbox.ring OR excluded.ring,
				again = (outbox.again OR excluded.again) AND (outbox.again OR NOT outbox.ring) AND (excluded.again OR NOT excluded.ring),
				lane = least(outbox.lane, excluded.lane),
				args = CASE WHEN outbox.again THEN coalesce(excluded.args, outbox.args) ELSE excluded.args END,
				seq = CASE WHEN excluded.ring THEN excluded.seq ELSE outbox.seq END
			RETURNING chat_id, xmax <> 0 AS merged)
		UPDATE outbox_chats SET waiting = waiting - doubled.count
		FROM (SELECT chat_id, count(*)::int AS count FROM posted WHERE merged GROUP BY chat_id) AS doubled
		WHERE outbox_chats.chat_id = doubled.chat_id`,
		ids, people, chats, kinds, cases, rounds, lanes, rings, args, created, filed, agains)
}

// ClaimMessages takes the oldest message of up to limit chats, those of the
// most urgent lane first, and holds the chats for the lease, or until this
// replica is found dead.
func (tx *Tx) ClaimMessages(limit int, lease time.Duration) ([]Message, error) {
	var chats []int64
	err := tx.read(`
		UPDATE outbox_chats SET ready_at = clock_timestamp() + $2::interval, holder = $3
		WHERE chat_id = ANY (ARRAY(
			SELECT chat_id FROM outbox_chats
			WHERE waiting > 0 AND ready_at <= now()
			ORDER BY lane, ready_at
			LIMIT $1
			FOR UPDATE SKIP LOCKED))
		RETURNING chat_id`,
		func(rows pgx.Rows) error {
			var chat int64
			err := rows.Scan(&chat)
			chats = append(chats, chat)
			return err
		}, limit, lease, tx.db.replica.Load())
	if err != nil || len(chats) == 0 {
		return nil, err
	}
	// A new statement, so that it sees what was committed before the chats were locked.
	var list []Message
	err = tx.read(`
		UPDATE outbox SET state = 1, attempts = attempts + 1
		FROM (
			SELECT head.id, people.language
			FROM unnest($1::bigint[]) AS chat
			CROSS JOIN LATERAL (
				SELECT id, person_id FROM outbox
				WHERE chat_id = chat AND state IN (0, 1)
				ORDER BY seq
				LIMIT 1) AS head
			JOIN people ON people.id = head.person_id) AS next
		WHERE outbox.id = next.id
		RETURNING outbox.id, person_id, chat_id, next.language, kind, case_id, round, lane, ring, again, args, attempts, filed_at`,
		func(rows pgx.Rows) error {
			m, err := tx.scanMessage(rows)
			list = append(list, m)
			return err
		}, chats)
	if err == nil && len(list) < len(chats) {
		tx.recount(chats)
	}
	return list, err
}

// Unclaim frees the chats of messages whose claim by this replica failed at its COMMIT,
// where that was done all the same and only its answer was lost. Nothing of them was
// sent. A replica without a sign of life waits for the lease.
func (tx *Tx) Unclaim(list []Message) {
	holder := tx.db.replica.Load()
	if holder == 0 {
		return
	}
	chats := make([]int64, len(list))
	for i, m := range list {
		chats[i] = m.Chat
	}
	tx.free([]int32{holder}, chats)
}

// free lets whoever is next send at once to the chats that some replicas hold, or to
// those of them that are named. They are taken in the same order always.
func (tx *Tx) free(holders []int32, chats []int64) {
	tx.write("SELECT FROM outbox_chats WHERE holder = ANY($1) AND ($2::bigint[] IS NULL OR chat_id = ANY($2)) ORDER BY chat_id FOR UPDATE", holders, chats)
	tx.write(`UPDATE outbox_chats SET holder = 0, ready_at = clock_timestamp()
		WHERE holder = ANY($1) AND ($2::bigint[] IS NULL OR chat_id = ANY($2))`, holders, chats)
}

func (tx *Tx) scanMessage(rows pgx.Rows) (Message, error) {
	var m Message
	var sealed []byte
	var filed *time.Time
	err := rows.Scan(&m.ID, &m.Person, &m.Chat, &m.Language, &m.Kind, &m.Row, &m.Round, &m.Lane, &m.Ring, &m.Again, &sealed, &m.Attempts, &filed)
	if err != nil {
		return m, err
	}
	if filed != nil {
		m.Filed = *filed
	}
	m.Case = m.Row
	plain, err := tx.db.seals.open("outbox", "args", argsRow(m.Person, m.Kind, m.Row), sealed)
	if err == nil && plain != nil {
		err = json.Unmarshal(plain, &m.Args)
	}
	if err == nil && m.Row < 0 {
		err = m.takeCase()
	}
	m.Unreadable = err != nil // refused by itself, and no other message waits for it
	return m, nil
}

// recount mends counters that promised a message where there was none. The
// caller holds the chats, so nobody else writes to them.
func (tx *Tx) recount(chats []int64) {
	tx.write(`
		UPDATE outbox_chats SET
			waiting = (SELECT count(*) FROM outbox WHERE outbox.chat_id = outbox_chats.chat_id AND state IN (0, 1)),
			ready_at = CASE WHEN EXISTS (SELECT FROM outbox WHERE outbox.chat_id = outbox_chats.chat_id AND state = 1)
				THEN ready_at ELSE clock_timestamp() END
		WHERE chat_id = ANY($1)`, chats)
}
