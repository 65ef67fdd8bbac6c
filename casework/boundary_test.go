package casework

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"koprik/mahalla"
	"koprik/storage"
)

const goodRing = `[[64,41],[64.1,41],[64.1,41.1],[64,41.1],[64,41]]`

// feature is a feature with one ring; properties are the inside of an object.
func feature(properties, ring string) string {
	return `{"type":"Feature","properties":{` + properties + `},"geometry":{"type":"Polygon","coordinates":[` + ring + `]}}`
}

// collection is a file of features.
func collection(features ...string) string {
	return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",\n") + `]}`
}

func readBoundaries(t testing.TB, text string) BoundaryFile {
	t.Helper()
	f, err := ReadBoundaryFile([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func demoBoundaries(t testing.TB) string {
	t.Helper()
	raw, err := storage.DemoBoundaries()
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// draw imports boundaries.
func (g *testGround) draw(text string) BoundaryReport {
	g.Helper()
	return g.drawFile(readBoundaries(g, text), false)
}

func (g *testGround) drawFile(f BoundaryFile, dry bool) (report BoundaryReport) {
	g.Helper()
	act := func(tx *storage.Tx) (err error) {
		report, err = g.desk.ImportBoundaries(tx, f, dry, importDay)
		return err
	}
	run := g.db.InTx
	if dry {
		run = g.db.Read // where nothing can be written
	}
	if err := run(g.Context(), act); err != nil {
		g.Fatal(storage.Loggable(err))
	}
	return report
}

// drawn lists whose boundaries are known, by code.
func (g *testGround) drawn() []string {
	g.Helper()
	r := g.known()
	var codes []string
	err := g.db.Read(g.Context(), func(tx *storage.Tx) error {
		return tx.Boundaries(func(b storage.Boundary) error {
			codes = append(codes, r.Territories[b.Territory].Code)
			return nil
		})
	})
	if err != nil {
		g.Fatal(err)
	}
	slices.Sort(codes)
	return codes
}

// refresh lets the desk read the reference data anew as the program does: in a
// transaction that may write, for reminders are foreseen anew.
func (g *testGround) refresh() {
	g.Helper()
	err := g.db.InTx(g.Context(), func(tx *storage.Tx) error {
		_, err := g.desk.Refresh(tx, importDay)
		return err
	})
	if err != nil {
		g.Fatal(err)
	}
}

func TestTheDemoBoundariesAreLoadedOnceAndPinsFindThem(t *testing.T) {
	t.Parallel()
	g := newGround(t)
	g.load(string(demoFile(t)))
	g.refresh()
	file := readBoundaries(t, demoBoundaries(t))
	before := g.known()

	dry := g.drawFile(file, true)
	if want := (BoundaryReport{Districts: Tally{Added: 2}, Mahallas: Tally{Added: 23}}); !reflect.DeepEqual(dry, want) {
		t.Errorf("dry: got %+v, want %+v", dry, want)
	}
	if got := g.drawn(); len(got) != 0 || g.known().Version != before.Version {
		t.Errorf("a dry run has written: %v", got)
	}
	if real := g.drawFile(file, false); !reflect.DeepEqual(real, dry) {
		t.Errorf("for good: got %+v, want %+v", real, dry)
	}
	after := g.known()
	if got := g.drawn(); len(got) != 25 || slices.Contains(got, "DEMO-2012") {
		t.Errorf("got %v", got)
	}
	if after.Version != before.Version+1 || after.Boundaries != after.Version {
		t.Errorf("the version: got %d and %d, want %d", after.Version, after.Boundaries, before.Version+1)
	}

	again := g.drawFile(file, false)
	if want := (BoundaryReport{Districts: Tally{Unchanged: 2}, Mahallas: Tally{Unchanged: 23}}); !reflect.DeepEqual(again, want) || again.Writes() {
		t.Errorf("again: got %+v, want %+v", again, want)
	}
	if now := g.known(); now.Version != after.Version {
		t.Errorf("again: the version went from %d to %d", after.Version, now.Version)
	}

	g.refresh()
	for _, test := range []struct {
		name string
		pin  mahalla.Pin
		want string
	}{
		{"Gʻuncha", mahalla.Pin{Lat: 41.0225, Lon: 64.07}, "DEMO-1011"},
		{"Tinchlik", mahalla.Pin{Lat: 41.0375, Lon: 64.09}, "DEMO-2001"},
		{"Oʻrikzor has no boundary", mahalla.Pin{Lat: 41.0075, Lon: 64.15}, "9902"},
		{"elsewhere", mahalla.Pin{Lat: 41.5, Lon: 64.5}, ""},
	} {
		spot, code := g.desk.Locate(test.pin), ""
		if spot.Place != 0 {
			code = after.Territories[spot.Place].Code
		}
		if code != test.want || len(spot.Near) > 0 {
			t.Errorf("%s: got %s %v, want %q", test.name, code, spot.Near, test.want)
		}
	}
}

// The desk keeps the boundaries that it has when something else changes.
func TestBoundariesAreReadAnewOnlyWhenTheyChanged(t *testing.T) {
	t.Parallel()
	g := newGround(t)
	g.load(string(demoFile(t)))
	g.draw(demoBoundaries(t))
	g.refresh()
	have := g.desk.known.Load().atlas
	bump := func(fn func(*storage.Tx)) {
		err := g.db.InTx(t.Context(), func(tx *storage.Tx) error {
			fn(tx)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		g.refresh()
	}
	bump((*storage.Tx).BumpReference)
	if g.desk.known.Load().atlas != have {
		t.Error("after a change of something else: got another atlas")
	}
	bump((*storage.Tx).BumpBoundaries)
	if g.desk.known.Load().atlas == have {
		t.Error("after a change of boundaries: got the old atlas")
	}
}

// Two that meet along a border hold each point of it once at least, and none
// between them is nobody's.
func TestTheDemoBoundariesMeetWithoutGaps(t *testing.T) {
	t.Parallel()
	f := readBoundaries(t, demoBoundaries(t))
	points := map[[2]float64]int{}
	var districts, mahallas int
	for _, s := range f.Shapes {
		ring := s.Geometry[0][0]
		if s.said.kind == mahalla.District {
			districts++
			continue
		}
		mahallas++
		for _, p := range ring[1:] {
			points[p]++
		}
	}
	shared := 0
	for _, n := range points {
		if n > 1 {
			shared++
		}
	}
	if districts != 2 || mahallas != 23 || shared < len(points)/2 {
		t.Errorf("got %d districts, %d mahallas, %d of %d points shared", districts, mahallas, shared, len(points))
	}
	random := rand.New(rand.NewPCG(5, 5))
	for range 2000 {
		at := [2]float64{64.005 + random.Float64()*0.14, 41.004 + random.Float64()*0.037}
		holders := 0
		for _, s := range f.Shapes {
			if s.said.kind == mahalla.District && contains(s, at) {
				holders++
			}
		}
		if holders != 1 {
			t.Fatalf("a point lies in %d districts, want one", holders)
		}
	}
}

func contains(s FileShape, at [2]float64) bool {
	k := &known{Reference: &storage.Reference{Territories: map[mahalla.TerritoryID]*mahalla.Territory{}}, atlas: &atlas{}}
	m := &mahalla.Territory{ID: 5, Kind: mahalla.Mahalla, Path: []mahalla.TerritoryID{5}}
	k.Territories[5] = m
	k.atlas.shapes = []outline{{place: 5, shape: s.Geometry, area: 1}}
	k.atlas.settle()
	return k.locate(mahalla.Pin{Lat: at[1], Lon: at[0]}).Place == 5
}

func TestABadFeatureIsNamedAndTheGoodOnesAreLoaded(t *testing.T) {
	t.Parallel()
	g := newGround(t)
	g.load(string(demoFile(t)))
	f := readBoundaries(t, collection(
		feature(`"code":"DEMO-1001"`, goodRing),
		feature(`"code":"DEMO-1002"`, `[[64,41],[64.1,41],[64.1,41.1],[64,41.1]]`),
		feature(`"code":"DEMO-1003"`, `[[64,41],[64.1,41],[64,41]]`),
		feature(`"code":"DEMO-1004"`, `[[41,64],[41,64.1],[41.1,64.1],[41,64]]`),
		feature(`"code":"DEMO-1005"`, `[[7130000,5010000],[7140000,5010000],[7140000,5020000],[7130000,5010000]]`),
		feature(`"code":"DEMO-1006"`, `[[10,50],[10.1,50],[10.1,50.1],[10,50]]`),
		feature(`"code":"DEMO-1007"`, `[[64,41],[64.1,41.1],[64.2,41.2],[64,41]]`),
		`{"type":"Feature","properties":{"code":"DEMO-1008"},"geometry":{"type":"Point","coordinates":[64,41]}}`,
		`{"type":"Feature","properties":{"code":"DEMO-1009"},"geometry":null}`,
		`{"type":"Feature","properties":{"code":"DEMO-1010"},"geometry":{"type":"Polygon","coordinates":["a"]}}`,
		feature(`"colour":"red"`, goodRing),
		feature(`"code":"DEMO-9999"`, goodRing),
		feature(`"name":"Nowhere"`, goodRing),
		feature(`"code":"1703"`, goodRing),
		feature(`"code":"9901-S1"`, goodRing),
		feature(`"name":"Andijon viloyati","level":"region"`, goodRing),
		feature(`"code":"DEMO-1001","soato":"DEMO-1002"`, goodRing),
		feature(`"code":"DEMO-1001"`, `[[64,41],[64.2,41],[64.2,41.2],[64,41.2],[64,41]]`),
		feature(`"code":"DEMO-1001"`, goodRing),
		feature(`"name":"Chinor","district":"Nosuch tumani"`, goodRing),
		`{"type":"Feature","properties":[],"geometry":null}`,
		`{"type":"Stone"}`,
		`17`,
		`{"type":"Feature","properties":{"code":"DEMO-1012"},"geometry":{"type":"MultiPolygon","coordinates":[]}}`,
		`{"type":"Feature","properties":{"code":"DEMO-1012"},"geometry":{"type":"MultiPolygon","coordinates":[[`+goodRing+`],[[[64,41],[64.1,41],[64.1,41.1],[64,41.2]]]]}}`,
		feature(`"code":"DEMO-2001"`, goodRing),
	))
	bad := slices.Clone(f.Bad)
	f.Bad = slices.Grow(f.Bad, 9) // room that must not be written to
	report := g.drawFile(f, false)
	want := []FeatureNote{
		{2, FeatureUnclosed, "DEMO-1002, polygon 1, ring 1"},
		{3, FeatureFewPoints, "DEMO-1003, polygon 1, ring 1"},
		{4, FeatureSwapped, "DEMO-1004, polygon 1, ring 1, point 1"},
		{5, FeatureRange, "DEMO-1005, polygon 1, ring 1, point 1"},
		{6, FeatureAbroad, "DEMO-1006, polygon 1, ring 1, point 1"},
		{7, FeatureNoArea, "DEMO-1007"},
		{8, FeatureNoPolygon, "DEMO-1008, Point"},
		{9, FeatureNoPolygon, "DEMO-1009, no geometry"},
		{10, FeatureCoordinates, "DEMO-1010"},
		{11, FeatureNameless, ""},
		{12, FeatureCode, "DEMO-9999"},
		{13, FeatureName, "Nowhere"},
		{14, FeatureKind, "1703 is a region"},
		{15, FeatureKind, "9901-S1 is a sector"},
		{16, FeatureKind, "Andijon viloyati"},
		{17, FeatureCodes, "DEMO-1001, DEMO-1002"},
		{18, FeatureDoubled, "DEMO-1001, feature 1"},
		{20, FeatureDistrict, "Nosuch tumani"},
		{21, FeatureOdd, ""},
		{22, FeatureOdd, ""},
		{23, FeatureOdd, ""},
		{24, FeatureNoPolygon, "DEMO-1012, empty"},
		{25, FeatureUnclosed, "DEMO-1012, polygon 2, ring 1"},
	}
	for i := range max(len(want), len(report.Bad)) {
		if i >= len(want) || i >= len(report.Bad) || want[i] != report.Bad[i] {
			t.Fatalf("note %d: got %v, want %v", i, report.Bad[min(i, len(report.Bad)):], want[min(i, len(want)):])
		}
	}
	if !reflect.DeepEqual(f.Bad, bad) {
		t.Error("the file was changed")
	}
	if report.Mahallas != (Tally{Added: 2}) || report.Doubled != 1 || f.Features != 26 {
		t.Errorf("got %+v of %d features", report, f.Features)
	}
	if !reflect.DeepEqual(f.Ignored, map[string]int{"colour": 1}) {
		t.Errorf("ignored: got %v", f.Ignored)
	}
	if got := g.drawn(); !reflect.DeepEqual(got, []string{"DEMO-1001", "DEMO-2001"}) {
		t.Errorf("got %v", got)
	}
	for _, n := range report.Bad {
		if s := n.String(); strings.Contains(s, "\n") || !strings.HasPrefix(s, fmt.Sprintf("feature %d: ", n.Feature)) || string(n.Reason) == n.Reason.English() {
			t.Errorf("said as %q", s)
		}
	}
}

// The names are spelt as real files spell them: those of OCHA and what is cut
// out of OpenStreetMap, geoBoundaries, GADM, our own lists.
func TestAPlaceIsFoundByAnyOfItsNames(t *testing.T) {
	t.Parallel()
	g := newGround(t)
	g.load(string(demoFile(t)))
	g.load("region_code,district_code,district_uz_latn,mahalla_code,mahalla_uz_latn\n" +
		"1718,1718233,,S-1,Chinor\n1718,1718401,,S-2,Eski shahar\n1718,1718401,,S-3,Guliston\n")
	for _, test := range []struct{ properties, want string }{
		{`"code":"DEMO-1008"`, "DEMO-1008"},
		{`"soato":1718233`, "1718233"},
		{`"SOATO":"1718233","name":"Something else"`, "1718233"},
		{`"code":"nobody's","name":"Namuna tumani"`, "9901"},
		{`"ADM2_EN":"Boyovut district","ADM2_RU":"Баяутский район","ADM2_UZ":"Boyovut tumani"`, "1724212"},
		{`"ADM2_UZ":"Бўстон тумани","ADM1_EN":"Andijan Region"`, "1703209"},
		{`"shapeName":"Oltinkol","shapeType":"ADM2","shapeISO":"","shapeGroup":"UZB"`, "1703202"},
		{`"name":"Samarqand","admin_level":"6"`, ""},
		{`"name":"Samarqand tumani"`, "1718233"},
		{`"name":"Samarqand shahri"`, "1718401"},
		{`"name":"Samarqand sh."`, "1718401"},
		{`"name":"г. Самарканд"`, "1718401"},
		{`"name":"Samarqand","name:ru":"Самаркандский район"`, "1718233"},
		{`"NAME_1":"Samarqand","NAME_2":"Urgut","TYPE_2":"Tuman"`, "1718236"},
		{`"name":"Doʻstlik","district":"Namuna"`, "DEMO-1008"},
		{`"name":"DO'STLIK MFY","tuman":"NAMUNA TUMANI"`, "DEMO-1008"},
		{`"name":"Дўстлик маҳалласи","district_code":"9901"`, "DEMO-1008"},
		{`"name":"Chinor"`, ""},
		{`"name":"Chinor","district":"Samarqand tumani"`, "S-1"},
		{`"name":"Chinor","district_name":"Samarqand sh."`, ""},
		{`"mahalla_uz_latn":"Eski shahar","district_uz_latn":"Samarqand shahri"`, "S-2"},
		{`"name":"Eski shahar","level":"mahalla"`, "S-2"},
		{`"name":"Guliston tumani"`, "1724220"},
		{`"name":"Guliston"`, ""},
		{`"alt_name":"Gulzor;Sharq yulduzi"`, "DEMO-1007"},
	} {
		f := readBoundaries(t, collection(feature(test.properties, goodRing)))
		report := g.drawFile(f, true)
		found := report.Districts.Added+report.Mahallas.Added == 1
		if found != (test.want != "") {
			t.Errorf("%s: got %+v, want %q", test.properties, report, test.want)
			continue
		}
		if !found {
			continue
		}
		r := g.known()
		if at, _ := newGazetteer(r).find(f.Shapes[0].said); at == nil || at.Code != test.want {
			t.Errorf("%s: got %+v, want %s", test.properties, at, test.want)
		}
	}
}

func TestPolygonsInACollectionAndWithHeightsAreTaken(t *testing.T) {
	t.Parallel()
	f := readBoundaries(t, "\uFEFF"+`{"name":"x","crs":{"type":"name"},"features":[
		{"id":7,"type":"Feature","geometry":{"type":"GeometryCollection","geometries":[{"type":"MultiPolygon","coordinates":[[`+goodRing+`]]},
			{"type":"Polygon","coordinates":[[[65,41,400],[65.1,41,401],[65.1,41.1,402],[65,41,400]]]}]},"properties":{"code":"9901","a":null,"b":[1]}}],
		"type":"FeatureCollection"}`)
	if len(f.Bad) > 0 || len(f.Shapes) != 1 || len(f.Shapes[0].Geometry) != 2 {
		t.Errorf("got %+v", f)
	}
	if !reflect.DeepEqual(f.Ignored, map[string]int{"a": 1, "b": 1}) {
		t.Errorf("ignored: got %v", f.Ignored)
	}
}

func TestAMahallaOutsideItsDistrictIsRemarkedUpon(t *testing.T) {
	t.Parallel()
	g := newGround(t)
	g.load(string(demoFile(t)))
	report := g.draw(collection(
		feature(`"code":"DEMO-1001"`, `[[66,41],[66.1,41],[66.1,41.1],[66,41]]`),
		feature(`"code":"DEMO-1002"`, `[[64.01,41.01],[64.02,41.01],[64.02,41.02],[64.01,41.01]]`),
		feature(`"code":"DEMO-2001"`, `[[66,41],[66.1,41],[66.1,41.1],[66,41]]`),
		feature(`"code":"9901"`, goodRing)))
	want := []FeatureNote{{1, RemarkOutside, "DEMO-1001, Bogʻishamol, Namuna tumani"}}
	if !reflect.DeepEqual(report.Remarks, want) || report.Mahallas.Added != 3 {
		t.Errorf("got %+v, want %v", report, want)
	}
}

func TestABoundaryThatMovedIsChanged(t *testing.T) {
	t.Parallel()
	g := newGround(t)
	g.load(string(demoFile(t)))
	g.draw(collection(feature(`"code":"DEMO-1001"`, goodRing), feature(`"code":"9901"`, goodRing)))
	report := g.draw(collection(feature(`"code":"9901"`, `[[64,41],[64.2,41],[64.2,41.2],[64,41.2],[64,41]]`)))
	if want := (BoundaryReport{Districts: Tally{Changed: 1}}); !reflect.DeepEqual(report, want) {
		t.Errorf("got %+v, want %+v", report, want)
	}
	if got := g.drawn(); len(got) != 2 {
		t.Errorf("got %v, want the other to stay", got)
	}
	g.refresh()
	if got, want := g.desk.Locate(mahalla.Pin{Lat: 41.15, Lon: 64.15}).Place, g.known().ByCode["9901"]; got != want {
		t.Errorf("got %d, want %d", got, want)
	}
}

func TestAFileThatIsNoGeoJSONIsRefusedInOneLine(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, text string
		want       FileReason
	}{
		{"empty", "", FileEmpty},
		{"spaces", " \n ", FileEmpty},
		{"a table", "code,name\n1,2\n", FileNoJSON},
		{"an archive", "PK\x03\x04abc", FileGeoText},
		{"UTF-16", "\xFF\xFE{\x00", FileGeoText},
		{"Windows-1251", `{"type":"FeatureCollection","features":[],"a":"` + "\xcd\xe0\xec\xf3\xed\xe0" + `"}`, FileGeoText},
		{"cut off", collection(feature(`"code":"1"`, goodRing))[:100], FileNoJSON},
		{"cut off between features", `{"type":"FeatureCollection","features":[{"type":"Feature"},`, FileNoJSON},
		{"a list", `[1,2]`, FileNoFeatures},
		{"a lone feature", feature(`"code":"1"`, goodRing), FileNoFeatures},
		{"a lone geometry", `{"type":"Polygon","coordinates":[]}`, FileNoFeatures},
		{"a collection without features", `{"type":"FeatureCollection"}`, FileNoFeatures},
		{"features that are no list", `{"type":"FeatureCollection","features":{}}`, FileNoFeatures},
		{"a feature a line", collection() + "\n" + collection(), FileNoFeatures},
		{"too deep", `{"type":"FeatureCollection","features":[` + strings.Repeat("[", 20_000), FileNoJSON},
		{"too big", strings.Repeat(" ", maxBoundaryFile+1), FileGeoTooBig},
	} {
		_, err := ReadBoundaryFile([]byte(test.text))
		refused, ok := err.(*FileError)
		if !ok || refused.Reason != test.want {
			t.Errorf("%s: got %v, want %s", test.name, err, test.want)
			continue
		}
		if s := refused.Error(); strings.Contains(s, "\n") || s == string(refused.Reason) {
			t.Errorf("%s: said as %q", test.name, s)
		}
	}
	if f := readBoundaries(t, strings.Repeat(" ", 5000)+collection()); f.Features != 0 {
		t.Errorf("after many spaces: got %+v", f)
	}
}

// FuzzReadBoundaryFile finds out that no text stops the reader.
func FuzzReadBoundaryFile(f *testing.F) {
	f.Add(collection(feature(`"code":"1"`, goodRing), `{"type":"Feature","geometry":{"type":"GeometryCollection","geometries":[{}]}}`))
	f.Add(`{"features":[{"geometry":{"type":"MultiPolygon","coordinates":[[[[1e999,2]]],[]]}}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		file, err := ReadBoundaryFile([]byte(text))
		if err == nil && len(file.Shapes)+len(file.Bad) != file.Features {
			t.Errorf("%d good and %d bad of %d", len(file.Shapes), len(file.Bad), file.Features)
		}
	})
}

// manyBoundaries are those of the 10,000 mahallas of wholeCountry.
func manyBoundaries(points int) string {
	random := rand.New(rand.NewPCG(9, 9))
	features := make([]string, 10_000)
	for i := range features {
		ring := wavy(random, float64(i%100)*7000, float64(i/100)*4000, 1900, points)
		for j, p := range ring {
			ring[j] = [2]float64{float64(int(p[0]*1e6)) / 1e6, float64(int(p[1]*1e6)) / 1e6}
		}
		raw, _ := json.Marshal(ring)
		features[i] = feature(fmt.Sprintf(`"code":"M%05d","name":"Qo'rg'ontepa %d"`, i, i), string(raw))
	}
	return collection(features...)
}

func BenchmarkImportBoundaries10000(b *testing.B) {
	raw := []byte(manyBoundaries(250))
	for _, again := range []bool{false, true} {
		b.Run(map[bool]string{false: "all-added", true: "none-changed"}[again], func(b *testing.B) {
			for range b.N {
				b.StopTimer()
				g := newGround(b)
				g.load(wholeCountry())
				if again {
					g.draw(string(raw))
				}
				b.StartTimer()
				f, err := ReadBoundaryFile(raw)
				if err != nil {
					b.Fatal(err)
				}
				report := g.drawFile(f, false)
				b.StopTimer()
				if m := report.Mahallas; m.Added+m.Unchanged != 10_000 || report.Writes() == again {
					b.Fatalf("got %+v", m)
				}
				b.StartTimer()
			}
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/import")
			b.ReportMetric(float64(len(raw))/(1<<20), "MB")
		})
	}
}

func BenchmarkReadBoundaries10000(b *testing.B) {
	g := newGround(b)
	g.load(wholeCountry())
	g.draw(manyBoundaries(250))
	for b.Loop() {
		g.desk.known.Store(nil)
		g.refresh()
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/refresh")
}
