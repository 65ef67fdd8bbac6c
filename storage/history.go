package storage

import (
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

// History is what happened to a case, in codes: nobody's words or names.
type History struct {
	Number string    `json:"number"`
	Status string    `json:"status"`
	Filed  time.Time `json:"filed"`
	Lines  []struct {
		At    time.Time `json:"at"`
		Kind  string    `json:"kind"`
		Level int       `json:"level"`
		Late  bool      `json:"late"`
		Note  string    `json:"note"`
	} `json:"lines"`
}

// Histories reads the histories of the newest cases.
func (tx *Tx) Histories(limit int) ([]History, error) {
	var list []History
	err := tx.read(`
		SELECT to_char(number / 10000, 'FM0000') || '-' || to_char(number % 10000, 'FM0000'), status, filed_at,
			(SELECT coalesce(json_agg(json_build_object('at', at, 'kind', kind, 'level', level, 'late', late, 'note', note) ORDER BY at, id), '[]')
				FROM case_events WHERE case_id = cases.id)
		FROM cases ORDER BY filed_at DESC, id DESC LIMIT $1`,
		func(rows pgx.Rows) error {
			var h History
			var lines []byte
			if err := rows.Scan(&h.Number, &h.Status, &h.Filed, &lines); err != nil {
				return err
			}
			list = append(list, h)
			return json.Unmarshal(lines, &list[len(list)-1].Lines)
		}, limit)
	return list, err
}

// Tally is how much the bot has in its keeping, for comparing before and after
// it was killed.
type Tally struct {
	Updates   int // of those asked about: in the inbox, and not put aside
	Cases     int // in any state
	Dialogues int // of people whom the bot has asked something, or who have a draft
	Incoming  int // updates that wait for a worker
	Outgoing  int // messages that wait for the sender
}

// Tally counts what there is, and how many of some updates were kept.
func (tx *Tx) Tally(updates []int64) (Tally, error) {
	var t Tally
	err := tx.read(`
		SELECT (SELECT count(DISTINCT update_id) FROM inbox WHERE update_id = ANY($1) AND state <> 2),
			(SELECT count(*) FROM cases),
			(SELECT count(*) FROM dialogues),
			(SELECT coalesce(sum(waiting), 0) FROM inbox_chats),
			(SELECT coalesce(sum(waiting), 0) FROM outbox_chats)`,
		func(rows pgx.Rows) error {
			return rows.Scan(&t.Updates, &t.Cases, &t.Dialogues, &t.Incoming, &t.Outgoing)
		}, updates)
	return t, err
}

// Speaks is a person's language by Telegram id, of those who have met the bot.
func (tx *Tx) Speaks() (map[int64]mahalla.Language, error) {
	languages := map[int64]mahalla.Language{}
	err := tx.read("SELECT telegram_id, language FROM people WHERE telegram_id IS NOT NULL LIMIT 1000",
		func(rows pgx.Rows) error {
			var id int64
			var language mahalla.Language
			err := rows.Scan(&id, &language)
			languages[id] = language
			return err
		})
	return languages, err
}
