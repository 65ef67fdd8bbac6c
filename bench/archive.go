package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"koprik/casework"
	"koprik/mahalla"
	"koprik/storage"
)

const (
	ownMahallas   = 2    // of the inspector who searches
	filedMahallas = 20   // have the cases of the district
	alike         = 200  // open cases of one mahalla and category
	compared      = 50   // the newest of them, which the desk compares
	legible       = 1000 // at least as many as one search opens
)

// archive is a district with very many cases, and who looks for them.
type archive struct {
	db        *storage.DB
	desk      *casework.Desk
	conn      *pgx.Conn
	people    town
	inspector *storage.Contact // of the first mahallas
	head      *storage.Contact // of the district, who has one case in twenty
	cases     int
	own       int                 // of the inspector's mahallas
	numbers   []string            // of some of those
	crowded   mahalla.TerritoryID // has the open cases
	open      []string            // words of those
	closers   []func()
}

func (a *archive) close() {
	for i := len(a.closers) - 1; i >= 0; i-- {
		a.closers[i]()
	}
}

func (b *bench) openArchive(ctx context.Context) (_ *archive, err error) {
	a := &archive{people: b.servers.town, cases: b.sizes.district, crowded: b.servers.town.inspectors[filedMahallas].place}
	defer func() {
		if err != nil {
			a.close()
		}
	}()
	address, err := b.servers.database(ctx)
	if err != nil {
		return nil, err
	}
	a.closers = append(a.closers, func() { _ = b.servers.drop(context.WithoutCancel(ctx), address) })
	if a.conn, err = pgx.Connect(ctx, address); err != nil {
		return nil, err
	}
	a.closers = append(a.closers, func() { _ = a.conn.Close(context.WithoutCancel(ctx)) })
	if a.db, err = storage.Open(ctx, storage.Options{URL: address}, b.servers.seals); err != nil {
		return nil, err
	}
	a.closers = append(a.closers, a.db.Close)
	if a.desk, err = newDesk(nil); err != nil {
		return nil, err
	}
	if err := a.appoint(ctx); err != nil {
		return nil, err
	}
	return a, a.fill(ctx)
}

// appoint gives the first inspector a second mahalla, and the district a head.
func (a *archive) appoint(ctx context.Context) error {
	inspector, head := a.people.inspectors[0], a.people.residents[len(a.people.residents)-1]
	for i := 1; i < ownMahallas; i++ {
		if err := a.give(ctx, inspector, mahalla.PreventionInspector, mahallaCode(i)); err != nil {
			return err
		}
	}
	if err := a.give(ctx, head, mahalla.DistrictHead, "9901"); err != nil {
		return err
	}
	return a.db.InTx(ctx, func(tx *storage.Tx) (err error) {
		if _, err := a.desk.Refresh(tx, noon); err != nil {
			return err
		}
		if a.inspector, err = tx.Contact(inspector.id); err != nil {
			return err
		}
		a.head, err = tx.Contact(head.id)
		return err
	})
}

func (a *archive) give(ctx context.Context, who citizen, role mahalla.Role, code string) error {
	_, err := a.conn.Exec(ctx, `
		INSERT INTO memberships (person_id, role, territory_id, valid_from)
		SELECT $1, $2, id, $3 FROM territories WHERE code = $4`, who.id, role, noon.Add(-time.Hour), code)
	return err
}

// fill files the cases, one every five minutes in one mahalla after the other.
// The words of the oldest are never opened, so they are anything.
func (a *archive) fill(ctx context.Context) error {
	if _, err := a.conn.Exec(ctx, "SET session_replication_role = replica"); err != nil {
		return err
	}
	if err := a.addCases(ctx); err != nil {
		return err
	}
	if err := a.addOpen(ctx); err != nil {
		return err
	}
	if err := a.addWords(ctx); err != nil {
		return err
	}
	_, err := a.conn.Exec(ctx, `
		INSERT INTO reports (id, case_id, person_id, kind, words, at)
		SELECT -id, id, reporter_id, 'report', decode(repeat(md5(id::text), 12), 'hex'), filed_at FROM cases
		WHERE NOT EXISTS (SELECT FROM reports WHERE case_id = cases.id)`)
	if err != nil {
		return err
	}
	if _, err := a.conn.Exec(ctx, "VACUUM (ANALYZE)"); err != nil {
		return err
	}
	return a.conn.QueryRow(ctx, "SELECT count(*) FROM cases WHERE place_id = ANY($1)", a.ownPlaces()).Scan(&a.own)
}

func (a *archive) ownPlaces() []int64 {
	var list []int64
	for _, c := range a.people.inspectors[:ownMahallas] {
		list = append(list, int64(c.place))
	}
	return list
}

// newNumbers are numbers of so many cases after the first ones.
func newNumbers(after, count int) []mahalla.Number {
	list := make([]mahalla.Number, count)
	for i := range list {
		list[i] = mahalla.NumberFrom(uint64(1 + after + i))
	}
	return list
}

// newCase is the beginning of the n-th new case.
const newCase = `INSERT INTO cases (id, number, reporter_id, place_id, category, urgency, secrecy, status, round, level, filed_at, ladder) `

// addCases files what the district has with its inspectors, and one in twenty
// with its head.
func (a *archive) addCases(ctx context.Context) error {
	var places []int64
	for _, c := range a.people.inspectors[:filedMahallas] {
		places = append(places, int64(c.place))
	}
	_, err := a.conn.Exec(ctx, newCase+`
		SELECT $1::bigint + n, number, ($2::bigint[])[1 + n % cardinality($2)], ($3::bigint[])[1 + n % cardinality($3)],
			(ARRAY['noise','public_order','alcohol','traffic','communal','other','suspicious','theft'])[1 + n / cardinality($3) % 8],
			'normal', 'internal', 'new', 1, 0, $4::timestamptz - n * interval '5 minutes', jsonb_build_object('class', 'ordinary', 'due', $4::timestamptz)
		FROM unnest($5::int[]) WITH ORDINALITY AS new (number, n)`, int64(firstRow), a.reporters(), places, noon, newNumbers(0, a.cases))
	if err != nil {
		return err
	}
	_, err = a.conn.Exec(ctx, `
		INSERT INTO assignments (case_id, round, person_id, ordinal, role, level, told_at, due_at)
		SELECT cases.id, 1, person_id, 1, role, 0, filed_at, filed_at
		FROM cases JOIN memberships ON territory_id = place_id WHERE (cases.id - $4) / $5 % 20 <> 0
		UNION ALL
		SELECT id, 1, $1, 1, $2, $3, filed_at, filed_at FROM cases WHERE (id - $4) / $5 % 20 = 0`,
		a.head.ID, mahalla.DistrictHead, mahalla.LevelHead, int64(firstRow), filedMahallas)
	return err
}

// reporters are residents without a role.
func (a *archive) reporters() []int64 {
	var list []int64
	for _, c := range a.people.residents[:len(a.people.residents)-1] {
		list = append(list, int64(c.id))
	}
	return list
}

// addOpen files the cases that a new report is compared with, one a minute.
func (a *archive) addOpen(ctx context.Context) error {
	_, err := a.conn.Exec(ctx, newCase+`
		SELECT $1::bigint - n, number, ($2::bigint[])[1 + n], $3, $4, 'normal', 'internal', 'new', 1, 0,
			$5::timestamptz - n * interval '1 minute', jsonb_build_object('class', 'ordinary', 'due', $5::timestamptz)
		FROM unnest($6::int[]) WITH ORDINALITY AS new (number, n)`, int64(firstRow), a.reporters(), a.crowded, similarCategory, noon, newNumbers(a.cases, alike))
	return err
}

// addWords seals words for every case that a search may open, and notes
// numbers of the inspector's own.
func (a *archive) addWords(ctx context.Context) error {
	var list []storage.Report
	chance := rand.New(rand.NewPCG(1, 2))
	var cases []mahalla.CaseID
	for _, newest := range []struct {
		where string
		arg   any
		each  func(mahalla.Number, string)
	}{
		{"place_id = ANY($1)", a.ownPlaces(), func(n mahalla.Number, _ string) { a.numbers = append(a.numbers, n.String()) }},
		{"EXISTS (SELECT FROM assignments WHERE case_id = cases.id AND person_id = $1)", a.head.ID, nil},
		{"place_id = $1", a.crowded, func(_ mahalla.Number, words string) { a.open = append(a.open, words) }},
	} {
		rows, err := a.conn.Query(ctx, "SELECT id, number, reporter_id, filed_at FROM cases WHERE "+newest.where+
			fmt.Sprintf(" ORDER BY filed_at DESC LIMIT %d", legible), newest.arg)
		if err != nil {
			return err
		}
		var c mahalla.CaseID
		var number mahalla.Number
		r := storage.Report{Kind: storage.KindReport}
		_, err = pgx.ForEachRow(rows, []any{&c, &number, &r.Person, &r.At}, func() error {
			r.Words = complaintWords(chance)
			list, cases = append(list, r), append(cases, c)
			if newest.each != nil {
				newest.each(number, r.Words)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return a.seal(ctx, cases, list)
}

// seal writes the words, those of a case that was found twice once.
func (a *archive) seal(ctx context.Context, cases []mahalla.CaseID, list []storage.Report) error {
	return a.db.InTx(ctx, func(tx *storage.Tx) error {
		done := map[mahalla.CaseID]bool{}
		for i, c := range cases {
			if done[c] {
				continue
			}
			done[c] = true
			if err := tx.AddReport(c, list[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// vocabulary is what residents write of, in the scripts in which they do.
var vocabulary = strings.Fields(`qoʻshnimiz кечаси baland musiqa музыка chiroq yonmayapti улица garaj oldida bolalar мактаб yonida itlar huradi axlat
	hidi чуқур yoʻl машина tez haydaydi darvoza devor ариқ suv quvuri yorilgan подъезд lift ishlamaydi yoshlar ichkilik tortishuv doʻkon savdo`)

// complaintWords is an invented complaint of twenty words.
func complaintWords(chance *rand.Rand) string {
	list := []string{fmt.Sprintf("%d-uy", 1+chance.IntN(200))}
	for range 19 {
		list = append(list, vocabulary[chance.IntN(len(vocabulary))])
	}
	return strings.Join(list, " ")
}
