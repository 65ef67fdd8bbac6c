package casework

import (
	"slices"
	"strings"
	"unicode"

	"koprik/locales"
)

// leastMasked is the shortest word of a name that is hidden: a shorter one is more often
// another word.
const leastMasked = 3

// masked hides names in somebody's words: each word that begins as one of a name does, in
// any of the scripts and with any ending, becomes a mask. Words of respect beside a name
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
		hide := word != "" && slices.ContainsFunc(stems, func(stem string) bool { return strings.HasPrefix(locales.Fold(word), stem) })
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

// stemsOf are what the words of names begin with, whatever their endings: without a vowel
// at the end, which Russian changes.
func stemsOf(names []string) []string {
	var list []string
	for _, name := range names {
		fields := strings.FieldsFunc(name, func(r rune) bool { return !inWord(r) })
		capital := slices.ContainsFunc(fields, capitalised)
		for _, word := range fields {
			stem := locales.Fold(word)
			if capital && !capitalised(word) || len([]rune(stem)) < leastMasked || strings.Contains(stem, " ") {
				continue
			}
			if cut := strings.TrimRight(stem, "aeiouy"); len(cut) > leastMasked {
				stem = cut
			}
			if !slices.Contains(list, stem) {
				list = append(list, stem)
			}
		}
	}
	return list
}

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
