package casework

import (
	"strconv"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// drawWritten is the card of a sitting that is over: the minutes on their way to
// confirmation.
func (d *Desk) drawWritten(w *words, v *heldView, s *mahalla.Screen) {
	m, stage := v.m, mahalla.SittingOpen
	w.drawAgenda(v, s)
	if v.s != nil {
		stage = v.s.Stage
	}
	paper := heldPress(m, PressPaper, 0, "", w.say("minutes.paper"), "")
	switch stage {
	case mahalla.SittingSent:
		w.drawSent(d, v, paper, s)
	case mahalla.SittingReturned:
		s.Text = lines(s.Text, w.say("minutes.returned"), quote(v.s.Remark, noteShown))
		s.Rows = append(s.Rows, []mahalla.Button{heldPress(m, PressSend, 0, "", w.say("minutes.send"), mahalla.Primary)}, []mahalla.Button{paper, w.decidedPress(v)})
	default:
		s.Text = lines(s.Text, w.say("minutes.ready"))
		s.Rows = append(s.Rows, []mahalla.Button{heldPress(m, PressSend, 0, "", w.say("minutes.send"), mahalla.Primary)}, []mahalla.Button{paper, w.decidedPress(v)})
	}
	s.Rows = append(s.Rows, w.heardRows(m)...)
}

// decidedPress leads to the decisions, or to the first one.
func (w *words) decidedPress(v *heldView) mahalla.Button {
	if len(v.decisions) > 0 {
		return heldPress(v.m, PressHeld, 0, "list_0", w.say("held.list"), "")
	}
	return heldPress(v.m, PressDecide, 0, "", w.say("held.decide"), "")
}

// drawSent is the card while the minutes wait to be confirmed.
func (w *words) drawSent(d *Desk, v *heldView, paper mahalla.Button, s *mahalla.Screen) {
	m := v.m
	s.Text = lines(s.Text, w.say("minutes.waits", "name", v.name(v.s.SentTo), "when", w.when(v.s.SentAt)))
	if v.s.MayConfirm(v.reader.Person, m, d.Calendar(), w.now) != nil {
		s.Rows = append(s.Rows, []mahalla.Button{paper, w.decidedPress(v)})
		return
	}
	s.Rows = append(s.Rows, []mahalla.Button{heldPress(m, PressSign, 0, "", w.say("minutes.sign"), mahalla.Success)})
	second := []mahalla.Button{paper}
	if v.reader.ID == v.s.SentTo {
		second = append(second, heldPress(m, PressRemark, 0, "", w.say("minutes.remark"), ""))
	}
	s.Rows = append(s.Rows, second)
}

// drawLocked is the card of confirmed minutes.
func (w *words) drawLocked(v *heldView, s *mahalla.Screen) {
	m := v.m
	w.drawAgenda(v, s)
	s.Text = lines(s.Text, w.say("minutes.locked", "number", w.minutesNumber(m), "name", v.name(m.LockedBy), "when", w.when(m.LockedAt)))
	if n := len(v.more); n > 0 {
		s.Text = lines(s.Text, w.count("minutes.corrected", n))
	}
	s.Rows = append(s.Rows, []mahalla.Button{heldPress(m, PressPaper, 0, "", w.say("minutes.paper"), mahalla.Primary)},
		[]mahalla.Button{heldPress(m, PressCorrect, 0, "", w.say("minutes.correct"), ""), heldPress(m, PressHeld, 0, "list_0", w.say("held.list"), "")})
}

// minutesNumber is the number of minutes with the year of the meeting.
func (w *words) minutesNumber(m *mahalla.Meeting) string {
	return strconv.Itoa(m.Number) + "/" + strconv.Itoa(m.At.In(locales.Tashkent()).Year())
}

// drawPaper is the document of the minutes, in the language of the commission,
// for whoever convenes it, and confirmed for who sat there. It may be kept and printed: on paper it is signed.
func (d *Desk) drawPaper(tx *storage.Tx, w *words, reader *storage.Contact, about int64, _ map[string]string) (mahalla.Screen, error) {
	v, err := d.paperFor(tx, w, reader, mahalla.MeetingID(about))
	if err != nil {
		return mahalla.Screen{}, err
	}
	if v == nil || v.m.Status != mahalla.MeetingHeld && v.m.Status != mahalla.MeetingLocked {
		return mahalla.Screen{}, ErrPointless
	}
	text := w.say("minutes.draft", "when", w.when(v.m.At))
	if v.m.Status == mahalla.MeetingLocked {
		text = w.say("minutes.caption", "number", w.minutesNumber(v.m), "when", w.when(v.m.At))
	}
	own := d.speak(v.m.Language, w.now)
	page := own.minutesPage(v)
	if own.err != nil {
		return mahalla.Screen{}, own.err
	}
	name := "bayonnoma-" + v.m.At.In(locales.Tashkent()).Format("2006-01-02") + ".pdf"
	return mahalla.Screen{Text: text, Silent: d.Calendar().IsQuiet(w.now),
		File: w.document(name, "application/pdf", func() ([]byte, error) { return d.studio.minutes(page) })}, nil
}
