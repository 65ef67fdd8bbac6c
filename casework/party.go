package casework

import (
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// PressParty is what a side of an item answers; arg: yes, no.
const PressParty = "party"

// PayloadParty begins the payload of the link that brings a side into the chat.
const PayloadParty = "p_"

// RecordParty keeps that a side agrees, on the word of an officer: the name as it
// was typed, with a number or without. Without a word the name that is known
// counts.
func (d *Desk) RecordParty(tx *storage.Tx, who *storage.Contact, id mahalla.ItemID, side int, typed string, now time.Time) (*mahalla.Item, error) {
	return d.decideItem(tx, who, id, now, func(h heldItem) (mahalla.Outcome, error) {
		var b mahalla.Behalf
		known := h.item.Party(side)
		if typed != "" || known == nil || known.Name == "" && known.Person == 0 {
			var err error
			if b, err = d.Neighbour(typed); err != nil {
				return mahalla.Outcome{}, mahalla.Refuse(mahalla.Invalid, "party_name", "n", sideNumber(side))
			}
		}
		reach := mahalla.Reachable
		if known != nil && known.Person != 0 {
			person, err := tx.Contact(known.Person)
			if err != nil {
				return mahalla.Outcome{}, err
			}
			if person != nil {
				reach = person.Reach
			}
		}
		if err := d.otherNumber(tx, h.item, side, b.Phone); err != nil {
			return mahalla.Outcome{}, err
		}
		return h.item.Record(h.c, side, b.Name, b.Phone, reach, who.ID, d.path(h.c.Place), now)
	})
}

// otherNumber refuses a telephone number that is the own one of the other side.
func (d *Desk) otherNumber(tx *storage.Tx, i *mahalla.Item, side int, phone string) error {
	for _, p := range i.Parties {
		if phone == "" || p.Side == side || p.Person == 0 {
			continue
		}
		same, err := tx.HasNumber(p.Person, phone)
		if err != nil {
			return err
		}
		if same {
			return mahalla.Refuse(mahalla.Invalid, "party_same")
		}
	}
	return nil
}

// DeclineParty keeps that a side does not want the sitting, on the word of an
// officer.
func (d *Desk) DeclineParty(tx *storage.Tx, who *storage.Contact, id mahalla.ItemID, side int, now time.Time) (*mahalla.Item, error) {
	return d.decideItem(tx, who, id, now, func(h heldItem) (mahalla.Outcome, error) {
		return h.item.Decline(h.c, side, who.ID, h.begins(), d.path(h.c.Place), now)
	})
}

// PartyLink makes a link that brings a side into the chat, once. It is stored
// nowhere, only its hash is.
func (d *Desk) PartyLink(tx *storage.Tx, who *storage.Contact, id mahalla.ItemID, side int, now time.Time) (*mahalla.Item, error) {
	token, hash, err := tx.PartyToken()
	if err != nil {
		return nil, err
	}
	url, err := d.link(PayloadParty + token)
	if err != nil {
		return nil, err
	}
	item, err := d.decideItem(tx, who, id, now, func(h heldItem) (mahalla.Outcome, error) { return h.item.Link(side, hash, who.ID, now) })
	if err != nil {
		return nil, err
	}
	n := mahalla.Notice{Kind: NoticeSay, Lane: mahalla.LaneAnswer, Args: map[string]string{"key": "party.link", "link": url}}
	return item, d.Show(tx, who, n, 0, now)
}

// UnlinkParty makes the link of a side worthless.
func (d *Desk) UnlinkParty(tx *storage.Tx, who *storage.Contact, id mahalla.ItemID, side int, now time.Time) (*mahalla.Item, error) {
	return d.decideItem(tx, who, id, now, func(h heldItem) (mahalla.Outcome, error) { return h.item.Unlink(side, who.ID, now) })
}

// Arrive takes in who has opened a side's link. Who is a side already is shown
// the card again.
func (d *Desk) Arrive(tx *storage.Tx, who *storage.Contact, token string, now time.Time) error {
	found, side, err := tx.ItemOfLink(token, now)
	if err != nil {
		return err
	}
	if found == nil {
		shown, err := d.ShowParties(tx, who, now)
		if err == nil && !shown {
			err = mahalla.Refuse(mahalla.NotFound, "party_link_gone")
		}
		return err
	}
	h, err := d.lockItem(tx, found.ID)
	if err != nil {
		return err
	}
	o, err := h.item.Arrive(h.c, side, who.ID, now)
	if err != nil {
		return err
	}
	if !who.Consented {
		o.Notices = nil // the terms come first
	}
	return d.applyItem(tx, h, o, itemNews{}, now)
}

// ShowParties shows a person the cards of the items of which the person is a
// side, and tells whether there is any. Nobody is shown one before the terms.
func (d *Desk) ShowParties(tx *storage.Tx, who *storage.Contact, now time.Time) (bool, error) {
	list, err := tx.ItemsOfParty(who.ID)
	if err != nil {
		return false, err
	}
	shown := false
	for _, i := range list {
		if i.Gate() == mahalla.GateViolence || i.Gate() == mahalla.GateCrime {
			continue
		}
		shown = true
		if !who.Consented {
			continue
		}
		n := mahalla.Notice{Kind: mahalla.CardParty, Lane: mahalla.LaneAnswer, Ring: true}
		if err := d.Show(tx, who, n, mahalla.CaseID(i.ID), now); err != nil {
			return false, err
		}
	}
	return shown, nil
}

// reachedParty tells who brings the items of which a person is a side that the
// person is out of reach, or back. Who is back is asked what was not answered.
func (d *Desk) reachedParty(tx *storage.Tx, p mahalla.PersonID, now time.Time) error {
	list, err := tx.ItemsOfParty(p)
	if err != nil {
		return err
	}
	for _, i := range list {
		if gate := i.Gate(); gate == mahalla.GateViolence || gate == mahalla.GateCrime {
			continue
		}
		c, err := tx.Case(i.Case)
		if err != nil {
			return err
		}
		cards, err := d.itemReaders(tx, heldItem{item: i, c: c}, itemNews{}, now)
		if err != nil {
			return err
		}
		cards = append(cards, mahalla.Notice{Kind: mahalla.CardParty, To: p, Lane: mahalla.LaneReminder, Ring: i.PartyOf(p).Consent == ""})
		if err := d.sendItem(tx, i, cards, now); err != nil {
			return err
		}
	}
	return nil
}

// PartyAnswers keeps what a side answers in the chat. It may change its mind
// until the sitting begins.
func (d *Desk) PartyAnswers(tx *storage.Tx, who *storage.Contact, id mahalla.ItemID, agrees bool, now time.Time) error {
	if !who.Consented {
		return mahalla.Refuse(mahalla.Forbidden, "consent_first")
	}
	h, err := d.lockItem(tx, id)
	if err != nil {
		return err
	}
	p := h.item.PartyOf(who.ID)
	if p == nil {
		return mahalla.Refuse(mahalla.NotFound, "party_none")
	}
	var o mahalla.Outcome
	news := itemNews{by: who.ID}
	switch {
	case agrees && h.item.State == mahalla.ItemDropped:
		news.ring = true
		o, err = h.item.Return(h.c, d.Reference().Categories[h.c.Category], p.Side, who.ID, d.path(h.c.Place), now)
	case agrees:
		o, err = h.item.Agree(h.c, p.Side, who.ID, d.path(h.c.Place), now)
	default:
		o, err = h.item.Decline(h.c, p.Side, who.ID, h.begins(), d.path(h.c.Place), now)
	}
	if err != nil {
		return err
	}
	return d.applyItem(tx, h, o, news, now)
}

// PartyTo is the item about which a side that types is heard: the newest whose
// question it can answer; who agrees may mean one that was just refused.
func (d *Desk) PartyTo(tx *storage.Tx, who *storage.Contact, agrees bool, now time.Time) (mahalla.ItemID, error) {
	list, err := tx.ItemsOfParty(who.ID)
	if err != nil {
		return 0, err
	}
	var newest mahalla.ItemID
	for _, i := range list {
		gate := i.Gate()
		if gate == mahalla.GateViolence || gate == mahalla.GateCrime {
			continue
		}
		if p := i.PartyOf(who.ID); p.Consent == "" {
			return i.ID, nil
		}
		if newest == 0 {
			newest = i.ID
		}
	}
	if agrees {
		refused, err := tx.ItemsRefused(who.ID, now.Add(-mahalla.ReturnWithin))
		if err != nil {
			return 0, err
		}
		if len(refused) > 0 {
			return refused[0].ID, nil
		}
	}
	if newest == 0 {
		return 0, mahalla.Refuse(mahalla.NotFound, "party_none")
	}
	return newest, nil
}
