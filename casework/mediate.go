package casework

import (
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// argWhole says on the card of a side that the whole commission hears the item after all.
const argWhole = "whole"

// Mediate asks for one mediator without public, or for the whole commission: who brings
// the item may, and who convenes the commission. A side that has agreed is told, for it
// agreed to something else.
func (d *Desk) Mediate(tx *storage.Tx, who *storage.Contact, id mahalla.ItemID, on bool, now time.Time) (*mahalla.Item, error) {
	h, err := d.lockItem(tx, id)
	if err != nil {
		return nil, err
	}
	if !d.convenesItem(who, h.item, now) || !h.item.State.Open() || h.item.ReadyAt.IsZero() {
		if h, err = d.bring(tx, who, id, now); err != nil {
			return nil, err
		}
	}
	changes := h.item.Mediator != on
	o, err := h.item.Mediate(on, who.ID, now)
	if err != nil {
		return nil, err
	}
	for _, p := range h.item.Parties {
		if p.Person == 0 {
			continue
		}
		n := mahalla.Notice{Kind: mahalla.CardParty, To: p.Person, Lane: mahalla.LaneReminder, Ring: changes && p.Consent == mahalla.ConsentGiven}
		if n.Ring && !on {
			n.Args = map[string]string{argWhole: "yes"}
		}
		o.Notices = append(o.Notices, n)
	}
	return h.item, d.applyItem(tx, h, o, itemNews{by: who.ID}, now)
}

// heardBy says on the card of a side by whom the item is heard: nothing, where it is the
// whole commission and was never to be anybody else.
func (w *words) heardBy(i *mahalla.Item, args map[string]string) string {
	if !i.Mediator && args[argWhole] != "" {
		return w.say("mediation.whole")
	}
	return w.mediator(i)
}

// ItemNumbered is the item of a case that was ready for a commission, by the number of the
// case, for somebody who convenes that; nil when there is none.
func (d *Desk) ItemNumbered(tx *storage.Tx, who *storage.Contact, typed string, now time.Time) (*mahalla.Item, error) {
	number, err := mahalla.ParseNumber(typed)
	if err != nil || len(Convenes(who, now)) == 0 {
		return nil, nil
	}
	c, err := tx.CaseByNumber(number)
	if err != nil || c == nil || c.Resolution.Item == 0 {
		return nil, err
	}
	item, err := tx.Item(c.Resolution.Item)
	if err != nil || item == nil || item.ReadyAt.IsZero() || !d.convenesItem(who, item, now) {
		return nil, err
	}
	return item, nil
}
