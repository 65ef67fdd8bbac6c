package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"koprik/bot/simulator"
	"koprik/casework"
	"koprik/mahalla"
	"koprik/storage"
)

// folk are the people of a region. Officers are found by the place that they
// answer for.
type folk struct {
	residents   []citizen
	inspectors  []citizen // of a few mahallas each
	substitutes []citizen // of a sector
	sectorHeads []citizen
	seniors     []citizen // of a district
	heads       []citizen
	boards      [][]citizen // the commission of a mahalla, its secretary first
	places      []spot      // the mahallas
	watchman    *simulator.User
}

// spot is a mahalla, and by index who answers for it on every level.
type spot struct {
	id                          mahalla.TerritoryID
	inspector, sector, district int
}

const (
	perDistrict  = 100 // mahallas
	perSector    = perDistrict / sectors
	sectors      = 4 // of a district
	perInspector = 3 // mahallas
	perBoard     = 5 // people who sit in a commission
)

func districtCode(d int) string { return fmt.Sprintf("99%02d", d+1) }
func spotCode(i int) string     { return fmt.Sprintf("R-%05d", i+1) }

// sectorOf counts the sectors of the region through.
func sectorOf(i int) int { return i/perDistrict*sectors + i%perDistrict/perSector }

// settleRegion imports the territory as `koprik import territory` does, makes its
// people known and appoints them.
func (r *dayOf) settleRegion(ctx context.Context) error {
	desk, err := newDesk(nil)
	if err != nil {
		return err
	}
	if err := r.db.InTx(ctx, func(tx *storage.Tx) error { return importRegion(tx, desk, r.size.mahallas) }); err != nil {
		return err
	}
	if err := r.db.InTx(ctx, func(tx *storage.Tx) error { _, err := desk.Refresh(tx, noon); return err }); err != nil {
		return err
	}
	codes := desk.Reference().ByCode
	r.populate(codes)
	lists := append([][]citizen{r.residents, r.inspectors, r.substitutes, r.sectorHeads, r.seniors, r.heads}, r.boards...)
	var all []citizen
	for _, list := range lists {
		all = append(all, list...)
	}
	if err := addPeople(ctx, r.db, all); err != nil {
		return err
	}
	for from, n := 0, 0; n < len(lists); n++ {
		from += copy(lists[n], all[from:from+len(lists[n])])
	}
	if err := r.appointAll(ctx, codes); err != nil {
		return err
	}
	return r.servers.exec(ctx, r.address, "VACUUM (ANALYZE)", "CHECKPOINT")
}

func importRegion(tx *storage.Tx, desk *casework.Desk, count int) error {
	if err := tx.Seed(noon); err != nil {
		return err
	}
	if _, err := desk.Refresh(tx, noon); err != nil {
		return err
	}
	var list strings.Builder
	list.WriteString("district_code,district_uz_latn,district_uz_cyrl,district_ru,sector_no,mahalla_code,mahalla_uz_latn,mahalla_uz_cyrl\n")
	for i := range count {
		d := i/perDistrict + 1
		fmt.Fprintf(&list, "%s,Namuna %d tumani,Намуна %d тумани,Намунинский район %d,%d,%s,Bogʻishamol %d,Боғишамол %d\n",
			districtCode(d-1), d, d, d, sectorOf(i)%sectors+1, spotCode(i), i+1, i+1)
	}
	file, err := casework.ReadTerritoryFile([]byte(list.String()))
	if err != nil {
		return err
	}
	report, err := desk.ImportTerritory(tx, file, false, noon)
	if err == nil && report.Mahallas.Added != count {
		err = fmt.Errorf("the region has %d mahallas instead of %d: %v", report.Mahallas.Added, count, report.Bad)
	}
	return err
}

// populate spreads people over the places. Meetings are those of the commissions
// of as many mahallas.
func (r *dayOf) populate(codes map[string]mahalla.TerritoryID) {
	next := int64(firstTelegram)
	person := func(place mahalla.TerritoryID) citizen {
		next++
		return citizen{telegram: next, place: place}
	}
	last := -1
	for i := range r.size.mahallas {
		s := spot{id: codes[spotCode(i)], sector: sectorOf(i), district: i / perDistrict}
		if i%perSector%perInspector == 0 {
			r.inspectors = append(r.inspectors, person(s.id))
			last++
		}
		s.inspector = last
		r.places = append(r.places, s)
	}
	for d := range r.size.mahallas / perDistrict {
		place := codes[districtCode(d)]
		r.seniors, r.heads = append(r.seniors, person(place)), append(r.heads, person(place))
		for n := range sectors {
			place := codes[fmt.Sprintf("%s-S%d", districtCode(d), n+1)]
			r.substitutes, r.sectorHeads = append(r.substitutes, person(place)), append(r.sectorHeads, person(place))
		}
	}
	for i := range r.size.residents {
		where := i % len(r.places)
		c := person(r.places[where].id)
		c.officer = where
		r.residents = append(r.residents, c)
	}
	for i := range r.size.meetings {
		var board []citizen
		for range perBoard {
			board = append(board, person(r.places[i].id))
		}
		r.boards = append(r.boards, board)
	}
}

// appointAll gives roles, as the links of invitations do.
func (r *dayOf) appointAll(ctx context.Context, codes map[string]mahalla.TerritoryID) error {
	var rows []string
	give := func(c citizen, role mahalla.Role, place mahalla.TerritoryID) {
		rows = append(rows, fmt.Sprintf("(%d, '%s', %d, '%s')", c.id, role, place, noon.Add(-time.Hour).Format(time.RFC3339)))
	}
	for _, s := range r.places {
		give(r.inspectors[s.inspector], mahalla.PreventionInspector, s.id)
	}
	for _, list := range []struct {
		role mahalla.Role
		who  []citizen
	}{{mahalla.Substitute, r.substitutes}, {mahalla.SectorHead, r.sectorHeads}, {mahalla.SeniorInspector, r.seniors}, {mahalla.DistrictHead, r.heads}} {
		for _, c := range list.who {
			if c.place == 0 {
				return fmt.Errorf("a %s has no place among %d", list.role, len(codes))
			}
			give(c, list.role, c.place)
		}
	}
	for _, board := range r.boards {
		for n, c := range board {
			role := mahalla.CommissionMember
			if n == 0 {
				role = mahalla.CommissionSecretary
			}
			give(c, role, c.place)
		}
	}
	return r.servers.exec(ctx, r.address, "INSERT INTO memberships (person_id, role, territory_id, valid_from) VALUES "+strings.Join(rows, ", "))
}

// greetAll lets everybody press START, and lets go of the updates of it.
func (r *dayOf) greetAll(ctx context.Context) error {
	for _, list := range append([][]citizen{r.residents, r.inspectors, r.substitutes, r.sectorHeads, r.seniors, r.heads}, r.boards...) {
		for _, who := range list {
			r.telegram.AddPerson(simulator.Person{ID: who.telegram, FirstName: "Aziza", Language: "uz"}).Start("")
		}
	}
	address := fmt.Sprintf("%s/bot%s/getUpdates?offset=%d&timeout=0", r.client, r.telegram.Token(), r.telegram.LastUpdateID()+1)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	_ = answer.Body.Close()
	if left := r.telegram.Pending(); left > 0 {
		return fmt.Errorf("the simulator kept %d updates that were confirmed", left)
	}
	r.watchman = r.telegram.AddPerson(simulator.Person{Key: "watchman", ID: firstTelegram - 1, FirstName: "Aziza", Language: "uz"})
	return nil
}

// user is a person of the region in the simulator.
func (r *dayOf) user(who citizen) *simulator.User { return r.telegram.User(fmt.Sprint(who.telegram)) }
