package casework

import (
	"slices"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// toWatchers adds the cards of those who opened the case from a list, or held it
// in an earlier round, where the officers' cards change. Whoever may not read the
// case any more is left out for good.
func (d *Desk) toWatchers(tx *storage.Tx, c *mahalla.Case, notices []mahalla.Notice, now time.Time) ([]mahalla.Notice, error) {
	officers := func(n mahalla.Notice) bool { return n.Kind == mahalla.CardOfficer || n.Kind == mahalla.CardHead }
	if len(c.Watchers) == 0 || !slices.ContainsFunc(notices, officers) {
		return notices, nil
	}
	for _, p := range c.Watchers {
		if c.Holds(p) {
			continue
		}
		who, err := tx.Contact(p)
		if err != nil {
			return nil, err
		}
		if who.Reach != mahalla.Reachable || d.MayRead(who, c, now) != nil {
			if notices, err = lastCards(tx, c, p, notices); err != nil {
				return nil, err
			}
			tx.Unwatch(c.ID, p)
			continue
		}
		notices = append(notices, mahalla.Notice{Kind: d.CardKind(who, c, now), To: p, Lane: mahalla.LaneAnswer})
	}
	return notices, nil
}

// lastCards lets the cards of somebody who may not read the case any more say so,
// and nothing else.
func lastCards(tx *storage.Tx, c *mahalla.Case, p mahalla.PersonID, notices []mahalla.Notice) ([]mahalla.Notice, error) {
	for _, kind := range []mahalla.NoticeKind{mahalla.CardOfficer, mahalla.CardHead} {
		card, err := tx.Card(p, kind, c.ID)
		if err != nil {
			return nil, err
		}
		if card.MessageID != 0 {
			notices = append(notices, mahalla.Notice{Kind: kind, To: p, Lane: mahalla.LaneAnswer})
		}
	}
	return notices, nil
}

// watch keeps the card of a person up to date who was not told of the case.
func watch(tx *storage.Tx, c *mahalla.Case, p mahalla.PersonID) {
	if c.Speaks(p) || c.Holds(p) || slices.Contains(c.Watchers, p) {
		return
	}
	tx.Watch(c.ID, p)
	c.Watchers = append(c.Watchers, p)
}
