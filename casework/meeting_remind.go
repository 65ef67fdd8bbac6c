package casework

import (
	"koprik/mahalla"
	"koprik/storage"
)

// drawMeetingReminder words a reminder of a meeting: when and where, and the
// reader's own answer, or the question for it. Who does not come is not reminded.
func (d *Desk) drawMeetingReminder(tx *storage.Tx, w *words, reader *storage.Contact, r mahalla.Reminder) (mahalla.Screen, error) {
	s := mahalla.Screen{Protect: true}
	m, err := tx.Meeting(mahalla.MeetingID(r.About))
	if err != nil {
		return s, err
	}
	if m == nil || m.Status != mahalla.MeetingCalled || !w.now.Before(m.At) {
		return s, ErrPointless
	}
	p := d.SeatOf(reader, m, w.now)
	if p == nil || p.RSVP == mahalla.RSVPNo || p.Seat == mahalla.SeatSubstitute && !p.Comes() {
		return s, ErrPointless
	}
	s = w.meetingReminder(m, p)
	if p.RSVP == "" {
		s.Rows = w.asks(m, p)
	}
	return s, nil
}

// meetingReminder says when and where a meeting is, and what its reader has answered.
func (w *words) meetingReminder(m *mahalla.Meeting, p *mahalla.Participant) mahalla.Screen {
	title := w.say("meeting.remind_left", "duration", w.length(m.At.Sub(w.now)), "when", HTML(w.sitting(m.At)))
	if cal := w.desk.Calendar(); cal.Midnight(w.now).AddDate(0, 0, 1).Equal(cal.Midnight(m.At)) {
		title = w.say("meeting.remind_tomorrow", "when", HTML(w.sitting(m.At)))
	}
	return mahalla.Screen{Protect: true, Text: lines(bold(title), w.whose(m), w.where(m), w.mediates(m, p), w.answerLine(p))}
}

// missedLine names what a missed reminder was about, for its secretary; empty
// where there is no more to say than its kind.
func (d *Desk) missedLine(tx *storage.Tx, w *words, r mahalla.Reminder) (string, error) {
	if r.FollowUp() {
		return d.missedFollowUp(tx, w, r)
	}
	m, err := tx.Meeting(mahalla.MeetingID(r.About))
	if err != nil || m == nil || m.At.IsZero() {
		return "", err
	}
	return w.sitting(m.At), nil
}
