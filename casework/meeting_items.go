package casework

import (
	"strconv"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// scheduleAll puts the items of a meeting that was called or moved, and written, on
// its agenda.
func (d *Desk) scheduleAll(tx *storage.Tx, held []heldItem, now time.Time) error {
	for _, h := range held {
		if err := d.schedule(tx, h.item, now); err != nil {
			return err
		}
	}
	return nil
}

// unscheduleAll lets the items of a meeting that was cancelled wait for another one.
func (d *Desk) unscheduleAll(tx *storage.Tx, held []heldItem, now time.Time) error {
	for _, h := range held {
		if h.item.State != mahalla.ItemScheduled {
			continue
		}
		if err := d.unschedule(tx, h.item, "cancelled", now); err != nil {
			return err
		}
	}
	return nil
}

// leaveMeeting takes an item that is not to be heard off the agenda of a meeting
// that was called, and lets its sides know that they need not come. Of a sitting that
// has begun it stays in the minutes.
func (d *Desk) leaveMeeting(tx *storage.Tx, m *mahalla.Meeting, item mahalla.ItemID, now time.Time) error {
	var others, open []*mahalla.Item
	for _, h := range m.Agenda {
		other, err := tx.Item(h.Item)
		if err != nil {
			return err
		}
		if other == nil || other.ID == item {
			continue
		}
		if others = append(others, other); other.State.Open() {
			open = append(open, other)
		}
	}
	if m.Withdraw(item, now) {
		m.StayFor(item, open...)
		return d.withdrawn(tx, m, item, now)
	}
	gone := m.Leave(item, others...)
	notices, err := d.agendaChanged(tx, m, true, mahalla.LaneUrgent, now)
	if err != nil {
		return err
	}
	if err := d.letOff(tx, m.ID, "off_agenda", now, gone...); err != nil {
		return err
	}
	for _, p := range gone {
		notices = append(notices, mahalla.Notice{Kind: CardMeeting, To: p, Lane: mahalla.LaneUrgent, Ring: true,
			Args: map[string]string{argItem: strconv.FormatInt(int64(item), 10)}})
	}
	for _, p := range m.Participants {
		if p.Seat != mahalla.SeatParty && p.Person != m.MadeBy {
			notices = append(notices, mahalla.Notice{Kind: CardMeeting, To: p.Person, Lane: mahalla.LaneReminder})
		}
	}
	notices = append(notices, agendaNews(m, item, newsItemOff, m.MadeBy)...) // whose card came anew
	if err := d.tellMeeting(tx, m.ID, now, notices...); err != nil {
		return err
	}
	return d.letGo(tx, m, gone, now)
}

// conflicted marks those who sit and have a share in an item of the agenda. Who only
// writes down what happens takes no part in a mediator's meeting anyway.
func conflicted(m *mahalla.Meeting, held []heldItem) {
	for _, h := range held {
		for i := range m.Participants {
			p := &m.Participants[i]
			if p.Seat.Counts() && (!m.Mediation || p.Seat == mahalla.SeatMediator) && !p.InConflict(h.item.ID) && h.item.Bears(h.c, p.Person) {
				p.Conflicts = append(p.Conflicts, h.item.ID)
			}
		}
	}
}
