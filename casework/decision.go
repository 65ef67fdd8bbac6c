package casework

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// Cards of decisions. That of one is about the decision.
const (
	CardDecision  mahalla.NoticeKind = "card.decision"  // for who is responsible, and who convenes
	CardDecisions mahalla.NoticeKind = "card.decisions" // the list
)

// Verbs of the buttons of decisions. Their subject is the decision, but for those
// with which one is made: there it is the meeting.
const (
	PressDecide = "mdecide" // begins a decision; round: the place of the item, or 0
	PressWho    = "mduty"   // arg: who is responsible
	PressDay    = "mdue"    // arg: in how many days
	PressUnmake = "munmake" // takes the decision back before the minutes are confirmed
	PressDone   = "mdone"
	PressLater  = "mlater" // asks for another day
	PressGrant  = "mgrant" // arg: yes, no
	PressOpenOf = "mdecis" // the card of a decision, from a list
)

// Questions of decisions.
const (
	FlowDecision = "mdecide" // what is decided, by whom, by when
	FlowLater    = "mlater"  // another day
)

// usualDays are the days from which the day of a decision is chosen, counted from
// that of the meeting.
var usualDays = []int{7, 14, 30}

// mostDecided bounds the words of a decision, in UTF-16 units.
const (
	mostDecided  = 1000
	mostNamedFor = 80 // of the name of who is responsible
)

// DecisionText is a decision in the making.
type DecisionText struct {
	Item   int // its place on the agenda, counted from one; 0: none
	Words  string
	Person mahalla.PersonID
	Name   string
	Due    time.Time
}

// Decide makes a decision of a meeting.
func (d *Desk) Decide(tx *storage.Tx, who *storage.Contact, id mahalla.MeetingID, text DecisionText, now time.Time) error {
	m, err := d.lockConvened(tx, who, id, now)
	if err != nil {
		return err
	}
	one, err := d.decision(tx, who, m, text, now)
	if err != nil {
		return err
	}
	if m.Status == mahalla.MeetingCalled {
		m.Write()
		if err := tx.SaveMeeting(m); err != nil {
			return err
		}
	}
	if err := tx.AddDecision(one); err != nil {
		return err
	}
	if err := d.opened(tx, m, now); err != nil {
		return err
	}
	if m.Status == mahalla.MeetingHeld {
		if err := d.tellDecision(tx, m, one, now); err != nil {
			return err
		}
	}
	return d.ShowHeld(tx, who, m, itemShown(text.Item), false, now)
}

// decision checks what is decided.
func (d *Desk) decision(tx *storage.Tx, who *storage.Contact, m *mahalla.Meeting, text DecisionText, now time.Time) (*mahalla.Decision, error) {
	if err := m.MayDescribe(now); err != nil {
		return nil, err
	}
	others, err := tx.DecisionsOf(m.ID)
	if err != nil {
		return nil, err
	}
	if len(others) >= mahalla.MostDecisions {
		return nil, mahalla.Refuse(mahalla.TooMany, "decision_many")
	}
	serial, err := tx.NewID()
	if err != nil {
		return nil, err
	}
	one := &mahalla.Decision{ID: mahalla.DecisionID(serial), Commission: m.Commission, Meeting: m.ID, Words: locales.Cut(text.Words, mostDecided),
		Person: text.Person, Due: text.Due, MadeBy: who.ID, MadeAt: now}
	if text.Person == 0 {
		one.Name = locales.Cut(oneLine(text.Name), mostNamedFor)
	} else if p := m.Participant(text.Person); p == nil {
		return nil, mahalla.Refuse(mahalla.Invalid, "decision_nobody")
	}
	if text.Item != 0 {
		h := ItemOn(m, text.Item)
		if h == nil {
			return nil, mahalla.Refuse(mahalla.Conflict, "sitting_item")
		}
		if err := stillHeard(tx, m, h); err != nil {
			return nil, err
		}
		one.Item = h.Item
	}
	if m.Mediation && !m.Attended(one.Item).Met() {
		return nil, mahalla.Refuse(mahalla.Invalid, "outcome_mediator")
	}
	if !m.Attended(one.Item).Met() {
		return nil, mahalla.Refuse(mahalla.Invalid, "outcome_quorum", "present", strconv.Itoa(m.Attended(one.Item).Come), "quorum", strconv.Itoa(m.Quorum))
	}
	return one, one.Check(now)
}

// Undecide takes a decision back before the minutes are confirmed.
func (d *Desk) Undecide(tx *storage.Tx, who *storage.Contact, id mahalla.DecisionID, now time.Time) error {
	one, err := tx.Decision(id)
	if err != nil {
		return err
	}
	if one == nil {
		return mahalla.Refuse(mahalla.Conflict, "decision_not_found")
	}
	m, err := d.lockConvened(tx, who, one.Meeting, now)
	if err != nil {
		return err
	}
	if err := m.MayDescribe(now); err != nil {
		return err
	}
	d.forgetFollowUps(tx, one, "unmade")
	tx.DropDecision(id)
	if err := d.regive(tx, int64(id), false, now); err != nil {
		return err
	}
	if err := d.about(tx, int64(id), now, mahalla.Notice{Kind: CardDecision, To: one.Person, Lane: mahalla.LaneAnswer}); err != nil {
		return err
	}
	return d.ShowHeld(tx, who, m, "list_0", false, now)
}

// tellDecisions tells everybody of the decisions of a meeting that is over for
// which they are responsible.
func (d *Desk) tellDecisions(tx *storage.Tx, m *mahalla.Meeting, now time.Time) error {
	list, err := tx.DecisionsOf(m.ID)
	if err != nil {
		return err
	}
	for _, one := range list {
		if err := d.tellDecision(tx, m, one, now); err != nil {
			return err
		}
	}
	return nil
}

func (d *Desk) tellDecision(tx *storage.Tx, m *mahalla.Meeting, one *mahalla.Decision, now time.Time) error {
	if err := d.planFollowUps(tx, m, one, now); err != nil {
		return err
	}
	return d.about(tx, int64(one.ID), now, mahalla.Notice{Kind: CardDecision, To: one.Person, Lane: mahalla.LaneReminder, Ring: true})
}

// onDecision changes a decision that the person may see, and shows it to both
// sides of it.
func (d *Desk) onDecision(tx *storage.Tx, who *storage.Contact, id mahalla.DecisionID, now time.Time, rule func(*mahalla.Decision, *mahalla.Meeting) error) error {
	one, err := tx.LockDecision(id)
	if err != nil {
		return err
	}
	if one == nil {
		return mahalla.Refuse(mahalla.NotFound, "decision_not_found")
	}
	m, err := tx.Meeting(one.Meeting)
	if err != nil {
		return err
	}
	was := one.Due
	if err := rule(one, m); err != nil {
		return err
	}
	tx.SaveDecision(one)
	switch {
	case !one.Open():
		d.forgetFollowUps(tx, one, "done")
	case !one.Due.Equal(was):
		d.forgetFollowUps(tx, one, "moved")
		if err := d.planFollowUps(tx, m, one, now); err != nil {
			return err
		}
	}
	if err := d.regive(tx, int64(one.ID), false, now); err != nil {
		return err
	}
	clerk, err := d.clerk(tx, m, now)
	if err != nil {
		return err
	}
	n := mahalla.Notice{Kind: CardDecision, Lane: mahalla.LaneAnswer}
	var notices []mahalla.Notice
	for _, to := range []mahalla.PersonID{who.ID, one.Person, clerk} {
		n.To, n.Ring = to, to != who.ID
		if !slices.ContainsFunc(notices, func(o mahalla.Notice) bool { return o.To == to }) {
			notices = append(notices, n)
		}
	}
	if err := d.about(tx, int64(one.ID), now, notices...); err != nil {
		return err
	}
	return d.tellChanged(tx, m, one, was, notices, now)
}

// DecisionDone says that a decision is carried out.
func (d *Desk) DecisionDone(tx *storage.Tx, who *storage.Contact, id mahalla.DecisionID, now time.Time) error {
	return d.onDecision(tx, who, id, now, func(one *mahalla.Decision, _ *mahalla.Meeting) error { return one.Finish(who.Person, now) })
}

// DecisionDay asks for another day, or sets it. It tells whether it is set.
func (d *Desk) DecisionDay(tx *storage.Tx, who *storage.Contact, id mahalla.DecisionID, day, now time.Time) (set bool, err error) {
	err = d.onDecision(tx, who, id, now, func(one *mahalla.Decision, _ *mahalla.Meeting) (err error) {
		set, err = one.AskDay(who.Person, day, now)
		return err
	})
	return set, err
}

// GrantDay answers who has asked for another day.
func (d *Desk) GrantDay(tx *storage.Tx, who *storage.Contact, id mahalla.DecisionID, yes bool, now time.Time) error {
	return d.onDecision(tx, who, id, now, func(one *mahalla.Decision, _ *mahalla.Meeting) error { return one.Grant(who.Person, yes, now) })
}

// MayAskDay tells whether a person may ask for another day for a decision.
func (d *Desk) MayAskDay(tx *storage.Tx, who *storage.Contact, id mahalla.DecisionID, now time.Time) error {
	one, err := tx.Decision(id)
	if err != nil {
		return err
	}
	if one == nil {
		return mahalla.Refuse(mahalla.NotFound, "decision_not_found")
	}
	return one.MayFinish(who.Person, now)
}

// DecisionOn is the n-th open decision of a person's list, counted from one.
func (d *Desk) DecisionOn(tx *storage.Tx, who *storage.Contact, n int, now time.Time) (mahalla.DecisionID, error) {
	list, _, err := tx.OpenDecisions(who.ID, Convenes(who, now), max(0, n-1), 1)
	if err != nil {
		return 0, err
	}
	if n < 1 || len(list) == 0 {
		return 0, mahalla.Refuse(mahalla.NotFound, "decision_not_found")
	}
	return list[0].ID, nil
}

// ParseDay understands one day: a date, or the words for today and tomorrow.
func (d *Desk) ParseDay(typed string, now time.Time) (time.Time, error) {
	at, _, err := d.parseMoment(typed, now)
	if err != nil {
		return at, mahalla.Refuse(mahalla.Invalid, "decision_day")
	}
	return midnight(at), nil
}

// DayAfter is a usual day of a decision, so many days after today.
func DayAfter(days int, now time.Time) time.Time {
	now = now.In(locales.Tashkent())
	return time.Date(now.Year(), now.Month(), now.Day()+days, 0, 0, 0, 0, now.Location())
}

// Responsible finds who is meant among those who are asked to a meeting: by the
// number in the list of the card, or by the beginning of a name. 0 when it is
// nobody of them.
func (d *Desk) Responsible(tx *storage.Tx, m *mahalla.Meeting, typed string) (mahalla.PersonID, error) {
	if n, err := strconv.Atoi(strings.TrimSpace(typed)); err == nil {
		if n >= 1 && n <= len(m.Participants) {
			return m.Participants[n-1].Person, nil
		}
		return 0, mahalla.Refuse(mahalla.Invalid, "decision_nobody")
	}
	names, err := tx.NamesOf(peopleOf(m))
	if err != nil {
		return 0, err
	}
	key, found := locales.Fold(typed), mahalla.PersonID(0)
	for _, p := range m.Participants {
		if key == "" || !hasWords(locales.Fold(names[p.Person]), key) {
			continue
		}
		if found != 0 {
			return 0, nil // two of the name: it stays in words
		}
		found = p.Person
	}
	return found, nil
}

func peopleOf(m *mahalla.Meeting) []mahalla.PersonID {
	list := make([]mahalla.PersonID, len(m.Participants))
	for i, p := range m.Participants {
		list[i] = p.Person
	}
	return list
}

// LeftOver is what earlier meetings of a commission have left for the next one.
type LeftOver struct {
	Items     []*mahalla.Item     // heard once, and to be heard again
	Decisions []*mahalla.Decision // whose day is over
}

// mostLeftOver bounds what is left over, of each kind.
const mostLeftOver = 20

// leftOver finds what belongs on the next agenda of a commission besides what is
// new.
func (d *Desk) leftOver(tx *storage.Tx, commission mahalla.TerritoryID, now time.Time) (LeftOver, error) {
	items, err := tx.Items(commission, []mahalla.ItemState{mahalla.ItemReady}, 100)
	if err != nil {
		return LeftOver{}, err
	}
	items = slices.DeleteFunc(items, func(i *mahalla.Item) bool { return i.Sittings == 0 })
	decisions, err := tx.UnfulfilledDecisions(commission, DayAfter(0, now), mostLeftOver)
	return LeftOver{Items: items[:min(len(items), mostLeftOver)], Decisions: decisions}, err
}

// DecisionMade is a decision in the making as the answers to its questions stand, but
// for its item.
func DecisionMade(data map[string]string) DecisionText {
	p, _ := strconv.ParseInt(data["person"], 10, 64) // 0 is nobody
	return DecisionText{Words: data["words"], Person: mahalla.PersonID(p), Name: data["name"]}
}

// ShowDecision shows a decision afresh to somebody who may see it.
func (d *Desk) ShowDecision(tx *storage.Tx, who *storage.Contact, id mahalla.DecisionID, now time.Time) error {
	one, err := tx.Decision(id)
	if err != nil {
		return err
	}
	if one == nil || one.Person != who.ID && !who.Over([]mahalla.TerritoryID{one.Commission}, mahalla.MayConvene, now) {
		return mahalla.Refuse(mahalla.NotFound, "decision_not_found")
	}
	return d.Show(tx, who, mahalla.Notice{Kind: CardDecision, Lane: mahalla.LaneAnswer, Ring: true}, mahalla.CaseID(id), now)
}

// leftOver says on a meeting in the making what earlier ones have left for it.
func (w *words) leftOver(left LeftOver) string {
	var list []string
	if n := len(left.Items); n > 0 {
		list = append(list, w.count("left.items", n))
	}
	if n := len(left.Decisions); n > 0 {
		list = append(list, w.count("left.decisions", n))
	}
	return lines(list...)
}
