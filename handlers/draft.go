package handlers

import (
	"errors"
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
		return h.unknownCommand(q)
	}
	if q.Event.Contact != nil {
		return h.contact(q)
	}
	if q.Event.Odd != "" {
		return mahalla.Refuse(mahalla.Invalid, "odd")
	}
	if done, err := h.toKnock(q); done || err != nil {
		return err
	}
	if q.Event.ReplyTo != 0 {
		if done, err := h.replyParty(q); done || err != nil {
			return err
		}
		if done, err := h.reply(q); done || err != nil {
			return err
		}
		if done, err := h.replyMeeting(q); done || err != nil {
			return err
		}
	}
	if done, err := h.answers(q); done || err != nil {
		return err
	}
	if done, err := h.toInvitation(q); done || err != nil {
		return err
	}
	return h.part(q)
}

// ended keeps what a person says of a report that takes no more words as a draft,
// and says so. Only who may send it back is told how.
func (h *Handlers) ended(q *bot.Request, c *mahalla.Case) error {
	switch {
	case c.Status == mahalla.Withdrawn:
		return h.instead(q, mahalla.Refuse(mahalla.Conflict, "reply_withdrawn"))
	case c.HasJoined(q.Contact.ID):
		refusal, err := h.endedShared(q, c)
		if err != nil {
			return err
		}
		return h.instead(q, refusal)
	}
	return h.instead(q, mahalla.Refuse(mahalla.Conflict, "reply_closed"))
}

// endedShared says that a case takes no more words for which the person has given up the
// own one: to who may still judge its result, how.
func (h *Handlers) endedShared(q *bot.Request, c *mahalla.Case) (*mahalla.Error, error) {
	err := casework.MayReopen(q.Tx, q.Contact, c, q.Now)
	if err == nil {
		return mahalla.Refuse(mahalla.Conflict, "reply_closed_shared"), nil
	}
	if refusal := (*mahalla.Error)(nil); !errors.As(err, &refusal) {
		return nil, err
	}
	return mahalla.Refuse(mahalla.Conflict, "reply_closed_new"), nil
}

// part puts a message into the draft.
func (h *Handlers) part(q *bot.Request) error {
	words := locales.Clean(q.Event.Text)
	if words == "" && q.Event.Media == nil {
		return mahalla.Refuse(mahalla.Invalid, "odd")
	}
	if heard, err := h.locationKey(q); heard || err != nil {
		return err
	}
	begins := q.Contact.Dialogue.Draft == nil
	draft := h.desk.Draft(q.Tx, q.Contact, q.Now)
	if begins || len(draft.Asks) > 0 { // some may be closed by now
		if err := h.desk.AskAbout(q.Tx, q.Contact, draft, q.Now); err != nil {
			return err
		}
	}
	asksPlace := draft.Place == 0 && len(draft.Parts) > 0 || draft.Pick != nil
	shown := false
	if asksPlace && q.Contact.Consented && q.Event.Media == nil {
		kept := false
		if shown, kept = h.desk.NamePlace(draft, words); shown && !kept {
			return h.show(q, casework.CardDraft, true)
		}
	}
	if n := len(draft.Parts); n >= mahalla.MostParts && (n >= 2*mahalla.MostParts || !h.desk.Danger(words)) {
		return mahalla.Refuse(mahalla.TooMany, "draft_full")
	}
	shown = h.pin(q, draft, asksPlace) || shown
	draft.Instead = nil // it was said of what came before
	draft.Parts = append(draft.Parts, mahalla.Part{Message: q.Event.Message, Words: words, Media: bare(q.Event.Media)})
	if draft.Pick != nil {
		draft.Pick.Kept = draft.Pick.Typed
	}
	q.React("👀")
	if !q.Contact.Consented {
		return h.show(q, casework.CardWelcome, h.firstMeeting(q))
	}
	return h.show(q, casework.CardDraft, shown || draft.AsksBehalf())
}

// firstMeeting tells whether the person has not been shown the welcome yet.
func (h *Handlers) firstMeeting(q *bot.Request) bool {
	card, err := q.Tx.Card(q.Contact.ID, casework.CardWelcome, 0)
	return err == nil && card.MessageID == 0
}

// edited changes a part of the draft. A filed report stays as it was sent, and
// what it says now is added to it.
func (h *Handlers) edited(q *bot.Request) error {
	words := locales.Clean(q.Event.Text)
	if words == "" {
		return nil // a live place that moves, a reaction: nothing was said
	}
	if draft := q.Contact.Dialogue.Draft; draft != nil {
		for i, p := range draft.Parts {
			if p.Message == q.Event.Message {
				draft.Parts[i].Words, draft.Touched = words, q.Now
				q.React("✍")
				return h.showDraft(q)
			}
		}
	}
	id, err := q.Tx.CaseOfMessage(q.Event.Chat, q.Event.Message)
	if err != nil {
		return err
	}
	if id == 0 {
		return mahalla.Refuse(mahalla.Conflict, "edited")
	}
	return h.editedLater(q, id)
}

// editedLater hears an edit of something that was said about a case.
func (h *Handlers) editedLater(q *bot.Request, id mahalla.CaseID) error {
	c, err := q.Tx.Case(id)
	if err != nil {
		return err
	}
	if !c.Speaks(q.Contact.ID) {
		return mahalla.Refuse(mahalla.Conflict, "edited")
	}
	if same, err := h.desk.SaidBefore(q.Tx, q.Contact.ID, c, locales.Clean(q.Event.Text)); err != nil || same {
		return err
	}
	q.Event.Media = nil // the picture is there already
	if !c.Takes() {
		return h.ended(q, c)
	}
	return h.addOrBegin(q, c)
}

// showDraft brings the card of the draft up to date, or the welcome that stands
// for it before the consent.
func (h *Handlers) showDraft(q *bot.Request) error {
	if !q.Contact.Consented {
		return h.show(q, casework.CardWelcome, false)
	}
	return h.show(q, casework.CardDraft, false)
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
	draft.Touched = q.Now
	return draft, nil
}

// pressCategory files the report: the tap is the submission.
func (h *Handlers) pressCategory(q *bot.Request) error {
	if _, err := h.draftOf(q); err != nil {
		return err
	}
	code := mahalla.CategoryCode(q.Event.Press.Arg)
	c, err := h.desk.FileDraft(q.Tx, q.Contact, code, q.Event.Message, q.Now)
	if err != nil {
		return err
	}
	return h.toast(q, "toast.filed", "number", c.Number.String())
}

// typedCategory is pressCategory for those who write: /mavzu shovqin. Without a
// name, or with a number, it turns to that page of categories.
func (h *Handlers) typedCategory(q *bot.Request) error {
	if !q.Contact.Consented {
		return mahalla.Refuse(mahalla.Forbidden, "consent_first")
	}
	draft := q.Contact.Dialogue.Draft
	if draft == nil {
		return mahalla.Refuse(mahalla.Invalid, "draft_empty")
	}
	if page, ok := pageOf(q.Event.Args); ok {
		draft.More, draft.Touched = page, q.Now
		return h.show(q, casework.CardDraft, true)
	}
	code, ok := h.desk.CategoryNamed(q.Event.Args)
	if !ok {
		return mahalla.Refuse(mahalla.NotFound, "category_unknown")
	}
	c, err := h.desk.FileDraft(q.Tx, q.Contact, code, 0, q.Now)
	if err != nil {
		return err
	}
	h.typedAbout(q, c.ID)
	return done(q)
}

// pageOf reads the page that was typed after a command, counted from one;
// nothing is the first.
func pageOf(args string) (int, bool) {
	args = strings.TrimSpace(args)
	if args == "" {
		return 0, true
	}
	n, err := strconv.Atoi(args)
	if err != nil {
		return 0, false
	}
	return min(max(n, 1), mostPages) - 1, true
}

// mostPages bounds a typed page.
const mostPages = 10_000

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

// typedPlace names the place of the draft: /joy Doʻstlik. A number is that of a
// candidate that was found, or of a page of the list.
func (h *Handlers) typedPlace(q *bot.Request) error {
	if !q.Contact.Consented {
		return mahalla.Refuse(mahalla.Forbidden, "consent_first")
	}
	draft := h.desk.Draft(q.Tx, q.Contact, q.Now)
	words := locales.Clean(strings.TrimSpace(q.Event.Args))
	if words == "" {
		draft.Pick = &mahalla.Picker{}
		return h.show(q, casework.CardDraft, true)
	}
	if h.desk.TakeSure(draft, words) {
		return h.show(q, casework.CardDraft, true)
	}
	if shown, _ := h.desk.NamePlace(draft, words); !shown {
		draft.Pick = &mahalla.Picker{Typed: true}
	}
	return h.show(q, casework.CardDraft, true)
}

// typedUnknown is pressUnknown in words: /bilmayman, or with the district.
func (h *Handlers) typedUnknown(q *bot.Request) error {
	if !q.Contact.Consented {
		return mahalla.Refuse(mahalla.Forbidden, "consent_first")
	}
	draft := h.desk.Draft(q.Tx, q.Contact, q.Now)
	if words := locales.Clean(strings.TrimSpace(q.Event.Args)); words != "" {
		area := h.desk.Area(words)
		if area == 0 {
			return mahalla.Refuse(mahalla.NotFound, "district_unknown")
		}
		if err := h.desk.ChoosePlace(draft, area); err != nil {
			return err
		}
	} else {
		h.unknown(draft)
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
	h.unknown(draft)
	return h.show(q, casework.CardDraft, false)
}

// unknown gives a draft the only district that there is, or asks for one.
func (h *Handlers) unknown(draft *mahalla.Draft) {
	if place := h.desk.Unknown(); place != 0 {
		draft.Place, draft.Pick = place, nil
	} else {
		draft.Pick, draft.Page = &mahalla.Picker{Under: mahalla.RootTerritory}, 0
	}
}

func (h *Handlers) pressDrop(q *bot.Request) error {
	if _, err := h.draftOf(q); err != nil {
		return err
	}
	return h.drop(q)
}

// caseNamed reads the case whose number follows a command, without holding it.
func (h *Handlers) caseNamed(q *bot.Request) (*mahalla.Case, string, error) {
	number, rest := firstNumber(q.Event.Args)
	if _, err := mahalla.ParseNumber(number); err != nil {
		if about, err := h.repliesTo(q); err != nil || about != 0 {
			return h.caseRepliedTo(q, about, err)
		}
	}
	c, err := h.desk.CaseByNumber(q.Tx, q.Contact, number, q.Now)
	return c, rest, err
}

// caseRepliedTo is the case of the card to which a command without a number
// replies.
func (h *Handlers) caseRepliedTo(q *bot.Request, about mahalla.CaseID, err error) (*mahalla.Case, string, error) {
	if err != nil {
		return nil, "", err
	}
	c, err := q.Tx.Case(about)
	if err != nil {
		return nil, "", err
	}
	return c, strings.TrimSpace(q.Event.Args), h.desk.MayRead(q.Contact, c, q.Now)
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
