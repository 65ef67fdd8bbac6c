package casework

import (
	"slices"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// WakeMeeting lets happen what is due of a meeting, and tells what that was. Of one
// that was over before the bot could say anything nobody is told.
func (d *Desk) WakeMeeting(tx *storage.Tx, id mahalla.MeetingID, now time.Time) (mahalla.MeetingNews, error) {
	m, err := tx.LockMeeting(id)
	if err != nil || m == nil {
		return mahalla.MeetingQuiet, err
	}
	if m.Status == mahalla.MeetingCalled {
		if err := d.SeatMeeting(tx, id, now); err != nil {
			return mahalla.MeetingQuiet, err
		}
		if m, err = tx.Meeting(id); err != nil {
			return mahalla.MeetingQuiet, err
		}
	}
	news := m.Tick(d.Calendar(), now)
	if err := tx.SaveMeeting(m); err != nil {
		return news, err
	}
	switch news {
	case mahalla.MeetingForgot:
		return news, d.handDraft(tx, m, true, now) // brings it back to mind
	case mahalla.MeetingLapsed:
		return news, d.showLapsed(tx, m, now)
	case mahalla.MeetingShort:
		return news, d.refreshMeeting(tx, m, true, now)
	case mahalla.MeetingBegins:
		return news, d.refreshMeeting(tx, m, !m.Expected(0).Met(), now, participants(m)...)
	case mahalla.MeetingEnds:
		return news, d.refreshMeeting(tx, m, false, now, participants(m)...)
	case mahalla.MeetingMissed, mahalla.MeetingQuiet:
	}
	return news, nil
}

// EndPastDrafts ends the drafts of series that a person has not called in time, so that
// the next meeting begins anew.
func (d *Desk) EndPastDrafts(tx *storage.Tx, who *storage.Contact, now time.Time) error {
	ids, err := tx.DraftsOf(who.ID)
	if err != nil {
		return err
	}
	for _, id := range ids {
		m, err := tx.LockMeeting(id)
		if err != nil {
			return err
		}
		if m == nil || !m.Past(now) {
			continue
		}
		if q := who.Dialogue.Question; q != nil && q.Flow == FlowConvene && q.Case == aboutMeeting(id) {
			who.Dialogue.Question = nil
		}
		if err := d.endPast(tx, m, now); err != nil {
			return err
		}
	}
	return nil
}

func (d *Desk) endPast(tx *storage.Tx, m *mahalla.Meeting, now time.Time) error {
	if err := m.Drop(now); err != nil {
		return err
	}
	if err := tx.SaveMeeting(m); err != nil {
		return err
	}
	return d.showLapsed(tx, m, now)
}

// showLapsed lets the card of a draft that has ended say so; nobody is rung.
func (d *Desk) showLapsed(tx *storage.Tx, m *mahalla.Meeting, now time.Time) error {
	card, err := tx.Card(m.MadeBy, CardConvene, aboutMeeting(m.ID))
	if err != nil || card.MessageID == 0 {
		return err
	}
	return d.tellMeeting(tx, m.ID, now, mahalla.Notice{Kind: CardConvene, To: m.MadeBy, Lane: mahalla.LaneAnswer})
}

// lostToMeetings marks somebody who cannot be told anything any more at every
// meeting to come. Whoever manages it is told to telephone.
func (d *Desk) lostToMeetings(tx *storage.Tx, p mahalla.PersonID, now time.Time) error {
	return d.reachAtMeetings(tx, p, true, now)
}

// backAtMeetings lets somebody who can be told again see the meetings to come.
func (d *Desk) backAtMeetings(tx *storage.Tx, p mahalla.PersonID, now time.Time) error {
	return d.reachAtMeetings(tx, p, false, now)
}

func (d *Desk) reachAtMeetings(tx *storage.Tx, person mahalla.PersonID, lost bool, now time.Time) error {
	ids, err := tx.CalledWith(person, now)
	if err != nil {
		return err
	}
	for _, id := range ids {
		m, err := tx.LockMeeting(id)
		if err != nil || m == nil {
			return err
		}
		p := m.Participant(person)
		if p == nil || !m.Open(now) || p.Unreachable == lost {
			continue
		}
		p.Unreachable = lost
		if err := tx.SaveMeeting(m); err != nil {
			return err
		}
		notices, err := d.toManage(tx, m, lost, mahalla.LaneUrgent, now)
		if err != nil {
			return err
		}
		notices = slices.DeleteFunc(notices, func(n mahalla.Notice) bool { return lost && n.To == person })
		if !lost {
			notices = append(notices, invitation(m, person)...)
		}
		if err := d.tellMeeting(tx, m.ID, now, notices...); err != nil {
			return err
		}
	}
	return nil
}

// redrawMeetings brings a person's cards of meetings up to date, after a change of
// language.
func (d *Desk) redrawMeetings(tx *storage.Tx, who *storage.Contact, now time.Time) error {
	cards, err := tx.MeetingCards(who.ID, now)
	if err != nil {
		return err
	}
	for _, c := range cards {
		if err := d.Show(tx, who, mahalla.Notice{Kind: c.Kind, Lane: mahalla.LaneReminder}, aboutMeeting(c.Meeting), now); err != nil {
			return err
		}
	}
	return nil
}
