package casework

import "fmt"

// FeatureReason is why a feature of a file of boundaries was refused, or what
// the operator should know of one that was not.
type FeatureReason string

// Why a feature is refused; the others are loaded.
const (
	FeatureOdd         FeatureReason = "odd"         // not built as a feature is
	FeatureNoPolygon   FeatureReason = "no_polygon"  // a point, a line, nothing
	FeatureCoordinates FeatureReason = "coordinates" // not lists of numbers as deep as they should be
	FeatureFewPoints   FeatureReason = "few_points"  // a ring of less than four points
	FeatureUnclosed    FeatureReason = "unclosed"    // a ring whose last point is not the first
	FeatureRange       FeatureReason = "range"       // no degrees
	FeatureSwapped     FeatureReason = "swapped"     // latitude first
	FeatureAbroad      FeatureReason = "abroad"      // outside Uzbekistan
	FeatureNoArea      FeatureReason = "no_area"     // nothing lies inside
	FeatureNameless    FeatureReason = "nameless"    // neither a code nor a name
	FeatureCode        FeatureReason = "code"        // nobody has the code, and no name helps
	FeatureCodes       FeatureReason = "two_codes"   // of two territories
	FeatureKind        FeatureReason = "kind"        // a region, a sector
	FeatureDistrict    FeatureReason = "district"    // nobody knows the district it should lie in
	FeatureName        FeatureReason = "name"        // nobody has the name
	FeatureAmbiguous   FeatureReason = "ambiguous"   // several have the name
	FeatureDoubled     FeatureReason = "doubled"     // an earlier feature is of the same place
)

// RemarkOutside is remarked upon of a mahalla that is loaded.
const RemarkOutside FeatureReason = "outside_district" // no corner of it lies in its district

// English says a reason for the command line.
func (r FeatureReason) English() string {
	switch r {
	case FeatureOdd:
		return "it is not built as a GeoJSON feature"
	case FeatureNoPolygon:
		return "its geometry is no polygon"
	case FeatureCoordinates:
		return "its coordinates are not lists of numbers"
	case FeatureFewPoints:
		return "a ring has less than 4 points"
	case FeatureUnclosed:
		return "a ring is not closed: its last point must be its first"
	case FeatureRange:
		return "a coordinate is out of range: degrees of WGS 84 are wanted"
	case FeatureSwapped:
		return "latitude and longitude are swapped: longitude comes first"
	case FeatureAbroad:
		return fmt.Sprintf("it lies outside Uzbekistan (%g-%g N, %g-%g E)", mostSouth, mostNorth, mostWest, mostEast)
	case FeatureNoArea:
		return "nothing lies inside it"
	case FeatureNameless:
		return "it has neither a code nor a name"
	case FeatureCode:
		return "no territory has the code"
	case FeatureCodes:
		return "its codes are those of two territories"
	case FeatureKind:
		return "only districts and mahallas have boundaries"
	case FeatureDistrict:
		return "its district is not known"
	case FeatureName:
		return "no territory has the name"
	case FeatureAmbiguous:
		return "several territories have the name: give the code, or the district"
	case FeatureDoubled:
		return "an earlier feature says otherwise of this place"
	case RemarkOutside:
		return "it lies outside its district"
	}
	return string(r)
}

// FeatureNote is what there is to say of one feature.
type FeatureNote struct {
	Feature int // in the order of the file, from 1
	Reason  FeatureReason
	Detail  string // a piece of the file, cut and without control characters; may be empty
}

// String says the note for the command line.
func (n FeatureNote) String() string {
	return remarkAt("feature", n.Feature, n.Reason.English(), n.Detail)
}
