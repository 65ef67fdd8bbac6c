package handlers

import (
	"errors"
	"strings"

	"koprik/bot"
	"koprik/casework"
	"koprik/mahalla"
)

// Payloads of deep links.
const (
	payloadMahalla    = casework.PayloadMahalla // + code: from a poster
	payloadInvitation = "i_"                    // + token
)

// start meets a person, wherever the link came from. It always works, and
// never loses a draft or a filed report.
func (h *Handlers) start(q *bot.Request) error {
	q.Contact.Dialogue.Question = nil
	payload := strings.TrimSpace(q.Event.Args)
	if token, ok := strings.CutPrefix(payload, payloadInvitation); ok {
		if err := h.desk.Offer(q.Tx, q.Contact, token, q.Now); err != nil {
			return err
		}
		return h.show(q, casework.CardJoin, true)
	}
	if err := h.menu(q); err != nil {
		return err
	}
	if token, ok := strings.CutPrefix(payload, casework.PayloadParty); ok {
		if err := h.desk.Arrive(q.Tx, q.Contact, token, q.Now); err != nil || q.Contact.Consented {
			return err
		}
	}
	first := "" // what is said before
	if token, ok := strings.CutPrefix(payload, casework.PayloadHandover); ok {
		if found, err := h.fetch(q, token); found || err != nil {
			return err
		}
		first = "quoted.gone"
	}
	if code, ok := strings.CutPrefix(payload, payloadMahalla); ok && !h.arrive(q, code) {
		first = "poster.unknown"
	}
	kind := h.met(q)
	if first == "" && kind == casework.CardWelcome {
		if waits, err := h.awaits(q); waits || err != nil {
			return err
		}
	}
	if first == "" {
		return h.show(q, kind, true)
	}
	if _, err := h.unkey(q); err != nil {
		return err
	}
	return h.showCase(q, kind, 0, true, map[string]string{casework.ArgFirst: first})
}

// met is what a person is shown who comes: what joining still lacks, the draft that was
// begun, or the welcome.
func (h *Handlers) met(q *bot.Request) mahalla.NoticeKind {
	if kind, ok := h.desk.Resume(q.Contact, q.Now); ok {
		return kind
	}
	if q.Contact.Consented && begun(q) {
		return casework.CardDraft
	}
	return casework.CardWelcome
}

// arrive remembers the mahalla of a poster, and tells whether its code is
// known. One that is not forgets the place of before: the poster hangs
// somewhere, and the place is asked for.
func (h *Handlers) arrive(q *bot.Request, code string) bool {
	id, ok := h.desk.Reference().ByCode[code] // 0 is none
	q.Tx.SetHome(q.Contact.ID, id)
	q.Contact.Home = id
	if draft := q.Contact.Dialogue.Draft; draft != nil {
		draft.Place, draft.Pick = id, nil
	}
	return ok
}

// pressAgree records the consent; what was written before it becomes a draft.
func (h *Handlers) pressAgree(q *bot.Request) error {
	q.Tx.AdoptCard(q.Contact.ID, casework.CardWelcome, 0, q.Event.Message)
	return h.agree(q)
}

func (h *Handlers) agree(q *bot.Request) error {
	anew := !q.Contact.Consented
	if anew {
		q.Tx.Consent(q.Contact.ID, casework.ConsentVersion, q.Contact.Language, q.Now)
		q.Contact.Consented = true
	}
	if err := h.show(q, casework.CardWelcome, false); err != nil {
		return err
	}
	if anew {
		if _, err := h.desk.ShowParties(q.Tx, q.Contact, q.Now); err != nil {
			return err
		}
	}
	return h.resumeDraft(q)
}

// typedLanguage offers the languages, or changes to the one that is named.
func (h *Handlers) typedLanguage(q *bot.Request) error {
	lang, ok := h.desk.LanguageNamed(q.Event.Args)
	if !ok {
		return h.show(q, casework.CardTil, true)
	}
	if err := h.desk.Speak(q.Tx, q.Contact, lang, q.Now); err != nil {
		return err
	}
	if err := h.menu(q); err != nil {
		return err
	}
	if err := h.reread(q, casework.CardWelcome, casework.CardJoin, casework.CardDraft); err != nil {
		return err
	}
	return h.show(q, casework.CardTil, true)
}

// typedAgree is the consent in words, or the acceptance of an invitation.
func (h *Handlers) typedAgree(q *bot.Request) error {
	q.React("👌")
	if question := q.Contact.Dialogue.Question; question != nil && question.Flow == casework.FlowJoin {
		return h.join(q)
	}
	return h.agree(q)
}

// pressLanguage changes the language; the pressed message follows at once.
func (h *Handlers) pressLanguage(q *bot.Request) error {
	lang, ok := casework.LanguageOf(q.Event.Press.Arg)
	if !ok {
		return mahalla.Refuse(mahalla.Invalid, "forged")
	}
	if err := h.desk.Speak(q.Tx, q.Contact, lang, q.Now); err != nil {
		return err
	}
	if err := h.menu(q); err != nil {
		return err
	}
	if err := h.reread(q, casework.CardWelcome, casework.CardTil, casework.CardJoin, casework.CardDraft); err != nil {
		return err
	}
	name, err := h.desk.Word(lang, q.Now, "language."+string(lang))
	if err != nil {
		return err
	}
	return h.toast(q, "toast.language", "name", name)
}

// reread shows those of the person's own cards that are on the screen in the
// language that was chosen.
func (h *Handlers) reread(q *bot.Request, kinds ...mahalla.NoticeKind) error {
	for _, kind := range kinds {
		card, err := q.Tx.Card(q.Contact.ID, kind, 0)
		if err != nil {
			return err
		}
		if card.MessageID == 0 || kind == casework.CardDraft && q.Contact.Dialogue.Draft == nil {
			continue
		}
		if err := h.show(q, kind, false); err != nil {
			return err
		}
	}
	return nil
}

// menu sets the chat's list of commands: by role and language.
func (h *Handlers) menu(q *bot.Request) error {
	return h.show(q, casework.NoticeMenu, false)
}

// help says what this person can do.
func (h *Handlers) help(q *bot.Request) error {
	pages, err := h.desk.HelpPages(q.Tx, q.Contact, q.Now)
	if err != nil {
		return err
	}
	for page := range pages {
		if err := h.say(q, "help", "page", number(page)); err != nil {
			return err
		}
	}
	return nil
}

// privacy says what becomes of what people write.
func (h *Handlers) privacy(q *bot.Request) error { return h.say(q, "privacy.text") }

// cancel leaves whatever is under way. What was filed stays filed.
func (h *Handlers) cancel(q *bot.Request) error {
	d := &q.Contact.Dialogue
	asked, err := h.apart(q)
	if err != nil {
		return err
	}
	switch {
	case d.Question != nil:
		question := d.Question
		d.Question = nil
		switch {
		case question.Flow == casework.FlowConvene:
			return h.leaveDraft(q, mahalla.MeetingID(question.Case), true)
		case question.Flow == casework.FlowMeetingMove:
			if err := h.showCase(q, casework.CardConvene, question.Case, false, nil); err != nil {
				return err
			}
		case question.Case != 0 && question.Flow == casework.FlowClose:
			var refusal *mahalla.Error // the case may have gone on without the person
			if err := h.refreshOfficer(q, question.Case); err != nil && !errors.As(err, &refusal) {
				return err
			}
		case question.Flow == casework.FlowJoin:
			if err := h.declined(q); err != nil || waits(q) {
				return err
			}
		case question.Flow == casework.FlowShare:
			return h.say(q, "phone.not_given") // takes the key away
		}
		return h.say(q, "cancel.question")
	case d.Draft != nil:
		q.React("👌")
		return h.drop(q)
	case asked:
		return h.say(q, "cancel.asked")
	}
	return h.say(q, "cancel.nothing")
}

// drop throws the draft away; its card says so.
func (h *Handlers) drop(q *bot.Request) error {
	keyed := q.Contact.Dialogue.Draft != nil && q.Contact.Dialogue.Draft.Keyed
	q.Contact.Dialogue.Draft = nil
	if keyed {
		if err := h.say(q, "draft.dropped"); err != nil {
			return err
		}
	}
	if !q.Contact.Consented { // it had no card of its own
		return h.show(q, casework.CardWelcome, false)
	}
	return h.showCase(q, casework.CardDraft, 0, false, map[string]string{"dropped": "yes"})
}
