package handlers

import (
	"errors"
	"strings"

	"koprik/bot"
	"koprik/casework"
	"koprik/mahalla"
)

// pressMeetAgenda asks which item is to come onto the agenda of a meeting that was
// called or to leave it, whether that is meant, and does it.
func (h *Handlers) pressMeetAgenda(q *bot.Request) error {
	arg, id := q.Event.Press.Arg, pressedMeeting(q)
	what, value, named := strings.Cut(arg, "-")
	if named && (what == casework.AmendOn || what == casework.AmendOff) {
		return h.amend(q, id, what, value)
	}
	item := int64(0)
	if arg != "" && !named { // not the page of a list
		var err error
		if item, _, err = casework.TwoIDs(arg); err != nil {
			return err
		}
	}
	if _, err := h.desk.MayAmend(q.Tx, q.Contact, id, mahalla.ItemID(item), q.Now); err != nil {
		return err
	}
	return h.showCase(q, casework.CardConvene, pressedCase(q), false, casework.AmendArgs(arg))
}

// amend puts an item onto the agenda or takes it off, and shows the card as it is then.
func (h *Handlers) amend(q *bot.Request, id mahalla.MeetingID, what, value string) error {
	item, _, err := casework.TwoIDs(value)
	if err != nil {
		return err
	}
	if what == casework.AmendOff {
		err = h.desk.TakeOffItem(q.Tx, q.Contact, id, mahalla.ItemID(item), q.Event.Press.Round, q.Now)
	} else {
		err = h.desk.AddItem(q.Tx, q.Contact, id, mahalla.ItemID(item), q.Event.Press.Round, q.Now)
	}
	if err != nil {
		return err
	}
	if err := h.showCase(q, casework.CardConvene, mahalla.CaseID(id), false, nil); err != nil {
		return err
	}
	if what == casework.AmendOff {
		return h.toast(q, "toast.item_off")
	}
	return h.toast(q, "toast.item_on")
}

// amends does in words what the button does, unless a draft is meant: /majlis masala
// lists, /majlis masala 1 asks whether it is meant, and with "ha" at the end it is done.
// It tells whether it was about a meeting that was called: the one to which the line
// replies, or where nothing is being put together the next one.
func (h *Handlers) amends(q *bot.Request, rest string) (bool, error) {
	words := strings.Fields(rest)
	sure := len(words) > 1 && h.desk.Yes(words[len(words)-1])
	if sure {
		words = words[:len(words)-1]
	}
	meeting := ""
	if len(words) > 1 && ofList(words[0]) { // that of the meeting comes first
		meeting, words = words[0], words[1:]
	}
	m, err := h.calledMeant(q, meeting)
	if err != nil || m == nil {
		return false, err
	}
	item := mahalla.ItemID(0)
	if len(words) > 0 {
		if item, err = h.desk.AmendNamed(q.Tx, m, strings.Join(words, " "), q.Now); err != nil {
			return true, err
		}
	}
	on, err := h.desk.MayAmend(q.Tx, q.Contact, m.ID, item, q.Now)
	if err != nil {
		return true, err
	}
	// The numbers of the list are others once an item has come or gone: nothing is taken
	// off by one of them without a question.
	if sure && !on && len(words) > 0 && ofList(words[0]) {
		sure = false
	}
	if !sure {
		arg := ""
		if item != 0 {
			arg = casework.AmendArg(item)
		}
		return true, h.showCase(q, casework.CardConvene, mahalla.CaseID(m.ID), true, casework.AmendArgs(arg))
	}
	change := h.desk.TakeOffItem
	if on {
		change = h.desk.AddItem
	}
	if err := change(q.Tx, q.Contact, m.ID, item, mahalla.Anytime, q.Now); err != nil {
		return true, err
	}
	return true, done(q)
}

// ofList tells whether a word is a number of a list, and not that of a case.
func ofList(word string) bool { return isNumber(word) && len(word) <= 2 }

// calledMeant is the called meeting that a line about an agenda means; nil where a draft
// is meant, or there is none.
func (h *Handlers) calledMeant(q *bot.Request, named string) (*mahalla.Meeting, error) {
	replied, err := repliedMeeting(q)
	if err != nil {
		return nil, err
	}
	if replied == 0 {
		if draft, err := q.Tx.DraftedBy(q.Contact.ID, 0); err != nil || draft != nil {
			return nil, err
		}
	}
	m, _, err := h.desk.MeetingMeant(q.Tx, q.Contact, replied, true, named, q.Now)
	refusal := (*mahalla.Error)(nil)
	if errors.As(err, &refusal) && refusal.Reason == "meeting_none" {
		return nil, nil
	}
	if err != nil || m.Status == mahalla.MeetingDraft {
		return nil, err
	}
	return m, nil
}

// toMeeting leads from an item that is ready to a meeting in the making, or to one that
// was called.
func (h *Handlers) toMeeting(q *bot.Request, to string) error {
	if to == casework.ItemAdd {
		m, args, err := h.desk.AddTo(q.Tx, q.Contact, pressedItem(q), q.Now)
		if err != nil {
			return err
		}
		return h.showCase(q, casework.CardConvene, mahalla.CaseID(m.ID), true, args)
	}
	m, err := h.desk.ConveneWith(q.Tx, q.Contact, pressedItem(q), q.Now)
	if err != nil {
		return err
	}
	return h.desk.ShowDraft(q.Tx, q.Contact, m, true, nil, q.Now)
}
