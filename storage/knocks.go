package storage

import (
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

const knockOf = "SELECT since, later_at, wiped_at FROM knocks WHERE case_id = $1"

// Knock tells how far the reporter of a case has been asked whether it is safe
// to read; the zero Knock when never.
func (tx *Tx) Knock(c mahalla.CaseID) (mahalla.Knock, error) {
	var k mahalla.Knock
	err := tx.read(knockOf, func(rows pgx.Rows) error { return scanKnock(rows, &k) }, c)
	return k, err
}

func scanKnock(rows pgx.Rows, k *mahalla.Knock) error {
	var since, later, wiped *time.Time
	err := rows.Scan(&since, &later, &wiped)
	k.Since, k.Later, k.Wiped = value(since), value(later), value(wiped)
	return err
}

// SaveKnock keeps it. The caller holds the case.
func (tx *Tx) SaveKnock(c mahalla.CaseID, k mahalla.Knock) {
	tx.write(`
		INSERT INTO knocks (case_id, since, later_at, wiped_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (case_id) DO UPDATE SET
			since = excluded.since, later_at = excluded.later_at, wiped_at = excluded.wiped_at`,
		c, optional(k.Since), optional(k.Later), optional(k.Wiped))
}

// KnockedFor lists the cases of a person in which something waits to be opened,
// the longest first.
func (tx *Tx) KnockedFor(p mahalla.PersonID) ([]mahalla.CaseID, error) {
	return tx.caseIDs(`SELECT cases.id FROM knocks JOIN cases ON cases.id = case_id
		WHERE (reporter_id = $1 OR cases.id = ANY (ARRAY(SELECT links.case_id FROM links WHERE look_up = ANY($2))))
			AND since IS NOT NULL ORDER BY since, cases.id`, p, tx.db.seals.lookUps(p))
}

// MessagesAbout lists the messages of a chat that are about a case, the newest
// first: the bot's, and the person's own.
func (tx *Tx) MessagesAbout(chat int64, c mahalla.CaseID) ([]int64, error) {
	var list []int64
	err := tx.read("SELECT message_id FROM messages WHERE chat_id = $1 AND case_id = ANY($2) ORDER BY message_id DESC",
		func(rows pgx.Rows) error {
			var id int64
			err := rows.Scan(&id)
			list = append(list, id)
			return err
		}, chat, tx.either(c))
	return list, err
}

// wiped forgets the messages that were taken away: nothing is changed where they
// stood, and a card comes anew only when it is asked for.
func (tx *Tx) wiped(d Delivery) {
	m := d.Message
	tx.write("DELETE FROM cards WHERE person_id = $1 AND case_id = $2", m.Person, m.Row)
	tx.write("DELETE FROM messages WHERE chat_id = $1 AND case_id = $2", m.Chat, m.Row)
}
