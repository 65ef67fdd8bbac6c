package mahalla

import (
	"slices"
	"time"
)

// An item that is heard by one mediator has a meeting of its own: with its sides, the
// mediator and whoever writes down what happens. Nobody else is asked, and the mediator
// alone is the quorum.

// MayHearTogether refuses an item that cannot come before a meeting with what else is on
// its agenda: an item of a mediator has a meeting of its own, and one that was called for
// the one kind hears nothing of the other, for others were asked to it.
func MayHearTogether(m *Meeting, i *Item) error {
	others := slices.ContainsFunc(m.Agenda, func(h Hearing) bool { return h.Item != i.ID })
	called := m.Status != MeetingDraft
	switch {
	case m.Mediation && (others || called && !i.Mediator):
		return Refuse(Conflict, "mediation_full")
	case i.Mediator && (others || called && !m.Mediation):
		return Refuse(Conflict, "mediation_alone")
	}
	return nil
}

// Mediators are those of a commission who may mediate in an item: its chair and members
// without a share in it. Its secretary, who writes down what happens, may where there is
// nobody else.
func Mediators(sit []Seated, bears func(PersonID) bool) []Seated {
	var list, writers []Seated
	for _, s := range sit {
		switch {
		case bears(s.Person):
		case s.Role == CommissionSecretary:
			writers = append(writers, s)
		default:
			list = append(list, s)
		}
	}
	if len(list) == 0 {
		return writers
	}
	return list
}

// Mediator is who mediates at the meeting; nil when nobody was chosen.
func (m *Meeting) Mediator() *Participant {
	i := slices.IndexFunc(m.Participants, func(p Participant) bool { return p.Seat == SeatMediator })
	if i < 0 {
		return nil
	}
	return &m.Participants[i]
}

// Convoke brings a draft up to date with what kind of meeting its agenda wants, and with
// who sits: one that is a mediator's, or one of the whole commission. When the kind
// changes, who is asked is chosen anew. Bears tells who has a share in what a mediator hears.
func (m *Meeting) Convoke(mediation bool, sit []Seated, custom Custom, bears func(PersonID) bool) {
	if m.Mediation != mediation {
		m.Mediation, m.Participants = mediation, nil
		for _, s := range sit {
			m.Participants = append(m.Participants, Participant{Person: s.Person, Seat: SeatOf(s.Role)})
		}
	}
	m.Reseat(sit, custom)
	if !mediation {
		return
	}
	m.Participants = slices.DeleteFunc(m.Participants, func(p Participant) bool { return p.Seat.Counts() && p.Seat != SeatMediator })
	m.seatWriter(sit, bears)
}

// seatWriter asks whoever writes down what happens at a mediator's meeting: its maker, if
// that is a secretary, or else the first secretary, or else its maker. It tells whom; 0
// when there is nobody but the mediator, or somebody was asked before. Who has a share in
// the matter does not write it down.
func (m *Meeting) seatWriter(sit []Seated, bears func(PersonID) bool) PersonID {
	if slices.ContainsFunc(m.Participants, func(p Participant) bool { return p.Seat.Counts() && p.Seat != SeatMediator }) {
		return 0
	}
	var writer Seated
	for _, s := range sit {
		switch free := m.Participant(s.Person) == nil && !bears(s.Person); {
		case free && s.Role == CommissionSecretary && (writer.Role != CommissionSecretary || s.Person == m.MadeBy),
			free && writer.Person == 0 && s.Person == m.MadeBy:
			writer = s
		}
	}
	if writer.Person != 0 {
		m.Participants = append(m.Participants, Participant{Person: writer.Person, Seat: SeatOf(writer.Role)})
	}
	return writer.Person
}

// Appoint chooses who mediates, of those who may: in a draft anew, and once the meeting is
// called in the place of who has not said that he or she comes. It tells who need not come
// any more; 0 is nobody. Whoever chooses comes. Who mediated and is a side of the item, which
// is nil where there is none, comes as that.
func (m *Meeting) Appoint(by PersonID, to Seated, sit []Seated, item *Item, bears func(PersonID) bool, now time.Time) (gone PersonID, err error) {
	if !m.Mediation {
		return 0, Refuse(Conflict, "mediation_none")
	}
	if m.Status != MeetingDraft {
		if err := m.goesOn(now); err != nil {
			return 0, err
		}
	}
	was := m.Mediator()
	switch {
	case was == nil:
	case was.Person == to.Person && m.Status == MeetingDraft:
		return 0, nil
	case was.Person == to.Person:
		return 0, Refuse(Conflict, "mediator_same")
	case m.Status != MeetingDraft && m.Expected(0).Met():
		return 0, Refuse(Conflict, "mediator_comes", "by", id(was.Person))
	default:
		gone = was.Person
	}
	m.Participants = slices.DeleteFunc(m.Participants, func(p Participant) bool {
		return p.Seat == SeatMediator || p.Person == to.Person
	})
	m.Participants = append([]Participant{{Person: to.Person, Seat: SeatMediator}}, m.Participants...)
	m.seatWriter(sit, bears)
	if m.Status != MeetingDraft {
		if item != nil {
			m.ask(item)
		}
		m.comes(by, now)
	}
	if m.Participant(gone) != nil { // who mediated writes now, or is a side
		gone = 0
	}
	return gone, nil
}

// mayCall refuses to send the invitations of a draft to items that cannot be heard
// together, or that want another kind of meeting than the one that was put together.
func (m *Meeting) mayCall(items []*Item) error {
	for _, i := range items {
		if m.Mediation && len(items) == 1 && !i.Mediator || i.Mediator && len(items) == 1 && !m.Mediation {
			return Refuse(Conflict, "mediation_changed")
		}
		if err := MayHearTogether(m, i); err != nil {
			return err
		}
	}
	switch {
	case m.Mediation && len(items) == 0:
		return Refuse(Conflict, "mediation_changed")
	case m.Mediation && m.Mediator() == nil:
		return Refuse(Invalid, "mediator_nobody")
	}
	return nil
}

// heard is the item that a mediator's meeting is about; 0 for others.
func (m *Meeting) heard() ItemID {
	if m.Mediation && len(m.Agenda) > 0 {
		return m.Agenda[0].Item
	}
	return 0
}

// counts tells whether a participant counts for the quorum of this meeting.
func (m *Meeting) counts(p *Participant) bool {
	if m.Mediation {
		return p.Seat == SeatMediator
	}
	return p.Seat.Counts()
}

// seatMediation is SeatAnew for a mediator's meeting: whose role has ended goes, and
// nobody is asked but a secretary, when there is none any more.
func (m *Meeting) seatMediation(c Composition, now time.Time) Reseating {
	var r Reseating
	before := m.Participants
	m.Participants = make([]Participant, 0, len(before))
	for _, p := range before {
		if p.Seat.Counts() && c.seat(p.Person) == nil {
			var still bool
			if p, still = c.unseat(m, p, &r); !still {
				continue
			}
		}
		m.Participants = append(m.Participants, p)
	}
	if now.Before(m.At) {
		secretaries := slices.DeleteFunc(slices.Clone(c.Sit), func(s Seated) bool { return s.Role != CommissionSecretary })
		bears := func(p PersonID) bool { return c.side(m, Participant{Person: p}) != nil }
		if p := m.seatWriter(secretaries, bears); p != 0 {
			r.Joined = append(r.Joined, p)
		}
	}
	return r
}
