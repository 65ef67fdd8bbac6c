package mahalla

import "strings"

// Language is a written language: a tongue together with its script.
type Language string

// The languages in which every text of the bot exists.
const (
	UzLatn Language = "uz-Latn" // Uzbek in the Latin script, the source text
	UzCyrl Language = "uz-Cyrl" // Uzbek in the Cyrillic script
	Ru     Language = "ru"      // Russian
)

// Languages lists every language in the order in which a person is offered them.
func Languages() []Language { return []Language{UzLatn, UzCyrl, Ru} }

// ParseLanguage returns the language with that exact tag.
func ParseLanguage(tag string) (Language, bool) {
	for _, l := range Languages() {
		if string(l) == tag {
			return l, true
		}
	}
	return "", false
}

// GuessLanguage picks a first language from the code that a Telegram client
// reports ("uz", "ru-RU", empty). People of Uzbekistan with a client in any
// third language are met in Uzbek.
func GuessLanguage(client string) Language {
	client = strings.ToLower(client)
	switch {
	case strings.HasPrefix(client, "uz-cyrl"):
		return UzCyrl
	case client == "ru" || strings.HasPrefix(client, "ru-"):
		return Ru
	}
	return UzLatn
}
