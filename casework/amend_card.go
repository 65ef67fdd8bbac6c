package casework

import (
	"strconv"
	"strings"

	"koprik/mahalla"
	"koprik/storage"
)

// What a button about the agenda of a called meeting does with the item that it names.
const (
	AmendOn   = "on"
	AmendOff  = "off"
	amendPage = "p"
)

// amendPress is a button about the agenda of a called meeting.
func (w *words) amendPress(m *mahalla.Meeting, what, value, text string, style mahalla.Style) mahalla.Button {
	if what != "" {
		value = what + "-" + value
	}
	return meetingPress(m, PressMeetAgenda, value, text, style)
}

// chooseAgenda asks which item is to come onto the agenda of a meeting that was called,
// or to leave it, or whether that is meant: its sides are told at once.
func (d *Desk) chooseAgenda(tx *storage.Tx, w *words, m *mahalla.Meeting, what string, s *mahalla.Screen) error {
	list, err := d.amendable(tx, m, w.now)
	if err != nil {
		return err
	}
	first, value, _ := strings.Cut(what, "-")
	if first != "" && first != amendPage {
		id, err := readID(first)
		if err != nil {
			return err
		}
		for _, l := range list {
			if l.Item == mahalla.ItemID(id) {
				w.sureAgenda(m, l, s)
				return nil
			}
		}
	}
	page, pages := pageIn(value, len(list), pageItems)
	key := "convene.ask_amend"
	switch room := m.Room(w.now); {
	case len(list) == 0 && room == nil:
		key = "convene.nothing_amend"
	case room != nil && m.At.Sub(w.now) < mahalla.LeastNotice:
		key = "convene.only_off"
	case room != nil:
		key = "convene.full"
	}
	s.Text = lines(s.Text, w.say(key))
	var buttons []mahalla.Button
	for i, l := range list[page*pageItems : min(len(list), (page+1)*pageItems)] {
		mark := tick(m.Hearing(l.Item) != nil)
		s.Text = lines(s.Text, w.readyLine(l, mark, page*pageItems+i+1))
		buttons = append(buttons, w.amendPress(m, "", AmendArg(l.Item), w.say("list.open", "mark", mark, "number", l.Number.String()), ""))
	}
	last := []mahalla.Button{meetingPress(m, PressMeetBack, "", w.say("button.back"), "")}
	if page > 0 {
		last = append(last, w.amendPress(m, amendPage, strconv.Itoa(page-1), w.say("list.previous"), ""))
	}
	if page < pages-1 {
		last = append(last, w.amendPress(m, amendPage, strconv.Itoa(page+1), w.say("list.next"), ""))
	}
	s.Rows = append(rows(buttons), last)
	return nil
}

// readyLine is an item in a list from which an agenda is chosen.
func (w *words) readyLine(l storage.ItemLine, mark string, n int) string {
	key := "convene.ready"
	if l.Mediator {
		key = "convene.ready_mediator"
	}
	return w.say(key, "mark", mark, "n", n, "number", l.Number.String(), "category", HTML(w.category(l.Category)), "duration", w.length(w.now.Sub(l.Since)))
}

// sureAgenda asks whether it is meant that an item comes onto an agenda or leaves it.
func (w *words) sureAgenda(m *mahalla.Meeting, l storage.ItemLine, s *mahalla.Screen) {
	ask, yes := w.say("convene.sure_add", "number", l.Number.String()), w.amendPress(m, AmendOn, AmendArg(l.Item), w.say("convene.add_yes"), mahalla.Success)
	warning := w.late(l, m.At)
	if m.Hearing(l.Item) != nil {
		ask, yes = w.say("convene.sure_off", "number", l.Number.String()), w.amendPress(m, AmendOff, AmendArg(l.Item), w.say("convene.off_yes"), mahalla.Danger)
		warning = ""
	}
	s.Text = lines(s.Text, warning, ask)
	s.Rows = [][]mahalla.Button{{yes}, {meetingPress(m, PressMeetBack, "", w.say("button.back"), "")}}
}

// toMeeting leads who convenes from an item that is ready to a meeting: to the next one
// that was called and has room for it, and to a new one.
func (d *Desk) toMeeting(tx *storage.Tx, w *words, reader *storage.Contact, i *mahalla.Item, s *mahalla.Screen) error {
	if i.State != mahalla.ItemReady || !d.convenesItem(reader, i, w.now) {
		return nil
	}
	m, err := d.RoomFor(tx, i, w.now)
	if err != nil {
		return err
	}
	call := itemPress(i, ItemConvene, w.say("item.press.convene"), "")
	if m == nil {
		call.Style = mahalla.Primary
		s.Rows = append([][]mahalla.Button{{call}}, s.Rows...)
		return nil
	}
	s.Text = lines(s.Text, w.say("item.called", "when", HTML(w.sitting(m.At))))
	s.Rows = append([][]mahalla.Button{{itemPress(i, ItemAdd, w.say("item.press.add"), mahalla.Primary)}, {call}}, s.Rows...)
	return nil
}
