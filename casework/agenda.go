package casework

import (
	"slices"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// Verbs of the buttons around the agenda of a commission.
const (
	PressAgenda = "agenda" // subject: a case, which it proposes, or whose item it opens
	PressItem   = "item"   // subject: an item; arg: see the Item arguments
)

// What a press on an item means.
const (
	ItemOpen     = "open"
	ItemMediator = "mediator"
	ItemWhole    = "whole"   // the whole commission after all
	ItemWord     = "word"    // + side: it agrees, on the officer's word
	ItemNo       = "no"      // + side: it does not
	ItemLink     = "link"    // + side
	ItemUnlink   = "unlink"  // + side
	ItemOff      = "off"     // taken back
	ItemConvene  = "convene" // onto the agenda of a meeting in the making
	ItemAdd      = "add"     // onto that of one that was called, if it is meant
	ItemAnswer   = "answer_" // + gate + _ + reply
)

// Questions about an item.
const (
	FlowGate  = "gate"  // the question of the gate that is closed
	FlowParty = "party" // the name of a side that agrees
)

// heldItem is an item with its case and, where it is on the agenda of one, the
// meeting that was called. All of them are locked, in this order: case, meeting,
// item.
type heldItem struct {
	item    *mahalla.Item
	c       *mahalla.Case
	meeting *mahalla.Meeting
}

// begins is when the sitting begins; zero while none is called.
func (h heldItem) begins() time.Time {
	if h.meeting == nil {
		return time.Time{}
	}
	return h.meeting.At
}

// lockItem holds an item.
func (d *Desk) lockItem(tx *storage.Tx, id mahalla.ItemID) (heldItem, error) {
	i, err := tx.Item(id)
	if err == nil && i == nil {
		err = mahalla.Refuse(mahalla.NotFound, "agenda_none")
	}
	if err != nil {
		return heldItem{}, err
	}
	c, err := tx.LockCase(i.Case)
	if err != nil {
		return heldItem{}, err
	}
	return d.lockItemOf(tx, c, id)
}

// lockItemOf holds an item whose case is held already.
func (d *Desk) lockItemOf(tx *storage.Tx, c *mahalla.Case, id mahalla.ItemID) (heldItem, error) {
	h := heldItem{c: c}
	m, err := tx.MeetingOfItem(id)
	if err == nil && m != nil {
		h.meeting, err = tx.LockMeeting(m.ID)
	}
	if err != nil {
		return h, err
	}
	if m := h.meeting; m != nil && (m.Status != mahalla.MeetingCalled || m.Hearing(id) == nil) {
		h.meeting = nil
	}
	if h.item, err = tx.LockItem(id); err == nil && h.item == nil {
		err = mahalla.Refuse(mahalla.NotFound, "agenda_none")
	}
	return h, err
}

// bring holds an item for somebody who speaks for its case. That the case is not
// open any more is no matter: then the item is not either.
func (d *Desk) bring(tx *storage.Tx, who *storage.Contact, id mahalla.ItemID, now time.Time) (heldItem, error) {
	h, err := d.lockItem(tx, id)
	if err == nil && h.item.State.Open() {
		err = h.c.MayBring(who.Person, d.path(h.c.Place), now)
	} else if err == nil && !d.seesItem(who, h.c, h.item, now) {
		err = mahalla.Refuse(mahalla.NotFound, "agenda_none")
	}
	return h, err
}

// ToCommission proposes a case to the commission of its place, or finds the item
// that it has there.
func (d *Desk) ToCommission(tx *storage.Tx, who *storage.Contact, id mahalla.CaseID, round int, now time.Time) (*mahalla.Item, error) {
	c, err := d.lockRound(tx, id, round)
	if err != nil {
		return nil, err
	}
	if err := c.MayBring(who.Person, d.path(c.Place), now); err != nil {
		return nil, err
	}
	last, err := tx.ItemOfCase(c.ID)
	if err != nil || last != nil && last.State.Open() {
		return last, err
	}
	return d.propose(tx, who, c, last, now)
}

func (d *Desk) propose(tx *storage.Tx, who *storage.Contact, c *mahalla.Case, last *mahalla.Item, now time.Time) (*mahalla.Item, error) {
	ground, err := d.ground(tx, c.Place, now)
	if err != nil {
		return nil, err
	}
	id, err := tx.NewID()
	if err != nil {
		return nil, err
	}
	p := mahalla.Proposal{Item: mahalla.ItemID(id), Category: d.Reference().Categories[c.Category], Last: last, By: who.ID}
	if p.Repeated, _, err = tx.Repetition(c.ID); err != nil {
		return nil, err
	}
	if p.First, err = d.firstParty(tx, c); err != nil {
		return nil, err
	}
	var stands bool
	p.Commission, stands = mahalla.CommissionFor(ground.Path, ground.People)
	item, o, err := c.Propose(p, now)
	if err == nil && !stands {
		err = mahalla.Refuse(mahalla.NotFound, "agenda_no_commission", "number", c.Number.String())
	}
	if err != nil {
		return nil, err
	}
	return item, d.applyItem(tx, heldItem{item: item, c: c}, o, itemNews{by: who.ID}, now)
}

// firstParty is the side that a report speaks for: its reporter, or the neighbour
// on whose behalf somebody reported, who has to be asked by the officer.
func (d *Desk) firstParty(tx *storage.Tx, c *mahalla.Case) (mahalla.Party, error) {
	b, err := tx.Behalf(c.ID)
	if err != nil || b.Agreed == "" {
		return mahalla.Party{Person: c.Reporter}, err
	}
	return mahalla.Party{Name: b.Name, Phone: b.Phone}, nil
}

// AnswerGate keeps what the officer answered to the question of a gate.
func (d *Desk) AnswerGate(tx *storage.Tx, who *storage.Contact, id mahalla.ItemID, gate mahalla.Gate, r mahalla.Reply, now time.Time) (*mahalla.Item, error) {
	return d.decideItem(tx, who, id, now, func(h heldItem) (mahalla.Outcome, error) {
		return h.item.Answer(h.c, gate, r, who.ID, d.path(h.c.Place), now)
	})
}

// TakeBackItem takes the proposal back.
func (d *Desk) TakeBackItem(tx *storage.Tx, who *storage.Contact, id mahalla.ItemID, now time.Time) (*mahalla.Item, error) {
	return d.decideItem(tx, who, id, now, func(h heldItem) (mahalla.Outcome, error) {
		return h.item.Drop(h.c, mahalla.CauseOfficer, who.ID, d.path(h.c.Place), now)
	})
}

// decideItem is load, decide, apply for what an officer decides about an item.
func (d *Desk) decideItem(tx *storage.Tx, who *storage.Contact, id mahalla.ItemID, now time.Time, rule func(heldItem) (mahalla.Outcome, error)) (*mahalla.Item, error) {
	h, err := d.bring(tx, who, id, now)
	if err != nil {
		return nil, err
	}
	o, err := rule(h)
	if err != nil {
		return nil, err
	}
	return h.item, d.applyItem(tx, h, o, itemNews{by: who.ID}, now)
}

// itemNews says whom a change of an item wakes: nobody, unless it became ready or
// fell off, and never the one who did it.
type itemNews struct {
	by   mahalla.PersonID
	ring bool
}

// applyItem writes what was decided about an item: the item, the case, and both
// kinds of cards.
func (d *Desk) applyItem(tx *storage.Tx, h heldItem, o mahalla.Outcome, news itemNews, now time.Time) error {
	o, err := d.settleItem(tx, h, o, news, now)
	if err != nil {
		return err
	}
	return d.apply(tx, h.c, o, now)
}

// settleItem writes an item and sends the cards about it; what is left of the
// decision concerns the case.
func (d *Desk) settleItem(tx *storage.Tx, h heldItem, o mahalla.Outcome, news itemNews, now time.Time) (mahalla.Outcome, error) {
	if err := tx.SaveItem(h.item); err != nil {
		return o, err
	}
	if !h.item.State.Open() && h.meeting != nil {
		if err := d.leaveMeeting(tx, h.meeting, h.item.ID, now); err != nil {
			return o, err
		}
	}
	about := func(n mahalla.Notice) bool { return n.Kind == mahalla.CardParty }
	var parties []mahalla.Notice
	for _, n := range o.Notices {
		if about(n) {
			parties = append(parties, n)
		}
	}
	o.Notices = slices.DeleteFunc(slices.Clone(o.Notices), about)
	became := func(k mahalla.EventKind) bool {
		return slices.ContainsFunc(o.Events, func(e mahalla.Event) bool { return e.Kind == k })
	}
	news.ring = news.ring || became(mahalla.EventAgendaReady) || became(mahalla.EventDropped)
	readers, err := d.itemReaders(tx, h, news, now)
	if err != nil {
		return o, err
	}
	return o, d.sendItem(tx, h.item, append(parties, readers...), now)
}

// itemReaders are the cards of those who have brought an item, and once it was
// ready of those who convene the commission.
func (d *Desk) itemReaders(tx *storage.Tx, h heldItem, news itemNews, now time.Time) ([]mahalla.Notice, error) {
	people := []mahalla.PersonID{h.item.ProposedBy, h.c.Owner}
	if !h.item.ReadyAt.IsZero() {
		seats, err := tx.Responsibilities([]mahalla.TerritoryID{h.item.Commission}, now)
		if err != nil {
			return nil, err
		}
		for _, r := range seats {
			if r.Role.Has(mahalla.MayConvene) {
				people = append(people, r.Person)
			}
		}
	}
	var list []mahalla.Notice
	for n, p := range people {
		if p == 0 || slices.Contains(people[:n], p) || h.item.PartyOf(p) != nil {
			continue
		}
		list = append(list, mahalla.Notice{Kind: mahalla.CardItem, To: p, Lane: mahalla.LaneReminder, Ring: news.ring && p != news.by})
	}
	return list, nil
}

// sendItem sends cards about an item. Who is not woken and has no card is not
// sent one.
func (d *Desk) sendItem(tx *storage.Tx, i *mahalla.Item, list []mahalla.Notice, now time.Time) error {
	people := make([]mahalla.PersonID, len(list))
	for n := range list {
		people[n] = list[n].To
	}
	recipients, err := tx.Recipients(people)
	if err != nil {
		return err
	}
	for _, n := range list {
		to, ok := recipients[n.To]
		if !ok {
			continue // out of reach: the officer is told on the card of the item
		}
		if !n.Ring {
			card, err := tx.Card(n.To, n.Kind, mahalla.CaseID(i.ID))
			if err != nil {
				return err
			}
			if card.MessageID == 0 {
				continue
			}
		}
		if err := tx.Send(to, n, mahalla.CaseID(i.ID), now, time.Time{}); err != nil {
			return err
		}
	}
	return nil
}

// offAgenda takes the item of a case off its agenda when the case is over, or has
// become one that no commission may hear. The decision about the case goes on.
func (d *Desk) offAgenda(tx *storage.Tx, c *mahalla.Case, o mahalla.Outcome, now time.Time) (mahalla.Outcome, error) {
	id := c.Resolution.Item
	category := d.Reference().Categories[c.Category]
	if open := (&mahalla.Item{State: mahalla.ItemReady}); id == 0 || open.Unfit(c, category) == "" {
		return o, nil
	}
	h, err := d.lockItemOf(tx, c, id)
	if err != nil {
		return o, err
	}
	cause := h.item.Unfit(c, category)
	if cause == "" { // it was settled meanwhile
		c.Resolution.Item = 0
		return o, nil
	}
	off, err := h.item.Drop(c, cause, 0, d.path(c.Place), now)
	if err != nil {
		return o, err
	}
	off, err = d.settleItem(tx, h, off, itemNews{}, now)
	return o.And(off), err
}
