package locales

import (
	"unicode"
	"unicode/utf8"
)

// class says what a character does to the word being read.
type class int8

const (
	border class = iota // ends the word
	inWord              // belongs to the word
	silent              // is skipped, the word goes on
)

// letter lowers r and says what it is to a key.
func letter(r rune) (rune, class) {
	switch {
	case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r >= 'а' && r <= 'я':
		return r, inWord
	case r >= 'A' && r <= 'Z', r >= 'А' && r <= 'Я':
		return r + 32, inWord
	case apostrophe(r):
		return r, silent
	case r < utf8.RuneSelf:
		return r, border
	}
	r = unicode.ToLower(r)
	switch {
	case r == 'i', cyrillic(r), foreign(r) != "": // i comes from Turkish İ
		return r, inWord
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return r, silent
	}
	return r, border
}

// cyrillic reports whether r is a small letter of the Uzbek or Russian alphabet.
func cyrillic(r rune) bool {
	switch {
	case r >= 'а' && r <= 'я':
		return true
	case r == 'ё', r == 'ў', r == 'қ', r == 'ғ', r == 'ҳ':
		return true
	}
	return false
}

// foreign spells in plain letters a small letter outside both alphabets: those
// of the Uzbek alphabet of 2026, of Karakalpak, Kazakh and Tajik, and the
// Cyrillic look-alikes. It is empty for every other character.
func foreign(r rune) string {
	switch r {
	case 'ö', 'õ', 'ó', 'ò', 'ô', 'ø', 'ө', 'ӯ':
		return "o"
	case 'ğ', 'ǵ', 'ґ':
		return "g"
	case 'ş', 'š':
		return "sh"
	case 'ç', 'č':
		return "ch"
	case 'á', 'à', 'â', 'ä', 'ã', 'å', 'ā', 'ә':
		return "a"
	case 'é', 'è', 'ê', 'ë', 'є':
		return "e"
	case 'í', 'ì', 'î', 'ï', 'ı', 'і', 'ї', 'ӣ':
		return "i"
	case 'ú', 'ù', 'û', 'ü', 'ү', 'ұ':
		return "u"
	case 'ñ':
		return "ñ"
	case 'ń':
		return "n"
	case 'ң':
		return "ng"
	case 'ý':
		return "y"
	case 'ž', 'ј', 'ҷ', 'җ':
		return "j"
	case 'һ':
		return "h"
	case 'ѕ':
		return "s"
	}
	return ""
}

// unmix repairs in place a word written in letters of both scripts: the letters
// of the rarer script are replaced by their look-alikes of the other.
func unmix(w []rune) {
	cyr, latn := 0, 0
	for _, r := range w {
		switch {
		case r >= 'a' && r <= 'z':
			latn++
		case cyrillic(r):
			cyr++
		}
	}
	if cyr == 0 || latn == 0 {
		return
	}
	for i, r := range w {
		if cyr <= latn {
			w[i] = latinTwin(r)
		} else {
			w[i] = cyrillicTwin(r)
		}
	}
}

// latinTwin returns the Latin letter that looks like r, or r.
func latinTwin(r rune) rune {
	switch r {
	case 'а':
		return 'a'
	case 'с':
		return 'c'
	case 'е':
		return 'e'
	case 'о':
		return 'o'
	case 'р':
		return 'p'
	case 'х':
		return 'x'
	case 'у':
		return 'y'
	case 'к':
		return 'k'
	case 'м':
		return 'm'
	case 'в':
		return 'b'
	case 'н':
		return 'h'
	case 'т':
		return 't'
	case 'і':
		return 'i'
	case 'ј':
		return 'j'
	case 'ѕ':
		return 's'
	}
	return r
}

// cyrillicTwin returns the Cyrillic letter that looks like r, or r.
func cyrillicTwin(r rune) rune {
	switch r {
	case 'a':
		return 'а'
	case 'c':
		return 'с'
	case 'e':
		return 'е'
	case 'o':
		return 'о'
	case 'p':
		return 'р'
	case 'x':
		return 'х'
	}
	return r
}
