package casework

import (
	"strings"
	"unicode"

	"koprik/locales"
	"koprik/mahalla"
)

// lookalikes are letters that lists confuse, each Latin one before its Cyrillic
// twin.
const lookalikes = "aаeеoоpрcсyуxхkкmмtтAАBВEЕHНKКMМOОPРCСTТYУXХ"

// strangers are pairs whose Cyrillic letter is in no alphabet of ours: it gives
// way to the Latin one, never the other way round.
const strangers = "iіjјsѕhһIІJЈSЅ"

// script is one of the two that names are written in.
type script struct {
	own, other *unicode.RangeTable
	twins      map[rune]rune // letters of the other script that look like one of this
}

// scripts makes the two scripts.
func scripts() (latin, cyrillic *script) {
	latin = &script{unicode.Latin, unicode.Cyrillic, map[rune]rune{}}
	cyrillic = &script{unicode.Cyrillic, unicode.Latin, map[rune]rune{}}
	pairs := []rune(lookalikes + strangers)
	for i := 0; i < len(pairs); i += 2 {
		latin.twins[pairs[i+1]] = pairs[i]
		if i < len([]rune(lookalikes)) {
			cyrillic.twins[pairs[i]] = pairs[i+1]
		}
	}
	return latin, cyrillic
}

// mend replaces look-alike letters of words that mix both scripts by those of
// the script that most of the word is in; where both are even it is the first.
// It tells how many letters it replaced, and whether a word stays mixed because
// some of its letters look like nothing in the other script.
func mend(s string, first, second *script) (mended string, replaced int, mixed bool) {
	runes := []rune(s)
	for i := 0; i < len(runes); i++ {
		start := i
		for i < len(runes) && wordPart(runes[i]) {
			i++
		}
		n, ok := mendWord(runes[start:i], first, second)
		replaced += n
		mixed = mixed || !ok
	}
	return string(runes), replaced, mixed
}

func wordPart(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsMark(r) || strings.ContainsRune("'`‘’‛´′", r)
}

// mendWord repairs a word in place.
func mendWord(w []rune, first, second *script) (replaced int, ok bool) {
	ours, theirs := 0, 0
	for _, r := range w {
		if unicode.Is(first.own, r) {
			ours++
		} else if unicode.Is(second.own, r) {
			theirs++
		}
	}
	if theirs > ours {
		first, second, ours, theirs = second, first, theirs, ours
	}
	switch {
	case theirs == 0:
	case first.explains(w):
		first.write(w)
		return theirs, true
	case second.explains(w):
		second.write(w)
		return ours, true
	}
	return 0, theirs == 0
}

// explains tells whether every letter of the other script has a twin in this.
func (s *script) explains(w []rune) bool {
	for _, r := range w {
		if unicode.Is(s.other, r) && s.twins[r] == 0 {
			return false
		}
	}
	return true
}

// write writes a word in this script.
func (s *script) write(w []rune) {
	for i, r := range w {
		if twin := s.twins[r]; twin != 0 {
			w[i] = twin
		}
	}
}

// PlaceName is the name of a place in a file.
type PlaceName struct {
	Given mahalla.Names // as the file has it, repaired; empty where it has none
	Names mahalla.Names // with the missing ones made; empty if the file has none
}

// completed makes the names that are missing: the Uzbek ones of each other, the
// Russian one of the Cyrillic.
func completed(given mahalla.Names) PlaceName {
	n := given
	if n.UzLatn == "" {
		n.UzLatn = locales.ToLatin(n.UzCyrl)
	}
	if n.UzCyrl == "" {
		n.UzCyrl = locales.ToCyrillic(n.UzLatn)
	}
	if n.Ru == "" {
		n.Ru = n.UzCyrl
	}
	return PlaceName{Given: given, Names: n}
}

// over is the name of a place that has one already: what the file does not give
// is made anew only when what it gives has changed, so that a name in another
// language outlives a file that lacks its column.
func (n PlaceName) over(have mahalla.Names) mahalla.Names {
	if n.agrees(have) {
		return have
	}
	return n.Names
}

// agrees tells whether the file says nothing else than is known.
func (n PlaceName) agrees(have mahalla.Names) bool {
	same := func(given, have string) bool { return given == "" || given == have }
	return same(n.Given.UzLatn, have.UzLatn) && same(n.Given.UzCyrl, have.UzCyrl) && same(n.Given.Ru, have.Ru)
}

// straighten puts Uzbek names that stand in the column of the other script into
// their own, and tells whether there were any. Capitals alone are no Latin
// name: they may be a Roman number.
func straighten(n mahalla.Names) (mahalla.Names, bool) {
	latn, cyrl := n.UzLatn, n.UzCyrl
	if only(latn, unicode.Cyrillic, unicode.Latin) {
		latn = ""
		if !only(cyrl, unicode.Cyrillic, unicode.Latin) {
			cyrl = n.UzLatn
		}
	}
	if only(n.UzCyrl, unicode.Latin, unicode.Cyrillic) && strings.ToUpper(n.UzCyrl) != n.UzCyrl {
		if cyrl == n.UzCyrl {
			cyrl = ""
		}
		if latn == "" {
			latn = n.UzCyrl
		}
	}
	moved := latn != n.UzLatn || cyrl != n.UzCyrl
	n.UzLatn, n.UzCyrl = latn, cyrl
	return n, moved
}

// only tells whether a name has letters of one script and none of the other.
func only(s string, of, not *unicode.RangeTable) bool {
	has := func(script *unicode.RangeTable) bool {
		return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(script, r) })
	}
	return has(of) && !has(not)
}
