package casework

import (
	"strings"
	"time"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// HearCompose hears words about the step that is asked.
func (d *Desk) HearCompose(who *storage.Contact, words string, now time.Time) error {
	c := composing(who)
	if c == nil {
		return mahalla.Refuse(mahalla.Conflict, "custom_gone")
	}
	if err := d.hearStep(who, c, words, now); err != nil {
		return err
	}
	return c.keep(who, now)
}

func (d *Desk) hearStep(who *storage.Contact, c *composed, words string, now time.Time) error {
	switch c.Step {
	case stepText:
		return c.say(words)
	case stepWho:
		return d.setWho(c, words)
	case stepWhere:
		return d.setPlace(who, c, words, now)
	case stepNth:
		return d.setNth(c, words)
	case stepDay:
		if day, ok := d.weekdayNamed(locales.Fold(words)); ok {
			c.Day, c.Step = day, stepClock
			return nil
		}
	case stepClock:
		if clock, ok := d.onlyClock(locales.Clean(words)); ok {
			return d.setClock(c, clock, now)
		}
	}
	return d.setRule(c, words, now)
}

// say takes the text: one for all, or one a language: "uz: … / ru: …".
func (c *composed) say(words string) error {
	texts := splitLanguages(locales.Clean(words))
	for _, text := range texts {
		if locales.UTF16Len(text) > mahalla.MostCustomText {
			return mahalla.Refuse(mahalla.Invalid, "custom_long")
		}
	}
	if len(texts) == 0 {
		return mahalla.Refuse(mahalla.Invalid, "custom_empty")
	}
	c.Texts = texts
	return nil
}

// languageMarks begin a text in a language.
var languageMarks = []struct {
	mark string
	lang mahalla.Language
}{{"uz:", mahalla.UzLatn}, {"oʻz:", mahalla.UzLatn}, {"ўз:", mahalla.UzCyrl}, {"уз:", mahalla.UzCyrl}, {"ru:", mahalla.Ru}, {"ру:", mahalla.Ru}}

// splitLanguages takes a text apart where another language begins: after a slash
// or on a new line.
func splitLanguages(words string) map[mahalla.Language]string {
	texts := map[mahalla.Language]string{}
	lang := mahalla.Language("")
	for _, part := range strings.Split(strings.ReplaceAll(words, " / ", "\n"), "\n") {
		part = strings.TrimSpace(part)
		lower := strings.ToLower(locales.Apostrophes(part))
		for _, m := range languageMarks {
			if strings.HasPrefix(lower, m.mark) {
				_, rest, _ := strings.Cut(part, ":")
				lang, part = m.lang, strings.TrimSpace(rest)
				break
			}
		}
		key := lang
		if key == "" {
			key = mahalla.UzLatn
		}
		texts[key] = strings.TrimSpace(texts[key] + "\n" + part)
	}
	if lang == "" { // one for all is as it was written
		texts = map[mahalla.Language]string{mahalla.UzLatn: strings.TrimSpace(words)}
	}
	for l, text := range texts {
		if text == "" {
			delete(texts, l)
		}
	}
	return texts
}

func (d *Desk) setWho(c *composed, words string) error {
	folded := locales.Fold(words)
	for _, a := range mahalla.Audiences() {
		for _, lang := range mahalla.Languages() {
			name, err := d.catalogue.Text(lang, "audience."+string(a), nil)
			if err == nil && folded != "" && hasWords(locales.Fold(name), folded) {
				c.Who = a
				return nil
			}
		}
	}
	return mahalla.Refuse(mahalla.Invalid, "custom_who")
}

// within lists the places that a head may name: what is supervised, and everything
// below it.
func (d *Desk) within(who *storage.Contact, now time.Time) []mahalla.TerritoryID {
	return d.below(d.supervised(who, now))
}

func (d *Desk) setPlace(who *storage.Contact, c *composed, words string, now time.Time) error {
	folded := locales.FoldName(words)
	var found []mahalla.TerritoryID
	for _, id := range d.within(who, now) {
		t := d.Reference().Territories[id]
		for _, name := range []string{t.Names.UzLatn, t.Names.UzCyrl, t.Names.Ru, t.Code} {
			if folded != "" && !t.Retired && hasWords(locales.FoldName(name), folded) {
				found = append(found, id)
				break
			}
		}
	}
	if len(found) == 0 {
		return d.noSuchPlace(who, mahalla.Invalid, now)
	}
	c.Place, c.Page = found[0], 0
	return nil
}

func (d *Desk) setNth(c *composed, words string) error {
	n, ok := d.ordinal(words, locales.Fold(words))
	if !ok || n > 4 {
		return mahalla.Refuse(mahalla.Invalid, "recur_unreadable")
	}
	c.Nth, c.Step = n, stepDay
	return nil
}

func (d *Desk) setRule(c *composed, words string, now time.Time) error {
	r, err := d.ParseRule(words, now)
	if err != nil {
		return err
	}
	c.Rule, c.Step = &r, stepCheck
	return nil
}

// setClock makes the rule of what was chosen before.
func (d *Desk) setClock(c *composed, clock time.Duration, now time.Time) error {
	var r mahalla.Recurrence
	switch c.Plain {
	case mahalla.PlainDaily:
		r = mahalla.EachWorkingDay(clock)
	case mahalla.PlainOther:
		r = mahalla.EveryOther(c.Day, clock, mahalla.DateOf(now.In(d.Calendar().Zone)))
	case mahalla.PlainNth:
		r = mahalla.NthOfMonth(c.Nth, c.Day, clock)
	case mahalla.PlainLastDay:
		r = mahalla.LastWorkingDayOf(clock)
	case mahalla.PlainWeekly, mahalla.PlainMonthly, mahalla.PlainCron, mahalla.PlainEvery:
		r = mahalla.Weekly(c.Day, clock)
	}
	r.Holidays = usualRule(r)
	r, err := d.proved(r, now)
	if err == nil {
		c.Rule, c.Step = &r, stepCheck
	}
	return err
}
