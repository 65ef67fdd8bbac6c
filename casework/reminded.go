package casework

import (
	"strconv"
	"strings"
	"time"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// CardReminded is the reminder of a meeting under which its reader has answered: the
// message is changed in its place, so that it shows the answer and how to change it.
const CardReminded mahalla.NoticeKind = "card.reminded"

// argRemindedIn is, with that card, the message of the reminder.
const argRemindedIn = "message"

// answeredIn lets the buttons of an answer name the message with the reminder that
// they are under.
func answeredIn(grid [][]mahalla.Button, message int64) [][]mahalla.Button {
	for _, row := range grid {
		for i := range row {
			if p := &row[i].Press; p.Verb == PressMeetRSVP {
				p.Arg += "_" + strconv.FormatInt(message, 36)
			}
		}
	}
	return grid
}

// PressedAnswer reads the argument of a button that answers an invitation: the answer,
// and the message with the reminder that it was under; 0 is none.
func PressedAnswer(arg string) (mahalla.RSVP, int64) {
	answer, message, _ := strings.Cut(arg, "_")
	id, err := readID(message)
	if err != nil {
		id = 0
	}
	return mahalla.RSVP(answer), id
}

// ShowAnswered shows in a reminder what its reader has answered. Pressed is the
// message in the chat, 0 where it is known already.
func (d *Desk) ShowAnswered(tx *storage.Tx, who *storage.Contact, id mahalla.MeetingID, message, pressed int64, now time.Time) error {
	if pressed != 0 {
		tx.AdoptCard(who.ID, CardReminded, aboutMeeting(id), pressed)
	}
	return d.Show(tx, who, mahalla.Notice{Kind: CardReminded, Lane: mahalla.LaneAnswer,
		Args: map[string]string{argRemindedIn: strconv.FormatInt(message, 36)}}, aboutMeeting(id), now)
}

// drawReminded is the reminder with the answer. Where the message is not known any
// more it has no buttons of its own.
func (d *Desk) drawReminded(tx *storage.Tx, w *words, reader *storage.Contact, about int64, args map[string]string) (mahalla.Screen, error) {
	m, err := tx.Meeting(mahalla.MeetingID(about))
	if err != nil {
		return mahalla.Screen{}, err
	}
	if m == nil || m.Status != mahalla.MeetingCalled || !w.now.Before(m.At) || d.SeatOf(reader, m, w.now) == nil {
		return mahalla.Screen{}, ErrPointless
	}
	p := d.SeatOf(reader, m, w.now)
	s := w.meetingReminder(m, p)
	s.Rows = w.asks(m, p)
	message, err := readID(args[argRemindedIn])
	if err != nil {
		return s, nil
	}
	list, err := tx.RemindersOf(reader.ID, message)
	if err != nil || len(list) == 0 {
		return s, err
	}
	s.Rows = append(answeredIn(s.Rows, message), w.underReminders(list, len(list), message)...)
	return s, nil
}

// openButton leads from one of several reminders in a message to what it is about:
// there stands what can be done, for one thing only. It has none where the reminder is
// about nothing that can be opened.
func (d *Desk) openButton(tx *storage.Tx, w *words, r storage.ReminderRow, n int, part mahalla.Screen) ([]mahalla.Button, error) {
	switch {
	case r.Kind.OfMeeting():
		m, err := tx.Meeting(mahalla.MeetingID(r.About))
		if err != nil || m == nil {
			return nil, err
		}
		return []mahalla.Button{meetingPress(m, PressMeetOpen, "", w.say("remind.open_meeting", "n", n, "when", brief(m.At)), "")}, nil
	case r.FollowUp():
		one, err := tx.Decision(mahalla.DecisionID(r.About))
		if err != nil || one == nil {
			return nil, err
		}
		return []mahalla.Button{decisionPress(one, PressOpenOf, "", w.say("remind.open_decision", "n", n, "when", one.Due.In(locales.Tashkent()).Format("02.01")), "")}, nil
	}
	list := secondary(part.Rows)
	return list[:min(1, len(list))], nil
}
