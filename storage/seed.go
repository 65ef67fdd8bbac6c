package storage

import (
	"embed"
	"encoding/csv"
	"fmt"
	"strings"
	"time"

	"koprik/mahalla"
)

//go:embed seed/*.csv seed/*.geojson
var seeds embed.FS

// Seed writes the reference data that comes with the program where it is
// missing: regions, districts, categories, holidays, telephone numbers. What
// an administrator has changed stays as it is.
func (tx *Tx) Seed(now time.Time) error {
	tx.LockReference() // of several programs that start at once, one seeds
	before, err := tx.Reference(now)
	if err != nil {
		return err
	}
	for _, seed := range []func(*Reference) error{tx.seedRegions, tx.seedDistricts, tx.seedCategories, tx.seedHolidays, tx.seedPhones} {
		if err := seed(before); err != nil {
			return fmt.Errorf("seed: %w", err)
		}
	}
	if len(before.Categories) == 0 {
		tx.BumpReference()
	}
	return nil
}

// table reads an embedded file as maps from column to value.
func table(name string) ([]map[string]string, error) {
	file, err := seeds.Open("seed/" + name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil || len(rows) == 0 {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	list := make([]map[string]string, 0, len(rows)-1)
	for _, row := range rows[1:] {
		m := make(map[string]string, len(row))
		for i, column := range rows[0] {
			m[column] = row[i]
		}
		list = append(list, m)
	}
	return list, nil
}

func names(row map[string]string) mahalla.Names {
	return mahalla.Names{UzLatn: row["name_uz_latn"], UzCyrl: row["name_uz_cyrl"], Ru: row["name_ru"]}
}

func (tx *Tx) seedRegions(r *Reference) error {
	rows, err := table("regions.csv")
	if err != nil {
		return err
	}
	var added []*mahalla.Territory
	for _, row := range rows {
		added, err = tx.seedTerritory(r, added, row["soato"], mahalla.RootTerritory, mahalla.Region, names(row))
		if err != nil {
			return err
		}
	}
	tx.PutTerritories(added)
	return nil
}

func (tx *Tx) seedDistricts(r *Reference) error {
	rows, err := table("districts.csv")
	if err != nil {
		return err
	}
	var added []*mahalla.Territory
	for _, row := range rows {
		region, ok := r.ByCode[row["region_soato"]]
		if !ok {
			return fmt.Errorf("district %s: no region %s", row["soato"], row["region_soato"])
		}
		added, err = tx.seedTerritory(r, added, row["soato"], region, mahalla.District, names(row))
		if err != nil {
			return err
		}
	}
	tx.PutTerritories(added)
	return nil
}

// seedTerritory adds a node below its parent to the list, unless its code is
// known.
func (tx *Tx) seedTerritory(r *Reference, list []*mahalla.Territory, code string, parent mahalla.TerritoryID,
	kind mahalla.TerritoryKind, n mahalla.Names) ([]*mahalla.Territory, error) {
	if _, known := r.ByCode[code]; known {
		return list, nil
	}
	id, err := tx.NewID()
	if err != nil {
		return list, err
	}
	t := &mahalla.Territory{ID: mahalla.TerritoryID(id), Parent: parent, Kind: kind, Code: code, Names: n}
	t.Path = append([]mahalla.TerritoryID{t.ID}, r.Path(parent)...)
	r.Territories[t.ID], r.ByCode[code] = t, t.ID
	return append(list, t), nil
}

func (tx *Tx) seedCategories(*Reference) error {
	rows, err := table("categories.csv")
	for i, row := range rows {
		numbers := []string{}
		if row["show_emergency_number"] != "" {
			numbers = strings.Split(row["show_emergency_number"], ";")
		}
		tx.write(`
			INSERT INTO categories (code, grp, name_uz_latn, name_uz_cyrl, name_ru, rank, urgency, primary_role, resolve,
				secrecy, numbers, reconciliation, anonymous_ok, evidence)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
			ON CONFLICT (code) DO NOTHING`,
			row["code"], row["group"], row["name_uz_latn"], row["name_uz_cyrl"], row["name_ru"], rank(row["code"], i), row["default_urgency"],
			row["primary_responsible"], row["resolution_target"], row["confidentiality"], numbers, row["reconciliation"], row["anonymous_signal_ok"], row["evidence"] == "yes")
	}
	return err
}

// rank puts the categories that people of a mahalla need most before the
// others, until their use has been counted.
func rank(code string, place int) int {
	for i, often := range []string{"family_conflict", "noise", "public_order", "neighbour_dispute", "theft", "communal"} {
		if code == often {
			return i
		}
	}
	return 100 + place
}

func (tx *Tx) seedHolidays(*Reference) error {
	rows, err := table("holidays.csv")
	for _, row := range rows {
		tx.write(`INSERT INTO holidays (day, kind, name_uz_latn, name_ru) VALUES ($1, $2, $3, $4) ON CONFLICT (day) DO NOTHING`,
			row["date"], row["kind"], row["name_uz_latn"], row["name_ru"])
	}
	return err
}

func (tx *Tx) seedPhones(*Reference) error {
	rows, err := table("phone_numbers.csv")
	for _, row := range rows {
		printable := !strings.Contains(row["status_and_source"], "do not print")
		tx.write(`INSERT INTO phone_numbers (number, name_uz_latn, name_ru, printable) VALUES ($1, $2, $3, $4) ON CONFLICT (number) DO NOTHING`,
			row["number"], row["name_uz_latn"], row["name_ru"], printable)
	}
	return err
}
