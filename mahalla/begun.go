package mahalla

import (
	"slices"
	"time"
)

// Withdraw notes in what is written down of a sitting that an item is not to be heard
// any more: what was written of it stays, and where nothing was it counts as withdrawn.
// It is false while the sitting has not come to that: then the item leaves the agenda.
func (m *Meeting) Withdraw(item ItemID, now time.Time) bool {
	h := m.Hearing(item)
	if h == nil || now.Before(m.At) && h.Outcome == "" && h.Note == "" && len(h.Came) == 0 {
		return false
	}
	if h.Outcome == "" {
		h.Outcome = OutcomeWithdrawn
	}
	return true
}

// PutOff refuses to move or cancel a sitting of which something is written down for
// good: an outcome, a note, a decision. It is finished, and what was not heard waits
// for the next one. An item that was withdrawn while too few were there is nothing that
// they have heard.
func (m *Meeting) PutOff(decided bool) error {
	written := slices.ContainsFunc(m.Agenda, func(h Hearing) bool {
		return h.Note != "" || h.Outcome != "" && (h.Outcome != OutcomeWithdrawn || m.Attended(h.Item).Met())
	})
	if decided || written {
		return Refuse(Conflict, "sitting_written")
	}
	return nil
}

// sits refuses to move a meeting that is sitting: enough have come.
func (m *Meeting) sits(now time.Time) error {
	if !now.Before(m.At) && m.Attended(0).Met() {
		return Refuse(Conflict, "sitting_begun")
	}
	return m.PutOff(false)
}

// Unheld tells whether a meeting was called and did not take place.
func (m *Meeting) Unheld() bool {
	return m.Status == MeetingCancelled && !m.CalledAt.IsZero() && m.Cause == "" && !m.CancelledAt.Before(m.At)
}
