package casework

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"koprik/mahalla"
	"koprik/storage"
)

// pageItems is how many items or members a page of the draft offers.
const pageItems = 4

// drawDraftMeeting is a meeting in the making: what is known of it, and what is
// asked next.
func (d *Desk) drawDraftMeeting(tx *storage.Tx, w *words, m *mahalla.Meeting, args map[string]string, s *mahalla.Screen) error {
	title := "convene.new"
	if args["offer"] != "" {
		title = "convene.again"
	}
	if args["offer"] == "handed" {
		title = "convene.handed"
	}
	s.Text = lines(bold(w.say(title)), w.whose(m))
	if args[argChoose] == chooseLeave {
		s.Text = lines(s.Text, w.say("convene.kept"))
		s.Rows = [][]mahalla.Button{
			{meetingPress(m, PressMeetStep, string(m.Step), w.say("convene.go_on"), mahalla.Primary)},
			{meetingPress(m, PressMeetDrop, "", w.say("convene.drop"), mahalla.Danger)},
		}
		return nil
	}
	if !m.At.IsZero() && m.Step != mahalla.StepDay && m.Step != mahalla.StepReady {
		when := w.sitting(m.At)
		if m.Step == mahalla.StepClock {
			when = d.catalogue.Weekday(w.lang, m.At) + ", " + d.catalogue.Date(w.lang, m.At, w.now)
		}
		s.Text = lines(s.Text, w.say("meeting.at", "when", HTML(when)))
	}
	if m.Step != mahalla.StepPlace && m.Step != mahalla.StepReady {
		s.Text = lines(s.Text, w.where(m))
	}
	page, _ := strconv.Atoi(args["page"]) // the first one when it is missing
	switch m.Step {
	case mahalla.StepClock:
		return d.askClock(tx, w, m, s)
	case mahalla.StepPlace:
		return d.askPlace(tx, w, m, s)
	case mahalla.StepAgenda:
		return d.askAgenda(tx, w, m, page, s)
	case mahalla.StepPeople:
		return d.askPeople(tx, w, m, page, s)
	case mahalla.StepReady:
		return d.preview(tx, w, m, s)
	case mahalla.StepDay:
	}
	return d.askDay(tx, w, m, s)
}

// dropRow leaves the draft.
func (w *words) dropRow(m *mahalla.Meeting) []mahalla.Button {
	return []mahalla.Button{meetingPress(m, PressMeetStep, "leave", w.say("convene.leave"), "")}
}

func (d *Desk) askDay(tx *storage.Tx, w *words, m *mahalla.Meeting, s *mahalla.Screen) error {
	last, _, err := d.usual(tx, m)
	if err != nil {
		return err
	}
	var before time.Time
	if last != nil {
		before = last.At
	}
	agenda, err := tx.AgendaLines(agendaOf(m))
	if err != nil {
		return err
	}
	number, by := firstBy(agenda)
	switch {
	case by.IsZero():
	case mahalla.LateFor(by, w.now, d.Calendar()):
		s.Text = lines(s.Text, w.say("convene.first_late", "number", number.String(), "day", w.day(by)))
	default:
		s.Text = lines(s.Text, w.say("convene.first_by", "number", number.String(), "day", w.day(by)))
	}
	s.Text = lines(s.Text, w.say("convene.ask_day"))
	var buttons []mahalla.Button
	for _, day := range mahalla.UsualDays(before, by, d.Calendar(), w.now) {
		text := w.say("convene.day", "weekday", HTML(d.catalogue.Weekday(w.lang, day)), "date", day.Format("02.01"))
		buttons = append(buttons, meetingPress(m, PressMeetDay, day.Format("20060102"), label(text), ""))
	}
	s.Rows = append(rows(buttons), w.dropRow(m))
	return nil
}

// clocks are the usual times of day, to which that of the last meeting is added.
var clocks = []string{"0900", "1000", "1100", "1400", "1500", "1600"}

func (d *Desk) askClock(tx *storage.Tx, w *words, m *mahalla.Meeting, s *mahalla.Screen) error {
	last, _, err := d.usual(tx, m)
	if err != nil {
		return err
	}
	list := slices.Clone(clocks)
	if last != nil {
		if own := last.At.In(d.Calendar().Zone).Format("1504"); !slices.Contains(list, own) {
			list = append([]string{own}, list[1:]...)
		}
	}
	s.Text = lines(s.Text, w.say("convene.ask_clock"))
	var buttons []mahalla.Button
	for _, c := range list {
		buttons = append(buttons, meetingPress(m, PressMeetClock, c, c[:2]+":"+c[2:], ""))
	}
	s.Rows = append([][]mahalla.Button{buttons[:3], buttons[3:]}, w.dropRow(m))
	return nil
}

func (d *Desk) askPlace(tx *storage.Tx, w *words, m *mahalla.Meeting, s *mahalla.Screen) error {
	_, place, err := d.usual(tx, m)
	if err != nil {
		return err
	}
	s.Text = lines(s.Text, w.say("convene.ask_place"))
	if place != "" {
		s.Text = lines(s.Text, w.say("convene.usual_place", "place", place))
		s.Rows = append(s.Rows, []mahalla.Button{meetingPress(m, PressMeetPlace, "", w.say("convene.take_place"), mahalla.Primary)})
	}
	s.Rows = append(s.Rows, w.dropRow(m))
	return nil
}

// listDraft are the rows of a list of the draft: on, what may be chosen, and last
// its pages with the way out.
func (w *words) listDraft(m *mahalla.Meeting, choices []mahalla.Button, step, next mahalla.MeetingStep, page, pages int) [][]mahalla.Button {
	grid := append([][]mahalla.Button{{meetingPress(m, PressMeetStep, string(next), w.say("convene.go_on"), mahalla.Primary)}}, rows(choices)...)
	var row []mahalla.Button
	if page > 0 {
		row = append(row, meetingPress(m, PressMeetStep, string(step)+"_"+strconv.Itoa(page-1), w.say("list.previous"), ""))
	}
	if page < pages-1 {
		row = append(row, meetingPress(m, PressMeetStep, string(step)+"_"+strconv.Itoa(page+1), w.say("list.next"), ""))
	}
	return append(grid, append(row, w.dropRow(m)...))
}

func (d *Desk) askAgenda(tx *storage.Tx, w *words, m *mahalla.Meeting, page int, s *mahalla.Screen) error {
	ready, err := tx.ReadyLines(m.Commission, mostReady)
	if err != nil {
		return err
	}
	var left LeftOver
	if !m.Mediation {
		if left, err = d.leftOver(tx, m.Commission, w.now); err != nil {
			return err
		}
	}
	if len(ready) == 0 {
		s.Text = lines(s.Text, w.say("convene.nothing_ready"), w.leftOver(left))
		s.Rows = w.listDraft(m, nil, mahalla.StepAgenda, mahalla.StepPeople, 0, 1)
		return nil
	}
	s.Text = lines(s.Text, w.say("convene.ask_agenda", "n", len(m.Agenda)), w.alone(m), w.leftOver(left))
	pages := (len(ready) + pageItems - 1) / pageItems
	page = max(0, min(page, pages-1))
	var buttons []mahalla.Button
	for i, l := range ready[page*pageItems : min(len(ready), (page+1)*pageItems)] {
		mark := tick(m.Hearing(l.Item) != nil)
		s.Text = lines(s.Text, w.readyLine(l, mark, page*pageItems+i+1))
		arg := personArg(mahalla.PersonID(l.Item))
		if page > 0 {
			arg += "_" + strconv.Itoa(page)
		}
		buttons = append(buttons, meetingPress(m, PressMeetItem, arg, w.say("list.open", "mark", mark, "number", l.Number.String()), ""))
	}
	s.Rows = w.listDraft(m, buttons, mahalla.StepAgenda, mahalla.StepPeople, page, pages)
	return nil
}

// tick shows whether something is chosen.
func tick(on bool) string {
	if on {
		return "✅"
	}
	return "▫️"
}

func (d *Desk) askPeople(tx *storage.Tx, w *words, m *mahalla.Meeting, page int, s *mahalla.Screen) error {
	if m.Mediation {
		return d.askMediator(tx, w, m, page, s)
	}
	seats, err := tx.Seats(m.Commission, w.now)
	if err != nil {
		return err
	}
	s.Text = lines(s.Text, w.say("convene.ask_people", "n", len(m.Participants), "need", m.Quorum))
	s.Rows = w.listPeople(m, seats, page, func(p mahalla.PersonID) bool { return m.Participant(p) != nil }, s)
	return nil
}

// listPeople lists people of a commission, those who are chosen ticked, and their
// buttons.
func (w *words) listPeople(m *mahalla.Meeting, seats []mahalla.Seated, page int, chosen func(mahalla.PersonID) bool, s *mahalla.Screen) [][]mahalla.Button {
	pages := max(1, (len(seats)+pageItems-1)/pageItems)
	page = max(0, min(page, pages-1))
	var buttons []mahalla.Button
	for i, p := range seats[page*pageItems : min(len(seats), (page+1)*pageItems)] {
		mark := tick(chosen(p.Person))
		key := "convene.member"
		if p.Reach == mahalla.Blocked {
			key = "convene.member_away"
		}
		s.Text = lines(s.Text, w.say(key, "mark", mark, "n", page*pageItems+i+1, "name", personName(p.Name), "role", HTML(w.role(p.Role))))
		arg := personArg(p.Person)
		if page > 0 {
			arg += "_" + strconv.Itoa(page)
		}
		buttons = append(buttons, meetingPress(m, PressMeetMember, arg, label(mark+" "+personName(p.Name)), ""))
	}
	return w.listDraft(m, buttons, mahalla.StepPeople, mahalla.StepReady, page, pages)
}

// preview is the draft when nothing is asked any more: what everybody will get, and
// what speaks against it.
func (d *Desk) preview(tx *storage.Tx, w *words, m *mahalla.Meeting, s *mahalla.Screen) error {
	agenda, err := tx.AgendaLines(agendaOf(m))
	if err != nil {
		return err
	}
	sides, members := 0, 0
	for _, h := range m.Agenda {
		item, err := tx.Item(h.Item)
		if err != nil || item == nil {
			return err
		}
		sides += len(item.Parties)
	}
	for _, p := range m.Participants {
		if p.Seat.Counts() {
			members++
		}
	}
	warnings, err := d.warnings(tx, w, m)
	if err != nil {
		return err
	}
	if members < m.Quorum && !m.Mediation {
		warnings = lines(warnings, w.say("convene.too_few", "need", m.Quorum))
	}
	if len(agenda) > 1 {
		for _, l := range agenda {
			if l.Mediator {
				warnings = lines(warnings, w.say("mediation.mixed", "number", l.Number.String()))
			}
		}
	}
	for _, l := range agenda {
		if l.State != mahalla.ItemReady {
			warnings = lines(warnings, w.say("convene.item_gone", "number", l.Number.String()))
		}
	}
	overdue, err := d.toReview(tx, m, w.now)
	if err != nil {
		return err
	}
	asked, seen := w.say("convene.asked", "members", members, "sides", sides, "need", m.Quorum), ""
	if m.Mediation {
		if asked, err = d.previewMediation(tx, w, m, sides); err != nil {
			return err
		}
		if seen, err = d.mediatorOffice(tx, w, m); err != nil {
			return err
		}
	} else if seen, err = d.sits(tx, w, m, 0); err != nil {
		return err
	}
	s.Text = lines(bold(w.say("convene.preview")), w.whose(m), w.say("meeting.at", "when", HTML(w.sitting(m.At))),
		w.where(m), w.agenda(agenda, overdue), asked, warnings)
	if sides > 0 {
		party := strings.Join([]string{w.say("meeting.party_title"), w.whose(m), w.say("meeting.at", "when", HTML(w.sitting(m.At)))}, "\n")
		s.Text = lines(s.Text, w.say("convene.sides_get"), "<blockquote>"+lines(party, w.where(m), seen)+"</blockquote>")
	}
	step := func(to mahalla.MeetingStep, key string) mahalla.Button {
		return meetingPress(m, PressMeetStep, string(to), w.say(key), "")
	}
	people := "convene.change_people"
	if m.Mediation {
		people = "mediation.change"
	}
	call := meetingPress(m, PressMeetCall, "", w.say("convene.call"), mahalla.Success)
	when, where := step(mahalla.StepDay, "convene.change_time"), step(mahalla.StepPlace, "convene.change_place")
	what, who := step(mahalla.StepAgenda, "convene.change_agenda"), step(mahalla.StepPeople, people)
	s.Rows = [][]mahalla.Button{{call}, {when, where}, {what, who}, w.dropRow(m)}
	if _, err := mahalla.WeighTime(m.At, m.Minutes, d.Calendar(), w.now); err != nil { // at such a time nobody is invited
		when.Style = mahalla.Primary
		s.Rows = [][]mahalla.Button{{when}, {where, what}, {who}, w.dropRow(m)}
	}
	return nil
}
