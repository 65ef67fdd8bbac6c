package locales

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// ToLatin writes the Cyrillic words of cyr in Latin letters by the official
// rules, with U+02BB and U+02BC, and keeps the case: ШАҲАР SHAHAR, Шаҳар
// Shahar. Everything that is not Cyrillic stays as it is.
func ToLatin(cyr string) string {
	out := make([]byte, 0, len(cyr))
	var word []rune
	for i, r := range cyr {
		if cyrillic(unicode.ToLower(r)) {
			word = append(word, r)
			continue
		}
		out = appendLatin(out, word)
		word = word[:0]
		_, size := utf8.DecodeRuneInString(cyr[i:])
		out = append(out, cyr[i:i+size]...)
	}
	return string(appendLatin(out, word))
}

// appendLatin adds one Cyrillic word in Latin letters.
func appendLatin(out []byte, word []rune) []byte {
	if len(word) == 0 {
		return out
	}
	low := make([]rune, len(word))
	for i, r := range word {
		low[i] = unicode.ToLower(r)
	}
	i := 0
	if latn, n := irregularLatin(low); n > 0 {
		out = append(out, sameCase(latn, word)...)
		i = n
	}
	for ; i < len(word); i++ {
		latn := latinFor(low, i)
		if word[i] != low[i] && latn != "" {
			if loud(word, i) {
				latn = strings.ToUpper(latn)
			} else {
				latn = capital(latn)
			}
		}
		out = append(out, latn...)
	}
	return out
}

// loud reports whether a digraph for the capital word[i] is all capitals: when
// the next letter, or at the word's end the one before, is a capital.
func loud(word []rune, i int) bool {
	if i+1 < len(word) {
		return unicode.IsUpper(word[i+1])
	}
	return i > 0 && unicode.IsUpper(word[i-1])
}

// latinFor spells the letter w[i] of a word in small Cyrillic letters.
func latinFor(w []rune, i int) string {
	var prev, next rune
	if i > 0 {
		prev = w[i-1]
	}
	if i+1 < len(w) {
		next = w[i+1]
	}
	open := cyrillicVowel(prev) || prev == 'ы' || prev == 'ъ' || prev == 'ь'
	switch w[i] {
	case 'е':
		if i == 0 || open {
			return "ye"
		}
		return "e"
	case 'ц':
		if open {
			return "ts"
		}
		return "s"
	case 'ъ':
		if prev == 'ў' || !cyrillicVowel(prev) && strings.ContainsRune("еёюя", next) {
			return ""
		}
		return string(tutuq)
	case 'ь':
		if next == 'о' {
			return "y"
		}
		return ""
	case 'с':
		if next == 'ҳ' { // so that it is not read as sh
			return "s" + string(tutuq)
		}
		return "s"
	}
	return regularLatin(w[i])
}

// cyrillicVowel reports whether a small Cyrillic letter is a vowel.
func cyrillicVowel(r rune) bool {
	switch r {
	case 'а', 'е', 'ё', 'и', 'о', 'у', 'э', 'ю', 'я', 'ў':
		return true
	}
	return false
}

// ToCyrillic writes the Latin words of latn in Cyrillic letters, whatever the
// apostrophes are typed with. It changes every Latin letter it meets; texts
// with markup, links and names that stay in Latin go through [CyrillicText].
func ToCyrillic(latn string) string {
	c := converter{stems: lexicon()}
	return c.text(Apostrophes(latn))
}

// converter writes Latin words in Cyrillic letters with the help of a lexicon.
type converter struct{ stems []stem }

// text converts every Latin word of s, whose apostrophes are normal.
func (c converter) text(s string) string {
	var out strings.Builder
	out.Grow(len(s) * 2)
	for s != "" {
		start := strings.IndexFunc(s, latinPart)
		if start < 0 {
			break
		}
		end := start + wordLen(s[start:])
		out.WriteString(s[:start])
		out.WriteString(c.word(s[start:end]))
		s = s[end:]
	}
	out.WriteString(s)
	return out.String()
}

// wordLen returns the length in bytes of the Latin word at the start of s.
func wordLen(s string) int {
	n := strings.IndexFunc(s, func(r rune) bool { return !latinPart(r) })
	if n < 0 {
		return len(s)
	}
	return n
}

// word converts one Latin word; capitals are kept for the first letter or for
// the whole word.
func (c converter) word(word string) string {
	low := strings.ToLower(word)
	out := make([]byte, 0, 2*len(low))
	i := 0
	if st, ok := c.stem(low); ok {
		cyrl := st.cyrl
		i = len(st.latn)
		if i < len(low) { // январь, but январда
			cyrl = strings.TrimSuffix(cyrl, "ь")
		}
		out = append(out, cyrl...)
	}
	for i < len(low) {
		cyrl, n := cyrillicAt(low, i)
		out = append(out, cyrl...)
		i += n
	}
	return sameCase(string(out), []rune(word))
}

// stem finds the longest stem of the lexicon at the start of a word.
func (c converter) stem(word string) (stem, bool) {
	var best stem
	for _, st := range c.stems {
		rest, ok := strings.CutPrefix(word, st.latn)
		if !ok || len(st.latn) <= len(best.latn) {
			continue
		}
		if st.short && rest != "" && !caseEnding(rest) {
			continue
		}
		best = st
	}
	return best, best.latn != ""
}

// cyrillicAt converts the letter or group of letters at word[i] and returns how
// many bytes it took.
func cyrillicAt(word string, i int) (string, int) {
	rest := word[i:]
	for _, g := range [...]struct{ latn, cyrl string }{
		{"sʼh", "сҳ"}, {"sh", "ш"}, {"ch", "ч"}, {"oʻ", "ў"}, {"gʻ", "ғ"},
		{"yoʻ", "йў"}, {"yo", "ё"}, {"ya", "я"}, {"yu", "ю"}, {"ye", "е"},
		{"tsiya", "ция"}, {"tsion", "цион"},
	} {
		if strings.HasPrefix(rest, g.latn) {
			return g.cyrl, len(g.latn)
		}
	}
	if rest[0] == 'e' {
		prev, _ := utf8.DecodeLastRuneInString(word[:i])
		if i == 0 || strings.ContainsRune("aeiouʻ", prev) {
			return "э", 1
		}
		return "е", 1
	}
	r, size := utf8.DecodeRuneInString(rest)
	return string(cyrillicFor(r)), size
}

// capital returns s with a capital first letter.
func capital(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}

// sameCase gives the small letters of s the case of word.
func sameCase(s string, word []rune) string {
	if !unicode.IsUpper(word[0]) || s == "" {
		return s
	}
	if len(word) == 1 {
		return capital(s)
	}
	for _, r := range word {
		if unicode.IsLower(r) {
			return capital(s)
		}
	}
	return strings.ToUpper(s)
}
