package handlers

import (
	"koprik/bot"
	"koprik/mahalla"
)

// registerCaptions names the commands that may stand below a picture, which is then what
// they say or show: an officer closes a case with the evidence in one message.
func (h *Handlers) registerCaptions(r *bot.Router) {
	r.Captions(h.captioned, "yop", "sora", "izoh", "qoshimcha", "javob", "qayta", "qisman")
}

// captioned tells somebody who serves that a command does not go with a picture: below it
// it would become words of a report. Anybody else's picture is a part of one, whatever
// stands below it.
func (h *Handlers) captioned(q *bot.Request) error {
	if q.Contact.Has(mahalla.MayAnswer, q.Now) || q.Contact.Has(mahalla.MaySupervise, q.Now) || q.Contact.Has(mahalla.MaySit, q.Now) {
		return mahalla.Refuse(mahalla.Invalid, "caption_command")
	}
	return nil
}
