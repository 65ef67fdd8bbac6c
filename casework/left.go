package casework

import (
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// LeaveRole brings the cards of somebody up to date of whom a role has ended by its
// date: what they showed of that role is not the person's to see any more. What the
// person is asked to is dealt with when the commission is seated anew.
func (d *Desk) LeaveRole(tx *storage.Tx, p mahalla.PersonID, now time.Time) error {
	tx.MarkLeft(p, now)
	who, err := tx.Contact(p)
	if err != nil || who == nil {
		return err
	}
	cards, err := tx.CaseCards(p)
	if err != nil {
		return err
	}
	sitting, err := tx.SittingCards(p)
	if err != nil {
		return err
	}
	for _, card := range append(cards, sitting...) {
		if card.Kind == CardMeeting {
			continue
		}
		if err := d.about(tx, int64(card.Case), now, mahalla.Notice{Kind: card.Kind, To: p, Lane: mahalla.LaneAnswer}); err != nil {
			return err
		}
	}
	return d.about(tx, 0, now, mahalla.Notice{Kind: NoticeMenu, To: p, Lane: mahalla.LaneAnswer})
}
