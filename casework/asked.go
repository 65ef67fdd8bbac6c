package casework

import (
	"slices"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// Verbs of the buttons that decide what a draft is. Their round is the draft's
// serial.
const (
	PressAddTo = "addto" // subject: an open case of the person's
	PressNew   = "new"   // it is a report of its own
)

// AskAbout lets the card of a draft that has just begun ask whether it belongs
// to an open case of the person's.
func (d *Desk) AskAbout(tx *storage.Tx, who *storage.Contact, draft *mahalla.Draft, now time.Time) error {
	if !who.Consented {
		return nil
	}
	open, err := tx.OpenOf(who.ID, now.Add(-mahalla.AskedWithin), mahalla.MostAsked+1)
	draft.Asks = mahalla.AskAbout(open)
	return err
}

// Asks tells whether the card of a draft asks what it is. Nobody in danger is
// asked that.
func (d *Desk) Asks(draft *mahalla.Draft) bool {
	return draft != nil && len(draft.Asks) > 0 && draft.Pick == nil && !d.Danger(draft.Words())
}

// AddDraft makes an addition to an open case of a draft, whose card, if it was
// pressed, is a message about the case from now on.
func (d *Desk) AddDraft(tx *storage.Tx, who *storage.Contact, id mahalla.CaseID, card int64, now time.Time) (*mahalla.Case, error) {
	draft := who.Dialogue.Draft
	switch {
	case draft == nil:
		return nil, mahalla.Refuse(mahalla.Conflict, "draft_gone")
	case len(draft.Parts) == 0:
		return nil, mahalla.Refuse(mahalla.Invalid, "draft_empty")
	}
	c, err := d.Add(tx, who, id, 0, Said{Words: draft.Words(), Media: draft.Media()}, now)
	if err != nil {
		return nil, err
	}
	messages := draft.Messages()
	if card != 0 {
		messages = append(messages, card)
	}
	tx.Concern(who.Telegram, messages, c.ID)
	who.Dialogue.Draft = nil
	return c, nil
}

// drawAsked asks whether a draft belongs to an open case. It is false when none
// of the cases is open any more.
func (d *Desk) drawAsked(tx *storage.Tx, w *words, reader *storage.Contact, args map[string]string) (mahalla.Screen, bool, error) {
	draft := reader.Dialogue.Draft
	if !d.Asks(draft) {
		return mahalla.Screen{}, false, nil
	}
	list, err := tx.CaseLines(draft.Asks)
	if err != nil {
		return mahalla.Screen{}, false, err
	}
	list = slices.DeleteFunc(list, func(l storage.CaseLine) bool {
		return l.Status == mahalla.Closed || l.Status == mahalla.Withdrawn
	})
	if len(list) == 0 {
		return mahalla.Screen{}, false, nil
	}
	s := mahalla.Screen{}
	s.Text, s.Silent = d.draftHead(w, draft, args)
	s.Text = lines(s.Text, bold(w.say("asked.title")), w.say("draft.parts", "parts", HTML(w.contents(draft.Words(), draft.Media()))))
	var buttons []mahalla.Button
	for _, l := range list {
		s.Text = lines(s.Text, w.line(CardMine, l, markOf(l.Status, false)))
		buttons = append(buttons, draftPress(draft, PressAddTo, int64(l.ID), "", w.say("asked.add", "number", l.Number.String())))
	}
	s.Rows = append(rows(buttons), []mahalla.Button{draftPress(draft, PressNew, 0, "", w.say("asked.new")), w.dropPress(draft)})
	return s, true, nil
}
