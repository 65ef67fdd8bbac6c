package casework

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// HTML is text that is ready to be shown. Everything else is escaped when it
// becomes part of a text: here, and nowhere else.
type HTML string

// words speaks one language. The first text that cannot be made is kept as the
// error of all of them, so that a screen is composed without a check per line.
type words struct {
	desk *Desk
	lang mahalla.Language
	now  time.Time
	err  error
}

// speak begins to word something in a language.
func (d *Desk) speak(lang mahalla.Language, now time.Time) *words {
	return &words{desk: d, lang: lang, now: now}
}

// say renders a text; pairs are argument names and values.
func (w *words) say(key string, pairs ...any) string {
	args := make(map[string]any, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i].(string)] = shown(pairs[i+1])
	}
	text, err := w.desk.catalogue.Text(w.lang, key, args)
	w.err = errors.Join(w.err, err)
	return text
}

// shown is a value as it stands in a text: escaped, unless it is ready.
func shown(value any) string {
	switch v := value.(type) {
	case HTML:
		return string(v)
	case string:
		return locales.Escape(v)
	}
	return locales.Escape(fmt.Sprint(value))
}

// when shows a moment: "bugun 11:40".
func (w *words) when(t time.Time) string {
	return w.desk.catalogue.When(w.lang, t, w.now)
}

// length shows a duration: "45 daqiqa".
func (w *words) length(d time.Duration) string {
	return w.desk.catalogue.Duration(w.lang, max(time.Minute, d))
}

// category is the short name of a category, with its emoji.
func (w *words) category(code mahalla.CategoryCode) string { return w.say("category." + string(code)) }

// neutral is the category as the reporter's own phone shows it: whoever looks
// over the shoulder must not read what a secret report is about.
func (w *words) neutral(code mahalla.CategoryCode) string {
	if w.desk.Reference().Categories[code].Secrecy == mahalla.Secret {
		return w.say("category.neutral")
	}
	return w.category(code)
}

// role names a role.
func (w *words) role(r mahalla.Role) string { return w.say("role." + string(r)) }

// level names those who stand on a level of the ladder.
func (w *words) level(l mahalla.Level) string { return w.say("level." + strconv.Itoa(int(l))) }

// place names a place, always with its district: names of mahallas repeat.
func (w *words) place(id mahalla.TerritoryID) string {
	r := w.desk.Reference()
	t := r.Territories[id]
	if t == nil {
		return ""
	}
	name := w.placeShort(id)
	district := r.Above(id, mahalla.District)
	if district == nil || district.ID == id {
		return name
	}
	return w.say("place.in", "name", HTML(name), "district", district.Names.In(w.lang))
}

// placeShort names a place without its district.
func (w *words) placeShort(id mahalla.TerritoryID) string {
	t := w.desk.Reference().Territories[id]
	switch {
	case t == nil:
		return ""
	case t.Kind == mahalla.Mahalla:
		return w.say("place.mahalla", "name", t.Names.In(w.lang))
	case t.Kind == mahalla.Sector && t.Number > 0:
		return w.say("place.sector", "n", t.Number)
	}
	return w.say("place.named", "name", t.Names.In(w.lang))
}

// numbers lists telephone numbers.
func (w *words) numbers(list []string) string { return locales.Escape(strings.Join(list, ", ")) }

// emergencies lists the numbers that every first screen shows.
func (w *words) emergencies() string {
	var list []string
	for _, p := range w.desk.Reference().Phones {
		if len(p.Number) == 3 {
			list = append(list, p.Number)
		}
	}
	return w.numbers(list)
}

// mostName is how many UTF-16 units of a name are shown.
const mostName = 40

// personName is a name as it may stand among the bot's own words: people give
// themselves any name that Telegram allows.
func personName(given string) string { return locales.Cut(oneLine(given), mostName) }

// quote shows a person's words so that they cannot look like the bot's own.
func quote(text string, units int) string {
	text = locales.Cut(text, units)
	if text == "" {
		return ""
	}
	return "<blockquote>" + locales.Escape(text) + "</blockquote>"
}

// lines joins what is not empty, one a line.
func lines(list ...string) string {
	var kept []string
	for _, l := range list {
		if l != "" {
			kept = append(kept, l)
		}
	}
	return strings.Join(kept, "\n")
}

func bold(text string) string { return "<b>" + text + "</b>" }

// Explain words a refusal in a person's language: plain text, for an alert, and
// escaped when it becomes a message.
func (d *Desk) Explain(tx *storage.Tx, lang mahalla.Language, refusal *mahalla.Error, now time.Time) (string, error) {
	w := d.speak(lang, now)
	args := []any{}
	for name, value := range refusal.Args {
		shown, err := w.argument(tx, name, value)
		if err != nil {
			return "", err
		}
		if name == "by" || name == "role" {
			name = "name"
		}
		args = append(args, name, HTML(shown)) // nothing to escape yet
	}
	text := w.say("error."+refusal.Reason, args...)
	return text, w.err
}

// argument turns what a rule knows into what a person reads: a person's id
// into a name, a role into its title, seconds into a time of day.
func (w *words) argument(tx *storage.Tx, name, value string) (string, error) {
	switch name {
	case "by":
		id, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			return "", fmt.Errorf("casework: refusal: %w", err)
		}
		name, err := tx.Name(mahalla.PersonID(id))
		return personName(name), err
	case "role":
		if value == "" {
			return w.level(mahalla.LevelOfficer), nil
		}
		return w.role(mahalla.Role(value)), nil
	case "at":
		seconds, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			return "", fmt.Errorf("casework: refusal: %w", err)
		}
		return w.when(time.Unix(seconds, 0)), nil
	case "wait":
		wait, err := time.ParseDuration(value)
		if err != nil {
			return "", fmt.Errorf("casework: refusal: %w", err)
		}
		return w.length(wait), nil
	}
	return value, nil
}

// Word renders a text for a toast or a menu: plain, without HTML.
func (d *Desk) Word(lang mahalla.Language, now time.Time, key string, pairs ...any) (string, error) {
	w := d.speak(lang, now)
	for i := 1; i < len(pairs); i += 2 {
		if s, ok := pairs[i].(string); ok {
			pairs[i] = HTML(s) // a toast is plain text: nothing to escape
		}
	}
	text := w.say(key, pairs...)
	return text, w.err
}
