package storage

import (
	"koprik/mahalla"
)

// PutTerritory adds a territory, or changes the one with the same code. The
// parent must be written before it.
func (tx *Tx) PutTerritory(t mahalla.Territory) {
	tx.write(`
		INSERT INTO territories (id, parent_id, kind, code, number, point, name_uz_latn, name_uz_cyrl, name_ru, path)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (code) DO UPDATE SET
			parent_id = excluded.parent_id, kind = excluded.kind, number = excluded.number, point = excluded.point,
			name_uz_latn = excluded.name_uz_latn, name_uz_cyrl = excluded.name_uz_cyrl, name_ru = excluded.name_ru,
			path = excluded.path, retired_at = NULL`,
		t.ID, t.Parent, t.Kind, t.Code, t.Number, t.Point, t.Names.UzLatn, t.Names.UzCyrl, t.Names.Ru, t.Path)
}
