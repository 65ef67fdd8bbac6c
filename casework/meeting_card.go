package casework

import (
	"slices"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// What a card of a meeting may ask.
const (
	chooseSubstitute = "substitute"
	chooseConflict   = "conflict"
	chooseMove       = "move"
	chooseLeave      = "leave"
	chooseRecord     = "record"
	chooseAgenda     = "agenda"
)

// drawMeeting is the card of somebody who is asked to a meeting. Of one that was moved,
// an older message says so.
func (d *Desk) drawMeeting(tx *storage.Tx, w *words, reader *storage.Contact, about int64, args map[string]string) (mahalla.Screen, error) {
	m, err := tx.Meeting(mahalla.MeetingID(about))
	if err != nil {
		return mahalla.Screen{}, err
	}
	if m == nil || m.Status == mahalla.MeetingDraft {
		return mahalla.Screen{}, ErrPointless
	}
	s, err := d.drawInvitation(tx, w, reader, m, args)
	was := ""
	if p := d.SeatOf(reader, m, w.now); m.Open(w.now) && p != nil && m.MovedFor(p) {
		was = bold(w.say("meeting.moved", "old", HTML(w.sitting(m.MovedFrom)), "new", HTML(w.sitting(m.At))))
	}
	w.below(&s, was)
	return s, err
}

func (d *Desk) drawInvitation(tx *storage.Tx, w *words, reader *storage.Contact, m *mahalla.Meeting, args map[string]string) (mahalla.Screen, error) {
	s := mahalla.Screen{Protect: true, Silent: w.night()}
	p := d.SeatOf(reader, m, w.now)
	switch {
	case p == nil && (m.Participant(reader.ID) != nil || args[argLeft] != "" && !reader.Over(d.Reference().Path(m.Commission), mahalla.MaySit, w.now)):
		s.Text = lines(bold(w.say("meeting.left_title")), w.whose(m), w.say("meeting.left"))
		return s, nil
	case p == nil:
		of, err := w.ofSitting(tx, m, argItemOf(args), reader.ID)
		if err != nil {
			return s, err
		}
		s.Text = lines(bold(w.say("meeting.off_title")), of, w.whose(m), w.say("meeting.off"))
		waits, err := waitsAs(tx, reader.ID, m)
		if waits {
			s.Text = lines(s.Text, w.say("meeting.unheld_next"))
		}
		return s, err
	}
	if off, err := partyOff(tx, m, p); off || err != nil {
		if err != nil {
			return s, err
		}
		of, err := w.ofSitting(tx, m, p.Item, reader.ID)
		s.Text = lines(bold(w.say("meeting.off_title")), of, w.whose(m), w.say("meeting.off"))
		return s, err
	}
	if m.Status == mahalla.MeetingCancelled {
		s.Text = w.cancelled(m, p)
		return s, nil
	}
	if p.Seat == mahalla.SeatParty {
		title, err := d.partyTitle(tx, w, m, p)
		if err != nil {
			return s, err
		}
		sits, err := d.sits(tx, w, m, p.Item)
		if err != nil {
			return s, err
		}
		s.Text = lines(bold(title), w.whose(m), w.say("meeting.at", "when", HTML(w.sitting(m.At))), w.where(m), sits)
	} else if err := d.describe(tx, w, m, p, &s); err != nil {
		return s, err
	}
	if !m.Open(w.now) {
		s.Text = lines(s.Text, w.say("meeting.over"))
		return s, nil
	}
	switch choose := args[argChoose]; {
	case choose == chooseSubstitute && !m.Mediation:
		return s, d.chooseSubstitute(tx, w, m, []mahalla.PersonID{reader.ID}, reader.ID, &s)
	case choose == chooseConflict:
		return s, d.chooseItem(tx, w, m, p, &s)
	}
	s.Text = lines(s.Text, w.moved(m, p), w.answerLine(p))
	s.Rows = w.answers(m, p)
	return s, nil
}

// cancelled says that a meeting is off, or did not take place. Those who sit read why.
func (w *words) cancelled(m *mahalla.Meeting, p *mahalla.Participant) string {
	if m.Unheld() {
		return lines(bold(w.say("meeting.unheld", "when", HTML(w.sitting(m.At)))), w.whose(m), w.say("meeting.unheld_next"))
	}
	text := lines(bold(w.say("meeting.cancelled", "when", HTML(w.sitting(m.At)))), w.whose(m))
	if p.Seat == mahalla.SeatParty {
		return lines(text, w.say("meeting.cancelled_party"))
	}
	return lines(text, quote(m.Cause, glance))
}

// describe is what those who sit see of a meeting.
func (d *Desk) describe(tx *storage.Tx, w *words, m *mahalla.Meeting, p *mahalla.Participant, s *mahalla.Screen) error {
	agenda, err := tx.AgendaLines(agendaOf(m))
	if err != nil {
		return err
	}
	inFor, err := tx.Name(p.InFor)
	if err != nil {
		return err
	}
	overdue, err := d.toReview(tx, m, w.now)
	if err != nil {
		return err
	}
	s.Text = lines(bold(w.say("meeting.title", "when", HTML(w.sitting(m.At)))), w.whose(m),
		w.where(m)+" · "+w.length(time.Duration(m.Minutes)*time.Minute), w.agenda(agenda, overdue))
	mediation, err := d.mediation(tx, w, m, p)
	if err != nil {
		return err
	}
	s.Text = lines(s.Text, mediation)
	if p.InFor != 0 {
		s.Text = lines(s.Text, w.say("meeting.in_for", "name", personName(inFor)))
	}
	if numbers := numbersOf(agenda, p.Conflicts); numbers != "" {
		s.Text = lines(s.Text, w.say("meeting.conflict", "numbers", numbers))
	}
	if sub := m.SubstituteOf(p.Person); sub != nil && !p.Comes() {
		name, err := tx.Name(sub.Person)
		if err != nil {
			return err
		}
		key := "meeting.substitute_asked"
		if sub.Comes() {
			key = "meeting.substitute_comes"
		}
		s.Text = lines(s.Text, w.say(key, "name", personName(name)))
	}
	return d.warnClash(tx, w, m, p, s)
}

// warnClash tells somebody who sits of another meeting at the same time, or that
// they are away then.
func (d *Desk) warnClash(tx *storage.Tx, w *words, m *mahalla.Meeting, p *mahalla.Participant, s *mahalla.Screen) error {
	if !m.Open(w.now) || p.RSVP == mahalla.RSVPNo {
		return nil
	}
	found, err := d.clashes(tx, m, []mahalla.PersonID{p.Person})
	if err != nil || len(found) == 0 {
		return err
	}
	if other := found[0].other; other != nil {
		s.Text = lines(s.Text, w.say("meeting.clash", "when", HTML(w.sitting(other.At))))
		return nil
	}
	s.Text = lines(s.Text, w.say("meeting.away"))
	return nil
}

// answerLine says what was answered, or asks.
func (w *words) answerLine(p *mahalla.Participant) string {
	switch p.RSVP {
	case mahalla.RSVPYes:
		return w.say("meeting.answer_yes")
	case mahalla.RSVPNo:
		return w.say("meeting.answer_no")
	case mahalla.RSVPOther:
		return w.say("meeting.answer_other", "when", HTML(w.sitting(p.Proposed)))
	}
	return bold(w.say("meeting.ask"))
}

// asks are the buttons that answer an invitation: what the reader has not answered.
func (w *words) asks(m *mahalla.Meeting, p *mahalla.Participant) [][]mahalla.Button {
	var grid [][]mahalla.Button
	if !p.Comes() {
		grid = append(grid, []mahalla.Button{meetingPress(m, PressMeetRSVP, string(mahalla.RSVPYes), w.say("meeting.yes"), mahalla.Success)})
	}
	var row []mahalla.Button
	if p.RSVP != mahalla.RSVPNo {
		row = append(row, meetingPress(m, PressMeetRSVP, string(mahalla.RSVPNo), w.say("meeting.no"), ""))
	}
	if p.Seat != mahalla.SeatSubstitute {
		row = append(row, meetingPress(m, PressMeetRSVP, string(mahalla.RSVPOther), w.say("meeting.other"), ""))
	}
	if len(row) > 0 {
		grid = append(grid, row)
	}
	return grid
}

// answers are the buttons under an invitation.
func (w *words) answers(m *mahalla.Meeting, p *mahalla.Participant) [][]mahalla.Button {
	grid := w.asks(m, p)
	var row []mahalla.Button
	if p.Seat.Counts() && p.Seat != mahalla.SeatSubstitute && !m.Mediation && !p.Comes() && p.RSVP != "" && m.SubstituteOf(p.Person) == nil {
		row = append(row, meetingPress(m, PressMeetSubstitute, "", w.say("meeting.substitute"), ""))
	}
	if w.mayDeclare(m, p) && slices.ContainsFunc(m.Agenda, func(h mahalla.Hearing) bool { return !p.InConflict(h.Item) }) {
		row = append(row, meetingPress(m, PressMeetConflict, "", w.say("meeting.interest"), ""))
	}
	if p.RSVP != mahalla.RSVPNo {
		row = append(row, meetingPress(m, PressICS, "", w.say("button.ics"), ""))
	}
	if len(row) > 0 {
		grid = append(grid, row)
	}
	return grid
}

// mostChoices is how many people or items a card offers at once.
const mostChoices = 6

// chooseSubstitute asks for whom of some members somebody is to come, or who.
func (d *Desk) chooseSubstitute(tx *storage.Tx, w *words, m *mahalla.Meeting, members []mahalla.PersonID, back mahalla.PersonID, s *mahalla.Screen) error {
	var list []mahalla.Seated
	var err error
	var prefix string
	switch len(members) {
	case 0:
		s.Text = lines(s.Text, w.say("convene.all_sure"))
	case 1:
		if list, err = d.candidates(tx, m, w.now); err != nil {
			return err
		}
		prefix = personArg(members[0]) + "_"
		name, err := tx.Name(members[0])
		if err != nil {
			return err
		}
		switch {
		case len(list) == 0:
			s.Text = lines(s.Text, w.say("meeting.no_candidate"))
		case members[0] == back:
			s.Text = lines(s.Text, w.say("meeting.who_instead"))
		default:
			s.Text = lines(s.Text, w.say("convene.who_instead", "name", personName(name)))
		}
	default:
		if list, err = d.named(tx, members); err != nil {
			return err
		}
		s.Text = lines(s.Text, w.say("convene.for_whom"))
	}
	s.Rows = w.pick(m, list, func(p mahalla.Seated) (string, string) { return PressMeetSubstitute, prefix + personArg(p.Person) }, s)
	return nil
}

// pick lists people with a number and a button each, and the way back.
func (w *words) pick(m *mahalla.Meeting, list []mahalla.Seated, press func(mahalla.Seated) (verb, arg string), s *mahalla.Screen) [][]mahalla.Button {
	var buttons []mahalla.Button
	for i, p := range list[:min(len(list), mostChoices)] {
		number := w.say("convene.numbered", "n", i+1, "name", personName(p.Name))
		line := number
		if p.Role != "" {
			line = w.say("convene.person", "line", HTML(number), "role", HTML(w.role(p.Role)))
		}
		s.Text = lines(s.Text, line)
		verb, arg := press(p)
		buttons = append(buttons, meetingPress(m, verb, arg, label(w.say("convene.numbered", "n", i+1, "name", HTML(personName(p.Name)))), ""))
	}
	if more := len(list) - mostChoices; more > 0 {
		s.Text = lines(s.Text, w.say("convene.more_typed", "n", more))
	}
	return append(rows(buttons), []mahalla.Button{meetingPress(m, PressMeetBack, "", w.say("button.back"), "")})
}

// chooseItem asks about which item of the agenda the reader has an interest of
// their own.
func (d *Desk) chooseItem(tx *storage.Tx, w *words, m *mahalla.Meeting, p *mahalla.Participant, s *mahalla.Screen) error {
	agenda, err := tx.AgendaLines(agendaOf(m))
	if err != nil {
		return err
	}
	if p != nil {
		agenda = slices.DeleteFunc(agenda, func(l storage.ItemLine) bool { return p.InConflict(l.Item) })
	}
	question := "convene.which_item"
	if p != nil {
		question = "meeting.which_item"
	}
	s.Text = lines(s.Text, w.say(question))
	var buttons []mahalla.Button
	for _, l := range agenda[:min(len(agenda), mostChoices)] {
		buttons = append(buttons, meetingPress(m, PressMeetConflict, personArg(mahalla.PersonID(l.Item)), w.say("meeting.item_button", "number", l.Number.String()), ""))
	}
	s.Rows = append(rows(buttons), []mahalla.Button{meetingPress(m, PressMeetBack, "", w.say("button.back"), "")})
	return nil
}

// drawMeetingPin shows on the map where a meeting is.
func (d *Desk) drawMeetingPin(tx *storage.Tx, w *words, reader *storage.Contact, about int64, _ map[string]string) (mahalla.Screen, error) {
	m, err := tx.Meeting(mahalla.MeetingID(about))
	if err != nil {
		return mahalla.Screen{}, err
	}
	if m == nil || m.Pin == "" || m.Status != mahalla.MeetingCalled || d.SeatOf(reader, m, w.now) == nil {
		return mahalla.Screen{}, ErrPointless
	}
	return mahalla.Screen{Silent: true, Protect: true, Media: []mahalla.Media{{Kind: mahalla.Location, File: m.Pin}}}, nil
}
