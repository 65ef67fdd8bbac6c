package handlers

import (
	"koprik/bot"
	"koprik/casework"
	"koprik/locales"
	"koprik/mahalla"
)

// pressSend brings the minutes to whoever confirms them.
func (h *Handlers) pressSend(q *bot.Request) error {
	if err := h.desk.SendMinutes(q.Tx, q.Contact, pressedMeeting(q), q.Now); err != nil {
		return err
	}
	return h.toast(q, "toast.minutes_sent")
}

// pressSign confirms the minutes.
func (h *Handlers) pressSign(q *bot.Request) error {
	if err := h.desk.SignMinutes(q.Tx, q.Contact, pressedMeeting(q), q.Now); err != nil {
		return err
	}
	return h.toast(q, "toast.minutes_signed")
}

// pressRemark asks what is to be changed in the minutes.
func (h *Handlers) pressRemark(q *bot.Request) error {
	m, err := h.desk.MayRemark(q.Tx, q.Contact, pressedMeeting(q), q.Now)
	if err != nil {
		return err
	}
	h.askHeld(q, casework.FlowRemark, m.ID, nil)
	return h.sayHeld(q, int64(m.ID), "ask.remark")
}

// hearRemark gives the minutes back.
func (h *Handlers) hearRemark(q *bot.Request) error {
	question := q.Contact.Dialogue.Question
	if err := h.desk.ReturnMinutes(q.Tx, q.Contact, mahalla.MeetingID(question.Case), locales.Clean(q.Event.Text), q.Now); err != nil {
		return err
	}
	q.Contact.Dialogue.Question = nil
	return done(q)
}

// pressCorrect asks what was wrong in confirmed minutes.
func (h *Handlers) pressCorrect(q *bot.Request) error {
	m, err := h.desk.MayWrite(q.Tx, q.Contact, pressedMeeting(q), q.Now)
	if err != nil {
		return err
	}
	if m.Status != mahalla.MeetingLocked {
		return mahalla.Refuse(mahalla.Conflict, "minutes_open")
	}
	h.askHeld(q, casework.FlowCorrect, m.ID, nil)
	return h.sayHeld(q, int64(m.ID), "ask.correction")
}

// hearCorrect adds it.
func (h *Handlers) hearCorrect(q *bot.Request) error {
	question := q.Contact.Dialogue.Question
	if err := h.desk.CorrectMinutes(q.Tx, q.Contact, mahalla.MeetingID(question.Case), locales.Clean(q.Event.Text), q.Now); err != nil {
		return err
	}
	q.Contact.Dialogue.Question = nil
	return done(q)
}

// pressPaper sends the document.
func (h *Handlers) pressPaper(q *bot.Request) error {
	return h.desk.SendPaper(q.Tx, q.Contact, pressedMeeting(q), q.Now)
}
