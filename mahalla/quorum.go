package mahalla

import (
	"slices"
	"strconv"
)

// Quorum says how many of those who sit in a commission must come: more than
// half of them, two thirds, or a number.
type Quorum string

// The rules that are no number.
const (
	QuorumHalf      Quorum = "half" // more than half of them
	QuorumTwoThirds Quorum = "two_thirds"
)

// ParseQuorum reads a rule.
func ParseQuorum(text string) (Quorum, bool) {
	n, err := strconv.Atoi(text)
	return Quorum(text), text == string(QuorumHalf) || text == string(QuorumTwoThirds) || err == nil && n > 0
}

// Of is how many must come of so many who sit.
func (q Quorum) Of(sit int) int {
	if n, err := strconv.Atoi(string(q)); err == nil {
		return n
	}
	if q == QuorumTwoThirds {
		return max(1, (2*sit+2)/3)
	}
	return sit/2 + 1
}

// Tally is how many of those who count come to a meeting.
type Tally struct {
	Come int
	Need int
	Sit  int // how many seats are asked to it
}

// Met tells whether enough come.
func (t Tally) Met() bool { return t.Come >= t.Need }

// Tally counts those who count and of whom comes is true, for an item of the
// agenda, or for the meeting as a whole when that is zero. A substitute sits in
// the place of a member and not beside that one. Who is in conflict about an item
// does not count for it, while as many as ever must come. Of a mediator's meeting only
// who mediates counts.
func (m *Meeting) Tally(item ItemID, comes func(*Participant) bool) Tally {
	t := Tally{Need: m.Quorum}
	if item == 0 {
		item = m.heard()
	}
	for i := range m.Participants {
		p := &m.Participants[i]
		if !m.counts(p) {
			continue
		}
		if p.Seat != SeatSubstitute {
			t.Sit++
		}
		if !comes(p) || item != 0 && p.InConflict(item) {
			continue
		}
		if p.Seat == SeatSubstitute {
			if member := m.Participant(p.InFor); member != nil && comes(member) && !(item != 0 && member.InConflict(item)) {
				continue
			}
		}
		t.Come++
	}
	return t
}

// InConflict tells whether somebody may not take part in an item.
func (p *Participant) InConflict(item ItemID) bool { return slices.Contains(p.Conflicts, item) }

// Expected counts those who have said that they come.
func (m *Meeting) Expected(item ItemID) Tally { return m.Tally(item, (*Participant).Comes) }

// Comes tells whether somebody has said so.
func (p *Participant) Comes() bool { return p.RSVP == RSVPYes }

// Short lists the items for which those who are expected are too few though for
// the meeting they are enough.
func (m *Meeting) Short() []ItemID {
	if !m.Expected(0).Met() {
		return nil
	}
	var list []ItemID
	for _, h := range m.Agenda {
		if !m.Expected(h.Item).Met() {
			list = append(list, h.Item)
		}
	}
	return list
}

// Bears tells whether somebody who sits in a commission has a share in an item
// and so may not take part in it: who reported the case or the same matter, who
// answers for it, and either side.
func (i *Item) Bears(c *Case, p PersonID) bool {
	if c.Reporter == p || c.Owner == p || c.HasJoined(p) {
		return true
	}
	return slices.ContainsFunc(i.Parties, func(side Party) bool { return side.Person == p })
}

// Declare notes that somebody who counts is in conflict about an item.
func (m *Meeting) Declare(person PersonID, item ItemID) error {
	p := m.Participant(person)
	switch {
	case p == nil || !p.Seat.Counts():
		return Refuse(NotFound, "meeting_not_asked")
	case m.Status != MeetingCalled && m.Status != MeetingDraft:
		return Refuse(Conflict, "meeting_over")
	case m.Hearing(item) == nil:
		return Refuse(Conflict, "meeting_item_gone")
	case p.InConflict(item):
		return Refuse(Conflict, "conflict_known")
	}
	p.Conflicts = append(slices.Clone(p.Conflicts), item)
	return nil
}
