package casework

import (
	"slices"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// PressAddTo makes an addition of a draft; its subject is an open case of the
// person's, its round the draft's serial.
const PressAddTo = "addto"

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
	return draft != nil && len(draft.Asks) > 0 && draft.Pick == nil && !draft.Anonymous() && !d.Danger(draft.Words())
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
	if err := d.mayAddVeiled(tx, draft, id); err != nil {
		return nil, err
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

// offerAddition offers on the card of a draft to add it to the newest open case
// of the person's: whatever it is, one tap decides. The key for another place
// makes room for it and stands with the further categories.
func (d *Desk) offerAddition(tx *storage.Tx, w *words, draft *mahalla.Draft, s *mahalla.Screen) error {
	if !d.Asks(draft) || draft.AsksBehalf() || draft.Place == 0 || draft.More > 0 || len(draft.Parts) == 0 {
		return nil
	}
	list, err := tx.CaseLines(draft.Asks[:1])
	if err != nil || len(list) == 0 || list[0].Status == mahalla.Closed || list[0].Status == mahalla.Withdrawn {
		return err
	}
	l := list[0]
	s.Text = lines(s.Text, w.say("asked.title"), w.line(CardMine, l, markOf(l.Status, false)))
	last := s.Rows[len(s.Rows)-1]
	at := slices.IndexFunc(last, func(b mahalla.Button) bool { return b.Press.Verb == PressWhere })
	last[at] = draftPress(draft, PressAddTo, int64(l.ID), "", w.say("asked.add", "number", l.Number.String()))
	return nil
}
