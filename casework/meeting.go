package casework

import (
	"slices"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// Cards and messages of meetings.
const (
	CardMeeting      mahalla.NoticeKind = "card.meeting"  // to whoever is asked to it
	CardConvene      mahalla.NoticeKind = "card.convene"  // to whoever puts it together and manages it; about 0: of which commission?
	CardMeetings     mahalla.NoticeKind = "card.meetings" // a person's list of them
	NoticeMeetingPin mahalla.NoticeKind = "meeting_pin"   // where it is, on the map
)

// Verbs of the buttons of meetings. Their subject is the meeting and their round
// its sequence, so that an answer to a time that was changed is known as one.
const (
	PressMeetRSVP       = "mrsvp"   // arg: yes, no, other
	PressMeetOpen       = "mopen"   // the card afresh, from the list
	PressMeetPage       = "mpage"   // round: of the list
	PressMeetSubstitute = "msub"    // arg: empty, for whom, or for whom and who
	PressMeetConflict   = "mconf"   // arg: empty, an item, or an item and a person
	PressMeetNudge      = "mnudge"  // those who are silent
	PressMeetMove       = "mmove"   // arg: empty asks, a moment asks whether it is meant, y and a moment does it
	PressMeetCancel     = "mcancel" // asks why
	PressMeetRecord     = "mphone"  // an answer by telephone; arg: empty, whose, or whose with y or n before it
	PressMeetBack       = "mback"   // the card as it was
	PressMeetAgenda     = "magenda" // arg: empty lists, p and a page its others, an item asks, on or off with one does it
)

// Questions about meetings; their case is the meeting.
const (
	FlowConvene       = "convene" // what the draft asks next
	FlowMeetingOther  = "mother"  // when could you come?
	FlowMeetingMove   = "mmove"   // to when is it moved?
	FlowMeetingCancel = "mcancel" // why is it cancelled?
)

// aboutMeeting is how messages name a meeting.
func aboutMeeting(id mahalla.MeetingID) mahalla.CaseID { return mahalla.CaseID(id) }

// tellMeeting sends notices about a meeting.
func (d *Desk) tellMeeting(tx *storage.Tx, id mahalla.MeetingID, now time.Time, notices ...mahalla.Notice) error {
	return d.send(tx, &mahalla.Case{ID: aboutMeeting(id)}, notices, now)
}

// toManage is the notice of the managing card for everybody who has it.
func (d *Desk) toManage(tx *storage.Tx, m *mahalla.Meeting, ring bool, lane mahalla.Lane, now time.Time) ([]mahalla.Notice, error) {
	people, err := d.convenors(tx, m, now)
	if err != nil {
		return nil, err
	}
	holders, err := tx.CardHolders(CardConvene, int64(m.ID))
	if err != nil {
		return nil, err
	}
	for _, p := range holders {
		if !slices.Contains(people, p) {
			people = append(people, p)
		}
	}
	var list []mahalla.Notice
	for _, p := range people {
		list = append(list, mahalla.Notice{Kind: CardConvene, To: p, Lane: lane, Ring: ring})
	}
	return list, nil
}

// refreshMeeting brings the cards of some people and those of who manages the
// meeting up to date. With ring the latter come anew.
func (d *Desk) refreshMeeting(tx *storage.Tx, m *mahalla.Meeting, ring bool, now time.Time, people ...mahalla.PersonID) error {
	notices, err := d.toManage(tx, m, ring, mahalla.LaneAnswer, now)
	if err != nil {
		return err
	}
	cards, err := invited(tx, m, people)
	if err != nil {
		return err
	}
	return d.tellMeeting(tx, m.ID, now, append(notices, cards...)...)
}

// invited brings the cards up to date of those of some people who have one.
func invited(tx *storage.Tx, m *mahalla.Meeting, people []mahalla.PersonID) ([]mahalla.Notice, error) {
	var list []mahalla.Notice
	for _, p := range people {
		card, err := tx.Card(p, CardMeeting, aboutMeeting(m.ID))
		if err != nil {
			return nil, err
		}
		if card.MessageID != 0 {
			list = append(list, mahalla.Notice{Kind: CardMeeting, To: p, Lane: mahalla.LaneAnswer})
		}
	}
	return list, nil
}

// lockMeeting reads a meeting that is there, and holds it.
func lockMeeting(tx *storage.Tx, id mahalla.MeetingID) (*mahalla.Meeting, error) {
	m, err := tx.LockMeeting(id)
	if err == nil && m == nil {
		err = mahalla.Refuse(mahalla.NotFound, "meeting_none")
	}
	return m, err
}

// managed reads and holds a meeting that the person may manage.
func managed(tx *storage.Tx, who *storage.Contact, id mahalla.MeetingID, now time.Time) (*mahalla.Meeting, error) {
	m, err := lockMeeting(tx, id)
	if err != nil {
		return nil, err
	}
	return m, mayConvene(who, m.Commission, now)
}

// holdMeeting holds a meeting with the cases and items of its agenda, in the order
// of all locks: cases, meeting, items.
func (d *Desk) holdMeeting(tx *storage.Tx, id mahalla.MeetingID) (*mahalla.Meeting, []heldItem, error) {
	before, err := tx.Meeting(id)
	if err != nil {
		return nil, nil, err
	}
	if before == nil {
		return nil, nil, mahalla.Refuse(mahalla.NotFound, "meeting_none")
	}
	lines, err := tx.AgendaLines(agendaOf(before))
	if err != nil {
		return nil, nil, err
	}
	slices.SortFunc(lines, func(a, b storage.ItemLine) int { return int(min(1, max(-1, a.Case-b.Case))) })
	cases := map[mahalla.CaseID]*mahalla.Case{}
	for _, l := range lines {
		if cases[l.Case], err = tx.LockCase(l.Case); err != nil {
			return nil, nil, err
		}
	}
	m, err := lockMeeting(tx, id)
	if err != nil {
		return nil, nil, err
	}
	if !slices.Equal(slices.Sorted(slices.Values(agendaOf(m))), slices.Sorted(slices.Values(agendaOf(before)))) {
		return nil, nil, mahalla.Refuse(mahalla.Conflict, "meeting_item_gone")
	}
	var held []heldItem
	for _, id := range slices.Sorted(slices.Values(agendaOf(m))) {
		item, err := tx.LockItem(id)
		if err != nil {
			return nil, nil, err
		}
		held = append(held, heldItem{item: item, c: cases[item.Case], meeting: m})
	}
	return m, held, nil
}

func agendaOf(m *mahalla.Meeting) []mahalla.ItemID {
	list := make([]mahalla.ItemID, len(m.Agenda))
	for i, h := range m.Agenda {
		list[i] = h.Item
	}
	return list
}

func itemsOf(held []heldItem) []*mahalla.Item {
	list := make([]*mahalla.Item, len(held))
	for i, h := range held {
		list[i] = h.item
	}
	return list
}

// participants lists everybody who is asked to a meeting.
func participants(m *mahalla.Meeting) []mahalla.PersonID {
	list := make([]mahalla.PersonID, len(m.Participants))
	for i, p := range m.Participants {
		list[i] = p.Person
	}
	return list
}
