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

// PutOff refuses to move or cancel a sitting that has come to something: an outcome, a
// decision. It is finished, and what was not heard waits for the next one. A note alone
// is nothing of the kind, for it may be written before the sitting begins; nor is an
// item that was withdrawn while too few were there.
func (m *Meeting) PutOff(decided bool) error {
	written := slices.ContainsFunc(m.Agenda, func(h Hearing) bool {
		return h.Outcome != "" && (h.Outcome != OutcomeWithdrawn || m.Marked(h.Item).Met())
	})
	if decided || written {
		return Refuse(Conflict, "sitting_written")
	}
	return nil
}

// MayDeny refuses to say of a sitting that it did not take place: when somebody came
// and it has come to something it is finished. Without a quorum nothing was decided.
func (m *Meeting) MayDeny(decided bool) error {
	there := m.Marked(0)
	if there.Come == 0 {
		return nil
	}
	return m.PutOff(decided && there.Met())
}

// Lapse ends a sitting that nobody has finished in time. When it can be finished it is,
// as it stands: an outcome that does not fit any more who came is none, and its item
// waits for the next one. Otherwise it counts as not held; of one of which something is
// written only who writes that down is told, for people were there.
func (m *Meeting) Lapse(decided bool, now time.Time, off ...ItemID) SittingNews {
	as := *m
	as.Participants, as.Agenda = slices.Clone(m.Participants), slices.Clone(m.Agenda)
	for i := range as.Agenda {
		if h := &as.Agenda[i]; h.Outcome != "" && !slices.Contains(off, h.Item) && as.MayEnd(h.Item, h.Outcome) != nil {
			h.Outcome = ""
		}
	}
	if m.Marked(0).Come > 0 && as.finish(now, off...) == nil {
		*m = as
		return SittingClosed
	}
	noted := m.Marked(0).Come > 0 && slices.ContainsFunc(m.Agenda, func(h Hearing) bool { return h.Note != "" })
	m.unhold(now)
	if noted || m.PutOff(decided) != nil {
		return SittingBroken
	}
	return SittingLapsed
}

// sits refuses to move a meeting that is sitting: enough have come.
func (m *Meeting) sits(now time.Time) error {
	if !now.Before(m.At) && m.Marked(0).Met() {
		return Refuse(Conflict, "sitting_begun")
	}
	return m.PutOff(false)
}

// Unheld tells whether a meeting was called and did not take place.
func (m *Meeting) Unheld() bool {
	return m.Status == MeetingCancelled && !m.CalledAt.IsZero() && m.Cause == "" && !m.CancelledAt.Before(m.At)
}
