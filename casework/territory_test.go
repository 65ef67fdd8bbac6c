package casework

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
	"koprik/storage/storagetest"
)

func TestMain(m *testing.M) {
	storagetest.Template(func(ctx context.Context, url string) error {
		if _, err := storage.Migrate(ctx, url); err != nil {
			return err
		}
		db, err := open(ctx, url)
		if err != nil {
			return err
		}
		defer db.Close()
		return db.InTx(ctx, func(tx *storage.Tx) error { return tx.Seed(importDay) })
	})
	storagetest.Main(m)
}

var importDay = time.Date(2026, 11, 5, 9, 0, 0, 0, locales.Tashkent())

func open(ctx context.Context, url string) (*storage.DB, error) {
	seals, err := storage.NewSeals()
	if err != nil {
		return nil, err
	}
	return storage.Open(ctx, storage.Options{URL: url, Connections: 4}, seals)
}

// testGround is a database with the seed, and a desk before it.
type testGround struct {
	testing.TB
	db   *storage.DB
	desk *Desk
}

func newGround(t testing.TB) *testGround {
	t.Helper()
	db, err := open(t.Context(), storagetest.Postgres(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	catalogue, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	return &testGround{TB: t, db: db, desk: NewDesk(catalogue, nil, nil)}
}

// load imports a text.
func (g *testGround) load(text string) TerritoryReport {
	g.Helper()
	return g.loadFile(readFile(g, text), false)
}

func (g *testGround) loadFile(f TerritoryFile, dry bool) (report TerritoryReport) {
	g.Helper()
	err := g.db.InTx(g.Context(), func(tx *storage.Tx) (err error) {
		report, err = g.desk.ImportTerritory(tx, f, dry, importDay)
		return err
	})
	if err != nil {
		g.Fatal(storage.Loggable(err))
	}
	return report
}

// known reads the territories, and finds out whether every path is right.
func (g *testGround) known() *storage.Reference {
	g.Helper()
	var r *storage.Reference
	err := g.db.Read(g.Context(), func(tx *storage.Tx) (err error) {
		r, err = tx.Reference(importDay)
		return err
	})
	if err != nil {
		g.Fatal(err)
	}
	for id, t := range r.Territories {
		want := []mahalla.TerritoryID{id}
		for above := t.Parent; above != 0; above = r.Territories[above].Parent {
			want = append(want, above)
		}
		if !reflect.DeepEqual(t.Path, want) {
			g.Errorf("the path of %s: got %v, want %v", t.Code, t.Path, want)
		}
	}
	return r
}

// node finds a territory by its code.
func (g *testGround) node(code string) *mahalla.Territory {
	g.Helper()
	r := g.known()
	t := r.Territories[r.ByCode[code]]
	if t == nil {
		g.Fatalf("there is no %s", code)
	}
	return t
}

// nextID takes an id for a row.
func (g *testGround) nextID() (id int64) {
	g.Helper()
	err := g.db.Read(g.Context(), func(tx *storage.Tx) (err error) {
		id, err = tx.NewID()
		return err
	})
	if err != nil {
		g.Fatal(err)
	}
	return id
}

// way lists the codes of a path, from the root down.
func (g *testGround) way(code string) string {
	g.Helper()
	r := g.known()
	var codes []string
	for _, id := range r.Path(r.ByCode[code]) {
		codes = append([]string{r.Territories[id].Code}, codes...)
	}
	return strings.Join(codes, " ")
}

func tallies(r TerritoryReport) [3]Tally { return [3]Tally{r.Districts, r.Sectors, r.Mahallas} }

func TestTheDemoFileBecomesTwoDistrictsEightSectorsAndTwentyFourMahallas(t *testing.T) {
	t.Parallel()
	g := newGround(t)
	report := g.load(string(demoFile(t)))
	if got, want := tallies(report), ([3]Tally{{Added: 2}, {Added: 8}, {Added: 24}}); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
	if len(report.Bad)+len(report.Changes) > 0 {
		t.Errorf("got bad %v, changes %v", report.Bad, report.Changes)
	}
	if len(report.Remarks) != 2 || report.Remarks[0] != (LineNote{2, RemarkNoRegion, "9901: 99"}) {
		t.Errorf("remarks: got %v, want both districts without a region", report.Remarks)
	}
	if got, want := g.way("DEMO-1008"), "UZ 9901 9901-S3 DEMO-1008"; got != want {
		t.Errorf("the way: got %s, want %s", got, want)
	}
	m, s, d := g.node("DEMO-1008"), g.node("9901-S3"), g.node("9901")
	if m.Kind != mahalla.Mahalla || m.Point != "1-2" || m.Names != (mahalla.Names{UzLatn: "Doʻstlik", UzCyrl: "Дўстлик", Ru: "Дўстлик"}) {
		t.Errorf("the mahalla: got %+v", m)
	}
	if s.Kind != mahalla.Sector || s.Number != 3 || s.Names != (mahalla.Names{UzLatn: "3-sektor", UzCyrl: "3-сектор", Ru: "3-й сектор"}) {
		t.Errorf("the sector: got %+v", s)
	}
	if d.Kind != mahalla.District || d.Names != (mahalla.Names{UzLatn: "Namuna tumani", UzCyrl: "Намуна тумани", Ru: "Намунинский район (учебный)"}) {
		t.Errorf("the district: got %+v", d)
	}
}

func TestTheSameFileTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	g := newGround(t)
	g.load(string(demoFile(t)))
	before := g.known()
	report := g.load(string(demoFile(t)))
	if got, want := tallies(report), ([3]Tally{{Unchanged: 2}, {Unchanged: 8}, {Unchanged: 24}}); got != want || report.Writes() {
		t.Errorf("got %v, want %v", got, want)
	}
	if after := g.known(); !reflect.DeepEqual(after.Territories, before.Territories) || after.Version != before.Version {
		t.Errorf("the territories changed, or their version: %d, then %d", before.Version, after.Version)
	}
}

func TestADryRunSaysTheSameAndWritesNothing(t *testing.T) {
	t.Parallel()
	g := newGround(t)
	f := readFile(t, string(demoFile(t)))
	before, id := g.known(), g.nextID()
	var dry TerritoryReport
	err := g.db.Read(t.Context(), func(tx *storage.Tx) (err error) { // where nothing can be written
		dry, err = g.desk.ImportTerritory(tx, f, true, importDay)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if inTx := g.loadFile(f, true); !reflect.DeepEqual(inTx, dry) {
		t.Errorf("in a transaction: got %+v, want %+v", inTx, dry)
	}
	if after := g.known(); !reflect.DeepEqual(after.Territories, before.Territories) || after.Version != before.Version {
		t.Error("a dry run has written")
	}
	if got := g.nextID(); got != id+1 {
		t.Errorf("a dry run has taken ids: got %d, want %d", got, id+1)
	}
	if real := g.loadFile(f, false); !reflect.DeepEqual(real, dry) {
		t.Errorf("for good: got %+v, want %+v", real, dry)
	}
	if after := g.known(); after.Version != before.Version+1 {
		t.Errorf("the version: got %d, want %d", after.Version, before.Version+1)
	}
}

func TestABadLineIsNamedAndTheGoodOnesAreLoaded(t *testing.T) {
	t.Parallel()
	g := newGround(t)
	f := readFile(t, testHeader+"9901,Namuna,1,M1,Chinor,,\n9901,Namuna,200,M2,Bahor,,\n9903,,1,M3,Mehrjon,,\n"+
		"1703,Andijon,1,M4,Guliston,,\n9901,Namuna,1,1703202,Olmazor,,\n9901,Namuna,1,M6,Navbahor,,\n"+
		"9901,Namuna,0,M7,Yoshlik,,\n9901,Namuna,1,M8,,,\n")
	bad := slices.Clone(f.Bad)
	f.Bad = slices.Grow(f.Bad, 9) // room that must not be written to
	report := g.loadFile(f, false)
	want := []LineNote{
		{3, LineSector, "200"},
		{4, LineDistrict, "9903"},
		{5, LineTaken, "1703 is a region"},
		{6, LineTaken, "1703202 is a district"},
		{8, LineSector, "0"},
		{9, LineNoName, ""},
	}
	if !reflect.DeepEqual(report.Bad, want) {
		t.Errorf("got %v, want %v", report.Bad, want)
	}
	if got, want := tallies(report), ([3]Tally{{Added: 1}, {Added: 1}, {Added: 2}}); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
	if !reflect.DeepEqual(f.Bad, bad) {
		t.Errorf("the file was changed: got %v", f.Bad)
	}
	g.node("M1")
	g.node("M6")
}

func TestAListOfASpreadsheetInWindows1251IsLoaded(t *testing.T) {
	t.Parallel()
	g := newGround(t)
	text := "region_code;district_code;district_uz_cyrl;sector_no;mahalla_code;mahalla_uz_cyrl\r\n" +
		"1703;1703202;Олтинкўл тумани;2;OK-1;Ўрикзор\r\n1703;1703202;Олтинкўл тумани;;OK-2;Чинор\r\n"
	raw, err := charmap.Windows1251.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	report := g.load(raw)
	if got, want := tallies(report), ([3]Tally{{Unchanged: 1}, {Added: 1}, {Added: 2}}); got != want || len(report.Bad)+len(report.Remarks) > 0 {
		t.Errorf("got %v, bad %v, remarks %v; want %v", got, report.Bad, report.Remarks, want)
	}
	if got, want := g.node("OK-1").Names, (mahalla.Names{UzLatn: "Oʻrikzor", UzCyrl: "Ўрикзор", Ru: "Ўрикзор"}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got, want := g.way("OK-1"), "UZ 1703 1703202 1703202-S2 OK-1"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := g.way("OK-2"), "UZ 1703 1703202 OK-2"; got != want {
		t.Errorf("without a sector: got %s, want %s", got, want)
	}
}

func TestAnOfficialDistrictKeepsItsNameAndRegion(t *testing.T) {
	t.Parallel()
	g := newGround(t)
	before := g.node("1703202")
	report := g.load("region_code,district_code,district_uz_latn,mahalla_code,mahalla_uz_latn\n" +
		"1706,1703202,Oltinkul,OK-1,Chinor\n1703,1703203,,OK-2,Bahor\n")
	want := []LineNote{
		{2, RemarkRegion, "1703202: 1703, not 1706"},
		{2, RemarkOfficial, "1703202: Oltinkoʻl tumani, not Oltinkul"},
	}
	if !reflect.DeepEqual(report.Remarks, want) {
		t.Errorf("got %v, want %v", report.Remarks, want)
	}
	if after := g.node("1703202"); !reflect.DeepEqual(before, after) {
		t.Errorf("got %+v, want %+v", after, before)
	}
	if got, want := g.way("OK-2"), "UZ 1703 1703203 OK-2"; got != want {
		t.Errorf("an official district needs no name: got %s, want %s", got, want)
	}
}

func TestAMahallaThatMovesKeepsItsID(t *testing.T) {
	t.Parallel()
	g := newGround(t)
	g.load(string(demoFile(t)))
	id := g.node("DEMO-1001").ID
	for _, test := range []struct{ name, line, way string }{
		{"to another sector", "9901,,2,DEMO-1001,Bogʻishamol,,", "UZ 9901 9901-S2 DEMO-1001"},
		{"to a sector that nobody knew", "9901,,9,DEMO-1001,Bogʻishamol,,", "UZ 9901 9901-S9 DEMO-1001"},
		{"out of its sector", "9901,,,DEMO-1001,Bogʻishamol,,", "UZ 9901 DEMO-1001"},
		{"to another district", "9902,,4,DEMO-1001,Bogʻishamol,,", "UZ 9902 9902-S4 DEMO-1001"},
	} {
		report := g.load(testHeader + test.line + "\n")
		if len(report.Changes) != 1 || report.Mahallas.Changed != 1 || report.Changes[0].From == report.Changes[0].To {
			t.Errorf("%s: got %+v", test.name, report)
		}
		if got := g.way("DEMO-1001"); got != test.way || g.node("DEMO-1001").ID != id {
			t.Errorf("%s: got %s, want %s", test.name, got, test.way)
		}
	}
	if m := g.node("DEMO-1001"); m.Point != "1-1" {
		t.Errorf("the point, for which there is no column: got %q, want 1-1", m.Point)
	}
}

func TestWithADistrictMovesAllThatIsBelowIt(t *testing.T) {
	t.Parallel()
	g := newGround(t)
	g.load(string(demoFile(t)))
	report := g.load("region_code,district_code,mahalla_code,mahalla_uz_latn\n1703,9901,DEMO-1001,Bogʻishamol\n")
	if got, want := tallies(report), ([3]Tally{{Changed: 1}, {}, {Unchanged: 1}}); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
	want := TerritoryChange{Kind: mahalla.District, Code: "9901", From: "UZ", To: "1703"}
	want.Was = g.node("9901").Names
	want.Is = want.Was
	if !reflect.DeepEqual(report.Changes, []TerritoryChange{want}) {
		t.Errorf("got %+v, want %+v", report.Changes, want)
	}
	for _, code := range []string{"DEMO-1001 9901-S1", "DEMO-1012 9901-S4"} {
		code, sector, _ := strings.Cut(code, " ")
		if got, want := g.way(code), "UZ 1703 9901 "+sector+" "+code; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if report := g.load(string(demoFile(t))); report.Writes() || g.way("9901") != "UZ 1703 9901" {
		t.Errorf("a region that is not known moves nothing: got %+v", report.Changes)
	}
}

func TestANameIsChangedAndWhatTheFileDoesNotSayStays(t *testing.T) {
	t.Parallel()
	g := newGround(t)
	g.load(testHeader + "9901,Namuna,1,M1,Chinor,Чинор,Чинар\n9901,Namuna,1,M2,Bahor,Баҳор,Бахор\n")
	report := g.load("district_code,mahalla_code,mahalla_uz_latn\n9901,M1,Chinor\n9901,M2,Navbahor\n")
	if got, want := tallies(report), ([3]Tally{{Unchanged: 1}, {}, {Changed: 1, Unchanged: 1}}); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
	want := []TerritoryChange{{
		Kind: mahalla.Mahalla, Code: "M2", From: "9901-S1", To: "9901-S1",
		Was: mahalla.Names{UzLatn: "Bahor", UzCyrl: "Баҳор", Ru: "Бахор"},
		Is:  mahalla.Names{UzLatn: "Navbahor", UzCyrl: "Навбаҳор", Ru: "Навбаҳор"},
	}}
	if !reflect.DeepEqual(report.Changes, want) {
		t.Errorf("got %+v, want %+v", report.Changes, want)
	}
	if got, want := report.Changes[0].String(), "mahalla M2: Bahor → Navbahor"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := g.node("M1").Names.Ru, "Чинар"; got != want {
		t.Errorf("the Russian name: got %s, want %s", got, want)
	}
}

func TestOfTwoImportsAtOnceOneWaitsForTheOther(t *testing.T) {
	t.Parallel()
	g := newGround(t)
	f := readFile(t, string(demoFile(t)))
	reports, errs := make(chan TerritoryReport, 2), make(chan error, 2)
	for range 2 {
		go func() {
			var report TerritoryReport
			errs <- g.db.InTx(t.Context(), func(tx *storage.Tx) (err error) {
				report, err = g.desk.ImportTerritory(tx, f, false, importDay)
				return err
			})
			reports <- report
		}()
	}
	total := Tally{}
	for range 2 {
		if err := <-errs; err != nil {
			t.Fatal(storage.Loggable(err))
		}
		m := (<-reports).Mahallas
		total.Added += m.Added
		total.Unchanged += m.Unchanged
	}
	if want := (Tally{Added: 24, Unchanged: 24}); total != want {
		t.Errorf("got %+v, want %+v", total, want)
	}
	g.known()
}

// wholeCountry is a list of 10,000 mahallas in 200 districts of 4 sectors.
func wholeCountry() string {
	var b strings.Builder
	b.WriteString(strings.Replace(testHeader, "district_code", "region_code,district_code", 1))
	for i := range 10_000 {
		district := i / 50
		fmt.Fprintf(&b, "1703,D%03d,Namuna %d tumani,%d,M%05d,Qo'rg'ontepa %d,Қўрғoнтепа %d,\n", district, district, i%4+1, i, i, i)
	}
	return b.String()
}

func BenchmarkImport10000(b *testing.B) {
	raw := []byte(wholeCountry())
	for _, again := range []bool{false, true} {
		b.Run(map[bool]string{false: "all-added", true: "none-changed"}[again], func(b *testing.B) {
			for range b.N {
				b.StopTimer()
				g := newGround(b)
				if again {
					g.load(string(raw))
				}
				b.StartTimer()
				f, err := ReadTerritoryFile(raw)
				if err != nil {
					b.Fatal(err)
				}
				report := g.loadFile(f, false)
				b.StopTimer()
				if m := report.Mahallas; m.Added+m.Unchanged != 10_000 || report.Writes() == again {
					b.Fatalf("got %+v", m)
				}
				b.StartTimer()
			}
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/import")
		})
	}
}

func BenchmarkReadTerritoryFile10000(b *testing.B) {
	raw := []byte(wholeCountry())
	for b.Loop() {
		if _, err := ReadTerritoryFile(raw); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/file")
}
