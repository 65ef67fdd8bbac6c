package handlers

import (
	"strconv"
	"strings"

	"koprik/bot"
	"koprik/casework"
	"koprik/locales"
	"koprik/mahalla"
)

// message takes anything that a person writes or sends when nothing was asked:
// a reply to a card is about its case, everything else is a part of a draft.
func (h *Handlers) message(q *bot.Request) error {
	if q.Event.Command != "" {
		return mahalla.Refuse(mahalla.Invalid, "unknown_command")
	}
	if q.Event.Contact != nil {
		return h.contact(q)
	}
	if q.Event.Odd != "" {
		return mahalla.Refuse(mahalla.Invalid, "odd")
	}
	if q.Event.ReplyTo != 0 {
		if done, err := h.reply(q); done || err != nil {
			return err
		}
	}
	return h.part(q)
}

// reply hears an answer to a card of a case. It tells whether it was one.
func (h *Handlers) reply(q *bot.Request) (bool, error) {
	id, err := q.Tx.CaseOfMessage(q.Event.Chat, q.Event.ReplyTo)
	if err != nil || id == 0 {
		return false, err
	}
	c, err := q.Tx.Case(id)
	if err != nil {
		return false, err
	}
	switch {
	case c.Reporter == q.Contact.ID && c.Open():
		return true, h.add(q, id)
	case c.Reporter == q.Contact.ID:
		return true, mahalla.Refuse(mahalla.Conflict, "reply_closed")
	}
	return true, mahalla.Refuse(mahalla.Invalid, "reply_officer")
}

// part puts a message into the draft.
func (h *Handlers) part(q *bot.Request) error {
	words := locales.Clean(q.Event.Text)
	if words == "" && q.Event.Media == nil {
		return mahalla.Refuse(mahalla.Invalid, "odd")
	}
	draft := h.desk.Draft(q.Tx, q.Contact, q.Now)
	asksPlace := draft.Place == 0 && len(draft.Parts) > 0 || draft.Pick != nil
	if asksPlace && q.Event.Media == nil && h.desk.NamePlace(draft, words) && !draft.Pick.Typed {
		return h.show(q, casework.CardDraft, true)
	}
	if len(draft.Parts) >= mahalla.MostParts {
		return mahalla.Refuse(mahalla.TooMany, "draft_full")
	}
	draft.Parts = append(draft.Parts, mahalla.Part{Message: q.Event.Message, Words: words, Media: bare(q.Event.Media)})
	q.React("👀")
	if !q.Contact.Consented {
		return h.show(q, casework.CardWelcome, h.firstMeeting(q))
	}
	return h.show(q, casework.CardDraft, false)
}

// firstMeeting tells whether the person has not been shown the welcome yet.
func (h *Handlers) firstMeeting(q *bot.Request) bool {
	card, err := q.Tx.Card(q.Contact.ID, casework.CardWelcome, 0)
	return err == nil && card.MessageID == 0
}

// edited changes a part of the draft; a filed report stays as it was sent.
func (h *Handlers) edited(q *bot.Request) error {
	if q.Event.Text == "" {
		return nil // a live place that moves, a reaction: nothing was said
	}
	if draft := q.Contact.Dialogue.Draft; draft != nil {
		for i, p := range draft.Parts {
			if p.Message == q.Event.Message {
				draft.Parts[i].Words = locales.Clean(q.Event.Text)
				return h.show(q, casework.CardDraft, false)
			}
		}
	}
	return mahalla.Refuse(mahalla.Conflict, "edited")
}

// draftOf finds the draft whose card was pressed.
func (h *Handlers) draftOf(q *bot.Request) (*mahalla.Draft, error) {
	if !q.Contact.Consented {
		return nil, mahalla.Refuse(mahalla.Forbidden, "consent_first")
	}
	draft := q.Contact.Dialogue.Draft
	if draft == nil || draft.Serial != q.Event.Press.Round {
		return nil, mahalla.Refuse(mahalla.Conflict, "draft_gone")
	}
	return draft, nil
}

// pressCategory files the report: the tap is the submission.
func (h *Handlers) pressCategory(q *bot.Request) error {
	if _, err := h.draftOf(q); err != nil {
		return err
	}
	c, err := h.desk.FileDraft(q.Tx, q.Contact, mahalla.CategoryCode(q.Event.Press.Arg), q.Event.Message, q.Now)
	if err != nil {
		return err
	}
	return h.toast(q, "toast.filed", "number", c.Number.String())
}

// typedCategory is pressCategory for those who write: /mavzu shovqin.
func (h *Handlers) typedCategory(q *bot.Request) error {
	if !q.Contact.Consented {
		return mahalla.Refuse(mahalla.Forbidden, "consent_first")
	}
	code, ok := h.desk.CategoryNamed(q.Event.Args)
	if !ok {
		return mahalla.Refuse(mahalla.NotFound, "category_unknown")
	}
	_, err := h.desk.FileDraft(q.Tx, q.Contact, code, 0, q.Now)
	return err
}

func (h *Handlers) pressMore(q *bot.Request) error {
	draft, err := h.draftOf(q)
	if err != nil {
		return err
	}
	draft.More, _ = strconv.Atoi(q.Event.Press.Arg) // no page is the first one
	return h.show(q, casework.CardDraft, false)
}

func (h *Handlers) pressPlace(q *bot.Request) error {
	draft, err := h.draftOf(q)
	if err != nil {
		return err
	}
	if err := h.desk.ChoosePlace(draft, mahalla.TerritoryID(q.Event.Press.Subject)); err != nil {
		return err
	}
	return h.show(q, casework.CardDraft, false)
}

// typedPlace names the place of the draft: /joy Doʻstlik.
func (h *Handlers) typedPlace(q *bot.Request) error {
	draft := h.desk.Draft(q.Tx, q.Contact, q.Now)
	words := strings.TrimSpace(q.Event.Args)
	if words == "" || !h.desk.NamePlace(draft, locales.Clean(words)) {
		draft.Pick = &mahalla.Picker{Typed: words != ""}
	}
	return h.show(q, casework.CardDraft, true)
}

func (h *Handlers) pressUnder(q *bot.Request) error {
	draft, err := h.draftOf(q)
	if err != nil {
		return err
	}
	under := mahalla.TerritoryID(q.Event.Press.Subject)
	if h.desk.Reference().Territories[under] == nil {
		return mahalla.Refuse(mahalla.Conflict, "draft_gone")
	}
	draft.Pick = &mahalla.Picker{Under: under}
	draft.Page, _ = strconv.Atoi(q.Event.Press.Arg) // no page is the first one
	return h.show(q, casework.CardDraft, false)
}

func (h *Handlers) pressWhere(q *bot.Request) error {
	draft, err := h.draftOf(q)
	if err != nil {
		return err
	}
	draft.Pick = &mahalla.Picker{}
	return h.show(q, casework.CardDraft, false)
}

// pressUnknown is for a person who does not know the mahalla: the district's
// officers will sort it out.
func (h *Handlers) pressUnknown(q *bot.Request) error {
	draft, err := h.draftOf(q)
	if err != nil {
		return err
	}
	if place := h.desk.Unknown(); place != 0 {
		draft.Place, draft.Pick = place, nil
	} else {
		draft.Pick, draft.Page = &mahalla.Picker{Under: mahalla.RootTerritory}, 0
	}
	return h.show(q, casework.CardDraft, false)
}

func (h *Handlers) pressDrop(q *bot.Request) error {
	if _, err := h.draftOf(q); err != nil {
		return err
	}
	return h.drop(q)
}

// bare is media without its caption, which is kept with the words.
func bare(m *mahalla.Media) *mahalla.Media {
	if m == nil {
		return nil
	}
	plain := *m
	plain.Caption = ""
	return &plain
}

// said is what a person sent in answer to a question: words, media, or both.
func said(q *bot.Request) (string, []mahalla.Media, error) {
	words := locales.Clean(q.Event.Text)
	var media []mahalla.Media
	if q.Event.Media != nil {
		media = append(media, *bare(q.Event.Media))
	}
	if words == "" && len(media) == 0 {
		return "", nil, mahalla.Refuse(mahalla.Invalid, "odd")
	}
	return words, media, nil
}

// CaseOf reads the case that an argument or a press names, without holding it.
func (h *Handlers) caseNamed(q *bot.Request) (*mahalla.Case, string, error) {
	number, rest := firstNumber(q.Event.Args)
	c, err := h.desk.CaseByNumber(q.Tx, q.Contact, number, q.Now)
	return c, rest, err
}

// firstNumber splits "4821-0937 the rest", also with a space in the number.
func firstNumber(args string) (number, rest string) {
	digits, end := 0, 0
	for i, r := range args {
		if r >= '0' && r <= '9' {
			digits++
		} else if digits > 0 && r != '-' && r != ' ' && r != '–' && r != '—' {
			break
		}
		end = i + len(string(r))
		if digits == 8 {
			break
		}
	}
	return strings.TrimSpace(args[:end]), strings.TrimSpace(args[end:])
}
