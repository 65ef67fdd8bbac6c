package casework

import (
	"fmt"

	"koprik/mahalla"
)

// LineReason is why a line of a territory file was refused, or what the
// operator should know of one that was not.
type LineReason string

// Why a line is refused; the others are loaded.
const (
	LineFields    LineReason = "fields"           // not as many fields as the header
	LineQuote     LineReason = "quote"            // a quotation mark that nothing closes
	LineNoCode    LineReason = "no_code"          // no code of the mahalla or the district
	LineCode      LineReason = "code"             // a character no code may have, or too many
	LineTaken     LineReason = "code_taken"       // the code is that of another kind of territory
	LineNoName    LineReason = "no_name"          // no name of the mahalla in Uzbek
	LineLongName  LineReason = "long_name"        // more than maxName letters
	LineLost      LineReason = "letters_lost"     // a conversion put ? or U+FFFD for letters
	LineSector    LineReason = "sector"           // no number from 1 to 99
	LineDoubled   LineReason = "doubled"          // an earlier line says otherwise of the same mahalla
	LineElsewhere LineReason = "elsewhere"        // an earlier line puts it into another district
	LineDistrict  LineReason = "unknown_district" // nobody knows the district, and no line names it
)

// What is remarked upon of a line that is loaded.
const (
	RemarkMixed    LineReason = "mixed_letters"      // a word of both scripts that look-alikes do not explain
	RemarkDistrict LineReason = "district_otherwise" // the file contradicts itself about a district
	RemarkOfficial LineReason = "official_name"      // an official district keeps its name
	RemarkRegion   LineReason = "official_region"    // an official district keeps its region
	RemarkNoRegion LineReason = "unknown_region"     // the district stands where it stood, or under the republic
)

// English says a reason for the command line.
func (r LineReason) English() string {
	switch r {
	case LineFields:
		return "it has not as many fields as the header"
	case LineQuote:
		return "a quotation mark is not closed, or text follows it"
	case LineNoCode:
		return "a code is missing"
	case LineCode:
		return fmt.Sprintf("a code has 1 to %d of the letters A-Z, a-z, digits, - and _", maxCode)
	case LineTaken:
		return "the code belongs to another territory"
	case LineNoName:
		return "the mahalla has no name in Uzbek"
	case LineLongName:
		return fmt.Sprintf("a name or point has more than %d letters", maxName)
	case LineLost:
		return "letters were lost in a conversion: export the list as UTF-8"
	case LineSector:
		return "a sector is a number from 1 to 99"
	case LineDoubled:
		return "an earlier line says otherwise of this mahalla"
	case LineElsewhere:
		return "an earlier line puts this mahalla into another district"
	case LineDistrict:
		return "the district is not known, and no line names it"
	case RemarkMixed:
		return "a word mixes Latin and Cyrillic letters"
	case RemarkDistrict:
		return "the file says two things of one district; the first is taken"
	case RemarkOfficial:
		return "the district keeps its official name"
	case RemarkRegion:
		return "the district keeps its official region"
	case RemarkNoRegion:
		return "the region is not known, the district is loaded all the same"
	}
	return string(r)
}

// LineNote is what there is to say of one line of a territory file.
type LineNote struct {
	Line   int // as a text editor numbers it, from 1
	Reason LineReason
	Detail string // a piece of the file, cut and without control characters; may be empty
}

// String says the note for the command line.
func (n LineNote) String() string { return remarkAt("line", n.Line, n.Reason.English(), n.Detail) }

// remarkAt says what there is to say of one place of a file.
func remarkAt(unit string, number int, reason, detail string) string {
	s := fmt.Sprintf("%s %d: %s", unit, number, reason)
	if detail != "" {
		s += ": " + detail
	}
	return s
}

// FileReason is why a file of territories or boundaries cannot be read at all.
type FileReason string

// Why a file is refused as a whole.
const (
	FileEmpty    FileReason = "empty"
	FileTooBig   FileReason = "too_big"
	FileUTF16    FileReason = "utf16"
	FileWorkbook FileReason = "workbook"
	FileNoText   FileReason = "no_text"
	FileColumns  FileReason = "columns_missing"
	FileTwice    FileReason = "column_twice"

	FileGeoTooBig  FileReason = "geo_too_big"
	FileGeoText    FileReason = "geo_no_text"
	FileNoJSON     FileReason = "no_json"
	FileNoFeatures FileReason = "no_features"
)

// FileError refuses a file of territories or boundaries as a whole.
type FileError struct {
	Reason FileReason
	Detail string // of FileColumns and FileTwice: the names of columns; of FileNoJSON: at which byte
}

// Error says for the command line what to do about it.
func (e *FileError) Error() string {
	switch e.Reason {
	case FileEmpty:
		return "the file is empty"
	case FileTooBig:
		return fmt.Sprintf("the file has more than %d MB", maxTerritoryFile>>20)
	case FileUTF16:
		return "the file is UTF-16 (\"Unicode text\"): save it as CSV in UTF-8"
	case FileWorkbook:
		return "the file is a workbook of a spreadsheet program: save it as CSV in UTF-8"
	case FileNoText:
		return "the file is not a text: save the list as CSV in UTF-8"
	case FileColumns:
		return "the first line must name the columns; missing: " + e.Detail
	case FileTwice:
		return "a column stands twice in the first line: " + e.Detail
	case FileGeoTooBig:
		return fmt.Sprintf("the file has more than %d MB: simplify the boundaries, or load it in parts", maxBoundaryFile>>20)
	case FileGeoText:
		return "the file is no text in UTF-8: export the boundaries as GeoJSON (of an archive, unpack it)"
	case FileNoJSON:
		return "the file is no whole JSON: it breaks at byte " + e.Detail
	case FileNoFeatures:
		return "the file is no GeoJSON FeatureCollection"
	}
	return string(e.Reason)
}

// TerritoryChange is what an import changed of a territory that was known.
type TerritoryChange struct {
	Kind     mahalla.TerritoryKind
	Code     string
	Was, Is  mahalla.Names
	From, To string // codes of what it hangs below, different if it moved
	Returned bool   // it had been retired
}

// String says the change for the command line.
func (c TerritoryChange) String() string {
	s := fmt.Sprintf("%s %s: %s", c.Kind, c.Code, c.Was.UzLatn)
	if c.Was != c.Is {
		s += " → " + c.Is.UzLatn
	}
	if c.Was.UzLatn == c.Is.UzLatn && c.Was != c.Is {
		s = fmt.Sprintf("%s %s: %s, %s → %s, %s", c.Kind, c.Code, c.Was.UzCyrl, c.Was.Ru, c.Is.UzCyrl, c.Is.Ru)
	}
	if c.From != c.To {
		s += fmt.Sprintf(", from %s to %s", c.From, c.To)
	}
	if c.Returned {
		s += ", in use again"
	}
	return s
}
