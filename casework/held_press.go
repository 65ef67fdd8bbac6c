package casework

import (
	"strings"

	"koprik/mahalla"
	"koprik/storage"
)

// hearingPress is a button about the n-th item of an agenda. It names the item too:
// when another one has left the agenda meanwhile, the n-th is not that one any more.
func hearingPress(m *mahalla.Meeting, verb string, n int, arg, text string, style mahalla.Style) mahalla.Button {
	return heldPress(m, verb, n, arg+"_"+personArg(mahalla.PersonID(m.Agenda[n-1].Item)), text, style)
}

// PressedItem reads the argument of a button about the n-th item of an agenda.
func PressedItem(m *mahalla.Meeting, n int, arg string) (string, error) {
	cut := strings.LastIndexByte(arg, '_')
	if cut < 0 {
		return "", mahalla.Refuse(mahalla.Conflict, "sitting_item")
	}
	id, err := readID(arg[cut+1:])
	if h := ItemOn(m, n); err != nil || h == nil || h.Item != mahalla.ItemID(id) {
		return "", mahalla.Refuse(mahalla.Conflict, "sitting_item")
	}
	return arg[:cut], nil
}

// leftBehind takes from a card what it showed to who may not see it any more. Who
// has none is sent nothing.
func (d *Desk) leftBehind(tx *storage.Tx, w *words, reader *storage.Contact, kind mahalla.NoticeKind, about int64) (mahalla.Screen, error) {
	card, err := tx.Card(reader.ID, kind, mahalla.CaseID(about))
	if err == nil && card.MessageID == 0 {
		err = ErrPointless
	}
	return mahalla.Screen{Text: w.say("convene.not_yours")}, err
}

// presumed says that who has said to come is ticked already, until anything is written.
func (w *words) presumed(m *mahalla.Meeting) string {
	if m.Marked(0).Come > 0 || m.Attended(0).Come == 0 {
		return ""
	}
	return w.say("held.presumed")
}
