package handlers

import (
	"strconv"
	"strings"
	"time"

	"koprik/bot"
	"koprik/casework"
	"koprik/locales"
	"koprik/mahalla"
)

// typedSearch looks for cases: /qidir words, a number or a place. A small number
// is a page of the last search; with nothing after it, it asks what to look for.
func (h *Handlers) typedSearch(q *bot.Request) error {
	words := locales.Clean(strings.TrimSpace(q.Event.Args))
	if words == "" {
		return h.pressSearch(q)
	}
	if page, err := strconv.Atoi(words); err == nil && page > 0 && page < 1000 && q.Contact.Dialogue.Search != nil {
		return h.found(q, q.Contact.Dialogue.Search.Serial, page-1, true)
	}
	return h.look(q, words, time.Time{})
}

// pressSearch asks what to look for.
func (h *Handlers) pressSearch(q *bot.Request) error {
	if err := h.desk.MaySearch(q.Contact, q.Now); err != nil {
		return err
	}
	q.Contact.Dialogue.Ask(mahalla.Question{Flow: casework.FlowSearch, Until: q.Now.Add(mahalla.SearchLife)})
	return h.say(q, "ask.search")
}

// hearSearch hears what to look for. What is no words is a message like any
// other.
func (h *Handlers) hearSearch(q *bot.Request) error {
	words := locales.Clean(q.Event.Text)
	if words == "" || q.Event.Media != nil || q.Event.ReplyTo != 0 {
		q.Contact.Dialogue.Question = nil
		return h.message(q)
	}
	if err := h.look(q, words, time.Time{}); err != nil {
		return err
	}
	q.Contact.Dialogue.Question = nil
	return nil
}

// look begins a search; what it finds comes afresh, to the end of the chat.
func (h *Handlers) look(q *bot.Request, words string, before time.Time) error {
	args, err := h.desk.Look(q.Tx, q.Contact, words, before, q.Now)
	if err != nil {
		return err
	}
	return h.showCase(q, casework.CardFound, 0, q.Event.Kind != bot.KindPress, args)
}

// pressFound turns the page of what was found.
func (h *Handlers) pressFound(q *bot.Request) error {
	q.Tx.AdoptCard(q.Contact.ID, casework.CardFound, 0, q.Event.Message)
	return h.found(q, int(q.Event.Press.Subject), q.Event.Press.Round, false)
}

func (h *Handlers) found(q *bot.Request, serial, page int, afresh bool) error {
	args, err := h.desk.FoundPage(q.Tx, q.Contact, serial, page, q.Now)
	if err != nil {
		return err
	}
	return h.showCase(q, casework.CardFound, 0, afresh, args)
}

// pressOlder goes on with the search among the cases that were not looked at.
func (h *Handlers) pressOlder(q *bot.Request) error {
	if search := q.Contact.Dialogue.Search; search == nil || int64(search.Serial) != q.Event.Press.Subject {
		return mahalla.Refuse(mahalla.Conflict, "search_gone")
	}
	q.Tx.AdoptCard(q.Contact.ID, casework.CardFound, 0, q.Event.Message)
	return h.typedOlder(q)
}

// typedOlder is the same in words: /eskiroq.
func (h *Handlers) typedOlder(q *bot.Request) error {
	search := q.Contact.Dialogue.Search
	if search == nil || search.Since.IsZero() {
		return mahalla.Refuse(mahalla.Conflict, "search_gone")
	}
	return h.look(q, search.Typed, search.Since)
}
