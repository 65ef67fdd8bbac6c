package casework

import (
	"errors"
	"slices"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// CardGiven is a message with reminders that somebody has already, about its row of the
// outbox: it is changed in its place when what it reminds of has been done, moved or
// called off, and does not ask any more.
const CardGiven mahalla.NoticeKind = "card.given"

// reminderKinds are those about a meeting, or about a decision.
func reminderKinds(meeting bool) []mahalla.ReminderKind {
	if meeting {
		return []mahalla.ReminderKind{mahalla.RemindMeeting3d, mahalla.RemindMeeting1d, mahalla.RemindMeeting2h}
	}
	return []mahalla.ReminderKind{mahalla.RemindFollow3d, mahalla.RemindFollowDue, mahalla.RemindFollowLate}
}

// letOff cancels what was still to remind people of a meeting to which they are not asked
// any more, and changes what has reminded them, so that it does not ask.
func (d *Desk) letOff(tx *storage.Tx, id mahalla.MeetingID, cause string, now time.Time, people ...mahalla.PersonID) error {
	if len(people) == 0 {
		return nil
	}
	for _, p := range people {
		tx.CancelRemindersOf(int64(id), p, cause)
	}
	return d.regive(tx, int64(id), true, now, people...)
}

// regive changes the messages that have reminded of a meeting or a decision: those of
// some people, or of everybody where none is named.
func (d *Desk) regive(tx *storage.Tx, about int64, meeting bool, now time.Time, people ...mahalla.PersonID) error {
	list, err := tx.Reminded(about, reminderKinds(meeting))
	if err != nil {
		return err
	}
	for _, r := range list {
		if len(people) > 0 && !slices.Contains(people, r.Person) {
			continue
		}
		tx.AdoptCard(r.Person, CardGiven, mahalla.CaseID(r.Outbox), r.Message)
		n := mahalla.Notice{Kind: CardGiven, To: r.Person, Lane: mahalla.LaneAnswer}
		if err := d.about(tx, r.Outbox, now, n); err != nil {
			return err
		}
	}
	return nil
}

// drawGiven is the message as things are now. What is still worth reminding of can be
// answered and put off as before.
func (d *Desk) drawGiven(tx *storage.Tx, w *words, reader *storage.Contact, about int64, _ map[string]string) (mahalla.Screen, error) {
	s := mahalla.Screen{Protect: true, Still: true}
	list, err := tx.RemindersOf(reader.ID, about)
	if err != nil || len(list) == 0 {
		return s, errors.Join(err, ErrPointless)
	}
	parts, told := make([]remindPart, len(list)), false
	for i, r := range list {
		part := remindPart{row: r}
		if part.over, err = d.moved(tx, r.Reminder); err != nil {
			return s, err
		}
		if !part.over {
			part.screen, err = d.drawReminder(tx, w, reader, r.Reminder)
			part.over = errors.Is(err, ErrPointless)
		}
		if part.over {
			part.screen, err = d.drawOver(tx, w, reader, r.Reminder)
		}
		if err != nil {
			return s, err
		}
		told = told || part.screen.Text != ""
		parts[i] = part
	}
	if !told {
		return s, ErrPointless
	}
	err = d.bundled(tx, w, parts, about, &s)
	return s, err
}

// moved tells whether a reminder is of a time at which its meeting is not any more.
func (d *Desk) moved(tx *storage.Tx, r mahalla.Reminder) (bool, error) {
	if !r.Kind.OfMeeting() {
		return false, nil
	}
	m, err := tx.Meeting(mahalla.MeetingID(r.About))
	return m != nil && !r.OfMoment(d.Calendar(), m.At), err
}

// drawOver says what has become of what somebody was reminded of: of a meeting or a
// decision how it stands, of another matter that the reminder is over.
func (d *Desk) drawOver(tx *storage.Tx, w *words, reader *storage.Contact, r mahalla.Reminder) (mahalla.Screen, error) {
	switch {
	case r.Kind.OfMeeting():
		return d.drawMeetingOver(tx, w, reader, mahalla.MeetingID(r.About))
	case r.FollowUp():
		return d.drawDecisionNow(tx, w, reader, mahalla.DecisionID(r.About))
	}
	what, err := d.missedName(tx, w, r)
	return mahalla.Screen{Text: w.say("remind.over", "what", HTML(what))}, err
}

// drawMeetingOver says that a meeting was moved or called off, that it is over, or that
// it is not the reader's any more. The invitation asks, where anything is asked.
func (d *Desk) drawMeetingOver(tx *storage.Tx, w *words, reader *storage.Contact, id mahalla.MeetingID) (s mahalla.Screen, err error) {
	m, err := tx.Meeting(id)
	if err != nil || m == nil {
		return s, err
	}
	p := d.SeatOf(reader, m, w.now)
	when := HTML(w.sitting(m.At))
	switch {
	case m.Status == mahalla.MeetingHeld || m.Status == mahalla.MeetingLocked:
		s.Text = lines(bold(w.say("meeting.was_held", "when", when)), w.whose(m))
	case p == nil:
		s.Text = lines(bold(w.say("meeting.off_title")), w.whose(m))
	case m.Status == mahalla.MeetingCancelled:
		s.Text = w.cancelled(m, p)
	case !w.now.Before(m.At):
		s.Text = lines(bold(w.say("meeting.passed", "when", when)), w.whose(m))
	case m.MovedFrom.IsZero():
		s.Text = w.meetingReminder(m, p).Text
	default:
		s.Text = lines(bold(w.say("meeting.moved_to", "when", when)), w.whose(m), w.where(m))
	}
	return s, nil
}

// drawDecisionNow shows a decision as it stands.
func (d *Desk) drawDecisionNow(tx *storage.Tx, w *words, reader *storage.Contact, id mahalla.DecisionID) (s mahalla.Screen, err error) {
	one, err := tx.Decision(id)
	switch {
	case err != nil:
		return s, err
	case one == nil:
		s.Text = w.say("decision.unmade")
		return s, nil
	case one.Person != reader.ID && !reader.Over([]mahalla.TerritoryID{one.Commission}, mahalla.MayConvene, w.now):
		s.Text = w.say("decision.not_yours")
		return s, nil
	}
	return d.decisionScreen(tx, w, reader, one)
}
