package casework

import (
	"strconv"

	"koprik/mahalla"
	"koprik/storage"
)

// CardAgenda lists what waits for the commissions that a person convenes.
const CardAgenda mahalla.NoticeKind = "card.agenda"

// drawAgenda is that list, five a page: what is ready and what still waits for a
// gate, with the dates.
func (d *Desk) drawAgenda(tx *storage.Tx, w *words, reader *storage.Contact, args map[string]string) (mahalla.Screen, error) {
	places := Convenes(reader, w.now)
	if len(places) == 0 {
		return mahalla.Screen{Text: w.say("agenda.over")}, nil
	}
	page, _ := strconv.Atoi(args["page"]) // anything else is the first
	list, total, err := tx.AgendaOf(places, max(0, page)*perPage, perPage)
	if last := max(0, (total-1)/perPage); err == nil && page > last { // the list has become shorter
		page = last
		list, total, err = tx.AgendaOf(places, page*perPage, perPage)
	}
	if err != nil {
		return mahalla.Screen{}, err
	}
	if total == 0 {
		return mahalla.Screen{Text: w.say("agenda.empty")}, nil
	}
	s := mahalla.Screen{Protect: true, Text: w.count("agenda.title", total)}
	var buttons []mahalla.Button
	for _, l := range list {
		m := w.itemMark(l.Item)
		when := w.say("agenda.waits")
		switch {
		case !l.At.IsZero():
			when = w.when(l.At)
		case !l.Item.ReadyAt.IsZero() && l.Item.Sittings > 0:
			when = w.say("agenda.again")
		case !l.Item.ReadyAt.IsZero() && !w.now.Before(l.Item.FirstBy()):
			when = w.say("agenda.late", "day", w.day(l.Item.FirstBy()))
		case !l.Item.ReadyAt.IsZero():
			when = w.say("agenda.by", "day", w.day(l.Item.FirstBy()))
		}
		s.Text = lines(s.Text, w.say("agenda.line", "mark", m, "number", l.Number.String(), "category", HTML(w.category(l.Category)),
			"place", HTML(w.placeShort(l.Place)), "when", HTML(when)))
		buttons = append(buttons, mahalla.Button{Label: w.say("list.open", "mark", m, "number", l.Number.String()),
			Press: mahalla.Press{Verb: PressItem, Subject: int64(l.Item.ID), Arg: ItemOpen}})
	}
	s.Rows = rows(buttons)
	if pages := (total + perPage - 1) / perPage; pages > 1 {
		s.Text = lines(s.Text, w.say("list.page", "page", page+1, "pages", pages))
		s.Rows = append(s.Rows, w.turn("agenda", page, pages))
	}
	return s, nil
}

// itemMark is the sign of where an item stands; it never stands without words.
func (w *words) itemMark(i *mahalla.Item) string {
	switch i.State {
	case mahalla.ItemScheduled:
		return "🗓"
	case mahalla.ItemReady:
		if by := i.FirstBy(); !by.IsZero() && !w.now.Before(by) {
			return "🔴"
		}
		return "✅"
	}
	return "⬜"
}

// sideNumber is a side as an argument of a text.
func sideNumber(side int) string { return strconv.Itoa(side) }
