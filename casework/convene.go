package casework

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"koprik/locales"
	"koprik/mahalla"
	"koprik/storage"
)

// Verbs of a meeting in the making. Their subject is the meeting.
const (
	PressMeetNew    = "mnew"   // subject: the commission
	PressMeetDay    = "mday"   // arg: a day as 20061224
	PressMeetClock  = "mclock" // arg: a time as 1500
	PressMeetPlace  = "mplace" // the usual place
	PressMeetItem   = "mitem"  // arg: an item, onto the agenda or off it
	PressMeetMember = "mwho"   // arg: a person, asked or not
	PressMeetStep   = "mstep"  // arg: what is asked now, or the page of its list as p2
	PressMeetCall   = "mcall"  // sends the invitations
	PressMeetDrop   = "mdrop"  // throws the draft away
)

// mostReady is how many items of an agenda are offered.
const mostReady = 60

// Convene shows a person the meeting that is being put together, or begins one of
// a commission; zero is the only one. What was left asked is asked again. It is
// false when the person must say which commission.
func (d *Desk) Convene(tx *storage.Tx, who *storage.Contact, commission mahalla.TerritoryID, now time.Time) (*mahalla.Meeting, bool, error) {
	own := Convenes(who, now)
	if len(own) == 0 {
		return nil, false, mahalla.Refuse(mahalla.Forbidden, "not_secretary")
	}
	if commission != 0 && !slices.Contains(own, commission) {
		return nil, false, mahalla.Refuse(mahalla.Forbidden, "not_secretary")
	}
	tx.LockContact(who.ID) // of two at once one begins
	m, err := tx.DraftedBy(who.ID, commission)
	if err != nil {
		return nil, false, err
	}
	if m != nil && slices.Contains(own, m.Commission) && (commission == 0 || commission == m.Commission) {
		return m, true, nil
	}
	if commission == 0 && len(own) > 1 {
		return nil, false, nil
	}
	if commission == 0 {
		commission = own[0]
	}
	m, err = d.newMeeting(tx, who, commission, now)
	return m, true, err
}

// newMeeting begins a draft: everybody who sits is asked, and what has waited
// longest is on the agenda.
func (d *Desk) newMeeting(tx *storage.Tx, who *storage.Contact, commission mahalla.TerritoryID, now time.Time) (*mahalla.Meeting, error) {
	id, err := tx.NewID()
	if err != nil {
		return nil, err
	}
	seats, err := tx.Seats(commission, now)
	if err != nil {
		return nil, err
	}
	m := mahalla.NewMeeting(mahalla.MeetingID(id), commission, who.ID, d.custom(commission), seats, now)
	lines, err := tx.ReadyLines(commission, mostReady)
	if err != nil {
		return nil, err
	}
	m.Agenda = firstAgenda(lines)
	if err := d.convoke(tx, m, seats); err != nil {
		return nil, err
	}
	m.Touch(now)
	return m, tx.SaveMeeting(m)
}

// EditMeeting changes a draft and shows it: where it stands, or at the end of the
// chat.
func (d *Desk) EditMeeting(tx *storage.Tx, who *storage.Contact, id mahalla.MeetingID, afresh bool, args map[string]string, now time.Time, change func(*mahalla.Meeting) error) error {
	m, err := managed(tx, who, id, now)
	if err != nil {
		return err
	}
	if err := m.Editing(); err != nil {
		return err
	}
	seats, err := tx.Seats(m.Commission, now)
	if err != nil {
		return err
	}
	if err := dropGone(tx, m); err != nil {
		return err
	}
	if err := d.convoke(tx, m, seats); err != nil {
		return err
	}
	if err := change(m); err != nil {
		return err
	}
	if err := d.convoke(tx, m, seats); err != nil {
		return err
	}
	m.Touch(now)
	if err := tx.SaveMeeting(m); err != nil {
		return err
	}
	return d.ShowDraft(tx, who, m, afresh, args, now)
}

// dropGone takes off the agenda of a draft what is not ready any more.
func dropGone(tx *storage.Tx, m *mahalla.Meeting) error {
	lines, err := tx.AgendaLines(agendaOf(m))
	if err != nil {
		return err
	}
	m.Agenda = slices.DeleteFunc(m.Agenda, func(h mahalla.Hearing) bool {
		return !slices.ContainsFunc(lines, func(l storage.ItemLine) bool { return l.Item == h.Item && l.State == mahalla.ItemReady })
	})
	return nil
}

// ShowDraft shows a meeting in the making, and asks what it asks.
func (d *Desk) ShowDraft(tx *storage.Tx, who *storage.Contact, m *mahalla.Meeting, afresh bool, args map[string]string, now time.Time) error {
	about := aboutMeeting(m.ID)
	if q := who.Dialogue.Question; q == nil || q.Flow != FlowConvene || q.Case != about || q.Data["step"] != string(m.Step) {
		who.Dialogue.Ask(mahalla.Question{Flow: FlowConvene, Case: about, Data: map[string]string{"step": string(m.Step)}, Until: now.Add(mahalla.QuestionLife)})
	}
	return d.Show(tx, who, mahalla.Notice{Kind: CardConvene, Lane: mahalla.LaneAnswer, Ring: afresh, Args: args}, about, now)
}

// SetMeetingDay gives a draft its day.
func (d *Desk) SetMeetingDay(m *mahalla.Meeting, day, now time.Time) error {
	cal := d.Calendar()
	if day.AddDate(0, 0, 1).Before(now) {
		return mahalla.Refuse(mahalla.Invalid, "meeting_past")
	}
	if day.Sub(now) > mahalla.MostAhead {
		return mahalla.Refuse(mahalla.Invalid, "meeting_far")
	}
	m.SetDay(day, cal)
	m.Step = mahalla.StepClock
	return nil
}

// SetMeetingTime gives a draft its day and time, and asks the next thing.
func (d *Desk) SetMeetingTime(m *mahalla.Meeting, at, now time.Time) error {
	if _, err := mahalla.WeighTime(at, m.Minutes, d.Calendar(), now); err != nil {
		return err
	}
	m.At, m.Step = at, mahalla.StepReady
	if m.Place == "" && m.Pin == "" {
		m.Step = mahalla.StepPlace
	}
	return nil
}

// SetMeetingPlace gives a draft its place, in words or on the map, and asks the
// next thing. Words come to people whom the commission invites, and may ask for
// nothing that nobody may ask for. What has no letter is no place: it is a number or a
// time that was meant for something else.
func (d *Desk) SetMeetingPlace(m *mahalla.Meeting, words string, pin *mahalla.Media) error {
	first := m.Place == "" && m.Pin == ""
	words = oneLine(words)
	switch {
	case d.frauds.Asks(words):
		return mahalla.Refuse(mahalla.Invalid, "meeting_words")
	case words == "" && pin == nil:
		return mahalla.Refuse(mahalla.Invalid, "meeting_place")
	case words != "" && !strings.ContainsFunc(words, unicode.IsLetter):
		return mahalla.Refuse(mahalla.Invalid, "meeting_place_number")
	case words != "":
		if pin == nil && m.Place != "" {
			m.Pin = "" // it was of another place
		}
		m.Place = locales.Cut(words, mahalla.MostPlace)
	}
	if pin != nil {
		m.Pin = pin.File
	}
	switch {
	case m.At.IsZero():
		m.Step = mahalla.StepDay
	case m.Step == mahalla.StepPlace && !first:
		m.Step = mahalla.StepReady
	default:
		m.Step = mahalla.StepAgenda
	}
	return nil
}

// DropMeeting throws a draft away.
func (d *Desk) DropMeeting(tx *storage.Tx, who *storage.Contact, id mahalla.MeetingID, now time.Time) error {
	m, err := managed(tx, who, id, now)
	if err != nil {
		return err
	}
	if err := m.Drop(now); err != nil {
		return err
	}
	if q := who.Dialogue.Question; q != nil && q.Flow == FlowConvene && q.Case == aboutMeeting(id) {
		who.Dialogue.Question = nil
	}
	if err := tx.SaveMeeting(m); err != nil {
		return err
	}
	return d.Show(tx, who, mahalla.Notice{Kind: CardConvene, Lane: mahalla.LaneAnswer}, aboutMeeting(id), now)
}

// usual is where and when a commission met last, as far as that is known.
func (d *Desk) usual(tx *storage.Tx, m *mahalla.Meeting) (last *mahalla.Meeting, place string, err error) {
	if last, err = tx.LastMeeting(m.Commission); err != nil {
		return nil, "", err
	}
	place = d.custom(m.Commission).Place
	if place == "" && last != nil {
		place = last.Place
	}
	return last, place, nil
}

// TakeUsualPlace gives a draft the place where the commission always meets.
func (d *Desk) TakeUsualPlace(tx *storage.Tx, m *mahalla.Meeting) error {
	last, place, err := d.usual(tx, m)
	if err != nil {
		return err
	}
	if place == "" {
		return mahalla.Refuse(mahalla.Invalid, "meeting_place")
	}
	var pin *mahalla.Media
	if last != nil && last.Place == place && last.Pin != "" {
		pin = &mahalla.Media{Kind: mahalla.Location, File: last.Pin}
	}
	return d.SetMeetingPlace(m, place, pin)
}

// ToggleItem puts an item onto the agenda of a draft, or takes it off.
func (d *Desk) ToggleItem(tx *storage.Tx, m *mahalla.Meeting, id mahalla.ItemID) error {
	item, err := tx.Item(id)
	if err != nil {
		return err
	}
	if item == nil {
		return mahalla.Refuse(mahalla.Conflict, "meeting_item_gone")
	}
	return m.Toggle(item)
}

// ReadyNamed finds the item that a typed line means: its number in the list of what
// is ready, or that of its case.
func (d *Desk) ReadyNamed(tx *storage.Tx, m *mahalla.Meeting, typed string) (mahalla.ItemID, error) {
	lines, err := tx.ReadyLines(m.Commission, mostReady)
	if err != nil {
		return 0, err
	}
	return lineNamed(lines, typed)
}

func lineNamed(lines []storage.ItemLine, typed string) (mahalla.ItemID, error) {
	typed = strings.TrimSpace(typed)
	if n, ok := typedNumber(typed); ok && n <= len(lines) {
		return lines[n-1].Item, nil
	}
	if number, err := mahalla.ParseNumber(typed); err == nil {
		for _, l := range lines {
			if l.Number == number {
				return l.Item, nil
			}
		}
	}
	return 0, mahalla.Refuse(mahalla.NotFound, "meeting_item_unknown")
}

// ToggleMember asks somebody who sits in the commission to a draft's meeting, or
// leaves that one out.
func (d *Desk) ToggleMember(tx *storage.Tx, m *mahalla.Meeting, p mahalla.PersonID, now time.Time) error {
	if m.Mediation {
		return d.appointIn(tx, m, p, now)
	}
	seats, err := tx.Seats(m.Commission, now)
	if err != nil {
		return err
	}
	for _, s := range seats {
		if s.Person == p {
			return m.ToggleMember(s)
		}
	}
	return mahalla.Refuse(mahalla.Conflict, "meeting_member_gone")
}

// MemberNamed finds who of a commission a typed line means: the number in its list,
// or the beginning of a name.
func (d *Desk) MemberNamed(tx *storage.Tx, commission mahalla.TerritoryID, typed string, now time.Time) (mahalla.PersonID, error) {
	seats, err := tx.Seats(commission, now)
	if err != nil {
		return 0, err
	}
	return seatNamed(seats, typed)
}

func seatNamed(seats []mahalla.Seated, typed string) (mahalla.PersonID, error) {
	if i, ok := fromList(len(seats), func(i int) string { return seats[i].Name }, typed); ok {
		return seats[i].Person, nil
	}
	return 0, mahalla.Refuse(mahalla.Invalid, "meeting_member_unknown")
}
