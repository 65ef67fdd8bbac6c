package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"koprik/casework"
	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// town is who lives in the databases: mahallas with an inspector each, and
// residents who have agreed to the terms and are spread over the mahallas.
type town struct {
	inspectors []citizen
	residents  []citizen
}

// citizen is a person of the town.
type citizen struct {
	id       mahalla.PersonID
	telegram int64
	place    mahalla.TerritoryID
	officer  int // index of the inspector who answers for the place
}

const mahallas = 100

// Ids of different things lie far apart, so that the recorder can tell by the
// size of a number what it stands for.
const (
	firstTelegram = 700_000_001
	firstPerson   = 1_000_000_000 // and territories
	firstRow      = 5_000_000_000 // cases, reports, events, messages of the outbox
	firstUpdate   = 9_000_000_000 // rows of the inbox
)

// noon is when every measurement begins: a working Monday, so that figures do
// not depend on the hour at which the benchmark is run.
var noon = time.Date(2026, 11, 23, 7, 0, 0, 0, time.UTC)

// build makes the template database.
func (s *servers) build(ctx context.Context, residents int) error {
	if err := s.exec(ctx, s.admin, "CREATE DATABASE "+template); err != nil {
		return err
	}
	address := s.url(template)
	if _, err := storage.Migrate(ctx, address); err != nil {
		return err
	}
	if err := s.exec(ctx, address, fmt.Sprintf("ALTER SEQUENCE ids RESTART WITH %d", firstPerson)); err != nil {
		return err
	}
	if err := s.settle(ctx, address, residents); err != nil {
		return err
	}
	return s.exec(ctx, address,
		fmt.Sprintf("ALTER SEQUENCE ids RESTART WITH %d", firstRow),
		fmt.Sprintf("ALTER TABLE inbox ALTER COLUMN id RESTART WITH %d", firstUpdate),
		"VACUUM (ANALYZE)")
}

func (s *servers) settle(ctx context.Context, address string, residents int) error {
	db, err := storage.Open(ctx, storage.Options{URL: address, Connections: 2}, s.seals)
	if err != nil {
		return err
	}
	defer db.Close()
	desk, err := newDesk(nil)
	if err != nil {
		return err
	}
	if err := db.InTx(ctx, func(tx *storage.Tx) error { return seedTown(tx, desk) }); err != nil {
		return err
	}
	if err := db.InTx(ctx, func(tx *storage.Tx) error { return importTown(tx, desk) }); err != nil {
		return err
	}
	if err := db.InTx(ctx, func(tx *storage.Tx) error { _, err := desk.Refresh(tx, noon); return err }); err != nil {
		return err
	}
	for i := range mahallas {
		c := citizen{telegram: firstTelegram + int64(i), place: desk.Reference().ByCode[mahallaCode(i)], officer: i}
		s.town.inspectors = append(s.town.inspectors, c)
	}
	for i := range residents {
		c := s.town.inspectors[i%mahallas]
		c.telegram = firstTelegram + mahallas + int64(i)
		s.town.residents = append(s.town.residents, c)
	}
	if err := addPeople(ctx, db, s.town.inspectors); err != nil {
		return err
	}
	if err := addPeople(ctx, db, s.town.residents); err != nil {
		return err
	}
	return s.appoint(ctx, address)
}

func newDesk(acks *storage.Acks) (*casework.Desk, error) {
	catalogue, err := locales.Load()
	if err != nil {
		return nil, err
	}
	stems, err := locales.EmergencyStems()
	return casework.NewDesk(catalogue, stems, acks), err
}

func mahallaCode(i int) string { return fmt.Sprintf("B-%04d", i+1) }

func seedTown(tx *storage.Tx, desk *casework.Desk) error {
	if err := tx.Seed(noon); err != nil {
		return err
	}
	_, err := desk.Refresh(tx, noon)
	return err
}

func importTown(tx *storage.Tx, desk *casework.Desk) error {
	var list strings.Builder
	list.WriteString("district_code,district_uz_latn,district_uz_cyrl,district_ru,sector_no,mahalla_code,mahalla_uz_latn,mahalla_uz_cyrl\n")
	for i := range mahallas {
		fmt.Fprintf(&list, "9901,Namuna tumani,Намуна тумани,Намунинский район,%d,%s,Bogʻishamol %d,Боғишамол %d\n", i%4+1, mahallaCode(i), i+1, i+1)
	}
	file, err := casework.ReadTerritoryFile([]byte(list.String()))
	if err != nil {
		return err
	}
	report, err := desk.ImportTerritory(tx, file, false, noon)
	if err == nil && report.Mahallas.Added != mahallas {
		err = fmt.Errorf("the town has %d mahallas instead of %d: %v", report.Mahallas.Added, mahallas, report.Bad)
	}
	return err
}

// addPeople makes people known who have agreed to the terms and live where
// their place is.
func addPeople(ctx context.Context, db *storage.DB, list []citizen) error {
	const together = 500
	for from := 0; from < len(list); from += together {
		err := db.InTx(ctx, func(tx *storage.Tx) error {
			for i := from; i < min(from+together, len(list)); i++ {
				c := &list[i]
				contact, err := tx.AddPerson(c.telegram, fmt.Sprint("Aziza ", c.telegram), mahalla.UzLatn, noon)
				if err != nil {
					return err
				}
				c.id = contact.ID
				tx.Consent(c.id, casework.ConsentVersion, mahalla.UzLatn, noon)
				tx.SetHome(c.id, c.place)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// appoint gives every inspector the role, as the link of an invitation does.
func (s *servers) appoint(ctx context.Context, address string) error {
	var rows []string
	for _, c := range s.town.inspectors {
		rows = append(rows, fmt.Sprintf("(%d, '%s', %d, '%s')", c.id, mahalla.PreventionInspector, c.place,
			noon.Add(-time.Hour).Format(time.RFC3339)))
	}
	return s.exec(ctx, address, "INSERT INTO memberships (person_id, role, territory_id, valid_from) VALUES "+strings.Join(rows, ", "))
}
