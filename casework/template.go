package casework

import (
	"strconv"
	"strings"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// Verbs of the buttons below the question for a closing sentence.
const (
	PressTell    = "tell"    // closes with a ready sentence; arg: outcome and number
	PressNoPhoto = "nophoto" // goes on without a picture
)

// Told is the ready sentence that a button's argument names.
func (d *Desk) Told(c *mahalla.Case, arg string) (mahalla.Closing, Said, bool) {
	if arg == mahalla.ByAgreement {
		return mahalla.Solved, Said{Template: mahalla.TemplateAgreed}, true
	}
	with, number, _ := strings.Cut(arg, "_")
	n, _ := strconv.Atoi(number) // anything else is no number of a sentence
	t, ok := mahalla.TemplateOf(mahalla.Closing(with), d.Reference().Categories[c.Category], n)
	return mahalla.Closing(with), Said{Template: t}, ok
}

// ready is what was said, a ready sentence in the place of its number.
func (d *Desk) ready(c *mahalla.Case, with mahalla.Closing, said Said) Said {
	if with == mahalla.Solved && d.isWord("word.agreed", said.Words) {
		said.Words, said.Template = "", mahalla.TemplateAgreed
		return said
	}
	n, err := strconv.Atoi(strings.TrimSpace(said.Words))
	if err != nil || len(said.Media) > 0 {
		return said
	}
	if t, ok := mahalla.TemplateOf(with, d.Reference().Categories[c.Category], n); ok {
		said.Words, said.Template = "", t
	}
	return said
}

// shows refuses a result without a picture where the category wants one, unless
// it says that there is none.
func (d *Desk) shows(c *mahalla.Case, with mahalla.Closing, said Said) error {
	if !d.Reference().Categories[c.Category].WantsEvidence(with) || mahalla.Shows(said.Media) || said.Template == mahalla.TemplateAgreed || said.NoPhoto && said.Template == "" {
		return nil
	}
	for _, lang := range mahalla.Languages() {
		text, err := d.catalogue.Text(lang, "word.no_photo", nil)
		if err == nil && strings.HasPrefix(locales.Fold(said.Words), locales.Fold(text)) {
			return nil
		}
	}
	return mahalla.Refuse(mahalla.Invalid, "evidence_wanted", "number", c.Number.String())
}

// asksSentence asks the owner on the card for the sentence of an outcome, and
// offers what is ready.
func (w *words) asksSentence(c *mahalla.Case, data map[string]string, s *mahalla.Screen) {
	with := mahalla.Closing(data["closing"])
	category := w.desk.Reference().Categories[c.Category]
	back := []mahalla.Button{casePress(c, PressClose, "", w.say("button.back"), "")}
	switch {
	case category.WantsEvidence(with) && data["nophoto"] != "":
		s.Text = lines(s.Text, w.say("officer.closing_no_photo", "closing", HTML(w.say("closing."+string(with)))), w.joinedRead(c))
		s.Rows = [][]mahalla.Button{back}
		return
	case category.WantsEvidence(with):
		s.Text = lines(s.Text, w.say("officer.closing_photo", "closing", HTML(w.say("closing."+string(with)))), w.joinedRead(c))
		s.Rows = [][]mahalla.Button{{casePress(c, PressNoPhoto, "", w.say("officer.no_photo"), "")}, back}
		return
	case with == mahalla.False:
		s.Text = lines(s.Text, w.say("officer.claim_write"))
	default:
		s.Text = lines(s.Text, w.say("officer.closing_write", "closing", HTML(w.say("closing."+string(with)))))
	}
	s.Text = lines(s.Text, w.joinedRead(c), w.say("officer.closing_ready"))
	var row []mahalla.Button
	for n := 1; n <= mahalla.TemplatesEach; n++ {
		t, ok := mahalla.TemplateOf(with, category, n)
		if !ok {
			continue
		}
		s.Text = lines(s.Text, w.say("officer.closing_ready_line", "n", n, "text", w.say("template."+string(t))))
		row = append(row, casePress(c, PressTell, string(with)+"_"+strconv.Itoa(n), w.say("officer.closing_ready_press", "n", n), ""))
	}
	s.Rows = [][]mahalla.Button{row, back}
}

// result is what the reporter reads of the last result: the owner's words, or a
// ready sentence.
func (w *words) result(reports []storage.Report) string {
	for i := len(reports) - 1; i >= 0; i-- {
		r := reports[i]
		if r.Kind != storage.KindResult && r.Kind != storage.KindClaim {
			continue
		}
		if r.Template != "" {
			return w.say("template." + string(r.Template))
		}
		return r.Words
	}
	return ""
}
