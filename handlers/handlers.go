// Package handlers turns what a person did into a use case: it reads the words
// and presses, asks casework, and says what the person sees next. It holds no
// rules and no SQL, and words nothing itself.
package handlers

import (
	"errors"
	"time"

	"koprik/bot"
	"koprik/casework"
	"koprik/locales"
	"koprik/mahalla"
)

// Handlers answers everything that people do in the private chat.
type Handlers struct {
	desk     *casework.Desk
	spelling spelling
}

// Router registers a handler for every command, button, question and event.
func Router(desk *casework.Desk) *bot.Router {
	h := &Handlers{desk: desk}
	r := bot.NewRouter(h.refuse, h.sorry)
	h.registerCommands(r)
	h.registerButtons(r)
	h.registerSteps(r)
	h.registerCommissions(r)
	h.registerGroups(r)
	h.registerApprovals(r)
	h.registerCaptions(r)
	h.registerSpelling(r)
	r.On(bot.KindMessage, h.awake(h.message))
	r.On(bot.KindEdited, h.awake(h.edited))
	r.On(bot.KindPress, h.unknownPress)
	r.On(bot.KindBlocked, h.blocked)
	r.On(bot.KindBack, h.back)
	return r
}

func (h *Handlers) registerCommands(r *bot.Router) {
	for name, handler := range map[string]bot.Handler{
		"start": h.start, "til": h.typedLanguage, "roziman": h.typedAgree, "tayyor": h.typedReady, "help": h.help, "privacy": h.privacy, "ochirish": h.typedForget, "cancel": h.cancel,
		"mening": h.mine, "karta": h.typedOpen,
		"mavzu": h.typedCategory, "joy": h.typedPlace, "bilmayman": h.typedUnknown,
		"qoshimcha": h.typedAdd, "qaytarish": h.typedWithdraw, "hal": h.typedSolved, "baho": h.typedRate,
		"qisman": h.typedPartly, "qayta": h.typedReopen, "javob": h.typedAnswer,
		"anonim": h.typedVeil, "yuborilsin": h.typedLetTell, "olib": h.typedDropTelling, "tanishtirish": h.typedReveal,
		"raqam": h.typedPhone, "menham": h.typedMeToo, "boshqa": h.typedOther, "chiqish": h.typedUnjoin,
		"oqish": h.typedRead, "keyin": h.typedPutOff, "tozala": h.typedWipe,
		"nomidan": h.typedBehalf, "xabar": h.onlyInGroups, "guruh": h.onlyInGroups, "mahallam": h.mahallam,
	} {
		r.Command(name, h.awake(handler))
	}
	for name, handler := range h.officerCommands() {
		r.Command(name, h.awake(h.serving(handler)))
	}
}

func (h *Handlers) registerButtons(r *bot.Router) {
	for verb, handler := range map[string]bot.Handler{
		casework.PressLanguage: h.pressLanguage, casework.PressAgree: h.pressAgree,
		casework.PressJoin: h.pressJoin, casework.PressTest: h.pressTest, casework.PressList: h.pressList,
		casework.PressCategory: h.pressCategory, casework.PressMore: h.pressMore, casework.PressPlace: h.pressPlace,
		casework.PressUnder: h.pressUnder, casework.PressWhere: h.pressWhere, casework.PressUnknown: h.pressUnknown,
		casework.PressLocate: h.pressLocate,
		casework.PressDrop:   h.pressDrop, casework.PressAddTo: h.pressAddTo,
		casework.PressAdd: h.pressAdd, casework.PressWithdraw: h.pressWithdraw, casework.PressWithdrawYes: h.pressWithdrawYes,
		casework.PressJudge: h.pressJudge, casework.PressRate: h.pressRate, casework.PressReopen: h.pressReopen,
		casework.PressAccept: h.pressAccept, casework.PressPromise: h.pressPromise, casework.PressClose: h.pressClose,
		casework.PressPhone: h.pressPhone,
		casework.PressVeil:  h.pressVeil, casework.PressTelling: h.pressTelling,
		casework.PressReveal: h.pressReveal, casework.PressRevealYes: h.pressRevealYes,
		casework.PressMeToo: h.pressMeToo, casework.PressOther: h.pressOther, casework.PressUnjoin: h.pressUnjoin,
		casework.PressSearch: h.pressSearch, casework.PressFound: h.pressFound, casework.PressOlder: h.pressOlder,
		casework.PressOutcome: h.pressOutcome, casework.PressBack: h.pressBack, casework.PressOpen: h.pressOpen,
		casework.PressLook: h.pressLook, casework.PressAsk: h.pressAsk, casework.PressAnswer: h.pressAnswer,
		casework.PressKept: h.pressKept, casework.PressNote: h.pressNote,
		casework.PressUndo: h.pressUndo, casework.PressConfirm: h.pressConfirm, casework.PressReject: h.pressReject,
		casework.PressTell: h.pressTell, casework.PressNoPhoto: h.pressNoPhoto,
		casework.PressNotMine: h.pressNotMine, casework.PressTransfer: h.pressTransfer, casework.PressOfferTo: h.pressOfferTo,
		casework.PressDuplicate: h.pressDuplicate,
		casework.PressOffer:     h.pressOffer, casework.PressGive: h.pressGive, casework.PressNudge: h.pressNudge,
		casework.PressAbsence: h.pressAbsence, casework.PressSubstitute: h.pressSubstitute, casework.PressStandIn: h.pressStandIn,
		casework.PressReturn: h.pressReturn, casework.PressHandOn: h.pressHandOn, casework.PressHandAll: h.pressHandAll,
		casework.PressBehalf: h.pressBehalf, casework.PressForget: h.pressForget,
		casework.PressRead: h.pressRead, casework.PressPutOff: h.pressPutOff, casework.PressWipe: h.pressWipe,
	} {
		r.Button(verb, h.awake(handler))
	}
}

func (h *Handlers) registerSteps(r *bot.Router) {
	for flow, handler := range map[string]bot.Handler{
		casework.FlowAddition: h.hearAddition, casework.FlowReopen: h.hearReopening,
		casework.FlowPromise: h.hearPromise, casework.FlowClose: h.hearClosing,
		casework.FlowPhone: h.hearPhone, casework.FlowSearch: h.hearSearch,
		casework.FlowShare:  h.hearShare,
		casework.FlowBehalf: h.hearBehalf,
		casework.FlowAsk:    h.hearAsk, casework.FlowAnswer: h.hearAnswer, casework.FlowNote: h.hearNote,
		casework.FlowReject:   h.hearReject,
		casework.FlowTransfer: h.hearTransfer, casework.FlowAbsence: h.hearAbsence,
	} {
		r.Step(flow, h.awake(h.answering(handler)))
	}
}

// awake notices that somebody who had blocked the bot is back, also when
// Telegram did not say so, forgets what has waited too long, and hears the rest
// of an album, before it does what they ask.
func (h *Handlers) awake(handler bot.Handler) bot.Handler {
	return func(q *bot.Request) error {
		if err := h.desk.Back(q.Tx, q.Contact, q.Now); err != nil {
			return err
		}
		if err := h.desk.Expire(q.Tx, q.Contact, meant(q)); err != nil {
			return err
		}
		if q.Event.Kind == bot.KindMessage {
			if q.Contact.Dialogue.Continues(q.Event.Media, q.Now) {
				return h.further(q)
			}
			q.Contact.Dialogue.Album = nil
		}
		return handler(q)
	}
}

// meant is when the person did it: what Telegram kept for us while we were away
// was done in time.
func meant(q *bot.Request) time.Time {
	if at := q.Event.Date; !at.IsZero() && at.Before(q.Now) {
		return at
	}
	return q.Now
}

// further hears a later part of an album.
func (h *Handlers) further(q *bot.Request) error {
	anew := q.Contact.Dialogue.Album.Report == 0
	c, err := h.desk.Further(q.Tx, q.Contact, heard(q), q.Now)
	if refusal := (*mahalla.Error)(nil); errors.As(err, &refusal) && gone(refusal) {
		q.Contact.Dialogue.Album = nil
		return h.instead(q, refusal)
	}
	if err != nil {
		return err
	}
	if !c.Speaks(q.Contact.ID) {
		return done(q)
	}
	if anew || h.desk.Danger(q.Event.Text) {
		return h.thank(q, c, q.Event.Text)
	}
	q.React("👀")
	return nil
}

// done marks a typed message that changed something further up in the chat: the
// person sees at the bottom that it was understood.
func done(q *bot.Request) error {
	q.React("👌")
	return nil
}

// gone tells whether a refusal says that what words were about has changed.
func gone(refusal *mahalla.Error) bool {
	return refusal.Code == mahalla.Conflict || refusal.Code == mahalla.NotFound || refusal.Code == mahalla.Forbidden
}

// ask puts a question about a case. Its answer counts for a day, and only while
// the case has not changed hands.
func (h *Handlers) ask(q *bot.Request, flow string, c *mahalla.Case, data map[string]string) {
	until := q.Now.Add(mahalla.QuestionLife)
	if last := c.ClosedAt.Add(mahalla.ReopenWithin); flow == casework.FlowReopen && !c.ClosedAt.IsZero() && last.Before(until) {
		until = last
	}
	q.Contact.Dialogue.Ask(mahalla.Question{Flow: flow, Case: c.ID, Round: c.Round, Data: data, Until: until})
}

// answering hears the answer to a question. When what was asked about has
// changed since, the question is forgotten and the words are taken like any
// others: nobody who calls for help is told that a case is closed. A reply to
// the card of another case is about that one.
func (h *Handlers) answering(handler bot.Handler) bot.Handler {
	return func(q *bot.Request) error {
		question := q.Contact.Dialogue.Question
		if question == nil {
			return h.message(q) // it was forgotten in this moment
		}
		about, err := h.repliesTo(q)
		if err != nil {
			return err
		}
		if about != 0 && question.Case != 0 && about != question.Case {
			return h.message(q)
		}
		err = handler(q)
		var refusal *mahalla.Error
		if !errors.As(err, &refusal) {
			return err
		}
		if h.desk.Danger(q.Event.Text) { // a call for help is never only refused
			q.Contact.Dialogue.Question = nil
			return h.part(q)
		}
		if !gone(refusal) || question.Flow == casework.FlowPhone {
			return err
		}
		q.Contact.Dialogue.Question = nil
		if heldFlow(question.Flow) {
			return h.refuse(q, refusal)
		}
		if question.Flow == casework.FlowPromise || question.Flow == casework.FlowTransfer || question.Flow == casework.FlowAbsence || question.Flow == casework.FlowParty || question.Flow == casework.FlowGate || asksMeeting(question) || q.Event.Contact != nil { // a date or a number says nothing by itself
			if refusal.Reason == "stale" && q.Event.Contact == nil {
				refusal = mahalla.Refuse(mahalla.Conflict, "promise_gone")
			}
			return h.refuse(q, refusal)
		}
		if refusal.Reason == "stale" {
			refusal = mahalla.Refuse(mahalla.Conflict, "question_gone")
		}
		return h.instead(q, refusal)
	}
}

// instead keeps words as a part of a draft, whose card says why they are not what
// they were meant for.
func (h *Handlers) instead(q *bot.Request, refusal *mahalla.Error) error {
	if err := h.desk.Stopped(q.Tx, q.Contact, refusal, q.Now); err != nil {
		return err
	}
	if err := h.part(q); err != nil {
		return err
	}
	draft := q.Contact.Dialogue.Draft
	if draft == nil {
		return h.refuse(q, refusal)
	}
	draft.Instead = refusal
	q.React("") // enough was said
	if !q.Contact.Consented {
		return h.show(q, casework.CardWelcome, true)
	}
	return h.show(q, casework.CardDraft, true)
}

// show sends a card or a message to the person in front of us.
func (h *Handlers) show(q *bot.Request, kind mahalla.NoticeKind, ring bool) error {
	if kind == casework.CardDraft {
		unkeyed, err := h.unkey(q)
		if err != nil {
			return err
		}
		ring = ring || unkeyed
	}
	return h.showCase(q, kind, 0, ring, nil)
}

// showCase sends a card of a case; args may choose what it shows.
func (h *Handlers) showCase(q *bot.Request, kind mahalla.NoticeKind, about mahalla.CaseID, ring bool, args map[string]string) error {
	return h.desk.Show(q.Tx, q.Contact, mahalla.Notice{Kind: kind, Lane: mahalla.LaneAnswer, Ring: ring, Args: args}, about, q.Now)
}

// say answers with a text by its key; pairs are argument names and values.
func (h *Handlers) say(q *bot.Request, key string, pairs ...string) error {
	return h.sayOf(q, 0, key, pairs...)
}

// sayOf is say about a case: a reply to the message is about that case.
func (h *Handlers) sayOf(q *bot.Request, about mahalla.CaseID, key string, pairs ...string) error {
	args := map[string]string{"key": key}
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i]] = pairs[i+1]
	}
	return h.showCase(q, casework.NoticeSay, about, false, args)
}

// toast answers a press with a short line.
func (h *Handlers) toast(q *bot.Request, key string, pairs ...any) error {
	text, err := h.desk.Word(q.Contact.Language, q.Now, key, pairs...)
	if err != nil {
		return err
	}
	q.Toast(locales.Cut(text, 200))
	return nil
}

// refuse words a refusal: in the answer to the press, with a fresh card where
// the old one misled, or as a message.
func (h *Handlers) refuse(q *bot.Request, refusal *mahalla.Error) error {
	if q.Event.Kind.OfGroup() {
		return nil // nobody's words are answered before everybody
	}
	if err := h.desk.Back(q.Tx, q.Contact, q.Now); err != nil { // the refusal has undone it
		return err
	}
	if err := h.desk.Expire(q.Tx, q.Contact, meant(q)); err != nil {
		return err
	}
	if err := h.desk.Stopped(q.Tx, q.Contact, refusal, q.Now); err != nil {
		return err
	}
	h.desk.Guessed(q.Contact, refusal, q.Now)
	text, err := h.desk.Explain(q.Tx, q.Contact.Language, refusal, q.Now)
	if err != nil {
		return err
	}
	if q.Event.Kind != bot.KindPress {
		return h.showCase(q, casework.NoticeSay, 0, false, map[string]string{"key": "plain", "text": text})
	}
	q.Alert(locales.Cut(casework.Uncopyable(text), 200))
	if refusal.Code == mahalla.Conflict {
		return h.freshen(q)
	}
	return nil
}

// freshen brings the card that was pressed up to date; when the pressed
// message is not the living one any more, the card is sent anew.
func (h *Handlers) freshen(q *bot.Request) error {
	switch q.Event.Press.Verb {
	case casework.PressCategory, casework.PressMore, casework.PressPlace, casework.PressUnder,
		casework.PressWhere, casework.PressUnknown, casework.PressLocate, casework.PressDrop,
		casework.PressAddTo, casework.PressVeil, casework.PressTelling, casework.PressBehalf:
		if q.Contact.Dialogue.Draft == nil {
			return nil
		}
		return h.show(q, casework.CardDraft, true)
	case casework.PressJoin, casework.PressTest, casework.PressList, casework.PressAgree, casework.PressLanguage,
		casework.PressSearch, casework.PressFound, casework.PressOlder:
		return nil
	}
	if q.Event.Press.Verb == casework.PressForget {
		return h.show(q, casework.CardForget, true)
	}
	if verb := q.Event.Press.Verb; verb == casework.PressRead || verb == casework.PressPutOff {
		return h.showCase(q, mahalla.CardKnock, pressedCase(q), false, nil)
	}
	if kind, ok := itemCards[q.Event.Press.Verb]; ok {
		return h.showCase(q, kind, pressedCase(q), false, nil)
	}
	if _, ok := h.heldButtons()[q.Event.Press.Verb]; ok {
		return h.freshenHeld(q)
	}
	switch q.Event.Press.Verb {
	case casework.PressReminders, casework.PressCompose:
		return h.showReminders(q, false, "list", "yes")
	case casework.PressSeries:
		return h.showSeries(q, false)
	case casework.PressSnooze, casework.PressHush, casework.PressComing:
		return nil
	}
	if kind, ok := absenceCards[q.Event.Press.Verb]; ok {
		return h.show(q, kind, true)
	}
	if meetingVerbs[q.Event.Press.Verb] {
		return h.freshenMeeting(q)
	}
	c, err := casework.Standing(q.Tx, q.Contact, pressedCase(q))
	if err != nil || h.desk.MayRead(q.Contact, c, q.Now) != nil {
		var refusal *mahalla.Error
		if errors.As(err, &refusal) {
			return nil
		}
		return err
	}
	kind := h.desk.CardKind(q.Contact, c, q.Now)
	if isJudgement(q.Event.Press.Verb) && kind == mahalla.CardReporter && c.MergedInto == 0 {
		kind = mahalla.CardResult
	}
	card, err := q.Tx.Card(q.Contact.ID, kind, c.ID)
	if err != nil {
		return err
	}
	return h.showCase(q, kind, c.ID, card.MessageID != q.Event.Message, nil)
}

func isJudgement(verb string) bool {
	return verb == casework.PressJudge || verb == casework.PressRate
}

// sorry tells a person that something broke on our side.
func (h *Handlers) sorry(q *bot.Request) error { return h.say(q, "sorry.text") }

// unknownPress answers a button that no present version of the bot makes, or
// that was made for somebody else.
func (h *Handlers) unknownPress(q *bot.Request) error {
	return mahalla.Refuse(mahalla.Invalid, "forged")
}

// blocked notes that the person stopped the bot: whatever waited for them
// alone goes on to the next.
func (h *Handlers) blocked(q *bot.Request) error {
	return h.desk.Unreachable(q.Tx, q.Contact.ID, q.Now)
}

// back notes that the person can be reached again.
func (h *Handlers) back(q *bot.Request) error { return h.desk.Back(q.Tx, q.Contact, q.Now) }
