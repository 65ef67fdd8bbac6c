package casework

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// PressLook asks a head why all of a case is wanted; with a reason as its
// argument it shows that.
const PressLook = "look"

// argLook says of a head's card that it asks for the reason, or that it shows
// everything for one.
const (
	argLook  = "look"
	lookAsks = "why"
)

// AskLook shows the reasons from which a head chooses, afresh at the end of the
// chat or in place.
func (d *Desk) AskLook(tx *storage.Tx, who *storage.Contact, id mahalla.CaseID, afresh bool, now time.Time) error {
	c, err := d.lookable(tx, who, id, now)
	if err != nil {
		return err
	}
	if err := c.MayLook(who.Person, d.path(c.Place), now); err != nil {
		return err
	}
	return d.Show(tx, who, lookNotice(lookAsks, afresh), c.ID, now)
}

// LookInto shows a head all of a case, and records that and why in the same
// transaction.
func (d *Desk) LookInto(tx *storage.Tx, who *storage.Contact, id mahalla.CaseID, why mahalla.LookReason, afresh bool, now time.Time) error {
	c, err := d.lookable(tx, who, id, now)
	if err != nil {
		return err
	}
	if err := c.Look(who.Person, why, d.path(c.Place), now); err != nil {
		return err
	}
	tx.AuditCase(who.ID, storage.ActLook, c.ID, string(why), now)
	if err := d.Show(tx, who, lookNotice(string(why), afresh), c.ID, now); err != nil {
		return err
	}
	return d.showAttached(tx, who, c, now)
}

func lookNotice(what string, afresh bool) mahalla.Notice {
	return mahalla.Notice{Kind: mahalla.CardHead, Lane: mahalla.LaneAnswer, Ring: afresh, Args: map[string]string{argLook: what}}
}

// lookable finds a case of which the person has a head's card. Who has another
// one sees all of it there already.
func (d *Desk) lookable(tx *storage.Tx, who *storage.Contact, id mahalla.CaseID, now time.Time) (*mahalla.Case, error) {
	c, err := tx.Case(id)
	if err != nil {
		return nil, err
	}
	if err := d.MayRead(who, c, now); err != nil {
		return nil, err
	}
	if c.Owner == who.ID || d.CardKind(who, c, now) != mahalla.CardHead {
		return nil, mahalla.Refuse(mahalla.Conflict, "look_own", "number", c.Number.String())
	}
	return c, nil
}

// ReasonNamed finds a reason by its number or by a word of it, in any script and
// language; empty when none is meant.
func (d *Desk) ReasonNamed(words string) mahalla.LookReason {
	key := locales.Fold(words)
	for i, why := range mahalla.LookReasons() {
		if key == strconv.Itoa(i+1) {
			return why
		}
		for _, lang := range mahalla.Languages() {
			label, err := d.catalogue.Text(lang, "look.why."+string(why), nil)
			if err == nil && key != "" && strings.Contains(locales.Fold(label), key) {
				return why
			}
		}
	}
	return ""
}

// lookRow leads from a head's card to all of the case.
func (d *Desk) lookRow(w *words, v storage.View) [][]mahalla.Button {
	if v.Case.MayLook(v.Reader.Person, d.path(v.Case.Place), w.now) != nil {
		return nil
	}
	return [][]mahalla.Button{{casePress(v.Case, PressLook, "", w.say("look.press"), "")}}
}

// drawLook is a head's card that asks for a reason, or shows everything.
func (d *Desk) drawLook(tx *storage.Tx, w *words, v storage.View, why string) (mahalla.Screen, error) {
	c := v.Case
	back := []mahalla.Button{casePress(c, PressBack, "", w.say("button.back"), "")}
	if !slices.Contains(mahalla.LookReasons(), mahalla.LookReason(why)) {
		s := d.outline(tx, w, v)
		s.Text = lines(s.Text, w.say("look.ask"))
		for _, reason := range mahalla.LookReasons() {
			s.Rows = append(s.Rows, []mahalla.Button{casePress(c, PressLook, string(reason), w.say("look.why."+string(reason)), "")})
		}
		s.Rows = append(s.Rows, back)
		return s, nil
	}
	s, err := d.drawOfficer(tx, w, v, nil)
	s.Text, s.Rows = lines(s.Text, w.say("look.kept", "why", HTML(w.say("look.why."+why)))), append(s.Rows, back)
	return s, err
}
