package casework

import (
	"math/rand/v2"
	"slices"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// Verbs of the buttons of reports without a name.
const (
	PressVeil      = "veil"      // on the draft card; arg: see below, nothing asks
	PressTelling   = "telling"   // on the draft card; arg: send, drop
	PressReveal    = "reveal"    // asks whether it is meant
	PressRevealYes = "revealyes" // names the reporter of the case
)

// Arguments of PressVeil.
const (
	veilYes  = "yes"
	veilBack = "back" // from the question, and from having no name
)

// sureReveal lets the reporter's card ask whether the name is to be given.
const sureReveal = "reveal"

// AskVeil lets the card of a draft say what a report without a name means. Only
// then it may be chosen.
func (d *Desk) AskVeil(draft *mahalla.Draft) { draft.Veil, draft.Behalf = mahalla.VeilAsked, nil }

// WearVeil lets the draft be filed without a name. It has to have been said what
// that means. For whom it is then nobody is told.
func (d *Desk) WearVeil(draft *mahalla.Draft) error {
	switch draft.Veil {
	case mahalla.VeilAsked:
		draft.Veil, draft.More, draft.Behalf = mahalla.VeilWorn, 0, nil
	case mahalla.Unveiled:
		return mahalla.Refuse(mahalla.Conflict, "anonymous_unasked")
	}
	return nil
}

// DropVeil goes back to a report with a name.
func (d *Desk) DropVeil(draft *mahalla.Draft) { draft.Veil, draft.Told = mahalla.Unveiled, 0 }

// mayVeil refuses what cannot be filed without a name, or not yet: of an
// attachment that may tell who the person is has to be said whether it may.
func mayVeil(draft *mahalla.Draft, category mahalla.Category, danger bool) error {
	switch {
	case draft.Veil == mahalla.VeilAsked:
		return mahalla.Refuse(mahalla.Conflict, "anonymous_asked")
	case draft.Anonymous() && category.Named && !danger:
		return mahalla.Refuse(mahalla.Invalid, "anonymous_category")
	case len(draft.Telling()) > 0:
		return mahalla.Refuse(mahalla.Conflict, "anonymous_telling")
	}
	return nil
}

// mayAddVeiled refuses to add what was written without a name to a report that
// has one.
func (d *Desk) mayAddVeiled(tx *storage.Tx, draft *mahalla.Draft, id mahalla.CaseID) error {
	if draft.Veil == mahalla.Unveiled {
		return nil
	}
	c, err := tx.Case(id)
	if err == nil && c.Alias == "" {
		err = mahalla.Refuse(mahalla.Invalid, "anonymous_join")
	}
	return err
}

// aliasFor is a fresh alias where a draft is to have no name.
func aliasFor(draft *mahalla.Draft) string {
	if !draft.Anonymous() {
		return ""
	}
	return mahalla.NewAlias(rand.Uint64())
}

// Reveal names the reporter of a case.
func (d *Desk) Reveal(tx *storage.Tx, who *storage.Contact, id mahalla.CaseID, round int, now time.Time) (*mahalla.Case, error) {
	return d.decide(tx, id, round, now, func(c *mahalla.Case) (mahalla.Outcome, error) {
		g, err := d.ground(tx, c.Place, now)
		if err != nil {
			return mahalla.Outcome{}, err
		}
		o, err := c.Reveal(who.ID, g, now)
		if err == nil {
			err = tx.Reveal(c.ID)
		}
		return o, err
	})
}

// drawVeil is the draft's card where it asks something of a report without a
// name: whether it is meant, or whether an attachment may tell who the person is.
func (d *Desk) drawVeil(w *words, draft *mahalla.Draft, args map[string]string) (mahalla.Screen, bool) {
	s := mahalla.Screen{}
	switch telling := draft != nil && len(draft.Telling()) > 0; {
	case draft == nil:
		return s, false
	case draft.Veil == mahalla.VeilAsked:
		s.Text, s.Silent = d.draftHead(w, draft, args)
		s.Text = lines(s.Text, bold(w.say("anonymous.title")), w.say("anonymous.text"))
		if len(draft.Parts) == 0 {
			s.Text = lines(s.Text, w.say("anonymous.then"))
		}
		s.Rows = [][]mahalla.Button{
			{veilButton(draft, veilYes, w.say("anonymous.yes"), mahalla.Primary)},
			{veilButton(draft, veilBack, w.say("button.back"), "")},
		}
	case telling && draft.Place != 0 && draft.Pick == nil:
		s.Text, s.Silent = d.draftHead(w, draft, args)
		s.Text = lines(s.Text, bold(w.say("anonymous.telling_title")), w.contents("", draft.Telling()), w.say("anonymous.telling"))
		s.Rows = [][]mahalla.Button{
			{draftPress(draft, PressTelling, 0, "drop", w.say("anonymous.telling_drop"))},
			{draftPress(draft, PressTelling, 0, "send", w.say("anonymous.telling_send"))},
			{veilButton(draft, veilBack, w.say("anonymous.named"), "")},
		}
	default:
		return s, false
	}
	return s, true
}

// veilLine says on the draft's card that it is to have no name.
func (w *words) veilLine(draft *mahalla.Draft) string {
	if !draft.Anonymous() {
		return ""
	}
	return w.say("anonymous.line")
}

// veilPress turns to a report without a name, or back.
func (w *words) veilPress(draft *mahalla.Draft) mahalla.Button {
	if draft.Anonymous() {
		return veilButton(draft, veilBack, w.say("anonymous.named"), "")
	}
	return veilButton(draft, "", w.say("anonymous.press"), "")
}

func veilButton(draft *mahalla.Draft, arg, text string, style mahalla.Style) mahalla.Button {
	b := draftPress(draft, PressVeil, 0, arg, text)
	b.Style = style
	return b
}

// aliasLine reminds the reporter of how officers know him.
func (w *words) aliasLine(c *mahalla.Case) string {
	if c.Alias == "" {
		return ""
	}
	return w.say("anonymous.alias", "alias", HTML(w.say("alias.name", "code", c.Alias)))
}

// revealRow offers a reporter who is not named to give the name.
func (w *words) revealRow(c *mahalla.Case) [][]mahalla.Button {
	if c.Alias == "" || !c.Open() {
		return nil
	}
	return [][]mahalla.Button{{casePress(c, PressReveal, "", w.say("anonymous.reveal"), "")}}
}

// revealSure asks whether the name is to be given.
func (w *words) revealSure(s mahalla.Screen, c *mahalla.Case, title string) mahalla.Screen {
	s.Text = lines(bold(title), w.say("anonymous.reveal_sure", "number", c.Number.String()))
	s.Rows = [][]mahalla.Button{
		{casePress(c, PressRevealYes, "", w.say("anonymous.reveal_yes"), mahalla.Primary)},
		{casePress(c, PressBack, "", w.say("button.back"), "")},
	}
	return s
}

// howToAnswer tells the reporter how to answer: one who is not named had better
// not speak.
func (w *words) howToAnswer(c *mahalla.Case) string {
	if c.Alias != "" {
		return w.say("question.how_alias")
	}
	return w.say("question.how")
}

// veilOn tells on which page of categories there is room for the key: the first,
// or the last where the first offers an addition.
func (d *Desk) veilOn(draft *mahalla.Draft, page, pages int) bool {
	if d.Asks(draft) {
		return page == pages-1
	}
	return page == 0
}

// asUnknown is what an officer is shown of a case, who is its reporter and not
// named: what any other is. Whoever looks on, or has an own card of it beside, finds
// no difference.
func asUnknown(v storage.View) storage.View {
	by := v.Case.Reporter
	v.Case, v.Reports = v.Case.AsUnknown(), slices.Clone(v.Reports)
	for i := range v.Reports {
		if v.Reports[i].Person == by {
			v.Reports[i].Person = mahalla.Unknown
		}
	}
	return v
}
