package locales

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold returns the natural key of s, under which the spellings of a text meet:
// Latin or Cyrillic letters, a mixture of look-alikes, any apostrophe or none,
// x or h, q or k, w for sh, the letters of the alphabet of 2026.
//
// The key holds a-z, 0-9 and ñ in words with one space between; doubled letters
// are single. Marks and invisible characters inside a word are dropped,
// everything else ends a word. Fold(Fold(s)) equals Fold(s).
func Fold(s string) string { return fold(s, false) }

// FoldName returns the loose key of a place name: the natural key with o and u
// merged, because oʻ is often typed as u. In free text the loose key makes
// Russian «нужна» begin like «нож», so it is for names only.
func FoldName(s string) string { return fold(s, true) }

// FoldWords returns the words of the natural key of s.
func FoldWords(s string) []string { return strings.Fields(Fold(s)) }

// fold is one pass over the runes; only rare characters make it normalise first.
func fold(s string, loose bool) string {
	if !plain(s) {
		// NFKC turns U+00B4 into a space and a mark, which would split the word.
		s = norm.NFKC.String(strings.ReplaceAll(s, "\u00b4", "'"))
	}
	var buf [48]rune
	word := buf[:0]
	k := key{out: make([]byte, 0, len(s)+8), loose: loose}
	for i := 0; i < len(s); {
		r, size := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[i:])
		}
		i += size
		switch r, c := letter(r); c {
		case inWord:
			word = append(word, r)
		case border:
			k.word(word)
			word = word[:0]
		}
	}
	k.word(word)
	return string(k.out)
}

// plain reports whether s holds only characters that NFKC leaves as they are.
func plain(s string) bool {
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r >= 'Ѐ' && r <= 'ҿ':
		case r == okina || r == tutuq || r >= 0x2010 && r <= 0x201F:
		default:
			return norm.NFKC.IsNormalString(s) && !strings.ContainsRune(s, '\u00b4')
		}
		i += size
	}
	return true
}

// key is a folded text that grows by whole words.
type key struct {
	out   []byte
	last  byte // the last letter of the current word, 0 at its start
	loose bool
}

// word adds a word given in small letters.
func (k *key) word(w []rune) {
	if len(w) == 0 {
		return
	}
	start := len(k.out)
	if start > 0 {
		k.out = append(k.out, ' ')
	}
	k.last = 0
	unmix(w)
	for i := 0; i < len(w); {
		if !cyrillic(w[i]) {
			k.latin(w[i])
			i++
			continue
		}
		end := i + 1
		for end < len(w) && cyrillic(w[end]) {
			end++
		}
		k.cyrillic(w[i:end])
		i = end
	}
	if k.last == 0 { // a lone soft sign leaves nothing
		k.out = k.out[:start]
	}
}

// latin adds a letter or digit that is not Cyrillic.
func (k *key) latin(r rune) {
	if r < utf8.RuneSelf {
		k.add(byte(r))
		return
	}
	k.spell(foreign(r))
}

// cyrillic adds a run of Cyrillic letters.
func (k *key) cyrillic(w []rune) {
	i := 0
	if latn, n := irregularLatin(w); n > 0 {
		k.spell(latn)
		i = n
	}
	for ; i < len(w); i++ {
		k.spell(latinFor(w, i))
	}
}

// spell adds letters, leaving the apostrophes out.
func (k *key) spell(latn string) {
	for _, r := range latn {
		switch {
		case r < utf8.RuneSelf:
			k.add(byte(r))
		case r != okina && r != tutuq:
			k.out = utf8.AppendRune(k.out, r)
			k.last = ' '
		}
	}
}

// add adds one letter or digit, merged with its like and never doubled.
func (k *key) add(c byte) {
	switch {
	case c == 'x':
		c = 'h'
	case c == 'q':
		c = 'k'
	case c == 'w':
		k.add('s')
		c = 'h'
	case c == 'o' && k.loose:
		c = 'u'
	}
	if c == k.last && c >= 'a' {
		return
	}
	k.out = append(k.out, c)
	k.last = c
}
