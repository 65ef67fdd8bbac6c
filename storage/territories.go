package storage

import (
	"fmt"
	"strconv"
	"strings"

	"koprik/mahalla"
)

// PutTerritories adds territories, or changes those whose ids are known, with
// one statement: a parent may stand anywhere in the list. A code never changes
// hands, and who is written is no longer retired. Another node with the code of
// one of them fails the transaction.
func (tx *Tx) PutTerritories(list []*mahalla.Territory) {
	if len(list) == 0 {
		return
	}
	var (
		ids, parents         = make([]int64, len(list)), make([]int64, len(list))
		kinds, codes, points = make([]string, len(list)), make([]string, len(list)), make([]string, len(list))
		numbers              = make([]int, len(list))
		uzLatn, uzCyrl, ru   = make([]string, len(list)), make([]string, len(list)), make([]string, len(list))
		paths                = make([]string, len(list))
	)
	for i, t := range list {
		ids[i], parents[i], kinds[i], codes[i] = int64(t.ID), int64(t.Parent), string(t.Kind), t.Code
		numbers[i], points[i] = t.Number, t.Point
		uzLatn[i], uzCyrl[i], ru[i] = t.Names.UzLatn, t.Names.UzCyrl, t.Names.Ru
		paths[i] = pathArray(t.Path)
	}
	tx.write(`
		INSERT INTO territories (id, parent_id, kind, code, number, point, name_uz_latn, name_uz_cyrl, name_ru, path)
		SELECT id, parent_id, kind, code, number, point, name_uz_latn, name_uz_cyrl, name_ru, path::bigint[]
		FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::int[], $6::text[], $7::text[], $8::text[],
				$9::text[], $10::text[])
			AS given (id, parent_id, kind, code, number, point, name_uz_latn, name_uz_cyrl, name_ru, path)
		ON CONFLICT (id) DO UPDATE SET
			parent_id = excluded.parent_id, number = excluded.number, point = excluded.point,
			name_uz_latn = excluded.name_uz_latn, name_uz_cyrl = excluded.name_uz_cyrl, name_ru = excluded.name_ru,
			path = excluded.path, retired_at = NULL`,
		ids, parents, kinds, codes, numbers, points, uzLatn, uzCyrl, ru, paths)
}

// pathArray spells a path as PostgreSQL writes an array: an array of arrays
// would have to be a rectangle.
func pathArray(path []mahalla.TerritoryID) string {
	parts := make([]string, len(path))
	for i, id := range path {
		parts[i] = strconv.FormatInt(int64(id), 10)
	}
	return "{" + strings.Join(parts, ",") + "}"
}

// SetPaths writes the paths of territories anew after something above them has
// moved. Nothing else of them changes, so that a retired one stays retired.
func (tx *Tx) SetPaths(list []*mahalla.Territory) {
	if len(list) == 0 {
		return
	}
	ids, paths := make([]int64, len(list)), make([]string, len(list))
	for i, t := range list {
		ids[i], paths[i] = int64(t.ID), pathArray(t.Path)
	}
	tx.write(`
		UPDATE territories SET path = moved.path::bigint[]
		FROM unnest($1::bigint[], $2::text[]) AS moved (id, path)
		WHERE territories.id = moved.id`,
		ids, paths)
}

// LockReference makes everybody else who wants to change reference data wait
// for the end of this transaction. It comes before the reading of what is to be
// changed.
func (tx *Tx) LockReference() { tx.write("SELECT version FROM reference FOR UPDATE") }

// OfficialCodes are the SOATO codes of the regions and districts that come with
// the program.
func OfficialCodes() (map[string]bool, error) {
	codes := map[string]bool{}
	for _, name := range []string{"regions.csv", "districts.csv"} {
		rows, err := table(name)
		if err != nil {
			return nil, fmt.Errorf("seed: %w", err)
		}
		for _, row := range rows {
			codes[row["soato"]] = true
		}
	}
	return codes, nil
}

// DemoTerritory is the file of the invented territory, for the demo and tests.
func DemoTerritory() ([]byte, error) {
	raw, err := seeds.ReadFile("seed/demo_territory.csv")
	if err != nil {
		return nil, fmt.Errorf("seed: %w", err)
	}
	return raw, nil
}
