package casework

import (
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// Wake does what a dialogue wants though nobody writes: what is over is
// forgotten, and a draft that was left lying is offered again. The caller holds
// the chat.
func (d *Desk) Wake(tx *storage.Tx, p mahalla.PersonID, now time.Time) error {
	who, err := tx.Contact(p)
	if err != nil || who == nil {
		return err
	}
	if err := d.Expire(tx, who, now); err != nil {
		return err
	}
	if draft := who.Dialogue.Draft; draft != nil && draft.Forgotten(now) {
		draft.Offered = true
		if err := d.showDraft(tx, who, true, map[string]string{"offer": "yes"}, now); err != nil {
			return err
		}
	}
	if err := tx.SaveDialogue(who, now); err != nil {
		return err
	}
	tx.SetWake(who.ID, who.Dialogue.Wake(who.Consented))
	return nil
}

// Expire forgets a question and a draft that have waited long enough; their
// cards say so.
func (d *Desk) Expire(tx *storage.Tx, who *storage.Contact, now time.Time) error {
	if q := who.Dialogue.Question; q != nil && q.Over(now) {
		who.Dialogue.Question = nil
		if err := d.withoutQuestion(tx, who, q, now); err != nil {
			return err
		}
	}
	draft := who.Dialogue.Draft
	if draft == nil || !draft.Over(who.Consented, now) {
		return nil
	}
	who.Dialogue.Draft = nil
	if draft.Keyed && who.Reach != mahalla.Blocked {
		if err := d.Show(tx, who, mahalla.Notice{Kind: NoticeSay, Lane: mahalla.LaneReminder, Args: map[string]string{"key": "draft.dropped"}}, 0, now); err != nil {
			return err
		}
	}
	if len(draft.Parts) == 0 {
		return nil // nothing was said, and nothing is lost
	}
	return d.showDraft(tx, who, false, map[string]string{"dropped": "expired"}, now)
}

// withoutQuestion takes a question off the card that shows it.
func (d *Desk) withoutQuestion(tx *storage.Tx, who *storage.Contact, q *mahalla.Question, now time.Time) error {
	if q.Flow != FlowClose || who.Reach == mahalla.Blocked {
		return nil
	}
	c, err := tx.Case(q.Case)
	if err != nil {
		return err
	}
	if d.MayRead(who, c, now) != nil {
		return nil // the case has gone on without the person
	}
	return d.Show(tx, who, mahalla.Notice{Kind: c.CardFor(who.ID), Lane: mahalla.LaneReminder}, c.ID, now)
}

// showDraft shows the card of the draft, or the welcome that stands for it
// before the consent.
func (d *Desk) showDraft(tx *storage.Tx, who *storage.Contact, ring bool, args map[string]string, now time.Time) error {
	if who.Reach == mahalla.Blocked {
		return nil
	}
	n := mahalla.Notice{Kind: CardDraft, Lane: mahalla.LaneReminder, Ring: ring, Args: args}
	if !who.Consented {
		n.Kind = CardWelcome
	}
	return d.Show(tx, who, n, 0, now)
}
