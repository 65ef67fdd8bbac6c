package casework

import (
	"slices"
	"strconv"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// seesItem tells whether a person is shown an item: who may bring its case before
// the commission or has done so, and once it was ready who convenes that.
func (d *Desk) seesItem(who *storage.Contact, c *mahalla.Case, i *mahalla.Item, now time.Time) bool {
	return d.bringsItem(who, c, i, now) || d.convenesItem(who, i, now)
}

// bringsItem tells whether a person speaks for the case of an item.
func (d *Desk) bringsItem(who *storage.Contact, c *mahalla.Case, i *mahalla.Item, now time.Time) bool {
	ground := d.path(c.Place)
	return who.ID != c.Reporter && who.Has(mahalla.MayAnswer, now) &&
		(c.Owner == who.ID || i.ProposedBy == who.ID && c.MayTake(who.Person, ground, now) == nil || c.Supervises(who.Person, ground, now))
}

// convenesItem tells whether a person convenes the commission of an item, and is
// no side of it.
func (d *Desk) convenesItem(who *storage.Contact, i *mahalla.Item, now time.Time) bool {
	return who.Over([]mahalla.TerritoryID{i.Commission}, mahalla.MayConvene, now) && i.PartyOf(who.ID) == nil
}

// drawItem is an item with its gates: to who brings it, and to who convenes the
// commission. Nobody's words stand on it.
func (d *Desk) drawItem(tx *storage.Tx, w *words, reader *storage.Contact, about int64, args map[string]string) (mahalla.Screen, error) {
	i, err := tx.Item(mahalla.ItemID(about))
	if err == nil && i == nil {
		err = ErrPointless
	}
	if err != nil {
		return mahalla.Screen{}, err
	}
	c, err := tx.Case(i.Case)
	if err != nil {
		return mahalla.Screen{}, err
	}
	s := mahalla.Screen{Protect: true, Silent: d.Calendar().IsQuiet(w.now)}
	title := bold("🗓 " + w.say("case.title", "number", c.Number.String(), "category", HTML(w.category(c.Category))))
	brings := d.bringsItem(reader, c, i, w.now)
	switch {
	case !brings && !d.convenesItem(reader, i, w.now):
		s.Text = lines(title, w.say("item.gone"))
	case !brings && i.State == mahalla.ItemDropped:
		key := "item.off"
		if i.Cause == mahalla.CauseTakenBack {
			key = "item.off_taken_back"
		}
		s.Text = lines(title, w.say("officer.place", "place", HTML(w.place(c.Place))), w.say(key))
	default:
		sides, err := d.sides(tx, w, i)
		if err != nil {
			return s, err
		}
		where := ""
		if !brings {
			where = w.say("officer.place", "place", HTML(w.place(c.Place)))
		}
		state, err := w.itemState(tx, i, sides, brings)
		if err != nil {
			return s, err
		}
		s.Text = lines(title, where, w.gates(i, sides, brings), w.mediator(i), state)
		if brings {
			s.Rows = w.itemRows(c, i, sides, reader)
			w.askSure(i, args, &s)
		}
		if err := d.toMeeting(tx, w, reader, i, &s); err != nil {
			return s, err
		}
	}
	w.below(&s)
	return s, nil
}

// gates shows which gates are open, in two lines. What was asked about violence is
// for those who brought the case.
func (w *words) gates(i *mahalla.Item, sides []sideOf, brings bool) string {
	mark := func(gate mahalla.Gate, r mahalla.Reply) string {
		key := "item." + string(gate)
		switch r {
		case mahalla.ReplyNo:
			return "✅ " + w.say(key+".no")
		case mahalla.ReplyYes:
			return "⛔ " + w.say(key+".yes")
		}
		return "⬜ " + w.say(key+".open")
	}
	asked := ""
	if brings {
		asked = joined([]string{mark(mahalla.GateViolence, i.Violence), mark(mahalla.GateCrime, i.Crime)})
	}
	var list []string
	for _, p := range sides {
		key := map[mahalla.Consent]string{mahalla.ConsentGiven: "item.agrees", mahalla.ConsentRefused: "item.declines"}[p.Consent]
		if key == "" {
			key = "item.silent"
		}
		list = append(list, w.say(key, "name", p.name))
	}
	return lines(asked, joined(list))
}

func (w *words) mediator(i *mahalla.Item) string {
	if !i.Mediator {
		return ""
	}
	return w.say("item.mediator")
}

// sideOf is a side of an item as those who deal with it know it.
type sideOf struct {
	mahalla.Party
	name  string
	chats bool // it can be asked in the chat
}

// sides are the sides of an item.
func (d *Desk) sides(tx *storage.Tx, w *words, i *mahalla.Item) ([]sideOf, error) {
	list := make([]sideOf, len(i.Parties))
	for n, p := range i.Parties {
		name := p.Name
		if p.Person != 0 {
			person, err := tx.Contact(p.Person)
			if err != nil {
				return nil, err
			}
			list[n].chats = person != nil && person.Reach == mahalla.Reachable
			if name == "" {
				if name, err = tx.Name(p.Person); err != nil {
					return nil, err
				}
			}
		}
		if name = personName(name); name == "" {
			name = w.say("item.side", "n", p.Side)
		}
		list[n].Party, list[n].name = p, name
	}
	return list, nil
}

// itemState says what an item waits for, or what came of it.
func (w *words) itemState(tx *storage.Tx, i *mahalla.Item, sides []sideOf, brings bool) (string, error) {
	switch i.State {
	case mahalla.ItemDropped:
		return w.say("item.dropped." + i.Cause), nil
	case mahalla.ItemSettled:
		return w.say("item.settled", "when", w.day(i.EndedAt)), nil
	case mahalla.ItemReady:
		if i.Sittings > 0 {
			return w.say("item.again"), nil
		}
		if !w.now.Before(i.FirstBy()) {
			return w.say("item.late", "day", w.day(i.FirstBy())), nil
		}
		return w.say("item.ready", "day", w.day(i.FirstBy())), nil
	case mahalla.ItemScheduled:
		m, err := tx.MeetingOfItem(i.ID)
		if err != nil || m == nil {
			return w.say("item.scheduled"), err
		}
		if i.Sittings > 0 {
			return w.say("item.scheduled_again", "when", w.when(m.At)), nil
		}
		return w.say("item.scheduled_at", "when", w.when(m.At)), nil
	}
	if !brings {
		return w.say("agenda.waits"), nil
	}
	if gate := i.Gate(); gate != mahalla.GateConsent {
		return w.say("item.ask." + string(gate)), nil
	}
	return w.consentState(sides), nil
}

// consentState says who has to be asked, and how.
func (w *words) consentState(sides []sideOf) string {
	text := ""
	for _, p := range sides {
		key := "item.side_yours"
		switch {
		case p.Consent == mahalla.ConsentGiven:
			continue
		case p.chats:
			key = "item.side_asked"
		case p.Person != 0:
			key = "item.side_lost"
		case p.TokenHash != nil && w.now.Before(p.TokenUntil):
			key = "item.side_link"
		}
		text = lines(text, w.say(key, "n", p.Side, "when", w.when(p.TokenUntil)))
	}
	return text
}

// itemRows are what an officer may do with an item now.
func (w *words) itemRows(c *mahalla.Case, i *mahalla.Item, sides []sideOf, reader *storage.Contact) [][]mahalla.Button {
	back := mahalla.Button{Label: w.say("list.open", "mark", mark(c, w.now), "number", c.Number.String()), Press: mahalla.Press{Verb: PressOpen, Subject: int64(c.ID)}}
	if !i.State.Open() || reader.ID != c.Owner && c.MayBring(reader.Person, w.desk.path(c.Place), w.now) != nil {
		return [][]mahalla.Button{{back}}
	}
	last := []mahalla.Button{itemPress(i, ItemOff, w.say("item.press.off"), ""), back}
	gate := i.Gate()
	if gate == mahalla.GateViolence || gate == mahalla.GateCrime {
		ask := func(r mahalla.Reply, style mahalla.Style) []mahalla.Button {
			return []mahalla.Button{itemPress(i, ItemAnswer+string(gate)+"_"+string(r), w.say("item.press."+string(gate)+"."+string(r)), style)}
		}
		return [][]mahalla.Button{ask(mahalla.ReplyNo, ""), ask(mahalla.ReplyYes, mahalla.Danger), last}
	}
	grid := w.sideRows(i, sides)
	if i.State != mahalla.ItemScheduled {
		press := itemPress(i, ItemMediator, w.say("item.press.mediator"), "")
		if i.Mediator {
			press = itemPress(i, ItemWhole, w.say("item.press.whole"), "")
		}
		if n := len(grid); n > 1 && len(grid[n-1]) < 2 {
			grid[n-1] = append(grid[n-1], press)
		} else {
			last = append([]mahalla.Button{press}, last...)
		}
	}
	return append(grid, last)
}

// sideRows are what an officer may do about the first side that is silent, rather
// about one that is not in the chat.
func (w *words) sideRows(i *mahalla.Item, sides []sideOf) [][]mahalla.Button {
	n := slices.IndexFunc(sides, func(p sideOf) bool { return p.Consent == "" && !p.chats })
	if n < 0 {
		n = slices.IndexFunc(sides, func(p sideOf) bool { return p.Consent == "" && p.Side == 2 })
	}
	if n < 0 {
		return nil
	}
	p := sides[n]
	side := strconv.Itoa(p.Side)
	var grid [][]mahalla.Button
	if !p.chats {
		grid = append(grid, []mahalla.Button{itemPress(i, ItemWord+side, w.say("item.press.word", "n", p.Side), mahalla.Primary)})
	}
	row := []mahalla.Button{itemPress(i, ItemNo+side, w.say("item.press.no", "n", p.Side), mahalla.Danger)}
	switch {
	case p.Side == 1 && p.Person != 0:
	case p.TokenHash != nil && w.now.Before(p.TokenUntil):
		row = append(row, itemPress(i, ItemUnlink+side, w.say("item.press.unlink"), ""))
	default:
		row = append(row, itemPress(i, ItemLink+side, w.say("item.press.link"), ""))
	}
	return append(grid, row)
}

// itemPress is a button about an item.
func itemPress(i *mahalla.Item, arg, label string, style mahalla.Style) mahalla.Button {
	return mahalla.Button{Label: label, Style: style, Press: mahalla.Press{Verb: PressItem, Subject: int64(i.ID), Arg: arg}}
}

// drawParty is what a side of an item sees: what a commission is, and that it may
// say no. Neither the story nor the other side stands there.
func (d *Desk) drawParty(tx *storage.Tx, w *words, reader *storage.Contact, about int64, args map[string]string) (mahalla.Screen, error) {
	i, err := tx.Item(mahalla.ItemID(about))
	if err == nil && (i == nil || !reader.Consented) {
		err = ErrPointless
	}
	if err != nil {
		return mahalla.Screen{}, err
	}
	s := mahalla.Screen{Protect: true, Silent: d.Calendar().IsQuiet(w.now)}
	title := w.say("party.title", "commission", HTML(capital(w.commission(i.Commission))), "place", HTML(w.place(i.Commission)))
	c, err := tx.Case(i.Case)
	if err != nil {
		return s, err
	}
	if c.Reporter == reader.ID {
		title = w.say("party.title_own", "commission", HTML(capital(w.commission(i.Commission))), "number", c.Number.String())
	}
	title = bold(title)
	p := i.PartyOf(reader.ID)
	gate := i.Gate()
	yes, no := w.partyPress(i, "yes", "party.yes", mahalla.Success), w.partyPress(i, "no", "party.no", mahalla.Danger)
	switch {
	case p == nil:
		s.Text = lines(title, w.say("party.gone"))
	case i.State == mahalla.ItemSettled:
		s.Text = lines(title, w.say("party.settled"))
	case p.Consent == mahalla.ConsentRefused && p.RecordedBy == reader.ID:
		s.Text = lines(title, w.say("party.declined"))
		if i.MayReturn(c, d.Reference().Categories[c.Category], p.Side, reader.ID, w.now) == nil {
			s.Text = lines(s.Text, w.say("party.mistaken", "when", w.when(i.EndedAt.Add(mahalla.ReturnWithin))))
			s.Rows = [][]mahalla.Button{{yes}}
		}
	case i.State == mahalla.ItemDropped:
		s.Text = lines(title, w.say("party.dropped"))
	case gate == mahalla.GateViolence || gate == mahalla.GateCrime:
		return s, ErrPointless // it is not asked yet
	case p.Consent == mahalla.ConsentGiven && i.State == mahalla.ItemScheduled:
		s.Text, s.Rows = lines(title, w.say("party.scheduled"), w.mediator(i)), [][]mahalla.Button{{w.partyPress(i, "no", "party.back", mahalla.Danger)}}
	case p.Consent == mahalla.ConsentGiven:
		s.Text, s.Rows = lines(title, w.say("party.agreed"), w.heardBy(i, args)), [][]mahalla.Button{{w.partyPress(i, "no", "party.back", mahalla.Danger)}}
	default:
		s.Text = lines(title, w.say("party.what"), w.say("party.free"), w.mediator(i), w.say("party.ask"))
		s.Rows = [][]mahalla.Button{{yes}, {no}}
	}
	w.below(&s)
	return s, nil
}

func (w *words) partyPress(i *mahalla.Item, arg, key string, style mahalla.Style) mahalla.Button {
	return mahalla.Button{Label: w.say(key), Style: style, Press: mahalla.Press{Verb: PressParty, Subject: int64(i.ID), Arg: arg}}
}
