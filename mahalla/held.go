package mahalla

import (
	"slices"
	"strconv"
	"time"
)

// When the secretary may write down what came of a meeting.
const (
	SittingEarly = 30 * time.Minute   // before it begins
	SittingLate  = 7 * 24 * time.Hour // after that
)

// HearingOutcomes lists the outcomes of an item in the order of the buttons.
func HearingOutcomes() []HearingOutcome {
	return []HearingOutcome{OutcomeAgreed, OutcomeNotAgreed, OutcomeOneAbsent, OutcomeWithdrawn, OutcomeReferred}
}

// MayHold tells whether it can be written down now what came of the meeting.
func (m *Meeting) MayHold(now time.Time) error {
	switch {
	case m.Status == MeetingCancelled:
		return Refuse(Conflict, "sitting_cancelled")
	case m.Status == MeetingHeld || m.Status == MeetingLocked:
		return Refuse(Conflict, "sitting_over")
	case m.Status != MeetingCalled:
		return Refuse(Conflict, "sitting_draft")
	case now.Before(m.At.Add(-SittingEarly)):
		return Refuse(Conflict, "sitting_early", "at", moment(m.At.Add(-SittingEarly)))
	case !now.Before(m.At.Add(SittingLate)):
		return Refuse(Conflict, "sitting_late")
	}
	return nil
}

// MayDescribe tells whether the words of the minutes may still change: notes and
// decisions may until the minutes are confirmed.
func (m *Meeting) MayDescribe(now time.Time) error {
	switch m.Status {
	case MeetingHeld:
		return nil
	case MeetingLocked:
		return Refuse(Conflict, "minutes_locked")
	}
	return m.MayHold(now)
}

// Sitters are those whose presence the secretary writes down: members and who
// stands in for one, and mediators. Parties come to an item, not to the meeting.
func (m *Meeting) Sitters() []*Participant {
	var list []*Participant
	for i := range m.Participants {
		if p := &m.Participants[i]; p.Seat != SeatParty {
			list = append(list, p)
		}
	}
	return list
}

// Mark writes down whether somebody came.
func (m *Meeting) Mark(p PersonID, came bool, now time.Time) error {
	if err := m.MayHold(now); err != nil {
		return err
	}
	x := m.Participant(p)
	if x == nil || x.Seat == SeatParty {
		return Refuse(Conflict, "sitting_who")
	}
	m.Write()
	x.Presence = Absent
	if came {
		x.Presence = Present
	}
	return nil
}

// MarkSide writes down whether a side of an item came.
func (m *Meeting) MarkSide(item ItemID, side int, came bool, now time.Time) error {
	if err := m.MayHold(now); err != nil {
		return err
	}
	h := m.Hearing(item)
	if h == nil || side != 1 && side != 2 {
		return Refuse(Conflict, "sitting_item")
	}
	m.Write()
	h.Came = slices.DeleteFunc(slices.Clone(h.Came), func(s int) bool { return s == side })
	if came {
		h.Came = append(h.Came, side)
		slices.Sort(h.Came)
	}
	for i := range m.Participants {
		if p := &m.Participants[i]; p.Seat == SeatParty && p.Item == item && p.Side == side {
			p.Presence = Absent
			if came {
				p.Presence = Present
			}
		}
	}
	return nil
}

// Both tells whether both sides came.
func (h *Hearing) Both() bool { return len(h.Came) == 2 }

// MayEnd tells whether an item can have an outcome as things are: who came
// decides that. Below the quorum it can only be said that a side was not there.
func (m *Meeting) MayEnd(item ItemID, with HearingOutcome) error {
	h := m.Hearing(item)
	switch {
	case h == nil || !slices.Contains(HearingOutcomes(), with):
		return Refuse(Conflict, "sitting_item")
	case with == OutcomeOneAbsent && h.Both():
		return Refuse(Invalid, "outcome_both_came")
	case (with == OutcomeAgreed || with == OutcomeNotAgreed) && !h.Both():
		return Refuse(Invalid, "outcome_one_came")
	case m.Mediation && !m.Attended(item).Met():
		return Refuse(Invalid, "outcome_mediator")
	case with != OutcomeOneAbsent && !m.Attended(item).Met():
		return Refuse(Invalid, "outcome_quorum", "present", strconv.Itoa(m.Attended(item).Come), "quorum", strconv.Itoa(m.Quorum))
	}
	return nil
}

// EndItem writes down what came of an item; the same again takes it back.
func (m *Meeting) EndItem(item ItemID, with HearingOutcome, now time.Time) error {
	if err := m.MayHold(now); err != nil {
		return err
	}
	if h := m.Hearing(item); h != nil && h.Outcome == with {
		h.Outcome = ""
		return nil
	}
	if err := m.MayEnd(item, with); err != nil {
		return err
	}
	m.Write()
	m.Hearing(item).Outcome = with
	return nil
}

// Finish ends the sitting: nobody changes any more who came and what came of the
// items. Whoever was not marked, and has not said to come, was not there. Items that went off the agenda meanwhile
// are as they are.
func (m *Meeting) Finish(now time.Time, off ...ItemID) error {
	if err := m.MayHold(now); err != nil {
		return err
	}
	return m.finish(now, off...)
}

func (m *Meeting) finish(now time.Time, off ...ItemID) error {
	if m.Attended(0).Come == 0 {
		return Refuse(Invalid, "sitting_nobody")
	}
	ended := 0
	for i, h := range m.Agenda {
		if h.Outcome == "" || slices.Contains(off, h.Item) {
			continue
		}
		if ended++; m.MayEnd(h.Item, h.Outcome) != nil { // somebody was marked otherwise later
			return Refuse(Invalid, "sitting_unfit", "n", strconv.Itoa(i+1))
		}
	}
	if ended == 0 && !m.Attended(0).Met() {
		return Refuse(Invalid, "sitting_quorum")
	}
	m.Write()
	for i := range m.Participants {
		if p := &m.Participants[i]; p.Seat != SeatParty && p.Presence == "" {
			p.Presence = Absent
		}
	}
	m.Status, m.HeldAt, m.WakeAt = MeetingHeld, now, time.Time{}
	return nil
}

// NotHeld says that the meeting did not take place, and counts for nothing: not
// before it should have begun, nor when it has come to something.
func (m *Meeting) NotHeld(decided bool, now time.Time) error {
	if m.Status != MeetingCalled {
		return m.MayHold(now)
	}
	if now.Before(m.At) { // until then it is cancelled, and everybody is told
		return Refuse(Conflict, "sitting_early", "at", moment(m.At))
	}
	if err := m.MayDeny(decided); err != nil {
		return err
	}
	m.unhold(now)
	return nil
}

func (m *Meeting) unhold(now time.Time) {
	m.Status, m.CancelledAt, m.WakeAt = MeetingCancelled, now, time.Time{}
}

// Heard applies to an item what came of it in a sitting: without an outcome it
// was not heard, and waits for another meeting. Disagreement and an absent side
// have a second sitting, for which the item is ready from then on; everything else
// settles it. It tells whether it did.
func (i *Item) Heard(with HearingOutcome, now time.Time) bool {
	if i.State != ItemScheduled {
		return false
	}
	if with == "" {
		i.State = ItemReady
		return false
	}
	i.Sittings = min(i.Sittings+1, MostSittings)
	if (with == OutcomeNotAgreed || with == OutcomeOneAbsent) && i.Sittings < MostSittings {
		i.State, i.ReadyAt = ItemReady, now
		return false
	}
	i.State, i.Cause, i.EndedAt = ItemSettled, string(with), now
	for n := range i.Parties {
		i.Parties[n].TokenHash, i.Parties[n].TokenUntil = nil, time.Time{}
	}
	return true
}

// EventHeard is that a commission has heard the case; its note is the outcome.
const EventHeard EventKind = "heard"

// NoticeHeard tells the owner of a case what came of it in a commission.
const NoticeHeard NoticeKind = "heard"

// Hear lets a case learn what came of its item in a commission, without an outcome
// that it was not heard. The owner goes on with it; the clock stands on only while
// another sitting may still be in time.
func (c *Case) Hear(i *Item, with HearingOutcome, by PersonID, g Ground, now time.Time) Outcome {
	var o Outcome
	if with != "" {
		o.event(Event{Kind: EventHeard, At: now, By: by, Note: string(with)})
	}
	switch {
	case !i.State.Open():
		c.rise(g, now, &o)
	case now.Before(i.AwaitedUntil()):
		c.sit(i.AwaitedUntil(), now, &o)
	default:
		c.runAgain(g, now, &o)
	}
	if !c.Open() {
		return o
	}
	o.refresh(c)
	if c.Owner != 0 && with != "" {
		args := map[string]string{"outcome": string(with)}
		if i.State.Open() {
			args["again"] = "yes"
		}
		o.notice(Notice{Kind: NoticeHeard, To: c.Owner, Round: c.Round, Lane: LaneUrgent, Ring: true, Args: args})
	}
	return o
}
