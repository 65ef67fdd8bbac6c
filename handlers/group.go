package handlers

import (
	"koprik/bot"
	"koprik/casework"
	"koprik/locales"
	"koprik/mahalla"
)

// registerGroups registers all that the bot hears in groups. Anything else that
// is said there is nobody's business, and nobody is answered.
func (h *Handlers) registerGroups(r *bot.Router) {
	r.Group("xabar", h.groupReport)
	r.Group("guruh", h.groupLink)
	r.On(bot.KindOut, func(q *bot.Request) error { return h.desk.LoseGroup(q.Tx, q.Event.Chat, q.Now) })
	r.On(bot.KindMoved, func(q *bot.Request) error {
		q.Tx.MoveChat(q.Event.Chat, q.Event.NewChat)
		return nil
	})
}

// groupReport leads to the private chat, with the words that were answered.
func (h *Handlers) groupReport(q *bot.Request) error {
	return h.desk.HandOver(q.Tx, q.Event.Chat, q.Event.Message, q.Event.From.ID, locales.Clean(q.Event.Quoted), q.Now)
}

// groupLink makes the group one of a mahalla.
func (h *Handlers) groupLink(q *bot.Request) error {
	if q.Contact == nil {
		return nil
	}
	return h.desk.LinkGroup(q.Tx, q.Contact, q.Event.Chat, q.Event.Message, locales.Clean(q.Event.Args), q.Now)
}

// onlyInGroups answers a command of groups in the private chat.
func (h *Handlers) onlyInGroups(*bot.Request) error {
	return mahalla.Refuse(mahalla.Invalid, "group_only")
}

// fetch puts what was handed over in a group into the draft. It tells whether
// there was anything for this person.
func (h *Handlers) fetch(q *bot.Request, token string) (bool, error) {
	handed, found, err := h.desk.Fetched(q.Tx, q.Contact, token, q.Now)
	if err != nil || !found {
		return false, err
	}
	if err := h.showCase(q, casework.NoticeQuoted, 0, false, map[string]string{"words": handed.Words}); err != nil {
		return true, err
	}
	draft := h.desk.Draft(q.Tx, q.Contact, q.Now)
	if len(draft.Parts) == 0 {
		draft.Place, draft.Pick = handed.Territory, nil
		if err := h.desk.AskAbout(q.Tx, q.Contact, draft, q.Now); err != nil {
			return true, err
		}
	}
	q.Event.Text, q.Event.Command, q.Event.Args = handed.Words, "", ""
	return true, h.part(q)
}
