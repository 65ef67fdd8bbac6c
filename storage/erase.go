package storage

import (
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

// EraseWords deletes everything that was said about a case, and for whom and by
// whom it may be called back. The caller holds the case, which has ended.
func (tx *Tx) EraseWords(c *mahalla.Case) {
	tx.write("DELETE FROM albums WHERE report_id IN (SELECT id FROM reports WHERE case_id = $1)", c.ID)
	tx.write("DELETE FROM attachments WHERE report_id IN (SELECT id FROM reports WHERE case_id = $1)", c.ID)
	tx.write("UPDATE reports SET words = NULL WHERE case_id = $1 AND words IS NOT NULL", c.ID)
	tx.write("UPDATE case_events SET words = NULL WHERE case_id = $1 AND words IS NOT NULL", c.ID)
	tx.write("DELETE FROM behalves WHERE case_id = $1", c.ID)
	tx.write("DELETE FROM shown_phones WHERE case_id = $1", c.ID)
	tx.write("DELETE FROM knocks WHERE case_id = $1", c.ID)
	tx.eraseSitting(c.ID)
	tx.write("UPDATE cases SET erased_at = $2 WHERE id = $1", c.ID, day(c.ErasedAt))
}

// eraseSitting deletes who the sides of a case were before a commission, and what
// was noted and decided about it, confirmed minutes included: who heard it, when
// and with what outcome stays.
func (tx *Tx) eraseSitting(c mahalla.CaseID) {
	const items = "(SELECT id FROM agenda_items WHERE case_id = $1)"
	tx.write("UPDATE parties SET name = NULL, phone = NULL, token_hash = NULL, token_until = NULL WHERE item_id IN "+items, c)
	tx.write("SELECT set_config('koprik.resealing', 'on', true)")
	tx.write("UPDATE hearings SET note = NULL WHERE note IS NOT NULL AND item_id IN "+items, c)
	tx.write("UPDATE decisions SET words = '', name = substr(name, 1, 0) WHERE words <> '' AND item_id IN "+items, c)
	tx.write("SELECT set_config('koprik.resealing', 'off', true)")
}

const endedWithWords = ` status IN ('closed', 'withdrawn') AND (erased_at IS NULL OR erased_at < coalesce(closed_at, withdrawn_at)) `

// Ended is a case that has come to its end.
type Ended struct {
	Case mahalla.CaseID
	At   time.Time
}

// EndedBefore lists cases that ended before a moment and whose words are still
// there, behind one, in the order of their ends.
func (tx *Tx) EndedBefore(moment time.Time, after Ended, limit int) ([]Ended, error) {
	var list []Ended
	err := tx.read("SELECT id, coalesce(closed_at, withdrawn_at) FROM cases WHERE"+endedWithWords+`
			AND coalesce(closed_at, withdrawn_at) <= $1 AND (coalesce(closed_at, withdrawn_at), id) > ($2, $3)
		ORDER BY coalesce(closed_at, withdrawn_at), id LIMIT $4`,
		func(rows pgx.Rows) error {
			var e Ended
			err := rows.Scan(&e.Case, &e.At)
			list = append(list, e)
			return err
		}, moment, after.At, after.Case, limit)
	return list, err
}

// EndedOf lists the ended cases that a person reported and whose words are still
// there: those with the name, or those without it.
func (tx *Tx) EndedOf(p mahalla.PersonID, named bool) ([]mahalla.CaseID, error) {
	if named {
		return tx.caseIDs("SELECT id FROM cases WHERE reporter_id = $1 AND"+endedWithWords+"ORDER BY id", p)
	}
	return tx.caseIDs(`SELECT id FROM cases JOIN links ON case_id = id WHERE look_up = ANY($1) AND status IN ('closed', 'withdrawn')
		ORDER BY id`, tx.db.seals.lookUps(p))
}

// OpenCount counts the open cases that a person reported, named or not, or joined.
func (tx *Tx) OpenCount(p mahalla.PersonID) (n int, err error) {
	err = tx.read("SELECT count(*) FROM cases WHERE id = ANY (ARRAY("+spokenOf+")) AND status IN ('new', 'accepted', 'waiting')",
		func(rows pgx.Rows) error { return rows.Scan(&n) }, p, tx.db.seals.lookUps(p))
	return n, err
}

// Leave forgets what is known of a person, and notes on which day that was asked
// for. The account stays on the row until Vanish, for it has to be answered.
func (tx *Tx) Leave(p mahalla.PersonID, now time.Time) {
	tx.write(`UPDATE people SET name = NULL, phone = NULL, phone_mac = NULL, home_id = NULL, consented_at = NULL, leaving_at = $2
		WHERE id = $1`, p, day(now))
	tx.write("DELETE FROM consents WHERE person_id = $1", p)
	tx.write("DELETE FROM feeds WHERE person_id = $1", p)
	tx.DropApprovals(p)
}

// Leavers lists people who have asked to be forgotten, after one, in the order of
// ids.
func (tx *Tx) Leavers(after mahalla.PersonID, limit int) ([]Recipient, error) {
	var list []Recipient
	err := tx.read("SELECT id, telegram_id FROM people WHERE leaving_at IS NOT NULL AND id > $1 ORDER BY id LIMIT $2",
		func(rows pgx.Rows) error {
			var r Recipient
			err := rows.Scan(&r.Person, &r.Chat)
			list = append(list, r)
			return err
		}, after, limit)
	return list, err
}

// Waits tells whether anything of a chat waits to be heard or sent.
func (tx *Tx) Waits(chat int64) (waits bool, err error) {
	err = tx.read(`SELECT EXISTS (SELECT FROM inbox WHERE chat_id = $1 AND state = 0) OR EXISTS (SELECT FROM outbox WHERE chat_id = $1 AND state IN (0, 1))`,
		func(rows pgx.Rows) error { return rows.Scan(&waits) }, chat)
	return waits, err
}

// Vanish takes the account off a person and deletes every row that names the chat.
// The row stays for what names it: as somebody nobody can find. Who comes back is
// somebody new. The caller holds the chat, for which nothing waits.
func (tx *Tx) Vanish(r Recipient, now time.Time) {
	tx.write(`UPDATE reports SET words = NULL FROM cases
		WHERE reports.person_id = $1 AND cases.id = case_id AND cases.reporter_id <> $1 AND status IN ('closed', 'withdrawn')`, r.Person)
	tx.write("DELETE FROM joins WHERE person_id = $1", r.Person)
	tx.write("DELETE FROM shown_phones WHERE person_id = $1", r.Person)
	tx.write("DELETE FROM dialogues WHERE person_id = $1", r.Person)
	tx.write("DELETE FROM consents WHERE person_id = $1", r.Person)
	tx.write("DELETE FROM cards WHERE person_id = $1", r.Person)
	tx.write("DELETE FROM feeds WHERE person_id = $1", r.Person)
	tx.write("DELETE FROM reminder_stops WHERE person_id = $1", r.Person)
	tx.write("SELECT FROM reminders WHERE person_id = $1 AND state = 'waiting' ORDER BY id FOR UPDATE", r.Person)
	tx.write("UPDATE reminders SET state = 'cancelled', cause = 'gone', finished_at = $2 WHERE person_id = $1 AND state = 'waiting'", r.Person, now)
	tx.write("DELETE FROM outbox WHERE person_id = $1 OR chat_id = $2 AND state >= 2", r.Person, r.Chat)
	tx.write("DELETE FROM messages WHERE chat_id = $1", r.Chat)
	tx.write("DELETE FROM albums WHERE chat_id = $1", r.Chat)
	tx.write("DELETE FROM handovers WHERE telegram_id = $1", r.Chat)
	tx.write("DELETE FROM owed USING inbox WHERE inbox_id = inbox.id AND chat_id = $1", r.Chat)
	tx.write("DELETE FROM inbox WHERE chat_id = $1", r.Chat)
	tx.write("DELETE FROM inbox_chats WHERE chat_id = $1", r.Chat)
	tx.write("DELETE FROM outbox_chats WHERE chat_id = $1", r.Chat)
	tx.write(`UPDATE people SET telegram_id = -id, reach = 'blocked', lost_at = NULL, leaving_at = NULL, language = 'uz-Latn', created_at = date_trunc('month', created_at),
		name = NULL, phone = NULL, phone_mac = NULL, home_id = NULL, consented_at = NULL WHERE id = $1`, r.Person)
}

// ForgetFormer deletes the names and numbers of people whose last role ended
// before a moment and who have agreed to nothing as residents. What they did stays,
// under an id.
func (tx *Tx) ForgetFormer(before time.Time) {
	tx.write(`UPDATE people SET name = NULL, phone = NULL, phone_mac = NULL
		WHERE (name IS NOT NULL OR phone IS NOT NULL) AND consented_at IS NULL
			AND EXISTS (SELECT FROM memberships WHERE person_id = people.id)
			AND NOT EXISTS (SELECT FROM memberships WHERE person_id = people.id AND (valid_until IS NULL OR valid_until > $1))`, before)
}
