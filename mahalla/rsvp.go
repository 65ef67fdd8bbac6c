package mahalla

import (
	"slices"
	"time"
)

// Anytime stands for the sequence of a meeting in an answer that was typed: it is
// about the meeting as it is now.
const Anytime = -1

// goesOn tells whether a called meeting can still be answered, moved or cancelled.
func (m *Meeting) goesOn(now time.Time) error {
	switch {
	case m.Status == MeetingCancelled:
		return Refuse(Conflict, "meeting_cancelled")
	case m.Status != MeetingCalled || !now.Before(m.End()):
		return Refuse(Conflict, "meeting_over")
	}
	return nil
}

// Open tells whether the meeting is called and not over.
func (m *Meeting) Open(now time.Time) bool { return m.goesOn(now) == nil }

// Reply is the answer of somebody who is asked to the meeting, to the invitation
// with a sequence; other is the time that is proposed in the place of the
// meeting's. Who is asked to come for somebody else proposes none.
func (m *Meeting) Reply(by PersonID, answer RSVP, other time.Time, sequence int, now time.Time) error {
	p := m.Participant(by)
	if p == nil {
		return Refuse(NotFound, "meeting_not_asked")
	}
	if err := m.goesOn(now); err != nil {
		return err
	}
	switch {
	case sequence != Anytime && sequence != m.Sequence:
		return Refuse(Conflict, "meeting_moved", "at", moment(m.At))
	case answer == RSVPOther && p.Seat == SeatSubstitute:
		return Refuse(Invalid, "substitute_time")
	case answer == RSVPOther && !other.After(now):
		return Refuse(Invalid, "meeting_past")
	case answer == RSVPOther && other.Equal(m.At):
		return Refuse(Invalid, "meeting_same_time")
	}
	if answer != RSVPOther {
		other = time.Time{}
	}
	p.RSVP, p.Sequence, p.Proposed, p.AnsweredAt = answer, m.Sequence, other, now
	if answer == RSVPNo {
		m.takeBack(p)
	}
	return nil
}

// takeBack lets whoever sits and says in the end not to come count as present no more: it
// may have been written only because the person had said to come. Where an item is
// decided already, what is written of the sitting stays.
func (m *Meeting) takeBack(p *Participant) {
	decided := slices.ContainsFunc(m.Agenda, func(h Hearing) bool { return h.Outcome != "" })
	if p.Seat != SeatParty && p.Presence == Present && !decided {
		p.Presence = ""
	}
}

// Record is the answer that somebody gave by telephone to whoever manages the
// meeting.
func (m *Meeting) Record(person PersonID, comes bool, now time.Time) error {
	answer := RSVPNo
	if comes {
		answer = RSVPYes
	}
	return m.Reply(person, answer, time.Time{}, Anytime, now)
}

// AskSubstitute asks somebody to come in the place of a member who has not said
// that he or she comes. The person sits in the commission, or in the one above,
// and is not asked to the meeting yet.
func (m *Meeting) AskSubstitute(member PersonID, to Person, now time.Time) error {
	if err := m.goesOn(now); err != nil {
		return err
	}
	p := m.Participant(member)
	switch {
	case p == nil || !p.Seat.Counts() || p.Seat == SeatSubstitute:
		return Refuse(NotFound, "meeting_not_asked")
	case p.Comes():
		return Refuse(Conflict, "substitute_needless", "by", id(member))
	case to.Reach == Blocked:
		return Refuse(Invalid, "substitute_away")
	}
	if s := m.SubstituteOf(member); s != nil {
		return Refuse(Conflict, "substitute_asked", "by", id(s.Person))
	}
	if other := m.Participant(to.ID); other != nil {
		if other.Seat == SeatSubstitute && other.RSVP == RSVPNo {
			return Refuse(Invalid, "substitute_refused", "by", id(to.ID))
		}
		return Refuse(Invalid, "substitute_sits", "by", id(to.ID))
	}
	m.Participants = append(m.Participants, Participant{Person: to.ID, Seat: SeatSubstitute, InFor: member})
	return nil
}

// SubstituteOf is who was asked to come in the place of a member and has not
// refused; nil when nobody.
func (m *Meeting) SubstituteOf(member PersonID) *Participant {
	i := slices.IndexFunc(m.Participants, func(p Participant) bool {
		return p.Seat == SeatSubstitute && p.InFor == member && p.RSVP != RSVPNo
	})
	if i < 0 {
		return nil
	}
	return &m.Participants[i]
}

// Unsure lists the members who have not said that they come and for whom nobody
// is asked.
func (m *Meeting) Unsure() []PersonID {
	var list []PersonID
	for _, p := range m.Participants {
		if m.counts(&p) && p.Seat != SeatSubstitute && !p.Comes() && m.SubstituteOf(p.Person) == nil {
			list = append(list, p.Person)
		}
	}
	return list
}

// nudgeEvery is how often those who are silent may be asked again.
const nudgeEvery = 30 * time.Minute

// Nudge asks those again who have not answered; it tells who they are.
func (m *Meeting) Nudge(now time.Time) ([]PersonID, error) {
	if err := m.goesOn(now); err != nil {
		return nil, err
	}
	list := m.Silent()
	switch again := m.NudgedAt.Add(nudgeEvery); {
	case len(list) == 0:
		return nil, Refuse(Conflict, "meeting_all_answered")
	case !m.NudgedAt.IsZero() && now.Before(again):
		return nil, Refuse(TooMany, "meeting_nudged", "at", moment(again))
	}
	m.NudgedAt = now
	return list, nil
}

// Silent lists who has not answered, and can be told.
func (m *Meeting) Silent() []PersonID {
	var list []PersonID
	for _, p := range m.Participants {
		if p.RSVP == "" && !p.Unreachable {
			list = append(list, p.Person)
		}
	}
	return list
}

// Answers is how many of those who count have given an answer; the empty one is
// silence.
func (m *Meeting) Answers(answer RSVP) int {
	n := 0
	for _, p := range m.Participants {
		if m.counts(&p) && p.RSVP == answer {
			n++
		}
	}
	return n
}
