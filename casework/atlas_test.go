package casework

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"

	"koprik/mahalla"
	"koprik/storage"
)

// The square country of these tests: one district of 10 by 10 kilometres beside
// another, both in metres from a corner in the desert.
const originLat, originLon = 41.0, 64.0

// on is the point so many metres east and north of the corner.
func on(east, north float64) orb.Point {
	return orb.Point{originLon + east/(metresPerDegree*math.Cos(originLat*math.Pi/180)), originLat + north/metresPerDegree}
}

func pinAt(east, north float64) mahalla.Pin {
	p := on(east, north)
	return mahalla.Pin{Lat: p.Lat(), Lon: p.Lon()}
}

// rect is a ring around a rectangle.
func rect(west, south, east, north float64) orb.Ring {
	return orb.Ring{on(west, south), on(east, south), on(east, north), on(west, north), on(west, south)}
}

// The places of the square country.
const (
	leftDistrict mahalla.TerritoryID = iota + 10
	rightDistrict
	northwest // 2 by 2 kilometres in the corner of the left district
	besideIt  // east of it, with the same border
	enclave   // 800 metres wide, in a hole of besideIt
	overlaid  // 1 kilometre wide, inside northwest, which has no hole for it
	tiny      // 80 metres wide, west of the country's middle
	retired   // covers everything
	islands   // two squares of the right district, one mahalla
	unmapped  // of the left district, without a boundary
	farAway   // a district without a boundary
	offMap    // its mahalla, without one either
)

// squares is the square country.
func squares() *known {
	r := &storage.Reference{Territories: map[mahalla.TerritoryID]*mahalla.Territory{
		mahalla.RootTerritory: {ID: mahalla.RootTerritory, Kind: mahalla.Republic, Path: []mahalla.TerritoryID{mahalla.RootTerritory}},
	}}
	add := func(id, parent mahalla.TerritoryID, kind mahalla.TerritoryKind) *mahalla.Territory {
		t := &mahalla.Territory{ID: id, Parent: parent, Kind: kind, Code: fmt.Sprint(id)}
		t.Path = append([]mahalla.TerritoryID{id}, r.Path(parent)...)
		r.Territories[id] = t
		return t
	}
	k := &known{Reference: r, atlas: &atlas{}}
	draw := func(t *mahalla.Territory, polygons ...orb.Polygon) {
		k.atlas.shapes = append(k.atlas.shapes, newOutline(t, polygons, geo.Area(orb.MultiPolygon(polygons))))
	}
	left, right := add(leftDistrict, mahalla.RootTerritory, mahalla.District), add(rightDistrict, mahalla.RootTerritory, mahalla.District)
	draw(left, orb.Polygon{rect(0, 0, 10_000, 10_000)})
	draw(right, orb.Polygon{rect(10_000, 0, 20_000, 10_000)})
	of := func(id, district mahalla.TerritoryID) *mahalla.Territory { return add(id, district, mahalla.Mahalla) }
	draw(of(northwest, leftDistrict), orb.Polygon{rect(0, 8000, 2000, 10_000)})
	draw(of(besideIt, leftDistrict), orb.Polygon{rect(2000, 8000, 4000, 10_000), rect(2600, 8600, 3400, 9400)})
	draw(of(enclave, leftDistrict), orb.Polygon{rect(2600, 8600, 3400, 9400)})
	draw(of(overlaid, leftDistrict), orb.Polygon{rect(400, 8400, 1400, 9400)})
	draw(of(tiny, leftDistrict), orb.Polygon{rect(6000, 5000, 6080, 5080)})
	draw(of(islands, rightDistrict), orb.Polygon{rect(10_000, 8000, 12_000, 10_000)}, orb.Polygon{rect(15_000, 2000, 17_000, 4000)})
	of(unmapped, leftDistrict)
	add(farAway, mahalla.RootTerritory, mahalla.District)
	of(offMap, farAway)
	gone := of(retired, rightDistrict)
	gone.Retired = true
	draw(gone, orb.Polygon{rect(10_500, 500, 19_500, 9500)})
	k.atlas.settle()
	return k
}

func TestAPinFindsItsPlace(t *testing.T) {
	t.Parallel()
	k := squares()
	for _, test := range []struct {
		name        string
		east, north float64
		want        Spot
	}{
		{"in the middle of a mahalla", 1700, 9000, Spot{Place: northwest}},
		{"in a mahalla without a hole, the smaller wins", 900, 8900, Spot{Place: overlaid}},
		{"in a hole of one mahalla lies another", 3000, 9000, Spot{Place: enclave}},
		{"around the hole", 2300, 8300, Spot{Place: besideIt}},
		{"in either part of a mahalla", 16_000, 3000, Spot{Place: islands}},
		{"in a district without a mahalla drawn there", 8000, 3000, Spot{Place: leftDistrict}},
		{"in a mahalla that is retired", 13_000, 5000, Spot{Place: rightDistrict}},
		{"nowhere", -5000, 3000, Spot{}},
		{"near the border of the neighbour, the neighbour is asked about", 1880, 8200, Spot{northwest, []Neighbour{{besideIt, 120}}}},
		{"nearer to the smaller of both than its strip is wide", 2540, 9000, Spot{besideIt, []Neighbour{{enclave, 60}}}},
		{"farther from the smaller of both than its strip is wide", 2480, 9000, Spot{Place: besideIt}},
		{"inside the smaller that the larger lies under", 500, 8900, Spot{overlaid, []Neighbour{{northwest, 100}}}},
		{"on the border itself", 2000, 8200, Spot{besideIt, []Neighbour{{northwest, 0}}}},
		{"in a tiny mahalla nobody is asked", 6040, 5040, Spot{Place: tiny}},
		{"beside a tiny mahalla, within its strip", 6085, 5040, Spot{leftDistrict, []Neighbour{{tiny, 5}}}},
		{"beside a tiny mahalla, out of its strip", 6095, 5040, Spot{Place: leftDistrict}},
		{"below a mahalla, its district's other part", 1700, 7900, Spot{leftDistrict, []Neighbour{{northwest, 100}}}},
		{"near the border of the district", 9600, 3000, Spot{leftDistrict, []Neighbour{{rightDistrict, 400}}}},
		{"not so near", 9400, 3000, Spot{Place: leftDistrict}},
		{"near a district whose mahalla is there", 9900, 9000, Spot{leftDistrict, []Neighbour{{islands, 100}}}},
		{"in a mahalla, near a district without one there", 10_100, 8070, Spot{islands, []Neighbour{{leftDistrict, 100}}}},
		{"outside, near a district", -300, 3000, Spot{0, []Neighbour{{leftDistrict, 300}}}},
		{"outside, near a mahalla", -100, 9000, Spot{0, []Neighbour{{northwest, 100}}}},
		{"outside, near a district's mahalla, but not very", -300, 9000, Spot{0, []Neighbour{{leftDistrict, 300}}}},
		{"outside, too far", -600, 3000, Spot{}},
	} {
		if got := k.locate(pinAt(test.east, test.north)); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: got %+v, want %+v", test.name, got, test.want)
		}
	}
	empty := &known{Reference: k.Reference, atlas: &atlas{}}
	if got := empty.locate(pinAt(1000, 1000)); !reflect.DeepEqual(got, Spot{}) {
		t.Errorf("without boundaries: got %+v, want nothing", got)
	}
	for _, odd := range []mahalla.Pin{{Lat: originLon, Lon: originLat}, {Lat: math.NaN(), Lon: 64}, {Lat: 90, Lon: 180}} {
		if got := k.locate(odd); !reflect.DeepEqual(got, Spot{}) {
			t.Errorf("an odd pin: got %+v, want nothing", got)
		}
	}
}

func TestNoMoreIsAskedThanFitsOnTheCard(t *testing.T) {
	t.Parallel()
	k := squares()
	k.atlas = &atlas{}
	r := k.Reference
	for i := range 8 {
		m := &mahalla.Territory{ID: mahalla.TerritoryID(100 + i), Kind: mahalla.Mahalla, Parent: leftDistrict}
		m.Path = append([]mahalla.TerritoryID{m.ID}, r.Path(leftDistrict)...)
		r.Territories[m.ID] = m
		ring := orb.Ring{on(0, 0), turn(i, 2000), turn(i+1, 2000), on(0, 0)}
		k.atlas.shapes = append(k.atlas.shapes, newOutline(m, orb.MultiPolygon{{ring}}, geo.Area(orb.Polygon{ring})))
	}
	k.atlas.settle()
	spot := k.locate(pinAt(20, 5))
	if spot.Place == 0 || len(spot.Near) != mostFound-1 {
		t.Errorf("got %+v, want %d neighbours", spot, mostFound-1)
	}
	for i := 1; i < len(spot.Near); i++ {
		if spot.Near[i-1].Metres > spot.Near[i].Metres {
			t.Errorf("got %+v, want the nearest first", spot.Near)
		}
	}
}

// turn is a point on a circle around the corner, in eighths.
func turn(eighths int, radius float64) orb.Point {
	sin, cos := math.Sincos(float64(eighths) * math.Pi / 4)
	return on(radius*cos, radius*sin)
}

func TestACoarseBoundaryIsAtMostAFewMetresOff(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	ring := wavy(random, 0, 0, 3000, 4000)
	fine := orb.MultiPolygon{{ring}}
	rough := coarse(fine)
	if got := len(rough[0][0]); got >= len(ring)/2 || got < 30 {
		t.Errorf("got %d of %d points", got, len(ring))
	}
	for _, p := range ring {
		if d := distance(rough, p); d > drawn+0.1 {
			t.Fatalf("a point is %.1f metres off, want at most %v", d, drawn)
		}
	}
	square := orb.MultiPolygon{{rect(0, 0, 3, 3)}}
	if got := coarse(square); len(got[0][0]) < 4 {
		t.Errorf("a square of three metres: got %v", got)
	}
}

// wavy is a ring of many points around a centre, as rivers and roads draw it.
func wavy(random *rand.Rand, east, north, radius float64, points int) orb.Ring {
	ring := make(orb.Ring, 0, points+1)
	phase := random.Float64() * 7
	for i := range points {
		angle := 2 * math.Pi * float64(i) / float64(points)
		r := radius * (1 + 0.1*math.Sin(5*angle+phase) + 0.02*math.Sin(17*angle) + 0.0005*random.Float64())
		sin, cos := math.Sincos(angle)
		ring = append(ring, on(east+r*cos, north+r*sin))
	}
	return append(ring, ring[0])
}

// country is 209 districts with borders of 3,000 points and, if so wished,
// 10,000 mahallas with borders of 200, spread over 800 by 400 kilometres.
func country(mahallas int) *known {
	random := rand.New(rand.NewPCG(7, 7))
	r := &storage.Reference{Territories: map[mahalla.TerritoryID]*mahalla.Territory{}}
	k := &known{Reference: r, atlas: &atlas{}}
	add := func(kind mahalla.TerritoryKind, parent mahalla.TerritoryID, ring orb.Ring) mahalla.TerritoryID {
		t := &mahalla.Territory{ID: mahalla.TerritoryID(2 + len(r.Territories)), Kind: kind, Parent: parent}
		t.Path = append([]mahalla.TerritoryID{t.ID}, r.Path(parent)...)
		r.Territories[t.ID] = t
		shape := orb.MultiPolygon{{ring}}
		k.atlas.shapes = append(k.atlas.shapes, newOutline(t, shape, geo.Area(shape)))
		return t.ID
	}
	for i := range 209 {
		east, north := float64(i%19)*40_000, float64(i/19)*40_000
		district := add(mahalla.District, mahalla.RootTerritory, wavy(random, east, north, 22_000, 3000))
		for j := range mahallas / 209 {
			add(mahalla.Mahalla, district, wavy(random, east-15_000+float64(j%7)*5000, north-15_000+float64(j/7)*5000, 2600, 200))
		}
	}
	k.atlas.settle()
	return k
}

// BenchmarkLocate measures a look-up of a pin anywhere in the country, and how
// much memory the boundaries take.
func BenchmarkLocate(b *testing.B) {
	for _, mahallas := range []int{0, 10_032} {
		b.Run(fmt.Sprintf("%d-mahallas", mahallas), func(b *testing.B) {
			before := heap()
			k := country(mahallas)
			taken := heap() - before
			random := rand.New(rand.NewPCG(3, 3))
			pins := make([]mahalla.Pin, 1024)
			for i := range pins {
				pins[i] = pinAt(random.Float64()*760_000-20_000, random.Float64()*440_000-20_000)
			}
			i, asked, found := 0, 0, 0
			for b.Loop() {
				spot := k.locate(pins[i%len(pins)])
				if spot.Place != 0 {
					found++
				}
				if len(spot.Near) > 0 {
					asked++
				}
				i++
			}
			b.ReportMetric(float64(taken)/(1<<20), "MB")
			b.ReportMetric(float64(found)/float64(i), "found")
			b.ReportMetric(float64(asked)/float64(i), "asked")
			runtime.KeepAlive(k)
		})
	}
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
