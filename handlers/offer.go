package handlers

import (
	"strconv"
	"strings"

	"koprik/bot"
	"koprik/casework"
	"koprik/locales"
	"koprik/mahalla"
)

// declining reads the pressed case if the officer may say that it is not theirs.
func (h *Handlers) declining(q *bot.Request, id mahalla.CaseID, round int) (*mahalla.Case, error) {
	c, err := h.current(q, id, round)
	if err != nil {
		return nil, err
	}
	return c, h.desk.MayDecline(q.Contact, c, q.Now)
}

// pressNotMine shows what can be said of a case that is not the officer's.
func (h *Handlers) pressNotMine(q *bot.Request) error {
	c, err := h.declining(q, pressedCase(q), q.Event.Press.Round)
	if err != nil {
		return err
	}
	return h.chooseOn(q, c, "notmine", false)
}

// chooseOn lets the officer's card of a case ask something.
func (h *Handlers) chooseOn(q *bot.Request, c *mahalla.Case, what string, afresh bool) error {
	return h.showCase(q, h.desk.CardKind(q.Contact, c, q.Now), c.ID, afresh, map[string]string{"choose": what})
}

// pressTransfer says why a case is not the officer's: it is no officer's duty of
// the kind, or it is of another mahalla, for which is asked.
func (h *Handlers) pressTransfer(q *bot.Request) error {
	what, page, _ := strings.Cut(q.Event.Press.Arg, "_")
	if what == "duty" {
		if _, err := h.desk.Decline(q.Tx, q.Contact, pressedCase(q), q.Event.Press.Round, q.Now); err != nil {
			return err
		}
		return h.toast(q, "toast.disputed")
	}
	c, err := h.declining(q, pressedCase(q), q.Event.Press.Round)
	if err != nil {
		return err
	}
	data := map[string]string{"page": page}
	if question := q.Contact.Dialogue.Question; question != nil && question.Flow == casework.FlowTransfer && question.Case == c.ID && page != "" {
		data["found"] = question.Data["found"]
	}
	h.ask(q, casework.FlowTransfer, c, data)
	return h.showCase(q, c.CardFor(q.Contact.ID), c.ID, false, nil)
}

// hearTransfer hears the name of the mahalla, or the number of one that was found.
func (h *Handlers) hearTransfer(q *bot.Request) error {
	question := q.Contact.Dialogue.Question
	c, err := h.declining(q, question.Case, question.Round)
	if err != nil {
		return err
	}
	return h.transferNamed(q, c, q.Event.Text, question.Data["found"])
}

// transferNamed offers a case to the mahalla that words name, or asks which of
// several is meant.
func (h *Handlers) transferNamed(q *bot.Request, c *mahalla.Case, words, found string) error {
	if list := strings.Split(found, ","); found != "" {
		if n, err := strconv.Atoi(strings.TrimSpace(words)); err == nil && n > 0 && n <= len(list) {
			id, err := strconv.ParseInt(list[n-1], 10, 64)
			if err != nil {
				return err
			}
			return h.offerTo(q, c, mahalla.TerritoryID(id))
		}
	}
	places, sure := h.desk.MahallasNamed(c, locales.Clean(words))
	switch {
	case len(places) == 0:
		return mahalla.Refuse(mahalla.Invalid, "offer_place")
	case sure:
		return h.offerTo(q, c, places[0])
	}
	ids := make([]string, len(places))
	for i, p := range places {
		ids[i] = strconv.FormatInt(int64(p), 10)
	}
	h.ask(q, casework.FlowTransfer, c, map[string]string{"found": strings.Join(ids, ",")})
	return h.showCase(q, c.CardFor(q.Contact.ID), c.ID, true, nil)
}

// offerTo offers a case that was named in words.
func (h *Handlers) offerTo(q *bot.Request, c *mahalla.Case, place mahalla.TerritoryID) error {
	if _, err := h.desk.OfferPlace(q.Tx, q.Contact, c.ID, c.Round, place, q.Now); err != nil {
		return err
	}
	answered(q, casework.FlowTransfer, c.ID)
	return done(q)
}

// pressOfferTo offers the case to a mahalla of the list.
func (h *Handlers) pressOfferTo(q *bot.Request) error {
	place, err := strconv.ParseInt(q.Event.Press.Arg, 10, 64)
	if err != nil {
		return mahalla.Refuse(mahalla.Invalid, "forged")
	}
	if _, err := h.desk.OfferPlace(q.Tx, q.Contact, pressedCase(q), q.Event.Press.Round, mahalla.TerritoryID(place), q.Now); err != nil {
		return err
	}
	answered(q, casework.FlowTransfer, pressedCase(q))
	return h.toast(q, "toast.offered")
}

// typedTransfer is the same in one line: /otkaz 4821-0937 Chinor. Without a name
// it asks.
func (h *Handlers) typedTransfer(q *bot.Request) error {
	c, words, err := h.caseNamed(q)
	if err != nil {
		return err
	}
	if err := h.desk.MayDecline(q.Contact, c, q.Now); err != nil {
		return err
	}
	if locales.Clean(words) == "" {
		return h.chooseOn(q, c, "notmine", true)
	}
	return h.transferNamed(q, c, words, "")
}

// typedDecline says that a case is not the officer's duty: /emas 4821-0937.
func (h *Handlers) typedDecline(q *bot.Request) error {
	c, _, err := h.caseNamed(q)
	if err != nil {
		return err
	}
	if _, err := h.desk.Decline(q.Tx, q.Contact, c.ID, 0, q.Now); err != nil {
		return err
	}
	return done(q)
}

// pressOffer answers an offer.
func (h *Handlers) pressOffer(q *bot.Request) error {
	yes := q.Event.Press.Arg == "yes"
	if _, err := h.desk.AnswerOffer(q.Tx, q.Contact, pressedCase(q), q.Event.Press.Round, yes, q.Now); err != nil {
		return err
	}
	if yes {
		return h.toast(q, "toast.accepted")
	}
	return h.toast(q, "toast.refused")
}

// refuseOffer refuses an offer in words: /rad 4821-0937.
func (h *Handlers) refuseOffer(q *bot.Request, c *mahalla.Case) error {
	if _, err := h.desk.AnswerOffer(q.Tx, q.Contact, c.ID, 0, false, q.Now); err != nil {
		return err
	}
	return done(q)
}

// acceptOffered takes a case that was named, where an offer or a dispute waits for
// the person. It tells whether one did.
func (h *Handlers) acceptOffered(q *bot.Request, c *mahalla.Case) (bool, error) {
	if !c.AskedTo(q.Contact.ID) {
		return false, nil
	}
	if c.OpenOffer().Kind == mahalla.OfferArbiter {
		_, err := h.desk.Give(q.Tx, q.Contact, c.ID, 0, q.Contact.ID, q.Now)
		return true, err
	}
	_, err := h.desk.AnswerOffer(q.Tx, q.Contact, c.ID, 0, true, q.Now)
	return true, err
}

// pressGive shows the officers to whom a case may be given, or gives it to one.
func (h *Handlers) pressGive(q *bot.Request) error {
	arg := q.Event.Press.Arg
	page, list := strings.CutPrefix(arg, "p")
	if arg == "" || list {
		c, err := h.giving(q, pressedCase(q), q.Event.Press.Round)
		if err != nil {
			return err
		}
		return h.chooseOn(q, c, "give_"+page, false)
	}
	to, err := strconv.ParseInt(arg, 10, 64)
	if err != nil {
		return mahalla.Refuse(mahalla.Invalid, "forged")
	}
	c, err := h.desk.Give(q.Tx, q.Contact, pressedCase(q), q.Event.Press.Round, mahalla.PersonID(to), q.Now)
	if err != nil {
		return err
	}
	if c.AskedTo(mahalla.PersonID(to)) {
		return h.toast(q, "toast.offered")
	}
	return h.toast(q, "toast.given")
}

// giving reads a case that a supervisor may give away now.
func (h *Handlers) giving(q *bot.Request, id mahalla.CaseID, round int) (*mahalla.Case, error) {
	c, err := h.current(q, id, round)
	if err != nil {
		return nil, err
	}
	return c, h.desk.MayGive(q.Contact, c, q.Now)
}

// typedGive gives a case in one line: /ber 4821-0937 2, or the beginning of a
// name. Without either it shows the officers.
func (h *Handlers) typedGive(q *bot.Request) error {
	c, words, err := h.caseNamed(q)
	if err != nil {
		return err
	}
	if err := h.desk.MayGive(q.Contact, c, q.Now); err != nil {
		return err
	}
	if words = locales.Clean(words); words == "" {
		return h.chooseOn(q, c, "give", true)
	}
	to, err := h.desk.Receiver(q.Tx, q.Contact, c, words, q.Now)
	if err != nil {
		return err
	}
	if _, err := h.desk.Give(q.Tx, q.Contact, c.ID, 0, to, q.Now); err != nil {
		return err
	}
	return done(q)
}

// pressNudge reminds whoever holds a case that waits.
func (h *Handlers) pressNudge(q *bot.Request) error {
	if _, err := h.desk.Nudge(q.Tx, q.Contact, pressedCase(q), q.Event.Press.Round, q.Now); err != nil {
		return err
	}
	return h.toast(q, "toast.nudged")
}

// typedNudge is the same in words: /turtki 4821-0937.
func (h *Handlers) typedNudge(q *bot.Request) error {
	c, _, err := h.caseNamed(q)
	if err != nil {
		return err
	}
	if _, err := h.desk.Nudge(q.Tx, q.Contact, c.ID, 0, q.Now); err != nil {
		return err
	}
	return done(q)
}
