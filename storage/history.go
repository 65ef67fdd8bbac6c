package storage

import (
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"
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
