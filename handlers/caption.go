package handlers

import (
	"koprik/bot"
	"koprik/mahalla"
)

// registerCaptions names the commands that may stand below a picture, which is then what
// they say or show: an officer closes a case with the evidence in one message.
func (h *Handlers) registerCaptions(r *bot.Router) {
	r.Captions(h.captioned, "qoshimcha", "javob", "qayta", "qisman")
	r.CaptionsFor(serves, "yop", "sora", "izoh")
}

// serves tells whether the person has a role that works with cases. What only such a one
// may say is, below anybody else's picture, plain words.
func serves(q *bot.Request) bool {
	return q.Contact.Has(mahalla.MayAnswer, q.Now) || q.Contact.Has(mahalla.MaySupervise, q.Now) || q.Contact.Has(mahalla.MaySit, q.Now)
}

// captioned tells somebody who serves that a command does not go with a picture: below it
// it would become words of a report. Anybody else's picture is a part of one, whatever
// stands below it.
func (h *Handlers) captioned(q *bot.Request) error {
	if serves(q) {
		return mahalla.Refuse(mahalla.Invalid, "caption_command")
	}
	return nil
}
