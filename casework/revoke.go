package casework

import (
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// Revoke ends all roles of a person at once, and what waits to be approved: somebody
// has left, or a phone is in other hands. What the person had goes on to the next,
// what is being asked there is forgotten, and the cards in that chat lose what they
// showed. Approvals are locked before the person, as whoever approves does: a role
// given in the same moment is seen here and ended.
func (d *Desk) Revoke(tx *storage.Tx, p mahalla.PersonID, now time.Time) error {
	waits, err := tx.LockApprovalsOf(p)
	if err != nil {
		return err
	}
	tx.LockContact(p)
	who, err := tx.Contact(p)
	if err != nil {
		return err
	}
	if who == nil || !serves(who, now) && len(waits) == 0 {
		return mahalla.Refuse(mahalla.NotFound, "serves_not")
	}
	if err := d.dropApprovals(tx, who, waits, now); err != nil {
		return err
	}
	held, err := tx.HeldBy(p)
	if err != nil {
		return err
	}
	cards, err := tx.CaseCards(p)
	if err != nil {
		return err
	}
	tx.EndRoles(p, now)
	tx.MarkLeft(p, now) // the cards are seen to here
	for _, id := range held {
		c, err := tx.LockCase(id)
		if err == nil {
			err = d.undeliverable(tx, c, p, now)
		}
		if err != nil {
			return err
		}
	}
	if err := d.leaveSeats(tx, p, now); err != nil {
		return err
	}
	sitting, err := tx.SittingCards(p)
	if err != nil {
		return err
	}
	for _, card := range append(cards, sitting...) {
		n := mahalla.Notice{Kind: card.Kind, Lane: mahalla.LaneAnswer}
		if card.Kind == CardMeeting {
			n.Args = map[string]string{argLeft: "yes"}
		}
		if err := tx.Send(who.Recipient(), n, card.Case, now, time.Time{}); err != nil {
			return err
		}
	}
	who.Dialogue.Question = nil
	if err := tx.SaveDialogue(who, now); err != nil {
		return err
	}
	return tx.Send(who.Recipient(), mahalla.Notice{Kind: NoticeMenu, Lane: mahalla.LaneAnswer}, 0, now, time.Time{})
}

// serves tells whether somebody has a role at a moment.
func serves(who *storage.Contact, now time.Time) bool { return who.MayLeave(now) != nil }
