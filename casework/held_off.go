package casework

import (
	"slices"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// offItems lists the items of a sitting that went off its agenda while it was under
// way: the case has ended, or a side or the officer does not want it any more.
func offItems(tx *storage.Tx, m *mahalla.Meeting) ([]mahalla.ItemID, error) {
	var list []mahalla.ItemID
	for _, h := range m.Agenda {
		item, err := tx.Item(h.Item)
		if err != nil {
			return nil, err
		}
		if item == nil || !item.State.Open() {
			list = append(list, h.Item)
		}
	}
	return list, nil
}

// stillHeard refuses to write anything more of an item that went off the agenda of a
// sitting under way: what is written stays.
func stillHeard(tx *storage.Tx, m *mahalla.Meeting, h *mahalla.Hearing) error {
	if m.Status != mahalla.MeetingCalled {
		return nil
	}
	item, err := tx.Item(h.Item)
	if err == nil && (item == nil || !item.State.Open()) {
		err = mahalla.Refuse(mahalla.Conflict, "sitting_item_off")
	}
	return err
}

// agendaChanged keeps a meeting of which an item goes, and lists the cards of those who
// manage it and of those who write its sitting.
func (d *Desk) agendaChanged(tx *storage.Tx, m *mahalla.Meeting, ring bool, lane mahalla.Lane, now time.Time) ([]mahalla.Notice, error) {
	if err := tx.SaveMeeting(m); err != nil {
		return nil, err
	}
	emptied, err := d.emptied(tx, m, now)
	if err != nil {
		return nil, err
	}
	notices, err := d.toManage(tx, m, ring || emptied, lane, now)
	if err != nil {
		return nil, err
	}
	writing, err := tx.CardHolders(CardHeld, int64(m.ID))
	for _, p := range writing {
		notices = append(notices, mahalla.Notice{Kind: CardHeld, To: p, Lane: mahalla.LaneAnswer})
	}
	return notices, err
}

// withdrawn writes a sitting of which an item is not to be heard any more. The sides
// learn that they need not come, unless they were heard or come for another item.
func (d *Desk) withdrawn(tx *storage.Tx, m *mahalla.Meeting, item mahalla.ItemID, now time.Time) error {
	notices, err := d.agendaChanged(tx, m, false, mahalla.LaneAnswer, now)
	if err != nil {
		return err
	}
	unheard := m.Hearing(item).Outcome == mahalla.OutcomeWithdrawn && m.Open(now)
	for _, p := range m.Participants {
		if unheard && p.Seat == mahalla.SeatParty && p.Item == item {
			notices = append(notices, mahalla.Notice{Kind: CardMeeting, To: p.Person, Lane: mahalla.LaneUrgent, Ring: true})
		}
	}
	return d.tellMeeting(tx, m.ID, now, notices...)
}

// partyOff tells whether a side need not come any more, or needed not, though it was
// asked: the item went off the agenda unheard while the commission sat.
func partyOff(tx *storage.Tx, m *mahalla.Meeting, p *mahalla.Participant) (bool, error) {
	h := m.Hearing(p.Item)
	if p.Seat != mahalla.SeatParty || h == nil || h.Outcome != mahalla.OutcomeWithdrawn {
		return false, nil
	}
	item, err := tx.Item(p.Item)
	return err == nil && item != nil && item.State == mahalla.ItemDropped, err
}

// outcome names what came of an item. One that went off the agenda of a sitting
// without having been heard is said to have been taken off.
func (w *words) outcome(v *heldView, h mahalla.Hearing) string {
	if i := v.items[h.Item]; h.Outcome == mahalla.OutcomeWithdrawn && i != nil && i.State == mahalla.ItemDropped {
		return w.say("held.off")
	}
	return w.say("held.outcome." + string(h.Outcome))
}

// goneOff tells whether nothing more can be written of an item.
func (v *heldView) goneOff(item mahalla.ItemID) bool {
	i := v.items[item]
	return v.m.Status == mahalla.MeetingCalled && (i == nil || !i.State.Open())
}

// mayPutOff refuses to move or cancel a meeting that has decided something.
func mayPutOff(tx *storage.Tx, m *mahalla.Meeting) error {
	decisions, err := tx.DecisionsOf(m.ID)
	if err != nil {
		return err
	}
	return m.PutOff(len(decisions) > 0)
}

// onlyOpen leaves the items that are still to be heard, and takes the others off the
// agenda of a meeting that is to be at another time.
func onlyOpen(m *mahalla.Meeting, held []heldItem) []heldItem {
	open := slices.DeleteFunc(slices.Clone(held), func(h heldItem) bool { return !h.item.State.Open() })
	for _, h := range held {
		if !h.item.State.Open() {
			m.Leave(h.item.ID, itemsOf(open)...)
		}
	}
	return open
}

// tellUnheld tells those that a meeting did not take place who wanted to come, and
// brings the cards of the others up to date. Whose item went off knows that already.
func (d *Desk) tellUnheld(tx *storage.Tx, m *mahalla.Meeting, but mahalla.PersonID, now time.Time) error {
	var quiet []mahalla.PersonID
	var notices []mahalla.Notice
	for _, p := range m.Participants {
		off, err := partyOff(tx, m, &p)
		if err != nil {
			return err
		}
		if off || p.Person == but || !p.Comes() && p.Presence != mahalla.Present {
			quiet = append(quiet, p.Person)
			continue
		}
		list, err := d.meetingNews(tx, m, p.Person, newsUnheld)
		if err != nil {
			return err
		}
		notices = append(notices, list...)
	}
	if err := d.tellMeeting(tx, m.ID, now, notices...); err != nil {
		return err
	}
	return d.refreshMeeting(tx, m, false, now, quiet...)
}

// drawSitSay wakes whoever convenes with news of a meeting.
func (d *Desk) drawSitSay(tx *storage.Tx, w *words, reader *storage.Contact, about int64, args map[string]string) (mahalla.Screen, error) {
	m, err := tx.Meeting(mahalla.MeetingID(about))
	if err != nil || m == nil || !reader.Over([]mahalla.TerritoryID{m.Commission}, mahalla.MayConvene, w.now) {
		if err == nil {
			err = ErrPointless
		}
		return mahalla.Screen{}, err
	}
	waits := m.Status == mahalla.MeetingCalled || m.Status == mahalla.MeetingHeld
	if news := mahalla.SittingNews(args["what"]); news != mahalla.SittingLapsed && news != mahalla.SittingBroken && !waits {
		return mahalla.Screen{}, ErrPointless
	}
	card, err := tx.Card(reader.ID, CardHeld, mahalla.CaseID(about))
	text := w.say("sitting."+args["what"], "place", HTML(w.placeShort(m.Commission)), "when", w.when(m.At))
	return mahalla.Screen{Text: text, ReplyTo: card.MessageID, Silent: d.Calendar().IsQuiet(w.now)}, err
}
