package storage

import (
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

// Card is where a living message stands, and what it looked like when it was
// last drawn.
type Card struct {
	MessageID int64
	Hash      []byte
}

// Card finds a reader's living message; the zero Card when there is none.
func (tx *Tx) Card(p mahalla.PersonID, kind mahalla.NoticeKind, about mahalla.CaseID) (Card, error) {
	var c Card
	err := tx.read("SELECT message_id, hash FROM cards WHERE person_id = $1 AND kind = $2 AND case_id = ANY($3)",
		func(rows pgx.Rows) error { return rows.Scan(&c.MessageID, &c.Hash) }, p, kind, tx.either(about))
	return c, err
}

// MoveCard makes a living message stand for another one: the draft's becomes
// the receipt's.
func (tx *Tx) MoveCard(p mahalla.PersonID, from mahalla.NoticeKind, fromCase mahalla.CaseID, to mahalla.NoticeKind, toCase mahalla.CaseID) {
	toCase = tx.named(p, to, toCase)
	tx.write(`
		WITH old AS (
			DELETE FROM cards WHERE person_id = $1 AND kind = $2 AND case_id = ANY($3)
			RETURNING message_id)
		INSERT INTO cards (person_id, kind, case_id, message_id, hash)
		SELECT $1, $4, $5, message_id, '' FROM old
		ON CONFLICT (person_id, kind, case_id) DO UPDATE SET message_id = excluded.message_id, hash = ''`,
		p, from, tx.either(fromCase), to, toCase)
}

// AdoptCard makes the message that a person has just pressed the living one of
// a kind, so that the answer appears in its place.
func (tx *Tx) AdoptCard(p mahalla.PersonID, kind mahalla.NoticeKind, about mahalla.CaseID, messageID int64) {
	about = tx.named(p, kind, about)
	tx.write(`
		INSERT INTO cards (person_id, kind, case_id, message_id, hash) VALUES ($1, $2, $3, $4, '')
		ON CONFLICT (person_id, kind, case_id) DO UPDATE SET message_id = excluded.message_id, hash = ''`,
		p, kind, about, messageID)
}

// ForgetCard makes the next drawing of a card a new message.
func (tx *Tx) ForgetCard(p mahalla.PersonID, kind mahalla.NoticeKind, about mahalla.CaseID) {
	tx.write("DELETE FROM cards WHERE person_id = $1 AND kind = $2 AND case_id = ANY($3)", p, kind, tx.either(about))
}

// CaseOfMessage tells which case a message in a chat is about; 0 when none. To
// the reporter who has given a case up for another one it is that one.
func (tx *Tx) CaseOfMessage(chat, message int64) (mahalla.CaseID, error) {
	var c mahalla.CaseID
	err := tx.read(`
		SELECT CASE WHEN telegram_id = chat_id AND merged_by IS NULL THEN coalesce(merged_into, case_id) ELSE case_id END
		FROM messages
		LEFT JOIN cases ON cases.id = case_id
		LEFT JOIN people ON people.id = reporter_id
		WHERE chat_id = $1 AND message_id = $2`,
		func(rows pgx.Rows) error { return rows.Scan(&c) }, chat, message)
	if err == nil && c < 0 {
		return tx.caseBehind(chat, c)
	}
	return c, err
}

// MeetingOfMessage tells which meeting a message in a chat is about; 0 when none.
func (tx *Tx) MeetingOfMessage(chat, message int64) (mahalla.MeetingID, error) {
	var m mahalla.MeetingID
	err := tx.read("SELECT meetings.id FROM messages JOIN meetings ON meetings.id = case_id WHERE chat_id = $1 AND message_id = $2",
		func(rows pgx.Rows) error { return rows.Scan(&m) }, chat, message)
	return m, err
}

// OpenCard is a living message whose case is open, or was until a while ago.
type OpenCard struct {
	Kind mahalla.NoticeKind
	Case mahalla.CaseID
}

// OpenCards lists a person's living messages of cases that are open, or were at
// a moment unless that is zero; the oldest case first.
func (tx *Tx) OpenCards(p mahalla.PersonID, at time.Time) ([]OpenCard, error) {
	own, err := tx.linkedTo(p)
	if err != nil {
		return nil, err
	}
	var list []OpenCard
	err = tx.read(`
		SELECT cards.kind, cases.id FROM cards
		LEFT JOIN unnest($3::bigint[], $4::bigint[]) AS own (mask, id) ON own.mask = cards.case_id
		JOIN cases ON cases.id = coalesce(own.id, cards.case_id)
		WHERE cards.person_id = $1
			AND (status IN ('new', 'accepted', 'waiting') OR merged_by IS NOT NULL AND merged_into IS NOT NULL OR closed_at >= $2 OR withdrawn_at >= $2 OR judged_at >= $2)
		ORDER BY cases.filed_at, cases.id`,
		func(rows pgx.Rows) error {
			var c OpenCard
			err := rows.Scan(&c.Kind, &c.Case)
			list = append(list, c)
			return err
		}, p, optional(at), tx.masked(own), own)
	return list, err
}

// Concern says that messages of a person's own are about a case: an edit of one,
// or a reply to it, is about that. The latest case counts.
func (tx *Tx) Concern(chat int64, messages []int64, c mahalla.CaseID) {
	l, err := tx.linkOf(c)
	tx.fail(err)
	if l.alias && l.Chat == chat {
		c = tx.db.seals.maskCase(c)
	}
	tx.write(`INSERT INTO messages (chat_id, message_id, case_id)
		SELECT DISTINCT $1::bigint, message, $3::bigint FROM unnest($2::bigint[]) AS message
		ON CONFLICT (chat_id, message_id) DO UPDATE SET case_id = excluded.case_id`, chat, messages, c)
}

// ArgAlbum is the argument of a notice that shows the album of a report; its
// value is the report's id. How far a chat has been shown it is kept.
const ArgAlbum = "album"

// AlbumShown tells how many parts of a report's album a chat has been shown; one
// that Telegram does not take counts, for it is not tried again.
func (tx *Tx) AlbumShown(chat, report int64) (int, error) {
	shown := 0
	err := tx.read("SELECT shown FROM albums WHERE chat_id = $1 AND report_id = ANY($2)",
		func(rows pgx.Rows) error { return rows.Scan(&shown) }, chat, []int64{report, tx.db.seals.mask("report", report)})
	return shown, err
}
