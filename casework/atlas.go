package casework

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	"github.com/paulmach/orb/geo"
	"github.com/paulmach/orb/planar"
	"github.com/paulmach/orb/simplify"

	"koprik/mahalla"
	"koprik/storage"
)

const (
	// nearMahalla and nearDistrict are how close to a border a pin lies, in
	// metres, when the person is asked: pins of phones, and boundaries of lists,
	// are no better.
	nearMahalla  = 150.0
	nearDistrict = 500.0
	// nearPart is the part of a place's width that is its border at most. Without
	// it a pin in a small mahalla of a town would never be inside.
	nearPart = 1.0 / 8
	// drawn is how finely boundaries are kept in memory, in metres.
	drawn = 10.0

	metresPerDegree = 6371008.8 * math.Pi / 180
)

// atlas is where places lie on the map, drawn coarsely and kept in memory. It is
// made once and safe for concurrent use.
type atlas struct {
	reaches []orb.Bound
	shapes  []outline // the smallest first, as are the reaches
}

// outline is the boundary of one place.
type outline struct {
	place mahalla.TerritoryID
	shape orb.MultiPolygon
	area  float64 // in square metres
	near  float64 // how wide the strip along the border is, in metres
}

// drawAtlas reads every boundary, unless the one that is there shows them all. A
// place that the reference does not know is left out.
func drawAtlas(tx *storage.Tx, r *storage.Reference, have *known) (*atlas, error) {
	if have != nil && have.Boundaries == r.Boundaries {
		return have.atlas, nil
	}
	a := &atlas{}
	err := tx.Boundaries(func(b storage.Boundary) error {
		t := r.Territories[b.Territory]
		if t == nil {
			return nil
		}
		geometry, err := wkb.Unmarshal(b.Geometry)
		if err != nil {
			return fmt.Errorf("the boundary of %s: %w", t.Code, err)
		}
		shape, ok := geometry.(orb.MultiPolygon)
		if !ok {
			return fmt.Errorf("the boundary of %s is a %s", t.Code, geometry.GeoJSONType())
		}
		a.shapes = append(a.shapes, newOutline(t, shape, b.Area))
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("casework: %w", err)
	}
	a.settle()
	return a, nil
}

// settle puts the smallest first, and works out where each may be met.
func (a *atlas) settle() {
	slices.SortFunc(a.shapes, func(x, y outline) int {
		return cmp.Or(cmp.Compare(x.area, y.area), cmp.Compare(x.place, y.place))
	})
	a.shapes = slices.Clip(a.shapes)
	a.reaches = make([]orb.Bound, len(a.shapes))
	for i, o := range a.shapes {
		a.reaches[i] = geo.BoundPad(o.shape.Bound(), o.near+drawn)
	}
}

func newOutline(t *mahalla.Territory, shape orb.MultiPolygon, area float64) outline {
	near := nearMahalla
	if t.Kind != mahalla.Mahalla {
		near = nearDistrict
	}
	return outline{place: t.ID, shape: coarse(shape), area: area, near: min(near, math.Sqrt(area)*nearPart)}
}

// coarse leaves out the points that hardly matter. What it returns shares no
// memory with the shape.
func coarse(shape orb.MultiPolygon) orb.MultiPolygon {
	s := simplify.DouglasPeucker(drawn / metresPerDegree)
	kept := make(orb.MultiPolygon, len(shape))
	for i, polygon := range shape {
		kept[i] = make(orb.Polygon, len(polygon))
		for j, ring := range polygon {
			less := s.Ring(ring.Clone())
			if len(less) < 4 {
				less = ring
			}
			kept[i][j] = append(make(orb.Ring, 0, len(less)), less...)
		}
	}
	return kept
}

// Spot is what the map says of a pin.
type Spot struct {
	Place mahalla.TerritoryID // the smallest that the pin lies in; 0 if none does
	Near  []Neighbour         // whose it may be as well, the nearest first
}

// Neighbour is a place that a pin lies close to.
type Neighbour struct {
	Place  mahalla.TerritoryID
	Metres int // from the pin to its border; to that of Spot.Place where both hold the pin
}

// Locate finds out where a pin lies. It asks nobody and writes nothing.
func (d *Desk) Locate(pin mahalla.Pin) Spot { return d.known.Load().locate(pin) }

// locate goes through the places from the smallest: the first that holds the pin
// is where it lies.
func (k *known) locate(pin mahalla.Pin) Spot {
	at := orb.Point{pin.Lon, pin.Lat}
	var in *outline
	var border float64 // from the pin to the border of in
	var others []sighting
	for i := range k.atlas.reaches {
		if !k.atlas.reaches[i].Contains(at) {
			continue
		}
		o := &k.atlas.shapes[i]
		if t := k.Territories[o.place]; t == nil || t.Retired {
			continue
		}
		holds, away := planar.MultiPolygonContains(o.shape, at), 0.0
		if !holds || in == nil {
			away = distance(o.shape, at)
		}
		switch {
		case holds && in == nil:
			in, border = o, away
		case holds:
			others = append(others, sighting{o, border})
		case away <= o.near:
			others = append(others, sighting{o, away})
		}
	}
	spot := Spot{}
	if in != nil {
		spot.Place = in.place
		others = slices.DeleteFunc(others, func(s sighting) bool { return s.metres > in.near })
	}
	spot.Near = k.rivals(spot.Place, others)
	return spot
}

// sighting is a place with its distance from a pin.
type sighting struct {
	*outline
	metres float64
}

// rivals are those of the places about which a person has to be asked: no
// district where one of its mahallas is spoken of, and none that the pin lies in
// anyway. A mahalla speaks for its district too.
func (k *known) rivals(in mahalla.TerritoryID, others []sighting) []Neighbour {
	spoken := slices.Clone(k.Path(in))
	for _, o := range others {
		spoken = append(spoken, k.Path(o.place)[1:]...)
	}
	slices.SortStableFunc(others, func(a, b sighting) int { return cmp.Compare(a.metres, b.metres) })
	var list []Neighbour
	for _, o := range others {
		if len(list) < mostFound-1 && !slices.Contains(spoken, o.place) {
			list = append(list, Neighbour{o.place, int(math.Round(o.metres))})
		}
	}
	return list
}

// distance is how far a point is from the nearest border of a shape, in metres.
// Within the few hundred metres that matter the Earth is flat.
func distance(shape orb.MultiPolygon, at orb.Point) float64 {
	east := metresPerDegree * math.Cos(at.Lat()*math.Pi/180)
	seen := func(p orb.Point) orb.Point {
		return orb.Point{(p.Lon() - at.Lon()) * east, (p.Lat() - at.Lat()) * metresPerDegree}
	}
	nearest := math.Inf(1)
	for _, polygon := range shape {
		for _, ring := range polygon {
			last := seen(ring[0])
			for _, p := range ring[1:] {
				next := seen(p)
				nearest = min(nearest, planar.DistanceFromSegmentSquared(last, next, orb.Point{}))
				last = next
			}
		}
	}
	return math.Sqrt(nearest)
}
