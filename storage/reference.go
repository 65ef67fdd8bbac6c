package storage

import (
	"cmp"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/mahalla"
)

// Reference is a picture of the data that rarely changes: territories,
// categories, holidays, telephone numbers. It is read whole and never changed.
type Reference struct {
	Version     int64
	Boundaries  int64 // the version at which boundaries changed last; Tx.Boundaries reads them
	Territories map[mahalla.TerritoryID]*mahalla.Territory
	Children    map[mahalla.TerritoryID][]mahalla.TerritoryID // in the order of Latin names
	ByCode      map[string]mahalla.TerritoryID
	Categories  map[mahalla.CategoryCode]mahalla.Category
	ByUse       []mahalla.CategoryCode // the most used first
	Holidays    []mahalla.Date
	Phones      []Phone
	Settings    []Setting
}

// Phone is a telephone number that may be shown to people.
type Phone struct {
	Number string
	Names  mahalla.Names
}

// Path leads from a place to the root; an unknown place is the root.
func (r *Reference) Path(id mahalla.TerritoryID) []mahalla.TerritoryID {
	if t, ok := r.Territories[id]; ok {
		return t.Path
	}
	return []mahalla.TerritoryID{mahalla.RootTerritory}
}

// Above finds the node of a kind on the path of a place; nil when there is none.
func (r *Reference) Above(id mahalla.TerritoryID, kind mahalla.TerritoryKind) *mahalla.Territory {
	for _, node := range r.Path(id) {
		if t := r.Territories[node]; t != nil && t.Kind == kind {
			return t
		}
	}
	return nil
}

// ReferenceVersion tells which version of the reference data is current.
func (tx *Tx) ReferenceVersion() (int64, error) {
	var version int64
	err := tx.read("SELECT version FROM reference", func(rows pgx.Rows) error { return rows.Scan(&version) })
	return version, err
}

// BumpReference makes every replica read the reference data anew.
func (tx *Tx) BumpReference() { tx.write("UPDATE reference SET version = version + 1") }

// usageWindow is how far back the use of categories is counted.
const usageWindow = 90 * 24 * time.Hour

// Reference reads all reference data.
func (tx *Tx) Reference(now time.Time) (*Reference, error) {
	r := &Reference{
		Territories: map[mahalla.TerritoryID]*mahalla.Territory{},
		Children:    map[mahalla.TerritoryID][]mahalla.TerritoryID{},
		ByCode:      map[string]mahalla.TerritoryID{},
		Categories:  map[mahalla.CategoryCode]mahalla.Category{},
	}
	err := tx.readAll([]query{
		{"SELECT version, boundaries FROM reference", nil, func(rows pgx.Rows) error { return rows.Scan(&r.Version, &r.Boundaries) }},
		{`SELECT id, coalesce(parent_id, 0), kind, code, number, point, name_uz_latn, name_uz_cyrl, name_ru, path, retired_at IS NOT NULL
			FROM territories ORDER BY kind, number, name_uz_latn, id`, nil, r.scanTerritory},
		{`SELECT code, grp, name_uz_latn, name_uz_cyrl, name_ru, rank, urgency, primary_role, resolve, secrecy, numbers, evidence, anonymous_ok = 'no', reconciliation = 'consent',
				coalesce(used.times, 0)
			FROM categories LEFT JOIN (
				SELECT category, count(*) AS times FROM cases WHERE filed_at > $1 GROUP BY category) AS used
			ON category = code`, []any{now.Add(-usageWindow)}, r.scanCategory},
		{"SELECT day FROM holidays ORDER BY day", nil, func(rows pgx.Rows) error {
			var day time.Time
			err := rows.Scan(&day)
			r.Holidays = append(r.Holidays, mahalla.DateOf(day))
			return err
		}},
		{settingsOfAll, nil, func(rows pgx.Rows) error { return scanSetting(rows, &r.Settings) }},
		{"SELECT number, name_uz_latn, name_ru FROM phone_numbers WHERE printable ORDER BY length(number), number", nil,
			func(rows pgx.Rows) error {
				var p Phone
				err := rows.Scan(&p.Number, &p.Names.UzLatn, &p.Names.Ru)
				r.Phones = append(r.Phones, p)
				return err
			}},
	})
	r.ByUse = make([]mahalla.CategoryCode, 0, len(r.Categories))
	for code := range r.Categories {
		r.ByUse = append(r.ByUse, code)
	}
	slices.SortFunc(r.ByUse, func(a, b mahalla.CategoryCode) int {
		x, y := r.Categories[a], r.Categories[b]
		return cmp.Or(cmp.Compare(y.Uses, x.Uses), cmp.Compare(x.Rank, y.Rank), cmp.Compare(a, b))
	})
	return r, err
}

func (r *Reference) scanTerritory(rows pgx.Rows) error {
	t := &mahalla.Territory{}
	err := rows.Scan(&t.ID, &t.Parent, &t.Kind, &t.Code, &t.Number, &t.Point, &t.Names.UzLatn, &t.Names.UzCyrl, &t.Names.Ru, &t.Path, &t.Retired)
	if err != nil {
		return err
	}
	r.Territories[t.ID] = t
	r.ByCode[t.Code] = t.ID
	if !t.Retired {
		r.Children[t.Parent] = append(r.Children[t.Parent], t.ID)
	}
	return nil
}

func (r *Reference) scanCategory(rows pgx.Rows) error {
	var c mahalla.Category
	var resolve string
	err := rows.Scan(&c.Code, &c.Group, &c.Names.UzLatn, &c.Names.UzCyrl, &c.Names.Ru, &c.Rank, &c.Urgency, &c.Primary,
		&resolve, &c.Secrecy, &c.Numbers, &c.Evidence, &c.Named, &c.Reconcile, &c.Uses)
	if err != nil {
		return err
	}
	c.Resolve, err = mahalla.ParseSpan(resolve)
	r.Categories[c.Code] = c
	return err
}
