package storage

import (
	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

// Setting is what a place has set for itself and everything below it. A value
// that is no text stands here as PostgreSQL writes it.
type Setting struct {
	Territory mahalla.TerritoryID
	Key       string
	Value     string
}

// settingsOfAll reads every setting.
const settingsOfAll = "SELECT territory_id, key, value #>> '{}' FROM settings ORDER BY territory_id, key"

func scanSetting(rows pgx.Rows, list *[]Setting) error {
	var s Setting
	err := rows.Scan(&s.Territory, &s.Key, &s.Value)
	*list = append(*list, s)
	return err
}

// PutSetting writes a setting; every replica reads it anew.
func (tx *Tx) PutSetting(s Setting) {
	tx.write(`
		INSERT INTO settings (territory_id, key, value) VALUES ($1, $2, to_jsonb($3::text))
		ON CONFLICT (territory_id, key) DO UPDATE SET value = excluded.value`, s.Territory, s.Key, s.Value)
	tx.BumpReference()
}
