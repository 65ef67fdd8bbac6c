package casework

import (
	"slices"
	"strconv"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// FinishSitting ends a sitting: the cases and their sides learn what came of
// them, who is responsible for a decision is told, and items that were not heard
// to the end wait for another meeting.
func (d *Desk) FinishSitting(tx *storage.Tx, who *storage.Contact, id mahalla.MeetingID, now time.Time) error {
	cases, err := d.lockCasesOf(tx, id)
	if err != nil {
		return err
	}
	m, err := d.lockConvened(tx, who, id, now)
	if err != nil {
		return err
	}
	off, err := offItems(tx, m)
	if err != nil {
		return err
	}
	if err := m.Finish(now, off...); err != nil {
		return err
	}
	if err := d.finished(tx, m, cases, who.ID, now); err != nil {
		return err
	}
	return d.ShowHeld(tx, who, m, "", false, now)
}

// finished applies and tells what came of a meeting that has been held. The caller
// holds its cases, by their items, and the meeting.
func (d *Desk) finished(tx *storage.Tx, m *mahalla.Meeting, cases map[mahalla.ItemID]*mahalla.Case, by mahalla.PersonID, now time.Time) error {
	if err := d.hearAgenda(tx, m, cases, by, now); err != nil {
		return err
	}
	if err := tx.SaveMeeting(m); err != nil {
		return err
	}
	s, err := tx.LockSitting(m.ID)
	if err != nil {
		return err
	}
	if s == nil || !s.At.Equal(m.At) || s.Stage == mahalla.SittingOver {
		s = mahalla.OpenSitting(m, d.Calendar())
	}
	s.Write(d.Calendar(), now)
	if err := tx.SaveSitting(s); err != nil {
		return err
	}
	if err := d.tellDecisions(tx, m, now); err != nil {
		return err
	}
	return d.refreshMeeting(tx, m, false, now, participants(m)...)
}

// lockCasesOf holds the cases on the agenda of a meeting, which is not held yet,
// by their items. Whoever locks several cases does so in the order of ids.
func (d *Desk) lockCasesOf(tx *storage.Tx, id mahalla.MeetingID) (map[mahalla.ItemID]*mahalla.Case, error) {
	m, err := tx.Meeting(id)
	if err != nil || m == nil {
		return nil, err
	}
	of := map[mahalla.CaseID]mahalla.ItemID{}
	var ids []mahalla.CaseID
	for _, h := range m.Agenda {
		item, err := tx.Item(h.Item)
		if err != nil {
			return nil, err
		}
		if item != nil {
			of[item.Case] = item.ID
			ids = append(ids, item.Case)
		}
	}
	slices.Sort(ids)
	list := map[mahalla.ItemID]*mahalla.Case{}
	for _, id := range ids {
		c, err := tx.LockCase(id)
		if err != nil {
			return nil, err
		}
		list[of[id]] = c
	}
	return list, nil
}

// hearAgenda applies to the items of a meeting what came of them, nothing where it
// was not held, and lets their cases and sides learn it. The caller holds the cases,
// by their items, and the meeting.
func (d *Desk) hearAgenda(tx *storage.Tx, m *mahalla.Meeting, cases map[mahalla.ItemID]*mahalla.Case, by mahalla.PersonID, now time.Time) error {
	for _, h := range m.Agenda {
		item, err := tx.LockItem(h.Item)
		if err != nil {
			return err
		}
		c := cases[h.Item]
		if item == nil || c == nil || c.ID != item.Case {
			return mahalla.Refuse(mahalla.Conflict, "sitting_item")
		}
		if !item.State.Open() { // it went off the agenda while they sat
			continue
		}
		with := h.Outcome
		if m.Status != mahalla.MeetingHeld {
			with = ""
		}
		item.Heard(with, now)
		if err := tx.SaveItem(item); err != nil {
			return err
		}
		if err := d.hear(tx, m, c, item, with, by, now); err != nil {
			return err
		}
	}
	return nil
}

// hear lets a case and the sides of its item learn what came of it.
func (d *Desk) hear(tx *storage.Tx, m *mahalla.Meeting, c *mahalla.Case, item *mahalla.Item, with mahalla.HearingOutcome, by mahalla.PersonID, now time.Time) error {
	ground, err := d.ground(tx, c.Place, now)
	if err != nil {
		return err
	}
	if err := d.apply(tx, c, c.Hear(item, with, by, ground, now), now); err != nil {
		return err
	}
	for _, p := range item.Parties {
		if with == "" {
			break
		}
		if p.Person == 0 || item.Case != c.ID {
			continue
		}
		n := mahalla.Notice{Kind: NoticeSided, To: p.Person, Lane: mahalla.LaneReminder, Ring: true, Args: map[string]string{"outcome": string(with), argMeeting: strconv.FormatInt(int64(m.ID), 10)}}
		if err := d.about(tx, int64(item.ID), now, n); err != nil {
			return err
		}
	}
	return nil
}

// NotHeld says that a meeting did not take place; its items wait for another.
func (d *Desk) NotHeld(tx *storage.Tx, who *storage.Contact, id mahalla.MeetingID, now time.Time) error {
	cases, err := d.lockCasesOf(tx, id)
	if err != nil {
		return err
	}
	m, err := d.lockConvened(tx, who, id, now)
	if err != nil {
		return err
	}
	decisions, err := tx.DecisionsOf(id)
	if err != nil {
		return err
	}
	if err := m.NotHeld(len(decisions) > 0, now); err != nil {
		return err
	}
	for _, one := range decisions { // too few were there to decide anything
		tx.DropDecision(one.ID)
	}
	if err := d.unheld(tx, m, cases, now); err != nil {
		return err
	}
	if err := d.tellUnheld(tx, m, who.ID, now); err != nil {
		return err
	}
	return d.ShowHeld(tx, who, m, "", false, now)
}

// unheld applies that a meeting was not held. The caller holds its cases, by their
// items, and the meeting.
func (d *Desk) unheld(tx *storage.Tx, m *mahalla.Meeting, cases map[mahalla.ItemID]*mahalla.Case, now time.Time) error {
	if err := d.hearAgenda(tx, m, cases, 0, now); err != nil {
		return err
	}
	if err := tx.SaveMeeting(m); err != nil {
		return err
	}
	s, err := tx.LockSitting(m.ID)
	if err != nil {
		return err
	}
	if s == nil {
		s = mahalla.OpenSitting(m, d.Calendar())
	}
	s.End()
	return tx.SaveSitting(s)
}

// lapsed ends a sitting that nobody has finished in time. The caller holds its cases,
// by their items, and the meeting. Who writes it down is told what became of it; the
// others only when nothing is written, so that nobody who was there reads that it was
// not held.
func (d *Desk) lapsed(tx *storage.Tx, m *mahalla.Meeting, cases map[mahalla.ItemID]*mahalla.Case, clerk mahalla.PersonID, now time.Time) error {
	off, err := offItems(tx, m)
	if err != nil {
		return err
	}
	decisions, err := tx.DecisionsOf(m.ID)
	if err != nil {
		return err
	}
	news := m.Lapse(len(decisions) > 0, now, off...)
	switch news {
	case mahalla.SittingClosed:
		err = d.finished(tx, m, cases, 0, now)
	case mahalla.SittingBroken:
		err = d.unheld(tx, m, cases, now)
	default:
		if err = d.unheld(tx, m, cases, now); err == nil {
			err = d.tellUnheld(tx, m, clerk, now)
		}
	}
	if err != nil {
		return err
	}
	if err := d.about(tx, int64(m.ID), now, mahalla.Notice{Kind: CardHeld, To: clerk, Lane: mahalla.LaneAnswer}); err != nil {
		return err
	}
	return d.sitSay(tx, clerk, m, string(news), now)
}

// drawSided tells a side of an item in neutral words what came of it. It names
// neither the matter nor the other side, but the meeting, and to who reported it the case.
func (d *Desk) drawSided(tx *storage.Tx, w *words, reader *storage.Contact, about int64, args map[string]string) (mahalla.Screen, error) {
	item, err := tx.Item(mahalla.ItemID(about))
	if err != nil {
		return mahalla.Screen{}, err
	}
	if item == nil || !slices.ContainsFunc(item.Parties, func(p mahalla.Party) bool { return p.Person == reader.ID }) {
		return mahalla.Screen{}, ErrPointless
	}
	text := w.say("sided." + args["outcome"])
	id, _ := strconv.ParseInt(args[argMeeting], 10, 64) // ours; 0 is none
	m, err := tx.Meeting(mahalla.MeetingID(id))
	if err != nil {
		return mahalla.Screen{}, err
	}
	if m != nil {
		of, err := w.ofSitting(tx, m, item.ID, reader.ID)
		if err != nil {
			return mahalla.Screen{}, err
		}
		text = lines(text, of)
	}
	if item.State != mahalla.ItemSettled {
		text = lines(text, w.say("sided.again"))
	}
	return mahalla.Screen{Text: text, Protect: true, Silent: d.Calendar().IsQuiet(w.now)}, nil
}

// heardLine says on a card of a case what came of it in a commission.
func (w *words) heardLine(v storage.View) string {
	h := v.Heard
	if h.Outcome == "" || !v.Case.Open() {
		return ""
	}
	if v.Reader.ID == v.Case.Reporter && !h.Side {
		return w.say("held.case_plain", "when", w.when(h.At))
	}
	line := w.say("held.case", "outcome", HTML(w.say("held.outcome."+string(h.Outcome))), "when", w.when(h.At))
	if !h.Settled {
		line += " " + w.say("held.case_again")
	}
	return line
}

// agreedRow lets the owner close with one tap a case of which the sides have come
// to an agreement since the owner has it.
func (w *words) agreedRow(v storage.View) []mahalla.Button {
	c, h := v.Case, v.Heard
	if h.Outcome != mahalla.OutcomeAgreed || c.Owner != v.Reader.ID || h.Known.Before(c.AcceptedAt) || c.Claimed() {
		return nil
	}
	return []mahalla.Button{casePress(c, PressTell, mahalla.ByAgreement, w.say("held.close"), mahalla.Success)}
}

// agreedIndeed refuses to say of a case that its sides came to an agreement in a
// commission where they did not.
func agreedIndeed(tx *storage.Tx, c *mahalla.Case, said Said) error {
	if said.Template != mahalla.TemplateAgreed {
		return nil
	}
	item, err := tx.ItemOfCase(c.ID)
	if err == nil && (item == nil || item.Cause != string(mahalla.OutcomeAgreed)) {
		err = mahalla.Refuse(mahalla.Conflict, "not_agreed", "number", c.Number.String())
	}
	return err
}
