package casework

import (
	"slices"
	"strings"

	"koprik/locales"
)

// TerritoryFile is what a list of mahallas says, read and repaired.
type TerritoryFile struct {
	Encoding  string   // for people: "UTF-8", "Windows-1251" …
	Separator string   // "," ";" or a tab
	Ignored   []string // columns that nobody knows, as the file names them

	HasSectors, HasPoints bool // there are such columns; else what is known stays

	Districts []FileDistrict // in the order of the file
	Mahallas  []FileMahalla
	Bad       []LineNote // the lines that were refused
	Remarks   []LineNote // on lines that were not

	Doubled     int // lines that repeat an earlier one
	Letters     int // look-alike letters put right
	Apostrophes int // apostrophes put right
	Swapped     int // names that stood in the column of the other script
	Made        int // names of mahallas made from the other script
}

// FileDistrict is a district as the lines of its mahallas have it.
type FileDistrict struct {
	Line   int // the first that mentions it
	Code   string
	Region string // a code, or empty
	Name   PlaceName
}

// FileMahalla is one good line.
type FileMahalla struct {
	Line     int
	District string // a code
	Sector   int    // 0 if it hangs below its district
	Code     string
	Point    string
	Name     PlaceName
}

const (
	// maxCode is how long a code may be. The longest link of a poster, "m_" and
	// the code, fits into the 64 characters that Telegram gives to a payload.
	maxCode = 40
	// maxName is how long a name may be: what is longer is no name.
	maxName = 100
)

// territoryColumns are the columns that are known; the last two are of no use
// here.
var territoryColumns = []string{
	"region_code", "district_code", "district_uz_latn", "district_uz_cyrl", "district_ru", "sector_no", "point_no",
	"mahalla_code", "mahalla_uz_latn", "mahalla_uz_cyrl", "mahalla_ru", "inspector_code", "population_invented",
}

// ReadTerritoryFile reads a list of mahallas: commas, semicolons or tabs, in
// UTF-8 or Windows-1251. Lines that cannot be used are listed in Bad, and the
// rest is good. An error is always a *FileError: then nothing could be read.
func ReadTerritoryFile(raw []byte) (TerritoryFile, error) {
	text, encoding, err := decode(raw)
	if err != nil {
		return TerritoryFile{}, err
	}
	r := &fileReader{file: TerritoryFile{Encoding: encoding}, first: map[string]int{}, remarked: map[string]bool{}}
	r.latin, r.cyrillic = scripts()
	rows := &sheet{lines: strings.Split(text, "\n")}
	if err := r.header(rows); err != nil {
		return TerritoryFile{}, err
	}
	for {
		cells, line, ok := rows.row()
		switch {
		case line == 0:
			r.finish()
			return r.file, nil
		case ok:
			r.take(cells, line)
		default:
			r.refuse(line, LineQuote, "")
		}
	}
}

// fileReader reads the rows of a file.
type fileReader struct {
	file            TerritoryFile
	latin, cyrillic *script
	columns         map[string]int // where each known column stands
	width           int
	lines           []fileLine
	first           map[string]int  // the place in lines of each code of a mahalla
	remarked        map[string]bool // what need not be said of every line
}

// header finds the separator and the columns: the separator is the one that
// shows most columns that are known.
func (r *fileReader) header(rows *sheet) error {
	best := -1
	var cells []string
	for _, separator := range []string{",", ";", "\t"} {
		try := &sheet{lines: rows.lines, separator: separator}
		found, _, _ := try.row()
		known := 0
		for _, cell := range found {
			if slices.Contains(territoryColumns, columnName(cell)) {
				known++
			}
		}
		if known > best {
			best, cells, *rows = known, found, *try
		}
	}
	r.file.Separator, r.width = rows.separator, len(cells)
	r.columns = make(map[string]int, len(cells))
	for i, cell := range cells {
		name := columnName(cell)
		if _, twice := r.columns[name]; twice {
			return &FileError{Reason: FileTwice, Detail: name}
		}
		switch {
		case slices.Contains(territoryColumns, name):
			r.columns[name] = i
		case name != "":
			r.file.Ignored = append(r.file.Ignored, locales.Cut(oneLine(cell), maxName))
		}
	}
	_, r.file.HasSectors = r.columns["sector_no"]
	_, r.file.HasPoints = r.columns["point_no"]
	return r.needed()
}

// needed refuses a file that lacks a column nothing can do without.
func (r *fileReader) needed() error {
	has := func(column string) bool { _, ok := r.columns[column]; return ok }
	var missing []string
	for _, column := range []string{"district_code", "mahalla_code"} {
		if !has(column) {
			missing = append(missing, column)
		}
	}
	if !has("mahalla_uz_latn") && !has("mahalla_uz_cyrl") {
		missing = append(missing, "mahalla_uz_latn or mahalla_uz_cyrl")
	}
	if len(missing) > 0 {
		return &FileError{Reason: FileColumns, Detail: strings.Join(missing, ", ")}
	}
	return nil
}

func columnName(cell string) string { return strings.ToLower(oneLine(cell)) }
