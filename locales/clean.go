package locales

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// marksPerLetter is how many combining marks one letter may carry.
const marksPerLetter = 2

// blankLines is how many empty lines may stand between two full ones.
const blankLines = 2

// Clean makes what a person wrote safe to show beside the bot's own words. It
// drops control characters, direction marks, tags, private and invisible
// characters, and marks beyond two on a letter; it keeps the joiners inside
// emoji. Line ends become \n, runs of spaces one space, more than two empty
// lines two. The result is trimmed, valid UTF-8 in NFC, and
// Clean(Clean(s)) equals Clean(s).
func Clean(s string) string {
	r := joiners(visible(s))
	r = limitMarks(r)
	// Some characters come apart into a letter and a mark in NFC, hence the
	// second count. Before NFC the count keeps x/text from putting in CGJ.
	r = limitMarks([]rune(norm.NFC.String(string(r))))
	return lines(r)
}

// visible drops what cannot be seen, except the joiner and the emoji selector,
// and makes all line ends \n and all spaces U+0020.
func visible(s string) []rune {
	out := make([]rune, 0, len(s))
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		switch {
		case r > ' ' && r < 0x7F, r >= 'Ѐ' && r <= 'ӿ':
			out = append(out, r)
		case r == utf8.RuneError && size == 1:
		case r == '\r':
			if i >= len(s) || s[i] != '\n' {
				out = append(out, '\n')
			}
		case r == '\n', r == '\v', r == '\f', r == '\u0085', r == '\u2028', r == '\u2029':
			out = append(out, '\n')
		case r == '\t', unicode.Is(unicode.Zs, r):
			out = append(out, ' ')
		case r == joiner, r == emojiSelector, !invisible(r):
			out = append(out, r)
		}
	}
	return out
}

// The two invisible characters that emoji are built with.
const (
	joiner        = '\u200d'
	emojiSelector = '\ufe0f'
	keycap        = '\u20e3'
)

// invisible reports whether r shows nothing or nothing that can be trusted:
// controls, formats (with direction marks and tags), private use, fillers,
// variation selectors.
func invisible(r rune) bool {
	switch {
	case r < 0x80:
		return r < 0x20 || r == 0x7F
	case r == '\u034f', r == '\u2800', r == '\u115f', r == '\u1160', r == '\u3164', r == '\uffa0':
		return true
	case r >= 0xFE00 && r <= 0xFE0F, r >= 0xE0000 && r <= 0xE0FFF:
		return true
	case r&0xFFFE == 0xFFFE, r >= 0xFDD0 && r <= 0xFDEF:
		return true
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Variation_Selector)
}

// joiners drops every joiner and emoji selector that is not part of an emoji.
func joiners(in []rune) []rune {
	out := in[:0]
	for i, r := range in {
		var prev, next rune
		if len(out) > 0 {
			prev = out[len(out)-1]
		}
		if i+1 < len(in) {
			next = in[i+1]
		}
		switch {
		case r == joiner && !(pictograph(prev) || prev == emojiSelector) || r == joiner && !pictograph(next):
		case r == emojiSelector && !pictograph(prev) && !(next == keycap && keycapBase(prev)):
		default:
			out = append(out, r)
		}
	}
	return out
}

// pictograph reports whether r can stand in an emoji sequence.
func pictograph(r rune) bool {
	switch {
	case r >= 0x1F000 && r <= 0x1FAFF, r >= 0x2190 && r <= 0x21FF, r >= 0x2300 && r <= 0x23FF,
		r >= 0x25A0 && r <= 0x27BF, r >= 0x2B00 && r <= 0x2BFF:
		return true
	}
	switch r {
	case '©', '®', '‼', '⁉', '™', 'ℹ', '〰', '〽', '㊗', '㊙':
		return true
	}
	return false
}

// keycapBase reports whether r is drawn on a key by U+20E3.
func keycapBase(r rune) bool { return r >= '0' && r <= '9' || r == '#' || r == '*' }

// limitMarks drops marks beyond two on a letter, and marks without a letter.
func limitMarks(in []rune) []rune {
	out := in[:0]
	marks := marksPerLetter
	for _, r := range in {
		switch {
		case r == ' ' || r == '\n':
			marks = marksPerLetter
		case r >= 0x300 && unicode.Is(unicode.M, r):
			if marks++; marks > marksPerLetter {
				continue
			}
		default:
			marks = 0
		}
		out = append(out, r)
	}
	return out
}

// lines joins the runes to trimmed lines.
func lines(in []rune) string {
	var out strings.Builder
	out.Grow(len(in) * 2)
	space, ends := false, 0
	for _, r := range in {
		switch r {
		case ' ':
			space = true
			continue
		case '\n':
			ends++
			space = false
			continue
		}
		if out.Len() > 0 {
			out.WriteString("\n\n\n"[:min(ends, blankLines+1)])
			if space && ends == 0 {
				out.WriteByte(' ')
			}
		}
		space, ends = false, 0
		out.WriteRune(r)
	}
	return out.String()
}
