package casework

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// CardGiven is a message with reminders that somebody has already, about its row of the
// outbox: it is changed in its place when what it reminds of has been done, moved or
// called off, and does not ask any more.
const CardGiven mahalla.NoticeKind = "card.given"

// argOf is, with that card, what has changed.
const argOf = "of"

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
		n := mahalla.Notice{Kind: CardGiven, To: r.Person, Lane: mahalla.LaneAnswer, Args: map[string]string{argOf: strconv.FormatInt(about, 36)}}
		if err := d.about(tx, r.Outbox, now, n); err != nil {
			return err
		}
	}
	return nil
}

// drawGiven is the message as things are now. What is still worth reminding of can be
// answered and put off as before.
func (d *Desk) drawGiven(tx *storage.Tx, w *words, reader *storage.Contact, about int64, args map[string]string) (mahalla.Screen, error) {
	s := mahalla.Screen{Protect: true, Still: true}
	list, err := tx.RemindersOf(reader.ID, about)
	if err != nil || len(list) == 0 {
		return s, errors.Join(err, ErrPointless)
	}
	changed, _ := readID(args[argOf]) // none changes nothing
	var asks []storage.ReminderRow
	for _, r := range list {
		part, err := d.drawReminder(tx, w, reader, r.Reminder)
		over := errors.Is(err, ErrPointless) || r.Kind.OfMeeting() && r.About == changed
		if over {
			part, err = d.drawOver(tx, w, reader, r.Reminder)
		}
		if err != nil {
			return s, err
		}
		if len(list) > 1 && part.Text != "" {
			part.Text = "\n" + part.Text
		}
		s.Text = lines(s.Text, part.Text)
		if !over {
			asks = append(asks, r)
		}
		if len(list) == 1 {
			s.Rows = answeredIn(part.Rows, about)
		}
	}
	if s.Text = strings.TrimSpace(s.Text); s.Text == "" {
		return s, ErrPointless
	}
	if len(list) > 1 {
		s.Text, s.Rows = bold(w.count("remind.bundle", len(list)))+"\n\n"+s.Text, nil
		if s.Rows, err = d.openButtons(tx, w, list, asks); err != nil {
			return s, err
		}
	}
	if len(asks) > 0 {
		own := w.underReminders(asks, about)
		s.Rows = append(s.Rows[:min(len(s.Rows), mostScreenRows-len(own))], own...)
	}
	return s, nil
}

// openButtons lead from those of the reminders in a message that still ask for
// something to what they are about.
func (d *Desk) openButtons(tx *storage.Tx, w *words, list, asks []storage.ReminderRow) ([][]mahalla.Button, error) {
	var open []mahalla.Button
	for i, r := range list {
		if !slices.ContainsFunc(asks, func(a storage.ReminderRow) bool { return a.ID == r.ID }) {
			continue
		}
		buttons, err := d.openButton(tx, w, r, i+1, mahalla.Screen{})
		if err != nil {
			return nil, err
		}
		open = append(open, buttons...)
	}
	return rows(open), nil
}

// drawOver says what has become of what somebody was reminded of; nothing where that
// is not known any more.
func (d *Desk) drawOver(tx *storage.Tx, w *words, reader *storage.Contact, r mahalla.Reminder) (mahalla.Screen, error) {
	switch {
	case r.Kind.OfMeeting():
		return d.drawMeetingOver(tx, w, reader, mahalla.MeetingID(r.About))
	case r.FollowUp():
		return d.drawDecisionNow(tx, w, reader, mahalla.DecisionID(r.About))
	}
	return mahalla.Screen{}, nil
}

// drawMeetingOver says that a meeting was moved or called off, or that it is not the
// reader's any more. The invitation asks, where anything is asked.
func (d *Desk) drawMeetingOver(tx *storage.Tx, w *words, reader *storage.Contact, id mahalla.MeetingID) (s mahalla.Screen, err error) {
	m, err := tx.Meeting(id)
	if err != nil || m == nil {
		return s, err
	}
	p := d.SeatOf(reader, m, w.now)
	switch {
	case p == nil:
		s.Text = lines(bold(w.say("meeting.off_title")), w.whose(m))
	case m.Status == mahalla.MeetingCancelled:
		s.Text = w.cancelled(m, p)
	case m.MovedFrom.IsZero():
		s.Text = w.meetingReminder(m, p).Text
	default:
		s.Text = lines(bold(w.say("meeting.moved_to", "when", HTML(w.sitting(m.At)))), w.whose(m), w.where(m))
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
