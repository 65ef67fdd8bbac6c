package casework

import (
	"slices"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// CallMeeting sends the invitations to a meeting.
func (d *Desk) CallMeeting(tx *storage.Tx, who *storage.Contact, id mahalla.MeetingID, now time.Time) (*mahalla.Meeting, error) {
	m, held, err := d.holdMeeting(tx, id)
	if err != nil {
		return nil, err
	}
	if err := mayConvene(who, m.Commission, now); err != nil {
		return nil, err
	}
	seats, err := tx.Seats(m.Commission, now)
	if err != nil {
		return nil, err
	}
	if m.Editing() == nil {
		_, bears, err := heardAlone(tx, m)
		if err != nil {
			return nil, err
		}
		m.Convoke(m.Mediation, seats, d.custom(m.Commission), bears)
	}
	if err := m.Call(who.ID, itemsOf(held), d.Calendar(), now); err != nil {
		return nil, err
	}
	conflicted(m, held)
	if err := stillMediates(m); err != nil {
		return nil, err
	}
	if err := d.review(tx, m, now); err != nil {
		return nil, err
	}
	if q := who.Dialogue.Question; q != nil && q.Flow == FlowConvene && q.Case == aboutMeeting(id) {
		who.Dialogue.Question = nil
	}
	if err := tx.SaveMeeting(m); err != nil {
		return nil, err
	}
	if err := d.scheduleAll(tx, held, now); err != nil {
		return nil, err
	}
	if err := d.remindOf(tx, m, participants(m), now); err != nil {
		return nil, err
	}
	return m, d.invite(tx, m, who.ID, now)
}

// AskEmptyCall asks whether a meeting is meant that would hear nothing though items are
// ready: a typed order has not seen the preview. Decisions to look at are an agenda too.
func (d *Desk) AskEmptyCall(tx *storage.Tx, m *mahalla.Meeting, now time.Time) error {
	if m.Editing() != nil || len(m.Agenda) > 0 {
		return nil
	}
	ready, err := tx.ReadyLines(m.Commission, mostReady)
	if err != nil || len(ready) == 0 {
		return err
	}
	overdue, err := d.toReview(tx, m, now)
	if err != nil || overdue > 0 {
		return err
	}
	return mahalla.Refuse(mahalla.Invalid, "meeting_agenda_empty")
}

// invite writes a meeting that was called or moved, and tells everybody of it but
// who did that. Who cannot be told is marked.
func (d *Desk) invite(tx *storage.Tx, m *mahalla.Meeting, by mahalla.PersonID, now time.Time) error {
	within, err := tx.Recipients(participants(m))
	if err != nil {
		return err
	}
	var notices []mahalla.Notice
	for i := range m.Participants {
		p := &m.Participants[i]
		_, reached := within[p.Person]
		p.Unreachable = !reached
		if p.Person != by {
			notices = append(notices, invitation(m, p.Person)...)
		}
	}
	if err := tx.SaveMeeting(m); err != nil {
		return err
	}
	manage, err := d.toManage(tx, m, false, mahalla.LaneAnswer, now)
	if err != nil {
		return err
	}
	manage = slices.DeleteFunc(manage, func(n mahalla.Notice) bool { return n.To == by })
	manage = append(manage, mahalla.Notice{Kind: CardConvene, To: by, Lane: mahalla.LaneAnswer})
	return d.tellMeeting(tx, m.ID, now, append(manage, notices...)...)
}

// invitation is what somebody who is asked is sent: where it is on the map, and the
// card below that.
func invitation(m *mahalla.Meeting, to mahalla.PersonID) []mahalla.Notice {
	card := mahalla.Notice{Kind: CardMeeting, To: to, Lane: mahalla.LaneUrgent, Ring: true}
	if m.Pin == "" {
		return []mahalla.Notice{card}
	}
	return []mahalla.Notice{{Kind: NoticeMeetingPin, To: to, Lane: mahalla.LaneUrgent}, card}
}

// sendCalendars brings the calendar file anew to those whose phones have an older
// one of a meeting that was moved or cancelled.
func (d *Desk) sendCalendars(tx *storage.Tx, m *mahalla.Meeting, now time.Time) error {
	people, err := tx.Fetched(m.ID)
	if err != nil {
		return err
	}
	for _, p := range people {
		if m.Participant(p) == nil {
			continue
		}
		if err := d.sendCalendar(tx, m, p, now); err != nil {
			return err
		}
	}
	return nil
}

// letGo takes a meeting out of the calendars of those who have its file and were let
// go from it.
func (d *Desk) letGo(tx *storage.Tx, m *mahalla.Meeting, people []mahalla.PersonID, now time.Time) error {
	people = slices.DeleteFunc(slices.Clone(people), func(p mahalla.PersonID) bool { return m.Participant(p) != nil })
	if len(people) == 0 {
		return nil
	}
	have, err := tx.Fetched(m.ID)
	if err != nil {
		return err
	}
	for _, p := range people {
		if !slices.Contains(have, p) {
			continue
		}
		if err := d.sendCalendar(tx, m, p, now); err != nil {
			return err
		}
	}
	return nil
}

// remindOf plans the reminders of a meeting for some people.
func (d *Desk) remindOf(tx *storage.Tx, m *mahalla.Meeting, people []mahalla.PersonID, now time.Time) error {
	return tx.PlanReminders(mahalla.MeetingReminders(int64(m.ID), m.At, people, d.Calendar(), now))
}

// clash is why somebody might not come at the time of a meeting.
type clash struct {
	person mahalla.PersonID
	other  *mahalla.Meeting // to which the person is asked too; nil: away then
}

// clashes finds out who of those asked has another meeting at about the same time,
// or is away. Who has refused the other one can come.
func (d *Desk) clashes(tx *storage.Tx, m *mahalla.Meeting, people []mahalla.PersonID) ([]clash, error) {
	if m.At.IsZero() || len(people) == 0 {
		return nil, nil
	}
	others, err := tx.CalledAround(people, m.At.Add(-mahalla.LongestMeeting), m.End().Add(time.Hour))
	if err != nil {
		return nil, err
	}
	away, err := tx.AbsencesOf(people...)
	if err != nil {
		return nil, err
	}
	var list []clash
	for _, p := range people {
		found := clash{person: p}
		for _, o := range others {
			if x := o.Participant(p); x != nil && x.RSVP != mahalla.RSVPNo && m.Clashes(o) {
				found.other = o
				break
			}
		}
		absent := slices.ContainsFunc(away, func(a mahalla.Absence) bool {
			return a.Person == p && a.Open() && a.From.Before(m.End()) && m.At.Before(a.Until)
		})
		if found.other != nil || absent {
			list = append(list, found)
		}
	}
	return list, nil
}
