package handlers

import (
	"koprik/bot"
	"koprik/casework"
	"koprik/locales"
	"koprik/mahalla"
)

// pin takes a point on the map for the place of the draft. It tells whether the
// card should stand at the end of the chat: it was looked at, or asks now.
func (h *Handlers) pin(q *bot.Request, draft *mahalla.Draft, asked bool) bool {
	if q.Event.Media == nil {
		return false
	}
	pin, ok := q.Event.Media.Pin()
	if !ok {
		return false
	}
	h.desk.TakePin(draft, pin)
	return asked || draft.Pick != nil
}

// pressLocate offers the key that sends a location. It works on phones; what
// other clients make of it is heard by locationKey.
func (h *Handlers) pressLocate(q *bot.Request) error {
	draft, err := h.draftOf(q)
	if err != nil {
		return err
	}
	draft.Keyed = true
	return h.show(q, casework.NoticeLocate, true)
}

// locationKey hears the label of that key, sent as words by a client that cannot
// send a location: it gets the question for a name, and no search for the label.
func (h *Handlers) locationKey(q *bot.Request) (bool, error) {
	if !q.Contact.Consented || !h.desk.IsLocationKey(locales.Clean(q.Event.Text)) {
		return false, nil
	}
	draft := h.desk.Draft(q.Tx, q.Contact, q.Now)
	draft.Pick = &mahalla.Picker{Pin: mahalla.PinNone}
	return true, h.show(q, casework.CardDraft, true)
}

// unkey takes the key that sends a location away once the draft has its place,
// and tells whether it did.
func (h *Handlers) unkey(q *bot.Request) (bool, error) {
	draft := q.Contact.Dialogue.Draft
	if draft == nil || !draft.Keyed || draft.Place == 0 || draft.Pick != nil {
		return false, nil
	}
	draft.Keyed = false
	return true, h.say(q, "draft.located")
}
