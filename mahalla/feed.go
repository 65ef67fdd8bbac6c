package mahalla

import "time"

// How much of a person's meetings the calendar in the phone shows.
const (
	FeedBack      = 30 * 24 * time.Hour
	FeedAhead     = 365 * 24 * time.Hour
	FeedCancelled = 30 * 24 * time.Hour // so long a cancelled one is shown as such
)

// InCalendar tells whether the calendar in somebody's phone shows a meeting. Sits
// is whether the person sits in the commission now: who has left it keeps what
// is over, and what they are asked to otherwise.
func (m *Meeting) InCalendar(p *Participant, sits bool, now time.Time) bool {
	switch {
	case p == nil, m.CalledAt.IsZero(), m.At.IsZero():
		return false
	case m.At.Before(now.Add(-FeedBack)), m.At.After(now.Add(FeedAhead)):
		return false
	case m.Status == MeetingCancelled:
		return now.Sub(m.CancelledAt) < FeedCancelled
	case p.RSVP == RSVPNo:
		return false
	case p.Seat == SeatChair, p.Seat == SeatSecretary, p.Seat == SeatMember, p.Seat == SeatMediator:
		return sits || m.End().Before(now)
	}
	return true
}

// MayFetch refuses the calendar file of a meeting to whoever is not asked to it,
// and of one that is over.
func (m *Meeting) MayFetch(p PersonID, now time.Time) error {
	switch {
	case m == nil || m.Participant(p) == nil || m.CalledAt.IsZero() || m.At.IsZero():
		return Refuse(NotFound, "calendar_not_asked")
	case m.Status != MeetingCancelled && !now.Before(m.End()):
		return Refuse(Conflict, "calendar_over")
	}
	return nil
}

// Left tells whether somebody who is no participant was let go from a meeting that
// others still expect.
func (m *Meeting) Left(p PersonID, now time.Time) bool {
	return m != nil && !m.CalledAt.IsZero() && !m.At.IsZero() && m.Participant(p) == nil && now.Before(m.End())
}

// Revised is when what a meeting says was last changed, as far as it is known.
func (m *Meeting) Revised() time.Time {
	if !m.CancelledAt.IsZero() {
		return m.CancelledAt
	}
	return m.CalledAt
}
