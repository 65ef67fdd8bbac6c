package locales

import (
	"strings"
	"unicode/utf8"
)

// The two apostrophes of the Latin alphabet of 1995 as they are shown.
const (
	okina = 'ʻ' // U+02BB, in oʻ and gʻ
	tutuq = 'ʼ' // U+02BC, the separating sign, Cyrillic ъ
)

// apostrophe reports whether people type r for one of the two apostrophes.
func apostrophe(r rune) bool {
	switch r {
	case '\'', '`', '‘', '’', '‛', '´', '′', '＇', 'ʹ', 'ʽ', okina, tutuq, '\u055a':
		return true
	}
	return false
}

// Apostrophes replaces what people type for an apostrophe inside a word by
// U+02BB after o and g and by U+02BC between other letters.
func Apostrophes(latn string) string {
	if strings.IndexFunc(latn, apostrophe) < 0 {
		return latn
	}
	var out strings.Builder
	out.Grow(len(latn) + 8)
	var prev rune
	for i, r := range latn {
		_, size := utf8.DecodeRuneInString(latn[i:])
		if !apostrophe(r) {
			out.WriteString(latn[i : i+size])
			prev = r
			continue
		}
		next, _ := utf8.DecodeRuneInString(latn[i+size:])
		switch {
		case strings.ContainsRune("oOgG", prev):
			r = okina
		case (asciiLetter(prev) || prev == okina) && asciiLetter(next):
			r = tutuq
		}
		out.WriteRune(r)
		prev = r
	}
	return out.String()
}

// asciiLetter reports whether r is one of a-z and A-Z.
func asciiLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

// latinPart reports whether r belongs to a word in Latin letters.
func latinPart(r rune) bool { return asciiLetter(r) || r == okina || r == tutuq }
