package mahalla

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Pin is a point on the map in degrees. It tells where somebody is or lives: it
// is kept sealed, as a part of a report, and stands in no log, no error and no
// button.
type Pin struct{ Lat, Lon float64 }

// String says nothing of where the pin is, so that no log does by mistake.
func (p Pin) String() string { return "pin" }

// Media is the pin as an attachment of a report. Six digits are a hand's breadth.
func (p Pin) Media() Media {
	return Media{Kind: Location, File: fmt.Sprintf("%.6f,%.6f", p.Lat, p.Lon)}
}

// Pin is the point that an attachment stands for, if it is one.
func (m Media) Pin() (Pin, bool) {
	lat, lon, ok := strings.Cut(m.File, ",")
	if m.Kind != Location || !ok {
		return Pin{}, false
	}
	p := Pin{}
	var bad, worse error
	p.Lat, bad = strconv.ParseFloat(lat, 64)
	p.Lon, worse = strconv.ParseFloat(lon, 64)
	return p, bad == nil && worse == nil && p.real()
}

// real tells whether there is such a point on Earth.
func (p Pin) real() bool { return math.Abs(p.Lat) <= 90 && math.Abs(p.Lon) <= 180 }
