package mahalla

import (
	"slices"
	"time"
)

// MeetingID identifies a sitting of a commission. Ids of meetings, items and
// cases come from one sequence, so that what a message is about is never two
// things.
type MeetingID int64

// MeetingStatus is where a meeting stands.
type MeetingStatus string

// The statuses of a meeting.
const (
	MeetingDraft     MeetingStatus = "draft"  // the secretary is still putting it together
	MeetingCalled    MeetingStatus = "called" // invitations are out
	MeetingHeld      MeetingStatus = "held"
	MeetingLocked    MeetingStatus = "locked" // held, and its minutes are confirmed
	MeetingCancelled MeetingStatus = "cancelled"
)

// Seat is as what somebody is asked to a meeting.
type Seat string

// The seats.
const (
	SeatChair      Seat = "chair"
	SeatSecretary  Seat = "secretary"
	SeatMember     Seat = "member"
	SeatSubstitute Seat = "substitute" // for a member who cannot come
	SeatParty      Seat = "party"
	SeatMediator   Seat = "mediator" // of a meeting without the others
)

// Counts tells whether the seat is one of the commission, and so counts for the quorum:
// see Meeting.Mediation.
func (s Seat) Counts() bool {
	return s == SeatChair || s == SeatSecretary || s == SeatMember || s == SeatSubstitute || s == SeatMediator
}

// RSVP is the answer to an invitation.
type RSVP string

// The answers; none is the zero value.
const (
	RSVPYes   RSVP = "yes"
	RSVPNo    RSVP = "no"
	RSVPOther RSVP = "other" // another time is proposed
)

// Presence is whether somebody came.
type Presence string

// The presences; not yet known is the zero value.
const (
	Present Presence = "present"
	Absent  Presence = "absent"
)

// Participant is somebody who is asked to a meeting.
type Participant struct {
	Person      PersonID
	Seat        Seat
	InFor       PersonID // of a substitute: for whom
	Item        ItemID   // of a party: of which item
	Side        int      // of a party
	Conflicts   []ItemID // in which the person may not take part, on the agenda or gone from it
	RSVP        RSVP
	Sequence    int       // of the meeting, to which the answer was given, or a side was asked
	Proposed    time.Time // the other time
	AnsweredAt  time.Time
	Unreachable bool // cannot be told in the chat: somebody must telephone
	Presence    Presence
}

// HearingOutcome is what came of an item in a sitting.
type HearingOutcome string

// The outcomes; none is the zero value.
const (
	OutcomeAgreed    HearingOutcome = "agreed"
	OutcomeNotAgreed HearingOutcome = "not_agreed"
	OutcomeOneAbsent HearingOutcome = "one_absent"
	OutcomeWithdrawn HearingOutcome = "withdrawn"
	OutcomeReferred  HearingOutcome = "referred" // to a court or a mediator
)

// Hearing is one item on the agenda of a meeting.
type Hearing struct {
	Item    ItemID
	Outcome HearingOutcome
	Note    string // sealed
	Came    []int  // the sides that came, in order
}

// Meeting is a sitting of a commission.
type Meeting struct {
	ID           MeetingID
	Commission   TerritoryID
	Series       int64     // 0: it does not recur
	OccursOn     time.Time // the day that the series gave it
	Status       MeetingStatus
	At           time.Time // zero while a draft has none
	Minutes      int       // length
	Place        string    // sealed
	Pin          string    // coordinates as in Media.File of a Location; sealed
	Language     Language  // of the minutes
	Sequence     int       // grows with every change that invitations tell of
	Quorum       int       // how many that count must come
	MadeBy       PersonID
	MadeAt       time.Time
	CalledAt     time.Time
	HeldAt       time.Time
	Number       int // of the minutes, in the year of the commission
	LockedAt     time.Time
	LockedBy     PersonID
	CancelledAt  time.Time
	Cause        string // why it was cancelled; sealed
	WakeAt       time.Time
	Step         MeetingStep // of a draft: what is asked next
	MovedFrom    time.Time   // when it was to be before it was moved last
	MissedAt     time.Time   // the bot was away until it was over
	NudgedAt     time.Time   // when those who are silent were asked again last
	Mediation    bool        // of one mediator, without the others: who mediates is the quorum
	Emptied      bool        // called with an agenda on which nothing is left
	Participants []Participant
	Agenda       []Hearing // in order
}

// End is when the meeting should be over.
func (m *Meeting) End() time.Time { return m.At.Add(time.Duration(m.Minutes) * time.Minute) }

// Participant finds somebody who is asked to the meeting; nil when not.
func (m *Meeting) Participant(p PersonID) *Participant {
	i := slices.IndexFunc(m.Participants, func(x Participant) bool { return x.Person == p })
	if i < 0 {
		return nil
	}
	return &m.Participants[i]
}

// Hearing finds an item on the agenda; nil when it is not there.
func (m *Meeting) Hearing(item ItemID) *Hearing {
	i := slices.IndexFunc(m.Agenda, func(h Hearing) bool { return h.Item == item })
	if i < 0 {
		return nil
	}
	return &m.Agenda[i]
}
