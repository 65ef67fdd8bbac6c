package casework

import (
	"slices"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// CardOverdue lists the cases of which a supervisor was told because nobody had
// accepted them in time. It comes in the place of their cards when several fall
// due at once, and is kept up to date.
const CardOverdue mahalla.NoticeKind = "card.overdue"

// argAlong says on that card that its reader was woken a moment ago: it comes
// without sound.
const argAlong = "along"

// gather puts one card that lists cases in the place of the cards of cases that
// come to a supervisor right after another one, which has rung. The notices are
// those that are left.
func (d *Desk) gather(tx *storage.Tx, c *mahalla.Case, notices []mahalla.Notice, now time.Time) ([]mahalla.Notice, error) {
	if !c.MayBeGathered() {
		return notices, nil
	}
	gathered, err := tx.Gathered(c.ID)
	if err != nil {
		return nil, err
	}
	awake, err := d.awake(tx, c, notices, now)
	if err != nil {
		return nil, err
	}
	var left, lists []mahalla.Notice
	for _, n := range notices {
		card := n.Kind == mahalla.CardHead || n.Kind == mahalla.CardOfficer
		switch {
		case awake[n.To] != storage.Asleep && c.Gathers(n, now):
			if card {
				tx.Gather(n.To, c.ID)
				gathered[n.To] = true
			}
			anew := awake[n.To] == storage.Rung || !card
			lists = append(lists, mahalla.Notice{Kind: CardOverdue, To: n.To, Lane: n.Lane, Ring: anew, Args: map[string]string{argAlong: "yes"}})
		case awake[n.To] != storage.Asleep && n.Kind == mahalla.NoticeMedia: // it comes with the card, when that is opened
		case card && gathered[n.To] && !n.Ring && c.Owner != n.To:
			lists = append(lists, mahalla.Notice{Kind: CardOverdue, To: n.To, Lane: n.Lane})
		default:
			if card && gathered[n.To] {
				if _, err := tx.Scatter(n.To, c.ID); err != nil {
					return nil, err
				}
			}
			left = append(left, n)
		}
	}
	return left, d.tell(tx, now, lists...)
}

// awake lists whom the ladder woke a moment ago of those whom it wakes now.
func (d *Desk) awake(tx *storage.Tx, c *mahalla.Case, notices []mahalla.Notice, now time.Time) (map[mahalla.PersonID]storage.Awake, error) {
	var people []mahalla.PersonID
	for _, n := range notices {
		if c.Gathers(n, now) && !slices.Contains(people, n.To) {
			people = append(people, n.To)
		}
	}
	if len(people) == 0 {
		return nil, nil
	}
	slices.Sort(people)
	return tx.Wake(people, c.ID, now.Add(-mahalla.GatherWithin), now)
}

// openedByPlace is why a case may be opened by who was not told of it.
const openedByPlace = "by_place"

// OpenCard shows a person a case, afresh at the end of the chat or in place.
// Where the case came as a line among others, what was attached to it comes too.
// Who opens a case that they were not told of does that on record.
func (d *Desk) OpenCard(tx *storage.Tx, who *storage.Contact, c *mahalla.Case, afresh bool, now time.Time) error {
	kind := d.CardKind(who, c, now)
	watch(tx, c, who.ID)
	first, err := tx.Scatter(who.ID, c.ID)
	if err != nil {
		return err
	}
	if kind == mahalla.CardOfficer && c.Owner != who.ID && !c.Holds(who.ID) {
		tx.AuditCase(who.ID, storage.ActOpen, c.ID, openedByPlace, now)
	}
	if first && kind == mahalla.CardOfficer {
		if err := d.showAttached(tx, who, c, now); err != nil {
			return err
		}
	}
	return d.Show(tx, who, mahalla.Notice{Kind: kind, Lane: mahalla.LaneAnswer, Ring: afresh}, c.ID, now)
}

// showAttached shows a person what was attached to the report of a case.
func (d *Desk) showAttached(tx *storage.Tx, who *storage.Contact, c *mahalla.Case, now time.Time) error {
	reports, err := tx.Reports(c.ID)
	if err != nil {
		return err
	}
	for _, args := range attachedGroups(reports) {
		media := mahalla.Notice{Kind: mahalla.NoticeMedia, Lane: mahalla.LaneAnswer, Args: args}
		if err := d.Show(tx, who, media, c.ID, now); err != nil {
			return err
		}
	}
	return nil
}

// overdue reads a page of that list.
func (d *Desk) overdue(tx *storage.Tx, reader *storage.Contact, page int, now time.Time) ([]storage.CaseLine, int, error) {
	return tx.OverdueOf(reader.ID, over(reader, now, mahalla.MayAnswer, mahalla.MayAdminister), now, page*perPage, perPage)
}
