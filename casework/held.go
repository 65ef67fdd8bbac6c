package casework

import (
	"slices"
	"strings"
	"time"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// Cards of a sitting, and what the sides of an item are told of it.
const (
	CardHeld    mahalla.NoticeKind = "card.held"   // for whoever writes down what happens
	NoticeSided mahalla.NoticeKind = "sided"       // to a side of an item: what came of it
	NoticeSit   mahalla.NoticeKind = "sitting.say" // to whoever convenes: news of a meeting; arg: what
	NoticeAsks  mahalla.NoticeKind = "sitting.ask" // a text by its key, as say; an answer is about the meeting or decision
)

// Verbs of the buttons on the card of a sitting. Their subject is the meeting,
// their round the place of an item on the agenda, or 0.
const (
	PressHeld     = "mheld"   // arg: what the card shows, see argShow
	PressCame     = "mcame"   // arg: a person, or all
	PressSide     = "mside"   // arg: 1, 2
	PressEnd      = "mend"    // arg: an outcome
	PressItemNote = "mnote"   // asks for the words
	PressFinish   = "mfinish" // arg: ask, yes
	PressNotHeld  = "mnot"    // arg: ask, yes
)

// FlowItemNote hears what is noted about an item.
const FlowItemNote = "mnote"

// argShow is what the card of a sitting shows: who_PAGE, item_N, finish, nothing.
const argShow = "show"

// CameAll marks everybody as present.
const CameAll = "all"

// lockConvened reads a meeting of a commission that the person convenes; it holds
// the meeting.
func (d *Desk) lockConvened(tx *storage.Tx, who *storage.Contact, id mahalla.MeetingID, now time.Time) (*mahalla.Meeting, error) {
	m, err := tx.LockMeeting(id)
	if err == nil && (m == nil || !who.Over([]mahalla.TerritoryID{m.Commission}, mahalla.MayConvene, now)) {
		err = mahalla.Refuse(mahalla.NotFound, "sitting_none")
	}
	return m, err
}

// mostSittings bounds how many meetings one who convenes has to choose from.
const mostSittings = 9

// SittingNow finds the meeting that a person who convenes is writing down: the
// n-th of those under way, the latest first, and after them those whose minutes are
// confirmed.
func (d *Desk) SittingNow(tx *storage.Tx, who *storage.Contact, n int, now time.Time) (*mahalla.Meeting, error) {
	places := Convenes(who, now)
	if len(places) == 0 {
		return nil, mahalla.Refuse(mahalla.Forbidden, "not_secretary")
	}
	list, err := tx.SittingsOf(places, now, mostSittings)
	if err != nil {
		return nil, err
	}
	if n > len(list) {
		locked, err := tx.LockedOf(places, mostSittings)
		if err != nil {
			return nil, err
		}
		list = append(list, locked...)
	}
	if n < 1 || n > len(list) {
		return nil, mahalla.Refuse(mahalla.NotFound, "sitting_none")
	}
	return list[n-1], nil
}

// change changes what is written down of a meeting while it may be, and brings
// the cards up to date: that of the person shows what it showed.
func (d *Desk) change(tx *storage.Tx, who *storage.Contact, id mahalla.MeetingID, show string, now time.Time, rule func(*mahalla.Meeting) error) error {
	m, err := d.lockConvened(tx, who, id, now)
	if err != nil {
		return err
	}
	if err := rule(m); err != nil {
		return err
	}
	if err := tx.SaveMeeting(m); err != nil {
		return err
	}
	if err := d.opened(tx, m, now); err != nil {
		return err
	}
	return d.ShowHeld(tx, who, m, show, false, now)
}

// opened makes sure that something is written down of the meeting. It looks at the
// decisions that are overdue now, and not only at those that were when it was called.
func (d *Desk) opened(tx *storage.Tx, m *mahalla.Meeting, now time.Time) error {
	s, err := tx.LockSitting(m.ID)
	if err != nil || s != nil && s.At.Equal(m.At) {
		return err
	}
	if err := d.review(tx, m, now); err != nil {
		return err
	}
	return tx.SaveSitting(mahalla.OpenSitting(m, d.Calendar()))
}

// ShowHeld shows somebody the card of a sitting, afresh or in place.
func (d *Desk) ShowHeld(tx *storage.Tx, who *storage.Contact, m *mahalla.Meeting, show string, afresh bool, now time.Time) error {
	n := mahalla.Notice{Kind: CardHeld, Lane: mahalla.LaneAnswer, Ring: afresh}
	if show != "" {
		n.Args = map[string]string{argShow: show}
	}
	return d.Show(tx, who, n, mahalla.CaseID(m.ID), now)
}

// Came marks somebody as present, or as absent who was; with all everybody is.
func (d *Desk) Came(tx *storage.Tx, who *storage.Contact, id mahalla.MeetingID, p mahalla.PersonID, page string, now time.Time) error {
	return d.change(tx, who, id, "who_"+page, now, func(m *mahalla.Meeting) error {
		if p != 0 {
			x := m.Participant(p)
			return m.Mark(p, x == nil || !x.There(), now)
		}
		for _, x := range m.Sitters() {
			if err := m.Mark(x.Person, true, now); err != nil {
				return err
			}
		}
		return m.MayHold(now)
	})
}

// CameNumbers marks people of the list by their numbers, counted from one. The first
// list of those who came is all of them.
func (d *Desk) CameNumbers(tx *storage.Tx, who *storage.Contact, id mahalla.MeetingID, numbers []int, came bool, now time.Time) error {
	return d.change(tx, who, id, "who_0", now, func(m *mahalla.Meeting) error {
		sitters := m.Sitters()
		people := make([]mahalla.PersonID, len(numbers))
		for i, n := range numbers {
			if n < 1 || n > len(sitters) {
				return mahalla.Refuse(mahalla.Invalid, "sitting_number")
			}
			people[i] = sitters[n-1].Person
		}
		if came {
			return m.MarkOnly(people, now)
		}
		for _, p := range people {
			if err := m.Mark(p, false, now); err != nil {
				return err
			}
		}
		return m.MayHold(now)
	})
}

// ItemOn is the item at a place of the agenda, counted from one; nil when there
// is none.
func ItemOn(m *mahalla.Meeting, n int) *mahalla.Hearing {
	if n < 1 || n > len(m.Agenda) {
		return nil
	}
	return &m.Agenda[n-1]
}

// AskedOf is what a question about the n-th item of an agenda keeps of it; n is 0 for
// none. That is the item and not its place: another one may leave the agenda before
// the answer.
func AskedOf(m *mahalla.Meeting, n int) (map[string]string, error) {
	if n == 0 {
		return map[string]string{}, nil
	}
	h := ItemOn(m, n)
	if h == nil {
		return nil, mahalla.Refuse(mahalla.Conflict, "sitting_item")
	}
	return map[string]string{argAskedOf: personArg(mahalla.PersonID(h.Item))}, nil
}

// PlaceAsked is the place that the item of such a question has now, counted from one;
// 0 where it is about none. It refuses when the item has left the agenda.
func PlaceAsked(m *mahalla.Meeting, data map[string]string) (int, error) {
	if data[argAskedOf] == "" {
		return 0, nil
	}
	id, err := readID(data[argAskedOf])
	n := slices.IndexFunc(m.Agenda, func(h mahalla.Hearing) bool { return h.Item == mahalla.ItemID(id) })
	if err != nil || n < 0 {
		return 0, mahalla.Refuse(mahalla.Conflict, "sitting_item")
	}
	return n + 1, nil
}

// argAskedOf is where a question keeps its item.
const argAskedOf = "item"

// onItem changes what is written down of an item.
func (d *Desk) onItem(tx *storage.Tx, who *storage.Contact, id mahalla.MeetingID, n int, now time.Time, rule func(*mahalla.Meeting, *mahalla.Hearing) error) error {
	return d.change(tx, who, id, itemShown(n), now, func(m *mahalla.Meeting) error {
		h := ItemOn(m, n)
		if h == nil {
			return mahalla.Refuse(mahalla.Conflict, "sitting_item")
		}
		if err := stillHeard(tx, m, h); err != nil {
			return err
		}
		return rule(m, h)
	})
}

// Side marks a side of an item as present, or as absent that was.
func (d *Desk) Side(tx *storage.Tx, who *storage.Contact, id mahalla.MeetingID, n, side int, now time.Time) error {
	return d.onItem(tx, who, id, n, now, func(m *mahalla.Meeting, h *mahalla.Hearing) error {
		return m.MarkSide(h.Item, side, !slices.Contains(h.Came, side), now)
	})
}

// Sides marks exactly these sides of an item as present.
func (d *Desk) Sides(tx *storage.Tx, who *storage.Contact, id mahalla.MeetingID, n int, came []int, now time.Time) error {
	return d.onItem(tx, who, id, n, now, func(m *mahalla.Meeting, h *mahalla.Hearing) error {
		for side := 1; side <= 2; side++ {
			if err := m.MarkSide(h.Item, side, slices.Contains(came, side), now); err != nil {
				return err
			}
		}
		return nil
	})
}

// EndItem writes down what came of an item.
func (d *Desk) EndItem(tx *storage.Tx, who *storage.Contact, id mahalla.MeetingID, n int, with mahalla.HearingOutcome, now time.Time) error {
	return d.onItem(tx, who, id, n, now, func(m *mahalla.Meeting, h *mahalla.Hearing) error {
		return m.EndItem(h.Item, with, now)
	})
}

// mostNote bounds a note about an item, in UTF-16 units.
const mostNote = 2000

// ItemNote keeps words about an item for the minutes.
func (d *Desk) ItemNote(tx *storage.Tx, who *storage.Contact, id mahalla.MeetingID, n int, words string, now time.Time) error {
	return d.onItem(tx, who, id, n, now, func(m *mahalla.Meeting, h *mahalla.Hearing) error {
		if strings.TrimSpace(words) == "" {
			return mahalla.Refuse(mahalla.Invalid, "odd")
		}
		h.Note = locales.Cut(words, mostNote)
		return m.MayDescribe(now)
	})
}

// OutcomeNamed finds an outcome by the beginning of its name in any language.
func (d *Desk) OutcomeNamed(typed string) (mahalla.HearingOutcome, bool) {
	key := locales.Fold(typed)
	for _, with := range mahalla.HearingOutcomes() {
		for _, lang := range mahalla.Languages() {
			name, err := d.catalogue.Text(lang, "held.outcome."+string(with), nil)
			if err == nil && key != "" && hasWords(locales.Fold(name), key) {
				return with, true
			}
		}
	}
	return "", false
}

// Everybody tells whether a word means all of them, in any language.
func (d *Desk) Everybody(typed string) bool { return d.isWord("word.everybody", typed) }

// clerk is who writes down what happens at a meeting: its secretary, or else who
// has called it, or the chair. 0 when nobody convenes the commission any more.
func (d *Desk) clerk(tx *storage.Tx, m *mahalla.Meeting, now time.Time) (mahalla.PersonID, error) {
	office, err := d.office(tx, m.Commission, now)
	if err != nil {
		return 0, err
	}
	rank := func(r mahalla.Responsibility) int {
		p := m.Participant(r.Person)
		switch {
		case r.Reach != mahalla.Reachable:
			return 0
		case r.Role == mahalla.CommissionSecretary && p != nil:
			return 4
		case r.Person == m.MadeBy:
			return 3
		case r.Role == mahalla.CommissionSecretary:
			return 2
		}
		return 1
	}
	best, found := 0, mahalla.PersonID(0)
	for _, r := range office {
		if n := rank(r); n > best {
			best, found = n, r.Person
		}
	}
	return found, nil
}

// office lists who convenes a commission.
func (d *Desk) office(tx *storage.Tx, commission mahalla.TerritoryID, now time.Time) (mahalla.Responsibilities, error) {
	people, err := tx.Responsibilities([]mahalla.TerritoryID{commission}, now)
	return slices.DeleteFunc(people, func(r mahalla.Responsibility) bool { return !r.Role.Has(mahalla.MayConvene) }), err
}

// sitSay tells somebody news of a meeting.
func (d *Desk) sitSay(tx *storage.Tx, to mahalla.PersonID, m *mahalla.Meeting, what string, now time.Time) error {
	return d.about(tx, int64(m.ID), now, mahalla.Notice{Kind: NoticeSit, To: to, Lane: mahalla.LaneReminder, Ring: !d.Calendar().IsQuiet(now),
		Args: map[string]string{"what": what}})
}

// about sends notices about a meeting, an item or a decision.
func (d *Desk) about(tx *storage.Tx, id int64, now time.Time, notices ...mahalla.Notice) error {
	return d.send(tx, &mahalla.Case{ID: mahalla.CaseID(id)}, slices.DeleteFunc(notices, func(n mahalla.Notice) bool { return n.To == 0 }), now)
}

// WakeSitting opens the sitting of a meeting that has begun, or reminds whoever
// is silent about what came of it.
func (d *Desk) WakeSitting(tx *storage.Tx, id mahalla.MeetingID, now time.Time) error {
	cases, err := d.lockCasesOf(tx, id)
	if err != nil {
		return err
	}
	m, err := tx.LockMeeting(id)
	if err != nil || m == nil {
		return err
	}
	s, err := tx.LockSitting(id)
	if err != nil {
		return err
	}
	if m.Status == mahalla.MeetingCalled && (s == nil || !s.At.Equal(m.At)) {
		return d.beginSitting(tx, m, s, now)
	}
	if s == nil {
		return nil
	}
	news := s.Tick(m, d.Calendar(), now)
	if m.Status == mahalla.MeetingCancelled || m.Status == mahalla.MeetingLocked {
		s.End()
	}
	if err := tx.SaveSitting(s); err != nil {
		return err
	}
	return d.sittingNews(tx, m, s, cases, news, now)
}

// beginSitting brings the card to who writes down what happens. What waits of a sitting
// that was moved waits for the new time.
func (d *Desk) beginSitting(tx *storage.Tx, m *mahalla.Meeting, was *mahalla.Sitting, now time.Time) error {
	if now.Before(m.At) {
		if was == nil {
			return nil
		}
		was.WakeAt = m.At
		return tx.SaveSitting(was)
	}
	s := mahalla.OpenSitting(m, d.Calendar())
	to, err := d.clerk(tx, m, now)
	if err != nil {
		return err
	}
	if err := d.review(tx, m, now); err != nil {
		return err
	}
	if err := tx.SaveSitting(s); err != nil {
		return err
	}
	return d.about(tx, int64(m.ID), now, mahalla.Notice{Kind: CardHeld, To: to, Lane: mahalla.LaneReminder, Ring: true})
}

// sittingNews tells what has fallen due.
func (d *Desk) sittingNews(tx *storage.Tx, m *mahalla.Meeting, s *mahalla.Sitting, cases map[mahalla.ItemID]*mahalla.Case, news mahalla.SittingNews, now time.Time) error {
	to, err := d.clerk(tx, m, now)
	if err != nil {
		return err
	}
	switch news {
	case mahalla.SittingUnwritten:
		return d.sitSay(tx, to, m, string(news), now)
	case mahalla.SittingUnsigned:
		return d.sitSay(tx, s.SentTo, m, string(news), now)
	case mahalla.SittingAlone:
		if err := d.about(tx, int64(m.ID), now, mahalla.Notice{Kind: CardHeld, To: to, Lane: mahalla.LaneAnswer}); err != nil {
			return err
		}
		return d.sitSay(tx, to, m, string(news), now)
	case mahalla.SittingLapsed:
		return d.lapsed(tx, m, cases, to, now)
	}
	return nil
}
