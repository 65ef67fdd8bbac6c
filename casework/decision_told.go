package casework

import (
	"slices"
	"strconv"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// NoticeDecided tells, without a sound, the other sides of an item and who sat there that
// the day of a decision was changed, or that it is recorded as carried out; about the
// decision.
const NoticeDecided mahalla.NoticeKind = "decision_told"

// The arguments of that notice: the day that was changed, and the new one; no new one
// where the decision is carried out.
const (
	argWas = "was"
	argDay = "day"
)

// tellChanged tells those who have read a decision in confirmed minutes what has become
// of it, but for those who have its card.
func (d *Desk) tellChanged(tx *storage.Tx, m *mahalla.Meeting, one *mahalla.Decision, was time.Time, but []mahalla.Notice, now time.Time) error {
	if m.Status != mahalla.MeetingLocked || one.Open() && one.Due.Equal(was) {
		return nil
	}
	items, err := itemsOn(tx, m)
	if err != nil {
		return err
	}
	readers, err := minutesReaders(tx, m, items)
	if err != nil {
		return err
	}
	for _, i := range items {
		if h := m.Hearing(i.ID); i.ID == one.Item && i.State != mahalla.ItemDropped && h.Outcome != "" { // else its sides have read nothing
			for _, p := range i.Parties {
				readers = append(readers, p.Person)
			}
		}
	}
	args := map[string]string{argWas: strconv.FormatInt(was.Unix(), 10)}
	if one.Open() {
		args[argDay] = strconv.FormatInt(one.Due.Unix(), 10)
	}
	var list []mahalla.Notice
	for _, p := range readers {
		told := func(n mahalla.Notice) bool { return n.To == p }
		if !slices.ContainsFunc(but, told) && !slices.ContainsFunc(list, told) {
			list = append(list, mahalla.Notice{Kind: NoticeDecided, To: p, Lane: mahalla.LaneReminder, Args: args})
		}
	}
	return d.about(tx, int64(one.ID), now, list...)
}

// drawDecided says so. A side reads there what it has read of the decision before, and
// nobody's name. What has changed once more is told by a message of its own.
func (d *Desk) drawDecided(tx *storage.Tx, w *words, reader *storage.Contact, about int64, args map[string]string) (mahalla.Screen, error) {
	s := mahalla.Screen{Protect: true}
	one, err := tx.Decision(mahalla.DecisionID(about))
	if err != nil || one == nil {
		return s, orPointless(err)
	}
	day, _ := strconv.ParseInt(args[argDay], 10, 64) // ours; 0: it is carried out
	if one.Open() != (day != 0) || one.Open() && one.Due.Unix() != day {
		return s, ErrPointless
	}
	who, err := d.dutyFor(tx, w, reader, one)
	if err != nil {
		return s, err
	}
	said, err := d.decisionWords(tx, w, reader, one)
	news := w.say("decision.carried", "when", w.when(one.DoneAt))
	if one.Open() {
		was, _ := strconv.ParseInt(args[argWas], 10, 64)
		news = w.say("decision.moved", "due", w.day(one.Due), "was", w.day(time.Unix(was, 0)))
	}
	s.Text = lines(bold(w.say("decision.title", "place", HTML(w.placeShort(one.Commission)))), news, who, quote(said, decidedShown))
	return s, err
}

// dutyFor says who carries out a decision: to a side of its item by what they are to each
// other, to who sat there by name. Whoever is neither any more is told nothing.
func (d *Desk) dutyFor(tx *storage.Tx, w *words, reader *storage.Contact, one *mahalla.Decision) (string, error) {
	m, err := tx.Meeting(one.Meeting)
	if err != nil || m == nil {
		return "", orPointless(err)
	}
	var item *mahalla.Item
	if one.Item != 0 {
		if item, err = tx.Item(one.Item); err != nil {
			return "", err
		}
	}
	if item != nil && item.PartyOf(reader.ID) != nil {
		does, seat := one.DutyOf(reader.ID, item, m)
		who := "held.seat." + string(seat)
		if does != mahalla.DoesSeat {
			who = "sided.does." + string(does)
		}
		return w.say("sided.who", "who", HTML(w.say(who))), nil
	}
	if reads, err := d.readsMinutes(tx, reader, m, w.now); err != nil || !reads {
		return "", orPointless(err)
	}
	name := one.Name
	if one.Person != 0 {
		if name, err = tx.Name(one.Person); err != nil {
			return "", err
		}
	}
	return w.say("decision.of", "name", personName(name)), nil
}

// orPointless is an error, or that there is nothing to say.
func orPointless(err error) error {
	if err == nil {
		return ErrPointless
	}
	return err
}
