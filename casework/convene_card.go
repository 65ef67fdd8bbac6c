package casework

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// Bounds of what the managing card names.
const (
	mostPhoned    = 4
	mostProposals = 2
)

// drawConvene is the card of whoever puts a meeting together and manages it; about
// nothing it asks of which commission.
func (d *Desk) drawConvene(tx *storage.Tx, w *words, reader *storage.Contact, about int64, args map[string]string) (mahalla.Screen, error) {
	if about == 0 {
		return d.askCommission(w, reader), nil
	}
	m, err := tx.Meeting(mahalla.MeetingID(about))
	if err != nil || m == nil {
		return mahalla.Screen{}, err
	}
	s := mahalla.Screen{Protect: true, Silent: w.night()}
	switch {
	case mayConvene(reader, m.Commission, w.now) != nil:
		s.Text = w.say("convene.not_yours")
	case m.Status == mahalla.MeetingDraft:
		err = d.drawDraftMeeting(tx, w, m, args, &s)
	case m.Lapsed():
		s.Text = w.say("convene.lapsed", "when", HTML(w.sitting(m.At)))
	case m.Status == mahalla.MeetingCancelled && m.CalledAt.IsZero():
		s.Text = w.say("convene.dropped")
	case m.Unheld():
		s.Text = lines(bold(w.say("meeting.unheld", "when", HTML(w.sitting(m.At)))), w.whose(m), w.say("convene.cancelled"))
	case m.Status == mahalla.MeetingCancelled:
		s.Text = lines(bold(w.say("meeting.cancelled", "when", HTML(w.sitting(m.At)))), w.whose(m), quote(m.Cause, glance), w.say("convene.cancelled"))
	default:
		err = d.drawCalled(tx, w, reader, m, args, &s)
	}
	if m.Status != mahalla.MeetingDraft {
		w.below(&s)
	}
	return s, err
}

// askCommission asks of which commission the meeting is to be.
func (d *Desk) askCommission(w *words, reader *storage.Contact) mahalla.Screen {
	s := mahalla.Screen{Text: bold(w.say("convene.new")) + "\n" + w.say("convene.which")}
	var buttons []mahalla.Button
	for i, place := range Convenes(reader, w.now) {
		if i == 2*mostScreenRows {
			break
		}
		s.Text = lines(s.Text, w.say("convene.numbered", "n", i+1, "name", HTML(w.place(place))))
		name := d.Reference().Territories[place]
		if name == nil {
			continue
		}
		buttons = append(buttons, mahalla.Button{Label: label(strconv.Itoa(i+1) + ". " + name.Names.In(w.lang)),
			Press: mahalla.Press{Verb: PressMeetNew, Subject: int64(place)}})
	}
	s.Rows = rows(buttons)
	return s
}

// drawCalled is a meeting that was called, as whoever manages it sees it.
func (d *Desk) drawCalled(tx *storage.Tx, w *words, reader *storage.Contact, m *mahalla.Meeting, args map[string]string, s *mahalla.Screen) error {
	agenda, err := tx.AgendaLines(agendaOf(m))
	if err != nil {
		return err
	}
	overdue, err := d.toReview(tx, m, w.now)
	if err != nil {
		return err
	}
	emptied, err := d.emptied(tx, m, w.now)
	if err != nil {
		return err
	}
	hears := w.agenda(agenda, overdue)
	if emptied { // it is asked about below
		hears = ""
	}
	s.Text = lines(bold(w.say("meeting.title", "when", HTML(w.sitting(m.At)))), w.ofSeveral(reader, m), w.where(m), hears)
	if !m.Open(w.now) {
		meter, err := d.quorumMeter(tx, w, m)
		if err != nil {
			return err
		}
		s.Text = lines(s.Text, meter, w.say("meeting.over"))
		if !m.MissedAt.IsZero() {
			s.Text = lines(s.Text, w.say("convene.missed"))
		}
		return nil
	}
	if asked, err := d.drawManaging(tx, w, reader, m, emptied, args, s); asked || err != nil {
		return err
	}
	if emptied {
		w.askEmptied(m, s)
		return nil
	}
	for _, part := range []func() (string, error){
		func() (string, error) { return d.reseated(tx, w, args) },
		func() (string, error) {
			meter, err := d.quorumMeter(tx, w, m)
			return meter + w.tally(m), err
		},
		func() (string, error) { return w.shortOf(m), nil },
		func() (string, error) { return d.proposals(tx, w, m) },
		func() (string, error) { return d.conflicts(tx, w, m, agenda) },
	} {
		text, err := part()
		if err != nil {
			return err
		}
		s.Text = lines(s.Text, text)
	}
	phone, err := d.phoned(tx, w, m, agenda)
	if err != nil {
		return err
	}
	if len(phone) > 0 {
		s.Text = lines(s.Text, w.count("convene.phone_people", len(phone)))
	}
	s.Rows = w.managing(m, len(phone) > 0)
	return nil
}

// phoned lists who has to be telephoned, a line for each: the card says how many they
// are, and its button of telephones shows them.
func (d *Desk) phoned(tx *storage.Tx, w *words, m *mahalla.Meeting, agenda []storage.ItemLine) ([]string, error) {
	list, err := d.toPhone(tx, w, m)
	if err != nil {
		return nil, err
	}
	sides, err := d.unregistered(tx, w, m, agenda)
	return append(list, sides...), err
}

// ofSeveral is whose meeting it is, for whoever calls those of several commissions.
func (w *words) ofSeveral(reader *storage.Contact, m *mahalla.Meeting) string {
	if len(Convenes(reader, w.now)) < 2 {
		return ""
	}
	return w.whose(m)
}

// tally counts beside the meter, which has those who come, the other answers of those
// who count, and the sides who come.
func (w *words) tally(m *mahalla.Meeting) string {
	sides := [3]int{}
	for _, p := range m.Participants {
		if p.Seat == mahalla.SeatParty {
			sides[0]++
			if p.Comes() {
				sides[1]++
			}
		}
	}
	text := ""
	if !m.Mediation { // the meter says what the mediator has answered
		text = w.say("convene.tally", "no", m.Answers(mahalla.RSVPNo), "other", m.Answers(mahalla.RSVPOther), "none", m.Answers(""))
	}
	if sides[0] > 0 {
		text += w.say("convene.sides", "n", sides[0], "yes", sides[1])
	}
	return text
}

// shortOf warns that too few will come, when that can still be changed or it is
// time.
func (w *words) shortOf(m *mahalla.Meeting) string {
	if m.Mediation || m.Expected(0).Met() || w.now.Before(m.At.Add(-warnShort)) {
		return ""
	}
	if !w.now.Before(m.At) {
		return w.say("quorum.now_short")
	}
	return w.say("quorum.soon_short")
}

// warnShort is how long before a meeting its card says more than the meter does.
const warnShort = 24 * time.Hour

// toPhone names who cannot be told in the chat, with their numbers.
func (d *Desk) toPhone(tx *storage.Tx, w *words, m *mahalla.Meeting) ([]string, error) {
	var list []string
	for _, p := range m.Participants {
		if !p.Unreachable || p.RSVP != "" {
			continue
		}
		name, err := tx.Name(p.Person)
		if err != nil {
			return nil, err
		}
		phone, err := d.phoneFor(tx, &p)
		if err != nil {
			return nil, err
		}
		if phone == "" {
			list = append(list, w.say("convene.phone_unknown", "name", personName(name)))
			continue
		}
		list = append(list, w.say("convene.phone", "name", personName(name), "phone", oneLine(phone)))
	}
	return list, nil
}

// phoneFor is the number under which somebody who is asked may be told: that which
// a side gave for the item, or one who serves for the service.
func (d *Desk) phoneFor(tx *storage.Tx, p *mahalla.Participant) (string, error) {
	if p.Seat != mahalla.SeatParty {
		return tx.OwnPhone(p.Person)
	}
	item, err := tx.Item(p.Item)
	if err != nil || item == nil {
		return "", err
	}
	for _, side := range item.Parties {
		if side.Side == p.Side {
			return side.Phone, nil
		}
	}
	return "", nil
}

// proposals lists the other times that were proposed.
func (d *Desk) proposals(tx *storage.Tx, w *words, m *mahalla.Meeting) (string, error) {
	var list []string
	for _, p := range proposed(m) {
		name, err := tx.Name(p.Person)
		if err != nil {
			return "", err
		}
		list = append(list, w.say("convene.proposal", "name", personName(name), "when", HTML(w.sitting(p.Proposed))))
	}
	return lines(list...), nil
}

// proposed lists those who proposed another time, the latest first.
func proposed(m *mahalla.Meeting) []mahalla.Participant {
	var list []mahalla.Participant
	for _, p := range m.Participants {
		if p.RSVP == mahalla.RSVPOther {
			list = append(list, p)
		}
	}
	return list
}

// conflicts says for which items somebody does not count, and for which too few are
// left.
func (d *Desk) conflicts(tx *storage.Tx, w *words, m *mahalla.Meeting, agenda []storage.ItemLine) (string, error) {
	var list []string
	if m.Mediation { // the meter says so
		return "", nil
	}
	for _, h := range m.Agenda {
		var people []mahalla.PersonID
		for _, p := range m.Participants {
			if p.Seat.Counts() && p.InConflict(h.Item) {
				people = append(people, p.Person)
			}
		}
		if len(people) == 0 {
			continue
		}
		names, err := w.names(tx, people, mostPhoned)
		if err != nil {
			return "", err
		}
		t := m.Expected(h.Item)
		key := "convene.conflict"
		switch {
		case !m.Expected(0).Met():
			key = "convene.conflict_only" // there is no quorum for anything
		case !t.Met():
			key = "convene.conflict_short"
		}
		list = append(list, w.say(key, "number", numberOf(agenda, h.Item), "names", HTML(names), "come", t.Come, "need", t.Need))
	}
	return lines(list[:min(len(list), mostItems)]...), nil
}

// unregistered lists the sides that are in no chat with the bot: they have to be
// told in another way.
func (d *Desk) unregistered(tx *storage.Tx, w *words, m *mahalla.Meeting, agenda []storage.ItemLine) ([]string, error) {
	var list []string
	for _, h := range m.Agenda {
		item, err := tx.Item(h.Item)
		if err != nil {
			return nil, err
		}
		if item == nil {
			continue
		}
		for _, side := range item.Parties {
			if side.Person != 0 {
				continue
			}
			list = append(list, w.say("convene.unregistered", "number", numberOf(agenda, h.Item), "side", side.Side,
				"who", strings.TrimSpace(personName(side.Name)+" "+oneLine(side.Phone))))
		}
	}
	return list, nil
}

// managing are the buttons of whoever manages a meeting. What is wanted most of a
// meeting to which too few come stands alone on top. Phone tells that somebody has to
// be telephoned.
func (w *words) managing(m *mahalla.Meeting, phone bool) [][]mahalla.Button {
	nudge := meetingPress(m, PressMeetNudge, "", w.say("convene.nudge"), "")
	substitute := meetingPress(m, PressMeetSubstitute, "", w.say("convene.substitute"), "")
	if m.Mediation {
		substitute.Label = w.say("mediation.change")
	}
	move := meetingPress(m, PressMeetMove, "", w.say("convene.move"), "")
	last := []mahalla.Button{meetingPress(m, PressMeetCancel, "", w.say("convene.cancel"), mahalla.Danger)}
	if len(m.Agenda) > 0 {
		last = append(last, meetingPress(m, PressMeetConflict, "", w.say("meeting.interest"), ""))
	}
	if phone || slices.ContainsFunc(m.Participants, func(p mahalla.Participant) bool { return p.RSVP == "" }) {
		last = append(last, meetingPress(m, PressMeetRecord, "", w.say("convene.record"), ""))
	}
	if !m.Expected(0).Met() {
		nudge.Style = mahalla.Primary
	}
	var first []mahalla.Button
	if len(m.Silent()) > 0 {
		first = append(first, nudge)
	}
	if len(m.Unsure()) > 0 || m.Mediation && !m.Expected(0).Met() {
		first = append(first, substitute)
	}
	grid := primaryFirst(append(first, move))
	if m.MayAmend(w.now) == nil { // beside the others: four rows are all there is
		row := len(grid) - 1
		grid[row] = append(grid[row], meetingPress(m, PressMeetAgenda, "", w.say("convene.change_agenda"), ""))
	}
	var take []mahalla.Button
	for _, p := range proposed(m) {
		again := func(b mahalla.Button) bool { return b.Press.Arg == MoveArg(p.Proposed) }
		if len(take) == mostProposals || slices.ContainsFunc(take, again) { // the same time is one button
			continue
		}
		take = append(take, meetingPress(m, PressMeetMove, MoveArg(p.Proposed), w.say("convene.take", "when", brief(p.Proposed)), ""))
	}
	if len(take) > 0 {
		grid = append(grid, take)
	}
	return append(grid, last)
}

// MoveArg writes a moment as an argument of a button.
func MoveArg(t time.Time) string { return strconv.FormatInt(t.Unix()/60, 36) }

// ReadMove reads it.
func ReadMove(arg string) (time.Time, error) {
	n, err := readID(arg)
	return time.Unix(n*60, 0), err
}
