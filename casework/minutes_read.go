package casework

import (
	"slices"
	"strconv"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// What others learn of minutes that were confirmed.
const (
	NoticeWritten mahalla.NoticeKind = "minutes_told"  // to who sat there: they may be had; about the meeting
	NoticeAgreed  mahalla.NoticeKind = "sided_minutes" // to a side: what came of its item and what was decided; about the item, arg meeting
)

const (
	argMeeting   = "meeting"
	argCorrected = "corrected"
)

// tellWritten tells who sat at a meeting that its minutes are confirmed, or corrected,
// and when they are confirmed the sides of its items what came of these. Those in but
// have the document itself.
func (d *Desk) tellWritten(tx *storage.Tx, m *mahalla.Meeting, but map[mahalla.PersonID]bool, corrected bool, now time.Time) error {
	items, err := itemsOn(tx, m)
	if err != nil {
		return err
	}
	var list []mahalla.Notice
	readers, err := minutesReaders(tx, m, items)
	if err != nil {
		return err
	}
	for _, p := range readers {
		if but[p] {
			continue
		}
		n := mahalla.Notice{Kind: NoticeWritten, To: p, Lane: mahalla.LaneReminder, Ring: true}
		if corrected {
			n.Args = map[string]string{argCorrected: "yes"}
		}
		list = append(list, n)
	}
	if err := d.about(tx, int64(m.ID), now, list...); err != nil || corrected {
		return err
	}
	for _, i := range items {
		if h := m.Hearing(i.ID); h.Outcome == "" || i.State == mahalla.ItemDropped {
			continue // it was not heard
		}
		var sides []mahalla.Notice
		for _, p := range i.Parties {
			sides = append(sides, mahalla.Notice{Kind: NoticeAgreed, To: p.Person, Lane: mahalla.LaneReminder, Ring: true,
				Args: map[string]string{argMeeting: strconv.FormatInt(int64(m.ID), 10)}})
		}
		if err := d.about(tx, int64(i.ID), now, sides...); err != nil {
			return err
		}
	}
	return nil
}

func itemsOn(tx *storage.Tx, m *mahalla.Meeting) ([]*mahalla.Item, error) {
	var list []*mahalla.Item
	for _, h := range m.Agenda {
		i, err := tx.Item(h.Item)
		if err != nil {
			return nil, err
		}
		if i != nil {
			list = append(list, i)
		}
	}
	return list, nil
}

// readsMinutes tells whether somebody who does not convene may have the minutes of a
// meeting.
func (d *Desk) readsMinutes(tx *storage.Tx, who *storage.Contact, m *mahalla.Meeting, now time.Time) (bool, error) {
	if m == nil || m.Status != mahalla.MeetingLocked || d.SeatOf(who, m, now) == nil {
		return false, nil
	}
	items, err := itemsOn(tx, m)
	if err != nil {
		return false, err
	}
	readers, err := minutesReaders(tx, m, items)
	return slices.Contains(readers, who.ID), err
}

// minutesReaders are those who are told of confirmed minutes and may have them.
func minutesReaders(tx *storage.Tx, m *mahalla.Meeting, items []*mahalla.Item) ([]mahalla.PersonID, error) {
	cases := map[mahalla.ItemID]*mahalla.Case{}
	for _, i := range items {
		c, err := tx.Case(i.Case)
		if err != nil {
			return nil, err
		}
		cases[i.ID] = c
	}
	return m.Readers(items, func(i *mahalla.Item, p mahalla.PersonID) bool { return cases[i.ID] != nil && i.Bears(cases[i.ID], p) }), nil
}

// paperFor reads a meeting for the document of its minutes: for who convenes the
// commission, and once they are confirmed for who sat there; nil for others.
func (d *Desk) paperFor(tx *storage.Tx, w *words, reader *storage.Contact, id mahalla.MeetingID) (*heldView, error) {
	v, err := d.readHeld(tx, reader, id, w)
	if err != nil || v != nil {
		return v, err
	}
	m, err := tx.Meeting(id)
	if err != nil {
		return nil, err
	}
	if reads, err := d.readsMinutes(tx, reader, m, w.now); err != nil || !reads {
		return nil, err
	}
	return d.fillHeld(tx, &heldView{m: m, reader: reader, items: map[mahalla.ItemID]*mahalla.Item{}, cases: map[mahalla.ItemID]*mahalla.Case{}})
}

// ReadMinutes sends somebody who does not convene the n-th of the confirmed minutes of
// the meetings at which the person was, the latest first.
func (d *Desk) ReadMinutes(tx *storage.Tx, who *storage.Contact, n int, now time.Time) error {
	if !who.Has(mahalla.MaySit, now) {
		return mahalla.Refuse(mahalla.Forbidden, "not_secretary")
	}
	list, err := tx.LockedWith(who.ID, mostSittings)
	if err != nil {
		return err
	}
	for _, m := range list {
		reads, err := d.readsMinutes(tx, who, m, now)
		if err != nil {
			return err
		}
		if !reads {
			continue
		}
		if n--; n == 0 {
			return d.Show(tx, who, mahalla.Notice{Kind: NoticePaper, Lane: mahalla.LaneAnswer}, mahalla.CaseID(m.ID), now)
		}
	}
	return mahalla.Refuse(mahalla.NotFound, "minutes_none")
}

// drawWrittenOf says that minutes are confirmed, with the button that sends them.
func (d *Desk) drawWrittenOf(tx *storage.Tx, w *words, reader *storage.Contact, about int64, args map[string]string) (mahalla.Screen, error) {
	m, err := tx.Meeting(mahalla.MeetingID(about))
	if err != nil {
		return mahalla.Screen{}, err
	}
	if reads, err := d.readsMinutes(tx, reader, m, w.now); err != nil || !reads {
		if err == nil {
			err = ErrPointless
		}
		return mahalla.Screen{}, err
	}
	key := "minutes.told"
	if args[argCorrected] != "" {
		key = "minutes.told_corrected"
	}
	return mahalla.Screen{Protect: true, Silent: w.night(),
		Text: w.say(key, "number", w.minutesNumber(m), "place", HTML(w.placeShort(m.Commission)), "when", w.when(m.At)),
		Rows: [][]mahalla.Button{{heldPress(m, PressPaper, 0, "", w.say("minutes.paper"), mahalla.Primary)}}}, nil
}

// How much of the decisions about an item its sides read at once.
const (
	sidedEach = 700  // UTF-16 units of one
	sidedAll  = 3000 // of the message
)

// drawAgreed tells a side of an item what came of it, and what was decided about it: what,
// by whom, by when. Nobody is named, what was noted is not told.
func (d *Desk) drawAgreed(tx *storage.Tx, w *words, reader *storage.Contact, about int64, args map[string]string) (mahalla.Screen, error) {
	item, err := tx.Item(mahalla.ItemID(about))
	if err != nil {
		return mahalla.Screen{}, err
	}
	id, _ := strconv.ParseInt(args[argMeeting], 10, 64) // ours; 0 is none
	m, err := tx.Meeting(mahalla.MeetingID(id))
	if err != nil {
		return mahalla.Screen{}, err
	}
	if item == nil || m == nil || item.PartyOf(reader.ID) == nil || m.Status != mahalla.MeetingLocked || m.Hearing(item.ID) == nil || m.Hearing(item.ID).Outcome == "" {
		return mahalla.Screen{}, ErrPointless
	}
	s := mahalla.Screen{Protect: true, Silent: w.night()}
	s.Text = lines(bold(w.say("sided.confirmed", "when", w.when(m.At))), w.say("sided."+string(m.Hearing(item.ID).Outcome)))
	if item.State.Open() {
		s.Text = lines(s.Text, w.say("sided.again"))
	}
	decided, err := d.sidedDecisions(tx, w, reader, item, m)
	s.Text = lines(s.Text, decided)
	return s, err
}

// sidedDecisions are the decisions about an item as one of its sides reads them.
func (d *Desk) sidedDecisions(tx *storage.Tx, w *words, reader *storage.Contact, item *mahalla.Item, m *mahalla.Meeting) (string, error) {
	all, err := tx.DecisionsOf(m.ID)
	if err != nil {
		return "", err
	}
	all = slices.DeleteFunc(all, func(one *mahalla.Decision) bool { return one.Item != item.ID || one.Words == "" })
	if len(all) == 0 {
		return w.say("sided.undecided"), nil
	}
	hidden, err := d.otherNames(tx, reader, item)
	if err != nil {
		return "", err
	}
	text, own := w.say("sided.decided"), false
	for n, one := range all {
		does, seat := one.DutyOf(reader.ID, item, m)
		who := "held.seat." + string(seat)
		if does != mahalla.DoesSeat {
			who = "sided.does." + string(does)
		}
		next := lines(text, quote(masked(one.Words, hidden, w.plain("sided.masked")), sidedEach), w.say("sided.duty", "who", HTML(w.say(who)), "due", w.day(one.Due)))
		if n > 0 && shownLength(next) > sidedAll {
			text = lines(text, w.say("meeting.agenda_more", "n", len(all)-n))
			break
		}
		text, own = next, own || does == mahalla.DoesReader && one.Open()
	}
	if own {
		text = lines(text, w.say("sided.own"))
	}
	return text, nil
}

// otherNames are the names of the other sides of an item: as they were given to the
// officer, and as they have given them.
func (d *Desk) otherNames(tx *storage.Tx, reader *storage.Contact, item *mahalla.Item) ([]string, error) {
	var list []string
	for _, p := range item.Parties {
		if p.Person == reader.ID {
			continue
		}
		list = append(list, p.Name)
		if p.Person == 0 {
			continue
		}
		name, err := tx.Name(p.Person)
		if err != nil {
			return nil, err
		}
		list = append(list, name)
	}
	return list, nil
}
