package casework

import (
	"slices"
	"strings"
	"unicode"

	"koprik/locales"
)

// leastMasked is the shortest word of a name that is hidden wherever a word begins so: a
// shorter one is more often another word, and is hidden only where it stands as a name.
const leastMasked = 3

// masked hides names in somebody's words: each word that is one of a name, in any of the
// scripts and with any ending, becomes a mask. Words of respect beside a name
// ("aka", «тётя») are not names: they are written small.
func masked(words string, names []string, mask string) string {
	stems := stemsOf(names)
	if len(stems) == 0 {
		return words
	}
	var out strings.Builder
	rest, gap, hid := words, "", false
	for rest != "" {
		end := strings.IndexFunc(rest, inWord)
		if end < 0 {
			end = len(rest)
		}
		gap, rest = rest[:end], rest[end:]
		end = strings.IndexFunc(rest, func(r rune) bool { return !inWord(r) })
		if end < 0 {
			end = len(rest)
		}
		word := rest[:end]
		rest = rest[end:]
		key := maskKey(word)
		hide := key != "" && slices.ContainsFunc(stems, func(n stemmed) bool { return n.hides(word, key) })
		if hide && hid && strings.TrimSpace(gap) == "" { // the rest of the same name
			continue
		}
		if out.WriteString(gap); hide {
			word = mask
		}
		out.WriteString(word)
		hid = hide
	}
	return out.String()
}

// stemmed is one word of a name, in the spelling by which words are compared.
type stemmed struct {
	whole    string // Uzbek adds its endings to it
	stem     string // Russian puts others in the place of its last vowel; empty where there is none
	fleeting string // Russian leaves a vowel out: Павел, Павлу; empty where it does not
}

// stemsOf are the words of names, to be found whatever their endings.
func stemsOf(names []string) []stemmed {
	var list []stemmed
	for _, name := range names {
		fields := strings.FieldsFunc(name, func(r rune) bool { return !inWord(r) })
		capital := slices.ContainsFunc(fields, capitalised)
		for _, word := range fields {
			key := maskKey(word)
			if len(key) < 2 || strings.Contains(key, " ") || capital && !capitalised(word) {
				continue
			}
			if n := stemOf(key); !slices.Contains(list, n) {
				list = append(list, n)
			}
		}
	}
	return list
}

func stemOf(key string) stemmed {
	n := stemmed{whole: key}
	if len(key) < leastMasked {
		return n
	}
	n.stem = strings.TrimRight(key, vowels)
	if len(n.stem) < leastMasked { // «Зоя», «Анна»
		n.stem = ""
		if short, ok := strings.CutSuffix(key, "a"); ok {
			n.stem = strings.TrimSuffix(short, "y")
		}
	}
	for _, last := range []string{"el", "er", "en", "ek", "ev", "ets"} {
		if short, ok := strings.CutSuffix(key, last); ok && short != "" && !strings.ContainsAny(short[len(short)-1:], vowels) {
			n.fleeting = short + strings.TrimPrefix(last, "e")
		}
	}
	return n
}

// hides tells whether a word, whose key is given, is this one of a name.
func (n stemmed) hides(word, key string) bool {
	if len(n.whole) < leastMasked {
		rest, ok := strings.CutPrefix(key, n.whole)
		return ok && capitalised(word) && slices.Contains([]string{"", "ga", "ni", "da", "dan", "ning"}, rest)
	}
	if strings.HasPrefix(key, n.whole) {
		return true
	}
	if rest, ok := strings.CutPrefix(key, n.stem); ok && n.stem != "" && (len(n.stem) > leastMasked || russianEnding(rest)) {
		return true
	}
	for _, short := range []string{n.fleeting, strings.TrimSuffix(n.fleeting, "ts") + "s"} { // «Якубец, Якубца»
		if rest, ok := strings.CutPrefix(key, short); ok && n.fleeting != "" && rest != "" && russianEnding(rest) {
			return true
		}
	}
	return false
}

const vowels = "aeiouy"

// russianEnding tells whether letters may stand after the stem of a Russian name: those of
// a case («-ии», «-ой», «-ем»), or of what belongs to somebody («-ин», «-иной»).
func russianEnding(rest string) bool {
	after := strings.TrimLeft(rest, vowels)
	if owns, ok := strings.CutPrefix(rest, "in"); ok {
		after = strings.TrimLeft(owns, vowels)
	}
	return after == "" || rest != after && slices.Contains([]string{"m", "mi", "h", "v"}, after)
}

// maskKey is the spelling by which words are compared: «ё» is often written «е».
func maskKey(word string) string { return strings.ReplaceAll(locales.Fold(word), "yo", "e") }

func capitalised(word string) bool {
	for _, r := range word {
		return unicode.IsUpper(r)
	}
	return false
}

// inWord tells whether a character is one of a word: Uzbek writes oʻ and gʻ with one that
// is no letter on many phones.
func inWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsMark(r) || strings.ContainsRune("'`ʻʼ‘’´", r)
}
