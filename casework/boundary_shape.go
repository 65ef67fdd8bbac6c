package casework

import (
	"encoding/json"
	"fmt"
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// geoFeature is a feature as GeoJSON writes it. orb's own reader is not used: it
// refuses a whole file for one feature, takes coordinates that are none, and
// brings a database driver with it.
type geoFeature struct {
	Type       string                     `json:"type"`
	Properties map[string]json.RawMessage `json:"properties"`
	Geometry   *geoShape                  `json:"geometry"`
}

type geoShape struct {
	Type        string          `json:"type"`
	Coordinates json.RawMessage `json:"coordinates"`
	Geometries  []geoShape      `json:"geometries"`
}

// fault is what is wrong with a geometry, and with which part of it.
type fault struct {
	reason FeatureReason
	where  string
}

// leastArea is in square degrees: about ten square metres.
const leastArea = 1e-9

// shape is the geometry as polygons that can be relied on.
func (g *geoShape) shape() (orb.MultiPolygon, fault) {
	if g == nil {
		return nil, fault{FeatureNoPolygon, "no geometry"}
	}
	shape, f := g.polygons()
	if f.reason == "" {
		f = checkShape(shape)
	}
	if f.reason == "" && planar.Area(shape) < leastArea {
		f.reason = FeatureNoArea
	}
	return shape, f
}

// polygons reads a polygon, several, or a collection of those, which is how some
// tools write what they cut out of OpenStreetMap.
func (g *geoShape) polygons() (orb.MultiPolygon, fault) {
	var shape orb.MultiPolygon
	var err error
	switch g.Type {
	case "Polygon":
		shape = make(orb.MultiPolygon, 1)
		err = json.Unmarshal(g.Coordinates, &shape[0])
	case "MultiPolygon":
		err = json.Unmarshal(g.Coordinates, &shape)
	case "GeometryCollection":
		for i := range g.Geometries {
			part, f := g.Geometries[i].polygons()
			if f.reason != "" {
				return nil, f
			}
			shape = append(shape, part...)
		}
	default:
		return nil, fault{FeatureNoPolygon, oneLine(g.Type)}
	}
	switch {
	case err != nil:
		return nil, fault{FeatureCoordinates, ""}
	case len(shape) == 0:
		return nil, fault{FeatureNoPolygon, "empty"}
	}
	return shape, fault{}
}

func checkShape(shape orb.MultiPolygon) fault {
	for i, polygon := range shape {
		if len(polygon) == 0 {
			return fault{FeatureNoPolygon, "empty"}
		}
		for j, ring := range polygon {
			if f := checkRing(ring); f.reason != "" {
				f.where = fmt.Sprintf("polygon %d, ring %d%s", i+1, j+1, f.where)
				return f
			}
		}
	}
	return fault{}
}

// checkRing finds the first fault of a ring. It names points by their number
// and not by where they are.
func checkRing(ring orb.Ring) fault {
	if len(ring) < 4 {
		return fault{FeatureFewPoints, ""}
	}
	for i, p := range ring {
		if reason := checkPoint(p); reason != "" {
			return fault{reason, fmt.Sprintf(", point %d", i+1)}
		}
	}
	if ring[0] != ring[len(ring)-1] {
		return fault{FeatureUnclosed, ""}
	}
	return fault{}
}

// The box that Uzbekistan lies in, in degrees. No point of it is one with
// latitude and longitude swapped.
const (
	mostSouth, mostNorth = 37.0, 46.0
	mostWest, mostEast   = 55.0, 74.0
)

func checkPoint(p orb.Point) FeatureReason {
	inside := func(lon, lat float64) bool {
		return lon >= mostWest && lon <= mostEast && lat >= mostSouth && lat <= mostNorth
	}
	switch {
	case inside(p.Lon(), p.Lat()):
		return ""
	case inside(p.Lat(), p.Lon()):
		return FeatureSwapped
	case math.Abs(p.Lon()) > 180 || math.Abs(p.Lat()) > 90:
		return FeatureRange
	}
	return FeatureAbroad
}
