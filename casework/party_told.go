package casework

import (
	"strconv"
	"strings"

	"koprik/mahalla"
	"koprik/storage"
)

// partyTitle invites a side. To whoever has reported the matter it names the case, which
// is the own one; to the other side it does not, as nothing else does.
func (d *Desk) partyTitle(tx *storage.Tx, w *words, m *mahalla.Meeting, p *mahalla.Participant) (string, error) {
	number, err := ownNumber(tx, p.Item, p.Person)
	if err != nil || number == "" {
		return w.say("meeting.party_title"), err
	}
	return w.say("meeting.party_title_own", "number", number), nil
}

// ownNumber is the number of the case of an item for whoever has reported it; empty for
// anybody else, and for no item.
func ownNumber(tx *storage.Tx, id mahalla.ItemID, reader mahalla.PersonID) (string, error) {
	if id == 0 {
		return "", nil
	}
	item, err := tx.Item(id)
	if err != nil || item == nil {
		return "", err
	}
	c, err := tx.Case(item.Case)
	if err != nil || c == nil || c.Reporter != reader {
		return "", err
	}
	return c.Number.String(), nil
}

// ofSitting says to a side of which meeting, and of which own case, it is told.
func (w *words) ofSitting(tx *storage.Tx, m *mahalla.Meeting, item mahalla.ItemID, reader mahalla.PersonID) (string, error) {
	number, err := ownNumber(tx, item, reader)
	if err != nil || number == "" {
		return w.say("sided.of", "when", HTML(w.sitting(m.At))), err
	}
	return w.say("sided.of_own", "when", HTML(w.sitting(m.At)), "number", number), nil
}

// argItemOf is the item named in what is told of it; 0 is none.
func argItemOf(args map[string]string) mahalla.ItemID {
	id, _ := strconv.ParseInt(args[argItem], 10, 64) // ours
	return mahalla.ItemID(id)
}

// sits tells a side as what people hear its item: by office, never by name.
func (d *Desk) sits(tx *storage.Tx, w *words, m *mahalla.Meeting, item mahalla.ItemID) (string, error) {
	if m.Mediation {
		return d.mediatorOffice(tx, w, m)
	}
	var who []string
	members := 0
	for _, p := range m.Participants { // the chair and the secretary come first
		switch {
		case p.InConflict(item):
		case p.Seat == mahalla.SeatChair, p.Seat == mahalla.SeatSecretary:
			who = append(who, w.say("held.seat."+string(p.Seat)))
		case p.Seat == mahalla.SeatMember:
			members++
		}
	}
	if members > 0 {
		who = append(who, w.count("meeting.sits_members", members))
	}
	if len(who) == 0 {
		return "", nil
	}
	return w.say("meeting.sits", "who", HTML(strings.Join(who, ", "))), nil
}

// mediatorOffice is as what somebody mediates, and that nobody else is there.
func (d *Desk) mediatorOffice(tx *storage.Tx, w *words, m *mahalla.Meeting) (string, error) {
	p := m.Mediator()
	if p == nil {
		return w.besides(m), nil
	}
	seats, err := tx.Seats(m.Commission, w.now)
	if err != nil {
		return "", err
	}
	for _, s := range seats {
		if s.Person == p.Person {
			if !writtenDown(m) {
				return w.say("mediation.office_alone", "role", HTML(w.role(s.Role))), nil
			}
			return w.say("mediation.office", "role", HTML(w.role(s.Role))), nil
		}
	}
	return w.besides(m), nil
}

// foreign tells for each item whether one of its sides reads another tongue than that of
// the minutes: what is typed is translated for nobody. Both scripts of Uzbek are one.
func foreign(tx *storage.Tx, m *mahalla.Meeting, items map[mahalla.ItemID]*mahalla.Item) (map[mahalla.ItemID]bool, error) {
	found := map[mahalla.ItemID]bool{}
	for id, item := range items {
		for _, p := range item.Parties {
			if p.Person == 0 {
				continue
			}
			who, err := tx.Contact(p.Person)
			if err != nil {
				return nil, err
			}
			found[id] = found[id] || who != nil && (who.Language == mahalla.Ru) != (m.Language == mahalla.Ru)
		}
	}
	return found, nil
}

// untranslated warns whoever writes about an item, or with 0 about none, that a side reads
// another language.
func (w *words) untranslated(v *heldView, item mahalla.ItemID) string {
	if item != 0 && !v.foreign[item] {
		return ""
	}
	for _, is := range v.foreign {
		if is {
			return w.say("held.untranslated")
		}
	}
	return ""
}
