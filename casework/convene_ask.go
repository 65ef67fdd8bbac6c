package casework

import (
	"strings"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// drawManaging lets the card of a called meeting ask: to when it is moved and
// whether that is meant, who comes in the place of somebody, who is in conflict.
func (d *Desk) drawManaging(tx *storage.Tx, w *words, reader *storage.Contact, m *mahalla.Meeting, emptied bool, args map[string]string, s *mahalla.Screen) (asked bool, err error) {
	choose, what, _ := strings.Cut(args[argChoose], " ")
	q := reader.Dialogue.Question
	moving := q != nil && q.Flow == FlowMeetingMove && q.Case == aboutMeeting(m.ID)
	switch {
	case emptied && (choose == chooseMove || moving): // with nothing to hear it is not moved
		return false, nil
	case choose == chooseMove && what != "":
		at, err := ReadMove(what)
		if err != nil {
			return false, err
		}
		return true, d.sureMove(tx, w, m, at, s)
	case choose == chooseMove || moving:
		return true, d.askMove(tx, w, m, s)
	case choose == chooseSubstitute && m.Mediation:
		return true, d.chooseMediator(tx, w, m, s)
	case choose == chooseSubstitute:
		members := m.Unsure()
		if what != "" {
			id, err := readID(what)
			if err != nil {
				return false, err
			}
			members = []mahalla.PersonID{mahalla.PersonID(id)}
		}
		return true, d.chooseSubstitute(tx, w, m, members, reader.ID, s)
	case choose == chooseAgenda && m.MayAmend(w.now) == nil:
		return true, d.chooseAgenda(tx, w, m, what, s)
	case choose == chooseRecord:
		return true, d.chooseRecord(tx, w, m, what, s)
	case choose == chooseConflict && what != "":
		id, err := readID(what)
		if err != nil {
			return false, err
		}
		return true, d.chooseMember(tx, w, m, mahalla.ItemID(id), s)
	case choose == chooseConflict:
		return true, d.chooseItem(tx, w, m, nil, s)
	}
	return false, nil
}

// mostPhones is how many who have to be telephoned are named at once.
const mostPhones = 10

// chooseRecord names who has to be telephoned, and asks who has answered by telephone, and what.
func (d *Desk) chooseRecord(tx *storage.Tx, w *words, m *mahalla.Meeting, whose string, s *mahalla.Screen) error {
	if whose == "" {
		list, err := d.unanswered(tx, m)
		if err != nil {
			return err
		}
		agenda, err := tx.AgendaLines(agendaOf(m))
		if err != nil {
			return err
		}
		phone, err := d.phoned(tx, w, m, agenda)
		if err != nil {
			return err
		}
		s.Text = lines(s.Text, lines(phone[:min(len(phone), mostPhones)]...))
		if more := len(phone) - mostPhones; more > 0 {
			s.Text = lines(s.Text, w.say("meeting.more_people", "n", more))
		}
		if len(list) == 0 {
			s.Rows = [][]mahalla.Button{{meetingPress(m, PressMeetBack, "", w.say("button.back"), "")}}
			return nil
		}
		s.Text = lines(s.Text, w.say("convene.who_answered"))
		s.Rows = w.pick(m, list, func(p mahalla.Seated) (string, string) { return PressMeetRecord, personArg(p.Person) }, s)
		return nil
	}
	id, err := readID(whose)
	if err != nil {
		return err
	}
	name, err := tx.Name(mahalla.PersonID(id))
	if err != nil {
		return err
	}
	s.Text = lines(s.Text, w.say("convene.what_answered", "name", personName(name)))
	s.Rows = [][]mahalla.Button{
		{meetingPress(m, PressMeetRecord, "y-"+whose, w.say("convene.comes"), ""), meetingPress(m, PressMeetRecord, "n-"+whose, w.say("convene.comes_not"), "")},
		{meetingPress(m, PressMeetBack, "", w.say("button.back"), "")},
	}
	return nil
}

// chooseMember asks who has an interest of their own in an item.
func (d *Desk) chooseMember(tx *storage.Tx, w *words, m *mahalla.Meeting, item mahalla.ItemID, s *mahalla.Screen) error {
	var people []mahalla.PersonID
	for _, p := range m.Participants {
		if p.Seat.Counts() && !p.InConflict(item) {
			people = append(people, p.Person)
		}
	}
	list, err := d.named(tx, people)
	if err != nil {
		return err
	}
	agenda, err := tx.AgendaLines([]mahalla.ItemID{item})
	if err != nil {
		return err
	}
	s.Text = lines(s.Text, w.say("convene.whose_interest", "number", numberOf(agenda, item)))
	s.Rows = w.pick(m, list, func(p mahalla.Seated) (string, string) {
		return PressMeetConflict, personArg(mahalla.PersonID(item)) + "_" + personArg(p.Person)
	}, s)
	return nil
}

// askMove asks to when a meeting is moved: the usual days at the same time of day,
// or another time in words.
func (d *Desk) askMove(tx *storage.Tx, w *words, m *mahalla.Meeting, s *mahalla.Screen) error {
	s.Text = lines(s.Text, w.say("convene.ask_move"))
	cal := d.Calendar()
	var buttons []mahalla.Button
	clock := m.At.Sub(cal.Midnight(m.At))
	agenda, err := tx.AgendaLines(agendaOf(m))
	if err != nil {
		return err
	}
	_, by := firstBy(agenda)
	for _, day := range mahalla.UsualDays(m.At, by, cal, w.now) {
		if at := day.Add(clock); !at.Equal(m.At) {
			buttons = append(buttons, meetingPress(m, PressMeetMove, MoveArg(at), w.say("convene.take", "when", brief(at)), ""))
		}
	}
	s.Rows = append(rows(buttons), []mahalla.Button{meetingPress(m, PressMeetBack, "", w.say("button.back"), "")})
	return nil
}

// sureMove asks whether a move is meant, with what speaks against it.
func (d *Desk) sureMove(tx *storage.Tx, w *words, m *mahalla.Meeting, at time.Time, s *mahalla.Screen) error {
	trial := *m
	trial.At = at
	warnings, err := d.warnings(tx, w, &trial)
	if err != nil {
		return err
	}
	s.Text = lines(s.Text, w.say("convene.move_to", "old", HTML(w.sitting(m.At)), "new", HTML(w.sitting(at))), warnings, w.say("convene.sure_move"))
	s.Rows = [][]mahalla.Button{
		{meetingPress(m, PressMeetMove, "y"+MoveArg(at), w.say("convene.move_yes"), mahalla.Primary)},
		{meetingPress(m, PressMeetBack, "", w.say("button.back"), "")},
	}
	return nil
}

// warnings list what speaks against the time of a meeting: the day, the hour, and
// who could not come.
func (d *Desk) warnings(tx *storage.Tx, w *words, m *mahalla.Meeting) (string, error) {
	doubts, err := mahalla.WeighTime(m.At, m.Minutes, d.Calendar(), w.now)
	if err != nil {
		return w.say("doubt.past"), nil // the refusal says which when it is pressed
	}
	var list []string
	for _, doubt := range doubts {
		list = append(list, w.say("doubt."+string(doubt)))
	}
	agenda, err := tx.AgendaLines(agendaOf(m))
	if err != nil {
		return "", err
	}
	for _, l := range agenda {
		list = append(list, w.late(l, m.At))
	}
	var sit []mahalla.PersonID
	for _, p := range m.Participants {
		if p.Seat.Counts() {
			sit = append(sit, p.Person)
		}
	}
	found, err := d.clashes(tx, m, sit)
	if err != nil {
		return "", err
	}
	for _, c := range found[:min(len(found), mostPhoned)] {
		name, err := tx.Name(c.person)
		if err != nil {
			return "", err
		}
		if c.other == nil {
			list = append(list, w.say("convene.away", "name", personName(name)))
			continue
		}
		list = append(list, w.say("convene.clash", "name", personName(name), "when", HTML(w.sitting(c.other.At))))
	}
	return lines(list...), nil
}

// late warns of a meeting on a later day than that until which an item should have its
// first sitting.
func (w *words) late(l storage.ItemLine, at time.Time) string {
	if !mahalla.LateFor(l.FirstBy(), at, w.desk.Calendar()) {
		return ""
	}
	return w.say("doubt.first_by", "number", l.Number.String(), "day", w.day(l.FirstBy()))
}

// firstBy is the item of an agenda that should have its first sitting before the
// others, and until when; zero where none of them waits for that.
func firstBy(agenda []storage.ItemLine) (mahalla.Number, time.Time) {
	var number mahalla.Number
	var by time.Time
	for _, l := range agenda {
		if at := l.FirstBy(); !at.IsZero() && (by.IsZero() || at.Before(by)) {
			number, by = l.Number, at
		}
	}
	return number, by
}
