package handlers

import (
	"strconv"
	"strings"

	"koprik/bot"
	"koprik/casework"
	"koprik/locales"
	"koprik/mahalla"
)

func pressedItem(q *bot.Request) mahalla.ItemID { return mahalla.ItemID(q.Event.Press.Subject) }

// pressAgenda brings a case before the commission, or opens its item.
func (h *Handlers) pressAgenda(q *bot.Request) error {
	item, err := h.desk.ToCommission(q.Tx, q.Contact, pressedCase(q), q.Event.Press.Round, q.Now)
	if err != nil {
		return err
	}
	if err := h.refreshOfficer(q, item.Case); err != nil {
		return err
	}
	return h.showItem(q, item, true)
}

// itemCards are the cards that buttons about items and approvals stand on.
var itemCards = map[string]mahalla.NoticeKind{
	casework.PressItem: mahalla.CardItem, casework.PressParty: mahalla.CardParty,
	casework.PressApprove: casework.CardApproval}

// showItem shows an item to who has just done something about it, and waits for
// the answer to its question.
func (h *Handlers) showItem(q *bot.Request, item *mahalla.Item, anew bool) error {
	d := &q.Contact.Dialogue
	if d.Question != nil && d.Question.Flow == casework.FlowGate {
		d.Question = nil
	}
	gate := item.Gate()
	if asks := gate == mahalla.GateViolence || gate == mahalla.GateCrime; asks && item.State.Open() && d.Question == nil {
		d.Ask(mahalla.Question{Flow: casework.FlowGate, Case: item.Case, Until: q.Now.Add(mahalla.QuestionLife),
			Data: map[string]string{"item": itemNumber(item.ID), "gate": string(gate)}})
	}
	return h.showCase(q, mahalla.CardItem, mahalla.CaseID(item.ID), anew, nil)
}

func itemNumber(id mahalla.ItemID) string { return strconv.FormatInt(int64(id), 10) }

// askedItem is the item that a question is about.
func askedItem(q *bot.Request) mahalla.ItemID {
	id, _ := strconv.ParseInt(q.Contact.Dialogue.Question.Data["item"], 10, 64) // it is ours
	return mahalla.ItemID(id)
}

// pressItem does what a button on an item says.
func (h *Handlers) pressItem(q *bot.Request) error {
	arg := q.Event.Press.Arg
	if arg == casework.ItemOpen {
		item, err := h.desk.ItemFor(q.Tx, q.Contact, pressedItem(q), q.Now)
		if err != nil {
			return err
		}
		return h.showItem(q, item, true)
	}
	q.Tx.AdoptCard(q.Contact.ID, mahalla.CardItem, mahalla.CaseID(pressedItem(q)), q.Event.Message)
	if arg == casework.ItemConvene || arg == casework.ItemAdd {
		return h.toMeeting(q, arg)
	}
	answer, isAnswer := strings.CutPrefix(arg, casework.ItemAnswer)
	gate, reply, _ := strings.Cut(answer, "_")
	switch {
	case arg == casework.ItemBack:
		return h.showCase(q, mahalla.CardItem, mahalla.CaseID(pressedItem(q)), false, nil)
	case isAnswer && mahalla.Reply(reply) == mahalla.ReplyYes: // it ends the item for good
		return h.showCase(q, mahalla.CardItem, mahalla.CaseID(pressedItem(q)), false, casework.SureOf(arg))
	case isAnswer && reply == casework.ItemSure:
		arg = casework.ItemAnswer + gate + "_" + string(mahalla.ReplyYes)
	}
	return h.item(q, pressedItem(q), arg, false)
}

// item does one thing about an item, and shows it.
func (h *Handlers) item(q *bot.Request, id mahalla.ItemID, what string, anew bool) error {
	if rest, ok := strings.CutPrefix(what, casework.ItemAnswer); ok {
		gate, reply, _ := strings.Cut(rest, "_")
		return h.itemDone(q, anew)(h.desk.AnswerGate(q.Tx, q.Contact, id, mahalla.Gate(gate), mahalla.Reply(reply), q.Now))
	}
	switch what {
	case casework.ItemMediator, casework.ItemWhole:
		return h.itemDone(q, anew)(h.desk.Mediate(q.Tx, q.Contact, id, what == casework.ItemMediator, q.Now))
	case casework.ItemOff:
		return h.itemDone(q, anew)(h.desk.TakeBackItem(q.Tx, q.Contact, id, q.Now))
	}
	verb, side := strings.TrimRight(what, "12"), 2
	if strings.HasSuffix(what, "1") {
		side = 1
	}
	switch verb {
	case casework.ItemWord:
		return h.askParty(q, id, side, anew)
	case casework.ItemNo:
		return h.itemDone(q, anew)(h.desk.DeclineParty(q.Tx, q.Contact, id, side, q.Now))
	case casework.ItemLink:
		return h.itemDone(q, anew)(h.desk.PartyLink(q.Tx, q.Contact, id, side, q.Now))
	case casework.ItemUnlink:
		return h.itemDone(q, anew)(h.desk.UnlinkParty(q.Tx, q.Contact, id, side, q.Now))
	}
	return mahalla.Refuse(mahalla.Invalid, "forged")
}

// itemDone shows an item after something was done about it.
func (h *Handlers) itemDone(q *bot.Request, anew bool) func(*mahalla.Item, error) error {
	return func(item *mahalla.Item, err error) error {
		if err != nil {
			return err
		}
		if anew {
			q.React("👌")
		}
		return h.showItem(q, item, anew)
	}
}

// askParty asks for the name of a side that agrees, unless it is known.
func (h *Handlers) askParty(q *bot.Request, id mahalla.ItemID, side int, anew bool) error {
	item, err := h.desk.ItemFor(q.Tx, q.Contact, id, q.Now)
	if err != nil {
		return err
	}
	if p := item.Party(side); p != nil && (p.Name != "" || p.Person != 0) {
		return h.itemDone(q, anew)(h.desk.RecordParty(q.Tx, q.Contact, id, side, "", q.Now))
	}
	if !item.State.Open() || item.Gate() != mahalla.GateConsent {
		return mahalla.Refuse(mahalla.Conflict, "agenda_stale")
	}
	q.Contact.Dialogue.Ask(mahalla.Question{Flow: casework.FlowParty, Case: item.Case, Until: q.Now.Add(mahalla.QuestionLife),
		Data: map[string]string{"item": itemNumber(id), "side": number(side)}})
	return h.say(q, "party.name", "n", number(side))
}

// hearParty takes the name of a side that agrees.
func (h *Handlers) hearParty(q *bot.Request) error {
	if q.Event.Media != nil {
		return mahalla.Refuse(mahalla.Invalid, "party_name", "n", q.Contact.Dialogue.Question.Data["side"])
	}
	side, _ := strconv.Atoi(q.Contact.Dialogue.Question.Data["side"])
	item, err := h.desk.RecordParty(q.Tx, q.Contact, askedItem(q), side, q.Event.Text, q.Now)
	if err != nil {
		return err
	}
	q.Contact.Dialogue.Question = nil
	return h.itemDone(q, true)(item, nil)
}

// hearGate takes yes or no to the question of a gate; anything else is heard as if
// nothing had been asked.
func (h *Handlers) hearGate(q *bot.Request) error {
	words := locales.Clean(q.Event.Text)
	question := q.Contact.Dialogue.Question
	reply := h.yesOrNo(words)
	if reply == "" || q.Event.Media != nil {
		q.Contact.Dialogue.Question = nil
		return h.message(q)
	}
	return h.item(q, askedItem(q), casework.ItemAnswer+question.Data["gate"]+"_"+string(reply), true)
}

// yesOrNo is yes or no as it was typed; empty when it is neither.
func (h *Handlers) yesOrNo(words string) mahalla.Reply {
	switch {
	case h.desk.Yes(words):
		return mahalla.ReplyYes
	case h.desk.No(words):
		return mahalla.ReplyNo
	}
	return ""
}

// typedAgenda is all of it in words: /komissiya 4821-0937 proposes or opens, and
// what follows the number answers or asks for something.
func (h *Handlers) typedAgenda(q *bot.Request) error {
	c, words, err := h.caseNamed(q)
	if err != nil {
		return err
	}
	words = locales.Clean(words)
	if words == "" {
		item, err := h.desk.ToCommission(q.Tx, q.Contact, c.ID, 0, q.Now)
		if err != nil {
			return err
		}
		return h.showItem(q, item, true)
	}
	item, err := h.desk.ItemFor(q.Tx, q.Contact, c.Resolution.Item, q.Now) // nothing is proposed by an answer
	if err != nil {
		return err
	}
	what, name := h.desk.ItemNamed(item, words)
	switch {
	case what == "":
		return mahalla.Refuse(mahalla.Invalid, "agenda_word", "number", c.Number.String())
	case name != "":
		side := 2
		if strings.HasSuffix(what, "1") {
			side = 1
		}
		return h.itemDone(q, true)(h.desk.RecordParty(q.Tx, q.Contact, item.ID, side, name, q.Now))
	}
	return h.item(q, item.ID, what, true)
}

// pressParty is the answer of a side.
func (h *Handlers) pressParty(q *bot.Request) error {
	id := pressedItem(q)
	q.Tx.AdoptCard(q.Contact.ID, mahalla.CardParty, mahalla.CaseID(id), q.Event.Message)
	return h.party(q, id, q.Event.Press.Arg == "yes", false)
}

func (h *Handlers) party(q *bot.Request, id mahalla.ItemID, agrees, anew bool) error {
	if err := h.desk.PartyAnswers(q.Tx, q.Contact, id, agrees, q.Now); err != nil {
		return err
	}
	return h.showCase(q, mahalla.CardParty, mahalla.CaseID(id), anew, nil)
}

// typedParty is the same in words: /murosa ha, /murosa yoʻq; alone it shows what
// is asked.
func (h *Handlers) typedParty(q *bot.Request) error {
	if !q.Contact.Consented {
		return mahalla.Refuse(mahalla.Forbidden, "consent_first")
	}
	reply := h.yesOrNo(locales.Clean(q.Event.Args))
	if reply == "" {
		shown, err := h.desk.ShowParties(q.Tx, q.Contact, q.Now)
		if err == nil && !shown {
			err = mahalla.Refuse(mahalla.NotFound, "party_none")
		}
		return err
	}
	id, err := h.desk.PartyTo(q.Tx, q.Contact, reply == mahalla.ReplyYes, q.Now)
	if err != nil {
		return err
	}
	return h.party(q, id, reply == mahalla.ReplyYes, true)
}

// agenda lists what waits for the commissions that the person convenes; /kun 2 is
// the second page.
func (h *Handlers) agenda(q *bot.Request) error {
	if !q.Contact.Has(mahalla.MayConvene, q.Now) {
		return mahalla.Refuse(mahalla.Forbidden, "not_convener")
	}
	return h.list(q, casework.CardAgenda)
}
