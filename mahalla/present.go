package mahalla

import (
	"slices"
	"time"
)

// There tells whether somebody who is asked counts as present: who was marked, and who
// has said to come and was not marked otherwise.
func (p *Participant) There() bool {
	return p.Presence == Present || p.Presence == "" && p.Seat != SeatParty && p.Comes()
}

// Marked counts those whom somebody has marked as present. Whoever has only said to come
// is not among them: by that alone nothing is written of a sitting, which may be moved,
// or lapse.
func (m *Meeting) Marked(item ItemID) Tally {
	return m.Tally(item, func(p *Participant) bool { return p.Presence == Present })
}

// Attended counts those who came: to start with, whoever has said to come. When it is met
// they may decide the item, and of item 0 anything.
func (m *Meeting) Attended(item ItemID) Tally { return m.Tally(item, (*Participant).There) }

// Untouched tells whether nobody's presence is written yet.
func (m *Meeting) Untouched() bool {
	return !slices.ContainsFunc(m.Participants, func(p Participant) bool { return p.Seat != SeatParty && p.Presence != "" })
}

// MarkOnly writes down that these came and, where nothing was written before, nobody
// else: whoever lists those who are there has counted them.
func (m *Meeting) MarkOnly(people []PersonID, now time.Time) error {
	if err := m.MayHold(now); err != nil {
		return err
	}
	if m.Untouched() {
		for _, p := range m.Sitters() {
			p.Presence = Absent
		}
	}
	for _, p := range people {
		if err := m.Mark(p, true, now); err != nil {
			return err
		}
	}
	return nil
}

// Write marks as present whoever has said to come, once anything is written of the
// sitting: from then on that is what somebody has seen and left so.
func (m *Meeting) Write() {
	for i := range m.Participants {
		if p := &m.Participants[i]; p.There() {
			p.Presence = Present
		}
	}
}
