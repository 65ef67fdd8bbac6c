package handlers

import (
	"koprik/bot"
	"koprik/mahalla"
)

// unknownCommand answers what looks like a command and is none: with the one that was
// perhaps meant. A call for help is never only refused.
func (h *Handlers) unknownCommand(q *bot.Request) error {
	if h.desk.Danger(q.Event.Text) {
		q.Event.Command, q.Event.Args = "", ""
		return h.part(q)
	}
	officers := h.officerCommands()
	near := h.spelling.near(q.Event.Command, func(name string) bool {
		return serves(q) || officers[name] == nil
	})
	if near == "" {
		return mahalla.Refuse(mahalla.Invalid, "unknown_command")
	}
	return mahalla.Refuse(mahalla.Invalid, "unknown_command_near", "command", near)
}
