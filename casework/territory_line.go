package casework

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"koprik/locales"
	"koprik/mahalla"
)

// fileLine is a good line with what it says of its district.
type fileLine struct {
	FileMahalla
	region   string
	district mahalla.Names
}

var codePattern = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// oneLine is a cell without what cannot be seen, on one line.
func oneLine(cell string) string { return strings.Join(strings.Fields(locales.Clean(cell)), " ") }

// told is what a cell says: a dash says nothing.
func told(cell string) string {
	s := oneLine(cell)
	if strings.Trim(s, "-–—.") == "" {
		return ""
	}
	return s
}

func (r *fileReader) refuse(line int, reason LineReason, detail string) {
	r.file.Bad = append(r.file.Bad, LineNote{line, reason, locales.Cut(detail, maxName)})
}

// remark notes something once about each subject.
func (r *fileReader) remark(line int, reason LineReason, subject, detail string) {
	if key := string(reason) + subject; !r.remarked[key] {
		r.remarked[key] = true
		r.file.Remarks = append(r.file.Remarks, LineNote{line, reason, locales.Cut(detail, maxName)})
	}
}

// take reads one row: it becomes a good line, a bad one, or is counted as a
// repetition.
func (r *fileReader) take(cells []string, line int) {
	if len(cells) != r.width {
		r.refuse(line, LineFields, fmt.Sprintf("%d, not %d", len(cells), r.width))
		return
	}
	l := fileLine{FileMahalla: FileMahalla{Line: line}}
	if reason, detail := r.read(&l, cells); reason != "" {
		r.refuse(line, reason, detail)
		return
	}
	if i, again := r.first[l.Code]; again {
		r.repeated(r.lines[i], l)
		return
	}
	r.first[l.Code] = len(r.lines)
	r.lines = append(r.lines, l)
}

// repeated judges a line about a mahalla that an earlier line was about.
func (r *fileReader) repeated(earlier, l fileLine) {
	same := earlier
	same.Line = l.Line
	detail := fmt.Sprintf("%s, line %d", l.Code, earlier.Line)
	switch {
	case same == l:
		r.file.Doubled++
	case earlier.District != l.District:
		r.refuse(l.Line, LineElsewhere, detail)
	default:
		r.refuse(l.Line, LineDoubled, detail)
	}
}

// read reads the cells of one row.
func (r *fileReader) read(l *fileLine, cells []string) (reason LineReason, detail string) {
	cell := func(column string) string {
		if i, ok := r.columns[column]; ok {
			return told(cells[i])
		}
		return ""
	}
	l.region, l.District, l.Code, l.Point = cell("region_code"), cell("district_code"), cell("mahalla_code"), cell("point_no")
	if reason, detail = badCode(l.District, l.Code); reason != "" {
		return reason, detail
	}
	if no := cell("sector_no"); no != "" {
		var ok bool
		if l.Sector, ok = sectorNumber(no); !ok {
			return LineSector, no
		}
		if len(sectorCode(l.District, l.Sector)) > maxCode {
			return LineCode, sectorCode(l.District, l.Sector)
		}
	}
	name := mahalla.Names{UzLatn: cell("mahalla_uz_latn"), UzCyrl: cell("mahalla_uz_cyrl"), Ru: cell("mahalla_ru")}
	l.district = mahalla.Names{UzLatn: cell("district_uz_latn"), UzCyrl: cell("district_uz_cyrl"), Ru: cell("district_ru")}
	if reason, detail = badName(l.Point, name, l.district); reason != "" {
		return reason, detail
	}
	l.district = r.repair(l.district, l.Line)
	l.Name = completed(r.repair(name, l.Line))
	return "", ""
}

// sectorNumber reads a number from 1 to 99.
func sectorNumber(s string) (int, bool) {
	n, err := strconv.ParseUint(s, 10, 32)
	return int(n), err == nil && n >= 1 && n <= 99
}

// sectorCode is the code of a sector, which no list has.
func sectorCode(district string, number int) string { return fmt.Sprintf("%s-S%d", district, number) }

// badCode finds what is wrong with the codes of a line. A letter that only looks right is named.
func badCode(list ...string) (LineReason, string) {
	for _, code := range list {
		if code == "" {
			return LineNoCode, ""
		}
		if len(code) <= maxCode && codePattern.MatchString(code) {
			continue
		}
		for _, c := range code {
			if c > unicode.MaxASCII {
				return LineCode, fmt.Sprintf("%s has %q (%U)", code, c, c)
			}
		}
		return LineCode, code
	}
	return "", ""
}

// badName finds what is wrong with the names of a line as they stand in the
// file.
func badName(point string, name, district mahalla.Names) (LineReason, string) {
	spoken := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	for _, s := range []string{name.UzLatn, name.UzCyrl, name.Ru, district.UzLatn, district.UzCyrl, district.Ru, point} {
		switch {
		case s != point && strings.ContainsAny(s, "?\uFFFD"):
			return LineLost, s
		case locales.UTF16Len(s) > maxName:
			return LineLongName, s
		}
	}
	if !strings.ContainsFunc(name.UzLatn+name.UzCyrl, spoken) {
		return LineNoName, ""
	}
	return "", ""
}

// repair puts the letters and apostrophes of names right and counts them.
func (r *fileReader) repair(n mahalla.Names, line int) mahalla.Names {
	n = mahalla.Names{
		UzLatn: r.mend(n.UzLatn, line, r.latin, r.cyrillic),
		UzCyrl: r.mend(n.UzCyrl, line, r.cyrillic, r.latin),
		Ru:     r.mend(n.Ru, line, r.cyrillic, r.latin),
	}
	n, moved := straighten(n)
	if moved {
		r.file.Swapped++
	}
	return n
}

// mend repairs one name, which should be in the first script.
func (r *fileReader) mend(s string, line int, first, second *script) string {
	s, replaced, mixed := mend(s, first, second)
	r.file.Letters += replaced
	if mixed {
		r.remark(line, RemarkMixed, s, s)
	}
	typed := []rune(s)
	s = locales.Apostrophes(s)
	for i, c := range []rune(s) { // one for one
		if c != typed[i] {
			r.file.Apostrophes++
		}
	}
	return s
}

// finish gathers the districts, and refuses the mahallas that have the code of
// one of them or of a sector.
func (r *fileReader) finish() {
	above := map[string]bool{}
	for _, l := range r.lines {
		above[l.District] = true
		if l.Sector > 0 {
			above[sectorCode(l.District, l.Sector)] = true
		}
	}
	places := map[string]int{}
	for _, l := range r.lines {
		if above[l.Code] {
			r.refuse(l.Line, LineTaken, l.Code)
			continue
		}
		r.file.Mahallas = append(r.file.Mahallas, l.FileMahalla)
		if l.Name.Given.UzLatn == "" || l.Name.Given.UzCyrl == "" {
			r.file.Made++
		}
		i, known := places[l.District]
		if !known {
			i = len(r.file.Districts)
			places[l.District] = i
			r.file.Districts = append(r.file.Districts, FileDistrict{Line: l.Line, Code: l.District})
		}
		r.meet(&r.file.Districts[i], l)
	}
	for i, d := range r.file.Districts {
		if d.Name.Given != (mahalla.Names{}) {
			r.file.Districts[i].Name = completed(d.Name.Given)
		}
	}
	slices.SortStableFunc(r.file.Bad, byLine)
	slices.SortStableFunc(r.file.Remarks, byLine)
}

func byLine(a, b LineNote) int { return cmp.Compare(a.Line, b.Line) }

// meet adds what a line says of its district. What was said first stays; only
// the first contradiction about each is remarked upon.
func (r *fileReader) meet(d *FileDistrict, l fileLine) {
	said := []*string{&d.Region, &d.Name.Given.UzLatn, &d.Name.Given.UzCyrl, &d.Name.Given.Ru}
	for i, given := range []string{l.region, l.district.UzLatn, l.district.UzCyrl, l.district.Ru} {
		switch {
		case *said[i] == "":
			*said[i] = given
		case given != "" && given != *said[i]:
			r.remark(l.Line, RemarkDistrict, d.Code, fmt.Sprintf("%s: %s, %s", d.Code, *said[i], given))
		}
	}
}
