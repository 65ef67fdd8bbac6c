package casework

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"koprik/locales"
	"koprik/mahalla"
)

// maxBoundaryFile is the size of a file of all mahallas of the country, drawn
// finely.
const maxBoundaryFile = 64 << 20

// BoundaryFile is what a GeoJSON file says of where places lie, with the
// geometries looked at.
type BoundaryFile struct {
	Features int
	Shapes   []FileShape    // the good ones, in the order of the file
	Bad      []FeatureNote  // those that were refused
	Ignored  map[string]int // properties that nobody knows, and in how many features they stand
}

// FileShape is one feature with a good geometry.
type FileShape struct {
	Feature  int // in the order of the file, from 1
	Geometry orb.MultiPolygon
	said     properties
}

// ReadBoundaryFile reads a GeoJSON FeatureCollection. Features that cannot be
// used are listed in Bad, and the rest is good. An error is always a
// *FileError: then nothing could be read.
func ReadBoundaryFile(raw []byte) (BoundaryFile, error) {
	if reason := noGeoJSON(raw); reason != "" {
		return BoundaryFile{}, &FileError{Reason: reason}
	}
	raw = bytes.TrimPrefix(raw, []byte("\uFEFF"))
	f := BoundaryFile{Ignored: map[string]int{}}
	d := json.NewDecoder(bytes.NewReader(raw))
	if err := f.collection(d); err != nil {
		return BoundaryFile{}, geoError(err, d.InputOffset())
	}
	return f, nil
}

// noGeoJSON tells what a file is that cannot be GeoJSON.
func noGeoJSON(raw []byte) FileReason {
	switch reason := unreadable(raw[:min(len(raw), 1024)]); {
	case len(raw) > maxBoundaryFile:
		return FileGeoTooBig
	case reason == FileEmpty && len(bytes.TrimSpace(raw)) > 0: // it begins with many spaces
	case reason == FileEmpty:
		return reason
	case reason != "", !utf8.Valid(raw):
		return FileGeoText
	}
	return ""
}

// errNoFeatures says that a text is JSON, but no collection of features.
var errNoFeatures = errors.New("casework: no FeatureCollection")

// geoError says why a text was given up, and where.
func geoError(err error, at int64) *FileError {
	if errors.Is(err, errNoFeatures) {
		return &FileError{Reason: FileNoFeatures}
	}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		at = max(at, syntax.Offset)
	}
	return &FileError{Reason: FileNoJSON, Detail: strconv.FormatInt(at, 10)}
}

// collection reads the outer object, feature by feature, so that no more than
// one of them is held twice.
func (f *BoundaryFile) collection(d *json.Decoder) error {
	if err := begins(d, '{'); err != nil {
		return err
	}
	kind, found := "", false
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return err
		}
		switch key {
		case "features":
			if err := f.features(d); err != nil {
				return err
			}
			found = true
		default:
			var value any
			if err := d.Decode(&value); err != nil {
				return err
			}
			if s, ok := value.(string); ok && key == "type" {
				kind = s
			}
		}
	}
	if _, err := d.Token(); err != nil { // the end of the object
		return err
	}
	if _, err := d.Token(); err != io.EOF || kind != "FeatureCollection" || !found {
		return errNoFeatures
	}
	return nil
}

// begins takes the bracket that an object or a list begins with.
func begins(d *json.Decoder, bracket json.Delim) error {
	begin, err := d.Token()
	if err == nil && begin != bracket {
		err = errNoFeatures
	}
	return err
}

// features reads the list of features.
func (f *BoundaryFile) features(d *json.Decoder) error {
	if err := begins(d, '['); err != nil {
		return err
	}
	for d.More() {
		f.Features++
		var feature geoFeature
		err := d.Decode(&feature)
		var mistyped *json.UnmarshalTypeError
		switch {
		case errors.As(err, &mistyped):
			f.refuse(f.Features, FeatureOdd, "")
		case err != nil:
			return err
		default:
			f.feature(feature)
		}
	}
	_, err := d.Token()
	return err
}

func (f *BoundaryFile) refuse(feature int, reason FeatureReason, detail string) {
	f.Bad = append(f.Bad, FeatureNote{feature, reason, locales.Cut(detail, maxName)})
}

// feature takes one feature: it becomes a good shape or a bad one.
func (f *BoundaryFile) feature(g geoFeature) {
	said := f.read(g.Properties)
	if g.Type != "Feature" {
		f.refuse(f.Features, FeatureOdd, said.label())
		return
	}
	shape, fault := g.Geometry.shape()
	switch {
	case fault.reason != "":
		f.refuse(f.Features, fault.reason, strings.Trim(said.label()+", "+fault.where, ", "))
	case said.nameless():
		f.refuse(f.Features, FeatureNameless, "")
	default:
		f.Shapes = append(f.Shapes, FileShape{Feature: f.Features, Geometry: shape, said: said})
	}
}

// properties are what a feature says of the place that it is.
type properties struct {
	codes         []string // of the place itself
	names         []string
	districtCodes []string // of the district that it lies in
	districts     []string
	regions       []string
	kind          mahalla.TerritoryKind // empty when it does not say
}

func (p properties) nameless() bool { return len(p.codes)+len(p.names) == 0 }

// label names the place for a person who looks for it in the file.
func (p properties) label() string {
	for _, list := range [][]string{p.codes, p.names} {
		if len(list) > 0 {
			return list[0]
		}
	}
	return ""
}

// tells is what a property is about.
type tells int

const (
	unknownProperty tells = iota
	ownCode
	ownName
	districtCode
	districtName
	regionName
	levelOfPlace
)

// about knows the properties that the files people have carry: those of our own
// lists, of OpenStreetMap, geoBoundaries, OCHA and GADM. The marks between words
// and the size of letters make no difference.
func about(property string) tells {
	key := strings.NewReplacer(":", "_", "-", "_", " ", "_").Replace(strings.ToLower(property))
	base := key
	for _, language := range []string{"_uz_latn", "_uz_cyrl", "_uz", "_ru", "_en", "_latn", "_cyrl", "_cyr", "_lat"} {
		if cut, ok := strings.CutSuffix(key, language); ok {
			base = cut
			break
		}
	}
	switch key {
	case "code", "territory_code", "mahalla_code", "soato", "soato_code", "mhobt", "mhobt_code":
		return ownCode
	case "district_code", "district_soato", "adm2_pcode":
		return districtCode
	case "kind", "level", "admin_level", "shapetype":
		return levelOfPlace
	}
	switch base {
	case "name", "shapename", "official_name", "alt_name", "old_name", "int_name", "short_name", "mahalla", "mahalla_name", "adm3", "name_3":
		return ownName
	case "district", "district_name", "tuman", "addr_district", "is_in_district", "adm2", "name_2", "varname_2", "nl_name_2":
		return districtName
	case "region", "region_name", "viloyat", "addr_region", "is_in_region", "adm1", "name_1":
		return regionName
	}
	return unknownProperty
}

// read sorts out the properties of a feature, and counts those that nobody
// knows. What a file says of a district is of the place itself when nothing
// else is: then the place is a district.
func (f *BoundaryFile) read(raw map[string]json.RawMessage) properties {
	var p properties
	for _, property := range sortedKeys(raw) {
		means := about(property)
		if means == unknownProperty {
			f.Ignored[locales.Cut(oneLine(property), maxName)]++
			continue
		}
		value := plainValue(raw[property])
		switch {
		case value == "":
		case means == ownCode:
			p.codes = append(p.codes, value)
		case means == districtCode:
			p.districtCodes = append(p.districtCodes, value)
		case means == levelOfPlace:
			p.kind = kindOfLevel(value)
		default:
			to := map[tells]*[]string{ownName: &p.names, districtName: &p.districts, regionName: &p.regions}[means]
			for name := range strings.FieldsFuncSeq(value, func(r rune) bool { return r == ';' || r == '|' }) {
				if name = told(name); name != "" {
					*to = append(*to, name)
				}
			}
		}
	}
	if len(p.codes)+len(p.names) == 0 {
		p.codes, p.names, p.districtCodes, p.districts = p.districtCodes, p.districts, nil, nil
		if p.kind == "" && !p.nameless() {
			p.kind = mahalla.District
		}
	}
	return p
}

// sortedKeys makes what is said of a file the same each time.
func sortedKeys(m map[string]json.RawMessage) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// plainValue is the text of a string or of a whole number; anything else says
// nothing.
func plainValue(raw json.RawMessage) string {
	var value any
	if err := json.Unmarshal(raw, &value); err != nil {
		return ""
	}
	switch v := value.(type) {
	case string:
		return told(v)
	case float64:
		if v == float64(int64(v)) {
			return strconv.FormatInt(int64(v), 10)
		}
	}
	return ""
}

// kindOfLevel understands what files write for the level of a place: our own
// words, and the numbers of OpenStreetMap and geoBoundaries.
func kindOfLevel(value string) mahalla.TerritoryKind {
	switch strings.ToLower(value) {
	case "district", "city", "tuman", "shahar", "adm2", "6":
		return mahalla.District
	case "mahalla", "mfy", "adm3", "adm4", "9", "10":
		return mahalla.Mahalla
	case "region", "viloyat", "adm1", "4":
		return mahalla.Region
	case "country", "republic", "adm0", "2":
		return mahalla.Republic
	}
	return ""
}
