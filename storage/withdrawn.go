package storage

import (
	"strconv"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

// ArgResult is the argument of a notice that takes what shows a result off the
// screen, because the closing was undone; its value is the report's id.
const ArgResult = "result"

// shownBy are the messages of a chat ($1) about a case ($2) that show a result ($3),
// but for living cards ($4 is whose): those change where they stand.
const shownBy = `chat_id = $1 AND case_id = ANY($2) AND report_id = ANY($3)
	AND NOT EXISTS (SELECT FROM cards WHERE cards.person_id = $4 AND cards.message_id = messages.message_id)`

// Showing lists the messages of a chat that a notice with ArgResult is about, the
// newest first.
func (tx *Tx) Showing(m Message) ([]int64, error) {
	var list []int64
	err := tx.read("SELECT message_id FROM messages WHERE "+shownBy+" ORDER BY message_id DESC",
		func(rows pgx.Rows) error {
			var id int64
			err := rows.Scan(&id)
			list = append(list, id)
			return err
		}, m.Chat, tx.either(m.Case), tx.eitherReport(resultOf(m)), m.Person)
	return list, err
}

// withdrawn forgets the messages that were taken away so.
func (tx *Tx) withdrawn(m Message) {
	tx.write("DELETE FROM messages WHERE "+shownBy, m.Chat, []mahalla.CaseID{m.Row}, tx.eitherReport(resultOf(m)), m.Person)
}

func resultOf(m Message) int64 {
	id, _ := strconv.ParseInt(m.Args[ArgResult], 10, 64) // nothing shows the report 0
	return id
}

// eitherReport is a report and its mask; none where there is none.
func (tx *Tx) eitherReport(report int64) []int64 {
	if report == 0 {
		return nil
	}
	return []int64{report, tx.db.seals.mask("report", report)}
}
