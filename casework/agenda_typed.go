package casework

import (
	"strings"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// ItemFor reads an item for somebody who is shown it.
func (d *Desk) ItemFor(tx *storage.Tx, who *storage.Contact, id mahalla.ItemID, now time.Time) (*mahalla.Item, error) {
	i, err := tx.Item(id)
	if err != nil {
		return nil, err
	}
	if i != nil {
		c, err := tx.Case(i.Case)
		if err != nil {
			return nil, err
		}
		if d.seesItem(who, c, i, now) {
			return i, nil
		}
	}
	return nil, mahalla.Refuse(mahalla.NotFound, "agenda_none")
}

// ItemNamed understands what is typed about an item: yes and no answer the
// question of its gate, "agrees Karim +998…" tells of a side, and there is a word
// for each of its buttons. A side is named by its number in front, else the second
// is meant. What is empty when it is none of these.
func (d *Desk) ItemNamed(i *mahalla.Item, typed string) (what, name string) {
	side := "2"
	if rest, ok := strings.CutPrefix(typed, "1 "); ok {
		side, typed = "1", strings.TrimSpace(rest)
	} else if rest, ok := strings.CutPrefix(typed, "2 "); ok {
		typed = strings.TrimSpace(rest)
	}
	if gate := i.Gate(); gate == mahalla.GateViolence || gate == mahalla.GateCrime {
		switch {
		case d.Yes(typed):
			return ItemAnswer + string(gate) + "_" + string(mahalla.ReplyYes), ""
		case d.No(typed):
			return ItemAnswer + string(gate) + "_" + string(mahalla.ReplyNo), ""
		}
	}
	first, rest, _ := strings.Cut(typed, " ")
	rest = strings.TrimSpace(rest)
	switch {
	case d.isWord("word.declines", typed):
		return ItemNo + side, ""
	case d.isWord("word.agrees", first):
		return ItemWord + side, rest
	case d.isWord("word.link", first) && d.No(rest):
		return ItemUnlink + side, ""
	case d.isWord("word.link", typed):
		return ItemLink + side, ""
	case d.isWord("word.mediator", first) && d.No(rest):
		return ItemWhole, ""
	case d.isWord("word.mediator", typed):
		return ItemMediator, ""
	case d.isWord("word.take_back", typed):
		return ItemOff, ""
	}
	return "", ""
}

// CaseBehind is the case that a message is about, whether it names the case or an
// item of an agenda; 0 for what a person may not hear of, and for a meeting.
func (d *Desk) CaseBehind(tx *storage.Tx, who *storage.Contact, about mahalla.CaseID, now time.Time) (mahalla.CaseID, error) {
	id, item, err := tx.AboutCase(about)
	if err != nil || id == 0 || !item {
		return id, err
	}
	c, err := tx.Case(id)
	if err != nil || d.MayRead(who, c, now) != nil {
		return 0, err
	}
	return id, nil
}
