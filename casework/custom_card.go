package casework

import (
	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// drawCustom shows what a head wrote, as a quotation.
func (d *Desk) drawCustom(tx *storage.Tx, w *words, r mahalla.Reminder) (mahalla.Screen, error) {
	rule, err := tx.Recurring(r.About)
	if err != nil {
		return mahalla.Screen{}, err
	}
	if rule == nil {
		return mahalla.Screen{}, ErrPointless
	}
	name, err := tx.Name(rule.Author)
	if err != nil {
		return mahalla.Screen{}, err
	}
	return mahalla.Screen{Protect: true, Text: lines(w.say("custom.from", "name", personName(name)), quote(textFor(rule.Texts, w.lang), mahalla.MostCustomText))}, nil
}

// textFor is the text in a language, else the one that there is. Of Uzbek that was
// written as such, each alphabet stands for the other.
func textFor(texts map[mahalla.Language]string, lang mahalla.Language) string {
	if text := texts[lang]; text != "" {
		return text
	}
	if len(texts) > 1 && lang == mahalla.UzCyrl && texts[mahalla.UzLatn] != "" {
		return locales.ToCyrillic(texts[mahalla.UzLatn])
	}
	if len(texts) > 1 && lang == mahalla.UzLatn && texts[mahalla.UzCyrl] != "" {
		return locales.ToLatin(texts[mahalla.UzCyrl])
	}
	for _, l := range mahalla.Languages() {
		if text := texts[l]; text != "" {
			return text
		}
	}
	return ""
}
