package casework

import (
	"strconv"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// CardComing asks whether words are an answer to an invitation, and to which.
const CardComing mahalla.NoticeKind = "card.coming"

// PressComing is a button on it: its subject is the meeting, its round the question's
// serial, its arg yes, no, or ComingReport.
const (
	PressComing  = "mcome"
	ComingReport = "report"
)

// FlowComing waits for what was meant; its case is the meeting, or 0 where several may be.
const FlowComing = "coming"

// What the question remembers.
const (
	comingWords   = "words"
	comingMessage = "message"
	comingAnswer  = "answer"
)

// What the card says once it is known.
const (
	comingSaid = "said"
	comingKept = "kept"
)

// AskComing asks what was meant by words that are perhaps an answer to the invitation to
// a meeting, or with 0 to one of several. The words are kept until then.
func (d *Desk) AskComing(tx *storage.Tx, who *storage.Contact, id mahalla.MeetingID, answer mahalla.RSVP, words string, message int64, now time.Time) error {
	who.Dialogue.Ask(mahalla.Question{Flow: FlowComing, Case: aboutMeeting(id), Until: now.Add(mahalla.QuestionLife),
		Data: map[string]string{comingWords: words, comingMessage: strconv.FormatInt(message, 10), comingAnswer: string(answer)}})
	return d.Show(tx, who, mahalla.Notice{Kind: CardComing, Lane: mahalla.LaneAnswer, Ring: true}, 0, now)
}

// ComingMeant is what somebody said of whom it is asked, and in which message; false when
// nothing is asked.
func ComingMeant(who *storage.Contact) (answer mahalla.RSVP, words string, message int64, asked bool) {
	q := who.Dialogue.Question
	if q == nil || q.Flow != FlowComing {
		return "", "", 0, false
	}
	message, _ = strconv.ParseInt(q.Data[comingMessage], 10, 64) // it is ours
	return mahalla.RSVP(q.Data[comingAnswer]), q.Data[comingWords], message, true
}

// ComingNumbered is the meeting that a number of the list on the card means; 0 is none.
func (d *Desk) ComingNumbered(tx *storage.Tx, who *storage.Contact, typed string, now time.Time) (mahalla.MeetingID, error) {
	asked, err := d.Invited(tx, who, now)
	if err != nil {
		return 0, err
	}
	n, ok := typedNumber(typed)
	if !ok || n > len(asked.Open) {
		return 0, nil
	}
	return asked.Open[n-1], nil
}

// Settled forgets the question and lets its card say what came of it: the answer to a
// meeting, or with 0 that the words are a report.
func (d *Desk) Settled(tx *storage.Tx, who *storage.Contact, id mahalla.MeetingID, now time.Time) error {
	who.Dialogue.Question = nil
	args := map[string]string{comingKept: "yes"}
	if id != 0 {
		args = map[string]string{comingSaid: strconv.FormatInt(int64(id), 10)}
	}
	return d.Show(tx, who, mahalla.Notice{Kind: CardComing, Lane: mahalla.LaneAnswer, Args: args}, 0, now)
}

func (d *Desk) drawComing(tx *storage.Tx, w *words, reader *storage.Contact, _ int64, args map[string]string) (mahalla.Screen, error) {
	s := mahalla.Screen{Protect: true, Silent: w.night()}
	if args[comingKept] != "" {
		s.Text = w.say("coming.kept")
		return s, nil
	}
	if id, err := strconv.ParseInt(args[comingSaid], 10, 64); err == nil {
		return d.drawComingSaid(tx, w, reader, mahalla.MeetingID(id))
	}
	answer, _, _, asked := ComingMeant(reader)
	if !asked {
		return s, ErrPointless
	}
	q := reader.Dialogue.Question
	press := func(id mahalla.MeetingID, arg, text string, style mahalla.Style) mahalla.Button {
		return mahalla.Button{Label: text, Style: style, Press: mahalla.Press{Verb: PressComing, Subject: int64(id), Round: q.Serial, Arg: arg}}
	}
	report := press(0, ComingReport, w.say("coming.report"), "")
	if q.Case == 0 {
		return d.drawComingWhich(tx, w, reader, func(id mahalla.MeetingID, text string) mahalla.Button {
			return press(id, string(answer), text, "")
		}, report)
	}
	m, err := tx.Meeting(mahalla.MeetingID(q.Case))
	if err != nil {
		return s, err
	}
	if m == nil || !m.Open(w.now) {
		return s, ErrPointless
	}
	s.Text = bold(w.say("coming.ask", "when", HTML(w.sitting(m.At))))
	yes, no := press(m.ID, string(mahalla.RSVPYes), w.say("meeting.yes"), mahalla.Success), press(m.ID, string(mahalla.RSVPNo), w.say("meeting.no"), "")
	switch answer {
	case mahalla.RSVPYes:
		s.Rows = [][]mahalla.Button{{yes}, {report}}
	case mahalla.RSVPNo:
		s.Rows = [][]mahalla.Button{{no}, {report}}
	default:
		s.Rows = [][]mahalla.Button{{yes}, {no}, {report}}
	}
	return s, nil
}

// drawComingWhich asks to which of several invitations it was said.
func (d *Desk) drawComingWhich(tx *storage.Tx, w *words, reader *storage.Contact, press func(mahalla.MeetingID, string) mahalla.Button, report mahalla.Button) (mahalla.Screen, error) {
	s := mahalla.Screen{Protect: true, Silent: w.night(), Text: bold(w.say("coming.which"))}
	asked, err := d.Invited(tx, reader, w.now)
	if err != nil {
		return s, err
	}
	var buttons []mahalla.Button
	for i, id := range asked.Open[:min(len(asked.Open), mostChoices)] {
		m, err := tx.Meeting(id)
		if err != nil || m == nil {
			return s, err
		}
		mark := answerMarks[m.Participant(reader.ID).RSVP]
		s.Text = lines(s.Text, w.say("meetings.line", "n", i+1, "mark", mark, "when", HTML(w.sitting(m.At)), "place", HTML(w.placeShort(m.Commission))))
		buttons = append(buttons, press(id, w.say("meetings.open", "mark", mark, "n", i+1, "when", brief(m.At))))
	}
	s.Rows = append(rows(buttons), []mahalla.Button{report})
	return s, nil
}

// drawComingSaid is what was answered in the end.
func (d *Desk) drawComingSaid(tx *storage.Tx, w *words, reader *storage.Contact, id mahalla.MeetingID) (mahalla.Screen, error) {
	s := mahalla.Screen{Protect: true, Silent: true}
	m, err := tx.Meeting(id)
	if err != nil {
		return s, err
	}
	if m == nil || d.SeatOf(reader, m, w.now) == nil {
		return s, ErrPointless
	}
	s.Text = lines(w.say("meeting.at", "when", HTML(w.sitting(m.At))), w.answerLine(m.Participant(reader.ID)))
	return s, nil
}
