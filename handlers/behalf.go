package handlers

import (
	"koprik/bot"
	"koprik/casework"
	"koprik/locales"
	"koprik/mahalla"
)

// mahallam lists what is open in the own mahalla; /mahallam 2 is the second page.
func (h *Handlers) mahallam(q *bot.Request) error {
	if err := h.desk.MaySpeak(q.Contact, q.Now); err != nil {
		return err
	}
	return h.list(q, casework.CardMahallam)
}

// pressBehalf says for whom the draft is.
func (h *Handlers) pressBehalf(q *bot.Request) error {
	if err := h.desk.MaySpeak(q.Contact, q.Now); err != nil {
		return err
	}
	draft, err := h.draftOf(q)
	if err != nil {
		return err
	}
	agreed, known := mahalla.ParseAgreed(q.Event.Press.Arg)
	switch {
	case draft.Anonymous():
		return mahalla.Refuse(mahalla.Conflict, "behalf_anonymous")
	case agreed == mahalla.AgreedNamed:
		h.askNeighbour(q, draft)
		return h.say(q, "behalf.name")
	}
	unaskNeighbour(q)
	switch {
	case q.Event.Press.Arg == "none":
		draft.Behalf = nil
	case !known:
		draft.Behalf = &mahalla.Behalf{}
	default:
		draft.Behalf = &mahalla.Behalf{Agreed: agreed}
	}
	return h.show(q, casework.CardDraft, false)
}

// askNeighbour asks for the neighbour's name.
func (h *Handlers) askNeighbour(q *bot.Request, draft *mahalla.Draft) {
	q.Contact.Dialogue.Ask(mahalla.Question{Flow: casework.FlowBehalf, Round: draft.Serial, Until: q.Now.Add(mahalla.QuestionLife)})
}

// unaskNeighbour waits for no name any more: what is written next is no name.
func unaskNeighbour(q *bot.Request) {
	if d := &q.Contact.Dialogue; d.Question != nil && d.Question.Flow == casework.FlowBehalf {
		d.Question = nil
	}
}

// hearBehalf takes the neighbour's name. Pictures and voices belong to the report.
func (h *Handlers) hearBehalf(q *bot.Request) error {
	draft := q.Contact.Dialogue.Draft
	if q.Event.Media != nil {
		return h.message(q)
	}
	if draft == nil || draft.Serial != q.Contact.Dialogue.Question.Round {
		return mahalla.Refuse(mahalla.Conflict, "draft_gone")
	}
	if draft.Anonymous() {
		unaskNeighbour(q)
		return mahalla.Refuse(mahalla.Conflict, "behalf_anonymous")
	}
	b, err := h.desk.Neighbour(q.Event.Text)
	if err != nil {
		return err
	}
	unaskNeighbour(q)
	draft.Behalf, draft.Touched = &b, q.Now
	return h.show(q, casework.CardDraft, true)
}

// typedBehalf is the same in words: /nomidan asks, /nomidan Karim aka gives the
// name, and there are words for no name, for having seen it, and for nobody.
func (h *Handlers) typedBehalf(q *bot.Request) error {
	if err := h.desk.MaySpeak(q.Contact, q.Now); err != nil {
		return err
	}
	if !q.Contact.Consented {
		return mahalla.Refuse(mahalla.Forbidden, "consent_first")
	}
	draft := h.desk.Draft(q.Tx, q.Contact, q.Now)
	words := locales.Clean(q.Event.Args)
	agreed, known := h.desk.AgreedNamed(words)
	switch {
	case draft.Anonymous():
		return mahalla.Refuse(mahalla.Conflict, "behalf_anonymous")
	case words == "":
		draft.Behalf = &mahalla.Behalf{}
	case h.desk.No(words):
		draft.Behalf = nil
	case known:
		draft.Behalf = &mahalla.Behalf{Agreed: agreed}
	default:
		b, err := h.desk.Neighbour(words)
		if err != nil {
			return err
		}
		draft.Behalf = &b
	}
	unaskNeighbour(q)
	return h.show(q, casework.CardDraft, true)
}
