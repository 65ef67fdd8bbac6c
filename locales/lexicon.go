package locales

import "strings"

// stem is the beginning of a word that the rules alone would misspell in
// Cyrillic, mostly a loan word with ц, ь or ъ.
type stem struct {
	latn, cyrl string
	short      bool // only with a case ending: sex is a workshop, sexy is not
}

// lexicon lists the stems of the language. It is the reference lexicon, so that
// the figures measured with it hold.
func lexicon() []stem {
	return []stem{
		{latn: "sanksiya", cyrl: "санкция"}, {latn: "film", cyrl: "фильм"},
		{latn: "neft", cyrl: "нефть"}, {latn: "rubl", cyrl: "рубль"},
		{latn: "fransuz", cyrl: "француз"}, {latn: "fransiya", cyrl: "франция"},
		{latn: "militsiya", cyrl: "милиция"}, {latn: "politsiya", cyrl: "полиция"},
		{latn: "sentabr", cyrl: "сентябрь"}, {latn: "oktabr", cyrl: "октябрь"},
		{latn: "noyabr", cyrl: "ноябрь"}, {latn: "dekabr", cyrl: "декабрь"},
		{latn: "yanvar", cyrl: "январь"}, {latn: "fevral", cyrl: "февраль"},
		{latn: "aprel", cyrl: "апрель"}, {latn: "iyun", cyrl: "июнь"},
		{latn: "iyul", cyrl: "июль"}, {latn: "budjet", cyrl: "бюджет"},
		{latn: "sement", cyrl: "цемент"}, {latn: "sirk", cyrl: "цирк", short: true},
		{latn: "konsert", cyrl: "концерт"}, {latn: "aksiya", cyrl: "акция"},
		{latn: "stansiya", cyrl: "станция"}, {latn: "funksiya", cyrl: "функция"},
		{latn: "kompyuter", cyrl: "компьютер"}, {latn: "obyekt", cyrl: "объект"},
		{latn: "subyekt", cyrl: "субъект"}, {latn: "rayon", cyrl: "район"},
		{latn: "sudya", cyrl: "судья"}, {latn: "syezd", cyrl: "съезд"},
		{latn: "albom", cyrl: "альбом"}, {latn: "pochtalyon", cyrl: "почтальон"},
		{latn: "batalyon", cyrl: "батальон"}, {latn: "mayor", cyrl: "майор"},
		{latn: "konsern", cyrl: "концерн"}, {latn: "litsey", cyrl: "лицей"},
		{latn: "dotsent", cyrl: "доцент"}, {latn: "kansler", cyrl: "канцлер"},
		{latn: "retsept", cyrl: "рецепт"}, {latn: "protsess", cyrl: "процесс"},
		{latn: "protsent", cyrl: "процент"}, {latn: "ofitser", cyrl: "офицер"},
		{latn: "sex", cyrl: "цех", short: true}, {latn: "sellofan", cyrl: "целлофан"},
		{latn: "sistern", cyrl: "цистерн"}, {latn: "filtr", cyrl: "фильтр"},
		{latn: "moʻjiza", cyrl: "мўъжиза"}, {latn: "moʻtabar", cyrl: "мўътабар"},
		{latn: "moʻtadil", cyrl: "мўътадил"}, {latn: "mebel", cyrl: "мебель"},
		{latn: "avtomobil", cyrl: "автомобиль"}, {latn: "kollektiv", cyrl: "коллектив"},
	}
}

// textLexicon adds the stems that stand in texts like ours and that Uzbek
// Cyrillic writes otherwise than the rules do.
func textLexicon() []stem {
	return append(lexicon(), []stem{
		{latn: "parol", cyrl: "пароль"}, {latn: "profil", cyrl: "профиль"},
		{latn: "asfalt", cyrl: "асфальт"}, {latn: "kabel", cyrl: "кабель"},
		{latn: "litsenziya", cyrl: "лицензия"}, {latn: "sotsial", cyrl: "социал"},
		{latn: "spetsial", cyrl: "специал"}, {latn: "patsiyent", cyrl: "пациент"},
		{latn: "kansel", cyrl: "канцел"}, {latn: "mototsikl", cyrl: "мотоцикл"},
		{latn: "velosiped", cyrl: "велосипед"}, {latn: "kalendar", cyrl: "календарь"},
		{latn: "magistral", cyrl: "магистраль"}, {latn: "bulvar", cyrl: "бульвар"},
		{latn: "alternativ", cyrl: "альтернатив"}, {latn: "natija", cyrl: "натижа"},
		{latn: "fakultet", cyrl: "факультет"}, {latn: "vedomost", cyrl: "ведомость"},
		{latn: "avtostansiya", cyrl: "автостанция"}, {latn: "podstansiya", cyrl: "подстанция"},
	}...)
}

// caseEnding reports whether rest is an ending that a short stem may have.
func caseEnding(rest string) bool {
	switch rest {
	case "da", "ga", "ni", "ning", "dan", "lar", "i", "lari", "larda":
		return true
	}
	return false
}

// irregularLatin returns the Latin spelling of the irregular stem, in small
// letters, at the start of a word, and how many of its letters that covers. The
// soft sign after the stem is covered too.
func irregularLatin(w []rune) (string, int) {
	switch w[0] {
	case 'с', 'о', 'б', 'п', 'ж':
	default:
		return "", 0
	}
	for _, st := range [...]struct{ cyrl, latn string }{
		{"сентябр", "sentabr"}, {"октябр", "oktabr"}, {"бюджет", "budjet"},
		{"бюллетен", "bulleten"}, {"брошюра", "broshura"},
		{"парашют", "parashut"}, {"жюри", "juri"},
	} {
		n := 0
		for _, r := range st.cyrl {
			if n >= len(w) || w[n] != r {
				n = 0
				break
			}
			n++
		}
		if n == 0 {
			continue
		}
		if n < len(w) && w[n] == 'ь' {
			n++
		}
		return st.latn, n
	}
	return "", 0
}

// regularLatin spells a small Cyrillic letter that is spelt the same everywhere.
func regularLatin(r rune) string {
	switch r {
	case 'ч':
		return "ch"
	case 'ш', 'щ':
		return "sh"
	case 'ю':
		return "yu"
	case 'я':
		return "ya"
	case 'ё':
		return "yo"
	case 'ў':
		return "oʻ"
	case 'ғ':
		return "gʻ"
	}
	const cyrl, latn = "абвгджзийклмнопрстуфхыэқҳ", "abvgdjziyklmnoprstufxieqh"
	if i := strings.IndexRune(cyrl, r); i >= 0 {
		return latn[i/2 : i/2+1] // every letter of cyrl takes two bytes
	}
	return string(r)
}

// cyrillicFor returns the Cyrillic letter for a single small Latin letter.
func cyrillicFor(r rune) rune {
	switch r {
	case tutuq:
		return 'ъ'
	case 'c':
		return 'с'
	case 'w':
		return 'в'
	}
	const latn, cyrl = "abdefghijklmnopqrstuvxyz", "абдефгҳижклмнопқрстувхйз"
	if i := strings.IndexRune(latn, r); i >= 0 {
		return []rune(cyrl)[i]
	}
	return r
}
