package casework

import (
	"regexp"
	"strings"
	"time"
	"unicode"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// PressBehalf says on the card of a draft for whom it is; arg: empty asks, none,
// named, unnamed, saw.
const PressBehalf = "behalf"

// FlowBehalf asks for the neighbour's name.
const FlowBehalf = "behalf"

// fewSpoken is how many categories the card shows of somebody who may report for
// others: a row makes room for that.
const fewSpoken = 4

// MaySpeak refuses those who stand for no mahalla.
func (d *Desk) MaySpeak(who *storage.Contact, now time.Time) error {
	if who.Has(mahalla.MaySpeak, now) {
		return nil
	}
	return mahalla.Refuse(mahalla.Forbidden, "not_activist")
}

// numberIn finds a telephone number in what was typed after a name.
var numberIn = regexp.MustCompile(`\+?[0-9][0-9 ()-]{5,}[0-9]`)

// Neighbour reads the name of a neighbour, with a number or without.
func (d *Desk) Neighbour(typed string) (mahalla.Behalf, error) {
	typed = oneLine(locales.Clean(typed))
	b := mahalla.Behalf{Agreed: mahalla.AgreedNamed}
	typed = numberIn.ReplaceAllStringFunc(typed, func(number string) string {
		phone := mahalla.PhoneOf(number)
		if phone == "" {
			return number
		}
		if b.Phone == "" {
			b.Phone = phone
		}
		return "" // a second one is nobody's name either
	})
	b.Name = locales.Cut(strings.Trim(locales.Clean(typed), " ,;:.-()"), mostName)
	letters := 0
	for _, r := range b.Name {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	if letters < 2 {
		return b, mahalla.Refuse(mahalla.Invalid, "behalf_name")
	}
	return b, nil
}

// AgreedNamed understands what was agreed to as it is typed, in any language.
func (d *Desk) AgreedNamed(typed string) (mahalla.Agreed, bool) {
	for key, a := range map[string]mahalla.Agreed{"word.unnamed": mahalla.AgreedUnnamed, "word.saw": mahalla.AgreedSaw} {
		if d.isWord(key, typed) {
			return a, true
		}
	}
	return "", false
}

// drawBehalf asks whether the neighbour agrees.
func (d *Desk) drawBehalf(w *words, draft *mahalla.Draft, s *mahalla.Screen) {
	press := func(arg, key string) mahalla.Button { return draftPress(draft, PressBehalf, 0, arg, w.say(key)) }
	s.Text = lines(s.Text, w.say("behalf.ask"))
	s.Rows = [][]mahalla.Button{
		{press(string(mahalla.AgreedNamed), "behalf.named")},
		{press(string(mahalla.AgreedUnnamed), "behalf.unnamed"), press(string(mahalla.AgreedSaw), "behalf.saw")},
		{press("none", "button.back")},
	}
}

// behalfPress is the button that begins it.
func (w *words) behalfPress(draft *mahalla.Draft) mahalla.Button {
	return draftPress(draft, PressBehalf, 0, "", w.say("behalf.press"))
}

// draftBehalf says on the card of a draft for whom it is.
func (w *words) draftBehalf(draft *mahalla.Draft) string {
	if draft.Behalf == nil {
		return ""
	}
	return w.say("draft.behalf."+string(draft.Behalf.Agreed), "name", draft.Behalf.Name)
}

// behalf tells the officer for whom the case was reported. The neighbour's number
// is for whoever has accepted.
func (w *words) behalf(v storage.View) string {
	b := v.Behalf
	if b.Agreed == "" {
		return ""
	}
	text := w.say("officer.behalf."+string(b.Agreed), "name", personName(b.Name))
	if b.Phone != "" && v.Case.SeesPhone(v.Reader.ID) {
		text = lines(text, w.say("phone.line", "phone", b.Phone))
	}
	return text
}
