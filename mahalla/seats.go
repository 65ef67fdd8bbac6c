package mahalla

import (
	"slices"
	"time"
)

// Composition is who makes up a commission at a moment, as a meeting that was called
// has to know it.
type Composition struct {
	Sit    []Seated
	Above  []PersonID // who sits in a commission above and may stand in here
	Items  []*Item    // those of the agenda
	Quorum Quorum
}

func (c Composition) seat(p PersonID) *Seated {
	i := slices.IndexFunc(c.Sit, func(s Seated) bool { return s.Person == p })
	if i < 0 {
		return nil
	}
	return &c.Sit[i]
}

// side is as what a person comes who has a share in the agenda; nil when in none.
func (c Composition) side(m *Meeting, p Participant) *Participant {
	for _, i := range c.Items {
		if side := i.PartyOf(p.Person); side != nil && m.Hearing(i.ID) != nil {
			return &Participant{Person: p.Person, Seat: SeatParty, Item: i.ID, Side: side.Side, Unreachable: p.Unreachable}
		}
	}
	return nil
}

// Reseating is what a new composition changes for a meeting.
type Reseating struct {
	Left   []PersonID // need not come any more
	Sides  []PersonID // sit no more, and are asked as a side of an item
	Joined []PersonID // are asked from now on
}

// None tells whether nobody's seat has changed.
func (r Reseating) None() bool { return len(r.Left)+len(r.Sides)+len(r.Joined) == 0 }

// SeatAnew brings who is asked to a called meeting up to date. Whose role has ended
// goes, and with that one who was to come in the place; who is a side of an item, too,
// is asked as that, anew. Who sits since the meeting was called is asked until it
// begins; whom the secretary left out stays out. How many must come is counted by
// those who sit now.
func (m *Meeting) SeatAnew(c Composition, now time.Time) Reseating {
	var r Reseating
	if m.Status != MeetingCalled {
		return r
	}
	if m.Mediation {
		return m.seatMediation(c, now)
	}
	seats := false
	before := m.Participants
	m.Participants = make([]Participant, 0, len(before))
	gone := func(p PersonID) bool {
		return slices.ContainsFunc(before, func(x Participant) bool {
			return x.Person == p && x.Seat.Counts() && x.Seat != SeatSubstitute && c.seat(p) == nil
		})
	}
	for _, p := range before {
		seat, stays := c.seat(p.Person), true
		switch {
		case p.Seat == SeatParty && seat != nil && m.joins(seat, now): // who sits takes no part in the own item
			p = Participant{Person: p.Person, Seat: SeatOf(seat.Role), Conflicts: []ItemID{p.Item}, Unreachable: p.Unreachable}
			r.Joined, seats = append(r.Joined, p.Person), true
		case !p.Seat.Counts():
		case p.Seat == SeatSubstitute && seat != nil && gone(p.InFor): // comes for the own seat
			p.Seat, p.InFor = SeatOf(seat.Role), 0
		case p.Seat == SeatSubstitute:
			stays = !gone(p.InFor) && (seat != nil || slices.Contains(c.Above, p.Person))
		case seat == nil:
			stays, seats = false, true
		default:
			p.Seat = SeatOf(seat.Role)
		}
		if !stays {
			var still bool
			if p, still = c.unseat(m, p, &r); !still {
				continue
			}
		}
		m.Participants = append(m.Participants, p)
	}
	for _, s := range c.Sit {
		if m.joins(&s, now) && m.Participant(s.Person) == nil {
			m.Participants = append(m.Participants, Participant{Person: s.Person, Seat: SeatOf(s.Role)})
			r.Joined, seats = append(r.Joined, s.Person), true
		}
	}
	if seats {
		m.Quorum = c.Quorum.Of(len(c.Sit))
	}
	return r
}

// joins tells whether somebody sits only since the meeting was called, which has not
// begun.
func (m *Meeting) joins(s *Seated, now time.Time) bool {
	return s.Since.After(m.CalledAt) && now.Before(m.At)
}

// Composed is the moment whose composition counts for a meeting: now, and once it has
// begun that at which it did.
func (m *Meeting) Composed(now time.Time) time.Time {
	if m.At.IsZero() || now.Before(m.At) {
		return now
	}
	return m.At
}

// HandOver gives a draft to somebody else who convenes, and who comes to it.
func (m *Meeting) HandOver(to Seated) {
	m.MadeBy = to.Person
	if !m.Mediation && m.Participant(to.Person) == nil {
		m.Participants = append(m.Participants, Participant{Person: to.Person, Seat: SeatOf(to.Role)})
	}
}

// unseat notes what becomes of somebody whose seat has ended: the side of an item, as
// which they are asked then, or nothing.
func (c Composition) unseat(m *Meeting, p Participant, r *Reseating) (Participant, bool) {
	side := c.side(m, p)
	if side == nil {
		r.Left = append(r.Left, p.Person)
		return p, false
	}
	r.Sides = append(r.Sides, side.Person)
	return *side, true
}
