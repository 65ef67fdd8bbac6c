package handlers

import (
	"koprik/bot"
	"koprik/locales"
	"koprik/mahalla"
)

// pressICS sends the file that puts the meeting into the phone's calendar.
func (h *Handlers) pressICS(q *bot.Request) error {
	if err := h.desk.AskCalendar(q.Tx, q.Contact, mahalla.MeetingID(q.Event.Press.Subject), q.Now); err != nil {
		return err
	}
	return h.toast(q, "toast.ics")
}

// typedICS sends the files of the next meetings.
func (h *Handlers) typedICS(q *bot.Request) error { return h.desk.AskCalendars(q.Tx, q.Contact, q.Now) }

// typedFeed tells the address of the own calendar, makes another one or takes it
// away: /taqvim, /taqvim yangi, /taqvim ochir.
func (h *Handlers) typedFeed(q *bot.Request) error {
	switch locales.Fold(q.Event.Args) {
	case "":
		return h.desk.ShowFeed(q.Tx, q.Contact, q.Now)
	case "yangi", "novi", "noviy":
		return h.desk.NewFeed(q.Tx, q.Contact, q.Now)
	case "ochir", "ochirish", "otklyuchit":
		return h.dropFeed(q)
	}
	return mahalla.Refuse(mahalla.Invalid, "feed_words")
}

// pressFeed does the same by the buttons.
func (h *Handlers) pressFeed(q *bot.Request) error {
	if q.Event.Press.Arg == "off" {
		return h.dropFeed(q)
	}
	return h.desk.NewFeed(q.Tx, q.Contact, q.Now)
}

func (h *Handlers) dropFeed(q *bot.Request) error {
	if err := h.desk.DropFeed(q.Tx, q.Contact); err != nil {
		return err
	}
	return h.say(q, "feed.off")
}
