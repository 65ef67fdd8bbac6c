package casework

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// maxTerritoryFile is the size of a file of about a hundred thousand mahallas.
const maxTerritoryFile = 16 << 20

// decode makes a text in UTF-8 of a file, with \n at the ends of its lines, and
// says what it was written in.
func decode(raw []byte) (text, encoding string, err error) {
	if reason := unreadable(raw); reason != "" {
		return "", "", &FileError{Reason: reason}
	}
	encoding = "UTF-8"
	rest, marked := bytes.CutPrefix(raw, []byte("\uFEFF"))
	if marked {
		encoding = "UTF-8 with a byte-order mark"
	}
	switch {
	case utf8.Valid(rest):
		text = string(rest)
	case marked || mostlyUTF8(rest):
		// The lines that are damaged are refused one by one.
		encoding = "damaged " + encoding
		text = strings.ToValidUTF8(string(rest), "\uFFFD")
	default:
		encoding = "Windows-1251"
		decoded, err := charmap.Windows1251.NewDecoder().Bytes(rest)
		if err != nil {
			return "", "", &FileError{Reason: FileNoText}
		}
		text = string(decoded)
	}
	text = strings.ReplaceAll(text, "\r\n", "\n")
	return strings.ReplaceAll(text, "\r", "\n"), encoding, nil
}

// unreadable tells what a file is that is no text in a known encoding.
func unreadable(raw []byte) FileReason {
	begins := func(s string) bool { return bytes.HasPrefix(raw, []byte(s)) }
	zero := bytes.IndexByte(raw, 0)
	switch {
	case len(raw) > maxTerritoryFile:
		return FileTooBig
	case begins("\xFF\xFE"), begins("\xFE\xFF"), zero >= 0 && widely(raw):
		return FileUTF16
	case begins("PK\x03\x04"), begins("\xD0\xCF\x11\xE0"):
		return FileWorkbook
	case zero >= 0:
		return FileNoText
	case len(bytes.TrimSpace(raw)) == 0:
		return FileEmpty
	}
	return ""
}

// widely tells whether a text has two bytes for each letter: the ends of lines
// and the names of columns then have zeros in every other place, and nowhere else.
func widely(raw []byte) bool {
	var zeros, others [2]int
	for i, b := range raw[:min(len(raw), 512)] {
		if b == 0 {
			zeros[i%2]++
		} else {
			others[i%2]++
		}
	}
	return zeros[0] == 0 && zeros[1] > others[1] || zeros[1] == 0 && zeros[0] > others[0]
}

// mostlyUTF8 tells whether a few bad bytes stand in a text in UTF-8. In a text
// in Windows-1251 letters hardly ever make up a character of UTF-8 by chance.
func mostlyUTF8(raw []byte) bool {
	good, bad := 0, 0
	for len(raw) > 0 {
		r, size := utf8.DecodeRune(raw)
		switch {
		case r == utf8.RuneError && size == 1:
			bad++
		case size > 1:
			good++
		}
		raw = raw[size:]
	}
	return good > 10*bad
}

// maxCellLines is over how many lines one cell in quotation marks may run.
const maxCellLines = 5

// sheet gives the rows of a text with separators, one after the other.
//
// encoding/csv reads the same but for two things: a quotation mark that nothing
// closes costs one line here and there the rest of the file, and the line that
// a row begins on is known even where it cannot be read.
type sheet struct {
	lines     []string
	next      int
	separator string
}

// row splits the row that begins on the next line; when it cannot be read, the
// one after it begins on the very next line. Lines without anything are passed
// over. After the last row the line is 0.
func (s *sheet) row() (cells []string, line int, ok bool) {
	for s.next < len(s.lines) && strings.Trim(s.lines[s.next], " \t\u00a0"+s.separator) == "" {
		s.next++
	}
	if s.next == len(s.lines) {
		return nil, 0, false
	}
	line = s.next + 1
	cells, took, ok := s.split()
	s.next += took
	return cells, line, ok
}

// split takes the next row apart and tells how many lines it has, which is one
// when it cannot be read.
func (s *sheet) split() (cells []string, took int, ok bool) {
	rest, took := s.lines[s.next], 1
	for more := true; more; {
		var cell string
		if !strings.HasPrefix(rest, `"`) {
			cell, rest, more = strings.Cut(rest, s.separator)
			cells = append(cells, cell)
			continue
		}
		cell, rest, ok = s.quoted(rest[1:], &took)
		if !ok {
			return nil, 1, false
		}
		var tail string
		tail, rest, more = strings.Cut(rest, s.separator)
		if strings.TrimSpace(tail) != "" {
			return nil, 1, false
		}
		cells = append(cells, cell)
	}
	return cells, took, true
}

// quoted reads a cell up to the quotation mark that closes it, taking more
// lines where it must. A quotation mark inside is written twice. A cell of
// several lines that has separators too is no cell: it began with a quotation
// mark that nothing closes, and would take good lines with it.
func (s *sheet) quoted(rest string, took *int) (cell, after string, ok bool) {
	var b strings.Builder
	first := *took
	for {
		part, next, found := strings.Cut(rest, `"`)
		b.WriteString(part)
		switch {
		case found && strings.HasPrefix(next, `"`):
			b.WriteByte('"')
			rest = next[1:]
		case found:
			return b.String(), next, *took == first || !strings.Contains(b.String(), s.separator)
		case *took == maxCellLines || s.next+*took >= len(s.lines):
			return "", "", false
		default:
			b.WriteByte('\n')
			rest = s.lines[s.next+*took]
			*took++
		}
	}
}
