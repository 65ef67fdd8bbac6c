package casework

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// holdAmended holds an item with its case and a meeting that was called, of which it is
// to come onto the agenda or to leave it.
func (d *Desk) holdAmended(tx *storage.Tx, who *storage.Contact, id mahalla.MeetingID, item mahalla.ItemID, sequence int, now time.Time) (heldItem, error) {
	i, err := tx.Item(item)
	if err == nil && i == nil {
		err = mahalla.Refuse(mahalla.Conflict, "meeting_item_gone")
	}
	if err != nil {
		return heldItem{}, err
	}
	var h heldItem
	if h.c, err = tx.LockCase(i.Case); err != nil {
		return h, err
	}
	if h.meeting, err = managed(tx, who, id, now); err != nil {
		return h, err
	}
	if sequence != mahalla.Anytime && sequence != h.meeting.Sequence {
		return h, mahalla.Refuse(mahalla.Conflict, "meeting_moved", "at", unix(h.meeting.At))
	}
	h.item, err = tx.LockItem(item)
	return h, err
}

// AddItem puts an item that is ready onto the agenda of a meeting that was called. Its
// sides are invited and reminded as the others are; who sits sees the agenda as it is
// now and hears of the item, and takes no part where that one has a share in it. Nobody
// is asked anew.
func (d *Desk) AddItem(tx *storage.Tx, who *storage.Contact, id mahalla.MeetingID, item mahalla.ItemID, sequence int, now time.Time) error {
	h, err := d.holdAmended(tx, who, id, item, sequence, now)
	if err != nil {
		return err
	}
	m := h.meeting
	asked, err := m.Add(h.item, now)
	if err != nil {
		return err
	}
	conflicted(m, []heldItem{h})
	if err := d.reachOf(tx, m, asked); err != nil {
		return err
	}
	notices, err := d.agendaChanged(tx, m, false, mahalla.LaneAnswer, now)
	if err != nil {
		return err
	}
	if err := d.schedule(tx, h.item, now); err != nil {
		return err
	}
	if err := d.remindOf(tx, m, asked, now); err != nil {
		return err
	}
	for _, p := range asked {
		notices = append(notices, invitation(m, p)...)
	}
	cards, err := invited(tx, m, slices.DeleteFunc(participants(m), func(p mahalla.PersonID) bool { return slices.Contains(asked, p) }))
	if err != nil {
		return err
	}
	for i, n := range cards { // a side of another item, too, who does not come for that one
		p := m.Participant(n.To)
		cards[i].Ring = p.Seat == mahalla.SeatParty && !p.Comes() && h.item.PartyOf(n.To) != nil
	}
	notices = append(append(notices, cards...), agendaNews(m, item, newsItemOn, who.ID)...)
	return d.tellMeeting(tx, m.ID, now, notices...)
}

// TakeOffItem takes an item off the agenda of a meeting that was called: it is ready for
// another one. Its sides learn that they need not come, and are reminded no more.
func (d *Desk) TakeOffItem(tx *storage.Tx, who *storage.Contact, id mahalla.MeetingID, item mahalla.ItemID, sequence int, now time.Time) error {
	h, err := d.holdAmended(tx, who, id, item, sequence, now)
	if err != nil {
		return err
	}
	m := h.meeting
	if err := m.MayTakeOff(item, now); err != nil {
		return err
	}
	var others []*mahalla.Item
	for _, on := range m.Agenda {
		other, err := tx.Item(on.Item)
		if err != nil {
			return err
		}
		if other != nil && other.ID != item {
			others = append(others, other)
		}
	}
	gone := m.Leave(item, others...)
	notices, err := d.agendaChanged(tx, m, false, mahalla.LaneAnswer, now)
	if err != nil {
		return err
	}
	if err := d.unschedule(tx, h.item, "off_agenda", now); err != nil {
		return err
	}
	if err := d.letOff(tx, m.ID, "off_agenda", now, gone...); err != nil {
		return err
	}
	for _, p := range gone {
		notices = append(notices, mahalla.Notice{Kind: CardMeeting, To: p, Lane: mahalla.LaneUrgent, Ring: true,
			Args: map[string]string{argItem: strconv.FormatInt(int64(item), 10)}})
	}
	cards, err := invited(tx, m, participants(m))
	if err != nil {
		return err
	}
	notices = append(append(notices, cards...), agendaNews(m, item, newsItemOff, who.ID)...)
	if err := d.tellMeeting(tx, m.ID, now, notices...); err != nil {
		return err
	}
	return d.letGo(tx, m, gone, now)
}

// MayAmend tells whether somebody may put an item onto the agenda of a meeting that was
// called, where it is not on it, or else take it off; on says which of the two.
func (d *Desk) MayAmend(tx *storage.Tx, who *storage.Contact, id mahalla.MeetingID, item mahalla.ItemID, now time.Time) (on bool, err error) {
	m, err := tx.Meeting(id)
	if err == nil && m == nil {
		err = mahalla.Refuse(mahalla.NotFound, "meeting_none")
	}
	if err != nil {
		return false, err
	}
	if err := mayConvene(who, m.Commission, now); err != nil {
		return false, err
	}
	if item == 0 {
		return false, m.MayAmend(now)
	}
	if m.Hearing(item) != nil {
		return false, m.MayTakeOff(item, now)
	}
	i, err := tx.Item(item)
	if err != nil {
		return false, err
	}
	if i == nil {
		return false, mahalla.Refuse(mahalla.Conflict, "meeting_item_gone")
	}
	trial := *m
	trial.Participants = slices.Clone(m.Participants)
	_, err = trial.Add(i, now)
	return true, err
}

// amendable lists what may come onto the agenda of a meeting that was called, or leave
// it: first what is on it.
func (d *Desk) amendable(tx *storage.Tx, m *mahalla.Meeting, now time.Time) ([]storage.ItemLine, error) {
	list, err := tx.AgendaLines(agendaOf(m))
	if err != nil || m.Room(now) != nil {
		return list, err
	}
	ready, err := tx.ReadyLines(m.Commission, mostReady)
	ready = slices.DeleteFunc(ready, func(l storage.ItemLine) bool {
		return mahalla.MayHearTogether(m, &mahalla.Item{ID: l.Item, Mediator: l.Mediator}) != nil
	})
	return append(list, ready...), err
}

// AmendNamed finds the item that a typed line means: its number in that list, or that of
// its case. One that cannot be put onto the agenda any more is found by the latter.
func (d *Desk) AmendNamed(tx *storage.Tx, m *mahalla.Meeting, typed string, now time.Time) (mahalla.ItemID, error) {
	list, err := d.amendable(tx, m, now)
	if err != nil {
		return 0, err
	}
	item, unknown := lineNamed(list, typed)
	if unknown == nil {
		return item, nil
	}
	if _, ok := typedNumber(strings.TrimSpace(typed)); ok {
		if err := m.Room(now); err != nil { // the list is shorter for it
			return 0, err
		}
		return 0, unknown
	}
	return d.ReadyNamed(tx, m, typed)
}

// RoomFor is the next meeting that was called onto whose agenda an item may still be
// put; nil when there is none.
func (d *Desk) RoomFor(tx *storage.Tx, item *mahalla.Item, now time.Time) (*mahalla.Meeting, error) {
	if item.State != mahalla.ItemReady {
		return nil, nil
	}
	list, err := tx.MeetingsOf([]mahalla.TerritoryID{item.Commission}, now, now.Add(2*mahalla.MostAhead), mostListedMeetings)
	for _, m := range list {
		if err == nil && m.Status == mahalla.MeetingCalled && m.Room(now) == nil && mahalla.MayHearTogether(m, item) == nil {
			return m, nil
		}
	}
	return nil, err
}

// AddTo is the meeting onto whose agenda an item is to be put, for who convenes it, and
// what its card then asks.
func (d *Desk) AddTo(tx *storage.Tx, who *storage.Contact, id mahalla.ItemID, now time.Time) (*mahalla.Meeting, map[string]string, error) {
	item, err := d.convened(tx, who, id, now)
	if err != nil {
		return nil, nil, err
	}
	m, err := d.RoomFor(tx, item, now)
	if err == nil && m == nil {
		err = mahalla.Refuse(mahalla.Conflict, "meeting_add_none")
	}
	return m, AmendArgs(AmendArg(id)), err
}

// AmendArgs lets the card of a meeting ask about its agenda: what as a button says it.
func AmendArgs(what string) map[string]string {
	return map[string]string{argChoose: strings.TrimSpace(chooseAgenda + " " + what)}
}

// AmendArg writes an item as an argument of a button.
func AmendArg(item mahalla.ItemID) string { return strconv.FormatInt(int64(item), 36) }

// convened reads an item that is ready, for who convenes its commission.
func (d *Desk) convened(tx *storage.Tx, who *storage.Contact, id mahalla.ItemID, now time.Time) (*mahalla.Item, error) {
	item, err := tx.Item(id)
	if err != nil {
		return nil, err
	}
	switch {
	case item == nil || !d.convenesItem(who, item, now):
		return nil, mahalla.Refuse(mahalla.Forbidden, "not_secretary")
	case item.State != mahalla.ItemReady:
		return nil, mahalla.Refuse(mahalla.Conflict, "meeting_item_gone")
	}
	return item, nil
}

// ConveneWith begins a meeting with an item on its agenda, or goes on with the one that
// a person is putting together. What was begun in this press hears the item though
// others, which it cannot be heard with or which have waited longer, come before it.
func (d *Desk) ConveneWith(tx *storage.Tx, who *storage.Contact, id mahalla.ItemID, now time.Time) (*mahalla.Meeting, error) {
	item, err := d.convened(tx, who, id, now)
	if err != nil {
		return nil, err
	}
	tx.LockContact(who.ID) // of two at once one begins
	before, err := tx.DraftedBy(who.ID, item.Commission)
	if err != nil {
		return nil, err
	}
	begun, _, err := d.Convene(tx, who, item.Commission, now)
	if err != nil {
		return nil, err
	}
	m, err := lockMeeting(tx, begun.ID)
	if err != nil {
		return nil, err
	}
	if err := dropGone(tx, m); err != nil {
		return nil, err
	}
	if before == nil && m.Hearing(id) == nil {
		if err := d.beginWith(tx, m, item, now); err != nil {
			return nil, err
		}
	}
	if m.Hearing(id) == nil {
		if err := m.Toggle(item); err != nil {
			return nil, err
		}
	}
	m.Touch(now)
	return m, tx.SaveMeeting(m)
}

// beginWith lets a draft that was begun just now hear an item: of a mediator that alone,
// and for the whole commission that beside others for which there is room.
func (d *Desk) beginWith(tx *storage.Tx, m *mahalla.Meeting, item *mahalla.Item, now time.Time) error {
	switch {
	case item.Mediator || m.Mediation:
		m.Agenda = nil
	case len(m.Agenda) >= mahalla.MostAgenda:
		m.Agenda = m.Agenda[:mahalla.MostAgenda-1]
	}
	m.Agenda = append(m.Agenda, mahalla.Hearing{Item: item.ID})
	seats, err := tx.Seats(m.Commission, now)
	if err != nil {
		return err
	}
	return d.convoke(tx, m, seats)
}

// waitsAs tells whether somebody who need not come to a meeting is a side of an item
// that waits for another one of its commission.
func waitsAs(tx *storage.Tx, p mahalla.PersonID, m *mahalla.Meeting) (bool, error) {
	items, err := tx.ItemsOfParty(p)
	return slices.ContainsFunc(items, func(i *mahalla.Item) bool {
		return i.Commission == m.Commission && i.State == mahalla.ItemReady
	}), err
}
