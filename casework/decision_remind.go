package casework

import (
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// planFollowUps plans the reminders of a decision: to who is responsible, or to
// whoever convenes where that one has no account.
func (d *Desk) planFollowUps(tx *storage.Tx, m *mahalla.Meeting, one *mahalla.Decision, now time.Time) error {
	clerk, err := d.clerk(tx, m, now)
	if err != nil {
		return err
	}
	if clerk == 0 { // nobody convenes at present: whoever does when it falls due is told
		clerk = one.MadeBy
	}
	to := one.Person
	if to == 0 {
		to = clerk
	}
	return tx.PlanReminders(mahalla.FollowUpReminders(int64(one.ID), one.Due, to, clerk, d.Calendar(), now))
}

// forgetFollowUps takes them back, for a cause that is a code.
func (d *Desk) forgetFollowUps(tx *storage.Tx, one *mahalla.Decision, cause string) {
	tx.CancelReminders(int64(one.ID), cause)
}

// drawFollowUp reminds of a decision who is responsible for it, and tells whoever
// convenes that it was not carried out in time.
func (d *Desk) drawFollowUp(tx *storage.Tx, w *words, reader *storage.Contact, r mahalla.Reminder) (mahalla.Screen, error) {
	one, err := tx.Decision(mahalla.DecisionID(r.About))
	if err != nil {
		return mahalla.Screen{}, err
	}
	convenes := one != nil && reader.Over([]mahalla.TerritoryID{one.Commission}, mahalla.MayConvene, w.now)
	if one == nil || !one.Open() || one.Person != reader.ID && !convenes || r.Kind == mahalla.RemindFollowLate && !one.Overdue(w.now) {
		return mahalla.Screen{}, ErrPointless
	}
	s, err := d.decisionScreen(tx, w, reader, one)
	if r.Kind == mahalla.RemindFollowLate {
		s.Text = lines(s.Text, w.say("decision.next"))
	}
	return s, err
}

// clerkOfDecision is who convenes for a decision now: whoever writes the minutes.
func (d *Desk) clerkOfDecision(tx *storage.Tx, r mahalla.Reminder, now time.Time) (mahalla.PersonID, error) {
	one, err := tx.Decision(mahalla.DecisionID(r.About))
	if err != nil || one == nil {
		return 0, err
	}
	m, err := tx.Meeting(one.Meeting)
	if err != nil || m == nil {
		return 0, err
	}
	return d.clerk(tx, m, now)
}

// missedFollowUp names the decision of a reminder that was missed.
func (d *Desk) missedFollowUp(tx *storage.Tx, w *words, r mahalla.Reminder) (string, error) {
	one, err := tx.Decision(mahalla.DecisionID(r.About))
	if err != nil || one == nil {
		return "", err
	}
	return w.say("decision.missed", "due", w.day(one.Due)), nil
}
