package casework

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// ReplyMeeting is somebody's answer to an invitation; other is the time that is
// proposed instead. Sequence is that of the invitation that was answered.
func (d *Desk) ReplyMeeting(tx *storage.Tx, who *storage.Contact, id mahalla.MeetingID, answer mahalla.RSVP, other time.Time, sequence int, now time.Time) error {
	m, err := d.asked(tx, who, id, now)
	if err != nil {
		return err
	}
	met, there := m.Expected(0).Met(), m.Participant(who.ID).There()
	if answer == mahalla.RSVPOther {
		if _, err := mahalla.WeighTime(other, m.Minutes, d.Calendar(), now); err != nil {
			return err
		}
	}
	if err := m.Reply(who.ID, answer, other, sequence, now); err != nil {
		return err
	}
	p := m.Participant(who.ID)
	if p.Seat == mahalla.SeatSubstitute && answer == mahalla.RSVPYes {
		if err := d.remindOf(tx, m, []mahalla.PersonID{who.ID}, now); err != nil {
			return err
		}
	}
	if err := tx.SaveMeeting(m); err != nil {
		return err
	}
	d.answered(who, FlowMeetingOther, id)
	if there != p.There() {
		if err := d.recount(tx, m, now); err != nil {
			return err
		}
	}
	people := []mahalla.PersonID{who.ID}
	if p.InFor != 0 {
		people = append(people, p.InFor)
	}
	lost := (met || m.Mediation && p.Seat == mahalla.SeatMediator && answer != mahalla.RSVPYes) && !m.Expected(0).Met()
	return d.refreshMeeting(tx, m, lost && p.Person != m.MadeBy, now, people...)
}

// recount shows whoever writes down what happens at a meeting who counts as present now.
func (d *Desk) recount(tx *storage.Tx, m *mahalla.Meeting, now time.Time) error {
	writing, err := tx.CardHolders(CardHeld, int64(m.ID))
	if err != nil {
		return err
	}
	for _, p := range writing {
		if err := d.about(tx, int64(m.ID), now, mahalla.Notice{Kind: CardHeld, To: p, Lane: mahalla.LaneAnswer}); err != nil {
			return err
		}
	}
	return nil
}

// asked holds a meeting to which somebody is asked. Who has just lost the seat may
// still be asked as a side of an item.
func (d *Desk) asked(tx *storage.Tx, who *storage.Contact, id mahalla.MeetingID, now time.Time) (*mahalla.Meeting, error) {
	m, err := lockMeeting(tx, id)
	if err != nil || d.SeatOf(who, m, now) != nil {
		return m, err
	}
	if err := d.SeatMeeting(tx, id, now); err != nil {
		return nil, err
	}
	if m, err = tx.Meeting(id); err != nil {
		return nil, err
	}
	if d.SeatOf(who, m, now) == nil {
		return nil, mahalla.Refuse(mahalla.NotFound, "meeting_not_asked")
	}
	return m, nil
}

// RecordAnswer writes down what somebody has answered by telephone.
func (d *Desk) RecordAnswer(tx *storage.Tx, who *storage.Contact, id mahalla.MeetingID, person mahalla.PersonID, comes bool, now time.Time) error {
	m, err := managed(tx, who, id, now)
	if err != nil {
		return err
	}
	if err := m.Record(person, comes, now); err != nil {
		return err
	}
	if comes && m.Participant(person).Seat == mahalla.SeatSubstitute {
		if err := d.remindOf(tx, m, []mahalla.PersonID{person}, now); err != nil {
			return err
		}
	}
	if err := tx.SaveMeeting(m); err != nil {
		return err
	}
	return d.refreshMeeting(tx, m, false, now, person)
}

// unanswered lists those who have given no answer that settles anything.
func (d *Desk) unanswered(tx *storage.Tx, m *mahalla.Meeting) ([]mahalla.Seated, error) {
	var list []mahalla.PersonID
	for _, p := range m.Participants {
		if p.RSVP == "" || p.RSVP == mahalla.RSVPOther {
			list = append(list, p.Person)
		}
	}
	return d.named(tx, list)
}

// UnansweredNamed finds whose answer by telephone a typed line means: the number in
// the list of those who have not answered, or the beginning of a name.
func (d *Desk) UnansweredNamed(tx *storage.Tx, m *mahalla.Meeting, typed string) (mahalla.PersonID, error) {
	list, err := d.unanswered(tx, m)
	if err != nil {
		return 0, err
	}
	return seatNamed(list, typed)
}

// answered forgets a question about a meeting.
func (d *Desk) answered(who *storage.Contact, flow string, id mahalla.MeetingID) {
	if q := who.Dialogue.Question; q != nil && q.Flow == flow && q.Case == aboutMeeting(id) {
		who.Dialogue.Question = nil
	}
}

// CallAgain asks those once more who have not answered.
func (d *Desk) CallAgain(tx *storage.Tx, who *storage.Contact, id mahalla.MeetingID, now time.Time) (int, error) {
	m, err := managed(tx, who, id, now)
	if err != nil {
		return 0, err
	}
	silent, err := m.Nudge(now)
	if err != nil {
		return 0, err
	}
	if err := tx.SaveMeeting(m); err != nil {
		return 0, err
	}
	notices, err := d.toManage(tx, m, false, mahalla.LaneAnswer, now)
	if err != nil {
		return 0, err
	}
	for _, p := range silent {
		notices = append(notices, mahalla.Notice{Kind: CardMeeting, To: p, Lane: mahalla.LaneReminder, Ring: true})
	}
	return len(silent), d.tellMeeting(tx, m.ID, now, notices...)
}

// candidates lists who can come in the place of a member: who sits in the
// commission and is not asked, and who sits in the one above.
func (d *Desk) candidates(tx *storage.Tx, m *mahalla.Meeting, now time.Time) ([]mahalla.Seated, error) {
	var list []mahalla.Seated
	for _, place := range d.Reference().Path(m.Commission) {
		seats, err := tx.Seats(place, now)
		if err != nil {
			return nil, err
		}
		for _, s := range seats {
			if m.Participant(s.Person) == nil && s.Reach != mahalla.Blocked && !slices.ContainsFunc(list, func(l mahalla.Seated) bool { return l.Person == s.Person }) {
				list = append(list, s)
			}
		}
	}
	return list, nil
}

// AskMeetingSubstitute asks somebody to come in the place of a member, who does
// that, or whoever manages the meeting.
func (d *Desk) AskMeetingSubstitute(tx *storage.Tx, who *storage.Contact, id mahalla.MeetingID, member, to mahalla.PersonID, now time.Time) error {
	held, hold, err := d.holdMeeting(tx, id)
	if err != nil {
		return err
	}
	if held.Mediation {
		return d.appoint(tx, who, held, to, now)
	}
	if member == who.ID && d.SeatOf(who, held, now) == nil {
		return mahalla.Refuse(mahalla.NotFound, "meeting_not_asked")
	}
	if member != who.ID {
		if err := mayConvene(who, held.Commission, now); err != nil {
			return err
		}
	}
	fit, err := d.candidates(tx, held, now)
	if err != nil {
		return err
	}
	if held.Participant(to) == nil && !slices.ContainsFunc(fit, func(s mahalla.Seated) bool { return s.Person == to }) {
		return mahalla.Refuse(mahalla.Invalid, "substitute_unfit")
	}
	contact, err := tx.Contact(to)
	if err != nil || contact == nil {
		return err
	}
	if err := held.AskSubstitute(member, contact.Person, now); err != nil {
		return err
	}
	conflicted(held, hold)
	if err := tx.SaveMeeting(held); err != nil {
		return err
	}
	if err := d.tellMeeting(tx, held.ID, now, invitation(held, to)...); err != nil {
		return err
	}
	return d.refreshMeeting(tx, held, false, now, member)
}

// named gives people their names, as they stand in a list.
func (d *Desk) named(tx *storage.Tx, people []mahalla.PersonID) ([]mahalla.Seated, error) {
	list := make([]mahalla.Seated, len(people))
	for i, p := range people {
		name, err := tx.Name(p)
		if err != nil {
			return nil, err
		}
		list[i] = mahalla.Seated{Person: p, Name: name}
	}
	return list, nil
}

// DeclareConflict notes that somebody who sits has an interest of their own in an
// item: on their own word, or on that of whoever manages the meeting. The quorum of
// the item is counted anew.
func (d *Desk) DeclareConflict(tx *storage.Tx, who *storage.Contact, id mahalla.MeetingID, item mahalla.ItemID, person mahalla.PersonID, now time.Time) error {
	m, err := lockMeeting(tx, id)
	if err != nil {
		return err
	}
	if person == who.ID && d.SeatOf(who, m, now) == nil {
		return mahalla.Refuse(mahalla.NotFound, "meeting_not_asked")
	}
	if person != who.ID {
		if err := mayConvene(who, m.Commission, now); err != nil {
			return err
		}
	}
	if !m.Open(now) {
		return mahalla.Refuse(mahalla.Conflict, "meeting_over")
	}
	before := len(m.Short())
	if err := m.Declare(person, item); err != nil {
		return err
	}
	if err := tx.SaveMeeting(m); err != nil {
		return err
	}
	worse := len(m.Short()) > before && who.ID != m.MadeBy
	return d.refreshMeeting(tx, m, worse, now, person)
}

// AgendaNamed finds the item on the agenda of a meeting that a typed line begins
// with, and gives what follows.
func (d *Desk) AgendaNamed(tx *storage.Tx, m *mahalla.Meeting, typed string) (mahalla.ItemID, string, error) {
	lines, err := tx.AgendaLines(agendaOf(m))
	if err != nil {
		return 0, "", err
	}
	first, rest, _ := strings.Cut(strings.TrimSpace(typed), " ")
	if first == "" && len(lines) == 1 {
		return lines[0].Item, "", nil
	}
	item, err := lineNamed(lines, first)
	return item, strings.TrimSpace(rest), err
}

// personArg writes a person as an argument of a button; readID reads it.
func personArg(p mahalla.PersonID) string { return strconv.FormatInt(int64(p), 36) }

func readID(arg string) (int64, error) {
	n, err := strconv.ParseInt(arg, 36, 64)
	if err != nil {
		return 0, mahalla.Refuse(mahalla.Invalid, "forged")
	}
	return n, nil
}

// TwoIDs reads the argument of a button that names one thing, or two: the other one
// is 0 then.
func TwoIDs(arg string) (one, other int64, err error) {
	first, second, both := strings.Cut(arg, "_")
	if one, err = readID(first); err != nil || !both {
		return one, 0, err
	}
	other, err = readID(second)
	return one, other, err
}
