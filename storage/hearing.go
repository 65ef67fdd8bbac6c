package storage

import (
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

// Heard records until when the bot has surely heard what people did, and tells
// until when it had before; that is the same at the very first time. Of several
// replicas one finds a gap: the row is held until commit.
func (tx *Tx) Heard(until time.Time) (time.Time, error) {
	tx.write("INSERT INTO hearing (heard_at) VALUES ($1) ON CONFLICT DO NOTHING", until)
	before := until
	err := tx.read("SELECT heard_at FROM hearing FOR UPDATE", func(rows pgx.Rows) error { return rows.Scan(&before) })
	tx.write("UPDATE hearing SET heard_at = greatest(heard_at, $1)", until)
	return before, err
}

// Asking is a living card that waits for a press.
type Asking struct {
	To   Recipient
	Kind mahalla.NoticeKind
	Case mahalla.CaseID
}

// AskingCards lists the cards of officers whose case nobody has accepted, and
// the results that their reporters have not judged; of each person the urgent
// ones first, then the longest wait.
func (tx *Tx) AskingCards() ([]Asking, error) {
	var list []Asking
	err := tx.read(`
		SELECT cards.person_id, telegram_id, cards.kind, cases.id
		FROM cards
		JOIN cases ON cases.id = cards.case_id
		JOIN people ON people.id = cards.person_id
		LEFT JOIN assignments ON assignments.case_id = cases.id AND assignments.round = cases.round
			AND assignments.person_id = cards.person_id AND NOT unreachable AND assignments.level < 4
		WHERE reach <> 'blocked' AND (
			status = 'new' AND cards.kind IN ('card.officer', 'card.head') AND assignments.person_id IS NOT NULL
			OR status = 'closed' AND verdict = '' AND cards.kind = 'card.result' AND reporter_id = cards.person_id)
		ORDER BY cards.person_id, urgency IN ('high', 'emergency') DESC, filed_at, cases.id`,
		func(rows pgx.Rows) error {
			var a Asking
			err := rows.Scan(&a.To.Person, &a.To.Chat, &a.Kind, &a.Case)
			list = append(list, a)
			return err
		})
	return list, err
}
